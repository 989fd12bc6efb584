"""How the grid is read: a screenful steps through an index, and nothing is read to be thrown away."""

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from primetui.adapters.documents.projection import GridRow
from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.bookmarks import Bookmarks
from primetui.adapters.tinydb.grid import FEW, SqliteGrid, WritableSqliteGrid
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.adapters.tinydb.rows import Transaction
from primetui.domain.order import OrderStatus, Prime
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreId
from primetui.ports import OrderQuery, OrderRow, OrderSort
from tests.domain.made import NOW
from tests.vaults import vault_of

WAITING = OrderStatus.AWAITING_SHIPMENT
SIZE = FEW * 2 + 500
SEED = 20231103


def made(number: int) -> GridRow:
    """Make one of many rows: some values are everywhere, some are rare."""
    statuses = (OrderStatus.SHIPPED, OrderStatus.SHIPPED, WAITING, OrderStatus.CANCELLED)
    goods = "mug" if number % 3 else "Große Tasse"
    row = OrderRow(
        id=OrderId(f"111-{number * 7919 % 10_000_019:07d}"),
        store_id=StoreId("rare" if number % 500 == 0 else f"s{number % 3}"),
        status=statuses[number % 4],
        prime=(Prime.YES, Prime.NO, Prime.UNKNOWN)[number % 7 % 3],
        ship_by=None if number % 11 == 0 else NOW + timedelta(minutes=number % 997),
        deliver_by=NOW + timedelta(minutes=number % 31),
        purchased_at=NOW - timedelta(minutes=number),
        units=number % 5 + 1,
        summary=goods,
        service_level="Std",
        place="Köln",
        tags=(
            "Gift",
            *(("Often",) if number % 2 else ()),
            *(("É Rare",) if number % 400 == 7 else ()),
        ),
        warnings=(),
        tracking_id=f"1Z{number:06d}" if number % 2 else "",
        purchase_pending=number % 13 == 0,
    )
    words = (row.id, goods, "Köln", row.tracking_id, "seltsam\x1b" if number % 350 == 0 else "")
    return GridRow(row, "\n".join(words).casefold())


ROWS = [made(number) for number in range(SIZE)]


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteGrid]:
    """Fill a grid, some rows of it more than once, and hold one moment of it."""
    home = tmp_path_factory.mktemp("grid") / "home"
    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as repository:
        engine = repository.engine

        def fill(some: list[GridRow]) -> None:
            def put(tx: Transaction) -> None:
                for one in some:
                    WritableSqliteGrid(tx).put(one)

            engine.transact(put)

        gone = made(SIZE)
        fill([GridRow(one.row, "before") for one in ROWS[::50]])
        fill([made(number + 1) for number in range(0, SIZE, 90)])
        fill([*ROWS, gone])
        engine.transact(lambda tx: WritableSqliteGrid(tx).remove(gone.row.id))
        with engine.snapshot() as now:
            yield SqliteGrid(now, Bookmarks())


def found(query: OrderQuery) -> list[OrderRow]:
    """Answer a query by looking at every row."""
    wanted = query.text.casefold().split()
    rows = [
        row
        for row, words in ((one.row, one.words) for one in ROWS)
        if query.status in {None, row.status}
        and query.store_id in {None, row.store_id}
        and query.prime in {None, row.prime}
        and (query.tag is None or query.tag.upper() in {tag.upper() for tag in row.tags})
        and all(word in words for word in wanted)
    ]
    last = NOW + timedelta(days=9999)
    rows.sort(
        key=lambda row: (getattr(row, query.sort.value) or last, row.id), reverse=query.descending
    )
    return rows


def queries() -> Iterator[OrderQuery]:
    """Ask for anything, often for what is rare and for what is not there."""
    chosen = random.Random(SEED)  # noqa: S311 - questions, not secrets
    statuses = (None, None, WAITING, OrderStatus.SHIPPED, OrderStatus.ON_HOLD)
    for _ in range(250):
        store = chosen.choice((None, None, "s1", "rare", "none"))
        yield OrderQuery(
            status=chosen.choice(statuses),
            store_id=None if store is None else StoreId(store),
            prime=chosen.choice((None, None, *Prime)),
            tag=chosen.choice((None, None, None, "gift", "OFTEN", "é rare", "É RARE", "none")),
            text=chosen.choice(
                ("", "", "", "mug", "tasse", "GROSSE", "ta", "1z0001", "köln seltsam", "\x1b", '"')
            ),
            sort=chosen.choice(tuple(OrderSort)),
            descending=chosen.random() < 0.5,
        )


def test_whatever_is_asked_the_answer_is_what_a_look_at_every_row_gives(grid: SqliteGrid) -> None:
    """Counts, first pages, last ones and any between, whichever way they are found."""
    chosen = random.Random(SEED)  # noqa: S311 - same
    for query in queries():
        if query.tag == "é rare":
            continue  # upper and lower case of A to Z alone are one
        rows = found(query)
        assert len(rows) == grid.count(query), query
        middle = chosen.randrange(len(rows) + 1)
        around = (middle, middle + 20, middle + 7, max(0, middle - 20), max(0, middle - 90))
        starts = (0, max(0, len(rows) - 20), *around, len(rows) + 5)
        for start in starts:
            assert tuple(rows[start : start + 20]) == grid.rows(query, start, start + 20), query


def test_orders_are_counted_by_status(grid: SqliteGrid) -> None:
    """Every status has its count, none included."""
    counted = grid.by_status()

    assert {status: len(found(OrderQuery(status=status))) for status in OrderStatus} == counted


def test_rows_are_read_back_as_they_were_put(grid: SqliteGrid) -> None:
    """One row by its order, and none where there is no order."""
    assert [ROWS[17], None] == [grid.row(ROWS[17].row.id), grid.row(made(SIZE).row.id)]


SORTED = "USE TEMP B-TREE FOR ORDER BY"
RARE = StoreId("rare")


@pytest.mark.parametrize(
    ("query", "start", "plan"),
    [
        (OrderQuery(), 0, ["SCAN grid USING INDEX grid_ship_by"]),
        (OrderQuery(), SIZE - 50, ["SCAN grid USING INDEX grid_ship_by"]),
        (OrderQuery(descending=True), 0, ["SCAN grid USING INDEX grid_ship_by"]),
        (OrderQuery(store_id=RARE), 0, ["SCAN grid USING INDEX grid_ship_by"]),
        (OrderQuery(sort=OrderSort.DELIVER_BY), 0, ["SCAN grid USING INDEX grid_deliver_by"]),
        (OrderQuery(sort=OrderSort.PURCHASED), 0, ["SCAN grid USING INDEX grid_purchased_at"]),
        (OrderQuery(sort=OrderSort.ORDER_ID), 0, ["SCAN grid USING INDEX grid_id"]),
        (OrderQuery(status=WAITING), 0, ["SEARCH grid USING INDEX grid_status_ship_by (status=?)"]),
        (
            OrderQuery(status=WAITING, sort=OrderSort.PURCHASED, descending=True),
            0,
            ["SEARCH grid USING INDEX grid_status_purchased_at (status=?)"],
        ),
        (
            OrderQuery(tag="É Rare"),
            0,
            [
                "SEARCH grid_tag USING PRIMARY KEY (tag=?)",
                "SEARCH grid USING INTEGER PRIMARY KEY (rowid=?)",
                SORTED,
            ],
        ),
        (
            OrderQuery(tag="Gift"),
            0,
            [
                "SCAN grid USING INDEX grid_ship_by",
                "CORRELATED SCALAR SUBQUERY 1",
                "SEARCH grid_tag USING PRIMARY KEY (tag=? AND n=?)",
            ],
        ),
        (
            OrderQuery(text="1Z0001"),
            0,
            [
                "SCAN grid_words VIRTUAL TABLE INDEX 0:M1",
                "SEARCH grid USING INTEGER PRIMARY KEY (rowid=?)",
                SORTED,
            ],
        ),
        (OrderQuery(text="köln"), 0, ["SCAN grid USING INDEX grid_ship_by"]),
        (OrderQuery(text="köln"), FEW + 1, ["SCAN grid", SORTED]),
    ],
)
def test_no_document_is_opened_and_many_rows_are_never_sorted(
    grid: SqliteGrid, query: OrderQuery, start: int, plan: list[str]
) -> None:
    """Each sort has its index, from either end; what is rare is fetched row by row."""
    asked: list[str] = []
    connection = grid._now._connection  # type: ignore[attr-defined] # a look behind the protocol
    connection.set_trace_callback(asked.append)
    grid.rows(query, start, start + 50)
    connection.set_trace_callback(None)
    (page,) = [statement for statement in asked if statement.startswith("SELECT grid.id")]
    steps = connection.execute(f"EXPLAIN QUERY PLAN {page}").fetchall()

    assert plan == [step[-1] for step in steps]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", OrderSort)
def test_a_page_beside_the_last_one_is_near(
    grid: SqliteGrid,
    sort: OrderSort,
    descending: bool,  # noqa: FBT001 - a table's column
) -> None:
    """Paging in the middle steps over no more rows than a page has, whichever way."""
    query = OrderQuery(sort=sort, descending=descending)
    asked: list[str] = []
    connection = grid._now._connection  # type: ignore[attr-defined] # a look behind the protocol
    grid.rows(query, SIZE // 2, SIZE // 2 + 50)
    connection.set_trace_callback(asked.append)
    for start in (50, 100, 50, 0, -50, -100):
        grid.rows(query, SIZE // 2 + start, SIZE // 2 + start + 50)
    connection.set_trace_callback(None)
    skipped = [int(s.rpartition("OFFSET ")[2]) for s in asked if s.startswith("SELECT grid.id")]

    assert [50, 50, 0, 0, 0, 0] == skipped


def test_a_change_makes_bookmarks_void(home: Path) -> None:
    """After anybody's change a page is where it is now."""
    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as repository:
        engine = repository.engine

        def put(tx: Transaction, numbers: range) -> None:
            tx.put("notes", "1", {})
            for number in numbers:
                WritableSqliteGrid(tx).put(made(number))

        engine.transact(lambda tx: put(tx, range(40, 80)))
        query = OrderQuery(sort=OrderSort.PURCHASED, descending=True)
        assert made(60).row == repository.order_rows(query, 20, 25)[0]
        engine.transact(lambda tx: put(tx, range(40)))

        assert made(20).row == repository.order_rows(query, 20, 25)[0]
