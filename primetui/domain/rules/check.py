"""Whether a rule is whole: every word known, every value readable, every name still there (R17)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final
from zoneinfo import ZoneInfo

from primetui.domain.rules import names
from primetui.domain.rules.actions import VERBS
from primetui.domain.rules.fields import FIELDS, Field, Kind
from primetui.domain.rules.literals import Misfit
from primetui.domain.rules.model import Action, Criterion, Known, Rule
from primetui.domain.rules.operators import CASED, OPERATORS, Operator, Takes, prepare, read_value

BUY_SHIPPING_NAMES: Final = frozenset(
    {"amazon buy shipping", "amazon-buy-shipping", "buy shipping"}
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a rule is broken."""

    where: str
    """The part of the rule: `field`, `operator`, `value`, `action` or `rule`."""
    word: str
    """The word that is wrong, as it stands."""
    expected: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Sorted:
    """A list of rules, parted into those that run and those that cannot."""

    whole: tuple[Rule, ...]
    """On and without a fault, in order."""
    broken: tuple[tuple[Rule, tuple[Fault, ...]], ...]
    """On, but skipped: each alone, and named."""


def sort_rules(rules: Iterable[Rule], known: Known) -> Sorted:
    """Part the rules that are on into whole and broken ones."""
    checked = [(rule, faults(rule, known)) for rule in rules if rule.on]
    return Sorted(
        tuple(rule for rule, found in checked if not found),
        tuple((rule, found) for rule, found in checked if found),
    )


def faults(rule: Rule, known: Known) -> tuple[Fault, ...]:
    """Name everything that keeps a rule from running."""
    zone = ZoneInfo(known.time_zone)
    found = [fault for c in rule.criteria for fault in _criterion(c, known, zone)]
    found += [fault for a in rule.actions for fault in _action(a, known, zone)]
    return (*found, *_whole(rule))


def _whole(rule: Rule) -> Iterator[Fault]:
    """Find what is wrong with the rule as a whole."""
    if not rule.actions and not rule.stop:
        yield Fault("rule", "", "at least one action")
    values = {action.verb: action.value for action in rule.actions}
    if "notify-after" in values and values.get("carrier", "").casefold() in BUY_SHIPPING_NAMES:
        yield Fault("action", "notify-after", "no delay: Buy Shipping notifies Amazon by itself")


def _criterion(criterion: Criterion, known: Known, zone: ZoneInfo) -> Iterator[Fault]:
    field = FIELDS.get(criterion.field)
    if field is None:
        yield Fault("field", criterion.field, "a field", nearest(criterion.field, FIELDS))
        return
    operators = OPERATORS[field.kind]
    operator = operators.get(criterion.operator)
    if operator is None:
        near = nearest(criterion.operator, operators)
        yield Fault("operator", criterion.operator, f"an operator of {field.name}", near)
        return
    yield from _shape(criterion, field, operator)
    for value in criterion.values:
        yield from _value(criterion, field, value, known, zone)


def _shape(criterion: Criterion, field: Field, operator: Operator) -> Iterator[Fault]:
    count, takes = len(criterion.values), operator.takes
    fits = {
        Takes.NONE: count == 0,
        Takes.ONE: count == 1,
        Takes.RANGE: count == 2,  # noqa: PLR2004 - from and to
        Takes.ALTERNATIVES: count > 0,
    }[takes]
    if not fits:
        words = {Takes.NONE: "no value", Takes.ONE: "one value", Takes.RANGE: "two values"}
        yield Fault("value", "", f"{words.get(takes, 'a value')} after {operator.name}")
    if criterion.every and field.kind is not Kind.ITEMS:
        yield Fault("field", field.name, "a field of items after all")
    if criterion.cased and (field.kind not in CASED or takes is Takes.NONE):
        yield Fault("operator", "cased", f"no cased with {field.name} {operator.name}")


def _value(
    criterion: Criterion, field: Field, value: str, known: Known, zone: ZoneInfo
) -> Iterator[Fault]:
    try:
        read_value(field.kind, criterion.operator, value, zone, cased=criterion.cased)
        names.check_value(field, criterion.operator, value, known)
    except Misfit as misfit:
        yield _misfit("value", value, misfit)


def _action(action: Action, known: Known, zone: ZoneInfo) -> Iterator[Fault]:
    verb = VERBS.get(action.verb)
    if verb is None:
        yield Fault("action", action.verb, "an action", nearest(action.verb, VERBS))
        return
    if verb.takes is None:
        if action.value:
            yield Fault("action", action.value, f"nothing after {verb.name}")
        return
    try:
        verb.takes(action.value, zone)
        names.check_action(verb, action.value, known)
    except Misfit as misfit:
        yield _misfit("action", action.value, misfit)


def _misfit(where: str, word: str, misfit: Misfit) -> Fault:
    return Fault(where, word, misfit.expected, nearest(word, misfit.choices))


def nearest(word: str, choices: Iterable[str]) -> str:
    """Find the word that may have been meant; blank when none is near."""
    by_case = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(word.casefold(), by_case, n=1, cutoff=0.6)
    return by_case[near[0]] if near else ""


def values_of(criterion: Criterion, zone: ZoneInfo) -> tuple[Any, ...]:
    """Read the values of a criterion that is whole."""
    kind = FIELDS[criterion.field].kind
    operator = OPERATORS[kind][criterion.operator]
    return prepare(kind, operator, criterion.values, zone, cased=criterion.cased)
