"""Keep an order on hold for as long as it is held here, and let it go afterwards."""

from contextlib import closing
from datetime import datetime

from primetui.domain.order import OrderRecord, OrderStatus
from primetui.ports import Desk, Writes
from primetui.usecases.open_record import entry

CHUNK = 500


def kept_on_hold(record: OrderRecord, now: datetime) -> OrderRecord:
    """See an order that waits as held while it is held here, whatever the marketplace says."""
    waits = record.order.status is OrderStatus.AWAITING_SHIPMENT
    return (
        _standing(record, OrderStatus.ON_HOLD) if waits and record.handling.holds(now) else record
    )


def release_held(desk: Desk) -> int:
    """Let the orders go whose time on hold is over; tell how many.

    One that the marketplace holds stays: only what was put on hold here is let go.
    """
    now = desk.clock.now()
    with closing(desk.repository.each_order(OrderStatus.ON_HOLD)) as found:
        due = [one for one in found if isinstance(one, OrderRecord) and _is_over(one, now)]

    def release(tx: Writes, chunk: list[OrderRecord]) -> int:
        fresh = [tx.sealed_order(one.order.id) for one in chunk]
        over = [one for one in fresh if one is not None and _is_over(one, now)]
        for one in over:
            tx.put_order(_standing(one, OrderStatus.AWAITING_SHIPMENT))
            tx.log(entry(desk, "hold is over", one.order.id))
        return len(over)

    return sum(
        desk.repository.transact(lambda tx, at=at: release(tx, due[at : at + CHUNK]))  # type: ignore[misc] # binds the loop's value
        for at in range(0, len(due), CHUNK)
    )


def _is_over(record: OrderRecord, now: datetime) -> bool:
    """Tell whether an order was put on hold here, until a time that has come."""
    here = record.landing.status is OrderStatus.AWAITING_SHIPMENT
    until = record.handling.hold_until
    held = record.order.status is OrderStatus.ON_HOLD
    return held and here and until is not None and until <= now


def _standing(record: OrderRecord, status: OrderStatus) -> OrderRecord:
    return record.model_copy(update={"order": record.order.model_copy(update={"status": status})})
