"""The outside world on one page: what use cases may ask of it, and the desk that holds it all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from pydantic import SecretStr

from primetui.domain.batch import Batch, BatchId
from primetui.domain.clearance import ClearedShipment
from primetui.domain.label import Document, Label, LabelId, Purchase, PurchaseId, PurchaseKey
from primetui.domain.money import Money
from primetui.domain.notice import Notice
from primetui.domain.order import Order, OrderRecord, OrderStatus, Prime
from primetui.domain.policy import Policy
from primetui.domain.rate import Offers
from primetui.domain.shipment import DocumentFormat, OrderId, Shipment
from primetui.domain.store import Account, Store, StoreId
from primetui.domain.value import Moment, Value

T = TypeVar("T")


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Give the moment it is, with a time zone."""
        ...


# --- where orders come from -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of changed orders; what could not be read is named, never dropped in silence."""

    orders: tuple[Order, ...]
    errors: tuple[str, ...] = ()


class Marketplace(Protocol):
    """Where a store's orders come from. Every call may raise a PortError."""

    def test(self) -> tuple[str, ...]:
        """Try the credentials; give the ids of the marketplaces they open."""
        ...

    def changed_orders(self, since: datetime) -> Iterator[OrderPage]:
        """Read merchant-fulfilled orders that changed since then, page by page.

        `order.status` is as the marketplace alone would have it; landing is decided elsewhere.
        """
        ...

    def order(self, order_id: OrderId, *, with_address: bool = False) -> Order:
        """Read one order afresh with its packages and cancellation requests."""
        ...

    def confirm(self, notice: Notice) -> None:
        """Tell the marketplace of a package; the same reference again edits it.

        Raises NotDone when it was certainly not taken, Unsure when it may have been. Taken is
        not yet listed: only the order's packages prove that.
        """
        ...


# --- who sells labels -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that came with a label."""

    format: DocumentFormat
    kind: str
    content: bytes

    def __repr__(self) -> str:
        """Show no content: a label names a person."""
        return f"Paper({self.format}, {self.kind!r}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Bought:
    """A provider's answer to a purchase."""

    shipment_id: str
    package_reference: str
    tracking_id: str
    charge: Money | None
    """None where the answer does not repeat it."""
    papers: tuple[Paper, ...]
    """Empty when they could not be read: the label exists all the same."""


class LabelProvider(Protocol):
    """Who sells us labels. Every call may raise a PortError."""

    def rates(self, order: Order, shipment: Shipment) -> Offers:
        """Ask what it would cost to ship this draft; buys nothing."""
        ...

    def purchase(self, cleared: ClearedShipment, key: PurchaseKey) -> Bought:
        """Buy the label: the only way to one. Sent once; the same key never buys twice.

        Raises NotDone when it certainly did not happen (ShipmentExists when that is because a
        label is there already), Unsure when it may have.
        """
        ...

    def find(self, shipment_id: str, order_id: OrderId, wanted: DocumentFormat) -> Bought:
        """Look up a shipment that a ShipmentExists refusal named; buys nothing."""
        ...

    def papers(self, label: Label, wanted: DocumentFormat) -> tuple[Paper, ...]:
        """Fetch a bought label's files again."""
        ...

    def void(self, label: Label) -> None:
        """Give the label back."""
        ...


# --- our documents ----------------------------------------------------------------------------


class OrderSort(StrEnum):
    """What the orders grid can be sorted by."""

    SHIP_BY = "ship_by"
    DELIVER_BY = "deliver_by"
    PURCHASED = "purchased_at"
    ORDER_ID = "id"


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """Which orders, and in which order."""

    status: OrderStatus | None = None
    store_id: StoreId | None = None
    prime: Prime | None = None
    tag: str | None = None
    text: str = ""
    """Words that must all appear in order id, SKU, title, city, service or tracking id."""
    sort: OrderSort = OrderSort.SHIP_BY
    descending: bool = False


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the orders grid, read without opening the document."""

    id: OrderId
    store_id: StoreId
    status: OrderStatus
    prime: Prime
    ship_by: datetime | None
    deliver_by: datetime | None
    purchased_at: datetime
    units: int
    summary: str
    """First SKU and title, unescaped: whoever shows it makes it plain."""
    service_level: str
    place: str
    """City and region, where they are known."""
    tags: tuple[str, ...]
    warnings: tuple[str, ...]
    """Words of `primetui.domain.order`: void needed, cancellation requested, unrecognised,
    confirmation."""
    tracking_id: str
    """Of the live label."""
    purchase_pending: bool


class AuditEntry(Value):
    """Who did what to which order; holds no person."""

    at: Moment
    by: str
    action: str
    order_id: OrderId | None = None
    detail: str = ""


class Reads(Protocol):
    """What can be read of our documents."""

    def account(self) -> Account:
        """Read the merchant's settings; defaults while none are kept."""
        ...

    def stores(self) -> tuple[Store, ...]:
        """Read all stores by creation."""
        ...

    def store(self, store_id: StoreId) -> Store | None:
        """Read one store."""
        ...

    def order(self, order_id: OrderId) -> OrderRecord | None:
        """Read one order."""
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

    def log(self, entry: AuditEntry) -> None:
        """Add to the audit log."""
        ...


@dataclass(frozen=True, slots=True)
class RepositoryCheck:
    """What an examination of all documents found."""

    counts: Mapping[str, int]
    """Documents by kind."""
    pending_purchases: int
    problems: tuple[str, ...]
    """One sentence each; empty when all is well."""


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

    def lease(self, held: OrderId | BatchId, holder: str) -> AbstractContextManager[None]:
        """Hold an order for a purchase, or a batch; freed by the kernel when the process dies.

        Raises Busy with the holder's name and since when.
        """
        ...

    def keep_paper(self, paper: Paper) -> Document:
        """Keep a file under the hash of its bytes; durable when it returns."""
        ...

    def read_paper(self, document: Document) -> bytes:
        """Read a file back; one whose bytes changed is a RepositoryError."""
        ...

    def check(self) -> RepositoryCheck:
        """Examine every document and file."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


# --- this machine -----------------------------------------------------------------------------


class Credentials(Value):
    """The keys of a private, self-authorised SP-API app; never shown, never in a document."""

    client_id: str
    client_secret: SecretStr
    refresh_token: SecretStr


class Secrets(Protocol):
    """Where credentials are kept: not among the documents."""

    def get(self, store_id: StoreId) -> Credentials | None:
        """Read a store's credentials."""
        ...

    def put(self, store_id: StoreId, credentials: Credentials) -> None:
        """Keep a store's credentials."""
        ...

    def remove(self, store_id: StoreId) -> None:
        """Forget a store's credentials."""
        ...


class Names(Protocol):
    """Where new ids come from: random in use, countable in tests."""

    def new(self) -> str:
        """Give a name nobody had before."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a use case may touch."""

    clock: Clock
    repository: Repository
    secrets: Secrets
    names: Names
    operator: str
    """Who is working, for the journal and the audit log."""
    marketplace: Callable[[Store], Marketplace]
    """Opens the marketplace of a store."""
    provider: Callable[[Store], LabelProvider]
    """Opens who sells labels for a store's orders."""
    policy: Policy = field(default_factory=Policy)

    def purchase_id(self) -> PurchaseId:
        """Name a new purchase."""
        return PurchaseId(self.names.new())

    def label_id(self) -> LabelId:
        """Name a new label."""
        return LabelId(self.names.new())
