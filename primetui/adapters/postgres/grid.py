"""The orders grid in PostgreSQL: a table beside the documents, in the indexes it is sorted by."""

from collections.abc import Mapping
from typing import Any, Final

from primetui.adapters.documents.projection import COLUMNS, SHOWN, GridRow, cells_of, row_of
from primetui.adapters.postgres.rows import Snapshot, Transaction
from primetui.adapters.postgres.spelling import spelled, unspelled
from primetui.domain.order import OrderStatus
from primetui.domain.shipment import OrderId
from primetui.ports import OrderQuery, OrderRow, OrderSort

_NUMBERS: Final = frozenset({"units", "purchase_pending"})
_SORTS: Final = ("ship_by", "deliver_by", "purchased_at")


def _type(column: str) -> str:
    return "bigint" if column in _NUMBERS else 'text COLLATE "C"'


STATEMENTS: Final = {
    "grid": f"""CREATE TABLE grid(
        {", ".join(f"{column} {_type(column)} NOT NULL" for column in COLUMNS)},
        tag_keys text[] NOT NULL,
        PRIMARY KEY(id)
    )""",
    **{f"grid_{sort}": f"CREATE INDEX grid_{sort} ON grid({sort}, id)" for sort in _SORTS},
    **{
        f"grid_status_{sort}": f"CREATE INDEX grid_status_{sort} ON grid(status, {sort}, id)"
        for sort in _SORTS
    },
}
"""What makes the grid, by name; a moment is ISO 8601 in UTC, so text sorts as time does."""

_KEPT: Final = (*COLUMNS, "tag_keys")
_PUT: Final = (
    f"INSERT INTO grid({', '.join(_KEPT)}) VALUES({', '.join(['%s'] * len(_KEPT))}) "
    "ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in _KEPT if column != "id")
)


class PostgresGrid:
    """The grid's rows as they were at one moment."""

    def __init__(self, now: Snapshot) -> None:
        self._now = now

    def row(self, order_id: OrderId) -> GridRow | None:
        """Read one order's row."""
        found = self._now.execute(
            f"SELECT {', '.join(COLUMNS)} FROM grid WHERE id = %s",  # noqa: S608 - our own names; values are bound
            (spelled(order_id),),
        )
        cells = [_read(cell) for row in found for cell in row]
        return GridRow(row_of(tuple(cells[:-1])), cells[-1]) if cells else None

    def rows(self, query: OrderQuery, start: int, stop: int) -> tuple[OrderRow, ...]:
        """Read rows `start` up to `stop` of a query; only those are read whole."""
        condition, values = _condition(query)
        direction = "DESC" if query.descending else "ASC"
        keys = dict.fromkeys((query.sort.value, OrderSort.ORDER_ID.value))
        order = ", ".join(f"{key} {direction}" for key in keys)
        found = self._now.execute(
            f"WITH found AS {_how(query)} MATERIALIZED "  # noqa: S608 - as above
            f"(SELECT {', '.join(keys)} FROM grid WHERE {condition}), "
            f"page AS (SELECT id FROM found ORDER BY {order} LIMIT %s OFFSET %s) "
            f"SELECT {', '.join(SHOWN)} FROM page JOIN grid USING (id) ORDER BY {order}",
            (*values, max(0, stop - max(0, start)), max(0, start)),
        )
        return tuple(row_of(tuple(map(_read, cells))) for cells in found)

    def count(self, query: OrderQuery) -> int:
        """Count the rows of a query."""
        condition, values = _condition(query)
        ((count,),) = self._now.execute(
            f"SELECT count(*) FROM grid WHERE {condition}",  # noqa: S608 - as above
            values,
        )
        return int(count)

    def by_status(self) -> Mapping[OrderStatus, int]:
        """Count the rows of each status; a status without orders counts zero."""
        found = dict(self._now.execute("SELECT status, count(*) FROM grid GROUP BY status"))
        return {status: found.get(status.value, 0) for status in OrderStatus}


class WritablePostgresGrid(PostgresGrid):
    """The grid's rows as one transaction changes them."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)
        self._tx = tx

    def put(self, made: GridRow) -> None:
        """Put an order's row into the grid, instead of an earlier one."""
        cells = (*map(_write, cells_of(made.row)), _write(made.words))
        self._tx.change(_PUT, (*cells, [_tag_key(tag) for tag in made.row.tags]))

    def remove(self, order_id: OrderId) -> None:
        """Take an order's row out of the grid, if it is there."""
        self._tx.change("DELETE FROM grid WHERE id = %s", (spelled(order_id),))


def _how(query: OrderQuery) -> str:
    """Choose how to look: text is found faster by reading all rows as they lie than by an index."""
    return "" if query.text.strip() else "NOT"


def _condition(query: OrderQuery) -> tuple[str, tuple[str, ...]]:
    """Write a query as SQL and what its marks stand for."""
    asked = [
        ("status = %s", query.status),
        ("store_id = %s", query.store_id),
        ("prime = %s", query.prime),
        ("%s = ANY(tag_keys)", None if query.tag is None else _tag_key(query.tag, spell=False)),
        *(("strpos(words, %s) > 0", word) for word in query.text.casefold().split()),
    ]
    given = [(sql, str(value)) for sql, value in asked if value is not None]
    return " AND ".join(sql for sql, _ in given) or "TRUE", tuple(spelled(v) for _, v in given)


def _tag_key(tag: str, *, spell: bool = True) -> str:
    """Fold a tag as it is searched: upper and lower case of A to Z are one."""
    folded = "".join(c.lower() if c.isascii() else c for c in tag)
    return spelled(folded) if spell else folded


def _write(cell: Any) -> Any:
    return spelled(cell) if isinstance(cell, str) else int(cell)


def _read(cell: Any) -> Any:
    return unspelled(cell) if isinstance(cell, str) else cell
