"""Record a label that was bought elsewhere: the gate judges it, nothing is called to buy it (R5).

What was typed is taken for a rate of its carrier and put to the same gate as any other; the
journal entry, the label, the order's new state and the notice to the marketplace (R10) are
written in one transaction, so that there is nothing to settle afterwards. One label on a box that
several orders share is recorded on each of them, all or none (R7).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from primetui.domain import violations as v
from primetui.domain.clearance import ClearedShipment, Refusal, clear
from primetui.domain.label import MANUAL, Label, Purchase, PurchaseState, Step
from primetui.domain.money import Money
from primetui.domain.order import Order, OrderStatus
from primetui.domain.promise import Promise
from primetui.domain.rate import ConfirmationOffer, DocumentOffer, LabelSource, Rate, RateId
from primetui.domain.shipment import Confirmation, OrderId, Shipment
from primetui.domain.value import Window
from primetui.errors import ConfigError, PortError
from primetui.ports import Desk, Writes
from primetui.usecases.combine_orders import box_of, held
from primetui.usecases.import_orders import refresh_order
from primetui.usecases.open_record import open_record
from primetui.usecases.purchase_label import (
    NotBought,
    Outcome,
    Purchased,
    bought_before,
    journal_entry,
    write_posted,
)

LONGEST: Final = 80
"""Characters of a carrier, a service or a tracking number: labels print no more."""


@dataclass(frozen=True, slots=True)
class TypedLabel:
    """What a person types of a label bought elsewhere."""

    carrier: str
    service: str
    tracking_id: str
    charge: Money
    arrives_by: datetime
    """What the carrier promised, with a time zone."""
    confirmation: Confirmation = Confirmation.NONE
    """What it was bought with."""
    notify_after: timedelta | None = None
    """How long the marketplace is not to be told; None is the store's setting."""


def record_label(desk: Desk, order_id: OrderId, typed: TypedLabel) -> Outcome:
    """Post a label bought elsewhere if the gate lets it through, with its notice (R10).

    Raises Busy while somebody else is buying for the order, ConfigError for an unknown order or
    for words that cannot stand on a label.
    """
    _refuse_odd(typed)
    record = desk.repository.order(order_id)
    box = box_of(desk.repository, record) if record else (order_id,)
    with held(desk, box):
        earlier = bought_before(desk.repository, order_id)
        if earlier is not None:
            return earlier
        if any(_is_view_only(desk, member) for member in box):
            # Refused from what is known, without a call (R2).
            verdict = _clear_box(desk, box, typed)
            assert isinstance(verdict, Refusal)  # noqa: S101 - the gate lets no such order pass
            return verdict
        try:
            for member in box:
                refresh_order(desk, member)
        except PortError as error:
            return NotBought(f"The order could not be read afresh, so no label is kept. {error}")
        cleared = _clear_box(desk, box, typed)
        return cleared if isinstance(cleared, Refusal) else _post(desk, cleared, typed)


def _is_view_only(desk: Desk, order_id: OrderId) -> bool:
    return open_record(desk, order_id).record.order.status is OrderStatus.PENDING_FULFILLMENT


def _clear_box(
    desk: Desk, box: Sequence[OrderId], typed: TypedLabel
) -> tuple[ClearedShipment, ...] | Refusal:
    """Put what was typed to the gate for every order in the box: one that may not leave stops all."""
    opened, *others = (open_record(desk, order_id) for order_id in box)
    first = _clear(desk, opened.record.order, opened.shipment, typed)
    cleared = [first] if isinstance(first, ClearedShipment) else []
    refused = list(first.violations) if isinstance(first, Refusal) else []
    for other in others:
        order = other.record.order
        verdict = _clear(desk, order, _as_boxed(other.shipment, opened.shipment), typed)
        broken = verdict.blocking if isinstance(verdict, Refusal) else ()
        if bought_before(desk.repository, order.id) is not None:
            broken = (*broken, v.AlreadyShipped())
        if broken:
            codes = ", ".join(dict.fromkeys(one.code for one in broken))
            refused.append(v.OtherRefused(order=order.id, codes=codes))
        elif isinstance(verdict, ClearedShipment):
            cleared.append(verdict)
    return Refusal(tuple(refused)) if refused else tuple(cleared)


def _as_boxed(shipment: Shipment, first: Shipment) -> Shipment:
    """See a draft with the measures of the box it goes in, which the first order's draft has."""
    measured = tuple(package.model_copy(update={"items": ()}) for package in first.packages[:1])
    return shipment.model_copy(update={"packages": measured})


def _clear(
    desk: Desk, order: Order, shipment: Shipment, typed: TypedLabel
) -> ClearedShipment | Refusal:
    """Put what was typed to the gate, as a rate of its carrier."""
    now = desk.clock.now()
    rate = Rate(
        id=RateId(MANUAL),
        source=LabelSource.CARRIER,
        provider=MANUAL,
        order_id=order.id,
        shipment_fingerprint=shipment.fingerprint,
        request_token="",
        carrier_id=typed.carrier,
        carrier=typed.carrier,
        service_id=typed.service,
        service=typed.service,
        charge=typed.charge,
        promise=Promise(delivery=Window(latest=typed.arrives_by)),
        fetched_at=now,
        confirmations=(ConfirmationOffer(confirmation=typed.confirmation, id=typed.confirmation),),
        # Its paper exists already: it was printed where it was bought.
        documents=(
            DocumentOffer(
                format=shipment.document_format, width=Decimal(4), length=Decimal(6), unit="INCH"
            ),
        ),
    )
    return clear(order, shipment, rate, now=now)


def _post(desk: Desk, cleared: Sequence[ClearedShipment], typed: TypedLabel) -> Outcome:
    """Write everything down at once; what was paid stands on the first order's label alone."""
    nothing = replace(typed, charge=Money(amount=Decimal(0), currency=typed.charge.currency))
    bought = [
        _bought(desk, one, nothing if number else typed) for number, one in enumerate(cleared)
    ]
    return desk.repository.transact(lambda tx: _write(desk, tx, bought))


def _bought(desk: Desk, cleared: ClearedShipment, typed: TypedLabel) -> tuple[Purchase, Label]:
    """Word what was bought elsewhere for one order."""
    intent = journal_entry(desk, cleared, typed.charge, typed.notify_after)
    now = desk.clock.now()
    note = "bought elsewhere, typed in"
    purchase = intent.step(Step(state=PurchaseState.SENT, at=now, by=desk.operator, note=note))
    label = Label(
        id=desk.label_id(),
        purchase_id=purchase.id,
        order_id=purchase.order_id,
        source=LabelSource.CARRIER,
        provider=MANUAL,
        shipment_id="",
        tracking_id=typed.tracking_id,
        carrier=typed.carrier,
        service=typed.service,
        charge=typed.charge,
        bought_at=now,
    )
    return purchase, label


def _write(desk: Desk, tx: Writes, bought: Sequence[tuple[Purchase, Label]]) -> Outcome:
    """Post every label of a box, after a last look for another one."""
    for _, label in bought:
        earlier = bought_before(tx, label.order_id)
        if earlier is not None:
            return earlier
    for purchase, label in bought:
        write_posted(desk, tx, purchase, label)
    return Purchased(bought[0][1])


def _refuse_odd(typed: TypedLabel) -> None:
    """Refuse words that no label carries, naming the one that is wrong."""
    words = {
        "carrier": typed.carrier,
        "service": typed.service,
        "tracking number": typed.tracking_id,
    }
    for name, word in words.items():
        if not word.strip() or not word.isprintable() or len(word) > LONGEST:
            raise ConfigError(
                f"The {name} must be 1 to {LONGEST} printable characters, as the label shows it."
            )
    if typed.arrives_by.tzinfo is None:
        raise ConfigError("The promised arrival needs its time zone.")
    if typed.charge.amount < 0:
        raise ConfigError("The charge cannot be negative.")
    if typed.notify_after is not None and typed.notify_after < timedelta(0):
        raise ConfigError("The marketplace cannot be told before the label is made.")
