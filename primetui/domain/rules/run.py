"""Do what rules want of an order, and write down that it was they; or just tell the difference."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from primetui.domain.address import Address
from primetui.domain.handling import Fired, Handling, Left
from primetui.domain.order import OrderRecord, OrderStatus, Tagging
from primetui.domain.rules.actions import SLOTS
from primetui.domain.rules.hands import slot_values, with_slots, writing
from primetui.domain.rules.model import Rule
from primetui.domain.rules.operators import folded
from primetui.domain.rules.plan import Plan


def carried_out(plan: Plan) -> OrderRecord:
    """Write what the rules want into the order; the first run is written down for good."""
    handling = plan.record.handling
    tags, rule_tags = _tagged(plan)
    record = with_slots(
        plan.record,
        plan.values,
        rules_run_at=handling.rules_run_at or plan.at,
        fired=_fired(handling, tuple(plan.fired)),
        left=_left(plan),
        rule_tags=rule_tags,
    )
    update = tags | ({"order": _held(record)} if _is_to_hold(plan) else {})
    return record.model_copy(update=update) if update else record


def _fired(handling: Handling, fired: tuple[Fired, ...]) -> tuple[Fired, ...]:
    """Keep since when the same rules fire: running them again is no news."""
    same = [(f.rule_id, f.name) for f in handling.fired] == [(f.rule_id, f.name) for f in fired]
    return handling.fired if same else fired


def _left(plan: Plan) -> tuple[Left, ...]:
    makers = {slot: steps[-1].rule.id for slot, steps in plan.makers.items() if slot in SLOTS}
    left = {trace.slot: trace for trace in plan.record.handling.left}
    for slot, value in plan.values.items():
        left[slot] = Left(slot=slot, rule_id=makers[slot], value=writing(value))
    return tuple(left.values())


def _tagged(plan: Plan) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put tags on and off; one that is on already keeps who put it there.

    Gives what changes in the order, and the tags that are then the rules' own.
    """
    record, ours = plan.record, plan.record.handling.rule_tags
    if not plan.tags:
        return {}, ours
    off = {same for same, wanted in plan.tags.items() if not wanted.on}
    kept = [tag for tag in record.tags if folded(tag.name) not in off]
    there = {folded(tag.name) for tag in kept}
    new = [tag for same, tag in plan.tags.items() if tag.on and same not in there]
    put = [Tagging(name=tag.name, by=_signature(tag.by), at=plan.at) for tag in new]
    on = plan.tags.keys() - off
    left_off = tuple(name for name in record.removed_tags if folded(name) not in on)
    names = [name for name in ours if folded(name) not in off] + [tag.name for tag in new]
    return {"tags": (*kept, *put), "removed_tags": left_off}, tuple(dict.fromkeys(names))


def _signature(rule: Rule) -> str:
    """Sign for a rule."""
    return f"rule {rule.name or rule.id}"


def _is_to_hold(plan: Plan) -> bool:
    """Tell whether rules move the order to On Hold; nothing here moves one on."""
    until = plan.values.get("hold")
    waits = plan.record.order.status is OrderStatus.AWAITING_SHIPMENT
    return waits and until is not None and bool(plan.at < until)


def _held(record: OrderRecord) -> Any:
    return record.order.model_copy(update={"status": OrderStatus.ON_HOLD})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that a plan makes."""

    what: str
    """The slot's name, `tag` or `status`."""
    before: str
    after: str
    rule: Rule
    """The rule that makes it."""


def differences(plan: Plan) -> tuple[Change, ...]:
    """Tell what carrying a plan out would change."""
    return tuple(_differences(plan))


def _differences(plan: Plan) -> Iterator[Change]:
    now = slot_values(plan.record) if plan.values else {}
    for slot, value in plan.values.items():
        if now[slot] != value:
            yield Change(slot, shown(now[slot]), shown(value), plan.makers[slot][-1].rule)
    there = {folded(tag.name): tag.name for tag in plan.record.tags}
    for same, wanted in plan.tags.items():
        if wanted.on and same not in there:
            yield Change("tag", "", wanted.name, wanted.by)
        elif not wanted.on and same in there:
            yield Change("tag", there[same], "", wanted.by)
    if _is_to_hold(plan):
        status = plan.record.order.status
        yield Change("status", status, OrderStatus.ON_HOLD, plan.makers["hold"][-1].rule)


def is_news(plan: Plan) -> bool:
    """Tell whether carrying a plan out would change the order, or which rules fired on it."""
    handling = plan.record.handling
    return _fired(handling, tuple(plan.fired)) is not handling.fired or bool(differences(plan))


def shown(value: Any) -> str:
    """Write a slot's value for a person; a place by its name, as it is one of ours."""
    if isinstance(value, Address):
        return ", ".join(filter(None, (value.name or value.company, value.city, value.country)))
    return writing(value)
