"""An order as Rithum writes it, with the collections a call asks to be expanded."""

from datetime import datetime

from primetui.sandbox.records import Place
from primetui.sandbox.rithum.records import Line, Order, Sending
from primetui.sandbox.rithum.wire import Json, moment
from primetui.sandbox.rithum.world import RithumWorld

ITEMS_AT_ONCE = 20
"""Items an expanded order shows; the others are in a collection of their own."""
_DISTRIBUTION_CENTER = 2
_MANY = 10_000_000
"""Keeps numbers within 32 bits."""


def order_body(rithum: RithumWorld, order: Order, expand: frozenset[str], now: datetime) -> Json:
    """Write an order with the collections in `expand`, as it stands at `now`."""
    removal = order.removal(rithum.quirks.keeps_buyer)
    present = removal is None or now < removal
    body: Json = {
        "ID": order.id,
        "ProfileID": rithum.profile.profile_id,
        "SiteID": order.site.site_id,
        "SiteName": order.site.name,
        "SiteAccountID": order.site.account_id,
        "SiteOrderID": order.site_order_id,
        "SecondarySiteOrderID": None,
        "SellerOrderID": None,
        "Currency": order.site.currency,
        "CreatedDateUtc": moment(order.created),
        "ImportDateUtc": moment(order.created),
        "UpdatedDateUtc": moment(order.last_updated(now)),
        "EstimatedShipDateUtc": moment(order.ship_by),
        "DeliverByDateUtc": moment(order.deliver_by),
        "RequestedShippingCarrier": order.requested_carrier,
        "RequestedShippingClass": order.requested_class,
        "DistributionCenterTypeRollup": order.rollup,
        "CheckoutStatus": order.checkout,
        "PaymentStatus": order.payment,
        "ShippingStatus": order.shipping_status(now),
        "TotalPrice": float(sum(line.unit_price * line.quantity for line in order.lines)),
        "UserDataPresent": int(present),
        "UserDataRemovalDateUTC": moment(removal),
        "BuyerEmailAddress": order.email if present else "",
        **_ship_to(order.place if present else None),
    }
    if "Items" in expand:
        body["Items"] = [item_body(rithum, order, x) for x in order.lines[:ITEMS_AT_ONCE]]
    if "Fulfillments" in expand:
        body["Fulfillments"] = fulfillments(rithum, order, now)
    if "CustomFields" in expand:
        body["CustomFields"] = [
            {"OrderID": order.id, "FieldID": number, "Name": name, "Value": value}
            for number, (name, value) in enumerate(order.custom_fields.items(), start=1)
        ]
    return body


def item_body(rithum: RithumWorld, order: Order, line: Line) -> Json:
    """Write one line."""
    return {
        "ID": line.item_id,
        "ProfileID": rithum.profile.profile_id,
        "OrderID": order.id,
        "ProductID": line.item_id + 1,
        "SiteOrderItemID": line.site_item_id,
        "Sku": line.sku,
        "Title": line.title,
        "Quantity": line.quantity,
        "UnitPrice": float(line.unit_price),
        "IsBundle": False,
    }


def fulfillments(rithum: RithumWorld, order: Order, now: datetime) -> list[Json]:
    """Write what was sent, and the one that waits and names what was requested."""
    rows = [_sent(rithum, order, sending, now) for sending in order.sendings]
    left = {x.item_id: order.open_quantity(x) for x in order.lines if order.open_quantity(x)}
    if not left:
        return rows
    waiting = {
        **_fulfillment(rithum, order, order.id * 10, left, "Pending"),
        "DeliveryStatus": "NoChange",
        "TrackingNumber": None,
        "ShippingCarrier": order.requested_carrier,
        "ShippingClass": order.requested_class,
        "ShippedDateUtc": None,
        "SellerFulfillmentID": None,
    }
    return [*rows, waiting]


def _sent(rithum: RithumWorld, order: Order, sending: Sending, now: datetime) -> Json:
    status = sending.marketplace_status(now)
    return {
        **_fulfillment(rithum, order, sending.fulfillment_id, dict(sending.contents), status),
        "DeliveryStatus": "Complete",
        "TrackingNumber": sending.tracking,
        "ShippingCarrier": sending.carrier,
        "ShippingClass": sending.shipping_class,
        "ShippedDateUtc": moment(sending.shipped),
        "SellerFulfillmentID": sending.reference or None,
        "CreatedDateUtc": moment(sending.received[0]),
    }


def _fulfillment(
    rithum: RithumWorld, order: Order, fulfillment_id: int, contents: dict[int, int], status: str
) -> Json:
    return {
        "ID": fulfillment_id,
        "ProfileID": rithum.profile.profile_id,
        "OrderID": order.id,
        "Type": "Ship",
        "DistributionCenterID": _DISTRIBUTION_CENTER,
        "Items": [
            {
                "ID": fulfillment_id % _MANY * 100 + place,
                "FulfillmentID": fulfillment_id,
                "OrderItemID": item_id,
                "Quantity": quantity,
                "MarketplaceShippingStatus": status,
            }
            for place, (item_id, quantity) in enumerate(contents.items())
        ],
    }


def _ship_to(place: Place | None) -> Json:
    first, _, last = (place.name if place else "").partition(" ")
    return {
        "ShippingFirstName": first,
        "ShippingLastName": last,
        "ShippingCompanyName": place.company if place else "",
        "ShippingAddressLine1": place.line1 if place else "",
        "ShippingAddressLine2": place.line2 if place else "",
        "ShippingCity": place.city if place else "",
        "ShippingStateOrProvince": (place.region or "001") if place else "001",
        "ShippingPostalCode": place.postal_code if place else "",
        "ShippingCountry": place.country if place else "-1",
        "ShippingDaytimePhone": place.phone if place else "",
    }
