"""What is odd about a list of rules: those that never fire, are shadowed, or say a thing twice.

Only what is certain is told; that a rule fired on no order so far is for the counts to say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.rules.actions import VERBS, Way
from primetui.domain.rules.check import Fault, faults, values_of
from primetui.domain.rules.fields import FIELDS, Kind
from primetui.domain.rules.model import Criterion, Known, Rule
from primetui.domain.rules.operators import RANGES, folded


class Oddity(StrEnum):
    """What may be wrong with a rule among others."""

    BROKEN = "broken"
    DUPLICATE = "duplicate"
    """An earlier rule says the same."""
    NEVER_FIRES = "never-fires"
    """Its own criteria exclude each other."""
    UNREACHED = "unreached"
    """An earlier rule stops every order that would meet it."""
    SHADOWED = "shadowed"
    """A later rule overrides all it does, whenever it matches."""


@dataclass(frozen=True, slots=True)
class Odd:
    """One oddity of one rule."""

    rule: Rule
    oddity: Oddity
    other: Rule | None = None
    """The rule that makes it so."""
    faults: tuple[Fault, ...] = ()


def warnings(rules: Sequence[Rule], known: Known) -> tuple[Odd, ...]:
    """Say what is odd about rules that are on, in their order."""
    zone = ZoneInfo(known.time_zone)
    on = [rule for rule in rules if rule.on]
    broken = {id(rule): wrong for rule in on if (wrong := faults(rule, known))}
    whole = [rule for rule in on if id(rule) not in broken]
    found: list[Odd] = []
    for rule in on:
        if id(rule) in broken:
            found.append(Odd(rule, Oddity.BROKEN, faults=broken[id(rule)]))
        else:
            found += _odd(rule, whole, zone)
    return tuple(found)


def _odd(rule: Rule, rules: Sequence[Rule], zone: ZoneInfo) -> Iterator[Odd]:
    place = next(n for n, other in enumerate(rules) if other is rule)
    if _excludes_itself(rule, zone):
        yield Odd(rule, Oddity.NEVER_FIRES)
        return
    earlier, later = rules[:place], rules[place + 1 :]
    stopper = next((o for o in earlier if o.stop and _implies(rule, o) and _steady(o)), None)
    twin = next((o for o in earlier if o.same_as(rule)), None)
    shadow = next((o for o in later if _overrides(o, rule)), None)
    if stopper is not None:
        yield Odd(rule, Oddity.UNREACHED, stopper)
    elif twin is not None:
        yield Odd(rule, Oddity.DUPLICATE, twin)
    elif shadow is not None:
        yield Odd(rule, Oddity.SHADOWED, shadow)


def _implies(rule: Rule, other: Rule) -> bool:
    """Tell whether every order that meets `rule` surely meets `other`."""
    return set(other.criteria) <= set(rule.criteria)


def _steady(rule: Rule) -> bool:
    """Tell whether no rule can change what this one asks about."""
    return not any(criterion.field in _CHANGEABLE for criterion in rule.criteria)


_CHANGEABLE: Final = frozenset(
    {
        *("tags", "weight", "ship-from", "carrier", "service", "package", "assigned-to", "note"),
        *("custom-1", "custom-2", "custom-3"),
    }
)
"""Fields that actions change: between two rules they may read differently."""


def _overrides(later: Rule, rule: Rule) -> bool:
    """Tell whether a later rule surely undoes all that a rule does."""
    if rule.stop or not rule.actions or not _implies(rule, later) or not _steady(later):
        return False
    theirs = {VERBS[a.verb].slot for a in later.actions if VERBS[a.verb].way is Way.SET}
    ours = [VERBS[action.verb] for action in rule.actions]
    return all(verb.way in {Way.SET, Way.ADJUST} and verb.slot in theirs for verb in ours)


def _excludes_itself(rule: Rule, zone: ZoneInfo) -> bool:
    return any(_empty(criterion, zone) for criterion in rule.criteria) or any(
        _apart(first, second)
        for number, first in enumerate(rule.criteria)
        for second in rule.criteria[number + 1 :]
    )


def _empty(criterion: Criterion, zone: ZoneInfo) -> bool:
    """Tell whether a range ends before it begins."""
    if criterion.operator not in RANGES or criterion.operator.startswith("not-"):
        return False
    kind = FIELDS[criterion.field].kind
    low, high = values_of(criterion, zone)
    if kind is Kind.MONEY:
        return bool(low.amount > high.amount)
    return bool(low.start >= high.end) if kind is Kind.MOMENT else bool(low > high)


def _apart(first: Criterion, second: Criterion) -> bool:
    """Tell whether two criteria on one single value want different ones."""
    if first.field != second.field or FIELDS[first.field].kind not in _SINGLE:
        return False
    if first.cased or second.cased:
        return False
    one, other = ({folded(value) for value in c.values} for c in (first, second))
    asked = (first.operator, second.operator)
    return {
        ("=", "="): not one & other,
        ("=", "!="): one <= other,
        ("!=", "="): other <= one,
    }.get(asked, asked in _OPPOSITES)


_OPPOSITES: Final = {
    (blank, other)[::turn]
    for blank, other in (("blank", "not-blank"), ("blank", "="))
    for turn in (1, -1)
}
_SINGLE: Final = frozenset({Kind.TEXT, Kind.CHOICE, Kind.YES_NO})
