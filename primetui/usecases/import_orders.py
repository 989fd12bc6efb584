"""Import: read what changed at the marketplaces, land it, tag it, keep it (R1–R4, R13–R15)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from primetui.domain.landing import is_for_good, land, land_again
from primetui.domain.order import (
    PRIME_TAG,
    Landing,
    Order,
    OrderRecord,
    OrderSource,
    OrderStatus,
)
from primetui.domain.retention import purge_after
from primetui.domain.shipment import OrderId, Shipment
from primetui.domain.sources import is_news, joined, not_reopened, noted
from primetui.domain.store import Account, ImportReport, Store, StoreId, StoreKind
from primetui.domain.value import Moment
from primetui.errors import ConfigError, NotFound, PortError, Rejected, RepositoryError
from primetui.ports import Desk, Marketplace, OrderPage, Writes
from primetui.usecases.hold_orders import kept_on_hold, release_held
from primetui.usecases.import_walk import begin_walk, go_on, keep_walk
from primetui.usecases.open_record import entry, live_label, voided_only
from primetui.usecases.run_rules import Runner, runner

Progress = Callable[[str, int], None]
"""Told the store's name and how many orders have been read so far; may raise to cancel."""


LEFT_OUT: Final = "left out"
"""What became of an order that a rule says not to import: it stays where it came from."""


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
    had_errors: bool = False
    """Something could not be read, now or before the import broke off."""

    def report(self) -> ImportReport:
        return ImportReport(
            at=self.at,
            seen=self.seen,
            added=self.added,
            updated=self.updated,
            errors=tuple(self.errors[:100]),
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """What one store says of one order now."""

    order: Order
    store: Store
    now: datetime
    asked_for: bool = False
    """Asked for by name: it is never older than what is kept."""
    lent: bool = False
    """The store brought it not: it lent its credentials for a look."""


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
    connected = [store for store in stores if store.kind is not StoreKind.MANUAL]
    if not connected:
        raise ConfigError(
            "A manual store's orders come from files: primetui import --file FILE --store STORE"
        )
    active = [store for store in connected if store.active]
    if not active:
        names = ", ".join(store.name for store in connected)
        raise ConfigError(f"An inactive store imports nothing: {names}. Activate it first.")
    done = tuple(_import_store(desk, store, progress) for store in active)
    release_held(desk)
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
    asked = [one.store_id for one in record.sources] or [record.order.store_id]
    stores = [store for store in map(desk.repository.store, asked) if store is not None]
    if not stores:
        raise ConfigError(f"The store of order {order_id} was removed.")
    for store in stores:
        if store.kind is not StoreKind.MANUAL:
            source = record.source(store.id)
            lent = source is not None and source.lent
            _look(desk, order_id, store, with_address=with_address, lent=lent)
    return _kept(desk, order_id)


def look_through(desk: Desk, order_id: OrderId, store: Store) -> OrderRecord:
    """Look at an order with a store's lent credentials, and keep what Amazon says of it (R11).

    Raises a PortError when it cannot be read, NotFound when that account has no such order.
    """
    _look(desk, order_id, store, with_address=False, lent=True)
    return _kept(desk, order_id)


def _look(desk: Desk, order_id: OrderId, store: Store, *, with_address: bool, lent: bool) -> None:
    order = desk.marketplace(store).order(order_id, with_address=with_address)
    now = desk.clock.now()
    said = _Said(order, store, now, asked_for=True, lent=lent)
    desk.repository.transact(lambda tx: _keep(tx, runner(tx), said))


def _kept(desk: Desk, order_id: OrderId) -> OrderRecord:
    kept = desk.repository.order(order_id)
    if kept is None:
        raise ConfigError(f"Order {order_id} was removed while it was read.")
    return kept


def _import_store(desk: Desk, store: Store, progress: Progress | None) -> Imported:
    """Import one store; the watermark moves only when everything there was has been read."""
    tally = _Tally(at=desk.clock.now())
    walk = begin_walk(store, desk.policy, tally.at)
    tally.newest, tally.had_errors = walk.newest, walk.had_errors
    failure = ""
    try:
        marketplace = desk.marketplace(store)
        for page in marketplace.changed_orders(walk.since, walk.mark):
            _keep_page(desk, marketplace, store, page, tally)
            walk = go_on(walk, page.next_mark, tally.newest, had_errors=tally.had_errors)
            keep_walk(desk, store.id, walk)
            if progress:
                progress(store.name, tally.seen)
    except PortError as error:
        failure = str(error)
        if isinstance(error, Rejected | NotFound) and not tally.seen:
            keep_walk(desk, store.id, None)  # where it broke off it cannot be gone on with
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
    walk = store.import_walk if failure else None
    kept = store.model_copy(
        update={"last_import": report, "imported_until": until, "import_walk": walk}
    )
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
    if tally.had_errors:
        newest -= desk.policy.unreadable_patience
    return max(newest, store.imported_until or newest)


def _keep_page(
    desk: Desk, marketplace: Marketplace, store: Store, page: OrderPage, tally: _Tally
) -> None:
    """Keep one page, then acknowledge what of it was handed over: never the other way (R19)."""
    now = desk.clock.now()
    kept, refused = keep_orders(desk, store, page.orders, now)
    tally.seen += len(page.orders) + len(page.errors)
    tally.added += sum(how == "added" for how in kept.values())
    tally.updated += sum(how == "updated" for how in kept.values())
    tally.errors.extend((*page.errors, *refused))
    tally.had_errors = tally.had_errors or bool(tally.errors)
    for order in page.orders:
        tally.newest = max(order.updated_at, tally.newest or order.updated_at)
    waiting = page.handed_over.intersection(id_ for id_, how in kept.items() if how != LEFT_OUT)
    own_ids = [order.origin.own_id for order in page.orders if order.id in waiting]
    if own_ids:
        marketplace.acknowledge(own_ids)


def keep_orders(
    desk: Desk, store: Store, orders: Sequence[Order], now: datetime
) -> tuple[dict[OrderId, str], tuple[str, ...]]:
    """Keep orders in one transaction; where one of them cannot be kept, each in its own.

    Says of each whether it was `added`, `updated` or is the `same`, and what was refused. Raises
    RepositoryError when none can be kept: then it is the disk and not the orders.
    """
    try:
        return _keep_together(desk, store, orders, now), ()
    except RepositoryError:
        kept: dict[OrderId, str] = {}
        refused: list[str] = []
        for order in orders:
            try:
                kept |= _keep_together(desk, store, (order,), now)
            except RepositoryError as error:
                refused.append(f"Order {order.id} cannot be kept: {error}")
        if not kept:
            raise
        return kept, tuple(refused)


def _keep_together(
    desk: Desk, store: Store, orders: Sequence[Order], now: datetime
) -> dict[OrderId, str]:
    """Keep orders in one transaction, all or none; say of each what became of it."""

    def keep(tx: Writes) -> dict[OrderId, str]:
        fresh = tx.store(store.id) or store
        rules = runner(tx)
        return {order.id: _keep(tx, rules, _Said(order, fresh, now)) for order in orders}

    return desk.repository.transact(keep)


def _keep(tx: Writes, rules: Runner, said: _Said) -> str:
    """Keep one order: `added`, `updated`, `same` when nothing newer came, or `left out` by a rule.

    The rules run on its first entry where it can be shipped or is held, and never again (R16).
    A page may be older than what is kept; an order that was asked for by name never is.
    """
    order, now = said.order, said.now
    earlier = tx.order(order.id)
    account = tx.account()
    if earlier is None and purge_after(order.purchased_at) <= now:
        return "same"  # so old that nobody may keep it
    if earlier is None:
        first = rules.entered(None, _first(order, said.store, account, now), now)
        if first is None:
            return LEFT_OUT
        tx.put_order(first)
        return "added"
    if not said.asked_for and not is_news(earlier, order):
        return "same"
    again = _again(tx, earlier, said, account)
    record = rules.entered(earlier, again, now) or again
    tx.put_order(record)
    return "same" if _is_same(earlier, record) else "updated"


def _is_same(earlier: OrderRecord, record: OrderRecord) -> bool:
    """Tell whether nothing changed but when it was read."""
    same = record.order.model_copy(update={"fetched_at": earlier.order.fetched_at})
    known = [source.store_id for source in earlier.sources]
    return same == earlier.order and known == [source.store_id for source in record.sources]


def _first(order: Order, store: Store, account: Account, now: datetime) -> OrderRecord:
    """Land a new order, draft its shipment and put the built-in tag on (R15)."""
    landing = land(order, store, account, now=now)
    record = OrderRecord(
        order=order.model_copy(update={"status": landing.status}),
        landing=landing,
        shipment=Shipment(order_id=order.id),
        sources=noted((), order, store, now),
    )
    return _tagged(record, store, now)


def _again(tx: Writes, earlier: OrderRecord, said: _Said, account: Account) -> OrderRecord:
    """Take in newer facts; what is ours (landing, draft, tags) stays."""
    order, store, now = said.order, said.store, said.now
    labels = tx.labels(order.id)
    stores = {one.id: one for one in tx.stores()}
    known = _known_sources(earlier, stores)
    sources = noted(known, order, store, now, lent=said.lent)
    holder = stores.get(earlier.order.store_id)
    together = joined(earlier, order, store, holder)
    own = voided_only(labels)
    seen = not_reopened(together.without_packages(own), sources, own, stores)
    leader = stores.get(seen.store_id, store)
    landing = land_again(seen, earlier.landing, leader, account, now=now)
    status = OrderStatus.SHIPPED if live_label(labels) else landing.status
    record = earlier.model_copy(
        update={
            "order": _with_buyer(seen, earlier).model_copy(update={"status": status}),
            "landing": _landing_to_keep(earlier.landing, landing),
            "sources": sources,
        }
    )
    return kept_on_hold(_tagged(record, leader, now), now)


def _with_buyer(order: Order, earlier: OrderRecord) -> Order:
    """Keep whom an order goes to while no newer address comes; whoever was forgotten stays so."""
    if earlier.forgotten_at is not None:
        return order.without_buyer()
    if order.ship_to is not None:
        return order
    kept = {"ship_to": earlier.order.ship_to, "sealed": earlier.order.sealed}
    return order.model_copy(update=kept)


def _known_sources(record: OrderRecord, stores: Mapping[StoreId, Store]) -> tuple[OrderSource, ...]:
    """List where an order came from; one kept before sources were has its own store."""
    holder = stores.get(record.order.store_id)
    if record.sources or holder is None:
        return record.sources
    return noted((), record.order, holder, record.landing.at)


def _landing_to_keep(earlier: Landing, later: Landing) -> Landing:
    """Keep for good why an order came to wait where it waits."""
    return earlier if is_for_good(earlier) else later


def _tagged(record: OrderRecord, store: Store, now: datetime) -> OrderRecord:
    source = record.source(store.id)
    lent = source is not None and source.lent
    if record.order.is_prime and store.kind is StoreKind.AMAZON and not lent:
        return record.tagged(PRIME_TAG, by="import", at=now)
    return record
