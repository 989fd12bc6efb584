"""Which documents there are, and how one moment or one transaction reads and writes them."""

from collections.abc import Iterator
from contextlib import closing
from typing import Final, TypeVar

from primetui.adapters.tinydb import grid
from primetui.adapters.tinydb.codec import from_document, to_document
from primetui.adapters.tinydb.narrowing import among
from primetui.adapters.tinydb.rows import EVERYTHING, Snapshot, Transaction, Where, decode
from primetui.adapters.tinydb.schema import Layout
from primetui.domain.batch import Batch, BatchId
from primetui.domain.label import Label, LabelState, Purchase, PurchaseState
from primetui.domain.notice import Notice, NoticeState
from primetui.domain.order import OrderRecord
from primetui.domain.rate import Offers
from primetui.domain.shipment import OrderId
from primetui.domain.store import Account, Store, StoreId
from primetui.domain.value import Value
from primetui.errors import RepositoryError
from primetui.ports import AuditEntry

ACCOUNT: Final = "account"
STORES: Final = "stores"
ORDERS: Final = "orders"
OFFERS: Final = "offers"
PURCHASES: Final = "purchases"
LABELS: Final = "labels"
NOTICES: Final = "notices"
BATCHES: Final = "batches"
AUDIT: Final = "audit"

KINDS: Final[dict[str, type[Value]]] = {
    ACCOUNT: Account,
    STORES: Store,
    ORDERS: OrderRecord,
    OFFERS: Offers,
    PURCHASES: Purchase,
    LABELS: Label,
    NOTICES: Notice,
    BATCHES: Batch,
    AUDIT: AuditEntry,
}
"""What each table holds."""

LAYOUT: Final = Layout(
    indexes={
        ACCOUNT: (),
        STORES: (),
        ORDERS: (("order", "status"), ("order", "store_id")),
        OFFERS: (),
        PURCHASES: (("order_id",), ("state",)),
        LABELS: (("order_id",), ("state",)),
        NOTICES: (("order_id",), ("state",)),
        BATCHES: (("is_open",),),
        AUDIT: (("order_id",),),
    },
    statements=grid.STATEMENTS,
)

_PENDING: Final = (PurchaseState.INTENT, PurchaseState.SENT, PurchaseState.UNKNOWN)
_OUTBOX: Final = (NoticeState.QUEUED, NoticeState.SENT, NoticeState.FAILED)

_YES: Final = "yes"
_NO: Final = "no"

V = TypeVar("V", bound=Value)


def key_of(value: Value) -> str | None:
    """Give the id a value is kept under; None where it does not carry one."""
    match value:
        case OrderRecord():
            return value.order.id
        case Offers():
            return value.order_id
        case Store() | Purchase() | Label() | Notice():
            return value.id
        case _:
            return None


class DocumentReads:
    """Our documents as they were at one moment."""

    def __init__(self, now: Snapshot) -> None:
        self._now = now

    def account(self) -> Account:
        """Read the merchant's settings; defaults while none are kept."""
        return self._one(ACCOUNT, ACCOUNT, Account) or Account()

    def stores(self) -> tuple[Store, ...]:
        """Read all stores by creation, but for those that cannot be read."""
        found = (store for store in self._stores() if isinstance(store, Store))
        return tuple(sorted(found, key=lambda store: store.created_at))

    def unreadable_stores(self) -> tuple[str, ...]:
        """Say of each store that cannot be read what is wrong with it."""
        return tuple(str(wrong) for wrong in self._stores() if isinstance(wrong, RepositoryError))

    def store(self, store_id: StoreId) -> Store | None:
        """Read one store."""
        return self._one(STORES, store_id, Store)

    def order(self, order_id: OrderId) -> OrderRecord | None:
        """Read one order."""
        return self._one(ORDERS, order_id, OrderRecord)

    def offers(self, order_id: OrderId) -> Offers | None:
        """Read the last offers fetched for an order."""
        return self._one(OFFERS, order_id, Offers)

    def purchases(self, order_id: OrderId) -> tuple[Purchase, ...]:
        """Read an order's journal, oldest first."""
        found = self._all(PURCHASES, Purchase, _near("order_id", order_id))
        return tuple(purchase for purchase in found if purchase.order_id == order_id)

    def pending_purchases(self) -> tuple[Purchase, ...]:
        """Read every purchase that is not settled, oldest first."""
        found = self._all(PURCHASES, Purchase, _near("state", *_PENDING))
        return tuple(purchase for purchase in found if purchase.is_pending)

    def labels(self, order_id: OrderId) -> tuple[Label, ...]:
        """Read an order's labels, oldest first."""
        found = self._all(LABELS, Label, _near("order_id", order_id))
        return tuple(label for label in found if label.order_id == order_id)

    def voiding_labels(self) -> tuple[Label, ...]:
        """Read every label whose void was asked for without a known answer, oldest first."""
        found = self._all(LABELS, Label, _near("state", LabelState.VOIDING))
        return tuple(label for label in found if label.state is LabelState.VOIDING)

    def notices(self, order_id: OrderId) -> tuple[Notice, ...]:
        """Read an order's notices, oldest first."""
        found = self._all(NOTICES, Notice, _near("order_id", order_id))
        return tuple(notice for notice in found if notice.order_id == order_id)

    def pending_notices(self) -> tuple[Notice, ...]:
        """Read the outbox: every notice that is queued, sent or failed, oldest first."""
        found = self._all(NOTICES, Notice, _near("state", *_OUTBOX))
        return tuple(notice for notice in found if notice.state in _OUTBOX)

    def batch(self, batch_id: BatchId) -> Batch | None:
        """Read one batch."""
        return self._one(BATCHES, batch_id, Batch)

    def batches(self) -> tuple[Batch, ...]:
        """Read every batch, oldest first."""
        return self._all(BATCHES, Batch)

    def open_batches(self) -> tuple[Batch, ...]:
        """Read the batches that were begun and are not at their end, oldest first."""
        found = self._all(BATCHES, Batch, _near("is_open", _YES))
        return tuple(batch for batch in found if batch.is_open)

    def audit(self, order_id: OrderId | None = None) -> tuple[AuditEntry, ...]:
        """Read what was done, oldest first."""
        if order_id is None:
            return self._all(AUDIT, AuditEntry)
        found = self._all(AUDIT, AuditEntry, _near("order_id", order_id))
        return tuple(entry for entry in found if entry.order_id == order_id)

    def _one(self, table: str, id_: str, kind: type[V]) -> V | None:
        document = self._now.get(table, id_)
        return None if document is None else from_document(kind, id_, document)

    def _all(self, table: str, kind: type[V], where: Where = EVERYTHING) -> tuple[V, ...]:
        with closing(self._now.find(table, where)) as found:
            return tuple(from_document(kind, id_, document) for id_, document in found)

    def _stores(self) -> Iterator[Store | RepositoryError]:
        """Read each store by itself: one that is damaged must not hide the others."""
        with closing(self._now.texts(STORES)) as texts:
            for id_, text in texts:
                try:
                    yield from_document(Store, id_, decode(STORES, id_, text))
                except RepositoryError as error:
                    yield error


class DocumentWrites(DocumentReads):
    """What one transaction may do to our documents; its reads see its own writes."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)
        self._tx = tx

    def put_account(self, account: Account) -> None:
        """Keep the merchant's settings."""
        self._tx.put(ACCOUNT, ACCOUNT, to_document(account))

    def put_store(self, store: Store) -> None:
        """Keep a store."""
        self._tx.put(STORES, store.id, to_document(store))

    def remove_store(self, store_id: StoreId) -> None:
        """Forget a store; its orders stay."""
        self._tx.delete(STORES, store_id)

    def put_order(self, record: OrderRecord) -> None:
        """Keep an order under its own id: a second one with that id replaces it."""
        self._tx.put(ORDERS, record.order.id, to_document(record))
        self._show(record)

    def put_offers(self, offers: Offers) -> None:
        """Keep the offers for an order, instead of earlier ones."""
        self._tx.put(OFFERS, offers.order_id, to_document(offers))

    def put_purchase(self, purchase: Purchase) -> None:
        """Keep a journal entry."""
        found_by = {"order_id": purchase.order_id, "state": purchase.state}
        self._tx.put(PURCHASES, purchase.id, to_document(purchase, **found_by))
        self._show_again(purchase.order_id)

    def put_label(self, label: Label) -> None:
        """Keep a label."""
        self._tx.put(LABELS, label.id, to_document(label))
        self._show_again(label.order_id)

    def put_notice(self, notice: Notice) -> None:
        """Keep an entry of the outbox."""
        self._tx.put(NOTICES, notice.id, to_document(notice))

    def put_batch(self, batch: Batch) -> None:
        """Keep a batch."""
        found_by = {"is_open": _YES if batch.is_open else _NO}
        self._tx.put(BATCHES, batch.id, to_document(batch, **found_by))

    def log(self, entry: AuditEntry) -> None:
        """Add to the audit log."""
        self._tx.put(AUDIT, self._tx.fresh_id(), to_document(entry))

    def _show_again(self, order_id: OrderId) -> None:
        record = self.order(order_id)
        if record is not None:
            self._show(record)

    def _show(self, record: OrderRecord) -> None:
        """Bring the order's row of the grid up to date, in the same transaction."""
        id_ = record.order.id
        grid.write_row(self._tx, grid.grid_row(record, self.labels(id_), self.purchases(id_)))


def _near(field: str, *values: str) -> Where:
    """Narrow down to the documents that may match; which do, the values themselves say.

    Some texts SQLite cannot find (see `narrowing`), and a purchase that is not found may be made
    twice: for those, everything is looked through.
    """
    return among((field,), values) or EVERYTHING
