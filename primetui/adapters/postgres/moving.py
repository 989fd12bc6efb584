"""A database as the place that documents are moved from or to.

What marks it is a text in `meta` and a trigger: any program that has the store open, however long
already, is refused by the server itself when it writes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from primetui.adapters.documents.moving import Marked
from primetui.adapters.documents.rows import Grid, Rows, WritableGrid, WritableRows
from primetui.adapters.postgres import papers
from primetui.adapters.postgres.address import Address
from primetui.adapters.postgres.engine import PostgresEngine
from primetui.adapters.postgres.grid import PostgresGrid, WritablePostgresGrid
from primetui.adapters.postgres.rows import Snapshot, Transaction
from primetui.adapters.postgres.schema import Layout
from primetui.domain.label import Document
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError

_LET_ME: Final = "SELECT set_config('primetui.mover', 'yes', true)"


def refuse_moved(engine: PostgresEngine) -> None:
    """Refuse a database whose documents are elsewhere, or on their way."""
    with engine.snapshot() as now:
        marked = _marked(now)
    if marked is not None:
        raise ConfigError(marked.words(engine.name))


class DatabasePlace:
    """A database; opened whatever its mark says."""

    def __init__(self, address: Address, layout: Layout) -> None:
        self._engine = PostgresEngine(address, layout)
        self.name = self._engine.name

    def marked(self) -> Marked | None:
        """Read the mark; None where everybody may work."""
        with self._engine.snapshot() as now:
            return _marked(now)

    def mark(self, marked: Marked | None, revision: int = 0) -> None:
        """Mark the store, or let everybody work; its revision is at least this one afterwards."""
        told = (None, None) if marked is None else (marked.text(), marked.words(self.name))

        def write(tx: Transaction) -> None:
            tx.execute(_LET_ME)
            tx.change("UPDATE meta SET rev = greatest(rev, %s)", (revision,))
            tx.change("UPDATE meta SET moved = %s, refusal = %s", told)

        self._engine.transact(write)

    @contextmanager
    def moment(self) -> Iterator[tuple[Rows, Grid]]:
        """Hold one moment of the documents."""
        with self._engine.snapshot() as now:
            yield now, PostgresGrid(now)

    def revision(self) -> int:
        """Give the number of the last change."""
        with self._engine.snapshot() as now:
            return now.revision()

    def change(self, work: Callable[[WritableRows, WritableGrid], None]) -> None:
        """Change documents alone, all or nothing, whatever the mark says."""
        self._let(lambda tx: work(tx, WritablePostgresGrid(tx)))

    def paper(self, order_id: OrderId, document: Document) -> bytes | None:
        """Read a label's file as it lies there, sealed; None when it is gone."""
        with self._engine.snapshot() as now:
            return papers.read(now, order_id, document)

    def keep_paper(self, order_id: OrderId, document: Document, sealed: bytes) -> None:
        """Keep a sealed file."""
        self._let(lambda tx: papers.keep(tx, order_id, document, sealed))

    def remove_papers(self, order_id: OrderId) -> None:
        """Remove all files of an order."""
        self._let(lambda tx: papers.remove(tx, order_id))

    def scrub(self) -> bool:
        """Leave no trace of what was removed; False while somebody reads an older moment."""
        return self._engine.scrub()

    def close(self) -> None:
        """Let go of it."""
        self._engine.close()

    def _let(self, work: Callable[[Transaction], None]) -> None:
        """Change something past the mark."""

        def write(tx: Transaction) -> None:
            tx.execute(_LET_ME)
            work(tx)

        self._engine.transact(write)


def _marked(now: Snapshot) -> Marked | None:
    ((text,),) = now.execute("SELECT moved FROM meta")
    return None if text is None else Marked.of(text)
