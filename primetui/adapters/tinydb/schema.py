"""The shape of the store file: one row per document, one revision counter, one version."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from primetui.adapters.plain import shown
from primetui.errors import RepositoryError

SCHEMA: Final = 1
"""The layout this PrimeTUI writes; a store keeps its own in SQLite's user_version."""
APPLICATION_ID: Final = 0x5052494D
"""Four letters, PRIM, that tell our file from any other SQLite file."""

FieldPath = tuple[str, ...]
"""Where a field sits in a document: ("ship_to", "country") is document["ship_to"]["country"]."""

_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100
_USER_VERSION: Final = slice(60, 64)
_OLDEST_SQLITE: Final = (3, 37, 0)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")

_TABLES: Final = """
CREATE TABLE doc(
    n INTEGER PRIMARY KEY,  -- order of arrival, which is TinyDB's order
    tbl TEXT NOT NULL,
    id TEXT NOT NULL,
    rev INTEGER NOT NULL,   -- the transaction that wrote it last
    body TEXT,              -- JSON; NULL once removed, so that the change feed can tell
    UNIQUE(tbl, id)
) STRICT;
CREATE INDEX doc_rev ON doc(rev);
CREATE TABLE meta(one INTEGER PRIMARY KEY CHECK(one = 1), rev INTEGER NOT NULL) STRICT;
INSERT INTO meta(one, rev) VALUES(1, 0);
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which tables have text ids of their own, and which of their fields are indexed.

    Tables outside the layout work too: they number their documents, as TinyDB does.
    """

    indexes: Mapping[str, tuple[FieldPath, ...]] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)
    """What else is to be made, by the name it then has: tables drawn from the documents."""

    def __post_init__(self) -> None:
        names = [
            *self.indexes,
            *(part for paths in self.indexes.values() for p in paths for part in p),
        ]
        if not all(_NAME.match(name) for name in names):
            raise ValueError("names in a layout become SQL: letters, digits and _ only")

    def indexed(self, table: str) -> frozenset[FieldPath]:
        """Give the fields of a table that an index finds."""
        return frozenset(self.indexes.get(table, ()))

    def has(self, table: str) -> bool:
        """Tell whether a table's documents come with text ids."""
        return table in self.indexes

    def making(self) -> Iterator[tuple[str, str]]:
        """Give the name of each thing to be made and the statement that makes it."""
        yield from self.statements.items()
        for table, paths in self.indexes.items():
            for path in paths:
                name = "_".join(("doc", table, *path))
                yield (
                    name,
                    f'CREATE INDEX "{name}" ON doc({extract(path)}, n) WHERE {only(table, self)}',
                )


def extract(path: FieldPath) -> str:
    """Write the SQL that reads an indexed field; an index is found by this very text."""
    return f"json_extract(body, '$.{'.'.join(path)}')"


def only(table: str, layout: Layout) -> str:
    """Write the SQL condition for one table: a literal, or a partial index is not chosen."""
    return f"tbl = '{table}'" if layout.has(table) else "tbl = ?"


def refuse_old_sqlite() -> None:
    """Refuse a SQLite without the features the store is made of."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        oldest = ".".join(map(str, _OLDEST_SQLITE))
        raise RepositoryError(
            f"This Python comes with SQLite {sqlite3.sqlite_version}; PrimeTUI needs {oldest} "
            "or newer: run it with a newer Python."
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


def shape(connection: sqlite3.Connection, layout: Layout, path: Path) -> None:
    """Bring a file into the current layout; the caller holds the writers' lock."""
    version = _pragma(connection, "user_version")
    refuse_newer(version, path.parent)
    if version == 0:
        _refuse_foreign_tables(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(
            f"BEGIN IMMEDIATE; {_TABLES} PRAGMA application_id = {APPLICATION_ID};"
            f"PRAGMA user_version = {SCHEMA}; COMMIT;"
        )
    present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    for name, statement in layout.making():
        if name not in present:
            connection.execute(statement)


def is_shaped(connection: sqlite3.Connection, layout: Layout) -> bool:
    """Tell, without any lock, whether `shape` would have nothing to do."""
    if _pragma(connection, "user_version") != SCHEMA:
        return False
    present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    return present.issuperset(name for name, _ in layout.making())


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)


def _refuse_foreign_tables(connection: sqlite3.Connection, path: Path) -> None:
    foreign = connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,)
    if foreign or _pragma(connection, "application_id") not in {0, APPLICATION_ID}:
        raise RepositoryError(
            f"{shown(path)} belongs to another program: choose another folder with --home. "
            "Nothing was changed."
        )
