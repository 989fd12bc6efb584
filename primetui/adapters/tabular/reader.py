"""Reads a CSV or TSV file as a table: in flat memory, whatever somebody put into it."""

import csv
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from primetui.adapters.tabular.encoding import Encoding, encoding_of, named_encoding
from primetui.errors import ConfigError
from primetui.ports.tables import TableFault, TableForm, TableRow

LONGEST_LINE: Final = 200_000
"""Characters; no row of orders comes near it."""
_DELIMITERS: Final = "\t,;|"
_NO_CELLS: Final = ""
"""What stands for a line that is too long, so that the lines are still counted right."""


class TextTable:
    """A delimited text file that is read once, from its header on."""

    def __init__(self, text: TextIO, encoding: Encoding, path: Path) -> None:
        self._text = text
        self._path = path
        self._encoding = encoding
        self._line = 0
        self._too_long: set[int] = set()
        first = self._first_line()
        delimiter = max(_DELIMITERS, key=first.count)
        self.form = TableForm(encoding.name, encoding.guessed, delimiter)
        cells = (
            _tab_cells(first)
            if delimiter == "\t"
            else next(csv.reader([first], delimiter=delimiter))
        )
        self.header = tuple(cell.strip() for cell in cells)

    def rows(self) -> Iterator[TableRow | TableFault]:
        """Read the rows that follow; a blank line is none."""
        yield from self._tabbed() if self.form.delimiter == "\t" else self._quoted()

    @contextmanager
    def _misreadings(self) -> Iterator[None]:
        """Say in words that the file is not what it was taken for, or is gone."""
        try:
            yield
        except UnicodeError:
            raise ConfigError(
                f"{self._path} is not text in {self._encoding.name} after line {self._line}: name "
                "another with --encoding NAME"
            ) from None
        except OSError as error:
            raise ConfigError(f"{self._path} cannot be read: {error.strerror}.") from None

    def _first_line(self) -> str:
        """Read the header, below blank lines perhaps."""
        for line in self._lines():
            if line.strip():
                return line
            if self._too_long:
                break
        raise ConfigError(f"{self._path}: it has no header: the first row names the columns.")

    def _tabbed(self) -> Iterator[TableRow | TableFault]:
        """Read cells between tabs; a quotation mark in them is just one."""
        for line in self._lines():
            if self._line in self._too_long:
                yield _too_long(self._line)
            elif line.strip():
                yield TableRow(self._line, _tab_cells(line))

    def _quoted(self) -> Iterator[TableRow | TableFault]:
        """Read cells that may be quoted, with delimiters and line breaks inside."""
        rows = csv.reader(self._lines(), delimiter=self.form.delimiter)
        while True:
            begin = self._line + 1
            try:
                cells = next(rows, None)
            except csv.Error:
                yield TableFault(begin, "a cell whose quotation marks close")
                continue
            if cells is None:
                return
            if self._too_long.intersection(range(begin, self._line + 1)):
                yield _too_long(begin)
            elif any(cell.strip() for cell in cells):
                yield TableRow(begin, tuple(cells))

    def _lines(self) -> Iterator[str]:
        """Read line by line and count; of one that is too long no more than its place is kept."""
        while line := self._piece():
            self._line += 1
            if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
                self._too_long.add(self._line)
                self._skip_line()
                yield _NO_CELLS
            else:
                yield line

    def _skip_line(self) -> None:
        while piece := self._piece():
            if piece.endswith(("\n", "\r")):
                return

    def _piece(self) -> str:
        with self._misreadings():
            return self._text.readline(LONGEST_LINE)


@contextmanager
def open_table(path: Path, encoding: str | None = None) -> Iterator[TextTable]:
    """Open a file of orders; ConfigError for one that cannot be read as a table."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ConfigError(f"{path} is no file.")
        found = named_encoding(encoding) if encoding else encoding_of(path)
        text = path.open(encoding=found.codec, newline="")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None
    with text:
        yield TextTable(text, found, path)


def _tab_cells(line: str) -> tuple[str, ...]:
    """Cut a line at its tabs; a spreadsheet may have quoted a cell that holds a quotation mark."""
    return tuple(_unquoted(cell) for cell in line.rstrip("\r\n").split("\t"))


def _unquoted(cell: str) -> str:
    inner = cell[1:-1]
    whole = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', "")
    return inner.replace('""', '"') if whole else cell


def _too_long(line: int) -> TableFault:
    return TableFault(line, f"a row of at most {LONGEST_LINE:,} characters")
