"""Making a store file, and bringing one of an older layout into today's, all or nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from primetui.adapters.documents.rows import decode
from primetui.adapters.plain import shown
from primetui.adapters.tinydb.rows import Transaction
from primetui.adapters.tinydb.schema import (
    APPLICATION_ID,
    SCHEMA,
    Layout,
    damaged,
    refuse_newer,
)
from primetui.errors import RepositoryError

_FORMER: Final = "former_"
"""How the tables of an older layout are called while today's are filled from them."""
_GRID: Final = "grid"


def fitting(connection: sqlite3.Connection, layout: Layout) -> Layout | None:
    """Give the layout a file is in when there is nothing to do about it, without any lock."""
    if _pragma(connection, "user_version") != SCHEMA:
        return None
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise damaged("its mark is not ours")
    present = _present(connection)
    tables = {name for name, sql in layout.making() if sql.startswith("CREATE TABLE")}
    if missing := sorted(tables - present.keys()):
        raise damaged(f"{', '.join(missing)} cannot be found")
    whole = layout.beside(_fields(connection))
    if whole.spelled() != _fields(connection):
        return None
    return whole if all(present.get(name) == sql for name, sql in whole.making()) else None


def shape(connection: sqlite3.Connection, layout: Layout, path: Path) -> None:
    """Bring a file into the current layout; the caller holds the writers' lock."""
    version = _pragma(connection, "user_version")
    refuse_newer(version, path.parent)
    if version == 0:
        _refuse_foreign_tables(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
    bring = {0: _make, 1: _carry}.get(version, _extend)
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        bring(connection, layout)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _make(connection: sqlite3.Connection, layout: Layout, revision: int = 0) -> None:
    """Make everything, empty."""
    _make_missing(connection, layout)
    connection.execute(
        "INSERT INTO meta(one, rev, fields) VALUES(1, ?, ?)", (revision, layout.spelled())
    )


def _extend(connection: sqlite3.Connection, layout: Layout) -> None:
    """Add what this PrimeTUI has beyond the one that shaped the file."""
    kept = _fields(connection)
    whole = layout.beside(kept)
    _make_missing(connection, whole)
    connection.execute("UPDATE meta SET fields = ?", (whole.spelled(),))
    before = Layout().beside(kept)
    transaction = Transaction(connection, whole, whole.spelled())
    for table, paths in whole.indexes.items():
        if paths != before.indexes.get(table):
            transaction.refile(table)
    transaction.settle()


def _carry(connection: sqlite3.Connection, layout: Layout) -> None:
    """Fill today's tables from those of layout 1, which had no stamps and kept removed rows."""
    present = _present(connection)
    former = [name for name in ("doc", "meta", _GRID) if name in present]
    if _GRID in former and layout.carry is None:
        raise ValueError("only who knows the grid can carry it along")
    for name in present.keys() - former:
        connection.execute(f'DROP INDEX "{name}"')
    for name in former:
        connection.execute(f"ALTER TABLE {name} RENAME TO {_FORMER}{name}")
    (revision,) = connection.execute(f"SELECT rev FROM {_FORMER}meta").fetchone()  # noqa: S608 - our own names
    _make(connection, layout, revision)
    transaction = Transaction(connection, layout, layout.spelled())
    with closing(
        connection.execute(
            f"SELECT tbl, id, body FROM {_FORMER}doc WHERE body IS NOT NULL ORDER BY n"  # noqa: S608 - same
        )
    ) as rows:
        for table, id_, body in rows:
            transaction.put(table, id_, decode(table, id_, body))
    transaction.settle()
    if layout.carry is not None and _GRID in former:
        layout.carry(transaction, _FORMER + _GRID)
    for name in former:
        connection.execute(f"DROP TABLE {_FORMER}{name}")


def _make_missing(connection: sqlite3.Connection, layout: Layout) -> None:
    present = _present(connection)
    for name, statement in layout.making():
        if name not in present:
            _execute(connection, name, statement)
        elif present[name] != statement:
            raise damaged(f"{name} is not as it was made")


def _execute(connection: sqlite3.Connection, name: str, statement: str) -> None:
    """Make one thing; that it is there under another name is what a flipped bit does to a name."""
    try:
        connection.execute(statement)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        raise damaged(f"{name} cannot be made") from error


def _present(connection: sqlite3.Connection) -> dict[str, str]:
    """Give what there is in a file, by name, and the statements that made it."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return dict(rows.fetchall())


def _fields(connection: sqlite3.Connection) -> str:
    rows = connection.execute("SELECT fields FROM meta").fetchall()
    return str(rows[0][0]) if rows else ""


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
