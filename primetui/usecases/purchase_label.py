"""Buy a label: the one place where money moves (R5, R6, R18, R21).

Order of things: hold the order, look for an earlier purchase, read the order afresh, ask the
gate, write the intent down, send once, write the answer down. Whatever happens in between
leaves a journal entry that blocks a second purchase until `reconcile` has settled it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from primetui.domain import violations as v
from primetui.domain.clearance import ClearedShipment, Refusal, clear
from primetui.domain.label import (
    Document,
    Label,
    Purchase,
    PurchaseKey,
    PurchaseState,
    Step,
)
from primetui.domain.money import Money
from primetui.domain.notice import NOTHING, notices_of
from primetui.domain.order import Order, OrderStatus
from primetui.domain.rate import Rate
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreKind
from primetui.errors import (
    Busy,
    ConfigError,
    NotDone,
    NotFound,
    PortError,
    Rejected,
    RepositoryError,
    ShipmentExists,
    Throttled,
    Unsure,
)
from primetui.ports import Bought, Desk, Paper, Reads, Writes
from primetui.usecases.after_restore import waits
from primetui.usecases.get_rates import wanted_confirmation
from primetui.usecases.import_orders import refresh_order
from primetui.usecases.label_sources import outlet_of, provider_of
from primetui.usecases.open_record import entry, live_label, open_record


@dataclass(frozen=True, slots=True)
class Purchased:
    """Bought: here is the label."""

    label: Label
    already: bool = False
    """It had been bought before; nothing was bought now."""


@dataclass(frozen=True, slots=True)
class NotBought:
    """Certainly not bought, and why."""

    reason: str
    remote_code: str = ""
    wait_seconds: float = 0.0
    """How long the provider asks to wait before it is tried again; 0 when it does not."""


@dataclass(frozen=True, slots=True)
class OverLimit:
    """Not bought: it costs more than was agreed to."""

    charge: Money
    limit: Money


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Not known whether it was bought; nothing else can be bought until that is settled."""

    purchase: Purchase
    reason: str


Outcome = Purchased | NotBought | OverLimit | Unresolved | Refusal


def purchase_label(
    desk: Desk,
    order_id: OrderId,
    rate_id: str,
    *,
    max_charge: Money,
    notify_after: timedelta | None = None,
) -> Outcome:
    """Buy the label of a kept rate if the gate lets it through and it costs no more than agreed.

    `notify_after` is how long the marketplace is not to be told; a label of Amazon's own is told
    at once by itself, so that asking for it is refused (R10).
    Raises Busy while somebody else is buying for the order, ConfigError for an unknown order
    or rate. A disk that fails is an outcome like any other.
    """
    try:
        with desk.repository.lease(order_id, desk.operator):
            return _purchase(desk, order_id, rate_id, max_charge, notify_after)
    except Busy:
        raise
    except RepositoryError as error:
        return NotBought(f"Nothing was sent, so nothing was bought. {error}")


def _purchase(
    desk: Desk, order_id: OrderId, rate_id: str, max_charge: Money, notify_after: timedelta | None
) -> Outcome:
    """Do all that comes before the sending; a RepositoryError comes from there alone."""
    earlier = bought_before(desk.repository, order_id) or _behind(desk, order_id)
    if earlier is not None:
        return earlier
    rate = _kept_rate(desk, order_id, rate_id)
    if notify_after and rate.source.is_known_of(order_id):
        return Refusal((v.NoticeCannotWait(),))
    try:
        verdict = _look_again(desk, order_id, rate)
    except PortError as error:
        reason = f"The order could not be read afresh, so nothing was bought. {error}"
        return NotBought(reason, wait_seconds=_wait_seconds(error))
    if isinstance(verdict, Refusal):
        return verdict
    charge = rate.charge_with(wanted_confirmation(verdict.shipment))
    if charge.currency != max_charge.currency or max_charge < charge:
        return OverLimit(charge=charge, limit=max_charge)
    opening = _open(desk, journal_entry(desk, verdict, charge, notify_after))
    return opening if not isinstance(opening, Purchase) else _send(desk, verdict, opening)


def _behind(desk: Desk, order_id: OrderId) -> NotBought | None:
    """Buy nothing while the documents come from a backup and have not caught up."""
    behind = waits(desk.repository, desk.policy, order_id, desk.clock.now())
    return None if behind is None else NotBought(behind.reason)


def _look_again(desk: Desk, order_id: OrderId, rate: Rate) -> ClearedShipment | Refusal:
    """Read the order afresh (R18), ask whose credentials may buy now (R11, R12), then the gate."""
    goes_to = open_record(desk, order_id).record.order.ship_to
    refresh_order(desk, order_id, with_address=not rate.source.knows_address)
    opened = open_record(desk, order_id)
    order = opened.record.order
    if not rate.source.knows_address and order.ship_to != goes_to:
        return Refusal((v.RateForAnotherShipment(),))
    outlet = outlet_of(desk.repository, opened.record)
    if isinstance(outlet, Refusal):
        return outlet
    if not outlet.sells(rate, order):
        return Refusal((v.OfferedToAnotherStore(store=outlet.store.name),))
    return clear(order, opened.shipment, rate, now=desk.clock.now())


def bought_before(reads: Reads, order_id: OrderId) -> Purchased | Unresolved | None:
    """Answer for an order that has a pending purchase or a live label already."""
    pending = next((p for p in reads.purchases(order_id) if p.is_pending), None)
    if pending is not None:
        return Unresolved(pending, "An earlier purchase for this order is not settled yet.")
    label = live_label(reads.labels(order_id))
    return Purchased(label, already=True) if label else None


def resend(desk: Desk, purchase: Purchase, seen: Order) -> Label | Unresolved:
    """Send a pending purchase once more under its own key, and give the label or why not.

    `seen` is the order as read just now, without the packages this purchase may have made: the
    gate judges it anew. A refusal here proves nothing about the first sending, so the purchase
    stays unknown; the grace begins anew, since this sending may be listed late as well.
    """
    verdict = clear(seen, purchase.shipment, purchase.rate, now=desk.clock.now())
    if isinstance(verdict, Refusal):
        return Unresolved(purchase, "the offer cannot be used any more")
    try:
        provider_of(desk, purchase.rate, purchase.order)
    except PortError as error:
        return Unresolved(purchase, f"it could not be sent again: {error}")
    again = step(desk, purchase, PurchaseState.SENT, "sent again under its own key")
    try:
        return post(desk, again, _ask(desk, verdict, again))
    except ShipmentExists as error:
        reason = str(error)
        with suppress(PortError):
            adopted = adopt(desk, again, error)
            if adopted is not None:
                return adopted
    except PortError as error:
        reason = str(error)
    return Unresolved(step(desk, again, PurchaseState.UNKNOWN, reason), reason)


def adopt(desk: Desk, purchase: Purchase, refusal: ShipmentExists) -> Label | None:
    """Take the shipment a refusal names for what this purchase was after; None if it is unknown.

    Whoever bought it, the order has its label: a second one is what must not happen. Raises a
    PortError when it could not be looked up just now.
    """
    wanted = purchase.shipment.document_format
    try:
        provider = provider_of(desk, purchase.rate, purchase.order)
    except NotDone:
        return None
    try:
        bought = provider.find(refusal.shipment_id, purchase.order_id, wanted)
    except (NotFound, Rejected):
        return None
    return post(desk, purchase, bought)


def post(desk: Desk, purchase: Purchase, bought: Bought) -> Label:
    """Write down that a purchase brought a label; its papers are on disk before that."""
    label = Label(
        id=desk.label_id(),
        purchase_id=purchase.id,
        order_id=purchase.order_id,
        source=purchase.rate.source,
        provider=purchase.rate.provider,
        lender=purchase.rate.lender,
        shipment_id=bought.shipment_id,
        package_reference=bought.package_reference,
        tracking_id=bought.tracking_id,
        carrier=purchase.rate.carrier,
        service=purchase.rate.service,
        charge=bought.charge or purchase.charge,
        bought_at=desk.clock.now(),
        documents=_keep(desk, purchase.order_id, bought.papers),
    )
    desk.repository.transact(lambda tx: write_posted(desk, tx, purchase, label))
    return label


def step(desk: Desk, purchase: Purchase, state: PurchaseState, note: str = "") -> Purchase:
    """Take a purchase one state further, durably."""
    taken = Step(state=state, at=desk.clock.now(), by=desk.operator, note=note)
    further = purchase.step(taken)

    def write(tx: Writes) -> None:
        tx.put_purchase(further)
        tx.log(entry(desk, f"purchase {state}", purchase.order_id, note))

    desk.repository.transact(write)
    return further


def _kept_rate(desk: Desk, order_id: OrderId, rate_id: str) -> Rate:
    offers = desk.repository.offers(order_id)
    rate = offers.rate(rate_id) if offers else None
    if rate is None:
        raise ConfigError(
            f"There is no rate {rate_id!r} for order {order_id}. Fetch its rates again and choose."
        )
    if offers is not None and [one.id for one in offers.rates].count(rate.id) > 1:
        raise ConfigError(f"Two rates of order {order_id} have one id: fetch its rates again.")
    return rate


def journal_entry(
    desk: Desk, cleared: ClearedShipment, charge: Money, notify_after: timedelta | None
) -> Purchase:
    """Word the intent of a purchase, without the person it is for."""
    return Purchase(
        id=desk.purchase_id(),
        key=PurchaseKey(desk.names.new()),
        order=cleared.order.model_copy(update={"ship_to": None}),
        shipment=cleared.shipment,
        rate=cleared.rate,
        charge=charge,
        steps=(Step(state=PurchaseState.INTENT, at=desk.clock.now(), by=desk.operator),),
        notify_after=notify_after,
    )


def _open(desk: Desk, purchase: Purchase) -> Purchase | Outcome:
    """Write the intent down, in one step with a last look for an earlier one."""

    def write(tx: Writes) -> Purchase | Outcome:
        order_id = purchase.order_id
        earlier = bought_before(tx, order_id)
        if earlier is not None:
            return earlier
        tx.put_purchase(purchase)
        detail = f"{purchase.rate.carrier} {purchase.rate.service}"
        tx.log(entry(desk, "purchase intent", order_id, detail))
        return purchase

    return desk.repository.transact(write)


def _send(desk: Desk, cleared: ClearedShipment, purchase: Purchase) -> Outcome:
    """Send it once and write down what came of it; what cannot be written down is unresolved."""
    try:
        sent = step(desk, purchase, PurchaseState.SENT)
    except RepositoryError as error:
        return Unresolved(purchase, f"Nothing was sent: reconcile frees the order. {error}")
    try:
        return _sent(desk, cleared, sent)
    except RepositoryError as error:
        reason = f"It was sent, and what came of it could not be written down: reconcile. {error}"
        return Unresolved(sent, reason)


def _sent(desk: Desk, cleared: ClearedShipment, sent: Purchase) -> Outcome:
    try:
        bought = _ask(desk, cleared, sent)
    except ShipmentExists as error:
        return _met_another(desk, sent, error)
    except NotDone as error:
        step(desk, sent, PurchaseState.VOIDED, str(error))
        return NotBought(str(error), getattr(error, "remote_code", ""), _wait_seconds(error))
    except Unsure as error:
        unknown = step(desk, sent, PurchaseState.UNKNOWN, str(error))
        return Unresolved(unknown, str(error))
    try:
        return Purchased(post(desk, sent, bought))
    except RepositoryError as error:
        reason = f"The label was bought but could not be written down; reconcile finds it. {error}"
        return Unresolved(sent, reason)


def _met_another(desk: Desk, sent: Purchase, refusal: ShipmentExists) -> Outcome:
    """Adopt the shipment that is there already; while it cannot be looked up, nothing is settled."""
    try:
        label = adopt(desk, sent, refusal)
    except PortError as error:
        reason = f"{refusal} It could not be looked up: {error}"
        return Unresolved(step(desk, sent, PurchaseState.UNKNOWN, reason), reason)
    if label is not None:
        return Purchased(label, already=True)
    step(desk, sent, PurchaseState.VOIDED, str(refusal))
    return NotBought(str(refusal))


def _wait_seconds(error: PortError) -> float:
    return error.retry_after_seconds if isinstance(error, Throttled) else 0.0


def _ask(desk: Desk, cleared: ClearedShipment, purchase: Purchase) -> Bought:
    """Ask the provider to sell: no other line of PrimeTUI does."""
    return provider_of(desk, cleared.rate, cleared.order).purchase(cleared, purchase.key)


def _keep(desk: Desk, order_id: OrderId, papers: tuple[Paper, ...]) -> tuple[Document, ...]:
    """Keep the files; a disk that takes none must not lose the label itself."""
    try:
        return tuple(desk.repository.keep_paper(order_id, paper) for paper in papers)
    except RepositoryError:
        return ()


def write_posted(desk: Desk, tx: Writes, purchase: Purchase, label: Label) -> None:
    """Write a label down with all that follows from it: its purchase, its order, its notice."""
    note = f"{label.carrier} {label.tracking_id}"
    taken = Step(state=PurchaseState.POSTED, at=label.bought_at, by=desk.operator, note=note)
    tx.put_label(label)
    tx.put_purchase(purchase.step(taken, label.id))
    record = tx.order(label.order_id)
    if record is not None:
        shipped = record.order.model_copy(update={"status": OrderStatus.SHIPPED})
        tx.put_order(record.model_copy(update={"order": shipped}))
    tx.log(entry(desk, "label bought", label.order_id, note))
    _queue_notice(desk, tx, purchase, label)


def _queue_notice(desk: Desk, tx: Writes, purchase: Purchase, label: Label) -> None:
    """Put the notices a label needs into the outbox; Amazon knows of its own labels (R10, R19)."""
    store = tx.store(purchase.order.store_id)
    usual = store.notify_after if store else NOTHING
    asked = purchase.notify_after
    record = tx.order(label.order_id)
    notices = notices_of(
        label,
        purchase.order,
        purchase.shipment,
        delay=usual if asked is None else asked,
        earlier=tx.notices(label.order_id),
        sources=record.sources if record else (),
    )
    for notice in notices:
        told = tx.store(notice.store_id)
        if told is not None and told.kind is StoreKind.MANUAL:
            continue  # a file has no marketplace that waits to be told
        tx.put_notice(notice)
        tx.log(entry(desk, "notice queued", label.order_id, f"package {notice.reference}"))
