"""Where a grid's rows come from, and those of them that are at hand."""

from collections.abc import Sequence
from typing import Final, Protocol

from primetui.tui.widgets.columns import Row

BLOCK: Final = 64
"""Rows asked for at once."""
BLOCKS_KEPT: Final = 8


class RowSource(Protocol):
    """Where a grid's rows come from; asked for little and often, so it must answer at once."""

    def count(self) -> int:
        """Count the rows."""

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Give the rows from `start` to before `stop`; fewer where they end."""

    def position(self, row_id: str) -> int | None:
        """Tell where a row stands, or None if it is not among them."""


class ListedRows:
    """A source for lists short enough to be held whole."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self._rows = tuple(rows)
        self._positions = {row.id: position for position, row in enumerate(self._rows)}

    def count(self) -> int:
        """Count the rows."""
        return len(self._rows)

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Give some of the rows."""
        return self._rows[start:stop]

    def position(self, row_id: str) -> int | None:
        """Tell where a row stands."""
        return self._positions.get(row_id)


class Rows:
    """A source seen through a few blocks of rows kept at hand."""

    def __init__(self, source: RowSource) -> None:
        self.source = source
        self.count = source.count()
        self._blocks: dict[int, Sequence[Row]] = {}

    def at(self, index: int) -> Row | None:
        """Give a row, asking the source for its block if it is not at hand."""
        if not 0 <= index < self.count:
            return None
        number, offset = divmod(index, BLOCK)
        block = self._blocks.get(number)
        if block is None:
            block = self._blocks[number] = self._fetch(number)
        return block[offset] if offset < len(block) else None

    def _fetch(self, number: int) -> Sequence[Row]:
        while len(self._blocks) >= BLOCKS_KEPT:
            del self._blocks[next(iter(self._blocks))]
        return self.source.rows(number * BLOCK, min((number + 1) * BLOCK, self.count))
