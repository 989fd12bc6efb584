"""Purge: what Amazon told us is kept for eighteen months, and no longer (R23)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from primetui.domain.chore import Chore, Job
from primetui.domain.retention import ORDER_KEPT, purge_after
from primetui.domain.shipment import OrderId
from primetui.errors import Busy
from primetui.ports import Desk, OrderQuery, OrderSort, Writes
from primetui.usecases.forget_buyers import Waits
from primetui.usecases.open_record import entry

_PAGE: Final = 200
_OLDEST_FIRST: Final = OrderQuery(sort=OrderSort.PURCHASED)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge came to."""

    orders: tuple[OrderId, ...]
    waits: tuple[Waits, ...]
    """Too old, and still in need of somebody."""
    audit_lines: int
    batches: int


def old_orders(desk: Desk) -> tuple[OrderId, ...]:
    """Name the orders that are too old to be kept, the oldest first; opens none of them."""
    now = desk.clock.now()
    found: list[OrderId] = []
    while True:
        rows = desk.repository.order_rows(_OLDEST_FIRST, len(found), len(found) + _PAGE)
        old = [row.id for row in rows if purge_after(row.purchased_at) <= now]
        found += old
        if len(old) < _PAGE:
            return tuple(found)


def purge_orders(desk: Desk) -> Purged:
    """Remove every order that is too old, and what else is as old; what was done stays done."""
    done = [_purge(desk, order_id) for order_id in old_orders(desk)]
    before = desk.clock.now() - ORDER_KEPT
    purged = Purged(
        orders=tuple(one for one in done if not isinstance(one, Waits)),
        waits=tuple(one for one in done if isinstance(one, Waits)),
        audit_lines=_purge_audit(desk, before),
        batches=desk.repository.transact(lambda tx: _purge_batches(tx, before)),
    )
    desk.repository.transact(lambda tx: _write_down(desk, tx, len(purged.orders)))
    desk.repository.scrub()
    return purged


def _purge(desk: Desk, order_id: OrderId) -> OrderId | Waits:
    """Remove one order while nobody buys for it; the files go first, as when forgetting."""
    try:
        with desk.repository.lease(order_id, desk.operator):
            if any(purchase.is_pending for purchase in desk.repository.purchases(order_id)):
                return Waits(order_id, "A purchase for it is not settled: reconcile it first.")
            desk.repository.remove_papers(order_id)
            desk.repository.transact(lambda tx: tx.remove_order(order_id))
            return order_id
    except Busy as busy:
        return Waits(order_id, str(busy))


def _purge_audit(desk: Desk, before: datetime) -> int:
    """Remove old lines of the audit log, page by page; it is kept longer than the year it must."""
    removed = 0
    while page := desk.repository.transact(lambda tx: tx.remove_audit(before, _PAGE)):
        removed += page
    return removed


def _purge_batches(tx: Writes, before: datetime) -> int:
    old = [b for b in tx.batches() if b.made_at < before and not b.is_open]
    for batch in old:
        tx.remove_batch(batch.id)
    return len(old)


def _write_down(desk: Desk, tx: Writes, orders: int) -> None:
    detail = f"{orders} orders removed"
    tx.put_chore(Chore(job=Job.PURGE, at=desk.clock.now(), by=desk.operator, detail=detail))
    if orders:
        tx.log(entry(desk, "old orders removed", detail=detail))
