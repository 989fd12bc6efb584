"""Forget buyers: by the clock, by order, or because they asked (R23)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from primetui.domain.chore import Chore, Job
from primetui.domain.label import Label
from primetui.domain.order import OrderRecord
from primetui.domain.shipment import OrderId
from primetui.errors import Busy, ConfigError
from primetui.ports import Desk, Writes
from primetui.usecases.open_record import entry

Seen = Callable[[int], None]
"""Told how many orders are done; may raise to stop between two of them."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Nothing kept here tells any more who the buyer was."""

    order_id: OrderId
    already: bool = False
    """There was nothing to forget."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Nothing of it was touched, and why."""

    order_id: OrderId
    reason: str


Outcome = Forgotten | Waits


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What forgetting came to."""

    outcomes: tuple[Outcome, ...]
    scrubbed: bool
    """Whether old copies are gone too; until then they are there, and open with no key."""


def due_orders(desk: Desk) -> tuple[OrderId, ...]:
    """Name the orders whose buyer must be forgotten by now."""
    return desk.repository.due_buyers(desk.clock.now())


def forget_due(desk: Desk, seen: Seen = lambda _count: None) -> Forgetting:
    """Forget every buyer whose time is over, and write down that it was looked after."""
    done = forget_buyers(desk, due_orders(desk), seen)
    forgotten = sum(isinstance(one, Forgotten) and not one.already for one in done.outcomes)
    chore = Chore(
        job=Job.FORGET, at=desk.clock.now(), by=desk.operator, detail=f"{forgotten} forgotten"
    )
    desk.repository.transact(lambda tx: tx.put_chore(chore))
    return done


def forget_named(
    desk: Desk, order_ids: Iterable[OrderId], seen: Seen = lambda _count: None
) -> Forgetting:
    """Forget the buyers of orders somebody named; one that is not here is a ConfigError."""
    named = tuple(dict.fromkeys(order_ids))
    for order_id in named:
        if desk.repository.order(order_id) is None:
            raise ConfigError(f"There is no order {order_id} here. Nobody was forgotten.")
    return forget_buyers(desk, named, seen)


def forget_buyers(
    desk: Desk, order_ids: Iterable[OrderId], seen: Seen = lambda _count: None
) -> Forgetting:
    """Forget the buyers of these orders, each by itself; what was done stays done."""
    outcomes: list[Outcome] = []
    for order_id in order_ids:
        outcomes.append(_forget(desk, order_id))
        seen(len(outcomes))
    return Forgetting(tuple(outcomes), desk.repository.scrub())


def _forget(desk: Desk, order_id: OrderId) -> Outcome:
    try:
        with desk.repository.lease(order_id, desk.operator):
            return _forget_held(desk, order_id)
    except Busy as busy:
        return Waits(order_id, str(busy))


def _forget_held(desk: Desk, order_id: OrderId) -> Outcome:
    """Forget one buyer while nobody buys for the order.

    The files go first: stopped between the two, the order is still due, and done the next time.
    """
    if any(purchase.is_pending for purchase in desk.repository.purchases(order_id)):
        return Waits(order_id, "A purchase for it is not settled: reconcile it first.")
    desk.repository.remove_papers(order_id)
    return desk.repository.transact(lambda tx: _erase(desk, tx, order_id))


def _erase(desk: Desk, tx: Writes, order_id: OrderId) -> Outcome:
    record = tx.order(order_id)
    labels = tuple(label for label in tx.labels(order_id) if label.documents)
    tx.destroy_key(order_id)
    if not labels and (record is None or _is_nameless(record)):
        return Forgotten(order_id, already=True)
    for label in labels:
        tx.put_label(_without_files(label))
    if record is not None:
        tx.put_order(record.forgotten(desk.clock.now()))
    tx.remove_offers(order_id)
    tx.log(entry(desk, "buyer forgotten", order_id))
    return Forgotten(order_id)


def _is_nameless(record: OrderRecord) -> bool:
    named = record.order.ship_to or record.order.sealed or record.typed_ship_to
    return record.forgotten_at is not None and not named


def _without_files(label: Label) -> Label:
    return label.model_copy(update={"documents": ()})
