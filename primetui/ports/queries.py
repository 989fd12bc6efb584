"""What is asked of our documents, and the light answers to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from primetui.domain.order import OrderStatus, Prime
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreId
from primetui.domain.value import Moment, Value


class OrderSort(StrEnum):
    """What the orders grid can be sorted by."""

    SHIP_BY = "ship_by"
    DELIVER_BY = "deliver_by"
    PURCHASED = "purchased_at"
    ORDER_ID = "id"


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """Which orders, and in which order."""

    status: OrderStatus | None = None
    store_id: StoreId | None = None
    prime: Prime | None = None
    tag: str | None = None
    text: str = ""
    """Words that must all appear in order id, SKU, title, city, service or tracking id."""
    sort: OrderSort = OrderSort.SHIP_BY
    descending: bool = False


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the orders grid, read without opening the document."""

    id: OrderId
    store_id: StoreId
    status: OrderStatus
    prime: Prime
    ship_by: datetime | None
    deliver_by: datetime | None
    purchased_at: datetime
    units: int
    summary: str
    """First SKU and title, unescaped: whoever shows it makes it plain."""
    service_level: str
    place: str
    """City and region, where they are known."""
    tags: tuple[str, ...]
    warnings: tuple[str, ...]
    """Words such as: void needed, not whole and alone, cancellation requested, unrecognised,
    confirmation."""
    tracking_id: str
    """Of the live label."""
    purchase_pending: bool


class AuditEntry(Value):
    """Who did what to which order; holds no person."""

    at: Moment
    by: str
    action: str
    order_id: OrderId | None = None
    detail: str = ""
