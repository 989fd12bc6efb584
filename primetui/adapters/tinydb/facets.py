"""How many orders have which status, store, Prime flag and tag: counted when they change."""

import json
from typing import Any, Final, NamedTuple

from primetui.adapters.documents.projection import COLUMNS
from primetui.adapters.tinydb.rows import bindable
from primetui.adapters.tinydb.schema import Statements, damaged
from primetui.adapters.tinydb.stamps import stamp_over
from primetui.adapters.tinydb.where import Where
from primetui.ports import OrderQuery

FACET_STATEMENTS: Final = {
    "facet": """CREATE TABLE facet(
        tag TEXT NOT NULL,  -- without capitals; blank for all orders, tagged or not
        status TEXT NOT NULL,
        store_id TEXT NOT NULL,
        prime TEXT NOT NULL,
        orders INTEGER NOT NULL,
        stamp INTEGER NOT NULL,
        PRIMARY KEY(tag, status, store_id, prime)
    ) STRICT, WITHOUT ROWID""",
    "grid_tag": """CREATE TABLE grid_tag(
        tag TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY(tag, n)
    ) STRICT, WITHOUT ROWID""",
}
_ALL: Final = ""
_PLACES: Final = tuple(COLUMNS.index(name) for name in ("status", "store_id", "prime"))
_TAGS: Final = COLUMNS.index("tags")

_Facet = tuple[str, str, str, str]


class Kept(NamedTuple):
    """A row of the grid as it lies in its table."""

    n: int
    cells: tuple[Any, ...]


class Facets:
    """The counts at one moment, or as one transaction changes them."""

    def __init__(self, now: Statements) -> None:
        self._now = now

    def count(self, query: OrderQuery) -> int:
        """Count the orders of a query, its words aside."""
        asked = query.status, query.store_id, query.prime
        rows = self._now.execute(
            "SELECT tag, status, store_id, prime, orders, stamp FROM facet WHERE tag = ?",
            (_ALL if query.tag is None else tag_key(query.tag),),
        )
        found = 0
        for *facet, orders, stamp in rows:
            if stamp != stamp_over(*facet, orders):
                raise damaged("the counts of the grid")
            if all(want in {None, has} for want, has in zip(asked, facet[1:], strict=True)):
                found += orders
        return found

    def tagged(self, tag: str) -> Where:
        """Write the condition on the table of tags."""
        return Where("grid_tag.tag = ?", (tag_key(tag),))

    def moved(self, n: int, old: Kept | None, new: tuple[Any, ...] | None) -> None:
        """Count a row that came (without an old), went (without a new) or changed."""
        before = set() if old is None else _facets(old.cells)
        after = set() if new is None else _facets(new)
        for facet in before - after:
            self._add(facet, -1)
        for facet in after - before:
            self._add(facet, 1)
        gone, come = _tags(before) - _tags(after), _tags(after) - _tags(before)
        for tag in gone:
            self._now.execute("DELETE FROM grid_tag WHERE tag = ? AND n = ?", (tag, n))
        for tag in come:
            self._now.execute("INSERT INTO grid_tag(tag, n) VALUES(?, ?)", (tag, n))

    def _add(self, facet: _Facet, change: int) -> None:
        same = "tag = ? AND status = ? AND store_id = ? AND prime = ?"
        rows = self._now.execute(f"SELECT orders, stamp FROM facet WHERE {same}", facet)  # noqa: S608 - our own words
        orders, stamp = rows[0] if rows else (0, stamp_over(*facet, 0))
        if stamp != stamp_over(*facet, orders) or orders + change < 0:
            raise damaged("the counts of the grid")
        self._now.execute(
            "INSERT OR REPLACE INTO facet(tag, status, store_id, prime, orders, stamp) "
            "VALUES(?, ?, ?, ?, ?, ?)",
            (*facet, orders + change, stamp_over(*facet, orders + change)),
        )


def _facets(cells: tuple[Any, ...]) -> set[_Facet]:
    """Give each facet that an order counts in: as one of all, and once for each of its tags."""
    status, store_id, prime = (cells[place] for place in _PLACES)
    tags = {_ALL, *(tag_key(tag) for tag in json.loads(cells[_TAGS]))}
    return {(tag, status, store_id, prime) for tag in tags}


def _tags(facets: set[_Facet]) -> set[str]:
    return {tag for tag, *_ in facets} - {_ALL}


def tag_key(tag: str) -> str:
    """Spell a tag as it is searched: upper and lower case of A to Z are one."""
    return bindable("".join(c.lower() if c.isascii() else c for c in tag))
