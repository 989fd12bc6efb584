"""The orders grid: one slim row per order, made from all that is known of it.

A row is made anew in the transaction that changes what it shows, so it is never behind; reading
a screenful opens no document. How rows lie on disk is each store's own business.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from primetui.domain.label import Label, Purchase, void_needed
from primetui.domain.order import Order, OrderRecord, OrderStatus, Prime
from primetui.domain.packing import is_split
from primetui.domain.shipment import Confirmation, OrderId
from primetui.domain.store import StoreId
from primetui.ports import OrderRow

CANCELLATION_REQUESTED: Final = "cancellation requested"
UNRECOGNISED: Final = "unrecognised"
CONFIRMATION: Final = "confirmation"
VOID_NEEDED: Final = "void needed"
NOT_WHOLE: Final = "not whole and alone"
"""A Prime order whose draft is split or combined: to be undone before it is bought (R7)."""

SHOWN: Final = (
    "id", "store_id", "status", "prime", "ship_by", "deliver_by", "purchased_at", "units",
    "summary", "service_level", "place", "tags", "warnings", "tracking_id", "purchase_pending",
)  # fmt: skip
COLUMNS: Final = (*SHOWN, "words")
"""What a store keeps of each row: what is shown, and the words it is found by."""
_UNKNOWN: Final = "~"
"""A moment nobody told: sorts behind every known one."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of the grid and the words it is found by."""

    row: OrderRow
    words: str


def grid_row(
    record: OrderRecord, labels: tuple[Label, ...], purchases: tuple[Purchase, ...]
) -> GridRow:
    """Make an order's row from all that is known of it."""
    order = record.order
    live = [label.tracking_id for label in labels if label.is_live]
    row = OrderRow(
        id=order.id,
        store_id=order.store_id,
        status=order.status,
        prime=order.prime,
        ship_by=order.ship_by.latest,
        deliver_by=order.deliver_by.latest,
        purchased_at=order.purchased_at,
        units=sum(item.quantity for item in order.items),
        summary=_summary(order),
        service_level=order.service_level,
        place=_place(order),
        tags=tuple(tag.name for tag in record.tags),
        warnings=tuple(_warnings(record, labels)),
        tracking_id=live[-1] if live else "",
        purchase_pending=any(purchase.is_pending for purchase in purchases),
    )
    return GridRow(row, _words(order, row))


def cells_of(row: OrderRow) -> tuple[str | int, ...]:
    """Write a row as the cells of SHOWN; a moment is ISO 8601 in UTC, so text sorts as time does."""
    values: dict[str, Any] = {name: getattr(row, name) for name in SHOWN}
    for moment in ("ship_by", "deliver_by", "purchased_at"):
        values[moment] = _moment(values[moment])
    for several in ("tags", "warnings"):
        values[several] = json.dumps(values[several], ensure_ascii=False)
    return tuple(values.values())


def row_of(cells: tuple[Any, ...]) -> OrderRow:
    """Read a row from the cells of SHOWN."""
    values = dict(zip(SHOWN, cells, strict=True))
    return OrderRow(
        **values
        | {
            "id": OrderId(values["id"]),
            "store_id": StoreId(values["store_id"]),
            "status": OrderStatus(values["status"]),
            "prime": Prime(values["prime"]),
            "ship_by": _known_moment(values["ship_by"]),
            "deliver_by": _known_moment(values["deliver_by"]),
            "purchased_at": datetime.fromisoformat(values["purchased_at"]),
            "tags": tuple(json.loads(values["tags"])),
            "warnings": tuple(json.loads(values["warnings"])),
            "purchase_pending": bool(values["purchase_pending"]),
        }
    )


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return _UNKNOWN
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _known_moment(text: str) -> datetime | None:
    return None if text == _UNKNOWN else datetime.fromisoformat(text)


def _summary(order: Order) -> str:
    first = order.items[0] if order.items else None
    return "" if first is None else " ".join(filter(None, (first.sku, first.title)))


def _place(order: Order) -> str:
    address = order.ship_to
    return "" if address is None else ", ".join(filter(None, (address.city, address.region)))


def _warnings(record: OrderRecord, labels: tuple[Label, ...]) -> Iterator[str]:
    order, shipment = record.order, record.shipment
    if order.prime is not Prime.NO and (is_split(shipment) or shipment.combined_with):
        yield NOT_WHOLE
    if any(void_needed(order, label) for label in labels):
        yield VOID_NEEDED
    if order.wants_cancellation:
        yield CANCELLATION_REQUESTED
    if order.unrecognised:
        yield UNRECOGNISED
    if order.required_confirmation is not Confirmation.NONE:
        yield CONFIRMATION


def _words(order: Order, row: OrderRow) -> str:
    """Gather what a search looks through; no person, no street."""
    goods = (word for item in order.items for word in (item.sku, item.title))
    city = "" if order.ship_to is None else order.ship_to.city
    service = (order.service_level, order.requested_service)
    return "\n".join((row.id, *goods, city, *service, row.tracking_id)).casefold()
