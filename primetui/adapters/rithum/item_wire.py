"""ChannelAdvisor REST API v1: the items of an order, and what was sent of them."""

from collections.abc import Mapping
from typing import Final

from primetui.adapters.lenient import amount_of, identity, moment, obj, rows, text, whole
from primetui.adapters.strangers import Strangers
from primetui.domain.order import Fulfillment, OrderItem, OrderPackage, Told
from primetui.domain.shipment import ItemId

_SENT: Final = frozenset({"COMPLETE", "INTRANSIT"})
"""Words of DeliveryStatus that say a parcel has left."""

_DELIVERY: Final = _SENT | {
    "NOCHANGE",
    "READYFORPICKUP",
    "CANCELED",
    "THIRDPARTYMANAGED",
    "CONFIRMED",
    "PICKANDPACK",
    "LABELCREATED",
    "HELD",
}
_TOLD: Final = frozenset({"COMPLETE", "COMPLETEDWITHOUTNOTIFICATION"})
_REFUSED: Final = "FAILED"


def item_id(body: Mapping[str, object]) -> ItemId:
    """Name a line as its marketplace does, for that is how labels name it; else as Rithum does."""
    return ItemId(identity(body.get("SiteOrderItemID")) or identity(body.get("ID")))


def read_items(
    order: Mapping[str, object], standing: Fulfillment, strangers: Strangers
) -> tuple[OrderItem, ...]:
    """Read an order's items; what is no list, and an item twice, is noted."""
    value = order.get("Items")
    if not isinstance(value, list):
        strangers.note("Items", value)
        return ()
    sent = _sent(order.get("Fulfillments"))
    items = tuple(
        _item(obj(row), sent, standing, order.get("Currency"), strangers) for row in value
    )
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            strangers.note("item twice", item.id)
        seen.add(item.id)
    return items


def packages(value: object, strangers: Strangers) -> tuple[OrderPackage, ...]:
    """Read what was sent, and whether the marketplace was told of it."""
    if value is not None and not isinstance(value, list):
        strangers.note("Fulfillments", value)
    read = []
    for row in rows(value):
        body = obj(row)
        status = strangers.word("DeliveryStatus", body.get("DeliveryStatus"), _DELIVERY)
        tracking_id = text(body.get("TrackingNumber"), 80)
        if not tracking_id and status not in _SENT:
            continue
        read.append(
            OrderPackage(
                reference=identity(body.get("SellerFulfillmentID")) or identity(body.get("ID")),
                carrier=text(body.get("ShippingCarrier"), 80),
                service=text(body.get("ShippingClass"), 80),
                tracking_id=tracking_id,
                status=status,
                told=told_of(body),
                created_at=moment(body.get("CreatedDateUtc")),
            )
        )
    return tuple(read)


def told_of(fulfillment: Mapping[str, object]) -> Told:
    """Read how far the marketplace knows; what Rithum does not say is still to come."""
    words = {
        text(obj(item).get("MarketplaceShippingStatus"), 40).upper()
        for item in rows(fulfillment.get("Items"))
    }
    if _REFUSED in words:
        return Told.FAILED
    return Told.DONE if words and words <= _TOLD else Told.WAITING


def _sent(fulfillments: object) -> dict[str, int]:
    """Count the units that have left, by Rithum's own number of the line."""
    counts: dict[str, int] = {}
    for fulfillment in (obj(row) for row in rows(fulfillments)):
        if text(fulfillment.get("DeliveryStatus"), 40).upper() not in _SENT:
            continue
        for item in (obj(row) for row in rows(fulfillment.get("Items"))):
            name = identity(item.get("OrderItemID"))
            counts[name] = counts.get(name, 0) + (whole(item.get("Quantity")) or 0)
    return counts


def _item(
    body: Mapping[str, object],
    sent: Mapping[str, int],
    standing: Fulfillment,
    currency: object,
    strangers: Strangers,
) -> OrderItem:
    name, quantity = item_id(body), whole(body.get("Quantity"))
    if not name:
        strangers.note("item ID", body.get("ID"))
    if quantity is None:
        strangers.note(f"item {name} Quantity", body.get("Quantity"))
    ordered = quantity or 0
    shipped = ordered if standing is Fulfillment.SHIPPED else sent.get(identity(body.get("ID")), 0)
    return OrderItem(
        id=name,
        sku=text(body.get("Sku")),
        title=text(body.get("Title")),
        quantity=ordered,
        quantity_shipped=min(ordered, shipped),
        unit_price=amount_of(body.get("UnitPrice"), currency),
    )
