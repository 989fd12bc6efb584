"""What rules that matched want of one order, and what becomes of each of their actions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from primetui.domain.handling import Fired
from primetui.domain.order import OrderRecord
from primetui.domain.rules.actions import SLOTS, VERBS, Verb, Way, wanted
from primetui.domain.rules.hands import Hands, with_slots
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


class WantedTag(NamedTuple):
    """A tag that a rule wants on or off."""

    name: str
    on: bool
    by: Rule


@dataclass(slots=True)
class Plan:
    """An order, and all that the rules that matched it want of it; nothing is done yet."""

    record: OrderRecord
    setting: Setting
    hands: Hands
    at: datetime
    """Now."""
    fired: list[Fired] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    """What rules want in slots, by slot."""
    makers: dict[str, list[Step]] = field(default_factory=dict)
    """The steps that make what is wanted in a slot, or of a tag."""
    tags: dict[str, WantedTag] = field(default_factory=dict)
    """Tags that rules want on or off, by folded name."""
    steps: list[Step] = field(default_factory=list)
    dropped: bool = False
    """A rule says not to import it."""

    @property
    def zone(self) -> ZoneInfo:
        """The account's time zone."""
        return self.setting.account.zone

    @property
    def is_first(self) -> bool:
        """Tell whether no rules ever ran over the order."""
        return self.record.handling.rules_run_at is None

    @property
    def since(self) -> datetime:
        """When the rules first ran over it: spans count from then, whenever they run again."""
        return self.record.handling.rules_run_at or self.at


def plan_rules(
    matched: Iterable[Rule],
    record: OrderRecord,
    setting: Setting,
    at: datetime,
    hands: Hands,
) -> Plan:
    """Put together what the rules that matched want, in order; a later one overrides."""
    plan = Plan(record, setting, hands, at)
    for rule in matched:
        plan.fired.append(Fired(rule_id=rule.id, name=rule.name, at=at))
        for action in rule.actions:
            _act(plan, rule, action)
    return plan


def _act(plan: Plan, rule: Rule, action: Action) -> None:
    verb = VERBS[action.verb]
    step = Step(rule, action, Came.DONE)
    plan.steps.append(step)
    if verb.way is Way.DROP:
        plan.dropped = plan.dropped or plan.is_first
        step.came = Came.DONE if plan.is_first else Came.NOT_NOW
    elif verb.way in {Way.TAG, Way.UNTAG}:
        _want_tag(plan, step, verb)
    elif verb.slot in plan.hands.slots:
        step.came = Came.KEPT
    else:
        _want_value(plan, step, verb)


def _want_tag(plan: Plan, step: Step, verb: Verb) -> None:
    name = step.action.value.strip()
    same, on = folded(name), verb.way is Way.TAG
    if same in (plan.hands.tags_removed if on else plan.hands.tags_put):
        step.came = Came.KEPT
        return
    earlier = plan.tags.get(same)
    if earlier and earlier.on and on:
        name = earlier.name
    plan.tags[same] = WantedTag(name, on, step.rule)
    _override(plan, step, f"tag {same}")


def _want_value(plan: Plan, step: Step, verb: Verb) -> None:
    value = _value(plan, step.action, verb)
    if value is None:
        step.came = Came.NOTHING
        return
    plan.values[verb.slot] = value
    if verb.way is Way.SET:
        _override(plan, step, verb.slot)
    else:
        plan.makers.setdefault(verb.slot, []).append(step)


def _override(plan: Plan, step: Step, what: str) -> None:
    for earlier in plan.makers.get(what, ()):
        if earlier.came is Came.DONE:
            earlier.came, earlier.by = Came.OVERRIDDEN, step.rule
    plan.makers[what] = [step]


def _value(plan: Plan, action: Action, verb: Verb) -> Any:
    """Work out what an action wants in its slot; None is nothing."""
    value = wanted(action, plan.zone)
    before = plan.values.get(verb.slot)
    if verb.way is Way.ADJUST:
        return _heavier(plan, before, value)
    if verb.way is Way.GATHER:
        return _gathered(verb, before, value)
    if isinstance(value, timedelta) and verb.slot == "hold":
        return plan.since + value
    return _place(plan, value) if verb.slot == "ship-from" else value


def _gathered(verb: Verb, before: Any, line: str) -> Any:
    """Add a line to those of earlier rules; alerts stay apart, a note is one text."""
    if SLOTS[verb.slot].blank == ():
        return (*(before or ()), line)
    return f"{before}\n{line}" if before else line


def _heavier(plan: Plan, before: Any, added: Any) -> Any:
    """Add to the weight as rules left it so far, or as it is without them."""
    if before is not None:
        return before.model_copy(update={"grams": before.grams + added.grams})
    known = _weight_without_rules(plan)
    return None if known is None else added.model_copy(update={"grams": known + added.grams})


def _weight_without_rules(plan: Plan) -> Any:
    blank = with_slots(plan.record, {"weight": None})
    return View(blank, plan.setting).weight_grams()


def _place(plan: Plan, name: str) -> Any:
    by_name = {place.casefold(): address for place, address in plan.setting.places().items()}
    return by_name.get(name.casefold())
