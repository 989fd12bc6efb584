"""Combine orders of one buyer in one box, suggest which, and take them apart again (R7).

A Prime order, or one that may be Prime, is neither suggested nor taken.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from primetui.domain.order import OrderRecord, OrderStatus, Prime
from primetui.domain.packing import combining_refused, is_place_known, place_of, place_refused
from primetui.domain.shipment import OrderId
from primetui.domain.violations import Violation
from primetui.errors import ConfigError
from primetui.ports import Desk, Reads, Writes
from primetui.usecases.import_orders import refresh_order
from primetui.usecases.open_record import entry
from primetui.usecases.split_order import frozen


@dataclass(frozen=True, slots=True)
class Combined:
    """Orders that share a box now, or that shared one until now."""

    records: tuple[OrderRecord, ...]


@dataclass(frozen=True, slots=True)
class NotCombined:
    """Nothing was changed: which of the orders stand in the way, and why."""

    refused: Mapping[OrderId, tuple[Violation, ...]]


def combine_orders(desk: Desk, order_ids: Sequence[OrderId]) -> Combined | NotCombined:
    """Put orders into one box, all of them or none.

    Who the buyers are is read from the marketplace where it is not known yet, once nothing else
    stands in the way; then a PortError may be raised. Raises Busy while somebody is at one.
    """
    wanted = tuple(dict.fromkeys(order_ids))
    if len(wanted) < 2:  # noqa: PLR2004 - two is what combining means
        raise ConfigError("Combining takes two orders at least.")
    with held(desk, wanted):
        refused = _refused(desk.repository, wanted)
        if refused:
            return NotCombined(refused)
        for order_id in wanted:
            if not is_place_known(_record(desk.repository, order_id).order):
                refresh_order(desk, order_id, with_address=True)
        return desk.repository.transact(lambda tx: _combine(desk, tx, wanted))


def uncombine_order(desk: Desk, order_id: OrderId) -> Combined | NotCombined:
    """Take an order's whole box apart, Prime or not; one that has its label stays as it is."""
    record = _record(desk.repository, order_id)
    if not record.shipment.combined_with:
        raise ConfigError(f"Order {order_id} is not combined.")
    members = box_of(desk.repository, record)
    with held(desk, members):
        return desk.repository.transact(lambda tx: _take_apart(desk, tx, members))


def suggest_combinations(desk: Desk) -> tuple[tuple[OrderId, ...], ...]:
    """Find waiting orders that one box could hold; asks nothing of the outside world.

    Where two orders go is opened only once store, town and country agree.
    """
    towns: dict[tuple[str, ...], list[OrderId]] = defaultdict(list)
    with closing(desk.repository.each_order(OrderStatus.AWAITING_SHIPMENT)) as records:
        for record in records:
            if isinstance(record, OrderRecord) and _is_free(record):
                to = record.order.ship_to
                town = (to.city, to.region, to.country) if to else ()
                where = tuple(part.casefold().strip() for part in town)
                towns[record.order.store_id, *where].append(record.order.id)
    return tuple(group for ids in towns.values() for group in _same_place(desk, ids))


def box_of(reads: Reads, record: OrderRecord) -> tuple[OrderId, ...]:
    """Name the orders that share a box with one, itself first; those removed since are left out."""
    others = (i for i in record.shipment.combined_with if reads.order(i) is not None)
    return (record.order.id, *others)


@contextmanager
def held(desk: Desk, order_ids: Iterable[OrderId]) -> Iterator[None]:
    """Hold several orders, always in the same order, so that no two operators wait in a ring."""
    with ExitStack() as leases:
        for order_id in sorted(set(order_ids)):
            leases.enter_context(desk.repository.lease(order_id, desk.operator))
        yield


def _record(reads: Reads, order_id: OrderId) -> OrderRecord:
    record = reads.order(order_id)
    if record is None:
        raise ConfigError(f"There is no order {order_id} here.")
    return record


def _refused(reads: Reads, wanted: Sequence[OrderId]) -> dict[OrderId, tuple[Violation, ...]]:
    """Judge each order alone, wherever it goes to."""
    found: dict[OrderId, tuple[Violation, ...]] = {}
    for order_id in wanted:
        record = _record(reads, order_id)
        reasons = dict.fromkeys((*frozen(reads, record), *combining_refused(record, wanted)))
        if reasons:
            found[order_id] = tuple(reasons)
    return found


def _combine(desk: Desk, tx: Writes, wanted: Sequence[OrderId]) -> Combined | NotCombined:
    refused = _refused(tx, wanted)
    first, *others = (_record(tx, order_id) for order_id in wanted)
    for other in others:
        reasons = tuple(place_refused(first.order, other.order))
        if reasons and other.order.id not in refused:
            refused[other.order.id] = reasons
    if refused:
        return NotCombined(refused)
    return _write(desk, tx, wanted, "combine orders")


def _take_apart(desk: Desk, tx: Writes, members: Sequence[OrderId]) -> Combined | NotCombined:
    reasons = {i: tuple(frozen(tx, _record(tx, i))) for i in members}
    refused = {order_id: why for order_id, why in reasons.items() if why}
    if refused:
        return NotCombined(refused)
    return _write(desk, tx, members, "uncombine orders")


def _write(desk: Desk, tx: Writes, members: Sequence[OrderId], action: str) -> Combined:
    """Have each order of a box name the others, or nobody any more."""
    together = action == "combine orders"
    records: list[OrderRecord] = []
    for order_id in members:
        others = tuple(one for one in members if one != order_id)
        record = _record(tx, order_id)
        shared = {"combined_with": others if together else ()}
        shipment = record.shipment.model_copy(update=shared)
        records.append(record.model_copy(update={"shipment": shipment}))
        tx.put_order(records[-1])
        tx.log(entry(desk, action, order_id, ", ".join(others)))
    return Combined(tuple(records))


def _is_free(record: OrderRecord) -> bool:
    """Tell from what lies open whether an order could be combined at all."""
    order = record.order
    if order.prime is not Prime.NO or order.ship_to is None or record.shipment.combined_with:
        return False
    return not any(combining_refused(record, ()))


def _same_place(desk: Desk, order_ids: Sequence[OrderId]) -> Iterator[tuple[OrderId, ...]]:
    if len(order_ids) < 2:  # noqa: PLR2004 - one alone shares nothing
        return
    places: dict[tuple[str, ...], list[OrderId]] = defaultdict(list)
    for order_id in order_ids:
        record = desk.repository.order(order_id)
        if record is None or any(frozen(desk.repository, record)):
            continue
        if is_place_known(record.order):
            places[place_of(record.order)].append(order_id)
    yield from (tuple(group) for group in places.values() if len(group) > 1)
