"""What one connection reads and writes: documents as rows, and the revision they belong to."""

import secrets
from collections.abc import Generator, Mapping, Sequence
from typing import Any, Final

from psycopg.types.json import Jsonb

from primetui.adapters.documents.rows import Document, decode, encode
from primetui.adapters.postgres.connections import Connection
from primetui.adapters.postgres.schema import REMEMBERED, Layout, extract
from primetui.adapters.postgres.spelling import spelled, unspelled

_PAGE: Final = 500
"""Documents read at once: a megabyte or so."""

_PUT: Final = (
    "INSERT INTO doc(tbl, id, rev, body, found) VALUES(%s, %s, %s, %s, %s) "
    "ON CONFLICT (tbl, id) DO UPDATE "
    "SET rev = excluded.rev, body = excluded.body, found = excluded.found"
)
_NEXT: Final = (
    f"UPDATE meta SET rev = rev + 1, marks = (%s::bigint || marks)[1:{REMEMBERED}] RETURNING rev"  # noqa: S608 - a number of our own
)


class Snapshot:
    """Reads of the documents as they were at one moment."""

    def __init__(self, connection: Connection, layout: Layout) -> None:
        self._connection = connection
        self._layout = layout

    def get(self, table: str, id_: str) -> Document | None:
        """Read one document."""
        text = self.text(table, id_)
        return None if text is None else decode(table, id_, text)

    def text(self, table: str, id_: str) -> str | None:
        """Read one document as the JSON it was written as."""
        rows = self.execute(
            "SELECT body FROM doc WHERE tbl = %s AND id = %s", (table, spelled(id_))
        )
        return str(rows[0][0]) if rows else None

    def texts(self, table: str) -> Generator[tuple[str, str], None, None]:
        """Read ids and JSON of a table's documents, in order of arrival, page by page."""
        last, more = -1, True
        while more:
            rows = self.execute(
                "SELECT n, id, body FROM doc WHERE tbl = %s AND n > %s ORDER BY n LIMIT %s",
                (table, last, _PAGE),
            )
            for n, id_, text in rows:
                yield unspelled(id_), text
                last = n
            more = len(rows) == _PAGE

    def find(self, table: str) -> Generator[tuple[str, Document], None, None]:
        """Read ids and documents of a table, in order of arrival, page by page."""
        for id_, text in self.texts(table):
            yield id_, decode(table, id_, text)

    def near(
        self, table: str, field: str, values: tuple[str, ...]
    ) -> Generator[tuple[str, Document], None, None]:
        """Read the documents whose indexed field is one of these."""
        return self._where(table, field, "= ANY(%s)", [spelled(value) for value in values])

    def until(
        self, table: str, field: str, last: str
    ) -> Generator[tuple[str, Document], None, None]:
        """Read the documents whose indexed field sorts at or before `last`."""
        return self._where(table, field, "<= %s", spelled(last))

    def count(self, table: str) -> int:
        """Count a table's documents."""
        ((count,),) = self.execute("SELECT count(*) FROM doc WHERE tbl = %s", (table,))
        return int(count)

    def tables(self) -> frozenset[str]:
        """Name the tables that hold a document."""
        return frozenset(name for (name,) in self.execute("SELECT DISTINCT tbl FROM doc"))

    def revision(self) -> int:
        """Give the number of the last transaction that wrote."""
        ((revision,),) = self.execute("SELECT rev FROM meta")
        return int(revision)

    def _where(
        self, table: str, field: str, condition: str, value: Any
    ) -> Generator[tuple[str, Document], None, None]:
        if (field,) not in self._layout.indexes.get(table, ()):
            raise ValueError(f"{table} is not indexed by {field}")
        rows = self.execute(
            f"SELECT id, body FROM doc WHERE tbl = '{table}' AND {extract(field)} {condition} "  # noqa: S608 - a layout's names are checked
            "ORDER BY n",
            (value,),
        )
        for id_, text in rows:
            yield unspelled(id_), decode(table, unspelled(id_), text)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement of our own words that gives rows; values are bound."""
        return self._connection.execute(sql, values).fetchall()


class Transaction(Snapshot):
    """Reads and writes that happen together, alone, or not at all."""

    def __init__(self, connection: Connection, layout: Layout) -> None:
        super().__init__(connection, layout)
        self.written = 0
        """The revision of what was written here; 0 while nothing was."""
        self.mark = secrets.randbits(62)
        """Tells this transaction from every other, should its answer be lost."""
        self._given = 0

    def put(self, table: str, id_: str, document: Mapping[str, Any]) -> None:
        """Write one document, new or not."""
        found = Jsonb(self._layout.found(table, document))
        self.change(_PUT, (table, spelled(id_), self.next_revision(), encode(document), found))

    def delete(self, table: str, id_: str) -> None:
        """Remove one document, if it is there."""
        self.next_revision()
        self.change("DELETE FROM doc WHERE tbl = %s AND id = %s", (table, spelled(id_)))

    def fresh_id(self) -> str:
        """Make an id that no other transaction and no other call makes; ids sort as they come."""
        self._given += 1
        return f"{self.next_revision():012d}.{self._given:03d}"

    def change(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Change rows by a statement of our own words; values are bound."""
        self.next_revision()
        self._connection.execute(sql, values)

    def next_revision(self) -> int:
        """Give the revision this transaction writes."""
        if not self.written:
            ((revision,),) = self.execute(_NEXT, (self.mark,))
            self.written = int(revision)
        return self.written
