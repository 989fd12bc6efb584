"""The orders grid in SQLite: a table beside the documents, made to be read by a million rows.

A screenful steps through the index of its sort, which also holds what is filtered by, from the
nearer end. Counts come from facets: how many orders have each status, store, Prime flag and tag.
Words are found through their groups of three letters.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from primetui.adapters.documents.projection import COLUMNS, GridRow, cells_of, row_of
from primetui.adapters.tinydb.bookmarks import Bookmark, Bookmarks
from primetui.adapters.tinydb.facets import FACET_STATEMENTS, Facets, Kept, tag_key
from primetui.adapters.tinydb.rows import bindable
from primetui.adapters.tinydb.schema import Moment, damaged
from primetui.adapters.tinydb.stamps import stamp_over
from primetui.adapters.tinydb.where import EVERYTHING, Where
from primetui.adapters.tinydb.words import WORD_STATEMENTS, Words
from primetui.domain.order import OrderStatus
from primetui.domain.shipment import OrderId
from primetui.ports import OrderQuery, OrderRow, OrderSort

_FILTERED: Final = "store_id, prime"

STATEMENTS: Final = {
    "grid": """CREATE TABLE grid(
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        store_id TEXT NOT NULL,
        status TEXT NOT NULL,
        prime TEXT NOT NULL,
        ship_by TEXT NOT NULL,
        deliver_by TEXT NOT NULL,
        purchased_at TEXT NOT NULL,
        units INTEGER NOT NULL,
        summary TEXT NOT NULL,
        service_level TEXT NOT NULL,
        place TEXT NOT NULL,
        tags TEXT NOT NULL,
        warnings TEXT NOT NULL,
        tracking_id TEXT NOT NULL,
        purchase_pending INTEGER NOT NULL,
        words TEXT NOT NULL,
        stamp INTEGER NOT NULL  -- checksum of the rest
    ) STRICT""",
    "grid_id": f"CREATE INDEX grid_id ON grid(id, status, {_FILTERED})",
    **{
        f"grid_{sort}": f"CREATE INDEX grid_{sort} ON grid({sort}, id, {_FILTERED})"
        for sort in ("ship_by", "deliver_by", "purchased_at")
    },
    **{
        f"grid_status_{sort}": f"CREATE INDEX grid_status_{sort} "
        f"ON grid(status, {sort}, id, {_FILTERED})"
        for sort in ("ship_by", "deliver_by", "purchased_at")
    },
    **FACET_STATEMENTS,
    **WORD_STATEMENTS,
}
"""What makes the grid, by name; a moment is ISO 8601 in UTC, so text sorts as time does."""

FEW: Final = 2000
"""So many rows are fetched one by one and sorted sooner than an index is walked through."""
_CELLS: Final = ", ".join(f"grid.{column}" for column in COLUMNS)
_PLACES: Final = {column: place for place, column in enumerate(COLUMNS)}


class _Source(NamedTuple):
    """Where rows are looked for, and on which condition."""

    tables: str
    where: Where


class _Way(NamedTuple):
    """How to come to the rows of a page: how many are passed over, which way, from where."""

    skipped: int
    backwards: bool = False
    beyond: Where = EVERYTHING


class SqliteGrid:
    """The grid's rows as they were at one moment.

    Args:
        now: the moment.
        bookmarks: where earlier pages began; without them every page is looked for from an end.
    """

    def __init__(self, now: Moment, bookmarks: Bookmarks | None = None) -> None:
        self._now = now
        self._facets = Facets(now)
        self._words = Words(now)
        self._bookmarks = bookmarks or Bookmarks()

    def row(self, order_id: OrderId) -> GridRow | None:
        """Read one order's row."""
        kept = self._kept(order_id)
        return None if kept is None else GridRow(row_of(kept.cells[:-1]), kept.cells[-1])

    def rows(self, query: OrderQuery, start: int, stop: int) -> tuple[OrderRow, ...]:
        """Read rows `start` up to `stop` of a query."""
        start = max(0, start)
        if query.text.strip():
            cells = self._page(query, max(0, stop - start), _Way(start))
        else:
            stop = min(stop, self._facets.count(query))
            cells = self._near(query, start, stop) if start < stop else []
        return tuple(row_of(one[:-1]) for one in cells)

    def _near(self, query: OrderQuery, start: int, stop: int) -> list[tuple[Any, ...]]:
        """Read a page from the nearest place: an end of the answer, or where an earlier one began."""
        revision = self._now.revision()
        total = self._facets.count(query)
        ways = [_Way(start), _Way(total - stop, backwards=True)]
        if (mark := self._bookmarks.of(query, revision)) is not None:
            forwards = ">=" if not query.descending else "<="
            if start >= mark.position:
                ways.append(_Way(start - mark.position, beyond=_beyond(query, forwards, mark.key)))
            elif stop <= mark.position:
                before = ">" if query.descending else "<"
                beyond = _beyond(query, before, mark.key)
                ways.append(_Way(mark.position - stop, backwards=True, beyond=beyond))
        way = min(ways, key=lambda way: way.skipped)
        cells = self._page(query, stop - start, way)
        if way.backwards:
            cells.reverse()
        if cells:
            key = tuple(cells[0][_PLACES[name]] for name in _keys(query))
            self._bookmarks.put(query, Bookmark(revision, start, key))
        return cells

    def count(self, query: OrderQuery) -> int:
        """Count the rows of a query."""
        if not query.text.strip():
            return self._facets.count(query)
        source = self._found(query) or _Source("grid NOT INDEXED", _condition(query))
        ((count,),) = self._now.execute(
            f"SELECT count(*) FROM {source.tables} WHERE {source.where.sql}",  # noqa: S608 - our own names; values are bound
            source.where.values,
        )
        return int(count)

    def by_status(self) -> Mapping[OrderStatus, int]:
        """Count the rows of each status; a status without orders counts zero."""
        return {status: self._facets.count(OrderQuery(status=status)) for status in OrderStatus}

    def _page(self, query: OrderQuery, wanted: int, way: _Way) -> list[tuple[Any, ...]]:
        source = self._found(query) or self._walked(query, way.skipped)
        where = source.where if way.beyond is EVERYTHING else _and(source.where, way.beyond)
        direction = "DESC" if query.descending is not way.backwards else "ASC"
        found = self._now.execute(
            f"SELECT {_CELLS}, grid.stamp FROM {source.tables} WHERE {where.sql} "  # noqa: S608 - as above
            f"ORDER BY {', '.join(f'grid.{key} {direction}' for key in _keys(query))} "
            "LIMIT ? OFFSET ?",
            (*where.values, wanted, way.skipped),
        )
        return [_believed(cells) for cells in found]

    def _found(self, query: OrderQuery) -> _Source | None:
        """Look among the rows that have the words or the tag, where those are few.

        That none has the words is not believed of their index alone: every row is looked at.
        """
        if (words := self._words.few(query.text, FEW)) is not None:
            joined = "grid_words CROSS JOIN grid ON grid.n = grid_words.rowid"
            found = _Source(joined, _and(words, _condition(query)))
            return found if self._has_any(found) else _Source("grid NOT INDEXED", _condition(query))
        if query.tag is not None and self._facets.count(OrderQuery(tag=query.tag)) <= FEW:
            tagged, rest = self._facets.tagged(query.tag), _condition(replace(query, tag=None))
            return _Source("grid_tag CROSS JOIN grid ON grid.n = grid_tag.n", _and(tagged, rest))
        return None

    def _has_any(self, source: _Source) -> bool:
        query = f"SELECT EXISTS(SELECT 1 FROM {source.tables} WHERE {source.where.sql})"  # noqa: S608 - as above
        return self._now.execute(query, source.where.values) == [(1,)]

    def _walked(self, query: OrderQuery, skipped: int) -> _Source:
        """Look at one row after the other in the order wanted, or, far down a search, as they lie."""
        if query.text.strip() and skipped > FEW:
            return _Source("grid NOT INDEXED", _condition(query))
        status = (
            "status_" if query.status is not None and query.sort is not OrderSort.ORDER_ID else ""
        )
        return _Source(f"grid INDEXED BY grid_{status}{query.sort.value}", _condition(query))

    def _kept(self, order_id: OrderId) -> Kept | None:
        rows = self._now.execute(
            f"SELECT grid.n, {_CELLS}, grid.stamp FROM grid WHERE id = ?",  # noqa: S608 - as above
            (bindable(order_id),),
        )
        if not rows:
            self._refuse_hidden(order_id)
        return next((Kept(row[0], _believed(row[1:])) for row in rows), None)

    def _refuse_hidden(self, order_id: OrderId) -> None:
        """Believe that there is no such row when the index of the sort by id knows of none either."""
        query = "SELECT 1 FROM grid INDEXED BY grid_id WHERE id = ?"
        if self._now.execute(query, (bindable(order_id),)):
            raise damaged("a row of the grid cannot be found")


class WritableSqliteGrid(SqliteGrid):
    """The grid's rows as one transaction changes them."""

    def put(self, made: GridRow) -> None:
        """Put an order's row into the grid, instead of an earlier one; what is the same stays."""
        cells = tuple(_plain(cell) for cell in (*cells_of(made.row), made.words))
        old = self._kept(made.row.id)
        if old is not None and old.cells == cells:
            return
        self._facets.recount(old, cells)
        n = self._add(cells) if old is None else self._change(old, cells)
        self._facets.retag(n, old, cells)
        self._words.moved(n, "" if old is None else old.cells[-1], made.words)

    def remove(self, order_id: OrderId) -> None:
        """Take an order's row out of the grid, if it is there."""
        old = self._kept(order_id)
        if old is not None:
            self._facets.recount(old, None)
            self._facets.retag(old.n, old, None)
            self._words.moved(old.n, old.cells[-1], "")
            self._now.execute("DELETE FROM grid WHERE n = ?", (old.n,))

    def _add(self, cells: tuple[Any, ...]) -> int:
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        ((n,),) = self._now.execute(
            f"INSERT INTO grid({', '.join(COLUMNS)}, stamp) VALUES({marks}) RETURNING n",
            (*cells, stamp_over(*cells)),
        )
        return int(n)

    def _change(self, old: Kept, cells: tuple[Any, ...]) -> int:
        """Write what differs: an index none of whose columns is named costs nothing."""
        changed = [c for c, place in _PLACES.items() if cells[place] != old.cells[place]]
        self._now.execute(
            f"UPDATE grid SET {', '.join(f'{c} = ?' for c in changed)}, stamp = ? WHERE n = ?",  # noqa: S608 - as above
            (*(cells[_PLACES[c]] for c in changed), stamp_over(*cells), old.n),
        )
        return old.n


def carry(tx: Moment, former: str) -> None:
    """Fill the grid from that of layout 1."""
    grid = WritableSqliteGrid(tx)
    for cells in tx.execute(f"SELECT {', '.join(COLUMNS)} FROM {former}", ()):  # noqa: S608 - our own names
        grid.put(GridRow(row_of(cells[:-1]), cells[-1]))


def _plain(cell: Any) -> str | int:
    """Give a cell as it comes back: an enum is its text, a truth its number."""
    return int(cell) if isinstance(cell, int) else str(cell)


def _believed(cells: Sequence[Any]) -> tuple[Any, ...]:
    """Give a row's cells, which its stamp bears out."""
    *kept, stamp = cells
    if stamp != stamp_over(*kept):
        raise damaged("a row of the grid is not as it was written")
    return tuple(kept)


def _condition(query: OrderQuery) -> Where:
    """Write a query as SQL and what its question marks stand for."""
    asked = dict(_asked(query))
    return Where(
        " AND ".join(asked) or "TRUE", tuple(bindable(v) for vs in asked.values() for v in vs)
    )


def _asked(query: OrderQuery) -> Iterator[tuple[str, tuple[str, ...]]]:
    if query.status is not None:
        yield "grid.status = ?", (query.status.value,)
    if query.store_id is not None:
        yield "grid.store_id = ?", (query.store_id,)
    if query.prime is not None:
        yield "grid.prime = ?", (query.prime.value,)
    if query.tag is not None:
        tagged = "EXISTS (SELECT 1 FROM grid_tag WHERE tag = ? AND grid_tag.n = grid.n)"
        yield tagged, (tag_key(query.tag),)
    words = tuple(dict.fromkeys(query.text.casefold().split()))
    if words:
        yield " AND ".join(["instr(grid.words, ?)"] * len(words)), words


def _keys(query: OrderQuery) -> tuple[str, ...]:
    """Name what an answer is sorted by: of equals the lower id comes first."""
    return tuple(dict.fromkeys((query.sort.value, OrderSort.ORDER_ID.value)))


def _beyond(query: OrderQuery, relation: str, key: tuple[str, ...]) -> Where:
    """Write the condition on rows on one side of a place."""
    columns = ", ".join(f"grid.{name}" for name in _keys(query))
    return Where(f"({columns}) {relation} ({', '.join('?' * len(key))})", key)


def _and(one: Where, other: Where) -> Where:
    return Where(f"{one.sql} AND {other.sql}", (*one.values, *other.values))
