"""Our documents on disk: the Repository port over the engine, leases and label files."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, TypeVar

from primetui.adapters.documents.check import examine
from primetui.adapters.documents.kinds import FIELDS
from primetui.adapters.documents.reads import DocumentReads
from primetui.adapters.documents.rows import Grid, Rows
from primetui.adapters.documents.writes import DocumentWrites
from primetui.adapters.plain import shown
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.grid import STATEMENTS, SqliteGrid, WritableSqliteGrid
from primetui.adapters.tinydb.locks import Leases
from primetui.adapters.tinydb.papers import PaperFiles
from primetui.adapters.tinydb.schema import Layout
from primetui.domain.batch import Batch, BatchId
from primetui.domain.label import Document, Label, Purchase
from primetui.domain.notice import Notice
from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.rate import Offers
from primetui.domain.shipment import OrderId
from primetui.domain.store import Account, Store, StoreId
from primetui.ports import (
    AuditEntry,
    Clock,
    OrderQuery,
    OrderRow,
    Paper,
    RepositoryCheck,
    Writes,
)

T = TypeVar("T")

LAYOUT: Final = Layout(indexes=FIELDS, statements=STATEMENTS)


class DocumentRepository:
    """The Repository in one folder, for any number of threads and processes of this machine.

    Args:
        home: the folder; made, closed to others, when it is not there.
        clock: tells since when a lease is held.

    Opening raises a RepositoryError when the folder cannot be written, the store is damaged,
    or a newer PrimeTUI has made it.
    """

    def __init__(self, home: Path, clock: Clock) -> None:
        self._engine = Engine(home, LAYOUT)
        self._leases = Leases(home, clock.now)
        self._papers = PaperFiles(home)

    @property
    def engine(self) -> Engine:
        """The documents themselves, for TinyDB's face of them."""
        return self._engine

    def transact(self, change: Callable[[Writes], T]) -> T:
        """Do a change alone, all or nothing, durable when it returns."""
        return self._engine.transact(lambda tx: change(DocumentWrites(tx, WritableSqliteGrid(tx))))

    def account(self) -> Account:
        """Read the merchant's settings; defaults while none are kept."""
        with self._reads() as reads:
            return reads.account()

    def stores(self) -> tuple[Store, ...]:
        """Read all stores by creation, but for those that cannot be read."""
        with self._reads() as reads:
            return reads.stores()

    def unreadable_stores(self) -> tuple[str, ...]:
        """Say of each store that cannot be read what is wrong with it."""
        with self._reads() as reads:
            return reads.unreadable_stores()

    def store(self, store_id: StoreId) -> Store | None:
        """Read one store."""
        with self._reads() as reads:
            return reads.store(store_id)

    def order(self, order_id: OrderId) -> OrderRecord | None:
        """Read one order."""
        with self._reads() as reads:
            return reads.order(order_id)

    def offers(self, order_id: OrderId) -> Offers | None:
        """Read the last offers fetched for an order."""
        with self._reads() as reads:
            return reads.offers(order_id)

    def purchases(self, order_id: OrderId) -> tuple[Purchase, ...]:
        """Read an order's journal, oldest first."""
        with self._reads() as reads:
            return reads.purchases(order_id)

    def pending_purchases(self) -> tuple[Purchase, ...]:
        """Read every purchase that is not settled, oldest first."""
        with self._reads() as reads:
            return reads.pending_purchases()

    def labels(self, order_id: OrderId) -> tuple[Label, ...]:
        """Read an order's labels, oldest first."""
        with self._reads() as reads:
            return reads.labels(order_id)

    def voiding_labels(self) -> tuple[Label, ...]:
        """Read every label whose void was asked for without a known answer, oldest first."""
        with self._reads() as reads:
            return reads.voiding_labels()

    def notices(self, order_id: OrderId) -> tuple[Notice, ...]:
        """Read an order's notices, oldest first."""
        with self._reads() as reads:
            return reads.notices(order_id)

    def pending_notices(self) -> tuple[Notice, ...]:
        """Read the outbox: every notice that is queued, sent or failed, oldest first."""
        with self._reads() as reads:
            return reads.pending_notices()

    def batch(self, batch_id: BatchId) -> Batch | None:
        """Read one batch."""
        with self._reads() as reads:
            return reads.batch(batch_id)

    def batches(self) -> tuple[Batch, ...]:
        """Read every batch, oldest first."""
        with self._reads() as reads:
            return reads.batches()

    def open_batches(self) -> tuple[Batch, ...]:
        """Read the batches that were begun and are not at their end, oldest first."""
        with self._reads() as reads:
            return reads.open_batches()

    def audit(self, order_id: OrderId | None = None) -> tuple[AuditEntry, ...]:
        """Read what was done, oldest first."""
        with self._reads() as reads:
            return reads.audit(order_id)

    def count_orders(self, query: OrderQuery) -> int:
        """Count the orders a query finds."""
        with self._engine.snapshot() as now:
            return SqliteGrid(now).count(query)

    def order_rows(self, query: OrderQuery, start: int, stop: int) -> tuple[OrderRow, ...]:
        """Read rows `start` up to `stop` of a query, without opening documents."""
        with self._engine.snapshot() as now:
            return SqliteGrid(now).rows(query, start, stop)

    def status_counts(self) -> Mapping[OrderStatus, int]:
        """Count the orders of each status."""
        with self._engine.snapshot() as now:
            return SqliteGrid(now).by_status()

    def revision(self) -> int:
        """Give a number that grows with every change by any process; cheap enough to poll."""
        with self._engine.snapshot() as now:
            return now.revision()

    def lease(self, held: OrderId | BatchId, holder: str) -> AbstractContextManager[None]:
        """Hold an order for a purchase, or a batch; freed by the kernel when the process dies."""
        return self._leases.hold(held, holder)

    def keep_paper(self, paper: Paper) -> Document:
        """Keep a file under the hash of its bytes; durable when it returns."""
        return self._papers.keep(paper)

    def read_paper(self, document: Document) -> bytes:
        """Read a file back; one whose bytes changed is a RepositoryError."""
        return self._papers.read(document)

    def check(self) -> RepositoryCheck:
        """Examine every document and file."""
        return examine(self._moment(), self._papers, self._complaints)

    def close(self) -> None:
        """Let go of the files."""
        self._engine.close()

    @contextmanager
    def _reads(self) -> Iterator[DocumentReads]:
        with self._engine.snapshot() as now:
            yield DocumentReads(now)

    @contextmanager
    def _moment(self) -> Iterator[tuple[Rows, Grid]]:
        with self._engine.snapshot() as now:
            yield now, SqliteGrid(now)

    def _complaints(self) -> tuple[str, ...]:
        return tuple(f"SQLite says: {shown(line)}" for line in self._engine.integrity())
