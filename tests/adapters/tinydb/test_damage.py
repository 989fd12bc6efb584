"""Flipped bits, cut files, old copies: every answer is right, or there is none."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from primetui.adapters.documents.projection import GridRow
from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.grid import SqliteGrid, WritableSqliteGrid
from primetui.adapters.tinydb.repository import LAYOUT, DocumentRepository
from primetui.adapters.tinydb.rows import Transaction
from primetui.errors import PrimeTUIError, RepositoryError
from primetui.ports import OrderQuery
from tests.adapters.tinydb.test_grid_plans import made
from tests.domain.made import NOW
from tests.tampering import spoil
from tests.vaults import vault_of

PAGE = 4096
FLIPS_PER_PAGE = 4
SEED = 20231103
ORDERS = [f"111-{number:03d}" for number in range(60)]
STATES = ("intent", "posted", "voided")


def fill(tx: Transaction, first: int, last: int) -> None:
    """Keep some orders, their purchases, notes with numbers, and rows of the grid."""
    grid = WritableSqliteGrid(tx)
    for number in range(first, last):
        order_id, state = ORDERS[number], STATES[number % 3]
        pad = "x" * (number % 5 * 700)
        tx.put("orders", order_id, {"order": {"status": state, "store_id": "us"}, "pad": pad})
        tx.put("purchases", f"p{number}", {"order_id": order_id, "state": state})
        tx.put("notes", str(number + 1), {"note": number})
        grid.put(made(number))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store whose log is empty: everything is in the file itself."""
    home = tmp_path_factory.mktemp("whole") / "home"
    with closing(Engine(home, LAYOUT)) as engine:
        for first in range(0, len(ORDERS), 20):
            engine.transact(lambda tx, first=first: fill(tx, first, first + 20))  # type: ignore[misc] # binds the loop's value
    spoil(home, "PRAGMA wal_checkpoint(TRUNCATE)")
    return home


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy a store at work, as a power cut leaves it: its last changes are in the log alone."""
    home = tmp_path_factory.mktemp("logged") / "home"
    with closing(Engine(home, LAYOUT)) as engine:
        engine.transact(lambda tx: fill(tx, 0, 20))
        with closing(sqlite3.connect(home / "primetui.db")) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for first in range(20, len(ORDERS), 10):
                engine.transact(lambda tx, first=first: fill(tx, first, first + 10))  # type: ignore[misc] # binds the loop's value
            shutil.copytree(home, home.with_name("copy"))
    (home.with_name("copy") / "primetui.db-shm").unlink()
    return home.with_name("copy")


Question = Callable[[Engine], Any]


def questions() -> Iterator[tuple[str, Question]]:
    """Ask for all that is there, one by one and together, and for what is not."""
    for id_ in (*ORDERS, "none"):
        yield f"get {id_}", partial(Engine.get, table="orders", id_=id_)
    for table in ("orders", "purchases", "notes", "none"):
        yield f"find {table}", partial(found, table=table)
        yield f"count {table}", partial(Engine.count, table=table)
    for state in (*STATES, "none"):
        yield f"near {state}", partial(near, field="state", value=state)
    for id_ in (*ORDERS[::7], "none"):
        yield f"near {id_}", partial(near, field="order_id", value=id_)
    yield "tables", Engine.tables
    yield "rows", on_grid
    yield "status", counts


def found(engine: Engine, table: str) -> list[Any]:
    """Read a table."""
    return list(engine.find(table))


def near(engine: Engine, field: str, value: str) -> list[Any]:
    """Find purchases through an index, as the journal is read before money moves."""
    with engine.snapshot() as now, closing(now.near("purchases", field, (value,))) as found:
        return list(found)


def on_grid(engine: Engine) -> list[GridRow | None]:
    """Read the rows of the grid."""
    with engine.snapshot() as now:
        return [SqliteGrid(now).row(made(number).row.id) for number in range(len(ORDERS))]


def counts(engine: Engine) -> Any:
    """Count the rows of the grid."""
    with engine.snapshot() as now:
        return SqliteGrid(now).by_status(), SqliteGrid(now).count(OrderQuery(tag="gift"))


QUESTIONS = dict(questions())


def answers(home: Path) -> dict[str, Any]:
    """Ask everything; a refusal is an answer too."""
    try:
        with closing(Engine(home, LAYOUT)) as engine:
            return {name: answer(engine, ask) for name, ask in QUESTIONS.items()}
    except PrimeTUIError as error:
        return dict.fromkeys(QUESTIONS, error)


def answer(engine: Engine, ask: Question) -> Any:
    """Ask one thing."""
    try:
        return ask(engine)
    except PrimeTUIError as error:
        return error


def wrong(right: dict[str, Any], given: dict[str, Any]) -> list[str]:
    """Name the questions whose answer is neither right nor refused."""
    return [
        name
        for name, answer in given.items()
        if not isinstance(answer, PrimeTUIError) and answer != right[name]
    ]


def flip(path: Path, offset: int, bit: int) -> None:
    """Turn one bit of a file around."""
    with path.open("r+b") as stream:
        stream.seek(offset)
        (byte,) = stream.read(1)
        stream.seek(offset)
        stream.write(bytes([byte ^ 1 << bit]))


def test_the_questions_have_answers(store: Path, tmp_path: Path) -> None:
    """Undamaged, nothing is refused: else the tests below would prove nothing."""
    given = answers(Path(shutil.copytree(store, tmp_path / "home")))

    assert [] == [name for name, answer in given.items() if isinstance(answer, PrimeTUIError)]
    assert (60, 20, 1) == tuple(
        len(given[name]) for name in ("find orders", "near intent", "near 111-000")
    )


@pytest.mark.parametrize("part", range(4))
def test_a_flipped_bit_changes_no_answer(store: Path, tmp_path: Path, part: int) -> None:
    """Whatever bit of whatever page it is: what is answered is right, the rest is refused."""
    chosen = random.Random(SEED + part)  # noqa: S311 - bits, not secrets
    right = answers(Path(shutil.copytree(store, tmp_path / "right")))
    refused = 0
    for page in range(part, (store / "primetui.db").stat().st_size // PAGE, 4):
        for _ in range(FLIPS_PER_PAGE):
            offset, bit = page * PAGE + chosen.randrange(PAGE), chosen.randrange(8)
            home = Path(shutil.copytree(store, tmp_path / "home"))
            flip(home / "primetui.db", offset, bit)
            given = answers(home)
            assert [] == wrong(right, given), (offset, bit)
            refused += any(isinstance(answer, PrimeTUIError) for answer in given.values())
            shutil.rmtree(home)

    assert refused > 0


@pytest.mark.parametrize("part", range(2))
def test_a_flipped_bit_in_the_log_loses_nothing_in_silence(
    logged: Path, tmp_path: Path, part: int
) -> None:
    """SQLite ends a log where a checksum fails; we know how far it went, and say so."""
    chosen = random.Random(SEED + part)  # noqa: S311 - same
    right = answers(Path(shutil.copytree(logged, tmp_path / "right")))
    assert [] == [name for name, answer in right.items() if isinstance(answer, PrimeTUIError)]
    for _ in range(40):
        home = Path(shutil.copytree(logged, tmp_path / "home"))
        size = (home / "primetui.db-wal").stat().st_size
        flip(home / "primetui.db-wal", chosen.randrange(size), chosen.randrange(8))
        assert [] == wrong(right, answers(home))
        shutil.rmtree(home)


@pytest.mark.parametrize("name", ["primetui.db", "primetui.db-wal"])
def test_a_cut_file_is_refused(logged: Path, tmp_path: Path, name: str) -> None:
    """Whatever is missing at the end, or the whole of it: no answer is wrong."""
    chosen = random.Random(SEED)  # noqa: S311 - same
    right = answers(Path(shutil.copytree(logged, tmp_path / "right")))
    size = (logged / name).stat().st_size
    lengths = chain((0, 1, 99, 100, PAGE, size - 1), (chosen.randrange(size) for _ in range(20)))
    for length in lengths:
        home = Path(shutil.copytree(logged, tmp_path / "home"))
        with (home / name).open("r+b") as stream:
            stream.truncate(length)
        assert [] == wrong(right, answers(home)), length
        shutil.rmtree(home)


def test_an_older_copy_in_its_place_is_refused_until_it_is_meant(
    logged: Path, tmp_path: Path
) -> None:
    """What was bought since would be bought again: so the loss is said, with the way on."""
    home = Path(shutil.copytree(logged, tmp_path / "home"))
    (home / "primetui.db-wal").unlink()

    with pytest.raises(RepositoryError) as refusal:
        Engine(home, LAYOUT)

    assert str(refusal.value) == (
        f"The store in {home} has lost its last 4 changes (it is at 1, and was at 5): its log was "
        "cut short, or an older copy is in its place. Put your last backup in its place with "
        f"primetui db restore; to go on with what is left, remove {home / 'primetui.lock'} and "
        "run: primetui reconcile. Nothing was changed."
    )
    (home / "primetui.lock").unlink()
    with closing(Engine(home, LAYOUT)) as engine:
        assert engine.count("orders") == 20


def test_a_witness_that_cannot_be_read_is_none(store: Path, tmp_path: Path) -> None:
    """A damaged note of the last revision stops nobody."""
    for content in (b"", b"9", b"9" * 30, b"0" * 20 + b" 12345678\n", b"\xff" * 30):
        home = Path(shutil.copytree(store, tmp_path / "home"))
        (home / "primetui.lock").write_bytes(content)
        Engine(home, LAYOUT).close()
        shutil.rmtree(home)


def test_check_names_every_damaged_document(home: Path) -> None:
    """One bad document hides no other, of its kind or of another."""
    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as repository:
        for id_ in ("1", "2", "3"):
            repository.engine.transact(lambda tx, id_=id_: tx.put("stores", id_, {}))  # type: ignore[misc] # binds the loop's value
        spoil(home, "UPDATE doc SET body = '{\"a\": 1}' WHERE id <> '2'")

        damaged, other, damaged_too = repository.check().problems

    assert damaged.startswith("stores 1 is damaged: put your last backup in its place.")
    assert other.startswith("Store 2 does not say")
    assert damaged_too.startswith("stores 3 is damaged")
