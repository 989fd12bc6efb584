"""The operators of each kind of field: how many values they take, and what they ask.

Each is told here in plain Python, one fact and its prepared values at a time; `compiled` spells
the same question as code. What nobody knows (None) matches nothing but `blank`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final
from zoneinfo import ZoneInfo

from primetui.domain.rules import literals
from primetui.domain.rules.fields import Kind
from primetui.domain.rules.literals import Amount, Misfit


class Takes(Enum):
    """How many values follow an operator."""

    NONE = auto()
    ONE = auto()
    RANGE = auto()
    """Two, as in 1..5."""
    ALTERNATIVES = auto()


Test = Callable[[Any, Any, datetime], bool]
"""Asks a known fact, with the prepared values, at a moment."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A question; a negated one asks for the opposite."""

    name: str
    takes: Takes
    test: Test
    negated: bool = False

    def holds(self, fact: Any, values: Any, now: datetime) -> bool:
        """Ask; an unknown fact meets no question but whether it is blank."""
        if fact is None:
            return self.name == "blank"
        return self.test(fact, values, now) is not self.negated


def folded(text: str, *, cased: bool = False) -> str:
    """Spell a text so that equal ones compare equal, whatever their capitals and outer blanks."""
    if text.isascii():
        return text.strip() if cased else text.strip().lower()
    same = unicodedata.normalize("NFC", text.strip())
    return same if cased else unicodedata.normalize("NFC", same.casefold())


def word_finder(values: tuple[str, ...]) -> re.Pattern[str]:
    """Find any of some words, whole: `prime` is not in `premium`, nor in `primetime`."""
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, values)) + r")(?!\w)")


def _has_word(fact: str, values: tuple[str, ...], _: datetime) -> bool:
    return word_finder(values).search(fact) is not None


def _money_agrees(fact: Amount, value: Amount) -> bool:
    return value.currency in {"", fact.currency}


def _money(compare: Callable[[Any, Any], bool]) -> Test:
    def test(fact: Amount, values: tuple[Amount, ...], _: datetime) -> bool:
        return any(
            _money_agrees(fact, value) and compare(fact.amount, value.amount) for value in values
        )

    return test


def _money_between(fact: Amount, values: tuple[Amount, Amount], _: datetime) -> bool:
    low, high = values
    agrees = _money_agrees(fact, low) and _money_agrees(fact, high)
    return agrees and low.amount <= fact.amount <= high.amount


def _op(name: str, takes: Takes, test: Test, *, not_: str = "") -> tuple[Operator, ...]:
    plain = Operator(name, takes, test)
    return (plain, Operator(not_, takes, test, negated=True)) if not_ else (plain,)


_ANY, _ONE, _TWO, _NO = Takes.ALTERNATIVES, Takes.ONE, Takes.RANGE, Takes.NONE

_BLANK: Final = _op("blank", _NO, lambda x, _, __: not x, not_="not-blank")
_KNOWN_IS_NOT_BLANK: Final = _op("blank", _NO, lambda _, __, ___: False, not_="not-blank")
_EQUAL: Final = _op("=", _ANY, lambda x, v, _: x in v, not_="!=")
_TEXT: Final = (
    *_EQUAL,
    *_op("contains", _ANY, lambda x, v, _: any(k in x for k in v), not_="not-contains"),
    *_op("starts", _ANY, lambda x, v, _: x.startswith(v), not_="not-starts"),
    *_op("ends", _ANY, lambda x, v, _: x.endswith(v), not_="not-ends"),
    *_op("has-word", _ANY, _has_word, not_="not-has-word"),
    *_BLANK,
)
_NUMBER: Final = (
    *_EQUAL,
    *_op("<", _ONE, lambda x, v, _: x < v[0]),
    *_op("<=", _ONE, lambda x, v, _: x <= v[0]),
    *_op(">", _ONE, lambda x, v, _: x > v[0]),
    *_op(">=", _ONE, lambda x, v, _: x >= v[0]),
    *_op("between", _TWO, lambda x, v, _: v[0] <= x <= v[1], not_="not-between"),
    *_KNOWN_IS_NOT_BLANK,
)
_MONEY: Final = (
    *_op("=", _ANY, _money(lambda x, k: x == k), not_="!="),
    *_op("<", _ONE, _money(lambda x, k: x < k)),
    *_op("<=", _ONE, _money(lambda x, k: x <= k)),
    *_op(">", _ONE, _money(lambda x, k: x > k)),
    *_op(">=", _ONE, _money(lambda x, k: x >= k)),
    *_op("between", _TWO, _money_between, not_="not-between"),
    *_KNOWN_IS_NOT_BLANK,
)
_MOMENT: Final = (
    *_op("=", _ANY, lambda x, v, _: any(k.start <= x < k.end for k in v), not_="!="),
    *_op("before", _ONE, lambda x, v, _: x < v[0].start),
    *_op("after", _ONE, lambda x, v, _: x >= v[0].end),
    *_op("between", _TWO, lambda x, v, _: v[0].start <= x < v[1].end, not_="not-between"),
    *_op("within", _ONE, lambda x, v, now: -v[0] <= x - now <= v[0], not_="not-within"),
    *_op("in-next", _ONE, lambda x, v, now: now <= x <= now + v[0], not_="not-in-next"),
    *_op("in-last", _ONE, lambda x, v, now: now - v[0] <= x <= now, not_="not-in-last"),
    *_KNOWN_IS_NOT_BLANK,
)
_TAGS: Final = (
    *_op("include", _ANY, lambda x, v, _: not x.isdisjoint(v), not_="not-include"),
    *_op("include-all", _ANY, lambda x, v, _: x.issuperset(v), not_="not-include-all"),
    *_BLANK,
)
_YES_NO: Final = _op("=", _ONE, lambda x, v, _: x is v[0], not_="!=")

_BY_KIND: Final = {
    Kind.TEXT: _TEXT,
    Kind.ITEMS: _TEXT,
    Kind.CHOICE: (*_EQUAL, *_BLANK),
    Kind.NUMBER: _NUMBER,
    Kind.WEIGHT: _NUMBER,
    Kind.MONEY: _MONEY,
    Kind.MOMENT: _MOMENT,
    Kind.TAGS: _TAGS,
    Kind.YES_NO: _YES_NO,
}
OPERATORS: Final[Mapping[Kind, Mapping[str, Operator]]] = {
    kind: {operator.name: operator for operator in operators}
    for kind, operators in _BY_KIND.items()
}
"""What can be asked of each kind of field, by name."""

SPANS: Final = frozenset(
    {"within", "in-next", "in-last", "not-within", "not-in-next", "not-in-last"}
)
"""Operators of moments that take a span of time, not a date."""
RANGES: Final = frozenset({"between", "not-between"})
"""Operators that take a lowest and a highest value."""
CASED: Final = frozenset({Kind.TEXT, Kind.ITEMS, Kind.CHOICE})
"""Kinds whose operators may tell capitals from small letters."""


def prepare(
    kind: Kind, operator: Operator, values: tuple[str, ...], zone: ZoneInfo, *, cased: bool = False
) -> tuple[Any, ...]:
    """Read a criterion's values for its operator; Misfit for the first that is none."""
    return tuple(read_value(kind, operator.name, value, zone, cased=cased) for value in values)


def read_value(kind: Kind, operator: str, text: str, zone: ZoneInfo, *, cased: bool = False) -> Any:
    """Read one value; Misfit says what was expected instead."""
    if kind is Kind.MOMENT:
        return literals.span(text) if operator in SPANS else literals.days(text, zone)
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(text)
    spelled = folded(text, cased=cased)
    if not spelled:
        raise Misfit("a text that is not blank; to ask for nothing, write blank", ("blank",))
    return spelled


_READERS: Final[Mapping[Kind, Callable[[str], Any]]] = {
    Kind.NUMBER: literals.number,
    Kind.WEIGHT: literals.weight,
    Kind.MONEY: literals.money,
    Kind.YES_NO: literals.yes_no,
}
