"""Document stores side by side, each behind the same few calls: the floor, ours, and others.

A peer from PyPI is never a dependency: it is found where `--peers DIR` says, or left out.
"""

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from tinydb import TinyDB, where
from tinydb.operations import increment
from tinydb.table import Document

from primetui.adapters.postgres.address import Address
from primetui.adapters.postgres.engine import PostgresEngine
from primetui.adapters.postgres.repository import LAYOUT as SERVER_LAYOUT
from primetui.adapters.postgres.rows import Transaction
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.repository import LAYOUT
from primetui.adapters.tinydb.table import DocumentDB

Orders = Iterable[tuple[str, dict[str, Any]]]
CANCELLED = "Cancelled"


class Store(ABC):
    """A document store under test; a change is on the disk when its call returns."""

    @abstractmethod
    def insert(self, orders: Orders) -> None:
        """Write some orders in one go."""

    @abstractmethod
    def update(self, id_: str, note: int) -> None:
        """Change one field of one order."""

    @abstractmethod
    def get(self, id_: str) -> Any:
        """Read one order."""

    @abstractmethod
    def indexed(self) -> int:
        """Count the few orders of a status, by an index where there is one."""

    @abstractmethod
    def free(self) -> int:
        """Count orders by what nobody has indexed."""

    @abstractmethod
    def add(self, id_: str) -> None:
        """Add one to a number in an order, as one of several writers."""

    @abstractmethod
    def number(self, id_: str) -> int:
        """Read that number."""

    @abstractmethod
    def count(self) -> int:
        """Count all orders."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""


class TinyStore(Store):
    """Anything with TinyDB's face."""

    def __init__(self, db: TinyDB, key: Callable[[str], Any] = int) -> None:
        self._db = db
        self._orders: Any = db.table("orders")
        self._key = key

    def insert(self, orders: Orders) -> None:
        """Write some orders in one go."""
        self._orders.insert_multiple(Document(doc, self._key(id_)) for id_, doc in orders)

    def update(self, id_: str, note: int) -> None:
        """Change one field of one order."""
        self._orders.update({"note": note}, doc_ids=[self._key(id_)])

    def get(self, id_: str) -> Any:
        """Read one order."""
        return self._orders.get(doc_id=self._key(id_))

    def indexed(self) -> int:
        """Count the orders of a rare status."""
        self._orders.clear_cache()  # stock TinyDB would not look again, whatever others wrote
        return int(self._orders.count(where("order").status == CANCELLED))

    def free(self) -> int:
        """Count orders by what nobody has indexed."""
        self._orders.clear_cache()
        return int(self._orders.count(where("order").service_level.matches("Same")))

    def add(self, id_: str) -> None:
        """Add one to a number in an order."""
        self._orders.update(increment("writes"), doc_ids=[self._key(id_)])

    def number(self, id_: str) -> int:
        """Read that number."""
        return int(self.get(id_)["writes"])

    def count(self) -> int:
        """Count all orders."""
        return len(self._orders)

    def close(self) -> None:
        """Let go of it."""
        self._db.close()


class BareSqlite(Store):
    """SQLite and nothing else: one table, one index, the same durability as ours."""

    def __init__(self, folder: Path) -> None:
        self._raw = sqlite3.connect(folder / "bare.db", timeout=30, isolation_level=None)
        self._raw.execute("PRAGMA journal_mode = WAL")
        self._raw.execute("PRAGMA synchronous = FULL")
        self._raw.execute(
            "CREATE TABLE IF NOT EXISTS doc(id TEXT PRIMARY KEY, status TEXT, body TEXT) STRICT"
        )
        self._raw.execute("CREATE INDEX IF NOT EXISTS doc_status ON doc(status)")

    def insert(self, orders: Orders) -> None:
        """Write some orders in one go."""
        rows = ((id_, doc["order"]["status"], json.dumps(doc)) for id_, doc in orders)
        with self._raw:
            self._raw.execute("BEGIN IMMEDIATE")
            self._raw.executemany("INSERT INTO doc VALUES(?, ?, ?)", rows)

    def update(self, id_: str, note: int) -> None:
        """Change one field of one order."""
        self._change(id_, lambda doc: doc.update(note=note))

    def get(self, id_: str) -> Any:
        """Read one order."""
        row = self._raw.execute("SELECT body FROM doc WHERE id = ?", (id_,)).fetchone()
        return json.loads(row[0])

    def indexed(self) -> int:
        """Count the orders of a rare status."""
        query = "SELECT count(*) FROM doc WHERE status = ?"
        return int(self._raw.execute(query, (CANCELLED,)).fetchone()[0])

    def free(self) -> int:
        """Count orders by what nobody has indexed."""
        query = "SELECT count(*) FROM doc WHERE json_extract(body, '$.order.service_level') LIKE ?"
        return int(self._raw.execute(query, ("Same%",)).fetchone()[0])

    def add(self, id_: str) -> None:
        """Add one to a number in an order."""
        self._change(id_, lambda doc: doc.update(writes=doc["writes"] + 1))

    def number(self, id_: str) -> int:
        """Read that number."""
        return int(self.get(id_)["writes"])

    def count(self) -> int:
        """Count all orders."""
        return int(self._raw.execute("SELECT count(*) FROM doc").fetchone()[0])

    def close(self) -> None:
        """Let go of it."""
        self._raw.close()

    def _change(self, id_: str, change: Callable[[dict[str, Any]], object]) -> None:
        with self._raw:
            self._raw.execute("BEGIN IMMEDIATE")
            document = self.get(id_)
            change(document)
            self._raw.execute("UPDATE doc SET body = ? WHERE id = ?", (json.dumps(document), id_))


class Server(Store):
    """PostgreSQL, through our own engine."""

    def __init__(self, url: str) -> None:
        self._engine = PostgresEngine(Address(SecretStr(url)), SERVER_LAYOUT)

    def insert(self, orders: Orders) -> None:
        """Write some orders in one go."""
        kept = list(orders)

        def put(tx: Transaction) -> None:
            for id_, document in kept:
                tx.put("orders", id_, document)

        self._engine.transact(put)

    def update(self, id_: str, note: int) -> None:
        """Change one field of one order."""
        self._change(id_, lambda doc: doc | {"note": note})

    def get(self, id_: str) -> Any:
        """Read one order."""
        with self._engine.snapshot() as now:
            return now.get("orders", id_)

    def indexed(self) -> int:
        """Count the orders of a rare status."""
        with self._engine.snapshot() as now:
            ((found,),) = now.execute(
                "SELECT count(*) FROM doc WHERE tbl = 'orders' AND found->>'order.status' = %s",
                (CANCELLED,),
            )
        return int(str(found))

    def free(self) -> int:
        """Count orders by what nobody has indexed."""
        with self._engine.snapshot() as now:
            found = (doc["order"]["service_level"] for _, doc in now.find("orders"))
            return sum(level.startswith("Same") for level in found)

    def add(self, id_: str) -> None:
        """Add one to a number in an order."""
        self._change(id_, lambda doc: doc | {"writes": doc["writes"] + 1})

    def number(self, id_: str) -> int:
        """Read that number."""
        return int(self.get(id_)["writes"])

    def count(self) -> int:
        """Count all orders."""
        with self._engine.snapshot() as now:
            return now.count("orders")

    def close(self) -> None:
        """Let go of it."""
        self._engine.close()

    def _change(self, id_: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self._engine.transact(lambda tx: tx.put("orders", id_, change(tx.get("orders", id_) or {})))


PEERS: dict[str, tuple[str, str, dict[str, str]]] = {
    "tinydb-sqlite": ("tinydb_sqlite", "SQLiteStorage", {}),
    "betterjsonstorage": ("BetterJSONStorage", "BetterJSONStorage", {"access_mode": "r+"}),
}


def open_store(kind: str, folder: Path, url: str) -> Store:
    """Open a store of a kind; ModuleNotFoundError for a peer that is not installed."""
    if kind == "bare SQLite":
        return BareSqlite(folder)
    if kind == "PrimeTUI":
        return TinyStore(DocumentDB(Engine(folder / "home", LAYOUT)), str)
    if kind == "PrimeTUI on PostgreSQL":
        return Server(url)
    if kind == "tinydb":
        return TinyStore(TinyDB(folder / "stock.json"))
    module, storage, options = PEERS[kind]
    return TinyStore(
        TinyDB(folder / "peer", storage=getattr(import_module(module), storage), **options)
    )


KINDS = (
    "bare SQLite",
    "PrimeTUI",
    "PrimeTUI on PostgreSQL",
    "tinydb",
    "tinydb-sqlite",
    "betterjsonstorage",
)
