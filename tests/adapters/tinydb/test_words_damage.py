"""A damaged index of words: SQLite keeps no checksums of it, and a search must not miss."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from primetui.adapters.documents.projection import GridRow
from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.grid import WritableSqliteGrid
from primetui.adapters.tinydb.repository import LAYOUT, MENDED, DocumentRepository
from primetui.adapters.tinydb.rows import Transaction
from primetui.errors import RepositoryError
from primetui.ports import OrderQuery
from tests.adapters.tinydb.test_grid_plans import made
from tests.domain.made import NOW
from tests.tampering import spoil
from tests.vaults import vault_of

ROWS = [made(number) for number in range(60)]
FLIPS = 60
SEED = 20231104
COMMON = OrderQuery(text="mug")
SOUND = ("The grid has 60 rows for 0 orders.",)
"""What is said of these rows, which no orders belong to, in a store that is whole."""

LOST = (
    "INSERT INTO grid_words(grid_words, rowid, words) SELECT 'delete', n, words FROM grid WHERE {}"
)
MISLAID = "INSERT INTO grid_words(rowid, words) SELECT n + 1, words FROM grid WHERE {}"


def fill(tx: Transaction) -> None:
    """Keep some rows of the grid."""
    for row in ROWS:
        WritableSqliteGrid(tx).put(row)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store whose log is empty."""
    home = tmp_path_factory.mktemp("whole") / "home"
    with closing(Engine(home, LAYOUT)) as engine:
        engine.transact(fill)
    spoil(home, "PRAGMA wal_checkpoint(TRUNCATE)")
    return home


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Path:
    """Copy the store, to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "home"))


def opened(home: Path) -> closing[DocumentRepository]:
    """Open a store's documents."""
    return closing(DocumentRepository(home, SetClock(NOW), vault_of(home)))


def ids(repository: DocumentRepository, query: OrderQuery) -> list[str]:
    """Name the orders that a query finds, each once."""
    found = sorted(str(row.id) for row in repository.order_rows(query, 0, len(ROWS)))
    assert len(found) == repository.count_orders(query)
    return found


def having(word: str) -> list[str]:
    """Name the orders that have a word, by a look at each."""
    return sorted(str(one.row.id) for one in ROWS if word in one.words)


def flip(home: Path, place: float, bit: int) -> None:
    """Flip a bit of the index's largest block."""
    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        ((id_, block),) = raw.execute(
            "SELECT id, block FROM grid_words_data ORDER BY length(block) DESC LIMIT 1"
        )
        content = bytearray(block)
        content[int(place * len(content))] ^= 1 << bit
        raw.execute("UPDATE grid_words_data SET block = ? WHERE id = ?", (bytes(content), id_))
        raw.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO grid_words(grid_words) VALUES('delete-all')",
        LOST.format("n % 2"),
        MISLAID.format("n % 2"),
    ],
    ids=["empty", "every other row is missing", "rows have words of others"],
)
def test_check_makes_an_index_anew_that_does_not_fit(damaged: Path, statement: str) -> None:
    """It tells of it once; then searches find what they must, and the next check says nothing."""
    spoil(damaged, statement)

    with opened(damaged) as repository:
        first, second = repository.check(), repository.check()
        found = ids(repository, COMMON)

    assert ((MENDED,), ()) == (first.notes, second.notes)
    assert (SOUND, SOUND) == (first.problems, second.problems)
    assert having("mug") == found


def test_check_says_nothing_of_an_index_that_fits(whole: Path) -> None:
    """A whole index stays as it is."""
    with opened(whole) as repository:
        found = repository.check()

    assert ((), SOUND) == (found.notes, found.problems)


@pytest.mark.parametrize("row", ROWS[1::14], ids=lambda row: str(row.row.id))
@pytest.mark.parametrize("mislaid", [False, True])
def test_a_word_is_found_that_its_index_lost(damaged: Path, row: GridRow, *, mislaid: bool) -> None:
    """Nothing, or a row of other words, is not believed of an index alone."""
    this = f"id = '{row.row.id}'"
    spoil(damaged, *([MISLAID.format(this)] if mislaid else []), LOST.format(this))

    with opened(damaged) as repository:
        found = ids(repository, OrderQuery(text=row.row.id))

    assert [row.row.id] == found


def test_after_a_flipped_bit_a_search_is_right_or_refused(whole: Path, tmp_path: Path) -> None:
    """One order's id is found at once; after a check every answer is right, or there is none."""
    chance, mended = random.Random(SEED), 0  # noqa: S311 - where to flip, not a secret
    wrong: list[tuple[int, str]] = []
    for number in range(FLIPS):
        home = Path(shutil.copytree(whole, tmp_path / str(number)))
        flip(home, chance.random(), chance.randrange(8))
        wanted = chance.choice(ROWS).row.id
        with opened(home) as repository:
            try:
                if ids(repository, OrderQuery(text=wanted)) != having(wanted):
                    wrong.append((number, wanted))
            except RepositoryError:
                pass
            checked = repository.check()
            mended += MENDED in checked.notes
            if checked.problems == SOUND and ids(repository, COMMON) != having("mug"):
                wrong.append((number, "mug"))

    assert [] == wrong
    assert mended > FLIPS // 2
