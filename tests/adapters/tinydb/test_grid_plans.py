"""How the grid is read: a screenful steps through an index, text is read as it lies."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb import grid
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.domain.order import OrderStatus
from primetui.ports import OrderQuery, OrderSort
from tests.domain.made import NOW
from tests.vaults import vault_of

WAITING = OrderStatus.AWAITING_SHIPMENT


@pytest.fixture
def repository(home: Path) -> Iterator[DocumentRepository]:
    """Open documents."""
    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as repository:
        yield repository


def test_R23_what_is_due_is_found_without_reading_what_is_not(
    repository: DocumentRepository,
) -> None:
    """The keys of buyers are searched by their day, whatever the number of those not due."""
    asked: list[str] = []
    with repository.engine.snapshot() as now:
        now._connection.set_trace_callback(asked.append)
        assert [] == list(now.until("keys", "forget_after", "2026"))
        now._connection.set_trace_callback(None)
        steps = now._connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()

    assert ["SEARCH doc USING INDEX doc_keys_forget_after (<expr><?)"] == [s[-1] for s in steps]


@pytest.mark.parametrize(
    ("query", "plan"),
    [
        (OrderQuery(), ["SCAN grid USING INDEX grid_ship_by"]),
        (OrderQuery(descending=True), ["SCAN grid USING INDEX grid_ship_by"]),
        (OrderQuery(sort=OrderSort.DELIVER_BY), ["SCAN grid USING INDEX grid_deliver_by"]),
        (OrderQuery(sort=OrderSort.PURCHASED), ["SCAN grid USING INDEX grid_purchased_at"]),
        (
            OrderQuery(status=WAITING),
            ["SEARCH grid USING INDEX grid_status_ship_by (status=?)"],
        ),
        (
            OrderQuery(status=WAITING, sort=OrderSort.PURCHASED, descending=True),
            ["SEARCH grid USING INDEX grid_status_purchased_at (status=?)"],
        ),
        (OrderQuery(text="mug"), ["SCAN grid", "USE TEMP B-TREE FOR ORDER BY"]),
    ],
)
def test_no_document_is_opened_and_nothing_is_sorted(
    repository: DocumentRepository, query: OrderQuery, plan: list[str]
) -> None:
    """Each sort has its index, with a status and without; the table `doc` is not touched."""
    asked: list[str] = []
    with repository.engine.snapshot() as now:
        now._connection.set_trace_callback(asked.append)
        grid.SqliteGrid(now).rows(query, 0, 50)
        now._connection.set_trace_callback(None)
        steps = now._connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()

    assert plan == [step[-1] for step in steps]
