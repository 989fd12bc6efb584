"""Homes as older versions left them: read as they are, sealed when written, refused when newer.

`home_1.sql` and `home_1.files` are a home of schema 1, written by the last version that had it:
buyers and label files in the clear.
"""

import sqlite3
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from primetui import cli
from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.domain.label import PurchaseState
from primetui.domain.shipment import OrderId
from primetui.domain.value import Value
from primetui.errors import RepositoryError
from primetui.ports import OrderQuery
from tests.domain.made import BUYER, NOW, ORDER_ID
from tests.vaults import vault_of

HERE = Path(__file__).parent
ONE, TWO, THREE = ORDER_ID, OrderId("111-0000002-0000002"), OrderId("111-0000003-0000003")
BOB = BUYER.model_copy(update={"name": "Bob Buyer", "line2": "Flat 7"})
PERSON = ("Ada Buyer", "Bob Buyer", "9 Elm Street", "Flat 7", "02108", "6175550123", "ada@example")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Thaw the home of schema 1."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with closing(sqlite3.connect(home / "primetui.db")) as db:
        db.executescript((HERE / "home_1.sql").read_text(encoding="ascii"))
        db.execute("PRAGMA journal_mode = WAL")
    (home / "primetui.db").chmod(0o600)
    (home / "labels").mkdir(mode=0o700)
    for line in (HERE / "home_1.files").read_text(encoding="ascii").splitlines():
        name, content = line.split()
        (home / name).write_bytes(b64decode(content))
        (home / name).chmod(0o600)
    return home


@contextmanager
def opened(home: Path) -> Iterator[DocumentRepository]:
    """Open a home's documents."""
    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as repository:
        yield repository


def everything(repository: DocumentRepository) -> Mapping[str, tuple[Value | None, ...]]:
    """Read every value of the thawed home through the port."""
    orders = (ONE, TWO, THREE)
    return {
        "account": (repository.account(),),
        "stores": repository.stores(),
        "orders": tuple(map(repository.order, orders)),
        "offers": tuple(map(repository.offers, orders)),
        "purchases": tuple(one for id_ in orders for one in repository.purchases(id_)),
        "labels": tuple(one for id_ in orders for one in repository.labels(id_)),
        "notices": tuple(one for id_ in orders for one in repository.notices(id_)),
        "batches": repository.batches(),
        "audit": repository.audit(),
    }


def papers(repository: DocumentRepository) -> list[bytes]:
    """Read the label files of the thawed home."""
    (label,) = repository.labels(ONE)
    return [repository.read_paper(ONE, document) for document in label.documents]


PAPERS = [b"%PDF-1.4 label for Ada Buyer, 9 Elm Street", b"^XA^FDAda Buyer^FS^XZ"]


def in_the_clear(home: Path) -> set[str]:
    """Find what names a person anywhere in a home, in whatever file."""
    contents = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    return {word for word in PERSON for content in contents if word.encode() in content}


def test_a_home_of_schema_1_is_read_as_it_is(home: Path) -> None:
    """Every kind of document and file is there, whole, and reading changes none of it."""
    with opened(home) as repository:
        found = everything(repository)
        problems = repository.check().problems
        pages = PAPERS == papers(repository)
        grid = repository.count_orders(OrderQuery())
        records = [repository.order(id_) for id_ in (ONE, TWO, THREE)]
    ship_tos = [record.order.ship_to for record in records if record]
    counts = {kind: sum(one is not None for one in values) for kind, values in found.items()}

    assert [BUYER, None, BOB] == ship_tos
    assert ((), True, 3) == (problems, pages, grid)
    assert counts == {
        "account": 1,
        "stores": 1,
        "orders": 3,
        "offers": 1,
        "purchases": 3,
        "labels": 2,
        "notices": 1,
        "batches": 1,
        "audit": 2,
    }
    assert set(PERSON) == in_the_clear(home)


def test_an_order_that_is_written_is_sealed(home: Path) -> None:
    """It needs no migration, and the others wait for it."""
    with opened(home) as repository:
        old = len(repository.outdated())
        record = repository.order(THREE)
        assert record is not None
        repository.transact(lambda tx: tx.put_order(record))
        assert record == repository.order(THREE)
        assert old - 1 == len(repository.outdated())
        repository.scrub(rewrite=True)

    assert set(PERSON) - {"Bob Buyer", "Flat 7"} == in_the_clear(home)


def test_R23_migrating_seals_everything_and_leaves_no_copy_in_the_clear(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every value and file is as before, and no byte of the home names anybody."""
    with opened(home) as repository:
        before = everything(repository)

    assert 0 == cli.run(["db", "migrate", "--home", str(home), "--operator", "ann"])
    assert "15 documents written anew" in capsys.readouterr().out
    assert set() == in_the_clear(home)

    with opened(home) as repository:
        after = everything(repository)
        assert PAPERS == papers(repository)
        assert () == repository.outdated()
        assert () == repository.check().problems
        assert [PurchaseState.UNKNOWN] == [one.state for one in repository.pending_purchases()]
    audit = (*before["audit"], *after["audit"][-1:])
    assert {**before, "audit": audit} == after
    assert set() == in_the_clear(home)

    assert 0 == cli.run(["db", "migrate", "--home", str(home), "--operator", "ann"])
    assert "0 documents written anew" in capsys.readouterr().out


@pytest.mark.parametrize("done", range(16))
def test_a_migration_that_was_stopped_is_gone_on_with(home: Path, done: int) -> None:
    """However far it came, the home works, and the next run does the rest."""
    with opened(home) as repository:
        before = everything(repository)
        repository.upgrade(repository.outdated()[:done])
    with opened(home) as repository:
        assert before == everything(repository)
        assert PAPERS == papers(repository)
        assert () == repository.check().problems
        assert 15 - done == len(repository.outdated())
        assert () == repository.upgrade(repository.outdated())
        assert repository.scrub(rewrite=True)

    assert set() == in_the_clear(home)


def test_a_document_that_cannot_be_read_is_named_and_left(home: Path) -> None:
    """The others are sealed all the same."""
    with closing(sqlite3.connect(home / "primetui.db")) as db:
        db.execute(
            "UPDATE doc SET body = json_set(body, '$.order.prime', '?') WHERE id = ?", (TWO,)
        )
        db.commit()
    with opened(home) as repository:
        (problem,) = repository.upgrade(repository.outdated())

        assert problem.startswith(f"OrderRecord {TWO} cannot be read (look at order.prime)")
        assert [("orders", TWO)] == list(repository.outdated())


def test_a_label_whose_file_is_gone_is_named_and_its_document_sealed(home: Path) -> None:
    """A missing file is no reason to leave the rest in the clear."""
    for path in (home / "labels").iterdir():
        path.unlink()
    with opened(home) as repository:
        (problem,) = repository.upgrade(repository.outdated())

        assert "is missing" in problem
        assert () == repository.outdated()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("PRAGMA user_version = 99", "made by a newer PrimeTUI"),
        ("UPDATE doc SET body = json_set(body, '$.schema', 3)", "of a newer PrimeTUI"),
    ],
)
def test_a_newer_version_is_refused_untouched(home: Path, statement: str, words: str) -> None:
    """Neither a layout nor a document that we do not know is read, changed or migrated."""
    with closing(sqlite3.connect(home / "primetui.db")) as db:
        db.execute(statement)
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def read_and_migrate() -> None:
        with opened(home) as repository:
            repository.upgrade(repository.outdated())
            repository.order(ONE)

    before = rows(home)
    with pytest.raises(RepositoryError, match=words):
        read_and_migrate()

    assert before == rows(home)


def rows(home: Path) -> list[tuple[object, ...]]:
    """Read all documents as they lie on disk."""
    with closing(sqlite3.connect(home / "primetui.db")) as db:
        return db.execute("SELECT tbl, id, body FROM doc ORDER BY n").fetchall()
