"""The shape of the store file: one row per document, one revision counter, one version."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

from primetui.adapters.plain import shown
from primetui.errors import RepositoryError

SCHEMA: Final = 2
"""The layout this PrimeTUI writes; a store keeps its own in SQLite's user_version.

1: the change feed in the rows, expression indexes, no stamps.
2: a stamp on every row, fields in columns of their own, tallies.
"""
APPLICATION_ID: Final = 0x5052494D
"""Four letters, PRIM, that tell our file from any other SQLite file."""

FieldPath = tuple[str, ...]
"""Where a field sits in a document: ("ship_to", "country") is document["ship_to"]["country"]."""
Found = tuple[Any, ...]
"""What a document is found by, column by column; None where SQL cannot compare it."""

COLUMNS: Final = ("found1", "found2", "found3", "found4")
"""Where a row keeps the fields it is found by, in the order the layout names them."""

_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100
_USER_VERSION: Final = slice(60, 64)
_OLDEST_SQLITE: Final = (3, 37, 0)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LARGEST: Final = 2**63 - 1

_TABLES: Final = {
    "doc": """CREATE TABLE doc(
        n INTEGER PRIMARY KEY,  -- order of arrival, which is TinyDB's order
        tbl TEXT NOT NULL,
        id TEXT NOT NULL,
        mark INTEGER NOT NULL,  -- checksum of table and id
        stamp INTEGER NOT NULL, -- checksum of table, id and body
        number INTEGER,         -- the id, in tables that number their documents
        found1 ANY, found2 ANY, found3 ANY, found4 ANY,
        body TEXT NOT NULL,     -- JSON
        UNIQUE(tbl, id)
    ) STRICT""",
    "doc_mark": "CREATE INDEX doc_mark ON doc(mark)",
    "doc_number": "CREATE INDEX doc_number ON doc(tbl, number) WHERE number IS NOT NULL",
    "tally": """CREATE TABLE tally(
        tbl TEXT NOT NULL,
        field INTEGER NOT NULL,  -- a column's place; 0 for the table as a whole
        value ANY NOT NULL,
        docs INTEGER NOT NULL,   -- how many documents have it
        marks INTEGER NOT NULL,  -- their marks, one XOR the other
        stamp INTEGER NOT NULL,  -- checksum of the rest
        PRIMARY KEY(tbl, field, value)
    ) STRICT, WITHOUT ROWID""",
    "meta": """CREATE TABLE meta(
        one INTEGER PRIMARY KEY CHECK(one = 1),
        rev INTEGER NOT NULL,    -- the number of the last transaction that wrote
        fields TEXT NOT NULL     -- JSON: which field of which table is in which column
    ) STRICT""",
}


class Statements(Protocol):
    """Runs statements on the tables that a layout draws from the documents."""

    def execute(self, sql: str, values: Sequence[str | int]) -> Sequence[tuple[Any, ...]]:
        """Run one statement; give all its rows."""
        ...


class Moment(Statements, Protocol):
    """Statements at one moment of the store."""

    def revision(self) -> int:
        """Give the number of the last transaction that wrote."""
        ...


@dataclass(frozen=True, slots=True)
class Layout:
    """Which tables have text ids of their own, and which of their fields are indexed.

    Tables outside the layout work too: they number their documents, as TinyDB does.
    """

    indexes: Mapping[str, tuple[FieldPath, ...]] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)
    """What else is to be made, by the name it then has: tables drawn from the documents."""
    carry: Callable[["Moment", str], None] | None = None
    """Fills those tables from the grid of layout 1, whose name it is given."""

    def __post_init__(self) -> None:
        names = [
            *self.indexes,
            *(part for paths in self.indexes.values() for p in paths for part in p),
        ]
        if not all(_NAME.match(name) for name in names):
            raise ValueError("names in a layout become SQL: letters, digits and _ only")
        if any(len(paths) > len(COLUMNS) for paths in self.indexes.values()):
            raise ValueError(f"a table is found by {len(COLUMNS)} fields at most")

    def indexed(self, table: str) -> dict[FieldPath, str]:
        """Give the fields of a table that an index finds, and the column each is in."""
        return dict(zip(self.indexes.get(table, ()), COLUMNS, strict=False))

    def has(self, table: str) -> bool:
        """Tell whether a table's documents come with text ids."""
        return table in self.indexes

    def found(self, table: str, document: Mapping[str, Any]) -> Found:
        """Give what a document is found by, a place for every column."""
        paths = self.indexes.get(table, ())
        values = [_comparable(_at(document, path)) for path in paths]
        return (*values, *[None] * (len(COLUMNS) - len(values)))

    def spelled(self) -> str:
        """Write the indexed fields as the store keeps them."""
        return json.dumps({table: self.indexes[table] for table in sorted(self.indexes)})

    def beside(self, kept: str) -> "Layout":
        """Add what a store has already: a column once given to a field stays that field's."""
        indexes = {table: [tuple(path) for path in paths] for table, paths in _fields(kept)}
        for table, paths in self.indexes.items():
            known = indexes.setdefault(table, [])
            known += [path for path in paths if path not in known]
        return replace(self, indexes={table: tuple(paths) for table, paths in indexes.items()})

    def making(self) -> Iterator[tuple[str, str]]:
        """Give the name of each thing to be made and the statement that makes it."""
        yield from _TABLES.items()
        yield from self.statements.items()
        for table in sorted(self.indexes):
            for column in self.indexed(table).values():
                name = f"doc_{table}_{column}"
                yield name, f'CREATE INDEX "{name}" ON doc({column}, n) WHERE {only(table, self)}'


def _at(document: Mapping[str, Any], path: FieldPath) -> Any:
    value: Any = document
    for part in path:
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def _comparable(value: Any) -> Any:
    """Give a value as a column holds it: only what SQLite and Python compare alike is found."""
    if isinstance(value, str):
        return value if is_whole(value) else None
    if isinstance(value, float) and not value.is_integer():
        return value
    if isinstance(value, int | float) and abs(value) <= _LARGEST:
        return int(value)  # true and 1.0 are 1, for Python as for SQLite
    return None


def is_whole(text: str) -> bool:
    """Tell whether a text has no half of a surrogate pair, which no column takes."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _fields(kept: str) -> Iterator[tuple[str, list[Any]]]:
    try:
        fields = json.loads(kept)
        yield from fields.items()
    except (ValueError, AttributeError):
        raise damaged("which fields are in which column") from None


def only(table: str, layout: Layout) -> str:
    """Write the SQL condition for one table: a literal, or a partial index is not chosen."""
    return f"tbl = '{table}'" if layout.has(table) else "tbl = ?"


def damaged(what: str) -> RepositoryError:
    """Make the error for a file whose parts do not fit together."""
    return RepositoryError(
        f"The store is damaged ({shown(what)}): keep a copy of its folder as it is, then put your "
        "last backup in its place. Nothing was changed."
    )


def changed_meanwhile() -> RepositoryError:
    """Make the error for a store that a newer PrimeTUI has begun to file by other fields."""
    return RepositoryError(
        "A newer PrimeTUI has opened the store meanwhile: end this one and start the newer. "
        "Nothing was changed."
    )


def refuse_old_sqlite() -> None:
    """Refuse a SQLite without the features the store is made of."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        oldest = ".".join(map(str, _OLDEST_SQLITE))
        raise RepositoryError(
            f"This Python comes with SQLite {sqlite3.sqlite_version}; PrimeTUI needs {oldest} "
            "or newer: run it with a newer Python."
        )
    with closing(sqlite3.connect(":memory:")) as trial:
        (has_words,) = trial.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()
    if not has_words:
        raise RepositoryError(
            "This Python comes with a SQLite that cannot search in texts (FTS5): run PrimeTUI "
            "with another Python."
        )


def refuse_foreign_file(path: Path) -> None:
    """Refuse a file of a newer PrimeTUI or of something else by its header, without opening it.

    SQLite itself would write beside a file it opens; reading 100 bytes leaves it untouched.
    """
    with path.open("rb") as stream:
        header = stream.read(_HEADER_BYTES)
    if not header:
        return  # new: ours to shape
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        raise RepositoryError(
            f"{shown(path)} is not a PrimeTUI store: put your last backup in its place, "
            "or choose another folder with --home. Nothing was changed."
        )
    refuse_newer(int.from_bytes(header[_USER_VERSION], "big"), path.parent)


def refuse_newer(found: int, home: Path) -> None:
    """Refuse a store that a newer PrimeTUI has shaped."""
    if found > SCHEMA:
        raise RepositoryError(
            f"The store in {shown(home)} has layout {found}, made by a newer PrimeTUI; this one "
            f"reads up to layout {SCHEMA}: install the newer PrimeTUI. Nothing was changed."
        )
