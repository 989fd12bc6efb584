"""What a store of documents gives: rows that are read and written at one moment, by table and id."""

import json
from collections.abc import Generator, Mapping
from typing import Any, Final, Protocol

from primetui.adapters.documents.projection import GridRow
from primetui.adapters.plain import shown
from primetui.domain.order import OrderStatus
from primetui.domain.shipment import OrderId
from primetui.errors import RepositoryError
from primetui.ports import OrderQuery, OrderRow

Document = dict[str, Any]


class Rows(Protocol):
    """The documents as they were at one moment, each the JSON it was written as."""

    def get(self, table: str, id_: str) -> Document | None:
        """Read one document."""
        ...

    def text(self, table: str, id_: str) -> str | None:
        """Read one document as the JSON it was written as."""
        ...

    def find(self, table: str) -> Generator[tuple[str, Document], None, None]:
        """Read a table's ids and documents, in order of arrival, one by one; close it."""
        ...

    def near(
        self, table: str, field: str, values: tuple[str, ...]
    ) -> Generator[tuple[str, Document], None, None]:
        """Read at least the documents whose indexed `field` is one of `values`; close it.

        A store may give others too: the values themselves say what they are.
        """
        ...

    def until(
        self, table: str, field: str, last: str
    ) -> Generator[tuple[str, Document], None, None]:
        """Read the documents whose indexed `field` sorts at or before `last`; close it."""
        ...

    def texts(self, table: str) -> Generator[tuple[str, str], None, None]:
        """Read a table's ids and JSON, in order of arrival, one by one; close it."""
        ...

    def count(self, table: str) -> int:
        """Count a table's documents."""
        ...

    def tables(self) -> frozenset[str]:
        """Name the tables that hold a document."""
        ...


class WritableRows(Rows, Protocol):
    """Rows that one transaction reads and writes; its reads see its own writes."""

    def put(self, table: str, id_: str, document: Mapping[str, Any]) -> None:
        """Write one document, new or not."""
        ...

    def delete(self, table: str, id_: str) -> None:
        """Remove one document, if it is there."""
        ...

    def fresh_id(self) -> str:
        """Make an id that no other transaction and no other call makes; ids sort as they come."""
        ...


class Grid(Protocol):
    """The orders grid at the same moment: a slim row for each order."""

    def row(self, order_id: OrderId) -> GridRow | None:
        """Read one order's row."""
        ...

    def rows(self, query: OrderQuery, start: int, stop: int) -> tuple[OrderRow, ...]:
        """Read rows `start` up to `stop` of a query."""
        ...

    def count(self, query: OrderQuery) -> int:
        """Count the rows of a query."""
        ...

    def by_status(self) -> Mapping[OrderStatus, int]:
        """Count the rows of each status; a status without orders counts zero."""
        ...


class WritableGrid(Grid, Protocol):
    """The orders grid as one transaction changes it."""

    def put(self, made: GridRow) -> None:
        """Put an order's row into the grid, instead of an earlier one."""
        ...

    def remove(self, order_id: OrderId) -> None:
        """Take an order's row out of the grid, if it is there."""
        ...


_JSON: Final = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


def encode(document: Mapping[str, Any]) -> str:
    """Write a document as JSON; escaping all but ASCII keeps any text, even broken, storable."""
    return _JSON.encode(document)


def decode(table: str, id_: str, text: str) -> Document:
    """Read a document from its JSON; only a hand or a broken disk makes it something else."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise RepositoryError(
            f"{table} {shown(id_)} is damaged: put your last backup in its place. "
            "Everything else still works."
        )
    return document
