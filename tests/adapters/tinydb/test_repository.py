"""The repository in one folder: what only this implementation has to get right."""

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tinydb import where

from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.adapters.tinydb.table import DocumentDB
from primetui.domain.label import Document, LabelId, PurchaseState
from primetui.domain.order import Landing, OrderRecord, OrderStatus
from primetui.domain.shipment import DocumentFormat
from primetui.errors import Busy, RepositoryError
from primetui.ports import OrderQuery, Paper
from tests.domain.made import NOW, ORDER_ID, draft, journal, label, order
from tests.tampering import rewrite, spoil
from tests.vaults import vault_of

ROOT = Path(__file__).parents[3]
PAPER = Paper(format=DocumentFormat.PDF, kind="LABEL", content=b"%PDF for Ada Buyer")
RECORD = OrderRecord(
    order=order(),
    landing=Landing(status=OrderStatus.AWAITING_SHIPMENT, why="Not Prime.", at=NOW),
    shipment=draft(),
)


@pytest.fixture
def repository(home: Path) -> Iterator[DocumentRepository]:
    """Open documents with one order in them."""
    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as repository:
        repository.transact(lambda tx: tx.put_order(RECORD))
        yield repository


def paper_file(home: Path, document: Document) -> Path:
    """Find where a document's file lies."""
    (path,) = home.glob(f"labels/*/{document.sha256}.pdf.sealed")
    return path


NEWER = (
    f"OrderRecord {ORDER_ID} follows schema 3, of a newer PrimeTUI; this one reads up to 2: "
    "install the newer PrimeTUI. Nothing was changed."
)
UNMARKED = f"OrderRecord {ORDER_ID} does not say which schema it follows: it is not ours."
MISFIT = (
    f"OrderRecord {ORDER_ID} cannot be read (look at order.prime, surprise): put your last "
    "backup in its place. Everything else still works."
)
HIDDEN = (
    "The store is damaged (documents of orders cannot be found): keep a copy of its folder as it "
    "is, then put your last backup in its place. Nothing was changed."
)
DAMAGED = (
    f"orders {ORDER_ID} is damaged: put your last backup in its place. Everything else still works."
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("json_set(body, '$.schema', 3)", NEWER),
        ("json_remove(body, '$.schema')", UNMARKED),
        ("json_set(body, '$.order.prime', 'perhaps', '$.surprise', 1)", MISFIT),
        ("'{'", DAMAGED),
        ("'[]'", DAMAGED),
    ],
)
def test_a_document_that_cannot_be_read_says_so(
    repository: DocumentRepository, home: Path, body: str, words: str
) -> None:
    """Reading it and examining it give the same line; the grid and everything else still work."""
    rewrite(home, f"UPDATE doc SET body = {body} WHERE tbl = 'orders'")  # noqa: S608 - a table's column

    with pytest.raises(RepositoryError) as refusal:
        repository.order(ORDER_ID)

    assert words == str(refusal.value)
    assert repository.check().problems == (words,)
    assert repository.count_orders(OrderQuery()) == 1


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE grid SET units = 99", f"Order {ORDER_ID}: its row of the grid is out of date."),
        ("UPDATE doc SET id = 'other' WHERE tbl = 'orders'", HIDDEN),
        ("DELETE FROM doc WHERE tbl = 'orders'", HIDDEN),
        ("DELETE FROM tally WHERE tbl = 'orders'", HIDDEN),
    ],
)
def test_check_finds_what_was_changed_behind_our_back(
    repository: DocumentRepository, home: Path, statement: str, problem: str
) -> None:
    """A row that does not fit its order is named; so is a document that came, went or moved."""
    rewrite(home, statement)

    assert problem in repository.check().problems


def test_check_finds_rows_without_orders(repository: DocumentRepository) -> None:
    """The grid has as many rows as there are orders."""
    repository.engine.transact(lambda tx: tx.delete("orders", ORDER_ID))

    assert repository.check().problems == ("The grid has 1 rows for 0 orders.",)


def test_check_of_a_damaged_store_says_so(repository: DocumentRepository, home: Path) -> None:
    """Pages that make no sense end the examination with words, not with a crash."""
    for number in range(50):
        other = order(id=f"{number}")
        repository.transact(
            lambda tx, other=other: tx.put_order(RECORD.model_copy(update={"order": other}))  # type: ignore[misc] # binds the loop's value
        )
    repository.close()
    spoil(home, "PRAGMA wal_checkpoint(TRUNCATE)")
    with (home / "primetui.db").open("r+b") as stream:
        stream.seek(8 * 4096)
        stream.write(b"\xa5" * 8 * 4096)

    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as damaged:
        problems = damaged.check().problems

    assert any("damaged" in problem or problem.startswith("SQLite says") for problem in problems)
    assert all(problem.isprintable() for problem in problems)


@pytest.mark.parametrize("content", [b"", b"%PDF for Bob Buyer"])
def test_a_label_file_that_was_changed_is_refused(
    repository: DocumentRepository, home: Path, content: bytes
) -> None:
    """A file is printed only when its bytes are the ones that were bought."""
    document = repository.keep_paper(ORDER_ID, PAPER)
    posted = journal(PurchaseState.POSTED).model_copy(update={"label_id": LabelId("l1")})
    repository.transact(lambda tx: tx.put_purchase(posted))
    repository.transact(lambda tx: tx.put_label(label(documents=(document,))))
    paper_file(home, document).write_bytes(content)
    words = (
        f"Label file {document.sha256}.pdf is not as it was kept: fetch that label's papers "
        "again, or put your last backup in its place."
    )

    with pytest.raises(RepositoryError) as refusal:
        repository.read_paper(ORDER_ID, document)

    assert words == str(refusal.value)
    assert repository.check().problems == (f"Label of order {ORDER_ID}: {words}",)


def test_label_files_and_locks_are_their_owners(repository: DocumentRepository, home: Path) -> None:
    """Nobody else reads a label, or learns who is buying."""
    repository.keep_paper(ORDER_ID, PAPER)
    with repository.lease(ORDER_ID, "ann"):
        modes = {p: stat.S_IMODE(p.stat().st_mode) for p in home.rglob("*")}

    assert {0o700} == {mode for path, mode in modes.items() if path.is_dir()}
    assert {0o600} == {mode for path, mode in modes.items() if path.is_file()}
    assert len(modes) == 11


def test_leases_leave_nothing_behind(repository: DocumentRepository, home: Path) -> None:
    """A lock file lives as long as its lease."""
    for number in range(20):
        with repository.lease(order(id=str(number)).id, "ann"):
            pass

    assert list((home / "locks").iterdir()) == []


def test_a_hostile_operators_name_moves_no_cursor(repository: DocumentRepository) -> None:
    """The holder's name is shown to another operator's terminal: plainly."""
    with (
        repository.lease(ORDER_ID, "ann\x1b[2J"),
        pytest.raises(Busy) as busy,
        repository.lease(ORDER_ID, "bob"),
    ):
        pass

    assert busy.value.holder == "ann\\x1b[2J"


def test_a_lock_file_of_nonsense_is_somebodys(repository: DocumentRepository, home: Path) -> None:
    """Whoever holds a lease without signing it is another operator."""
    with repository.lease(ORDER_ID, "ann"):
        (lock,) = (home / "locks").iterdir()
        for nonsense in (b"", b"{", b"[]", b"\xff" * 2000):
            lock.write_bytes(nonsense)
            with pytest.raises(Busy, match="another operator"), repository.lease(ORDER_ID, "bob"):
                pass


HOLDER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from primetui.adapters.tinydb.locks import Leases

with Leases(Path(sys.argv[1]), lambda: datetime(2026, 3, 3, tzinfo=UTC)).hold(sys.argv[2], "carl"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_dead_operators_lease_is_free_and_a_paused_ones_is_not(
    repository: DocumentRepository, home: Path
) -> None:
    """The kernel tells the dead from the sleeping; no clock does (R21)."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home), ORDER_ID],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Busy, match="carl"), repository.lease(ORDER_ID, "ann"):
            pass
        other.kill()
        other.wait()

    with repository.lease(ORDER_ID, "ann"):
        pass


def test_a_file_that_cannot_be_put_in_place_leaves_nothing(
    repository: DocumentRepository, home: Path
) -> None:
    """When the last step fails, no half of a label stays behind."""
    document = repository.keep_paper(ORDER_ID, PAPER)
    path = paper_file(home, document)
    path.unlink()
    path.mkdir()

    with pytest.raises(RepositoryError, match="PrimeTUI cannot use"):
        repository.keep_paper(ORDER_ID, PAPER)
    with pytest.raises(RepositoryError, match="PrimeTUI cannot use"):
        repository.read_paper(ORDER_ID, document)

    assert list((home / "labels/making").iterdir()) == []


def test_check_goes_on_behind_a_label_that_cannot_be_read(
    repository: DocumentRepository, home: Path
) -> None:
    """One bad document is one problem, and hides no other."""
    repository.transact(lambda tx: tx.put_label(label()))
    rewrite(home, "UPDATE doc SET body = json_set(body, '$.state', 'lost') WHERE tbl = 'labels'")
    repository.engine.transact(lambda tx: tx.put("stores", "x", {}))

    first, second = repository.check().problems

    assert first == "Store x does not say which schema it follows: it is not ours."
    assert second == (
        "Label l1 cannot be read (look at state): put your last backup in its place. "
        "Everything else still works."
    )


def test_what_a_killed_writer_left_is_swept(home: Path) -> None:
    """Half a label file names a person: it goes when its writer is surely dead, not before."""
    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as repository:
        repository.keep_paper(ORDER_ID, PAPER)
    old, young = home / "labels/making/old", home / "labels/making/young"
    old.write_bytes(b"half a lab")
    young.write_bytes(b"half a lab")
    two_hours_ago = time.time() - 7200
    os.utime(old, (two_hours_ago, two_hours_ago))

    DocumentRepository(home, SetClock(NOW), vault_of(home)).close()

    assert (False, True) == (old.exists(), young.exists())


def test_tinydb_sees_the_same_documents(repository: DocumentRepository) -> None:
    """An operator's script asks the store in TinyDB's words."""
    orders = DocumentDB(repository.engine).table("orders")

    (found,) = orders.search(where("order").status == "Awaiting Shipment")

    assert ORDER_ID == str(found.doc_id)
    assert (2, "Mug") == (found["schema"], found["order"]["items"][0]["title"])


def test_R23_what_is_due_is_found_without_reading_what_is_not(
    repository: DocumentRepository,
) -> None:
    """The keys of buyers are searched by their day, whatever the number of those not due."""
    asked: list[str] = []
    with repository.engine.snapshot() as now:
        now._connection.set_trace_callback(asked.append)
        assert [] == list(now.until("keys", "forget_after", "2026"))
        now._connection.set_trace_callback(None)
        steps = now._connection.execute(f"EXPLAIN QUERY PLAN {asked[-1]}").fetchall()

    assert ["SEARCH doc USING INDEX doc_keys_found1 (found1<?)"] == [s[-1] for s in steps]
