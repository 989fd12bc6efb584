"""A home as the place that documents are moved from or to.

What marks it is a row of its own and a trigger: any program that has the store open, however long
already, is refused by SQLite itself when it writes.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from primetui.adapters.documents.kinds import KEYS
from primetui.adapters.documents.moving import Marked
from primetui.adapters.documents.rows import Grid, Rows, WritableGrid, WritableRows
from primetui.adapters.plain import shown
from primetui.adapters.tinydb.engine import STORE_FILE, Engine
from primetui.adapters.tinydb.faults import MOVED
from primetui.adapters.tinydb.grid import SqliteGrid, WritableSqliteGrid
from primetui.adapters.tinydb.papers import PaperFiles
from primetui.adapters.tinydb.rows import Snapshot, Transaction
from primetui.adapters.tinydb.schema import Layout
from primetui.domain.label import Document
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS moved(one INTEGER PRIMARY KEY CHECK(one = 1), text TEXT) STRICT"
)


def refuse_moved(engine: Engine) -> None:
    """Refuse a home whose documents are elsewhere, or on their way."""
    with engine.snapshot() as now:
        marked = _marked(now)
    if marked is not None:
        raise ConfigError(marked.words(shown(engine.home)))


def buyers_behind(home: Path, layout: Layout) -> int:
    """Count the buyers whose keys lie in a home, whether its documents are elsewhere or not."""
    if not (home / STORE_FILE).exists():
        return 0
    with closing(Engine(home, layout)) as engine:
        return engine.count(KEYS)


class HomePlace:
    """A home folder; opened whatever its mark says."""

    def __init__(self, home: Path, layout: Layout) -> None:
        self.name = shown(home)
        self._engine = Engine(home, layout)
        self._papers = PaperFiles(home)

    def marked(self) -> Marked | None:
        """Read the mark; None where everybody may work."""
        with self._engine.snapshot() as now:
            return _marked(now)

    def mark(self, marked: Marked | None, revision: int = 0) -> None:
        """Mark the store, or let everybody work; its revision is at least this one afterwards."""

        def write(tx: Transaction) -> None:
            _open(tx)
            tx.execute(_TABLE, ())
            tx.execute("DELETE FROM moved", ())
            tx.execute("UPDATE meta SET rev = max(rev, ?)", (revision,))
            if marked is not None:
                tx.execute("INSERT INTO moved VALUES(1, ?)", (marked.text(),))
                self._shut(tx, marked)

        self._engine.transact(write)

    @contextmanager
    def moment(self) -> Iterator[tuple[Rows, Grid]]:
        """Hold one moment of the documents."""
        with self._engine.snapshot() as now:
            yield now, SqliteGrid(now)

    def revision(self) -> int:
        """Give the number of the last change."""
        with self._engine.snapshot() as now:
            return now.revision()

    def change(self, work: Callable[[WritableRows, WritableGrid], None]) -> None:
        """Change documents alone, all or nothing, whatever the mark says."""

        def write(tx: Transaction) -> None:
            _open(tx)
            work(tx, WritableSqliteGrid(tx))
            marked = _marked(tx)
            if marked is not None:
                self._shut(tx, marked)

        self._engine.transact(write)

    def paper(self, order_id: OrderId, document: Document) -> bytes | None:
        """Read a label's file as it lies there, sealed; None when it is gone."""
        return self._papers.read(order_id, document)

    def keep_paper(self, order_id: OrderId, document: Document, sealed: bytes) -> None:
        """Keep a sealed file."""
        self._papers.keep(order_id, document, sealed)

    def remove_papers(self, order_id: OrderId) -> None:
        """Remove all files of an order."""
        self._papers.remove(order_id)

    def scrub(self) -> bool:
        """Leave no trace of what was removed; False while somebody reads an older moment."""
        return self._engine.scrub()

    def close(self) -> None:
        """Let go of it."""
        self._engine.close()

    def _shut(self, tx: Transaction, marked: Marked) -> None:
        """Let SQLite refuse every change but those of whoever moves the documents."""
        words = f"{MOVED}{marked.words(self.name)}".replace("'", "''")
        tx.execute(
            f"CREATE TRIGGER moved_away BEFORE UPDATE ON meta BEGIN "
            f"SELECT RAISE(ABORT, '{words}'); END",
            (),
        )


def _open(tx: Transaction) -> None:
    tx.execute("DROP TRIGGER IF EXISTS moved_away", ())


def _marked(now: Snapshot) -> Marked | None:
    if not now.execute("SELECT 1 FROM sqlite_master WHERE name = 'moved'", ()):
        return None
    rows = now.execute("SELECT text FROM moved", ())
    return Marked.of(rows[0][0]) if rows else None
