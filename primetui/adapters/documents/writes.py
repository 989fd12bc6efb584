"""Our documents as values: what one transaction may do to them."""

from contextlib import closing
from datetime import datetime
from typing import TypeVar

from primetui.adapters.documents.codec import from_document, to_document
from primetui.adapters.documents.kinds import (
    ACCOUNT,
    AUDIT,
    BATCHES,
    CHORES,
    LABELS,
    NO,
    NOTICES,
    OFFERS,
    ORDERS,
    PURCHASES,
    RULES,
    STORES,
    YES,
)
from primetui.adapters.documents.projection import grid_row
from primetui.adapters.documents.reads import DocumentReads
from primetui.adapters.documents.rows import WritableGrid, WritableRows
from primetui.adapters.documents.vault import Vault
from primetui.domain.batch import Batch, BatchId
from primetui.domain.chore import Chore
from primetui.domain.label import Label, LabelStep, Purchase, Step
from primetui.domain.notice import Notice
from primetui.domain.order import OrderRecord
from primetui.domain.rate import Offers
from primetui.domain.retention import forget_after
from primetui.domain.rules.book import RuleBook
from primetui.domain.shipment import OrderId
from primetui.domain.store import Account, Store, StoreId
from primetui.ports import AuditEntry

S = TypeVar("S", Step, LabelStep)


class DocumentWrites(DocumentReads):
    """What one transaction may do to our documents; its reads see its own writes."""

    def __init__(self, tx: WritableRows, grid: WritableGrid, vault: Vault) -> None:
        super().__init__(tx, vault)
        self._tx = tx
        self._grid = grid

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
        id_ = record.order.id
        until = forget_after(record.order)
        sealed = self._vault.seal(self._tx, id_, to_document(record), until)
        self._tx.put(ORDERS, id_, sealed)
        self._show(record)

    def put_offers(self, offers: Offers) -> None:
        """Keep the offers for an order, instead of earlier ones."""
        self._tx.put(OFFERS, offers.order_id, to_document(offers))

    def remove_offers(self, order_id: OrderId) -> None:
        """Drop the offers for an order."""
        self._tx.delete(OFFERS, order_id)

    def destroy_key(self, order_id: OrderId) -> None:
        """Destroy what opens an order's buyer and files: no copy of them opens any more."""
        self._vault.destroy(self._tx, order_id)

    def remove_order(self, order_id: OrderId) -> None:
        """Remove an order with everything kept of it, its files and the audit log excepted."""
        kept = (
            (PURCHASES, self.purchases(order_id)),
            (LABELS, self.labels(order_id)),
            (NOTICES, self.notices(order_id)),
        )
        for table, values in kept:
            for value in values:
                self._tx.delete(table, value.id)
        self.remove_offers(order_id)
        self.destroy_key(order_id)
        self._tx.delete(ORDERS, order_id)
        self._grid.remove(order_id)

    def remove_audit(self, before: datetime, at_most: int) -> int:
        """Remove the oldest lines of the audit log written before then; tell how many."""
        old: list[str] = []
        with closing(self._tx.find(AUDIT)) as entries:  # oldest first: the first young one ends it
            for id_, document in entries:
                if len(old) == at_most or from_document(AuditEntry, id_, document).at >= before:
                    break
                old.append(id_)
        for id_ in old:
            self._tx.delete(AUDIT, id_)
        return len(old)

    def remove_batch(self, batch_id: BatchId) -> None:
        """Drop a batch."""
        self._tx.delete(BATCHES, batch_id)

    def put_purchase(self, purchase: Purchase) -> None:
        """Keep a journal entry."""
        found_by = {"order_id": purchase.order_id, "state": purchase.state}
        kept = {
            "order": purchase.order.without_buyer(),
            "steps": self._last_said(purchase.order_id, purchase.steps),
        }
        document = to_document(purchase.model_copy(update=kept), **found_by)
        self._tx.put(PURCHASES, purchase.id, document)
        self._show_again(purchase.order_id)

    def put_label(self, label: Label) -> None:
        """Keep a label."""
        kept = label.model_copy(update={"history": self._last_said(label.order_id, label.history)})
        self._tx.put(LABELS, label.id, to_document(kept))
        self._show_again(label.order_id)

    def put_notice(self, notice: Notice) -> None:
        """Keep an entry of the outbox."""
        kept = notice.model_copy(update={"reason": self._said(notice.order_id, notice.reason)})
        self._tx.put(NOTICES, notice.id, to_document(kept))

    def put_batch(self, batch: Batch) -> None:
        """Keep a batch."""
        found_by = {"is_open": YES if batch.is_open else NO}
        self._tx.put(BATCHES, batch.id, to_document(batch, **found_by))

    def put_rules(self, book: RuleBook) -> None:
        """Keep the rules."""
        self._tx.put(RULES, RULES, to_document(book))

    def put_chore(self, chore: Chore) -> None:
        """Write down that a job was done."""
        self._tx.put(CHORES, chore.job, to_document(chore))

    def log(self, entry: AuditEntry) -> None:
        """Add to the audit log."""
        detail = self._said(entry.order_id, entry.detail) if entry.order_id else entry.detail
        kept = entry.model_copy(update={"detail": detail})
        self._tx.put(AUDIT, self._tx.fresh_id(), to_document(kept))

    def _said(self, order_id: OrderId, text: str) -> str:
        """Write down what a provider said without the buyer it may quote."""
        record = self.order(order_id) if text else None
        return record.order.ship_to.hidden_in(text) if record and record.order.ship_to else text

    def _last_said(self, order_id: OrderId, steps: tuple[S, ...]) -> tuple[S, ...]:
        """Write down the last step as `_said`; those before it were when they were the last."""
        if not steps:
            return steps
        kept = list(steps)
        kept[-1] = steps[-1].model_copy(update={"note": self._said(order_id, steps[-1].note)})
        return tuple(kept)

    def _show_again(self, order_id: OrderId) -> None:
        record = self._one(ORDERS, order_id, OrderRecord)  # a row needs no key
        if record is not None:
            self._show(record)

    def _show(self, record: OrderRecord) -> None:
        """Bring the order's row of the grid up to date, in the same transaction."""
        id_ = record.order.id
        labels = self.labels(id_)
        if record.order.sealed or any(label.documents for label in labels):
            self._vault.keep_until(self._tx, id_, forget_after(record.order))
        self._grid.put(grid_row(record, labels, self.purchases(id_)))
