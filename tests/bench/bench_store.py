"""Times the document store against stock TinyDB and against bare SQLite, in the same run.

Run it as a script: `python -m tests.bench.bench_store [ORDERS ...]`; 1,000, 10,000 and 100,000
by default. Stock TinyDB is left out above 10,000 orders: it rewrites everything at each change.
Every write is on the disk when it is counted. Bare SQLite writes the same bytes into one table
with the same settings, in turn with the others: what a row costs before it is a document. The
repository also makes the order's row of the grid.
"""

import json
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tinydb import TinyDB, where
from tinydb.table import Document

from primetui.adapters.documents.codec import to_document
from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.adapters.tinydb.table import DocumentDB
from primetui.domain.order import Landing, OrderRecord, OrderStatus
from primetui.domain.shipment import OrderId
from primetui.ports import OrderQuery, Writes
from tests.domain.made import BUYER, NOW, draft, order, until
from tests.vaults import vault_of

STOCK_LIMIT = 10_000
PAGE = 100
ROUNDS = 300
READ_ROUNDS = 50
STOCK_ROUNDS = 7
SEED = 20231103
BARE = "bare SQLite: update a row"

Works = dict[str, Callable[[int], object]]
"""Pieces of work on an order's number, by name."""
Timed = tuple[float, float]
"""Median and 99th percentile, in milliseconds."""


def id_of(number: int) -> OrderId:
    """Name an order."""
    return OrderId(f"111-{number:07d}-{number % 97:07d}")


def record(number: int) -> OrderRecord:
    """Make an order of about 2 kB."""
    id_ = id_of(number)
    facts = order(id=id_, ship_to=BUYER, ship_by=until(NOW.replace(minute=number % 60)))
    landing = Landing(status=OrderStatus.AWAITING_SHIPMENT, why="Not a Prime order.", at=NOW)
    return OrderRecord(order=facts, landing=landing, shipment=draft(order_id=id_))


def side_by_side(size: int, rounds: int, works: Works) -> dict[str, Timed]:
    """Time several pieces of work in turn on the same random orders: they share every bad moment."""
    chosen = random.Random(SEED)  # noqa: S311 - order numbers, not secrets
    spans: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        number = chosen.randrange(size)
        for name, work in works.items():
            start = time.perf_counter()
            work(number)
            spans[name].append((time.perf_counter() - start) * 1000)
    return {
        name: (statistics.median(found), sorted(found)[int(len(found) * 0.99)])
        for name, found in spans.items()
    }


def tell(size: int, spans: dict[str, Timed], floor: str | None = None) -> None:
    """Print a line for each piece of work, and how many times the floor's time it took."""
    for name, (middle, slow) in spans.items():
        ratio = "" if floor is None else f"{middle / spans[floor][0]:9.1f}"
        print(f"{size:8,}  {name:44} {middle:10.3f} {slow:10.3f} {ratio}")  # noqa: T201 - a script


@contextmanager
def filled(folder: Path, size: int) -> Iterator[DocumentRepository]:
    """Open a repository of so many orders, imported page by page."""
    with closing(DocumentRepository(folder, SetClock(NOW), vault_of(folder))) as repository:
        for first in range(0, size, PAGE):
            repository.transact(lambda tx, first=first: put_page(tx, first))  # type: ignore[misc] # binds the loop's value
        yield repository


def put_page(tx: Writes, first: int) -> None:
    """Keep one page of orders."""
    for number in range(first, first + PAGE):
        tx.put_order(record(number))


@contextmanager
def bare_sqlite(folder: Path, size: int) -> Iterator[Callable[[int], object]]:
    """Give the floor: one row of an order's size, written and synced by nothing but SQLite."""
    body = json.dumps(to_document(record(0)))
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("CREATE TABLE doc(id TEXT PRIMARY KEY, body TEXT) STRICT")
        with raw:
            raw.execute("BEGIN")
            raw.executemany("INSERT INTO doc VALUES(?, ?)", ((str(n), body) for n in range(size)))
        changed = body + " "
        yield lambda n: raw.execute("UPDATE doc SET body = ? WHERE id = ?", (changed, str(n)))


@contextmanager
def stock(folder: Path, size: int) -> Iterator[Works]:
    """Give stock TinyDB with the same documents."""
    documents = (to_document(record(number)) for number in range(size))
    with closing(TinyDB(folder / "stock.json")) as db:
        orders = db.table("orders")
        orders.insert_multiple(Document(d, doc_id=n + 1) for n, d in enumerate(documents))
        yield {
            "stock TinyDB: update a field": lambda n: orders.update({"note": n}, doc_ids=[n + 1]),
            "stock TinyDB: get by id": lambda n: orders.get(doc_id=n + 1),
        }


def writes(repository: DocumentRepository) -> Works:
    """Give the ways to write one order."""
    engine = repository.engine
    orders: Any = DocumentDB(engine).table("orders")
    documents = [to_document(record(number)) for number in range(1000)]

    def put(number: int) -> None:
        document = documents[number % 1000] | {"note": number}
        engine.transact(lambda tx: tx.put("orders", id_of(number), document))

    return {
        "engine: put a document": put,
        "TinyDB's face: update a field": lambda n: orders.update(
            {"note": -n - 1}, doc_ids=[id_of(n)]
        ),
        "repository: put an order and its row": lambda n: repository.transact(
            lambda tx: tx.put_order(record(n))
        ),
    }


def reads(repository: DocumentRepository, size: int) -> Works:
    """Give what the console and scripts read."""
    orders: Any = DocumentDB(repository.engine).table("orders")
    cancelled = where("order").status == "Cancelled"
    waiting = OrderQuery(status=OrderStatus.AWAITING_SHIPMENT)
    return {
        "TinyDB's face: get by id": lambda n: orders.get(doc_id=id_of(n)),
        "TinyDB's face: search by index, none": lambda _: orders.search(cancelled),
        "repository: get an order": lambda n: repository.order(id_of(n)),
        "repository: first 50 rows of a status": lambda _: repository.order_rows(waiting, 0, 50),
        "repository: last 50 rows of all": lambda _: repository.order_rows(
            OrderQuery(), size - 50, size
        ),
        "repository: find text, first 50 rows": lambda n: repository.order_rows(
            OrderQuery(text=f"{n:07d}"), 0, 50
        ),
        "repository: count by status": lambda _: repository.status_counts(),
        "repository: revision": lambda _: repository.revision(),
    }


def bench(folder: Path, size: int, *, with_stock: bool) -> None:
    """Time one size."""
    home = folder / "home"
    start = time.perf_counter()
    with ExitStack() as open_, filled(home, size) as repository:
        each = (time.perf_counter() - start) * 1000 / size
        tell(size, {f"repository: import, {PAGE} a page, each": (each, each)})
        floor = open_.enter_context(bare_sqlite(folder, size))
        tell(size, side_by_side(size, ROUNDS, {BARE: floor} | writes(repository)), BARE)
        tell(size, side_by_side(size, READ_ROUNDS, reads(repository, size)))
        if with_stock:
            theirs = open_.enter_context(stock(folder, size))
            tell(size, side_by_side(size, STOCK_ROUNDS, {BARE: floor} | theirs), BARE)
    reopened: Works = {
        "repository: open and close": lambda _: DocumentRepository(
            home, SetClock(NOW), vault_of(home)
        ).close()
    }
    tell(size, side_by_side(size, READ_ROUNDS, reopened))


def main(sizes: list[int]) -> None:
    """Time every size in a folder of its own."""
    print(f"{'orders':>8}  {'':44} {'p50 ms':>10} {'p99 ms':>10} {'× bare':>9}")  # noqa: T201 - a script
    for size in sizes:
        with TemporaryDirectory() as folder:
            bench(Path(folder), size, with_stock=size <= STOCK_LIMIT)


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [1_000, 10_000, 100_000])
