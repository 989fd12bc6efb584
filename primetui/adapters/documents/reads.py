"""Our documents as values: how one moment of a store is read."""

from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import datetime
from typing import Final, TypeVar

from primetui.adapters.documents.codec import from_document, from_text
from primetui.adapters.documents.kinds import (
    ACCOUNT,
    AUDIT,
    BATCHES,
    CHORES,
    KEYS,
    LABELS,
    NOTICES,
    OFFERS,
    ORDERS,
    PURCHASES,
    RULES,
    STORES,
    YES,
)
from primetui.adapters.documents.rows import Document, Rows, decode
from primetui.adapters.documents.vault import Vault, moment_text
from primetui.domain.batch import Batch, BatchId
from primetui.domain.chore import Chore, Job
from primetui.domain.label import Label, LabelState, Purchase, PurchaseState, Refund
from primetui.domain.notice import Notice, NoticeState
from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.rate import Offers
from primetui.domain.rules.book import RuleBook
from primetui.domain.shipment import OrderId
from primetui.domain.store import Account, Store, StoreId
from primetui.domain.value import Value
from primetui.errors import RepositoryError
from primetui.ports import AuditEntry

_PENDING: Final = (PurchaseState.INTENT, PurchaseState.SENT, PurchaseState.UNKNOWN)
_OUTBOX: Final = (NoticeState.QUEUED, NoticeState.SENT, NoticeState.FAILED)

V = TypeVar("V", bound=Value)


class DocumentReads:
    """Our documents as they were at one moment."""

    def __init__(self, now: Rows, vault: Vault) -> None:
        self._now = now
        self._vault = vault

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
        """Read one order, with its buyer where the key is here."""
        document = self._now.get(ORDERS, order_id)
        if document is None:
            return None
        return from_document(OrderRecord, order_id, self._vault.open(self._now, order_id, document))

    def sealed_order(self, order_id: OrderId) -> OrderRecord | None:
        """Read one order without opening who its buyer is; kept again, it stays as sealed."""
        text = self._now.text(ORDERS, order_id)
        return None if text is None else from_text(OrderRecord, ORDERS, order_id, text)

    def each_order(
        self, status: OrderStatus, *, with_buyer: bool = False
    ) -> Generator[OrderRecord | RepositoryError, None, None]:
        """Read every order of a status, one by one, in order of arrival; close it.

        One that cannot be read is given as what is wrong with it: the others still count.
        """
        wanted = f'"{status}"'
        with closing(self._now.texts(ORDERS)) as texts:
            for id_, text in texts:
                if wanted in text:
                    try:
                        record = self._order_of(id_, text, with_buyer=with_buyer)
                    except RepositoryError as error:
                        yield error
                    else:
                        if record.order.status is status:
                            yield record

    def _order_of(self, id_: str, text: str, *, with_buyer: bool) -> OrderRecord:
        if not with_buyer:
            return from_text(OrderRecord, ORDERS, id_, text)
        document = self._vault.open(self._now, id_, decode(ORDERS, id_, text))
        return from_document(OrderRecord, id_, document)

    def rules(self) -> RuleBook:
        """Read the rules; none while none are kept."""
        return self._one(RULES, RULES, RuleBook) or RuleBook()

    def offers(self, order_id: OrderId) -> Offers | None:
        """Read the last offers fetched for an order."""
        return self._one(OFFERS, order_id, Offers)

    def purchases(self, order_id: OrderId) -> tuple[Purchase, ...]:
        """Read an order's journal, oldest first."""
        found = self._near(PURCHASES, Purchase, "order_id", order_id)
        return tuple(purchase for purchase in found if purchase.order_id == order_id)

    def pending_purchases(self) -> tuple[Purchase, ...]:
        """Read every purchase that is not settled, oldest first."""
        found = self._near(PURCHASES, Purchase, "state", *_PENDING)
        return tuple(purchase for purchase in found if purchase.is_pending)

    def labels(self, order_id: OrderId) -> tuple[Label, ...]:
        """Read an order's labels, oldest first."""
        found = self._near(LABELS, Label, "order_id", order_id)
        return tuple(label for label in found if label.order_id == order_id)

    def voiding_labels(self) -> tuple[Label, ...]:
        """Read every label whose void was asked for without a known answer, oldest first."""
        found = self._near(LABELS, Label, "state", LabelState.VOIDING)
        return tuple(label for label in found if label.state is LabelState.VOIDING)

    def live_labels(self) -> tuple[Label, ...]:
        """Read every label that stands, a void of it asked for or not, oldest first."""
        found = self._near(LABELS, Label, "state", LabelState.LIVE, LabelState.VOIDING)
        return tuple(label for label in found if label.is_live)

    def refunding_labels(self) -> tuple[Label, ...]:
        """Read every voided label whose refund is pending, oldest first."""
        found = self._near(LABELS, Label, "state", LabelState.VOIDED)
        return tuple(label for label in found if label.refund is Refund.PENDING)

    def notices(self, order_id: OrderId) -> tuple[Notice, ...]:
        """Read an order's notices, oldest first."""
        found = self._near(NOTICES, Notice, "order_id", order_id)
        return tuple(notice for notice in found if notice.order_id == order_id)

    def pending_notices(self) -> tuple[Notice, ...]:
        """Read the outbox: every notice that is queued, sent or failed, oldest first."""
        found = self._near(NOTICES, Notice, "state", *_OUTBOX)
        return tuple(notice for notice in found if notice.state in _OUTBOX)

    def batch(self, batch_id: BatchId) -> Batch | None:
        """Read one batch."""
        return self._one(BATCHES, batch_id, Batch)

    def batches(self) -> tuple[Batch, ...]:
        """Read every batch, oldest first."""
        return self._all(BATCHES, Batch)

    def open_batches(self) -> tuple[Batch, ...]:
        """Read the batches that were begun and are not at their end, oldest first."""
        found = self._near(BATCHES, Batch, "is_open", YES)
        return tuple(batch for batch in found if batch.is_open)

    def audit(self, order_id: OrderId | None = None) -> tuple[AuditEntry, ...]:
        """Read what was done, oldest first."""
        if order_id is None:
            return self._all(AUDIT, AuditEntry)
        found = self._near(AUDIT, AuditEntry, "order_id", order_id)
        return tuple(entry for entry in found if entry.order_id == order_id)

    def due_buyers(self, now: datetime) -> tuple[OrderId, ...]:
        """Name the orders whose buyer must be forgotten by now, without opening them (R23)."""
        with closing(self._now.until(KEYS, "forget_after", moment_text(now))) as found:
            return tuple(OrderId(id_) for id_, _ in found)

    def chore(self, job: Job) -> Chore | None:
        """Read when a job was done last."""
        return self._one(CHORES, job, Chore)

    def _one(self, table: str, id_: str, kind: type[V]) -> V | None:
        document = self._now.get(table, id_)
        return None if document is None else from_document(kind, id_, document)

    def _all(self, table: str, kind: type[V]) -> tuple[V, ...]:
        return self._values(kind, self._now.find(table))

    def _near(self, table: str, kind: type[V], field: str, *values: str) -> tuple[V, ...]:
        """Read the documents that may match; which do, the values themselves say.

        A purchase that is not found may be made twice: a store gives rather too many.
        """
        return self._values(kind, self._now.near(table, field, values))

    def _values(
        self, kind: type[V], rows: Generator[tuple[str, Document], None, None]
    ) -> tuple[V, ...]:
        with closing(rows) as found:
            return tuple(from_document(kind, id_, document) for id_, document in found)

    def _stores(self) -> Iterator[Store | RepositoryError]:
        """Read each store by itself: one that is damaged must not hide the others."""
        with closing(self._now.texts(STORES)) as texts:
            for id_, text in texts:
                try:
                    yield from_document(Store, id_, decode(STORES, id_, text))
                except RepositoryError as error:
                    yield error
