"""What one connection reads and writes: documents as rows, and the revision they belong to.

Nothing read is believed without a second witness: a row carries a stamp of its content, a search
is counted against the tallies, and a document is only missing when two indexes say so.
"""

import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import Any, Final, NamedTuple

from primetui.adapters.documents.rows import Document, decode, encode
from primetui.adapters.tinydb import schema
from primetui.adapters.tinydb.narrowing import among
from primetui.adapters.tinydb.schema import COLUMNS, Found, Layout, damaged
from primetui.adapters.tinydb.stamps import mark_of, stamp_of
from primetui.adapters.tinydb.tally import NOTHING, Sum, Tally
from primetui.adapters.tinydb.where import EVERYTHING, Where

_FOUND = ", ".join(COLUMNS)
_INSERT = (
    f"INSERT INTO doc(tbl, id, mark, stamp, number, body, {_FOUND}) "
    f"VALUES(?, ?, ?, ?, ?, ?{', ?' * len(COLUMNS)})"
)
_SAME = " AND ".join(f"{column} IS ?" for column in COLUMNS)
_REWRITE = f"UPDATE doc SET stamp = ?, body = ? WHERE tbl = ? AND id = ? AND {_SAME}"  # noqa: S608 - our own names
"""Writes a document that is found by the same fields as before: no index has to know."""
_MOVE = f"UPDATE doc SET stamp = ?, body = ?, {', '.join(f'{c} = ?' for c in COLUMNS)} WHERE n = ?"  # noqa: S608 - our own names


UNBELIEVABLE: Final = ""
"""The text of a document that is not as it was written: no JSON, so whoever reads it says so."""


def bindable(id_: str) -> str:
    """Spell an id so that SQLite takes it: an argument typed in broken bytes is no UTF-8."""
    return id_.encode("utf-8", "backslashreplace").decode()


class Snapshot:
    """Reads of the documents as they were at one moment."""

    def __init__(self, connection: sqlite3.Connection, layout: Layout) -> None:
        self._connection = connection
        self._layout = layout
        self._tally = Tally(connection)

    def get(self, table: str, id_: str) -> Document | None:
        """Read one document."""
        text = self.text(table, id_)
        return None if text is None else decode(table, id_, text)

    def text(self, table: str, id_: str) -> str | None:
        """Read one document as the JSON it is stored in."""
        key = table, bindable(id_)
        row = self._connection.execute(
            "SELECT stamp, CAST(body AS BLOB) FROM doc WHERE tbl = ? AND id = ?", key
        ).fetchone()
        if row is None:
            self._refuse_hidden(*key)
            return None
        return _believed(*key, *row)

    def texts(
        self, table: str, where: Where = EVERYTHING
    ) -> Generator[tuple[str, str], None, None]:
        """Read ids and JSON of a table's documents, in order of arrival, one by one.

        Close it where it may be left early: its rows must not outlive the connection.
        """
        expected = self._expected(table, where)
        rows = self._connection.execute(
            f"SELECT id, stamp, CAST(body AS BLOB) FROM doc WHERE {self._these(table, where)} ORDER BY n",  # noqa: S608 - a layout's names are checked, values are bound
            self._values(table, where),
        )
        seen = NOTHING
        try:
            for id_, stamp, body in rows:
                seen = seen.plus(1, mark_of(table, id_))
                yield id_, _believed(table, id_, stamp, body)
        finally:
            rows.close()
        if expected not in {None, seen}:
            raise damaged(f"documents of {table} cannot be found")

    def find(
        self, table: str, where: Where = EVERYTHING
    ) -> Generator[tuple[str, Document], None, None]:
        """Read ids and documents of a table, in order of arrival, one by one; close it likewise."""
        with closing(self.texts(table, where)) as texts:
            for id_, text in texts:
                yield id_, decode(table, id_, text)

    def near(
        self, table: str, field: str, values: tuple[str, ...]
    ) -> Generator[tuple[str, Document], None, None]:
        """Read at least the documents whose indexed field is one of these; close it likewise.

        Some texts SQLite cannot find (see `narrowing`): for those, everything is given.
        """
        column = self._layout.indexed(table)[(field,)]
        return self.find(table, among(column, values) or EVERYTHING)

    def until(
        self, table: str, field: str, last: str
    ) -> Generator[tuple[str, Document], None, None]:
        """Read the documents whose indexed field sorts at or before `last`; close it likewise.

        The index is named: SQLite would rather read all of the table in its order of arrival.
        """
        column = self._layout.indexed(table)[(field,)]
        rows = self._connection.execute(
            f'SELECT id, stamp, CAST(body AS BLOB) FROM doc INDEXED BY "doc_{table}_{column}" '  # noqa: S608 - as above
            f"WHERE {schema.only(table, self._layout)} AND {column} <= ? ORDER BY {column}, n",
            (last,),
        )
        try:
            for id_, stamp, body in rows:
                yield id_, decode(table, id_, _believed(table, id_, stamp, body))
        finally:
            rows.close()

    def count(self, table: str, where: Where = EVERYTHING) -> int:
        """Count a table's documents."""
        expected = self._expected(table, where)
        if expected is not None and expected.docs:
            return expected.docs
        row = self._connection.execute(
            f"SELECT count(*) FROM doc WHERE {self._these(table, where)}",  # noqa: S608 - as above
            self._values(table, where),
        ).fetchone()
        if expected is not None and row[0]:
            raise damaged(f"the tally of {table}")
        return int(row[0])

    def tables(self) -> frozenset[str]:
        """Name the tables that hold a document."""
        return self._tally.tables()

    def highest_id(self, table: str) -> int:
        """Give the highest number among a table's ids, 0 when there is none."""
        row = self._connection.execute(
            "SELECT max(number) FROM doc WHERE tbl = ? AND number IS NOT NULL", (table,)
        ).fetchone()
        return row[0] or 0

    def revision(self) -> int:
        """Give the number of the last transaction that wrote."""
        (revision,) = self._connection.execute("SELECT rev FROM meta").fetchone()
        return int(revision)

    def execute(self, sql: str, values: Sequence[str | int]) -> Sequence[tuple[Any, ...]]:
        """Run a statement on the tables that a layout draws from the documents."""
        return self._connection.execute(sql, values).fetchall()

    def _these(self, table: str, where: Where) -> str:
        return f"{schema.only(table, self._layout)} AND ({where.sql})"

    def _values(self, table: str, where: Where) -> tuple[str | int, ...]:
        return where.values if self._layout.has(table) else (table, *where.values)

    def _expected(self, table: str, where: Where) -> Sum | None:
        """Ask the tallies what a search must find; None where they do not know."""
        if where is EVERYTHING:
            return self._tally.whole(table)
        if where.column in COLUMNS:
            return self._tally.of(table, COLUMNS.index(where.column) + 1, where.values)
        return None

    def _refuse_hidden(self, table: str, id_: str) -> None:
        """Believe that there is no such document when the index of marks knows of none either."""
        rows = self._connection.execute(
            "SELECT tbl, id FROM doc WHERE mark = ?", (mark_of(table, id_),)
        )
        if (table, id_) in rows.fetchall():
            raise damaged(f"{table} {id_} cannot be found")


class _Old(NamedTuple):
    """A row that is there already."""

    n: int
    found: Found


class Transaction(Snapshot):
    """Reads and writes that happen together, alone, or not at all."""

    def __init__(self, connection: sqlite3.Connection, layout: Layout, fields: str) -> None:
        super().__init__(connection, layout)
        self.wrote = 0
        """The revision of this transaction, once it has written."""
        self._fields = fields
        self._highest: dict[str, int] = {}
        self._given = 0

    def put(self, table: str, id_: str, document: Mapping[str, Any]) -> None:
        """Write one document, new or not; a removed one comes back at the end."""
        text, id_ = encode(document), bindable(id_)
        mark = mark_of(table, id_)
        stamp, found = stamp_of(mark, text.encode()), self._layout.found(table, document)
        self._next_revision()
        same = self._connection.execute(_REWRITE, (stamp, text, table, id_, *found))
        if same.rowcount:
            return
        old = self._old(table, id_)
        if old is None:
            number = None if self._layout.has(table) else _number(id_)
            self._connection.execute(_INSERT, (table, id_, mark, stamp, number, text, *found))
        else:
            self._connection.execute(_MOVE, (stamp, text, *found, old.n))
        self._tally.moved(table, mark, old and old.found, found)

    def delete(self, table: str, id_: str) -> None:
        """Remove one document, if it is there."""
        id_ = bindable(id_)
        old = self._old(table, id_)
        if old is not None:
            self._next_revision()
            self._connection.execute("DELETE FROM doc WHERE n = ?", (old.n,))
            self._tally.moved(table, mark_of(table, id_), old.found, None)

    def clear(self, table: str, where: Where = EVERYTHING) -> None:
        """Remove a table's documents."""
        self._highest.pop(table, None)
        if where is not EVERYTHING:
            for id_ in [id_ for id_, _ in self.texts(table, where)]:
                self.delete(table, id_)
            return
        self._next_revision()
        self._connection.execute("DELETE FROM doc WHERE tbl = ?", (table,))
        self._tally.forget(table)

    def settle(self) -> None:
        """Write what was put off to the end of the transaction."""
        self._tally.settle()

    def refile(self, table: str) -> None:
        """Put the fields that documents are found by into their columns, as the layout says."""
        for id_, document in list(self.find(table)):
            self.put(table, id_, document)

    def fresh_id(self) -> str:
        """Make an id that no other transaction and no other call makes; ids sort as they come."""
        self._given += 1
        return f"{self._next_revision():012d}.{self._given:03d}"

    def next_id(self, table: str, *, at_least: int) -> int:
        """Take a number that no document of the table has."""
        number = max(self._highest_seen(table) + 1, at_least)
        self.saw_id(table, number)
        return number

    def saw_id(self, table: str, id_: int) -> None:
        """Remember a number about to be written, so that it is not given again."""
        self._highest[table] = max(self._highest_seen(table), id_)

    def _highest_seen(self, table: str) -> int:
        if table not in self._highest:
            self._highest[table] = self.highest_id(table)
        return self._highest[table]

    def _old(self, table: str, id_: str) -> _Old | None:
        row = self._connection.execute(
            f"SELECT n, {_FOUND} FROM doc WHERE tbl = ? AND id = ?",  # noqa: S608 - our own names
            (table, id_),
        ).fetchone()
        if row is None:
            self._refuse_hidden(table, id_)
            return None
        return _Old(row[0], row[1:])

    def _next_revision(self) -> int:
        if not self.wrote:
            rows = self._connection.execute(
                "UPDATE meta SET rev = rev + 1 WHERE fields = ? RETURNING rev", (self._fields,)
            ).fetchall()
            if not rows:
                raise schema.changed_meanwhile()
            self.wrote = rows[0][0]
        return self.wrote


def _believed(table: str, id_: str, stamp: int, body: Any) -> str:
    """Give a document's text when its stamp bears it out, and else what is no document at all."""
    if not isinstance(body, bytes) or stamp != stamp_of(mark_of(table, id_), body):
        return UNBELIEVABLE
    return body.decode()


def _number(id_: str) -> int | None:
    """Read an id as TinyDB would number it."""
    return int(id_) if id_.isascii() and id_.isdecimal() and len(id_) < 19 else None  # noqa: PLR2004 - an integer of SQLite's
