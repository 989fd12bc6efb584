"""What one connection reads and writes: documents as rows, and the revision they belong to."""

import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import Any

from primetui.adapters.documents.rows import Change, Document, decode, encode
from primetui.adapters.tinydb import schema
from primetui.adapters.tinydb.narrowing import among
from primetui.adapters.tinydb.schema import Layout
from primetui.adapters.tinydb.where import EVERYTHING, Where


def bindable(id_: str) -> str:
    """Spell an id so that SQLite takes it: an argument typed in broken bytes is no UTF-8."""
    return id_.encode("utf-8", "backslashreplace").decode()


class Snapshot:
    """Reads of the documents as they were at one moment."""

    def __init__(self, connection: sqlite3.Connection, layout: Layout) -> None:
        self._connection = connection
        self._layout = layout

    def get(self, table: str, id_: str) -> Document | None:
        """Read one document."""
        text = self.text(table, id_)
        return None if text is None else decode(table, id_, text)

    def text(self, table: str, id_: str) -> str | None:
        """Read one document as the JSON it is stored in."""
        row = self._connection.execute(
            "SELECT body FROM doc WHERE tbl = ? AND id = ?", (table, bindable(id_))
        ).fetchone()
        return None if row is None else row[0]

    def texts(
        self, table: str, where: Where = EVERYTHING
    ) -> Generator[tuple[str, str], None, None]:
        """Read ids and JSON of a table's documents, in order of arrival, one by one.

        Close it where it may be left early: its rows must not outlive the connection.
        """
        rows = self._connection.execute(
            f"SELECT id, body FROM doc WHERE {self._live(table, where)} ORDER BY n",  # noqa: S608 - a layout's names are checked, values are bound
            self._values(table, where),
        )
        try:
            yield from rows
        finally:
            rows.close()

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
        return self.find(table, among((field,), values) or EVERYTHING)

    def until(
        self, table: str, field: str, last: str
    ) -> Generator[tuple[str, Document], None, None]:
        """Read the documents whose indexed field sorts at or before `last`; close it likewise.

        The index is named: SQLite would rather read all of the table in its order of arrival.
        """
        value = schema.extract((field,))
        rows = self._connection.execute(
            f'SELECT id, body FROM doc INDEXED BY "doc_{table}_{field}" '  # noqa: S608 - as above
            f"WHERE {schema.only(table, self._layout)} AND {value} <= ? ORDER BY {value}, n",
            (last,),
        )
        try:
            for id_, text in rows:
                yield id_, decode(table, id_, text)
        finally:
            rows.close()

    def count(self, table: str, where: Where = EVERYTHING) -> int:
        """Count a table's documents."""
        row = self._connection.execute(
            f"SELECT count(*) FROM doc WHERE {self._live(table, where)}",  # noqa: S608 - as above
            self._values(table, where),
        ).fetchone()
        return int(row[0])

    def tables(self) -> frozenset[str]:
        """Name the tables that hold a document."""
        rows = self._connection.execute("SELECT DISTINCT tbl FROM doc WHERE body IS NOT NULL")
        return frozenset(name for (name,) in rows)

    def highest_id(self, table: str) -> int:
        """Give the highest number among a table's ids, 0 when there is none."""
        row = self._connection.execute(
            "SELECT max(CAST(id AS INTEGER)) FROM doc WHERE tbl = ? AND body IS NOT NULL", (table,)
        ).fetchone()
        return row[0] or 0

    def revision(self) -> int:
        """Give the number of the last transaction that wrote."""
        (revision,) = self._connection.execute("SELECT rev FROM meta").fetchone()
        return int(revision)

    def changes(self, since: int) -> tuple[int, tuple[Change, ...]]:
        """Give the current revision and what was written or removed after revision `since`."""
        rows = self._connection.execute(
            "SELECT tbl, id FROM doc WHERE rev > ? ORDER BY rev, n", (since,)
        )
        return self.revision(), tuple(Change(table, id_) for table, id_ in rows)

    def execute(self, sql: str, values: Sequence[str | int]) -> Sequence[tuple[Any, ...]]:
        """Run a statement on the tables that a layout draws from the documents."""
        return self._connection.execute(sql, values).fetchall()

    def _live(self, table: str, where: Where) -> str:
        return f"{schema.only(table, self._layout)} AND body IS NOT NULL AND ({where.sql})"

    def _values(self, table: str, where: Where) -> tuple[str | int, ...]:
        return where.values if self._layout.has(table) else (table, *where.values)


class Transaction(Snapshot):
    """Reads and writes that happen together, alone, or not at all."""

    def __init__(self, connection: sqlite3.Connection, layout: Layout) -> None:
        super().__init__(connection, layout)
        self._revision = 0
        self._highest: dict[str, int] = {}
        self._given = 0

    def put(self, table: str, id_: str, document: Mapping[str, Any]) -> None:
        """Write one document, new or not; a removed one comes back at the end."""
        revision, text, id_ = self._next_revision(), encode(document), bindable(id_)
        self._connection.execute(
            "DELETE FROM doc WHERE tbl = ? AND id = ? AND body IS NULL", (table, id_)
        )
        self._connection.execute(
            "INSERT INTO doc(tbl, id, rev, body) VALUES(?, ?, ?, ?) "
            "ON CONFLICT(tbl, id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
            (table, id_, revision, text),
        )

    def delete(self, table: str, id_: str) -> None:
        """Remove one document, if it is there."""
        self._connection.execute(
            "UPDATE doc SET body = NULL, rev = ? WHERE tbl = ? AND id = ? AND body IS NOT NULL",
            (self._next_revision(), table, bindable(id_)),
        )

    def clear(self, table: str, where: Where = EVERYTHING) -> None:
        """Remove a table's documents."""
        self._highest.pop(table, None)
        self._connection.execute(
            f"UPDATE doc SET body = NULL, rev = ? WHERE {self._live(table, where)}",  # noqa: S608 - as above
            (self._next_revision(), *self._values(table, where)),
        )

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

    def _next_revision(self) -> int:
        if not self._revision:
            self._connection.execute("UPDATE meta SET rev = rev + 1")
            self._revision = self.revision()
        return self._revision
