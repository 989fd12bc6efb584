"""What a rule would match while it is typed, and how often each rule fired: for the rule screen."""

from array import array
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from primetui.domain.handling import RuleId
from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.rules.compiled import Column, all_columns, compile_rules
from primetui.domain.rules.fields import FIELDS
from primetui.domain.rules.hands import as_if_never_run, hands_on
from primetui.domain.rules.model import Criterion, Rule
from primetui.domain.rules.run import Change, differences
from primetui.domain.rules.view import Setting, View
from primetui.domain.shipment import OrderId
from primetui.errors import RepositoryError
from primetui.ports import Desk
from primetui.usecases.run_rules import Runner

RECENT: Final = timedelta(days=30)
CHUNK: Final = 500
"""Orders between two chances to answer a question, or to stop."""

_COLUMNS: Final[tuple[Column, ...]] = tuple(
    column for column in all_columns() if not FIELDS[column.field].of_person
)
"""Who the buyers are is not kept in memory for a preview."""


@dataclass(slots=True)
class Cells:
    """One column of the table: each value once, and which of them every order has."""

    values: list[Any] = field(default_factory=list)
    codes: "array[int]" = field(default_factory=lambda: array("I"))
    """By order, the place of its value."""
    _places: dict[Any, int] = field(default_factory=dict)

    def add(self, value: Any) -> None:
        """Take in the next order's value."""
        place = self._places.setdefault(value, len(self.values))
        if place == len(self.values):
            self.values.append(value)
        self.codes.append(place)


@dataclass(slots=True)
class OrderTable:
    """The orders that await shipment, laid out so that a rule is put to all of them at once."""

    revision: int
    """Of the documents: at another one it is time for another table."""
    setting: Setting
    ids: list[OrderId] = field(default_factory=list)
    columns: dict[Column, Cells] = field(default_factory=lambda: {c: Cells() for c in _COLUMNS})
    complete: bool = False
    """False while it still grows."""

    def can_show(self, rule: Rule) -> bool:
        """Tell whether a rule can be previewed: one that asks who the buyer is cannot."""
        return not any(FIELDS[criterion.field].of_person for criterion in rule.criteria)

    def matches(self, rule: Rule, now: datetime) -> list[OrderId]:
        """Name the orders that a rule that is whole, alone, would match.

        A question is put to each different value once, and only to orders that met those before.
        """
        rows: Sequence[int] = range(len(self.ids))
        for criterion in rule.criteria:
            rows = self._meeting(criterion, rows, now)
        return [self.ids[row] for row in rows]

    def add(self, record: OrderRecord) -> None:
        """Lay out one more order, as it would be had no rule ever run."""
        view = View(as_if_never_run(record, hands_on(record)), self.setting)
        self.ids.append(record.order.id)
        for column, cells in self.columns.items():
            cells.add(column.cell(view))

    def _meeting(self, criterion: Criterion, rows: Sequence[int], now: datetime) -> list[int]:
        column = Column(criterion.field, criterion.cased)
        alone = Rule(criteria=(criterion,))
        ask = compile_rules([alone], self.setting.account.zone, (column,)).run
        values, codes = self.columns[column].values, self.columns[column].codes
        if len(rows) < len(values):
            return [row for row in rows if ask((values[codes[row]],), now)]
        met = [bool(ask((value,), now)) for value in values]
        return [row for row in rows if met[codes[row]]]


def blank_table(desk: Desk) -> OrderTable:
    """Begin a table that no order is laid out in yet."""
    reads = desk.repository
    return OrderTable(reads.revision(), Setting.of(reads.stores(), reads.account()))


def filling(desk: Desk, table: OrderTable) -> Iterator[None]:
    """Lay out the orders that await shipment; seconds for 100,000.

    The table can be asked between two steps; after the last it is complete.
    """
    with closing(desk.repository.each_order(OrderStatus.AWAITING_SHIPMENT)) as found:
        for record in found:
            if isinstance(record, RepositoryError):
                continue
            table.add(record)
            if len(table.ids) % CHUNK == 0:
                yield
    table.complete = True


def tabulate(desk: Desk) -> OrderTable:
    """Lay out the orders that await shipment, all in one go."""
    table = blank_table(desk)
    for _ in filling(desk, table):
        pass
    return table


def would_change(
    desk: Desk, rule: Rule, ids: Sequence[OrderId]
) -> tuple[tuple[OrderId, tuple[Change, ...]], ...]:
    """Tell what a rule, alone, would change in orders that it matches; nothing is changed."""
    reads = desk.repository
    setting = Setting.of(reads.stores(), reads.account())
    alone = Runner(compile_rules([rule], setting.account.zone), setting)
    now = desk.clock.now()
    records = [reads.sealed_order(id_) for id_ in ids]
    return tuple((r.order.id, differences(alone.plan(r, now))) for r in records if r is not None)


@dataclass(slots=True)
class Hits:
    """How often a rule fired."""

    recently: int = 0
    """Orders in the last thirty days."""
    last: datetime | None = None


def counting(desk: Desk, hits: dict[RuleId, Hits]) -> Generator[None, None, None]:
    """Count on which stored orders each rule fired, step by step; rules that never did stay out."""
    since = desk.clock.now() - RECENT
    seen = 0
    for status in OrderStatus:
        with closing(desk.repository.each_order(status)) as found:
            for record in found:
                seen += 1
                if isinstance(record, OrderRecord):
                    _count(hits, record, since)
                if seen % CHUNK == 0:
                    yield


def count_hits(desk: Desk) -> Mapping[RuleId, Hits]:
    """Count on which stored orders each rule fired, all in one go."""
    hits: dict[RuleId, Hits] = {}
    for _ in counting(desk, hits):
        pass
    return hits


def _count(hits: dict[RuleId, Hits], record: OrderRecord, since: datetime) -> None:
    for fired in record.handling.fired:
        one = hits.setdefault(fired.rule_id, Hits())
        one.recently += fired.at >= since
        one.last = max(fired.at, one.last or fired.at)
