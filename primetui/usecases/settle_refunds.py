"""Refunds: what became of the money of labels that were given back, as far as anybody tells."""

from primetui.domain.label import Label, Refund
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError, PortError, RepositoryError
from primetui.ports import Desk, LabelProvider, Writes
from primetui.usecases.open_record import entry, sold_with

_ENDS = frozenset({Refund.APPLIED, Refund.REJECTED})
"""Where a refund does not go on."""


def with_refund(desk: Desk, label: Label, provider: LabelProvider) -> Label:
    """See a label just given back with what is said of its money.

    Where a provider that does tell cannot be asked just now, the money is on its way: it is asked
    again later.
    """
    try:
        refund = provider.refund(label)
    except PortError:
        refund = Refund.PENDING
    return label.refunded(refund, desk.clock.now())


def due_refunds(desk: Desk) -> tuple[Label, ...]:
    """List the labels whose money is to be asked after now."""
    now, policy = desk.clock.now(), desk.policy
    found = desk.repository.refunding_labels()
    return tuple(label for label in found if label.is_refund_due(now, policy))


def settle_refunds(desk: Desk, only: OrderId | None = None) -> tuple[Label, ...]:
    """Ask after the money that is due to be asked after; give the labels it came to an end for.

    One that cannot be asked about now is asked about again at its next turn.
    """
    asked = [_ask(desk, label) for label in due_refunds(desk) if only in {None, label.order_id}]
    return tuple(label for label in asked if label.refund in _ENDS)


def _ask(desk: Desk, listed: Label) -> Label:
    try:
        with desk.repository.lease(listed.order_id, desk.operator):
            store = sold_with(desk.repository, listed)
            provider = desk.provider(store, listed.source, listed.provider)
            return _keep(desk, with_refund(desk, listed, provider))
    except (ConfigError, PortError, RepositoryError):
        return listed


def _keep(desk: Desk, seen: Label) -> Label:
    """Write down what was said, on the label as it is by now."""

    def write(tx: Writes) -> Label:
        labels = tx.labels(seen.order_id)
        current = next((one for one in labels if one.id == seen.id), seen)
        asked_at = seen.refund_seen_at or desk.clock.now()
        label = current.refunded(seen.refund, asked_at)
        tx.put_label(label)
        if label.refund is not current.refund:
            detail = f"{label.tracking_id}: {label.refund}"
            tx.log(entry(desk, "refund", label.order_id, detail))
        return label

    return desk.repository.transact(write)
