"""How many orders have which status, store, Prime flag and tag: counted when they change."""

import json
from collections import Counter
from typing import Any, Final, NamedTuple

from primetui.adapters.documents.projection import COLUMNS
from primetui.adapters.tinydb.rows import bindable
from primetui.adapters.tinydb.schema import Statements, damaged
from primetui.adapters.tinydb.stamps import stamp_over
from primetui.adapters.tinydb.where import Where
from primetui.ports import OrderQuery

FACET_STATEMENTS: Final = {
    "facet": """CREATE TABLE facet(
        tag TEXT PRIMARY KEY,  -- without capitals; blank for all orders, tagged or not
        counts TEXT NOT NULL,  -- JSON: how many orders have each status, store and Prime flag
        stamp INTEGER NOT NULL
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

_Facet = tuple[str, str, str]
"""A status, a store and a Prime flag."""


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
        return sum(
            orders
            for facet, orders in self._read(
                _ALL if query.tag is None else tag_key(query.tag)
            ).items()
            if all(want in {None, has} for want, has in zip(asked, facet, strict=True))
        )

    def tagged(self, tag: str) -> Where:
        """Write the condition on the table of tags."""
        return Where("grid_tag.tag = ?", (tag_key(tag),))

    def recount(self, old: Kept | None, new: tuple[Any, ...] | None) -> None:
        """Count a row before it comes (without an old), goes (without a new) or changes."""
        before, after = _facets(old and old.cells), _facets(new)
        for tag in before.keys() | after.keys():
            if before.get(tag) != after.get(tag):
                self._shift(tag, before.get(tag), after.get(tag))

    def retag(self, n: int, old: Kept | None, new: tuple[Any, ...] | None) -> None:
        """Note which tags a row has now, instead of what it had."""
        before, after = _facets(old and old.cells), _facets(new)
        for tag in before.keys() - after.keys() - {_ALL}:
            self._now.execute("DELETE FROM grid_tag WHERE tag = ? AND n = ?", (tag, n))
        for tag in after.keys() - before.keys() - {_ALL}:
            self._now.execute("INSERT INTO grid_tag(tag, n) VALUES(?, ?)", (tag, n))

    def _read(self, tag: str) -> Counter[_Facet]:
        """Read a tag's counts; that there are none is believed where no row says otherwise."""
        rows = self._now.execute("SELECT counts, stamp FROM facet WHERE tag = ?", (tag,))
        if rows:
            ((counts, stamp),) = rows
            if stamp != stamp_over(tag, counts):
                raise damaged("the counts of the grid")
            return Counter({(facet[0], facet[1], facet[2]): n for *facet, n in json.loads(counts)})
        ((has_rows,),) = (
            self._now.execute("SELECT EXISTS(SELECT 1 FROM grid)", ())
            if tag == _ALL
            else self._now.execute("SELECT EXISTS(SELECT 1 FROM grid_tag WHERE tag = ?)", (tag,))
        )
        if has_rows:
            raise damaged("the counts of the grid")
        return Counter()

    def _shift(self, tag: str, before: _Facet | None, after: _Facet | None) -> None:
        counts = self._read(tag)
        if before is not None:
            counts[before] -= 1
        if after is not None:
            counts[after] += 1
        if min(counts.values()) < 0:
            raise damaged("the counts of the grid")
        kept = json.dumps([[*facet, orders] for facet, orders in counts.items() if orders])
        if kept == "[]":
            self._now.execute("DELETE FROM facet WHERE tag = ?", (tag,))
            return
        self._now.execute(
            "INSERT OR REPLACE INTO facet(tag, counts, stamp) VALUES(?, ?, ?)",
            (tag, kept, stamp_over(tag, kept)),
        )


def _facets(cells: tuple[Any, ...] | None) -> dict[str, _Facet]:
    """Give what an order counts as: one of all, and one for each of its tags."""
    if cells is None:
        return {}
    status, store_id, prime = (cells[place] for place in _PLACES)
    tags = {_ALL, *(tag_key(tag) for tag in json.loads(cells[_TAGS]))}
    return dict.fromkeys(tags, (status, store_id, prime))


def tag_key(tag: str) -> str:
    """Spell a tag as it is searched: upper and lower case of A to Z are one."""
    return bindable("".join(c.lower() if c.isascii() else c for c in tag))
