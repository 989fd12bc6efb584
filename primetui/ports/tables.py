"""A table from outside: a header and rows, as a file of orders has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, with the line of the file it begins on."""

    line: int
    cells: tuple[str, ...]

    def __repr__(self) -> str:
        """Show no cell: they name people."""
        return f"TableRow(line {self.line}, {len(self.cells)} cells)"


@dataclass(frozen=True, slots=True)
class TableFault:
    """A row that is none, and what was expected in its place."""

    line: int
    expected: str


@dataclass(frozen=True, slots=True)
class TableForm:
    """How a table is written, as far as it had to be found out."""

    encoding: str
    """In words for people, such as UTF-8 or Shift-JIS."""
    guessed: bool
    """Nothing in the file proves the encoding."""
    delimiter: str


class Table(Protocol):
    """A table that is read once, row by row, however long it is."""

    @property
    def form(self) -> TableForm:
        """Say how it is written."""
        ...

    @property
    def header(self) -> tuple[str, ...]:
        """Give the names of the columns, as they are written."""
        ...

    def rows(self) -> Iterator[TableRow | TableFault]:
        """Read the rows. May raise a ConfigError when the file cannot be read to its end."""
        ...
