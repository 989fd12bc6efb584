"""Our documents on disk: what can be read, written, and done alone."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from primetui.domain.batch import Batch, BatchId
from primetui.domain.chore import Chore, Job, WorkerId
from primetui.domain.label import Document, Label, Purchase
from primetui.domain.notice import Notice
from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.rate import Offers
from primetui.domain.rules.book import RuleBook
from primetui.domain.shipment import OrderId
from primetui.domain.store import Account, Store, StoreId
from primetui.errors import RepositoryError
from primetui.ports.company import Presence, Seat, Watch
from primetui.ports.outside import Paper
from primetui.ports.queries import AuditEntry, OrderQuery, OrderRow

T = TypeVar("T")


class Reads(Protocol):
    """What can be read of our documents."""

    def account(self) -> Account:
        """Read the merchant's settings; defaults while none are kept."""
        ...

    def stores(self) -> tuple[Store, ...]:
        """Read all stores by creation, but for those that cannot be read."""
        ...

    def unreadable_stores(self) -> tuple[str, ...]:
        """Say of each store that cannot be read what is wrong with it, in a sentence.

        One of them must not hide the others; reading it alone is a RepositoryError.
        """
        ...

    def store(self, store_id: StoreId) -> Store | None:
        """Read one store."""
        ...

    def order(self, order_id: OrderId) -> OrderRecord | None:
        """Read one order."""
        ...

    def sealed_order(self, order_id: OrderId) -> OrderRecord | None:
        """Read one order without opening who its buyer is; kept again, it stays as sealed."""
        ...

    def each_order(
        self, status: OrderStatus, *, with_buyer: bool = False
    ) -> Generator[OrderRecord | RepositoryError, None, None]:
        """Read every order of a status, one by one, as they were at one moment; close it.

        One that cannot be read is given as what is wrong with it: the others still count.
        """
        ...

    def rules(self) -> RuleBook:
        """Read the rules; none while none are kept."""
        ...

    def offers(self, order_id: OrderId) -> Offers | None:
        """Read the last offers fetched for an order."""
        ...

    def purchases(self, order_id: OrderId) -> tuple[Purchase, ...]:
        """Read an order's journal, oldest first."""
        ...

    def pending_purchases(self) -> tuple[Purchase, ...]:
        """Read every purchase that is not settled, oldest first."""
        ...

    def labels(self, order_id: OrderId) -> tuple[Label, ...]:
        """Read an order's labels, oldest first."""
        ...

    def voiding_labels(self) -> tuple[Label, ...]:
        """Read every label whose void was asked for without a known answer, oldest first."""
        ...

    def live_labels(self) -> tuple[Label, ...]:
        """Read every label that stands, a void of it asked for or not, oldest first."""
        ...

    def refunding_labels(self) -> tuple[Label, ...]:
        """Read every voided label whose refund is pending, oldest first."""
        ...

    def notices(self, order_id: OrderId) -> tuple[Notice, ...]:
        """Read an order's notices, oldest first."""
        ...

    def pending_notices(self) -> tuple[Notice, ...]:
        """Read the outbox: every notice that is queued, sent or failed, oldest first."""
        ...

    def batch(self, batch_id: BatchId) -> Batch | None:
        """Read one batch."""
        ...

    def batches(self) -> tuple[Batch, ...]:
        """Read every batch, oldest first."""
        ...

    def open_batches(self) -> tuple[Batch, ...]:
        """Read the batches that were begun and are not at their end, oldest first."""
        ...

    def audit(self, order_id: OrderId | None = None) -> tuple[AuditEntry, ...]:
        """Read what was done, oldest first."""
        ...

    def due_buyers(self, now: datetime) -> tuple[OrderId, ...]:
        """Name the orders whose buyer must be forgotten by now, without opening them (R23)."""
        ...

    def chore(self, job: Job) -> Chore | None:
        """Read when a job was done last."""
        ...


class Writes(Reads, Protocol):
    """What a transaction may do; its reads see its own writes."""

    def put_account(self, account: Account) -> None:
        """Keep the merchant's settings."""
        ...

    def put_store(self, store: Store) -> None:
        """Keep a store."""
        ...

    def remove_store(self, store_id: StoreId) -> None:
        """Forget a store; its orders stay."""
        ...

    def put_order(self, record: OrderRecord) -> None:
        """Keep an order under its own id: a second one with that id replaces it."""
        ...

    def put_offers(self, offers: Offers) -> None:
        """Keep the offers for an order, instead of earlier ones."""
        ...

    def remove_offers(self, order_id: OrderId) -> None:
        """Drop the offers for an order."""
        ...

    def destroy_key(self, order_id: OrderId) -> None:
        """Destroy what opens an order's buyer and files: no copy of them opens any more."""
        ...

    def remove_order(self, order_id: OrderId) -> None:
        """Remove an order with everything kept of it, its files and the audit log excepted."""
        ...

    def remove_audit(self, before: datetime, at_most: int) -> int:
        """Remove the oldest lines of the audit log written before then; tell how many."""
        ...

    def remove_batch(self, batch_id: BatchId) -> None:
        """Drop a batch."""
        ...

    def put_rules(self, book: RuleBook) -> None:
        """Keep the rules."""
        ...

    def put_purchase(self, purchase: Purchase) -> None:
        """Keep a journal entry."""
        ...

    def put_label(self, label: Label) -> None:
        """Keep a label."""
        ...

    def put_notice(self, notice: Notice) -> None:
        """Keep an entry of the outbox."""
        ...

    def put_batch(self, batch: Batch) -> None:
        """Keep a batch."""
        ...

    def put_chore(self, chore: Chore) -> None:
        """Write down that a job was done."""
        ...

    def log(self, entry: AuditEntry) -> None:
        """Add to the audit log."""
        ...


class Outdated(NamedTuple):
    """A document that follows an older schema."""

    table: str
    id: str


@dataclass(frozen=True, slots=True)
class RepositoryCheck:
    """What an examination of all documents found."""

    counts: Mapping[str, int]
    """Documents by kind."""
    pending_purchases: int
    problems: tuple[str, ...]
    """One sentence each; empty when all is well."""
    unsettled: tuple[OrderId, ...] = ()
    """Orders with a purchase that is not settled."""
    notes: tuple[str, ...] = ()
    """What is left lying about: untidy, and harmless."""


class Repository(Reads, Protocol):
    """Our documents on disk. Every call may raise a RepositoryError."""

    def transact(self, change: Callable[[Writes], T]) -> T:
        """Do a change alone, all or nothing, durable when it returns.

        `change` may be run again on a conflict: it asks nothing of the outside world.
        """
        ...

    def count_orders(self, query: OrderQuery) -> int:
        """Count the orders a query finds."""
        ...

    def order_rows(self, query: OrderQuery, start: int, stop: int) -> tuple[OrderRow, ...]:
        """Read rows `start` up to `stop` of a query, without opening documents."""
        ...

    def status_counts(self) -> Mapping[OrderStatus, int]:
        """Count the orders of each status."""
        ...

    def revision(self) -> int:
        """Give a number that grows with every change by any process; cheap enough to poll."""
        ...

    def lease(
        self, held: OrderId | BatchId | WorkerId, holder: str
    ) -> AbstractContextManager[None]:
        """Hold an order for a purchase, a batch, or the worker's place; the dead hold nothing.

        Raises Busy with the holder's name and since when.
        """
        ...

    def watch(self) -> AbstractContextManager[Watch]:
        """Keep an eye on the documents: who waits at it learns of every change."""
        ...

    def seat(self, operator: str) -> AbstractContextManager[Seat]:
        """Sit down as an operator, for the others to see, until the block or the process ends.

        Raises ConfigError when the name is another person's.
        """
        ...

    def presence(self) -> tuple[Presence, ...]:
        """Name who is at work now, by operator."""
        ...

    def keep_paper(self, order_id: OrderId, paper: Paper) -> Document:
        """Keep a file of an order, sealed, under the hash of its bytes; durable when it returns."""
        ...

    def read_paper(self, order_id: OrderId, document: Document) -> bytes:
        """Read a file back; one that does not open, or whose bytes changed, is a RepositoryError."""
        ...

    def remove_papers(self, order_id: OrderId) -> None:
        """Remove all files of an order."""
        ...

    def scrub(self, *, rewrite: bool = False) -> bool:
        """Leave no old copy of what was removed in logs or free space.

        Args:
            rewrite: also write everything anew, in case old copies were not erased at the time.

        False while somebody reads an older moment: what they read is still there, so try again.
        """
        ...

    def outdated(self) -> tuple[Outdated, ...]:
        """Name the documents that an older PrimeTUI wrote, table by table."""
        ...

    def upgrade(self, outdated: Sequence[Outdated]) -> tuple[str, ...]:
        """Write documents as this PrimeTUI does, sealed; say of each that cannot be why.

        Done again, it does nothing.
        """
        ...

    def renew_key(self) -> tuple[OrderId, ...]:
        """Begin to wrap with a new master key; name the orders that another one still opens.

        An exchange that was begun is gone on with: then no new key is made.
        """
        ...

    def rewrap(self, order_ids: Sequence[OrderId]) -> tuple[str, ...]:
        """Have the newest master key open these orders; say of each that cannot be why."""
        ...

    def drop_old_keys(self) -> int:
        """Remove the master keys that open nothing any more; count the orders that need another."""
        ...

    def missing_keys(self) -> tuple[str, ...]:
        """Name the master keys that buyers need and that are not where keys are looked for.

        One that is there under its name and opens nothing is another's: it is missing too.
        """
        ...

    def operators(self) -> Mapping[str, str]:
        """Give whose each operator's name is: the login of a user of the system."""
        ...

    def check(self) -> RepositoryCheck:
        """Examine every document and file."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...
