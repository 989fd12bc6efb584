"""Orders API v0 confirmShipment: the seller tells Amazon about a parcel of another carrier."""

from datetime import timedelta

from primetui.sandbox.carriers import catalogue
from primetui.sandbox.records import Confirmation, Order, Parcel
from primetui.sandbox.requests import ConfirmationRequest, PackageDetail, read
from primetui.sandbox.wire import Answer, Call, invalid
from primetui.sandbox.world import World

_YEAR = timedelta(days=365)
_DELIVERY = timedelta(days=3)


def confirm_shipment(world: World, call: Call) -> Answer:
    """Take a confirmation, or an edit of one, with an empty 204."""
    order = world.order_of(call, call.path["orderId"])
    request = read(ConfirmationRequest, call.body, code="InvalidInput")
    detail = request.package_detail
    if request.marketplace_id != order.store.marketplace_id:
        raise invalid("marketplaceId is not the order's marketplace.")
    if detail.carrier_code == "Other" and not detail.carrier_name:
        raise invalid('carrierName is required when carrierCode is "Other".')
    if abs(detail.ship_date - call.now) > _YEAR:
        raise invalid("shipDate is more than a year away.")
    _check_open(world, order)
    earlier = _earlier(order, detail.package_reference_id)
    _check_quantities(order, detail, earlier)
    known = detail.carrier_code in catalogue().carrier_codes
    dropped = not known and world.settings.drops_unknown_carriers
    _record(order, detail, call, dropped=dropped)
    if not dropped:
        _list(order, detail, call, earlier)
    return Answer(204)


def _check_open(world: World, order: Order) -> None:
    if order.fulfilled_by != "MERCHANT" or order.base_status != "UNSHIPPED":
        raise invalid("The order cannot be confirmed in its current status.")
    if "FBM_SHIP_PLUS" in order.programs:
        raise invalid("Ship+ orders are confirmed by their label.")
    if world.live_label(order):
        raise invalid("PackageToUpdateNotFound: the order is already fulfilled.")


def _earlier(order: Order, reference: str) -> Parcel | None:
    own = (p for p in order.parcels if p.reference_id == reference and not p.cancelled)
    return next(own, None)


def _check_quantities(order: Order, detail: PackageDetail, earlier: Parcel | None) -> None:
    still = {item.item_id: order.open_quantity(item) for item in order.items}
    for item_id, count in (earlier.contents if earlier else {}).items():
        still[item_id] += count
    if not any(still.values()):
        raise invalid("PackageToUpdateNotFound: the order is already fulfilled.")
    for item in detail.order_items:
        if item.quantity > still.get(item.order_item_id, 0):
            raise invalid("An order item or its quantity is not part of what is left to ship.")
        still[item.order_item_id] -= item.quantity


def _record(order: Order, detail: PackageDetail, call: Call, *, dropped: bool) -> None:
    reference = detail.package_reference_id
    same = (c for c in order.confirmations if c.reference_id == reference)
    known = next(same, None)
    order.confirmations = [c for c in order.confirmations if c is not known]
    order.confirmations.append(
        Confirmation(
            reference_id=reference,
            carrier_code=detail.carrier_code,
            tracking=detail.tracking_number,
            shipped=detail.ship_date,
            received=[*(known.received if known else ()), call.now],
            dropped=dropped,
        )
    )


def _list(order: Order, detail: PackageDetail, call: Call, earlier: Parcel | None) -> None:
    contents: dict[str, int] = {}
    for item in detail.order_items:
        contents[item.order_item_id] = contents.get(item.order_item_id, 0) + item.quantity
    parcel = Parcel(
        reference_id=detail.package_reference_id,
        created=earlier.created if earlier else call.now,
        carrier=detail.carrier_name or detail.carrier_code,
        service=detail.shipping_method or "",
        tracking=detail.tracking_number,
        contents=contents,
        listed_from=call.now + call.listing_delay,
        shipped=detail.ship_date,
        delivered=detail.ship_date + _DELIVERY,
    )
    order.parcels = [p for p in order.parcels if p is not earlier]
    order.parcels.append(parcel)
