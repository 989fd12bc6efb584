"""What the engine over PostgreSQL must do beyond the contract that every store keeps."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from primetui.adapters.documents.rows import Document
from primetui.adapters.postgres.address import Address
from primetui.adapters.postgres.engine import PostgresEngine
from primetui.adapters.postgres.rows import Transaction
from primetui.adapters.postgres.schema import REMEMBERED
from primetui.errors import RepositoryError
from tests.adapters.postgres.conftest import Opener
from tests.adapters.postgres.line import Line
from tests.postgres import Cluster

FIRST: Document = {"status": "new"}


def put(engine: PostgresEngine, id_: str = "1", document: Document = FIRST) -> None:
    """Write one document."""
    engine.transact(lambda tx: tx.put("orders", id_, document))


def read(engine: PostgresEngine, id_: str = "1") -> Document | None:
    """Read one document as it is now."""
    with engine.snapshot() as now:
        return now.get("orders", id_)


def revision(engine: PostgresEngine) -> int:
    """Give the number of the last transaction that wrote."""
    with engine.snapshot() as now:
        return now.revision()


def test_a_transaction_within_a_transaction_is_part_of_it(engine: PostgresEngine) -> None:
    """Inner writes are seen at once, by snapshots of the same thread too, and end with the outer."""

    def outer(tx: Transaction) -> None:
        tx.put("orders", "1", {"status": "outer"})
        put(engine, "2")
        assert {"status": "outer"} == read(engine)
        assert FIRST == read(engine, "2")
        raise KeyError

    with pytest.raises(KeyError):
        engine.transact(outer)

    assert read(engine) is read(engine, "2") is None


def test_a_snapshot_stays_at_its_moment(opener: Opener) -> None:
    """What others write meanwhile is seen by the next one."""
    one, two = opener(), opener()
    put(one)

    with one.snapshot() as now:
        assert FIRST == now.get("orders", "1")
        put(two, document={"status": "later"})
        assert FIRST == now.get("orders", "1")
        assert 1 == now.revision()

    assert {"status": "later"} == read(one)


def test_more_documents_than_a_page_come_in_the_order_of_arrival(engine: PostgresEngine) -> None:
    """Pages fit together, and a document that changes keeps its place."""
    ids = [f"{(n * 7919) % 1201}" for n in range(1201)]

    def keep(tx: Transaction) -> None:
        for id_ in ids:
            tx.put("orders", id_, {"status": id_})

    engine.transact(keep)
    put(engine, "7", {"status": "changed"})
    with engine.snapshot() as now:
        found = dict(now.find("orders"))

    assert ids == list(found)
    assert {"status": "changed"} == found["7"]


@pytest.mark.parametrize("text", ["plain", "a\0b", "\\0", "\udcff", "'; DROP TABLE doc; --"])
def test_any_text_is_kept_to_the_letter_and_found(engine: PostgresEngine, text: str) -> None:
    """PostgreSQL's own JSON would refuse a NUL; ours is the text it was written as."""
    document = {"status": text, "ship_to": {"country": text}}
    put(engine, "1", document)
    put(engine, "2", {"status": "another"})

    with engine.snapshot() as now:
        assert [("1", document)] == list(now.near("orders", "status", (text, "nothing")))
        assert [] == list(now.near("orders", "status", ("nothing",)))
    assert document == read(engine)


def test_a_removed_document_is_gone_and_comes_back_at_the_end(engine: PostgresEngine) -> None:
    """Removing what is not there is nothing but a revision."""
    for id_ in ("1", "2"):
        put(engine, id_)
    for _ in range(2):
        engine.transact(lambda tx: tx.delete("orders", "1"))
    assert read(engine) is None

    put(engine, "1")

    with engine.snapshot() as now:
        assert ["2", "1"] == [id_ for id_, _ in now.texts("orders")]
        assert 2 == now.count("orders")
        assert {"orders"} == now.tables()


def test_a_change_in_anothers_way_is_run_once_more(
    engine: PostgresEngine, server: Cluster, database: str
) -> None:
    """Somebody changes the same row by hand, past our queue: the change runs again on top of it."""
    put(engine)
    seen: list[Any] = []
    with closing(server.connect(database)) as hand:

        def work(tx: Transaction) -> None:
            seen.append(tx.get("orders", "1"))
            if len(seen) == 1:
                hand.execute('UPDATE primetui.doc SET body = \'{"status": "by hand"}\'')
            tx.put("orders", "1", {"status": f"after {seen[-1]['status']}"})

        engine.transact(work)

    assert [FIRST, {"status": "by hand"}] == seen
    assert {"status": "after by hand"} == read(engine)
    assert 2 == revision(engine)


def test_writers_wait_their_turn_and_then_say_so(
    opener: Opener, server: Cluster, database: str
) -> None:
    """A lock that nobody gives back ends in words, not in waiting for ever; reads go on."""
    engine = opener(patience_seconds=0.2)
    with closing(server.connect(database)) as other, other.transaction():
        other.execute("LOCK TABLE primetui.meta IN EXCLUSIVE MODE")

        with pytest.raises(RepositoryError, match="look for a suspended PrimeTUI"):
            put(engine)
        assert 0 == revision(engine)

    put(engine)
    assert FIRST == read(engine)


def test_a_suspended_writer_does_not_stop_the_others(opener: Opener) -> None:
    """The server lets go of it; when it wakes up, its change runs again on top of theirs."""
    asleep, awake = opener(patience_seconds=0.5), opener(patience_seconds=5.0)
    began, done = threading.Event(), threading.Event()
    seen: list[Document | None] = []

    def suspended(tx: Transaction) -> None:
        seen.append(tx.get("orders", "1"))
        tx.put("orders", "1", {"status": "asleep"})
        began.set()
        done.wait()

    sleeper = threading.Thread(target=lambda: asleep.transact(suspended))
    sleeper.start()
    began.wait()
    put(awake)
    done.set()
    sleeper.join()

    assert [None, FIRST] == seen
    assert {"status": "asleep"} == read(awake)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_after_a_restart_of_the_server_work_goes_on(
    engine: PostgresEngine, server: Cluster, mode: str
) -> None:
    """Idle lines that ended are noticed before they are used."""
    put(engine)
    server.restart(mode)

    assert FIRST == read(engine)
    put(engine, "2")
    assert 2 == revision(engine)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_what_is_in_flight_when_the_server_goes_was_not_done(
    engine: PostgresEngine, server: Cluster, mode: str
) -> None:
    """A change cut off before its end is reported, and left nothing."""

    def work(tx: Transaction) -> None:
        tx.put("orders", "1", FIRST)
        server.restart(mode)
        tx.put("orders", "2", FIRST)

    with pytest.raises(
        RepositoryError, match=r"is not to be reached just now.*Nothing was changed"
    ):
        engine.transact(work)

    assert read(engine) is read(engine, "2") is None


def test_a_read_in_flight_when_the_server_goes_says_so(
    engine: PostgresEngine, server: Cluster
) -> None:
    """Half a reading is none."""

    def restart_within_a_moment() -> None:
        with engine.snapshot() as now:
            server.restart()
            now.get("orders", "1")

    with pytest.raises(RepositoryError, match="not to be reached"):
        restart_within_a_moment()


def test_a_server_that_is_gone_is_said_to_be_gone(engine: PostgresEngine, server: Cluster) -> None:
    """Every deed says it in words, and works again when the server does."""
    server.stop()
    try:
        for deed in (put, read, revision):
            with pytest.raises(RepositoryError, match="see that the server runs"):
                deed(engine)
    finally:
        server.start()
    put(engine)


@pytest.fixture
def line(tmp_path: Path, server: Cluster) -> Iterator[Line]:
    """Open a line that can be cut."""
    opened = Line(tmp_path, server.socket)
    yield opened
    opened.close()


@pytest.mark.parametrize("before", [True, False])
def test_R21_a_lost_answer_to_a_commit_is_found_out(
    opener: Opener, line: Line, database: str, *, before: bool
) -> None:
    """R21: kept without an answer is kept; not arrived is done again: either way once."""
    engine = opener(address=Address(line.url(database)))
    put(engine, "before")
    ran: list[int] = []
    line.lose_commit(before=before)

    def work(tx: Transaction) -> int:
        ran.append(1)
        tx.put("orders", tx.fresh_id(), FIRST)
        return len(ran)

    answer = engine.transact(work)

    assert (1, 2 if before else 1) == (line.cuts, answer)
    assert 2 == revision(engine)
    with engine.snapshot() as now:
        assert 2 == now.count("orders")


@pytest.mark.parametrize("before", [True, False])
def test_R21_an_answer_that_cannot_be_found_out_is_said_to_be_unknown(
    opener: Opener, line: Line, database: str, *, before: bool
) -> None:
    """R21: with the server gone for good, nothing is claimed: neither that it was kept nor not."""
    engine = opener(address=Address(line.url(database)), patience_seconds=0.3)
    line.lose_commit(before=before, then_down=True)

    with pytest.raises(RepositoryError, match="does not say whether it was: either all of it"):
        put(engine)

    line.is_down = False
    assert (None if before else FIRST) == read(engine)


def test_R21_a_mark_that_may_be_forgotten_proves_nothing(
    opener: Opener, line: Line, database: str
) -> None:
    """R21: when many changes came in between, the mark is gone, and absence means nothing."""
    engine, other = opener(address=Address(line.url(database))), opener()
    marks: list[int] = []
    line.lose_commit(before=False)
    recall = engine._recall

    def later(connection: Any, transaction: Transaction) -> bool:
        for number in range(REMEMBERED):
            put(other, str(number))
        marks.append(transaction.mark)
        return recall(connection, transaction)

    engine._recall = later  # type: ignore[method-assign] # time passes before it asks
    with pytest.raises(RepositoryError, match="does not say whether"):
        put(engine)

    assert 1 == len(marks)
    assert FIRST == read(engine)
