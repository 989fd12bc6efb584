"""Import: read what changed at the marketplaces, land it, tag it, keep it (R1–R4, R13–R15)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from primetui.domain.landing import land, land_again
from primetui.domain.order import PRIME_TAG, Landing, Order, OrderRecord, OrderStatus
from primetui.domain.shipment import OrderId, Shipment
from primetui.domain.store import Account, ImportReport, Store, StoreId, StoreKind
from primetui.domain.value import Moment
from primetui.errors import ConfigError, PortError, RepositoryError
from primetui.ports import Desk, OrderPage, Writes
from primetui.usecases.open_record import entry, less_voided, live_label

Progress = Callable[[str, int], None]
"""Told the store's name and how many orders have been read so far; may raise to cancel."""

WAITING = frozenset({OrderStatus.AWAITING_SHIPMENT, OrderStatus.PENDING_FULFILLMENT})


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of one store came to."""

    store: Store
    report: ImportReport
    failure: str = ""
    """Why it stopped; what had been read by then is kept."""


@dataclass(slots=True)
class _Tally:
    """Counts while the pages come in."""

    at: Moment
    seen: int = 0
    added: int = 0
    updated: int = 0
    errors: list[str] = field(default_factory=list)
    newest: datetime | None = None

    def report(self) -> ImportReport:
        return ImportReport(
            at=self.at,
            seen=self.seen,
            added=self.added,
            updated=self.updated,
            errors=tuple(self.errors[:100]),
        )


def import_orders(
    desk: Desk, only: StoreId | None = None, *, progress: Progress | None = None
) -> tuple[Imported, ...]:
    """Import every active store, or the one named; one store's failure does not stop the others.

    Raises RepositoryError, once the others are imported, for a store that cannot be read: its
    orders would be missed in silence.
    """
    stores = [s for s in desk.repository.stores() if only in {None, s.id}]
    if not stores:
        _refuse_unreadable(desk)
        raise ConfigError("There is no store to import from. Add one first: primetui stores add")
    active = [store for store in stores if store.active]
    if not active:
        names = ", ".join(store.name for store in stores)
        raise ConfigError(f"An inactive store imports nothing: {names}. Activate it first.")
    done = tuple(_import_store(desk, store, progress) for store in active)
    if only is None:
        _refuse_unreadable(desk)
    return done


def _refuse_unreadable(desk: Desk) -> None:
    for wrong in desk.repository.unreadable_stores():
        raise RepositoryError(f"{wrong} Its orders were not imported.")


def refresh_order(desk: Desk, order_id: OrderId, *, with_address: bool = False) -> OrderRecord:
    """Read one order afresh and keep it; raises a PortError when it cannot be read."""
    record = desk.repository.order(order_id)
    if record is None:
        raise ConfigError(f"There is no order {order_id} here.")
    store = desk.repository.store(record.order.store_id)
    if store is None:
        raise ConfigError(f"The store of order {order_id} was removed.")
    order = desk.marketplace(store).order(order_id, with_address=with_address)
    now = desk.clock.now()
    desk.repository.transact(lambda tx: _keep(tx, order, store, now, asked_for=True))
    kept = desk.repository.order(order_id)
    if kept is None:
        raise ConfigError(f"Order {order_id} was removed while it was read.")
    return kept


def _import_store(desk: Desk, store: Store, progress: Progress | None) -> Imported:
    """Import one store; the watermark moves only when everything there was has been read."""
    tally = _Tally(at=desk.clock.now())
    reach = desk.policy.first_import_reach
    since = (
        store.imported_until - desk.policy.import_overlap
        if store.imported_until
        else tally.at - reach
    )
    failure = ""
    try:
        for page in desk.marketplace(store).changed_orders(since):
            _keep_page(desk, store, page, tally)
            if progress:
                progress(store.name, tally.seen)
    except PortError as error:
        failure = str(error)
    kept = desk.repository.transact(lambda tx: _close(desk, tx, store.id, tally, failure))
    return Imported(store=kept or store, report=tally.report(), failure=failure)


def _close(desk: Desk, tx: Writes, store_id: StoreId, tally: _Tally, failure: str) -> Store | None:
    """Write down how it went; a store removed meanwhile stays removed."""
    store = tx.store(store_id)
    if store is None:
        return None
    errors = (failure, *tally.report().errors) if failure else tally.report().errors
    report = tally.report().model_copy(update={"errors": errors})
    until = store.imported_until if failure else _watermark(desk, store, tally)
    kept = store.model_copy(update={"last_import": report, "imported_until": until})
    tx.put_store(kept)
    counts = f"{tally.seen} seen, {tally.added} added, {tally.updated} updated"
    tx.log(entry(desk, "import", detail=f"{store_id}: {counts}"))
    return kept


def _watermark(desk: Desk, store: Store, tally: _Tally) -> Moment | None:
    """Say up to when everything has been read; the next import begins a little before.

    A date in the future is not believed. An entry that could not be read is asked for again for
    a day and then left behind, named: one that never can be must not hold the others up.
    """
    if tally.newest is None:
        return store.imported_until
    newest = min(tally.newest, tally.at)
    if tally.errors:
        newest -= desk.policy.unreadable_patience
    return max(newest, store.imported_until or newest)


def _keep_page(desk: Desk, store: Store, page: OrderPage, tally: _Tally) -> None:
    """Keep one page in one transaction."""
    now = desk.clock.now()
    results = desk.repository.transact(lambda tx: _keep_all(tx, page.orders, store, now))
    tally.seen += len(page.orders) + len(page.errors)
    tally.added += results.count("added")
    tally.updated += results.count("updated")
    tally.errors.extend(page.errors)
    for order in page.orders:
        tally.newest = max(order.updated_at, tally.newest or order.updated_at)


def _keep_all(tx: Writes, orders: Iterable[Order], store: Store, now: datetime) -> list[str]:
    fresh = tx.store(store.id) or store
    return [_keep(tx, order, fresh, now) for order in orders]


def _keep(tx: Writes, order: Order, store: Store, now: datetime, *, asked_for: bool = False) -> str:
    """Keep one order: `added`, `updated`, or `same` when nothing newer came.

    A page may be older than what is kept; an order that was asked for by name never is.
    """
    earlier = tx.order(order.id)
    account = tx.account()
    if earlier is None:
        tx.put_order(_first(order, store, account, now))
        return "added"
    if not asked_for and order.updated_at < earlier.order.updated_at:
        return "same"
    record = _again(tx, earlier, order, store, account, now)
    tx.put_order(record)
    same = record.order.model_copy(update={"fetched_at": earlier.order.fetched_at})
    return "same" if same == earlier.order else "updated"


def _first(order: Order, store: Store, account: Account, now: datetime) -> OrderRecord:
    """Land a new order, draft its shipment and put the built-in tag on (R15)."""
    landing = land(order, store, account, now=now)
    record = OrderRecord(
        order=order.model_copy(update={"status": landing.status}),
        landing=landing,
        shipment=Shipment(order_id=order.id),
    )
    return _tagged(record, store, now)


def _again(
    tx: Writes, earlier: OrderRecord, order: Order, store: Store, account: Account, now: datetime
) -> OrderRecord:
    """Take in newer facts; what is ours (landing, draft, tags) stays."""
    labels = tx.labels(order.id)
    seen = less_voided(order, labels)
    landing = land_again(seen, earlier.landing, store, account, now=now)
    status = OrderStatus.SHIPPED if live_label(labels) else landing.status
    facts = {"status": status, "ship_to": seen.ship_to or earlier.order.ship_to}
    record = earlier.model_copy(
        update={
            "order": seen.model_copy(update=facts),
            "landing": _landing_to_keep(earlier.landing, landing),
        }
    )
    return _tagged(record, store, now)


def _landing_to_keep(earlier: Landing, later: Landing) -> Landing:
    """Keep for good why an order came to wait where it waits."""
    return earlier if earlier.status in WAITING else later


def _tagged(record: OrderRecord, store: Store, now: datetime) -> OrderRecord:
    if record.order.is_prime and store.kind is StoreKind.AMAZON:
        return record.tagged(PRIME_TAG, by="import", at=now)
    return record
