"""Why a rule did or did not match an order: each criterion, the value it saw, yes or no.

This runs rules the slow way, one question at a time, on the facts as people know them; tests hold
the compiled way to the same answers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from primetui.domain.rules import effects
from primetui.domain.rules.actions import VERBS
from primetui.domain.rules.compiled import spelled_fact
from primetui.domain.rules.fields import FIELDS, Fact, Kind
from primetui.domain.rules.hands import Hands, as_if_never_run
from primetui.domain.rules.model import Criterion, Rule
from primetui.domain.rules.operators import OPERATORS, prepare
from primetui.domain.rules.view import View

Facts = dict[str, Fact]
"""Facts that rules changed on the way, by field."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One criterion, put to one order."""

    criterion: Criterion
    seen: Fact
    """The value as the order has it; None is not known."""
    met: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule, put to one order."""

    rule: Rule
    asked: tuple[Asked, ...]
    reached: bool = True
    """False: a rule before it said stop."""

    @property
    def matched(self) -> bool:
        """Every criterion is met, and no earlier rule said stop."""
        return self.reached and all(asked.met for asked in self.asked)


def explain_rules(
    rules: Iterable[Rule], view: View, now: datetime, hands: Hands
) -> tuple[Explained, ...]:
    """Put rules that are whole to an order, in turn, each seeing what those before it did."""
    return tuple(_explained(rules, view, now, hands))


def _explained(
    rules: Iterable[Rule], view: View, now: datetime, hands: Hands
) -> Iterator[Explained]:
    base = View(as_if_never_run(view.record, hands), view.setting)
    zone = view.setting.account.zone
    facts: Facts = {}
    stopped = False
    for rule in rules:
        asked = tuple(_asked(criterion, base, facts, now, zone) for criterion in rule.criteria)
        told = Explained(rule, asked, reached=not stopped)
        yield told
        if told.matched:
            stopped = rule.stop
            _take_effect(rule, base, facts, hands, zone)


def _asked(criterion: Criterion, view: View, facts: Facts, now: datetime, zone: ZoneInfo) -> Asked:
    seen = fact_of(criterion.field, view, facts)
    return Asked(criterion, seen, is_met(criterion, seen, now, zone))


def fact_of(field: str, view: View, facts: Facts) -> Fact:
    """Read a field, unless a rule changed what it says."""
    return facts[field] if field in facts else FIELDS[field].read(view)


def is_met(criterion: Criterion, seen: Fact, now: datetime, zone: ZoneInfo) -> bool:
    """Put one criterion to the value of its field."""
    kind = FIELDS[criterion.field].kind
    operator = OPERATORS[kind][criterion.operator]
    values = prepare(kind, operator, criterion.values, zone, cased=criterion.cased)
    fact: Any = spelled_fact(seen, cased=criterion.cased)
    if kind is not Kind.ITEMS:
        return operator.holds(fact, values, now)
    answers = [operator.holds(item, values, now) for item in fact]
    return bool(answers) and (all(answers) if criterion.every else any(answers))


def _take_effect(rule: Rule, view: View, facts: Facts, hands: Hands, zone: ZoneInfo) -> None:
    for action in rule.actions:
        field = effects.touched_field(VERBS[action.verb])
        if field:
            change = effects.effect(action, zone, str)
            facts[field] = change(fact_of(field, view, facts), hands)
