"""What hands did to an order, as told from what rules left in it.

Rules write down what they leave. Whatever differs from that now was done by a hand, and is kept;
whatever does not was done by rules, and counts as not done while they look at the order: so
rules that run again see what they saw the first time, and come to the same end.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from primetui.domain.address import Address
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.money import Money
from primetui.domain.order import PRIME_TAG, OrderRecord
from primetui.domain.rules.actions import SLOTS, Home
from primetui.domain.rules.operators import folded
from primetui.domain.shipment import Package


@dataclass(frozen=True, slots=True)
class Hands:
    """What hands did to one order; nothing of it is touched by rules."""

    slots: frozenset[str] = frozenset()
    tags_put: frozenset[str] = frozenset()
    tags_removed: frozenset[str] = frozenset()


IDLE: Final = Hands()
"""No hand did anything, or it does not count."""

Values = dict[str, Any]
"""Values of slots, by the slots' names."""


def slot_values(record: OrderRecord) -> Values:
    """Read every slot of an order."""
    homes = _homes(record)
    return {name: homes[home][attribute] for home, name, attribute, _ in _PLACES}


def _package(record: OrderRecord) -> Package:
    """Give the package that rules fill: the only one."""
    packages = record.shipment.packages
    return packages[0] if packages else Package()


def hands_on(record: OrderRecord) -> Hands:
    """Tell what hands did to an order."""
    left = {trace.slot: trace.value for trace in record.handling.left}
    homes = _homes(record)
    slots = [
        name
        for home, name, attribute, blank in _PLACES
        if (value := homes[home][attribute]) != blank or name in left
        if name not in left or writing(value) != left[name]
    ]
    if len(record.shipment.packages) != 1:
        slots += [slot.name for slot in SLOTS.values() if slot.home is Home.PACKAGE]
    if not record.tags and not record.removed_tags:
        return Hands(frozenset(slots)) if slots else IDLE
    by_rules = {folded(name) for name in record.handling.rule_tags} | {folded(PRIME_TAG)}
    put = {folded(tag.name) for tag in record.tags} - by_rules
    removed = {folded(name) for name in record.removed_tags}
    return Hands(frozenset(slots), frozenset(put), frozenset(removed))


_PLACES: Final = [(s.home, s.name, s.attribute, s.blank) for s in SLOTS.values()]
"""Where slots lie, laid out for looking at each of many orders."""


def _homes(record: OrderRecord) -> Mapping[Home, Mapping[str, Any]]:
    return {
        Home.HANDLING: record.handling.__dict__,
        Home.SHIPMENT: record.shipment.__dict__,
        Home.PACKAGE: _package(record).__dict__,
    }


def as_if_never_run(record: OrderRecord, hands: Hands) -> OrderRecord:
    """See an order as it would be had no rule ever run; what hands did stays."""
    handling = record.handling
    blanked = {trace.slot for trace in handling.left} - hands.slots
    if blanked:
        record = with_slots(record, {name: SLOTS[name].blank for name in blanked if name in SLOTS})
    if handling.rule_tags:
        record = record.model_copy(
            update={"tags": tuple(t for t in record.tags if t.name not in handling.rule_tags)}
        )
    return record


def with_slots(record: OrderRecord, values: Values, **handling: Any) -> OrderRecord:
    """Fill some slots of an order, and other fields of its handling."""
    by_home: dict[Home, Values] = {home: {} for home in Home}
    for name, value in values.items():
        slot = SLOTS[name]
        by_home[slot.home][slot.attribute] = value
    drafted = by_home[Home.SHIPMENT]
    if by_home[Home.PACKAGE]:
        drafted["packages"] = (_package(record).model_copy(update=by_home[Home.PACKAGE]),)
    update: Values = {}
    if drafted:
        update["shipment"] = record.shipment.model_copy(update=drafted)
    if by_home[Home.HANDLING] or handling:
        update["handling"] = record.handling.model_copy(update=by_home[Home.HANDLING] | handling)
    return record.model_copy(update=update) if update else record


def writing(value: Any) -> str:
    """Write a slot's value in one fixed way: equal values, and only those, are written alike."""
    if value is None or value is False:
        return ""
    return _WRITTEN.get(type(value), str)(value)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _sides(box: Dimensions) -> str:
    return " x ".join(map(_plain, (box.length_mm, box.width_mm, box.height_mm))) + " mm"


def _place(address: Address) -> str:
    """Name an address by its hash: a trace of it belongs in no second place."""
    return "place " + hashlib.sha256(address.model_dump_json().encode()).hexdigest()[:16]


_WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    Address: _place,
    Weight: lambda weight: f"{_plain(weight.grams)} g",
    Dimensions: _sides,
    Money: lambda money: f"{_plain(money.amount)} {money.currency}",
    timedelta: lambda span: f"{int(span.total_seconds())} s",
    datetime: datetime.isoformat,
    tuple: "\n".join,
}
