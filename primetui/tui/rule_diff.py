"""A difference as it is looked at: changes counted, or orders one by one, narrowed by a text."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.rules.run import Change
from primetui.domain.shipment import OrderId
from primetui.present import rules as words
from primetui.tui.widgets.columns import Column, Row, Span, Tone
from primetui.tui.widgets.rows import ListedRows, RowSource
from primetui.usecases.reprocess_rules import Diff, Group, Left, OrderDiff

COLUMNS: Final = (
    Column("what", "", 19),
    Column("change", "Change", 28, flex=2),
    Column("rule", "Rule", 14, flex=1, rank=1),
)

Listed = OrderDiff | tuple[OrderId, Left]
"""An order that would change, or one that is left alone."""


@dataclass(slots=True)
class DiffView:
    """What of a difference is on the screen."""

    diff: Diff
    zone: ZoneInfo
    by_order: bool = False
    """Orders one by one; else equal changes, counted."""
    typed: str = ""
    """Only what holds this text, whatever its capitals."""
    only: Change | None = None
    """Only orders with this very change."""
    groups: tuple[Group, ...] = field(init=False)
    _told: dict[int, str] = field(default_factory=dict)
    """The words of each change, which many orders have."""

    def __post_init__(self) -> None:
        """Count, once."""
        self.groups = self.diff.groups()

    def source(self) -> RowSource:
        """List what is looked at."""
        if self.by_order:
            return OrderRows(self, [one for one in self._orders() if self._fits(one)])
        return ListedRows(
            [
                self._group_row(number, group)
                for number, group in enumerate(self.groups)
                if self._holds(self._words(group.change))
            ]
        )

    def _group_row(self, number: int, group: Group) -> Row:
        counted = Span(f"{group.orders:>7,} ×", Tone.STRONG)
        change = Span(words.change(group.change, self.zone))
        rule = Span(words.rule_name(group.change.rule), Tone.MUTED)
        return Row(str(number), ((counted,), (change,), (rule,)))

    def _orders(self) -> list[Listed]:
        if self.only is not None:
            return [one for one in self.diff.changed if self.only in one.changes]
        return [*self.diff.changed, *self.diff.skipped]

    def _fits(self, one: Listed) -> bool:
        if isinstance(one, tuple):
            return self._holds(f"{one[0]} {words.left_alone(one[1])}")
        return self._holds(one.order_id) or any(self._holds(self._words(c)) for c in one.changes)

    def _holds(self, said: str) -> bool:
        return self.typed.casefold() in said.casefold()

    def _words(self, change: Change) -> str:
        """Write a change and its rule, once for each that was made."""
        if id(change) not in self._told:
            told = words.change(change, self.zone)
            self._told[id(change)] = f"{told} {words.rule_name(change.rule)}"
        return self._told[id(change)]

    def listed_ids(self) -> tuple[OrderId, ...]:
        """Name the orders that all rows stand for."""
        if self.by_order:
            return tuple(_id(one) for one in self._orders() if self._fits(one))
        shown = [n for n, g in enumerate(self.groups) if self._holds(self._words(g.change))]
        return self.orders_of({str(number) for number in shown})

    def change_of(self, row_id: str) -> Change:
        """Give the change that a counted row stands for."""
        return self.groups[int(row_id)].change

    def orders_of(self, row_ids: Collection[str]) -> tuple[OrderId, ...]:
        """Name the orders that rows stand for, each once; orders left alone are none."""
        if self.by_order:
            return tuple(one.order_id for one in self.diff.changed if one.order_id in row_ids)
        changes = {self.change_of(row_id) for row_id in row_ids}
        return tuple(
            one.order_id for one in self.diff.changed if not changes.isdisjoint(one.changes)
        )


class OrderRows:
    """Orders one by one, any number; a row is made when it comes into sight."""

    def __init__(self, view: DiffView, listed: Sequence[Listed]) -> None:
        self._zone = view.zone
        self._listed = listed

    def count(self) -> int:
        """Count the orders."""
        return len(self._listed)

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Make some of the rows."""
        return [_order_row(one, self._zone) for one in self._listed[start:stop]]

    def position(self, row_id: str) -> int | None:
        """Tell where an order stands."""
        return next((n for n, one in enumerate(self._listed) if _id(one) == row_id), None)


def _id(one: Listed) -> OrderId:
    return one[0] if isinstance(one, tuple) else one.order_id


def _order_row(one: Listed, zone: ZoneInfo) -> Row:
    if isinstance(one, tuple):
        told = Span(f"left alone: {words.left_alone(one[1])}", Tone.WARN)
        return Row(one[0], ((Span(one[0]),), (told,), ()))
    would = ", ".join(words.change(change, zone) for change in one.changes)
    kept = f"; {one.kept} kept as a hand left it" if one.kept else ""
    rules = ", ".join(dict.fromkeys(words.rule_name(change.rule) for change in one.changes))
    cells = (Span(one.order_id),), (Span(would), Span(kept, Tone.MUTED)), (Span(rules),)
    return Row(one.order_id, cells)
