"""Open what a use case works on, or say in words what is missing."""

from dataclasses import dataclass

from primetui.domain.label import Label, LabelState
from primetui.domain.order import Order, OrderRecord, OrderStatus
from primetui.domain.shipment import OrderId, Shipment
from primetui.domain.store import Store, prepare
from primetui.errors import ConfigError
from primetui.ports import AuditEntry, Desk, Reads


@dataclass(frozen=True, slots=True)
class Opened:
    """An order with the store it came from and its draft as it would be shipped."""

    record: OrderRecord
    store: Store
    shipment: Shipment


def open_record(desk: Desk, order_id: OrderId) -> Opened:
    """Open an order; one that is not here, or whose store is gone, is a ConfigError."""
    record = desk.repository.order(order_id)
    if record is None:
        raise ConfigError(f"There is no order {order_id} here. Import first, or look at its id.")
    store = store_of(desk.repository, record)
    shipment = record.shipment
    for one in (*_brought_by(desk.repository, record), store):
        shipment = prepare(shipment, one)
    return Opened(record=record, store=store, shipment=shipment)


def store_of(reads: Reads, record: OrderRecord) -> Store:
    """Find the store whose facts an order's are, or another one that brought it."""
    own = reads.store(record.order.store_id)
    store = own or next(iter(_brought_by(reads, record)), None)
    if store is None:
        raise ConfigError(
            f"The store of order {record.order.id} was removed. Add it again and import: that takes the order over."
        )
    return store


def sold_with(reads: Reads, label: Label) -> Store:
    """Find the store whose credentials bought a label."""
    if label.lender is not None:
        lender = reads.store(label.lender)
        if lender is None:
            raise ConfigError(
                "The store whose credentials bought this label was removed: void it in Seller "
                "Central, or connect that account again."
            )
        return lender
    record = reads.order(label.order_id)
    if record is None:
        raise ConfigError(f"There is no order {label.order_id} here.")
    return store_of(reads, record)


def _brought_by(reads: Reads, record: OrderRecord) -> tuple[Store, ...]:
    """List the stores that brought an order, the first one first; one that only lent did not."""
    found = (reads.store(one.store_id) for one in record.sources if not one.lent)
    return tuple(store for store in found if store is not None)


def live_label(labels: tuple[Label, ...]) -> Label | None:
    """Find the label that counts: the last one not voided."""
    return next((label for label in reversed(labels) if label.is_live), None)


def less_voided(order: Order, labels: tuple[Label, ...]) -> Order:
    """See the marketplace's order without the packages of labels we voided.

    One tracking id may stand on a voided and on a live label (a carrier may give it out again):
    then the live one counts.
    """
    return order.without_packages(voided_only(labels))


def voided_only(labels: tuple[Label, ...]) -> frozenset[str]:
    """Name the packages that stand on voided labels and on no live one."""
    live = {label.tracking_id for label in labels if label.is_live}
    voided = {label.tracking_id for label in labels if label.state is LabelState.VOIDED}
    return frozenset(voided - live)


def standing(record: OrderRecord, order: Order, labels: tuple[Label, ...]) -> Order:
    """Give fresh facts the status they have here: a live label of ours means shipped."""
    if live_label(labels) is not None:
        return order.model_copy(update={"status": OrderStatus.SHIPPED})
    if order.status is OrderStatus.AWAITING_SHIPMENT:
        return order.model_copy(update={"status": record.landing.status})
    return order


def entry(desk: Desk, action: str, order_id: OrderId | None = None, detail: str = "") -> AuditEntry:
    """Write a line for the audit log: now, by this operator."""
    return AuditEntry(
        at=desk.clock.now(), by=desk.operator, action=action, order_id=order_id, detail=detail
    )
