"""Record a label that was bought elsewhere: the gate judges it, nothing is called to buy it (R5).

What was typed is taken for a rate of its carrier and put to the same gate as any other; the
journal entry, the label, the order's new state and the notice to the marketplace (R10) are
written in one transaction, so that there is nothing to settle afterwards.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from primetui.domain.clearance import ClearedShipment, Refusal, clear
from primetui.domain.label import MANUAL, Label, Purchase, PurchaseState, Step
from primetui.domain.money import Money
from primetui.domain.order import OrderStatus
from primetui.domain.promise import Promise
from primetui.domain.rate import ConfirmationOffer, DocumentOffer, LabelSource, Rate, RateId
from primetui.domain.shipment import Confirmation, OrderId
from primetui.domain.value import Window
from primetui.errors import ConfigError, PortError
from primetui.ports import Desk, Writes
from primetui.usecases.import_orders import refresh_order
from primetui.usecases.open_record import Opened, open_record
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
    with desk.repository.lease(order_id, desk.operator):
        earlier = bought_before(desk.repository, order_id)
        if earlier is not None:
            return earlier
        opened = open_record(desk, order_id)
        if opened.record.order.status is OrderStatus.PENDING_FULFILLMENT:
            # View only: refused from what is known, without a call (R2).
            verdict = _clear(desk, opened, typed)
            assert isinstance(verdict, Refusal)  # noqa: S101 - the gate lets no such order pass
            return verdict
        try:
            refresh_order(desk, order_id)
        except PortError as error:
            return NotBought(f"The order could not be read afresh, so no label is kept. {error}")
        verdict = _clear(desk, open_record(desk, order_id), typed)
        return verdict if isinstance(verdict, Refusal) else _post(desk, verdict, typed)


def _clear(desk: Desk, opened: Opened, typed: TypedLabel) -> ClearedShipment | Refusal:
    """Put what was typed to the gate, as a rate of its carrier."""
    now = desk.clock.now()
    shipment = opened.shipment
    rate = Rate(
        id=RateId(MANUAL),
        source=LabelSource.CARRIER,
        provider=MANUAL,
        order_id=opened.record.order.id,
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
    return clear(opened.record.order, shipment, rate, now=now)


def _post(desk: Desk, cleared: ClearedShipment, typed: TypedLabel) -> Outcome:
    """Write down everything at once, after a last look for another label."""
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
    return desk.repository.transact(lambda tx: _write(desk, tx, purchase, label))


def _write(desk: Desk, tx: Writes, purchase: Purchase, label: Label) -> Outcome:
    earlier = bought_before(tx, label.order_id)
    if earlier is not None:
        return earlier
    write_posted(desk, tx, purchase, label)
    return Purchased(label)


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
