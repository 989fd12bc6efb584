"""Changing: acknowledge an order, mark it shipped, correct what was marked."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, ValidationError
from pydantic.alias_generators import to_pascal

from primetui.sandbox import records as amazon
from primetui.sandbox.rithum.orders import order_of
from primetui.sandbox.rithum.records import Order, Sending
from primetui.sandbox.rithum.wire import CARRIER_INVALID, Request, bad_request, not_found
from primetui.sandbox.rithum.world import RithumWorld
from primetui.sandbox.wire import Answer

CARRIERS: Final[dict[str, frozenset[str]]] = {
    "FedEx": frozenset({"GROUND", "2Day", "PRIORITY", "OVERNIGHT", "1STOVERNIGHT", "EXPSAVER"}),
    "UPS": frozenset({"GROUND", "NEXTDAY", "2DAY", "NDAS", "3DS", "MI"}),
    "USPS": frozenset({"PRIORITY", "GROUNDADVANTAGE"}),
    "Royal Mail": frozenset({"TRACKED24", "TRACKED48"}),
}
"""The carriers and classes this account has set up."""

_Text = Annotated[str, Field(min_length=1)]
_Model = TypeVar("_Model", bound=BaseModel)


class _Body(BaseModel):
    """A part of a request, in Rithum's Pascal case; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_pascal)


class _Item(_Body):
    """So many units of one line."""

    order_item_id: Annotated[int, Field(alias="OrderItemID")]
    product_id: Annotated[int | None, Field(alias="ProductID")] = None
    sku: str | None = None
    quantity: Annotated[int, Field(ge=1)]


class _Shipment(_Body):
    """What was sent."""

    shipped_date_utc: AwareDatetime
    tracking_number: _Text
    shipping_carrier: _Text
    shipping_class: _Text
    distribution_center_id: Annotated[int | None, Field(alias="DistributionCenterID")] = None
    delivery_status: Literal["Complete"]
    fulfillment_type: Literal["Ship"] = "Ship"
    prevent_marketplace_communication: StrictBool = False
    tracking_url: str | None = None
    seller_fulfillment_id: Annotated[
        str | None, Field(alias="SellerFulfillmentID", pattern=r"^[0-9]+$")
    ] = None
    items: tuple[_Item, ...] = ()


class _Ship(_Body):
    """The body of Ship."""

    value: _Shipment


class _Correction(_Body):
    """The body of a change to a fulfillment."""

    tracking_number: _Text
    shipping_carrier: _Text
    shipping_class: _Text
    shipped_date_utc: AwareDatetime | None = None


def export(rithum: RithumWorld, request: Request) -> Answer:
    """Mark an order as taken over by this application; doing it twice changes nothing."""
    order = order_of(rithum, request)
    order.exported = True
    order.exports.append(request.now)
    return Answer(204)


def unexport(rithum: RithumWorld, request: Request) -> Answer:
    """Take the mark off again."""
    order_of(rithum, request).exported = False
    return Answer(204)


def ship(rithum: RithumWorld, request: Request) -> Answer:
    """Mark an order, or some of it, as shipped, and tell its marketplace unless forbidden."""
    order = order_of(rithum, request)
    value = _read(_Ship, request.body).value
    _check_carrier(value.shipping_carrier, value.shipping_class)
    if order.shipping_status(request.now) == "Canceled":
        raise bad_request("A canceled order cannot be shipped.")
    number = order.id * 10 + len(order.sendings) + 1
    sending = Sending(
        fulfillment_id=number,
        carrier=value.shipping_carrier,
        shipping_class=value.shipping_class,
        tracking=value.tracking_number,
        reference=value.seller_fulfillment_id or "",
        contents=_contents(order, value),
        shipped=value.shipped_date_utc,
        received=[request.now],
        prevented=value.prevent_marketplace_communication,
        fails=_is_turned_down(rithum, order, value),
        told_at=request.now + rithum.quirks.told_after,
    )
    order.sendings.append(sending)
    _tell_amazon(order, sending, request.now)
    return Answer(204)


def correct(rithum: RithumWorld, request: Request) -> Answer:
    """Change carrier and tracking of what was marked, and tell its marketplace again."""
    found = rithum.sending(request.path["id"])
    if found is None:
        raise not_found(f"/v1/Fulfillments({request.path['id']})")
    order, sending = found
    change = _read(_Correction, request.body)
    _check_carrier(change.shipping_carrier, change.shipping_class)
    sending.carrier, sending.shipping_class = change.shipping_carrier, change.shipping_class
    sending.tracking = change.tracking_number
    sending.shipped = change.shipped_date_utc or sending.shipped
    sending.received.append(request.now)
    sending.told_at = request.now + rithum.quirks.told_after
    sending.fails = rithum.quirks.marketplace_refuses
    _tell_amazon(order, sending, request.now)
    return Answer(204)


def _check_carrier(carrier: str, shipping_class: str) -> None:
    if shipping_class not in CARRIERS.get(carrier, frozenset()):
        raise bad_request(CARRIER_INVALID)


def _contents(order: Order, value: _Shipment) -> dict[int, int]:
    """Count what is sent: what is named, else all that is left; never more than that."""
    left = {line.item_id: order.open_quantity(line) for line in order.lines}
    if not any(left.values()):
        raise bad_request("The order is already shipped.")
    wanted: dict[int, int] = {}
    for item in value.items:
        wanted[item.order_item_id] = wanted.get(item.order_item_id, 0) + item.quantity
    for item_id, quantity in wanted.items():
        if quantity > left.get(item_id, 0):
            raise bad_request(f"OrderItem {item_id} has less than {quantity} left to ship.")
    return wanted or {item_id: quantity for item_id, quantity in left.items() if quantity}


def _is_turned_down(rithum: RithumWorld, order: Order, value: _Shipment) -> bool:
    """Tell whether the marketplace refuses: it does when it knows of a parcel already."""
    known = order.twin is not None and any(not p.cancelled for p in order.twin.parcels)
    prevented = value.prevent_marketplace_communication
    return rithum.quirks.marketplace_refuses or (known and not prevented)


def _tell_amazon(order: Order, sending: Sending, now: datetime) -> None:
    """Let the order's twin at Amazon show the parcel, once Amazon has been told."""
    twin = order.twin
    if twin is None or sending.prevented or sending.fails:
        return
    reference = sending.reference or str(sending.fulfillment_id)
    contents = {
        line.site_item_id or "": sending.contents[line.item_id]
        for line in order.lines
        if line.item_id in sending.contents
    }
    twin.parcels = [p for p in twin.parcels if p.reference_id != reference]
    twin.parcels.append(
        amazon.Parcel(
            reference_id=reference,
            created=now,
            carrier=sending.carrier,
            service=sending.shipping_class,
            tracking=sending.tracking,
            contents=contents,
            listed_from=sending.told_at,
            shipped=sending.shipped,
            delivered=sending.shipped + (sending.told_at - now),
        )
    )


def _read(model: type[_Model], body: Any) -> _Model:
    """Check a body against its model, or refuse naming the first fault."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise bad_request(f"{where}: {first['msg']}") from None
