"""The document engine: transactions, snapshots, the change feed, threads."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.narrowing import among
from primetui.adapters.tinydb.rows import Transaction
from primetui.adapters.tinydb.schema import Layout
from primetui.adapters.tinydb.where import Where
from primetui.errors import RepositoryError


def put(engine: Engine, id_: str, **fields: object) -> None:
    """Write one order."""
    engine.transact(lambda tx: tx.put("orders", id_, fields))


def plan(engine: Engine, where: Where) -> list[str]:
    """Ask SQLite how it finds what a condition asks for."""
    asked: list[str] = []
    with engine.snapshot() as now:
        now._connection.set_trace_callback(asked.append)
        list(now.texts("orders", where))
        now._connection.set_trace_callback(None)
        steps = now._connection.execute(f"EXPLAIN QUERY PLAN {asked[-1]}").fetchall()
    return [step[-1] for step in steps]


def test_a_document_comes_back_as_it_was_written(engine: Engine) -> None:
    """What is put is what is got, hostile text included."""
    document = {"note": "é\0\ud800\x1b[31m'\";--", "list": [1, None, True, 1.5], "big": 2**70}

    put(engine, "a'b\"; DROP TABLE doc; --", **document)

    assert document == engine.get("orders", "a'b\"; DROP TABLE doc; --")


def test_a_missing_document_is_none(engine: Engine) -> None:
    """Reading what is not there is an answer, not an error."""
    assert engine.get("orders", "1") is None


def test_not_a_number_is_refused_and_nothing_is_written(engine: Engine) -> None:
    """A document that is not JSON is a fault of ours, found before it is stored."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        put(engine, "1", price=float("nan"))

    assert engine.count("orders") == 0


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    """All or nothing: an error inside takes every write of it back."""
    put(engine, "1", status="old")

    def fail(tx: Transaction) -> None:
        tx.put("orders", "1", {"status": "new"})
        tx.put("orders", "2", {})
        raise KeyError("change of mind")

    with pytest.raises(KeyError, match="change of mind"):
        engine.transact(fail)

    assert [("1", {"status": "old"})] == list(engine.find("orders"))
    with engine.snapshot() as now:
        assert now.revision() == 1


def test_a_transaction_reads_its_own_writes_and_others_do_not(engine: Engine) -> None:
    """What is not committed is seen inside and nowhere else."""
    seen_elsewhere: list[int] = []

    def work(tx: Transaction) -> int:
        tx.put("orders", "1", {})
        other = threading.Thread(target=lambda: seen_elsewhere.append(engine.count("orders")))
        other.start()
        other.join()
        return engine.count("orders")

    assert engine.transact(work) == 1
    assert seen_elsewhere == [0]


def test_a_transaction_inside_a_transaction_is_part_of_it(engine: Engine) -> None:
    """An inner transaction is undone with the outer one."""

    def outer(_: Transaction) -> None:
        put(engine, "1", status="inner")
        raise KeyError("outer")

    with pytest.raises(KeyError, match="outer"):
        engine.transact(outer)

    assert engine.count("orders") == 0


def test_writing_while_reading_in_a_transaction(engine: Engine) -> None:
    """A loop over what there is may change it, and sees each document once."""
    for id_ in ("1", "2", "3"):
        put(engine, id_)

    def mark(tx: Transaction) -> list[str]:
        seen = []
        for id_, _ in engine.find("orders"):
            tx.put("orders", id_, {"seen": True})
            tx.put("orders", f"{id_} again", {})
            seen.append(id_)
        return seen

    assert engine.transact(mark) == ["1", "2", "3"]
    assert engine.count("orders") == 6


def test_a_mistake_of_ours_keeps_its_type(engine: Engine) -> None:
    """Wrong SQL is a bug to be seen, not news for the merchant; the store works on."""
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        engine.transact(lambda tx: tx.execute("SELECT * FROM nowhere", ()))

    put(engine, "1")
    assert engine.count("orders") == 1


def test_a_snapshot_holds_still_while_others_write(engine: Engine) -> None:
    """Several reads in one snapshot tell of one moment."""
    put(engine, "1", status="old")

    with engine.snapshot() as now:
        before = now.get("orders", "1")
        writer = threading.Thread(target=put, args=(engine, "1"), kwargs={"status": "new"})
        writer.start()
        writer.join()
        after = now.get("orders", "1")

    assert before == after == {"status": "old"}
    assert engine.get("orders", "1") == {"status": "new"}


def test_one_transaction_is_one_revision_and_reading_is_none(engine: Engine) -> None:
    """The revision counts transactions that wrote."""

    def two(tx: Transaction) -> None:
        tx.put("orders", "1", {})
        tx.put("orders", "2", {})

    engine.transact(two)
    engine.transact(lambda tx: tx.get("orders", "1"))

    with engine.snapshot() as now:
        assert now.revision() == 1


def test_documents_come_in_the_order_they_arrived(engine: Engine) -> None:
    """A change keeps a document's place; removing and writing again moves it to the end."""
    for id_ in ("1", "2", "3"):
        put(engine, id_)
    put(engine, "2", status="changed")
    engine.transact(lambda tx: tx.delete("orders", "1"))
    put(engine, "1")

    assert ["2", "3", "1"] == [id_ for id_, _ in engine.find("orders")]


def test_a_removed_document_leaves_no_trace_of_its_content(engine: Engine, home: Path) -> None:
    """What is erased cannot be dug out of the file."""
    put(engine, "1", name="Buyer-4711")
    engine.transact(lambda tx: tx.delete("orders", "1"))
    with sqlite3.connect(home / "primetui.db") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()

    assert b"Buyer-4711" not in (home / "primetui.db").read_bytes()


def test_a_condition_finds_through_its_index(engine: Engine) -> None:
    """A condition on an indexed field reads the index, in order, and nothing else."""
    for n in range(20):
        put(engine, str(n), status="odd" if n % 2 else "even")
    where = among("found1", ("odd",))
    assert where is not None

    assert [str(n) for n in range(1, 20, 2)] == [id_ for id_, _ in engine.find("orders", where)]
    assert engine.count("orders", where) == 10
    assert plan(engine, where) == ["SEARCH doc USING INDEX doc_orders_found1 (found1=?)"]


def test_threads_lose_no_update(engine: Engine) -> None:
    """Eight threads that each add one a hundred times leave eight hundred."""
    put(engine, "counter", value=0)

    def add(tx: Transaction) -> None:
        counter = tx.get("orders", "counter") or {}
        tx.put("orders", "counter", {"value": counter["value"] + 1})

    def many() -> None:
        for _ in range(100):
            engine.transact(add)

    threads = [threading.Thread(target=many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert engine.get("orders", "counter") == {"value": 800}


def test_a_writer_that_never_gives_up_its_turn_is_named_in_time(engine: Engine, home: Path) -> None:
    """Behind a suspended writer we say so instead of hanging, and nothing is changed."""
    with closing(Engine(home, patience_seconds=0.05)) as hurried:

        def impatient(_: Transaction) -> None:
            with pytest.raises(RepositoryError, match="look for a suspended PrimeTUI"):
                put(hurried, "1")

        engine.transact(impatient)
        put(hurried, "2")

    assert ["2"] == [id_ for id_, _ in engine.find("orders")]


def test_reading_waits_for_no_writer(engine: Engine, home: Path) -> None:
    """Readers see the last committed state while another process writes."""
    put(engine, "1", status="old")
    with closing(Engine(home, patience_seconds=0.05)) as reader:

        def slow(tx: Transaction) -> object:
            tx.put("orders", "1", {"status": "new"})
            return reader.get("orders", "1")

        assert engine.transact(slow) == {"status": "old"}
        assert reader.get("orders", "1") == {"status": "new"}


def test_a_closed_store_is_closed_for_good(home: Path) -> None:
    """Closing twice is harmless; using it afterwards is a fault of ours."""
    engine = Engine(home)
    engine.close()
    engine.close()

    with pytest.raises(RuntimeError, match="the store is closed"):
        engine.count("orders")
    with pytest.raises(RuntimeError, match="the store is closed"):
        put(engine, "1")


@pytest.mark.parametrize("name", ["", "a b", "a'b", "1a", "a\n"])
def test_a_layout_refuses_names_that_are_not_words(name: str) -> None:
    """Names of the layout become SQL, so they are plain words."""
    with pytest.raises(ValueError, match="names in a layout"):
        Layout(indexes={name: ()})
    with pytest.raises(ValueError, match="names in a layout"):
        Layout(indexes={"orders": (("a", name),)})
