"""What a grid shows: cells, rows and columns, and how columns share the width there is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from primetui.present import plain

GUTTER = 2
"""Cells before the first column: the cursor's sign and the mark."""
GAP = 1
"""Blank cells before every column."""


class Tone(StrEnum):
    """What a piece of text means; the theme gives it colours, the text must say it too."""

    PLAIN = "plain"
    MUTED = "muted"
    STRONG = "strong"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    PRIME = "prime"


class Span(NamedTuple):
    """A piece of text in one tone."""

    text: str
    tone: Tone = Tone.PLAIN


Cell = tuple[Span, ...]
LiveCell = Callable[[], Cell]
"""A cell that changes with time, asked again at every paint and every tick."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a grid: what it stands for, and a cell per column."""

    id: str
    cells: tuple[Cell | LiveCell, ...]

    def cell(self, index: int) -> Cell:
        """Give a cell as it is now."""
        cell = self.cells[index]
        return cell() if callable(cell) else cell


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, its least width, and what becomes of it when room is short."""

    key: str
    title: str
    width: int
    """Least cells."""
    flex: int = 0
    """Share of the room that is left over."""
    rank: int = 0
    """0 is never dropped; the highest rank is dropped first."""
    right: bool = False
    """Numbers stand on the right."""


class Place(NamedTuple):
    """Where a column stands: its number among all columns, its first cell and its width."""

    column: int
    x: int
    width: int


def layout(
    columns: Sequence[Column], width: int, hidden: frozenset[str] = frozenset()
) -> tuple[Place, ...]:
    """Share `width` cells among the columns, dropping the least important until the rest fit."""
    kept = [index for index, column in enumerate(columns) if column.key not in hidden]
    while _needed(columns, kept) > width and (victim := _least(columns, kept)) is not None:
        kept.remove(victim)
    spare = max(0, width - _needed(columns, kept))
    shares = sum(columns[index].flex for index in kept)
    places: list[Place] = []
    x = GUTTER
    for index in kept:
        column = columns[index]
        extra = spare * column.flex // shares if shares else 0
        spare, shares = spare - extra, shares - column.flex
        size = max(0, min(column.width + extra, width - x - GAP))
        places.append(Place(index, x + GAP, size))
        x += GAP + size
    return tuple(place for place in places if place.width)


def _needed(columns: Sequence[Column], kept: list[int]) -> int:
    return GUTTER + sum(GAP + columns[index].width for index in kept)


def _least(columns: Sequence[Column], kept: list[int]) -> int | None:
    droppable = [index for index in kept if columns[index].rank]
    return max(droppable, key=lambda index: (columns[index].rank, index), default=None)


def fit(cell: Cell, width: int, *, right: bool = False) -> list[Span]:
    """Cut or pad a cell to exactly `width` terminal cells; an ellipsis shows a cut.

    Whatever a source forgot to escape is escaped here, so that widths can be trusted.
    """
    spans = [Span(plain(span.text), span.tone) for span in cell]
    used = sum(cell_len(span.text) for span in spans)
    if used <= width:
        pad = Span(" " * (width - used))
        return [pad, *spans] if right else [*spans, pad]
    room = width - 1
    fitted: list[Span] = []
    for span in spans:
        size = min(room, cell_len(span.text))
        fitted.append(Span(set_cell_size(span.text, size), span.tone))
        room -= size
        if room <= 0:
            break
    return [*fitted, Span("…", Tone.MUTED)] if width else []
