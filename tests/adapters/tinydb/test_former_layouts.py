"""Stores that an older PrimeTUI made: brought into today's layout whole, or not at all."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tinydb import where

from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.adapters.tinydb.schema import Layout
from primetui.adapters.tinydb.table import DocumentDB
from primetui.domain.shipment import OrderId
from primetui.errors import RepositoryError
from primetui.ports import OrderQuery
from tests.domain.made import NOW
from tests.vaults import vault_of

LAYOUT_1 = Path(__file__).parent / "former" / "layout1.sql"


def thaw(home: Path, *statements: str) -> None:
    """Make the store of layout 1 anew that was written down when layout 1 was today's."""
    home.mkdir(mode=0o700)
    with closing(sqlite3.connect(home / "primetui.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.executescript(LAYOUT_1.read_text(encoding="utf-8"))
        for statement in statements:
            raw.execute(statement)
    (home / "primetui.db").chmod(0o600)


def test_a_store_of_layout_1_is_brought_along(home: Path) -> None:
    """Documents, numbers, the grid and the revision are as they were; removed rows are gone."""
    thaw(home)
    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as repository:
        notes = DocumentDB(repository.engine).table("notes")
        tagged = OrderQuery(tag="gift", text="mug")

        assert ["111-1", "111-2"] == [row.id for row in repository.order_rows(tagged, 0, 9)]
        assert (2, 2) == (repository.count_orders(OrderQuery()), repository.count_orders(tagged))
        assert [OrderId("111-1")] == [
            record.order.id for record in [repository.order(OrderId("111-1"))] if record
        ]
        assert [(2, {"a": 2})] == [(note.doc_id, note) for note in notes.search(where("a") == 2)]
        assert repository.revision() == 8
        assert len(repository.pending_purchases()) == len(repository.audit()) == 1
        assert repository.check().problems == ()
    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
        assert not {name for name in names if name.startswith("former")}


def test_a_store_that_cannot_be_brought_along_stays_as_it_is(home: Path) -> None:
    """A document that cannot be read is named, and the older PrimeTUI still reads the rest."""
    thaw(home, "DROP INDEX doc_orders_order_status", "DROP INDEX doc_orders_order_store_id")
    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        raw.execute("UPDATE doc SET body = '{' WHERE id = '111-2'")
        raw.commit()
        before = list(raw.iterdump())

    with pytest.raises(RepositoryError, match="orders 111-2 is damaged"):
        DocumentRepository(home, SetClock(NOW), vault_of(home))

    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        assert before == list(raw.iterdump())
        assert raw.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_field_that_is_newly_found_by_is_filed(home: Path) -> None:
    """Documents that are there are found by a field a newer PrimeTUI indexes, and by the old ones."""
    with closing(Engine(home, Layout(indexes={"orders": (("status",),)}))) as engine:
        engine.transact(lambda tx: tx.put("orders", "1", {"status": "a", "zone": 5}))
        engine.transact(lambda tx: tx.put("orders", "2", {"status": "b", "zone": 6}))

    newer = Layout(indexes={"orders": (("zone",), ("status",)), "more": (("x",),)})
    with closing(Engine(home, newer)) as engine:
        orders = DocumentDB(engine).table("orders")
        assert [{"status": "b", "zone": 6}] == orders.search(where("zone") == 6)
        assert [{"status": "a", "zone": 5}] == orders.search(where("status") == "a")
        assert {("status",): "found1", ("zone",): "found2"} == engine.layout.indexed("orders")


def test_an_older_primetui_keeps_filing_by_what_a_newer_one_added(home: Path) -> None:
    """Opened after the newer one it files as that does; open meanwhile it is stopped in words."""
    older = Layout(indexes={"orders": (("status",),)})
    newer = Layout(indexes={"orders": (("status",), ("zone",))})
    with closing(Engine(home, older)) as early:
        Engine(home, newer).close()
        with pytest.raises(RepositoryError, match="A newer PrimeTUI has opened the store"):
            early.transact(lambda tx: tx.put("orders", "1", {"zone": 5}))
    with closing(Engine(home, older)) as late:
        late.transact(lambda tx: tx.put("orders", "1", {"zone": 5}))
    with closing(Engine(home, newer)) as engine:
        assert [{"zone": 5}] == DocumentDB(engine).table("orders").search(where("zone") == 5)
