"""Our documents on disk: the Repository port over the engine, leases and label files."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from primetui.adapters.documents.check import Referred, examine
from primetui.adapters.documents.kinds import FIELDS
from primetui.adapters.documents.operators import claim, claimed
from primetui.adapters.documents.papers import checked, document_of, name_of
from primetui.adapters.documents.rows import Grid, Rows, WritableRows
from primetui.adapters.documents.upkeep import RepositoryUpkeep
from primetui.adapters.documents.vault import Vault
from primetui.adapters.documents.writes import DocumentWrites
from primetui.adapters.person import person
from primetui.adapters.plain import shown
from primetui.adapters.tinydb.bookmarks import Bookmarks
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.grid import STATEMENTS, SqliteGrid, WritableSqliteGrid, carry
from primetui.adapters.tinydb.locks import Leases
from primetui.adapters.tinydb.moving import refuse_moved
from primetui.adapters.tinydb.papers import PaperFiles
from primetui.adapters.tinydb.rows import Transaction
from primetui.adapters.tinydb.schema import Layout
from primetui.adapters.tinydb.seats import Seats
from primetui.adapters.tinydb.strays import strays, too_open
from primetui.adapters.tinydb.words import Words
from primetui.domain.batch import BatchId
from primetui.domain.chore import WorkerId
from primetui.domain.label import Document, Label
from primetui.domain.shipment import OrderId
from primetui.ports import (
    Clock,
    Paper,
    Presence,
    RepositoryCheck,
    Seat,
    Watch,
    Writes,
)

T = TypeVar("T")

LAYOUT: Final = Layout(indexes=FIELDS, statements=STATEMENTS, carry=carry)
MENDED: Final = (
    "The index of words did not fit the orders, so a search may have missed some: it was made anew. "
    "Check the disk, and make a backup."
)


class DocumentRepository(RepositoryUpkeep):
    """The Repository in one folder, for any number of threads and processes of this machine.

    Args:
        home: the folder; made, closed to others, when it is not there.
        clock: tells since when a lease is held.
        vault: seals and opens what names a buyer.
        group: the Unix group that shares a home made now.

    Opening raises a RepositoryError when the folder cannot be written, the store is damaged,
    or a newer PrimeTUI has made it.
    """

    def __init__(self, home: Path, clock: Clock, vault: Vault, *, group: str = "") -> None:
        self._engine = Engine(home, LAYOUT, group=group)
        self._refuse_moved()
        self._clock = clock
        self._leases = Leases(home, clock.now)
        self._seats = Seats(home, clock.now)
        self._papers = PaperFiles(home)
        self._vault = vault
        self._bookmarks = Bookmarks()

    def _refuse_moved(self) -> None:
        try:
            refuse_moved(self._engine)
        except BaseException:
            self._engine.close()
            raise

    @property
    def engine(self) -> Engine:
        """The documents themselves, for TinyDB's face of them."""
        return self._engine

    def transact(self, change: Callable[[Writes], T]) -> T:
        """Do a change alone, all or nothing, durable when it returns."""
        return self._engine.transact(
            lambda tx: change(DocumentWrites(tx, WritableSqliteGrid(tx), self._vault))
        )

    def revision(self) -> int:
        """Give a number that grows with every change by any process; cheap enough to poll."""
        with self._engine.snapshot() as now:
            return now.revision()

    def lease(
        self, held: OrderId | BatchId | WorkerId, holder: str
    ) -> AbstractContextManager[None]:
        """Hold an order, a batch or the worker's place; freed by the kernel when one dies."""
        return self._leases.hold(held, holder)

    def watch(self) -> AbstractContextManager[Watch]:
        """Keep an eye on the documents, whichever process writes."""
        return self._engine.watch()

    @contextmanager
    def seat(self, operator: str) -> Iterator[Seat]:
        """Sit down as an operator, for the others to see; a name is one person's."""
        who = person()
        with self._engine.snapshot() as now:
            theirs = claimed(now, operator, who)
        if not theirs:
            self._engine.transact(lambda tx: claim(tx, operator, who, self._clock.now()))
        with self._seats.take(operator) as seat:
            yield seat

    def presence(self) -> tuple[Presence, ...]:
        """Name who is at work now, by operator."""
        return self._seats.present()

    def keep_paper(self, order_id: OrderId, paper: Paper) -> Document:
        """Keep a file of an order, sealed, under the hash of its bytes; durable when it returns."""
        document = document_of(paper)
        name = name_of(document)
        sealed = self._engine.transact(
            lambda tx: self._vault.seal_file(tx, order_id, name, paper.content)
        )
        self._papers.keep(order_id, document, sealed)
        return document

    def read_paper(self, order_id: OrderId, document: Document) -> bytes:
        """Read a file back; one that does not open, or whose bytes changed, is a RepositoryError."""
        sealed = self._papers.read(order_id, document)
        if sealed is None:
            return checked(document, self._papers.read_open(document))
        with self._engine.snapshot() as now:
            content = self._vault.open_file(now, order_id, name_of(document), sealed)
        return checked(document, content)

    def remove_papers(self, order_id: OrderId) -> None:
        """Remove all files of an order."""
        self._papers.remove(order_id)

    def scrub(self, *, rewrite: bool = False) -> bool:
        """Leave no old copy of what was removed in the log, or with `rewrite` anywhere in the file."""
        if rewrite and not self.outdated():
            self._papers.remove_all_open()
        return self._engine.scrub(rewrite=rewrite)

    def check(self) -> RepositoryCheck:
        """Examine every document and file; a damaged index of words is made anew on the way."""
        home = self._engine.home
        checked = examine(self._moment(), self, self._vault, self._complaints, self._notes)
        return replace(checked, problems=(*checked.problems, *too_open(home)))

    def close(self) -> None:
        """Let go of the files."""
        self._engine.close()

    @contextmanager
    def _moment(self) -> Iterator[tuple[Rows, Grid]]:
        with self._engine.snapshot() as now:
            # What is not committed yet may never be: nothing is remembered of it.
            remembered = None if isinstance(now, Transaction) else self._bookmarks
            yield now, SqliteGrid(now, remembered)

    def _change(self, work: Callable[[WritableRows], T]) -> T:
        return self._engine.transact(work)

    def _seal_papers(self, label: Label) -> None:
        for document in label.documents:
            if self._papers.read(label.order_id, document) is None:
                content = checked(document, self._papers.read_open(document))
                paper = Paper(document.format, document.kind, content)
                self.keep_paper(label.order_id, paper)
            self._papers.remove_open(document)

    def _notes(self, referred: Referred) -> Iterator[str]:
        """Tell what lies about, and what was mended; nothing is mended in a store that is lost."""
        yield from strays(self._engine.home, referred)
        if self._engine.transact(lambda tx: Words(tx).mend()):
            yield MENDED

    def _complaints(self) -> tuple[str, ...]:
        return tuple(f"SQLite says: {shown(line)}" for line in self._engine.integrity())
