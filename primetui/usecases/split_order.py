"""Split an order over several packages, and join them again (R7)."""

from collections.abc import Callable, Iterator, Sequence

from primetui.domain import violations as v
from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.packing import Box, is_split, joined, read_box, split, split_refused
from primetui.domain.shipment import OrderId, Shipment
from primetui.domain.violations import Violation
from primetui.errors import ConfigError
from primetui.ports import Desk, Reads, Writes
from primetui.usecases.edit_shipment import NotEdited
from primetui.usecases.open_record import entry, live_label


def split_order(desk: Desk, order_id: OrderId, boxes: Sequence[str]) -> OrderRecord | NotEdited:
    """Spread an order's items over packages; each box reads `SKU=2, OTHER=1`.

    What no box names goes into one more. A Prime order, or one that may be Prime, is refused.
    Raises ConfigError for a box that does not fit the order, Busy while somebody is at it.
    """

    def change(tx: Writes, record: OrderRecord) -> Shipment | NotEdited:
        refused = (*frozen(tx, record), *split_refused(record.order), *_combined(record))
        if refused:
            return NotEdited(refused)
        read: list[Box] = [read_box(record.order, text) for text in boxes]
        return split(record.order, record.shipment, read)

    return _change(desk, order_id, "split order", change)


def join_order(desk: Desk, order_id: OrderId) -> OrderRecord | NotEdited:
    """Put an order into one package again; one that turned out to be Prime is freed by it."""

    def change(tx: Writes, record: OrderRecord) -> Shipment | NotEdited:
        if not is_split(record.shipment):
            raise ConfigError(f"Order {order_id} is not split.")
        refused = tuple(frozen(tx, record))
        return NotEdited(refused) if refused else joined(record.shipment)

    return _change(desk, order_id, "join order", change)


def frozen(reads: Reads, record: OrderRecord) -> Iterator[Violation]:
    """Say why nothing about an order's parcel may change: it is view only, bought, or being so."""
    order = record.order
    if order.status is OrderStatus.PENDING_FULFILLMENT:
        yield v.ViewOnly()
    if live_label(reads.labels(order.id)) is not None:
        yield v.AlreadyShipped()
    if any(purchase.is_pending for purchase in reads.purchases(order.id)):
        yield v.PurchaseOpen()


def _combined(record: OrderRecord) -> Iterator[Violation]:
    others = len(record.shipment.combined_with)
    if others:
        yield v.AlreadyCombined(others=others)


def _change(
    desk: Desk,
    order_id: OrderId,
    action: str,
    change: Callable[[Writes, OrderRecord], Shipment | NotEdited],
) -> OrderRecord | NotEdited:
    """Write another draft down, while nobody else is at the order."""

    def write(tx: Writes) -> OrderRecord | NotEdited:
        record = tx.order(order_id)
        if record is None:
            raise ConfigError(f"There is no order {order_id} here.")
        shipment = change(tx, record)
        if isinstance(shipment, NotEdited):
            return shipment
        edited = record.model_copy(update={"shipment": shipment})
        tx.put_order(edited)
        detail = f"{len(shipment.packages)} package(s)"
        tx.log(entry(desk, action, order_id, detail))
        return edited

    with desk.repository.lease(order_id, desk.operator):
        return desk.repository.transact(write)
