"""The orders grid in SQLite: a table beside the documents, in the indexes it is sorted by."""

from collections.abc import Mapping
from typing import Final

from primetui.adapters.documents.projection import COLUMNS, SHOWN, GridRow, cells_of, row_of
from primetui.adapters.tinydb.rows import Snapshot, Transaction, bindable
from primetui.domain.order import OrderStatus
from primetui.domain.shipment import OrderId
from primetui.ports import OrderQuery, OrderRow, OrderSort

STATEMENTS: Final = {
    "grid": """CREATE TABLE grid(
        id TEXT PRIMARY KEY,
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
        words TEXT NOT NULL
    ) STRICT""",
    **{
        f"grid_{sort}": f"CREATE INDEX grid_{sort} ON grid({sort}, id)"
        for sort in ("ship_by", "deliver_by", "purchased_at")
    },
    **{
        f"grid_status_{sort}": f"CREATE INDEX grid_status_{sort} ON grid(status, {sort}, id)"
        for sort in ("ship_by", "deliver_by", "purchased_at")
    },
}
"""What makes the grid, by name; a moment is ISO 8601 in UTC, so text sorts as time does."""


class SqliteGrid:
    """The grid's rows as they were at one moment."""

    def __init__(self, now: Snapshot) -> None:
        self._now = now

    def row(self, order_id: OrderId) -> GridRow | None:
        """Read one order's row."""
        found = self._now.execute(
            f"SELECT {', '.join(COLUMNS)} FROM grid WHERE id = ?",  # noqa: S608 - our own names; values are bound
            (order_id,),
        )
        return next((GridRow(row_of(cells[:-1]), cells[-1]) for cells in found), None)

    def rows(self, query: OrderQuery, start: int, stop: int) -> tuple[OrderRow, ...]:
        """Read rows `start` up to `stop` of a query."""
        condition, values = _condition(query)
        direction = "DESC" if query.descending else "ASC"
        keys = dict.fromkeys((query.sort.value, OrderSort.ORDER_ID.value))
        found = self._now.execute(
            f"SELECT {', '.join(SHOWN)} FROM {_source(query)} WHERE {condition} "  # noqa: S608 - as above
            f"ORDER BY {', '.join(f'{key} {direction}' for key in keys)} LIMIT ? OFFSET ?",
            (*values, max(0, stop - max(0, start)), max(0, start)),
        )
        return tuple(row_of(cells) for cells in found)

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
        found = dict(self._now.execute("SELECT status, count(*) FROM grid GROUP BY status", ()))
        return {status: found.get(status.value, 0) for status in OrderStatus}


class WritableSqliteGrid(SqliteGrid):
    """The grid's rows as one transaction changes them."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)
        self._tx = tx

    def put(self, made: GridRow) -> None:
        """Put an order's row into the grid, instead of an earlier one."""
        marks = ", ".join("?" * len(COLUMNS))
        self._tx.execute(
            f"INSERT OR REPLACE INTO grid({', '.join(COLUMNS)}) VALUES({marks})",
            (*cells_of(made.row), made.words),
        )

    def remove(self, order_id: OrderId) -> None:
        """Take an order's row out of the grid, if it is there."""
        self._tx.execute("DELETE FROM grid WHERE id = ?", (bindable(order_id),))


def _source(query: OrderQuery) -> str:
    """Choose how to look: text is found seven times faster by reading all rows as they lie."""
    return "grid NOT INDEXED" if query.text.strip() else "grid"


def _condition(query: OrderQuery) -> tuple[str, tuple[str, ...]]:
    """Write a query as SQL and what its question marks stand for."""
    asked = [
        ("status = ?", query.status),
        ("store_id = ?", query.store_id),
        ("prime = ?", query.prime),
        ("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ? COLLATE NOCASE)", query.tag),
        *(("instr(words, ?)", word) for word in query.text.casefold().split()),
    ]
    given = [(sql, str(value)) for sql, value in asked if value is not None]
    return " AND ".join(sql for sql, _ in given) or "TRUE", tuple(bindable(v) for _, v in given)
