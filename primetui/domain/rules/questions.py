"""Criteria as code: the same questions that `operators` asks, spelled for speed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from primetui.domain.rules.fields import FIELDS, Kind
from primetui.domain.rules.literals import Amount
from primetui.domain.rules.model import Criterion
from primetui.domain.rules.operators import OPERATORS, Operator, prepare, word_finder


class Constants:
    """Names for the values that generated code works with."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.functions: list[str] = []

    def name(self, value: Any) -> str:
        """Name a value; equal texts and numbers share a name."""
        name = f"const_{len(self.values)}"
        self.values[name] = value
        return name

    def function(self, name: str, lines: list[str]) -> None:
        """Put a function before the one that calls it."""
        self.functions.append("\n".join([f"def {name}(items):", *lines, ""]))


def question(criterion: Criterion, cell: str, zone: ZoneInfo, constants: Constants) -> str:
    """Write a criterion that is whole as an expression over its cell."""
    kind = FIELDS[criterion.field].kind
    operator = OPERATORS[kind][criterion.operator]
    values = prepare(kind, operator, criterion.values, zone, cased=criterion.cased)
    if kind is not Kind.ITEMS:
        return _asked(kind, operator, cell, values, constants)
    name = f"items_{len(constants.functions)}"
    asked = _asked(Kind.TEXT, operator, "item", values, constants)
    if criterion.every:
        lines = ["    for item in items:", f"        if not {asked}:", "            return False"]
        constants.function(name, [*lines, "    return bool(items)"])
    else:
        lines = ["    for item in items:", f"        if {asked}:", "            return True"]
        constants.function(name, [*lines, "    return False"])
    return f"{name}({cell})"


def _asked(
    kind: Kind, operator: Operator, cell: str, values: tuple[Any, ...], constants: Constants
) -> str:
    """Write a question; what is not known meets none but whether it is blank."""
    if operator.name == "blank":
        return f"(not {cell})" if kind in _EMPTY_IS_BLANK else f"({cell} is None)"
    if operator.name == "not-blank":
        return f"{cell}" if kind in _EMPTY_IS_BLANK else f"({cell} is not None)"
    positive = operator.name.removeprefix("not-").replace("!=", "=")
    plain = _WRITERS[kind](positive, cell, values, constants)
    if operator.name == "=" and kind in _EQUALS_NOTHING:
        return plain  # nothing is equal to what is not known
    return f"({cell} is not None and {'not ' if operator.negated else ''}{plain})"


_EMPTY_IS_BLANK: Final = frozenset({Kind.TEXT, Kind.CHOICE, Kind.TAGS})


_EQUALS_NOTHING: Final = frozenset({Kind.TEXT, Kind.CHOICE, Kind.YES_NO, Kind.NUMBER, Kind.WEIGHT})


def _text(name: str, cell: str, values: tuple[str, ...], constants: Constants) -> str:
    match name:
        case "=" if len(values) == 1:
            return f"({cell} == {constants.name(values[0])})"
        case "=":
            return f"({cell} in {constants.name(frozenset(values))})"
        case "contains":
            return _either(f"{constants.name(value)} in {cell}" for value in values)
        case "starts" | "ends":
            return f"{cell}.{name}with({constants.name(values)})"
        case _:  # has-word: most texts lack the letters, and need no closer look
            letters = _either(f"{constants.name(value)} in {cell}" for value in values)
            find = constants.name(word_finder(values).search)
            return f"({letters} and {find}({cell}) is not None)"


def _number(name: str, cell: str, values: tuple[Any, ...], constants: Constants) -> str:
    if name == "between":
        low, high = map(constants.name, values)
        return f"({low} <= {cell} <= {high})"
    sign = "==" if name == "=" else name
    return _either(f"{cell} {sign} {constants.name(value)}" for value in values)


def _money(name: str, cell: str, values: tuple[Amount, ...], constants: Constants) -> str:
    """Compare amounts; where a currency is named, the order's must be that one."""

    def agreeing(value: Amount) -> list[str]:
        named = value.currency
        return [f"{cell}.currency == {constants.name(named)}"] if named else []

    if name == "between":
        amounts = tuple(value.amount for value in values)
        agreed = [line for value in values for line in agreeing(value)]
        return _all([*agreed, _number(name, f"{cell}.amount", amounts, constants)])
    return _either(
        _all([*agreeing(value), _number(name, f"{cell}.amount", (value.amount,), constants)])
        for value in values
    )


def _moment(name: str, cell: str, values: tuple[Any, ...], constants: Constants) -> str:
    if name == "between":
        return f"({constants.name(values[0].start)} <= {cell} < {constants.name(values[1].end)})"
    if name == "=":
        return _either(
            f"{constants.name(day.start)} <= {cell} < {constants.name(day.end)}" for day in values
        )
    spelled: dict[str, Callable[[Any], str]] = {
        "before": lambda day: f"({cell} < {constants.name(day.start)})",
        "after": lambda day: f"({cell} >= {constants.name(day.end)})",
        "within": lambda span: (
            f"({constants.name(-span)} <= {cell} - now <= {constants.name(span)})"
        ),
        "in-next": lambda span: f"(now <= {cell} <= now + {constants.name(span)})",
        "in-last": lambda span: f"(now - {constants.name(span)} <= {cell} <= now)",
    }
    return spelled[name](values[0])


def _tags(name: str, cell: str, values: tuple[str, ...], constants: Constants) -> str:
    if name == "include-all":
        return f"({cell} >= {constants.name(frozenset(values))})"
    if len(values) == 1:
        return f"({constants.name(values[0])} in {cell})"
    return f"(not {cell}.isdisjoint({constants.name(values)}))"


def _yes_no(_: str, cell: str, values: tuple[bool, ...], __: Constants) -> str:
    return f"({cell} is {values[0]})"


_WRITERS: Final[Mapping[Kind, Callable[[str, str, Any, Constants], str]]] = {
    Kind.TEXT: _text,
    Kind.CHOICE: _text,
    Kind.NUMBER: _number,
    Kind.WEIGHT: _number,
    Kind.MONEY: _money,
    Kind.MOMENT: _moment,
    Kind.TAGS: _tags,
    Kind.YES_NO: _yes_no,
}


def _either(asked: Iterable[str]) -> str:
    return f"({' or '.join(asked)})"


def _all(asked: Iterable[str]) -> str:
    return f"({' and '.join(asked)})"
