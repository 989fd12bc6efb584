"""Tallies: how many documents a table has, and how many with each value of an indexed field.

They make counting instant, and they are a second witness: a search through an index whose damage
hides a document finds fewer than the tally knows of.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from primetui.adapters.tinydb.schema import Found, damaged
from primetui.adapters.tinydb.stamps import stamp_over

WHOLE: Final = 0
"""The field's place that stands for the table as a whole."""
_EVERY: Final = ""


class Sum(NamedTuple):
    """How many documents there are, and their marks, one XOR the other."""

    docs: int = 0
    marks: int = 0

    def plus(self, docs: int, mark: int) -> "Sum":
        """Count some more, or fewer."""
        return Sum(self.docs + docs, self.marks ^ mark)


NOTHING: Final = Sum()

_Key = tuple[str, int, Any]


class Tally:
    """The tallies as one connection reads them, and what its transaction will change in them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._due: dict[_Key, Sum] = defaultdict(Sum)

    def whole(self, table: str) -> Sum:
        """Sum up a table."""
        return self._sum((table, WHOLE, _EVERY))

    def of(self, table: str, place: int, values: Iterable[Any]) -> Sum:
        """Sum up the documents of a table that have one of some values in a field."""
        total = NOTHING
        for value in set(values):
            total = total.plus(*self._sum((table, place, value)))
        return total

    def tables(self) -> frozenset[str]:
        """Name the tables that hold a document."""
        self.settle()
        rows = self._connection.execute("SELECT tbl FROM tally WHERE field = ?", (WHOLE,))
        return frozenset(name for (name,) in rows)

    def moved(self, table: str, mark: int, old: Found | None, new: Found | None) -> None:
        """Note that a document came (without an old), went (without a new) or changed."""
        if old is None:
            self._note((table, WHOLE, _EVERY), 1, mark)
        if new is None:
            self._note((table, WHOLE, _EVERY), -1, mark)
        for place in range(len(old or new or ())):
            before = None if old is None else old[place]
            after = None if new is None else new[place]
            if before != after:
                self._note((table, place + 1, before), -1, mark)
                self._note((table, place + 1, after), 1, mark)

    def forget(self, table: str) -> None:
        """Drop every tally of a table that was emptied."""
        for key in [key for key in self._due if key[0] == table]:
            del self._due[key]
        self._connection.execute("DELETE FROM tally WHERE tbl = ?", (table,))

    def settle(self) -> None:
        """Write what was noted: once for a whole transaction."""
        due, self._due = self._due, defaultdict(Sum)
        for key, change in due.items():
            if change != NOTHING:
                self._write(key, self._read(key).plus(*change))

    def _note(self, key: _Key, docs: int, mark: int) -> None:
        if key[2] is not None:
            self._due[key] = self._due[key].plus(docs, mark)

    def _sum(self, key: _Key) -> Sum:
        return self._read(key).plus(*self._due.get(key, NOTHING))

    def _read(self, key: _Key) -> Sum:
        row = self._connection.execute(
            "SELECT value, docs, marks, stamp FROM tally WHERE tbl = ? AND field = ? AND value = ?",
            key,
        ).fetchone()
        if row is None:
            return NOTHING
        if row[3] != stamp_over(*key[:2], *row[:3]):
            raise damaged(f"the tally of {key[0]}")
        return Sum(row[1], row[2])

    def _write(self, key: _Key, now: Sum) -> None:
        if now.docs < 0:
            raise damaged(f"the tally of {key[0]}")
        if now.docs == 0:
            self._connection.execute(
                "DELETE FROM tally WHERE tbl = ? AND field = ? AND value = ?", key
            )
            return
        self._connection.execute(
            "INSERT INTO tally(tbl, field, value, docs, marks, stamp) VALUES(?, ?, ?, ?, ?, ?) "
            "ON CONFLICT(tbl, field, value) "
            "DO UPDATE SET docs = excluded.docs, marks = excluded.marks, stamp = excluded.stamp",
            (*key, *now, stamp_over(*key, *now)),
        )
