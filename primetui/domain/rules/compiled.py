"""Rules as one generated function over light rows: what runs at import and over 100,000 orders.

Nothing a person typed becomes code: the code holds our own words and numbers, and what was typed
is handed to it as constants.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from primetui.domain.rules import effects
from primetui.domain.rules.actions import VERBS
from primetui.domain.rules.fields import FIELDS
from primetui.domain.rules.hands import Hands, as_if_never_run
from primetui.domain.rules.model import Criterion, Rule
from primetui.domain.rules.operators import CASED, folded
from primetui.domain.rules.questions import Constants, question
from primetui.domain.rules.view import View


class Column(NamedTuple):
    """A cell of a row: a field, in the spelling that its criteria compare."""

    field: str
    cased: bool

    def cell(self, view: View) -> Any:
        """Read the field of an order."""
        return spelled_fact(FIELDS[self.field].read(view), cased=self.cased)


HANDS: Final = "hands"
"""The cell that holds what hands did, in rows of rules that change what later ones see."""

Row = tuple[Any, ...]


Match = tuple[int, tuple[Any, ...]]
"""A rule that matched, by its position in the program, and what its criteria saw."""

Run = Callable[[Row, datetime], list[Match]]


@dataclass(frozen=True, slots=True)
class Program:
    """Rules ready to run."""

    rules: tuple[Rule, ...]
    columns: tuple[Column, ...]
    with_hands: bool
    """Rows end with what hands did."""
    run: Run
    """Gives the rules that match a row at a moment, up to the first that stops."""
    code: str
    """What was generated, for the curious."""

    @property
    def asks_of_person(self) -> bool:
        """Tell whether a rule asks for what names the buyer."""
        return any(FIELDS[column.field].of_person for column in self.columns)

    def row(self, view: View, hands: Hands) -> Row:
        """Read what the rules ask about an order that no rule has run on."""
        cells = [column.cell(view) for column in self.columns]
        return (*cells, hands) if self.with_hands else tuple(cells)

    def matches(self, view: View, now: datetime, hands: Hands) -> list[Match]:
        """Find the rules that match an order, given what hands did to it."""
        base = View(as_if_never_run(view.record, hands), view.setting)
        return self.run(self.row(base, hands), now)


def spelled_fact(fact: Any, *, cased: bool) -> Any:
    """Spell the texts of a fact as criteria compare them."""
    match fact:
        case str():
            return folded(fact, cased=cased)
        case frozenset():
            return frozenset(folded(text, cased=cased) for text in fact)
        case tuple() if type(fact) is tuple:
            return tuple([folded(text, cased=cased) for text in fact])
        case _:
            return fact


def compile_rules(
    rules: Iterable[Rule], zone: ZoneInfo, columns: Sequence[Column] | None = None
) -> Program:
    """Compile rules that are on and whole; rows hold the columns given, or just those needed."""
    chosen = tuple(rules)
    wanted = tuple(dict.fromkeys(_column(c) for rule in chosen for c in rule.criteria))
    laid_out = wanted if columns is None else tuple(columns)
    writer = _Writer(laid_out, zone)
    source = writer.program(chosen)
    namespace: dict[str, Any] = dict(writer.constants.values)
    exec(compile(source, "<rules>", "exec"), namespace)  # noqa: S102 - our own words only: see the module's docstring
    return Program(chosen, laid_out, writer.with_hands, namespace["run"], source)


def _column(criterion: Criterion) -> Column:
    return Column(criterion.field, criterion.cased)


class _Writer:
    """Writes the function for some rules."""

    def __init__(self, columns: tuple[Column, ...], zone: ZoneInfo) -> None:
        self.constants = Constants()
        self.with_hands = False
        self._columns = columns
        self._zone = zone

    def program(self, rules: tuple[Rule, ...]) -> str:
        """Write the whole of it."""
        body: list[str] = []
        for position, rule in enumerate(rules):
            later = {_column(c) for other in rules[position + 1 :] for c in other.criteria}
            body += self._rule(position, rule, later)
        used = {_column(c) for rule in rules for c in rule.criteria}
        cells = [
            f"    {self._cell(column)} = row[{self._columns.index(column)}]"
            for column in self._columns
            if column in used
        ]
        hands = [f"    {HANDS} = row[{len(self._columns)}]"] if self.with_hands else []
        lines = ["def run(row, now):", *cells, *hands, "    found = []", *body, "    return found"]
        return "\n".join([*self.constants.functions, *lines, ""])

    def _rule(self, position: int, rule: Rule, later: set[Column]) -> list[str]:
        """Write one rule: what it asks, what it saw, what it changes for later ones."""
        asked = " and ".join(map(self._question, rule.criteria)) or "True"
        seen = "".join(f"{self._cell(_column(c))}, " for c in rule.criteria)
        lines = [f"    if {asked}:", f"        found.append(({position}, ({seen})))"]
        if rule.stop:
            return [*lines, "        return found"]
        return [*lines, *self._effects(rule, later)]

    def _question(self, criterion: Criterion) -> str:
        return question(criterion, self._cell(_column(criterion)), self._zone, self.constants)

    def _effects(self, rule: Rule, later: set[Column]) -> Iterable[str]:
        for action in rule.actions:
            field = effects.touched_field(VERBS[action.verb])
            for column in self._columns:
                if column.field == field and column in later:
                    self.with_hands = True
                    change = effects.effect(action, self._zone, _spelling(column))
                    cell = self._cell(column)
                    yield f"        {cell} = {self.constants.name(change)}({cell}, {HANDS})"

    def _cell(self, column: Column) -> str:
        return f"cell_{self._columns.index(column)}"


def _spelling(column: Column) -> effects.Spelling:
    return lambda text: folded(text, cased=column.cased)


def all_columns() -> tuple[Column, ...]:
    """Lay out rows that any rule can be run over, for previews while one is typed."""
    return tuple(
        Column(field.name, cased)
        for field in FIELDS.values()
        for cased in ((False, True) if field.kind in CASED else (False,))
    )
