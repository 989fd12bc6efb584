"""Times what the console reads of the orders grid, without opening a document.

Run it as a script: `python -m tests.bench.bench_rows [ORDERS ...]`; 100,000 and 1,000,000 by
default. Rows are put into the grid as a transaction of ours puts them, 5,000 at a time.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from primetui.adapters.documents.projection import GridRow
from primetui.adapters.tinydb.bookmarks import Bookmarks
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.grid import SqliteGrid, WritableSqliteGrid
from primetui.adapters.tinydb.repository import LAYOUT
from primetui.domain.order import OrderStatus, Prime
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreId
from primetui.ports import OrderQuery, OrderRow, OrderSort
from tests.domain.made import NOW

BATCH = 5_000
SCREEN = 50
ROUNDS = 60
SEED = 20231103
GOODS = ("Walnut desk lamp", "Blue mug 350 ml", "Kraft paper bags", "Steel bottle", "Wool socks")
CITIES = ("Portland, OR", "Austin, TX", "Boston, MA", "Fargo, ND", "Leeds", "Köln")


def made(number: int) -> GridRow:
    """Make a row of a shop that has shipped nearly all it ever sold."""
    open_ = number % 200 == 0
    status = OrderStatus.AWAITING_SHIPMENT if open_ else OrderStatus.SHIPPED
    goods, city = GOODS[number % 5], CITIES[number % 6]
    sku = f"SKU-{number * 7919 % 5000:04d}"
    moment = NOW - timedelta(minutes=number)
    row = OrderRow(
        id=OrderId(f"111-{number * 7919 % 9_999_991:07d}-{number * 31 % 9_999_991:07d}"),
        store_id=StoreId(f"store-{number % 3}-{'x' * 20}"),
        status=OrderStatus.CANCELLED if number % 50 == 1 else status,
        prime=Prime.YES if number % 10 < 6 else Prime.NO,
        ship_by=moment + timedelta(days=1),
        deliver_by=moment + timedelta(days=2),
        purchased_at=moment,
        units=number % 4 + 1,
        summary=f"{sku} {goods}",
        service_level="Expedited" if number % 9 == 0 else "Standard",
        place=city,
        tags=(
            *(("Amazon Prime Order",) if number % 10 < 6 else ()),
            *(("Gift",) if number % 997 == 0 else ()),
        ),
        warnings=(),
        tracking_id="" if open_ else f"1Z{number * 104729 % 10**9:09d}",
        purchase_pending=False,
    )
    words = (row.id, sku, goods, city, row.service_level, row.tracking_id)
    return GridRow(row, "\n".join(words).casefold())


def filled(engine: Engine, size: int) -> float:
    """Fill the grid; give the milliseconds a row took."""
    start = time.perf_counter()
    for first in range(0, size, BATCH):
        engine.transact(lambda tx, first=first: put(WritableSqliteGrid(tx), first))  # type: ignore[misc] # binds the loop's value
    return (time.perf_counter() - start) * 1000 / size


def put(grid: WritableSqliteGrid, first: int) -> None:
    """Put some rows."""
    for number in range(first, first + BATCH):
        grid.put(made(number))


def questions(size: int) -> dict[str, Callable[[SqliteGrid, random.Random], object]]:
    """Ask what the console asks."""
    waiting, rare = OrderQuery(status=OrderStatus.AWAITING_SHIPMENT), OrderQuery(tag="gift")
    store = OrderQuery(store_id=StoreId(f"store-1-{'x' * 20}"), prime=Prime.YES)
    by_day = OrderQuery(sort=OrderSort.PURCHASED, descending=True)

    def page(query: OrderQuery, start: int = 0) -> Callable[[SqliteGrid, random.Random], object]:
        return lambda grid, _: grid.rows(query, start, start + SCREEN)

    def text(words: str) -> OrderQuery:
        return OrderQuery(text=words)

    return {
        "first rows": page(OrderQuery()),
        "last rows": page(OrderQuery(), size - SCREEN),
        "rows in the middle, found anew": page(OrderQuery(), size // 2),
        "the page after, and back": lambda grid, _: (
            page(OrderQuery(), size // 2 + SCREEN)(grid, _),
            page(OrderQuery(), size // 2)(grid, _),
        ),
        "rows anywhere": lambda grid, r: page(OrderQuery(), r.randrange(size))(grid, r),
        "newest first": page(by_day),
        "awaiting shipment": page(waiting),
        "awaiting shipment, its last": page(waiting, size // 200 - SCREEN),
        "a store's Prime orders": page(store),
        "a tag of many": page(OrderQuery(tag="Amazon Prime Order")),
        "a tag of few": page(rare),
        "count: all by status": lambda grid, _: grid.by_status(),
        "count: a store's Prime orders": lambda grid, _: grid.count(store),
        "count: a tag": lambda grid, _: grid.count(rare),
        "words: an order's number": lambda grid, r: grid.rows(
            text(f"{r.randrange(size) * 7919 % 9_999_991:07d}"), 0, SCREEN
        ),
        "words: a tracking id": lambda grid, r: grid.rows(
            text(f"1z{r.randrange(size) * 104729 % 10**9:09d}"), 0, SCREEN
        ),
        "words: in every fifth row": page(text("walnut lamp")),
        "words: in none": page(text("zeppelin")),
        "words: two letters": page(text("ml")),
        "count: words in every fifth row": lambda grid, _: grid.count(text("walnut lamp")),
        "count: an order's number": lambda grid, r: grid.count(text(f"{r.randrange(size):07d}")),
    }


def bench(folder: Path, size: int) -> None:
    """Time one size."""
    chosen = random.Random(SEED)  # noqa: S311 - rows, not secrets
    with closing(Engine(folder / "home", LAYOUT)) as engine:
        each = filled(engine, size)
        print(f"{size:10,}  {'put a row, each':34} {each:10.3f}")  # noqa: T201 - a script
        for name, ask in questions(size).items():
            spans = []
            bookmarks = Bookmarks()
            for _ in range(ROUNDS):
                start = time.perf_counter()
                with engine.snapshot() as now:
                    ask(SqliteGrid(now, None if "anew" in name else bookmarks), chosen)
                spans.append((time.perf_counter() - start) * 1000)
            middle, slow = statistics.median(spans), sorted(spans)[int(ROUNDS * 0.99)]
            print(f"{size:10,}  {name:34} {middle:10.3f} {slow:10.3f}")  # noqa: T201 - same
    size_mb = (folder / "home" / "primetui.db").stat().st_size / 1e6
    print(f"{size:10,}  {'file, MB':34} {size_mb:10.1f}")  # noqa: T201 - same


def main(sizes: list[int]) -> None:
    """Time every size in a folder of its own."""
    print(f"{'orders':>10}  {'':34} {'p50 ms':>10} {'p99 ms':>10}")  # noqa: T201 - a script
    for size in sizes:
        with TemporaryDirectory() as folder:
            bench(Path(folder), size)


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [100_000, 1_000_000])
