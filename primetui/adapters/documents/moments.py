"""Every read of the Repository port, each at one moment of its own, for every store alike."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime

from primetui.adapters.documents.reads import DocumentReads
from primetui.adapters.documents.rows import Grid, Rows
from primetui.adapters.documents.vault import Vault
from primetui.domain.batch import Batch, BatchId
from primetui.domain.chore import Chore, Job
from primetui.domain.label import Label, Purchase
from primetui.domain.notice import Notice
from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.rate import Offers
from primetui.domain.rules.book import RuleBook
from primetui.domain.shipment import OrderId
from primetui.domain.store import Account, Store, StoreId
from primetui.errors import RepositoryError
from primetui.ports import AuditEntry, OrderQuery, OrderRow


class RepositoryReads(ABC):
    """The reads of a Repository, over whatever gives it a moment of its documents."""

    _vault: Vault

    @abstractmethod
    def _moment(self) -> AbstractContextManager[tuple[Rows, Grid]]:
        """Hold one moment of the documents and of the orders grid."""

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

    def sealed_order(self, order_id: OrderId) -> OrderRecord | None:
        """Read one order without opening who its buyer is; kept again, it stays as sealed."""
        with self._reads() as reads:
            return reads.sealed_order(order_id)

    def each_order(
        self, status: OrderStatus, *, with_buyer: bool = False
    ) -> Generator[OrderRecord | RepositoryError, None, None]:
        """Read every order of a status, one by one, as they were at one moment; close it."""
        with (
            self._reads() as reads,
            closing(reads.each_order(status, with_buyer=with_buyer)) as all_,
        ):
            yield from all_

    def rules(self) -> RuleBook:
        """Read the rules; none while none are kept."""
        with self._reads() as reads:
            return reads.rules()

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

    def live_labels(self) -> tuple[Label, ...]:
        """Read every label that stands, a void of it asked for or not, oldest first."""
        with self._reads() as reads:
            return reads.live_labels()

    def refunding_labels(self) -> tuple[Label, ...]:
        """Read every voided label whose refund is pending, oldest first."""
        with self._reads() as reads:
            return reads.refunding_labels()

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

    def due_buyers(self, now: datetime) -> tuple[OrderId, ...]:
        """Name the orders whose buyer must be forgotten by now, without opening them (R23)."""
        with self._reads() as reads:
            return reads.due_buyers(now)

    def chore(self, job: Job) -> Chore | None:
        """Read when a job was done last."""
        with self._reads() as reads:
            return reads.chore(job)

    def count_orders(self, query: OrderQuery) -> int:
        """Count the orders a query finds."""
        with self._moment() as (_, grid):
            return grid.count(query)

    def order_rows(self, query: OrderQuery, start: int, stop: int) -> tuple[OrderRow, ...]:
        """Read rows `start` up to `stop` of a query, without opening documents."""
        with self._moment() as (_, grid):
            return grid.rows(query, start, stop)

    def status_counts(self) -> Mapping[OrderStatus, int]:
        """Count the orders of each status."""
        with self._moment() as (_, grid):
            return grid.by_status()

    @contextmanager
    def _reads(self) -> Iterator[DocumentReads]:
        with self._moment() as (now, _):
            yield DocumentReads(now, self._vault)
