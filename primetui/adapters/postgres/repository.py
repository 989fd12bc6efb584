"""Our documents in PostgreSQL: the Repository port for several machines at once."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, TypeVar

from primetui.adapters.documents.check import examine
from primetui.adapters.documents.kinds import FIELDS
from primetui.adapters.documents.operators import claim, claimed
from primetui.adapters.documents.papers import checked, document_of, missing, name_of
from primetui.adapters.documents.rows import Grid, Rows, WritableRows
from primetui.adapters.documents.upkeep import RepositoryUpkeep
from primetui.adapters.documents.vault import Vault
from primetui.adapters.documents.writes import DocumentWrites
from primetui.adapters.person import person
from primetui.adapters.postgres import papers
from primetui.adapters.postgres.address import Address
from primetui.adapters.postgres.engine import PostgresEngine
from primetui.adapters.postgres.grid import STATEMENTS, PostgresGrid, WritablePostgresGrid
from primetui.adapters.postgres.leases import Leases
from primetui.adapters.postgres.moving import refuse_moved
from primetui.adapters.postgres.rows import Transaction
from primetui.adapters.postgres.schema import Layout
from primetui.adapters.postgres.seats import Seats
from primetui.domain.batch import BatchId
from primetui.domain.chore import WorkerId
from primetui.domain.label import Document
from primetui.domain.shipment import OrderId
from primetui.ports import Clock, Paper, Presence, RepositoryCheck, Seat, Watch, Writes

T = TypeVar("T")

LAYOUT: Final = Layout(indexes=FIELDS, statements=STATEMENTS)


class PostgresRepository(RepositoryUpkeep):
    """The Repository in one database, for any number of machines.

    Args:
        address: where the database is; its tables are made when they are not there.
        clock: tells since when a lease is held.
        vault: seals and opens what names a buyer; every machine needs the same key.

    Opening raises a RepositoryError when the server cannot be reached or a newer PrimeTUI has
    shaped the database.
    """

    def __init__(self, address: Address, clock: Clock, vault: Vault) -> None:
        self._engine = PostgresEngine(address, LAYOUT)
        self._refuse_moved()
        self._clock = clock
        self._leases = Leases(self._engine, clock.now)
        self._seats = Seats(self._engine, clock.now)
        self._vault = vault

    def _refuse_moved(self) -> None:
        try:
            refuse_moved(self._engine)
        except BaseException:
            self._engine.close()
            raise

    @property
    def engine(self) -> PostgresEngine:
        """The documents themselves, for whoever moves them."""
        return self._engine

    def transact(self, change: Callable[[Writes], T]) -> T:
        """Do a change alone, all or nothing, durable when it returns."""
        return self._engine.transact(
            lambda tx: change(DocumentWrites(tx, WritablePostgresGrid(tx), self._vault))
        )

    def revision(self) -> int:
        """Give a number that grows with every change by any program; cheap enough to poll."""
        with self._engine.snapshot() as now:
            return now.revision()

    def lease(
        self, held: OrderId | BatchId | WorkerId, holder: str
    ) -> AbstractContextManager[None]:
        """Hold an order, a batch or the worker's place; freed by the server when a line ends."""
        return self._leases.hold(held, holder)

    def watch(self) -> AbstractContextManager[Watch]:
        """Keep an eye on the documents, whichever program writes."""
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

        def keep(tx: Transaction) -> None:
            sealed = self._vault.seal_file(tx, order_id, name_of(document), paper.content)
            papers.keep(tx, order_id, document, sealed)

        self._engine.transact(keep)
        return document

    def read_paper(self, order_id: OrderId, document: Document) -> bytes:
        """Read a file back; one that does not open, or whose bytes changed, is a RepositoryError."""
        with self._engine.snapshot() as now:
            sealed = papers.read(now, order_id, document)
            if sealed is None:
                raise missing(document)
            content = self._vault.open_file(now, order_id, name_of(document), sealed)
        return checked(document, content)

    def remove_papers(self, order_id: OrderId) -> None:
        """Remove all files of an order."""
        self._engine.transact(lambda tx: papers.remove(tx, order_id))

    def scrub(self, *, rewrite: bool = False) -> bool:
        """Leave no old copy of what was removed in the tables; the server's log forgets in time."""
        return self._engine.scrub(rewrite=rewrite)

    def check(self) -> RepositoryCheck:
        """Examine every document and file."""
        return examine(self._moment(), self, self._vault, self._complaints)

    def close(self) -> None:
        """Close every line to the server."""
        self._leases.close()
        self._seats.close()
        self._engine.close()

    @contextmanager
    def _moment(self) -> Iterator[tuple[Rows, Grid]]:
        with self._engine.snapshot() as now:
            yield now, PostgresGrid(now)

    def _change(self, work: Callable[[WritableRows], T]) -> T:
        return self._engine.transact(work)

    def _complaints(self) -> tuple[str, ...]:
        return self._engine.complaints()
