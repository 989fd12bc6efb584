"""Run rules on an order: what each changed, what a later one overrode, what a hand edit kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from primetui.domain.handling import Fired, Handling, Left
from primetui.domain.order import OrderRecord, OrderStatus, Tagging
from primetui.domain.rules.actions import SLOTS, VERBS, Verb, Way, wanted
from primetui.domain.rules.hands import (
    IDLE,
    Hands,
    hands_on,
    slot_values,
    with_slots,
    writing,
)
from primetui.domain.rules.model import Action, Rule
from primetui.domain.rules.operators import folded
from primetui.domain.rules.view import Setting, View


class Came(StrEnum):
    """What became of one action."""

    DONE = "done"
    OVERRIDDEN = "overridden"
    """A later rule wants something else."""
    KEPT = "kept"
    """A hand wants something else."""
    NOT_NOW = "not-now"
    """It makes sense only while an order is first imported."""
    NOTHING = "nothing"
    """There is nothing to do it to, such as a weight to add to."""


@dataclass(slots=True)
class Step:
    """One action of a rule that matched, and what became of it."""

    rule: Rule
    action: Action
    came: Came
    by: Rule | None = None
    """The later rule that overrode it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run made of an order."""

    record: OrderRecord
    steps: tuple[Step, ...]
    dropped: bool = False
    """A rule said not to import it."""


class _WantedTag(NamedTuple):
    """A tag that a rule wants on or off."""

    name: str
    on: bool
    by: Rule


@dataclass(slots=True)
class _Work:
    """An order on its way through the rules that matched."""

    record: OrderRecord
    setting: Setting
    hands: Hands
    at: datetime
    first: bool
    values: dict[str, Any] = field(default_factory=dict)
    """What rules want in slots so far."""
    last: dict[str, list[Step]] = field(default_factory=dict)
    """The steps that made what stands in a slot, or about a tag, so far."""
    tags: dict[str, "_WantedTag"] = field(default_factory=dict)
    """Tags rules want on or off so far, by folded name."""
    steps: list[Step] = field(default_factory=list)
    dropped: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return self.setting.account.zone


def apply_rules(
    matched: Iterable[Rule],
    record: OrderRecord,
    setting: Setting,
    at: datetime,
    *,
    over_hands: bool = False,
) -> Ran:
    """Do what the rules that matched say, in order; a later one overrides an earlier one.

    The first run of an order is written down for good; the marketplace's facts never change.
    """
    first = record.handling.rules_run_at is None
    hands = IDLE if over_hands else hands_on(record)
    work = _Work(record, setting, hands, record.handling.rules_run_at or at, first)
    fired = []
    for rule in matched:
        fired.append(Fired(rule_id=rule.id, name=rule.name, at=at))
        for action in rule.actions:
            _act(work, rule, action)
    return Ran(_written(work, tuple(fired), at), tuple(work.steps), work.dropped)


def _act(work: _Work, rule: Rule, action: Action) -> None:
    verb = VERBS[action.verb]
    step = Step(rule, action, Came.DONE)
    work.steps.append(step)
    if verb.way is Way.DROP:
        work.dropped = work.dropped or work.first
        step.came = Came.DONE if work.first else Came.NOT_NOW
    elif verb.way in {Way.TAG, Way.UNTAG}:
        _want_tag(work, step, verb)
    elif verb.slot in work.hands.slots:
        step.came = Came.KEPT
    else:
        _want_value(work, step, verb)


def _want_tag(work: _Work, step: Step, verb: Verb) -> None:
    name = step.action.value.strip()
    same, on = folded(name), verb.way is Way.TAG
    if same in (work.hands.tags_removed if on else work.hands.tags_put):
        step.came = Came.KEPT
        return
    earlier = work.tags.get(same)
    if earlier and earlier.on and on:
        name = earlier.name
    work.tags[same] = _WantedTag(name, on, step.rule)
    _override(work, step, f"tag {same}")


def _want_value(work: _Work, step: Step, verb: Verb) -> None:
    value = _value(work, step.action, verb)
    if value is None:
        step.came = Came.NOTHING
        return
    work.values[verb.slot] = value
    if verb.way is Way.SET:
        _override(work, step, verb.slot)
    else:
        work.last.setdefault(verb.slot, []).append(step)


def _override(work: _Work, step: Step, what: str) -> None:
    for earlier in work.last.get(what, ()):
        if earlier.came is Came.DONE:
            earlier.came, earlier.by = Came.OVERRIDDEN, step.rule
    work.last[what] = [step]


def _value(work: _Work, action: Action, verb: Verb) -> Any:
    """Work out what an action wants in its slot; None is nothing."""
    value = wanted(action, work.zone)
    before = work.values.get(verb.slot)
    if verb.way is Way.ADJUST:
        return _heavier(work, before, value)
    if verb.way is Way.GATHER:
        return _gathered(verb, before, value)
    if isinstance(value, timedelta) and verb.slot == "hold":
        return work.at + value
    return _place(work, value) if verb.slot == "ship-from" else value


def _gathered(verb: Verb, before: Any, line: str) -> Any:
    """Add a line to those of earlier rules; alerts stay apart, a note is one text."""
    if SLOTS[verb.slot].blank == ():
        return (*(before or ()), line)
    return f"{before}\n{line}" if before else line


def _heavier(work: _Work, before: Any, added: Any) -> Any:
    """Add to the weight as rules left it so far, or as it is without them."""
    if before is not None:
        return before.model_copy(update={"grams": before.grams + added.grams})
    known = _weight_without_rules(work)
    return None if known is None else added.model_copy(update={"grams": known + added.grams})


def _weight_without_rules(work: _Work) -> Any:
    blank = with_slots(work.record, {"weight": None})
    return View(blank, work.setting).weight_grams()


def _place(work: _Work, name: str) -> Any:
    by_name = {place.casefold(): address for place, address in work.setting.places().items()}
    return by_name.get(name.casefold())


def _written(work: _Work, fired: tuple[Fired, ...], at: datetime) -> OrderRecord:
    """Write what the rules want into the order, and that it was they."""
    handling = work.record.handling
    tags, rule_tags = _tagged(work, at)
    record = with_slots(
        work.record,
        work.values,
        rules_run_at=handling.rules_run_at or at,
        fired=_fired(handling, fired),
        left=_left(work),
        rule_tags=rule_tags,
    )
    update = tags | _held(record, at) if "hold" in work.values else tags
    return record.model_copy(update=update) if update else record


def _fired(handling: Handling, fired: tuple[Fired, ...]) -> tuple[Fired, ...]:
    """Keep since when the same rules fire: running them again is no news."""
    same = [(f.rule_id, f.name) for f in handling.fired] == [(f.rule_id, f.name) for f in fired]
    return handling.fired if same else fired


def _left(work: _Work) -> tuple[Left, ...]:
    makers = {slot: steps[-1].rule.id for slot, steps in work.last.items() if slot in SLOTS}
    left = {trace.slot: trace for trace in work.record.handling.left}
    for slot, value in work.values.items():
        left[slot] = Left(slot=slot, rule_id=makers[slot], value=writing(value))
    return tuple(left.values())


def _tagged(work: _Work, at: datetime) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put tags on and off; one that is on already keeps who put it there.

    Gives what changes in the order, and the tags that are then the rules' own.
    """
    record, ours = work.record, work.record.handling.rule_tags
    if not work.tags:
        return {}, ours
    off = {same for same, wanted in work.tags.items() if not wanted.on}
    kept = [tag for tag in record.tags if folded(tag.name) not in off]
    there = {folded(tag.name) for tag in kept}
    new = [tag for same, tag in work.tags.items() if tag.on and same not in there]
    put = [Tagging(name=tag.name, by=_signature(tag.by), at=at) for tag in new]
    on = work.tags.keys() - off
    left_off = tuple(name for name in record.removed_tags if folded(name) not in on)
    names = [name for name in ours if folded(name) not in off] + [tag.name for tag in new]
    return {"tags": (*kept, *put), "removed_tags": left_off}, tuple(dict.fromkeys(names))


def _signature(rule: Rule) -> str:
    """Sign for a rule."""
    return f"rule {rule.name or rule.id}"


def _held(record: OrderRecord, at: datetime) -> dict[str, Any]:
    """Move an order that a rule holds to On Hold; nothing here moves one on."""
    if record.order.status is not OrderStatus.AWAITING_SHIPMENT or not record.handling.holds(at):
        return {}
    return {"order": record.order.model_copy(update={"status": OrderStatus.ON_HOLD})}


@dataclass(frozen=True, slots=True)
class SlotChange:
    """One thing that a run changed."""

    slot: str
    """The slot's name, or `tags`."""
    before: str
    after: str


def changes(before: OrderRecord, after: OrderRecord) -> tuple[SlotChange, ...]:
    """Tell what differs between an order and what a run made of it."""
    old, new = slot_values(before), slot_values(after)
    found = [
        SlotChange(name, writing(old[name]), writing(new[name]))
        for name in SLOTS
        if old[name] != new[name]
    ]
    tags = [", ".join(tag.name for tag in record.tags) for record in (before, after)]
    found.append(SlotChange("tags", tags[0], tags[1]))
    return tuple(change for change in found if change.before != change.after)


def slots_by_rule(steps: Iterable[Step]) -> Mapping[str, Rule]:
    """Tell which rule made what stands in each slot."""
    return {
        VERBS[step.action.verb].slot or "tags": step.rule
        for step in steps
        if step.came is Came.DONE
    }
