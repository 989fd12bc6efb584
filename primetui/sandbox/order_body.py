"""An order as Orders API v2026-01-01 writes it: the core always, data sets when asked for."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from primetui.sandbox.records import Item, Order, Parcel, Window
from primetui.sandbox.wire import Json, instant, money

DATA_SETS = frozenset(
    {
        "BUYER",
        "RECIPIENT",
        "PROCEEDS",
        "EXPENSE",
        "PROMOTION",
        "CANCELLATION",
        "FULFILLMENT",
        "PACKAGES",
        "TAX",
        "PAYMENT",
        "FULFILLMENT_ORDERS",
    }
)


def order_body(order: Order, included: frozenset[str], now: datetime) -> Json:
    """Write an order with the data sets in `included`, as it stands at `now`."""
    body: Json = {
        "orderId": order.order_id,
        "createdTime": instant(order.created),
        "lastUpdatedTime": instant(order.last_updated(now)),
        "programs": list(order.programs),
        "associatedOrders": [],
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": order.store.marketplace_id,
            "marketplaceName": order.store.marketplace_name,
        },
        "orderItems": [_item(order, item, included, now) for item in order.items],
    }
    for name, (key, write) in _SECTIONS.items():
        section = write(order, now) if name in included else None
        if section is not None:
            body[key] = section
    return body


def _buyer(order: Order, _now: datetime) -> Json | None:
    if order.fulfilled_by != "MERCHANT" or order.base_status == "PENDING":
        return None
    buyer = {"buyerName": order.buyer, "buyerEmail": order.email}
    return buyer | ({"buyerCompanyName": order.place.company} if order.place.company else {})


def _recipient(order: Order, now: datetime) -> Json | None:
    if order.fulfilled_by != "MERCHANT" or order.base_status == "PENDING":
        return None
    place = order.place
    address = {
        "name": place.name,
        "companyName": place.company,
        "addressLine1": place.line1,
        "addressLine2": place.line2,
        "city": place.city,
        "stateOrRegion": place.region,
        "postalCode": place.postal_code,
        "countryCode": place.country,
        "phone": "" if _phone_hidden(order, now) else place.phone,
        "addressType": place.kind,
    }
    required = {"name", "addressLine1"}
    return {"deliveryAddress": {k: v for k, v in address.items() if v or k in required}}


def _phone_hidden(order: Order, now: datetime) -> bool:
    past = order.deliver_by is not None and now > order.deliver_by.latest
    return past and order.status(now) == "SHIPPED"


def _proceeds(order: Order, _now: datetime) -> Json | None:
    if order.base_status == "CANCELLED":
        return None
    total = sum((item.unit_price * item.quantity for item in order.items), Decimal())
    return {"grandTotal": money(total, order.store.currency)}


def _fulfillment(order: Order, now: datetime) -> Json:
    body: Json = {
        "fulfillmentStatus": order.status(now),
        "fulfilledBy": order.fulfilled_by,
        "fulfillmentServiceLevel": order.service_level,
    }
    if order.ship_by:
        body["shipByWindow"] = _window(order.ship_by)
    if order.deliver_by and order.base_status not in {"PENDING", "CANCELLED"}:
        body["deliverByWindow"] = _window(order.deliver_by)
    if order.label_from:
        body["labelPrintingWindow"] = {"earliestDateTime": instant(order.label_from)}
    return body


def _packages(order: Order, now: datetime) -> list[Json] | None:
    if order.fulfilled_by != "MERCHANT":
        return None
    return [_package(parcel, now) for parcel in order.listed(now)]


def _package(parcel: Parcel, now: datetime) -> Json:
    status, detailed = parcel.status(now)
    body: Json = {
        "packageReferenceId": parcel.reference_id,
        "createdTime": instant(parcel.created),
        "packageStatus": {"status": status, "detailedStatus": detailed},
        "carrier": parcel.carrier,
        "shippingService": parcel.service,
        "trackingNumber": parcel.tracking,
        "packageItems": [{"orderItemId": i, "quantity": q} for i, q in parcel.contents.items()],
    }
    if now >= parcel.shipped and not parcel.cancelled:
        body["shipTime"] = instant(parcel.shipped)
    return body


def _window(span: Window) -> Json:
    return {
        "earliestDateTime": instant(span.earliest),
        "latestDateTime": instant(span.latest),
    }


_Section = Callable[[Order, datetime], Json | list[Json] | None]
_SECTIONS: dict[str, tuple[str, _Section]] = {
    "BUYER": ("buyer", _buyer),
    "RECIPIENT": ("recipient", _recipient),
    "PROCEEDS": ("proceeds", _proceeds),
    "FULFILLMENT": ("fulfillment", _fulfillment),
    "PACKAGES": ("packages", _packages),
}


def _item(order: Order, item: Item, included: frozenset[str], now: datetime) -> Json:
    currency = order.store.currency
    body: Json = {
        "orderItemId": item.item_id,
        "quantityOrdered": item.quantity,
        "product": {
            "asin": item.asin,
            "title": item.title,
            "sellerSku": item.sku,
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
            "price": {"unitPrice": money(item.unit_price, currency)},
        },
    }
    if item.programs:
        body["programs"] = list(item.programs)
    if "PROCEEDS" in included:
        total = money(item.unit_price * item.quantity, currency)
        lines = [{"type": "ITEM", "subtotal": total}]
        body["proceeds"] = {"proceedsTotal": total, "breakdowns": lines}
    if "CANCELLATION" in included and item.cancel_reason is not None:
        request = {"requester": "BUYER", "cancelReason": item.cancel_reason}
        body["cancellation"] = {"cancellationRequest": request}
    if "FULFILLMENT" in included:
        body["fulfillment"] = _item_fulfillment(order, item, now)
    return body


def _item_fulfillment(order: Order, item: Item, now: datetime) -> Json:
    sent = order.fulfilled(item, now)
    body: Json = {"quantityFulfilled": sent, "quantityUnfulfilled": item.quantity - sent}
    if item.gift_message:
        gift = {"giftMessage": item.gift_message, "giftWrapLevel": "STANDARD"}
        body["packing"] = {"giftOption": gift}
    if item.constraints:
        wanted = dict.fromkeys(item.constraints, "MANDATORY")
        body["shipping"] = {"shippingConstraints": wanted}
    return body
