"""Shipping API v2 after the rates: buying once, documents, cancelling and tracking."""

import base64
import secrets
from datetime import timedelta
from decimal import Decimal

from primetui.sandbox.label_text import LabelText
from primetui.sandbox.labels import draw
from primetui.sandbox.offers import Label, Offer, Purchase, Quote
from primetui.sandbox.rates import benefits_body, check_business, promise_body
from primetui.sandbox.records import Parcel
from primetui.sandbox.requests import PurchaseRequest, read
from primetui.sandbox.specifications import Specification, alike, offered
from primetui.sandbox.tracking import NUMBERINGS
from primetui.sandbox.wire import Answer, Call, Json, Refused, instant, invalid
from primetui.sandbox.world import World, digest

INCOMPATIBLE = "Selected service is not compatible with other settings"
CANCEL_WINDOW = timedelta(hours=24)
_IDEMPOTENCY = "x-amzn-idempotencykey"
_BEFORE_END_OF_DAY = timedelta(hours=6)


def purchase_shipment(world: World, call: Call) -> Answer:
    """Buy a label once: the same key and body get the first answer again, without a charge."""
    check_business(call)
    request = read(PurchaseRequest, call.body)
    key = call.headers.get(_IDEMPOTENCY, "")
    earlier = world.purchases.get((call.store.name, key)) if key else None
    if earlier is None:
        label = _buy(world, call, request)
        if key:
            world.purchases[call.store.name, key] = Purchase(digest(call.body), label)
    elif earlier.digest == digest(call.body):
        label = earlier.label
    else:
        raise invalid("The idempotency key was used with another request.")
    headers = {"x-amzn-IdempotencyKey": key} if key else {}
    return Answer(200, {"payload": _purchase_body(label)}, headers)


def get_shipment_documents(world: World, call: Call) -> Answer:
    """Hand out the documents of a standing label again, in any format the rate offered."""
    check_business(call)
    label = world.label_of(call, call.path["shipmentId"])
    if call.one("packageClientReferenceId") != label.quote.reference:
        raise invalid("packageClientReferenceId is not a package of this shipment.")
    if not label.live:
        raise invalid("The shipment was cancelled.")
    wanted, dpi = call.one("format"), call.one("dpi")
    spec = alike(label.order.store.country, label.specification, wanted, dpi)
    body = {
        "shipmentId": label.shipment_id,
        "packageDocumentDetail": _documents(label, spec),
        "benefits": benefits_body(label.order, label.offer),
    }
    return Answer(200, {"payload": body})


def cancel_shipment(world: World, call: Call) -> Answer:
    """Take a label back before the carrier saw it; taking it back again changes nothing."""
    check_business(call)
    label = world.label_of(call, call.path["shipmentId"])
    if label.live:
        if call.now >= min(label.parcel.shipped, label.bought + CANCEL_WINDOW):
            raise Refused(
                400,
                "InvalidRequest",
                "The shipment can no longer be cancelled",
                "The carrier has the package, or the cancellation window has passed.",
            )
        label.parcel.cancelled = call.now
    return Answer(200, {"payload": {}})


def get_tracking(world: World, call: Call) -> Answer:
    """Tell where a parcel is; Amazon answers for its own carrier alone."""
    check_business(call)
    label = next(
        (la for la in world.labels.values() if la.parcel.tracking == call.one("trackingId")), None
    )
    known = label is not None and label.offer.carrier.tracked
    if label is None or not known or label.order.store is not call.store:
        raise Refused(404, "NotFound", "Resource not found", "No such trackingId for this carrier.")
    if call.one("carrierId") != label.offer.carrier.id:
        raise invalid("carrierId is not the carrier of this trackingId.")
    return Answer(200, {"payload": _tracking_body(label, call)})


def _buy(world: World, call: Call, request: PurchaseRequest) -> Label:
    quote, offer = _offer(world, call, request)
    order = quote.order
    _check_buyable(world, quote, call)
    spec = offered(order.store.country, request.requested_document_specification)
    confirmations = _confirmations(offer, request)
    _check_compatible(world, quote, offer)
    carrier = offer.carrier
    parcel = Parcel(
        reference_id=order.next_reference(),
        created=call.now,
        carrier=carrier.name,
        service=offer.service.name,
        tracking=NUMBERINGS[carrier.numbering](next(world.serial)),
        contents=quote.contents,
        listed_from=call.now + call.listing_delay,
        shipped=offer.itinerary.pickup.latest,
        delivered=offer.itinerary.delivery.latest - _BEFORE_END_OF_DAY,
    )
    label = Label(
        shipment_id=f"amzn1.sps.{secrets.token_hex(12)}",
        charge=sum((carrier.confirmations[name] for name in confirmations), offer.charge),
        confirmations=confirmations,
        bought=call.now,
        parcel=parcel,
        quote=quote,
        offer=offer,
        specification=spec,
    )
    order.parcels.append(parcel)
    world.keep(label)
    return label


def _offer(world: World, call: Call, request: PurchaseRequest) -> tuple[Quote, Offer]:
    quote = world.quotes.get(request.request_token)
    if quote is None or quote.order.store is not call.store:
        raise invalid("requestToken is not one getRates returned.")
    if quote.expired(call.now):
        raise token_expired()
    offer = quote.offers.get(request.rate_id)
    if offer is None:
        raise invalid("rateId is not one of this requestToken's rates.")
    return quote, offer


def token_expired() -> Refused:
    """Refuse a purchase of an offer older than ten minutes."""
    return Refused(400, "TOKEN_EXPIRED", "The request token has expired.", "Get the rates again.")


def shipment_exists(shipment_id: str) -> Refused:
    """Refuse a second label, naming the first."""
    message = (
        "One or more items in the shipment have already shipped. "
        f"The existing ShipmentId is {shipment_id}."
    )
    return Refused(400, "ShipmentAlreadyExists", message)


def _check_buyable(world: World, quote: Quote, call: Call) -> None:
    order = quote.order
    once = not world.settings.sells_twice
    if once and (live := world.live_label(order)):
        raise shipment_exists(live.shipment_id)
    if order.base_status != "UNSHIPPED":
        raise invalid(f"An order that is {order.status(call.now)} cannot be shipped.")
    still = {item.item_id: order.open_quantity(item) for item in order.items}
    if once and any(count > still[name] for name, count in quote.contents.items()):
        raise invalid("One or more items have already shipped.")
    if order.label_from and call.now < order.label_from:
        raise invalid(f"Labels of this order can be printed from {instant(order.label_from)}.")


def _check_compatible(world: World, quote: Quote, offer: Offer) -> None:
    """Refuse what Amazon thinks misses the promise, whatever the windows say."""
    order = quote.order
    late = offer.late_for(order) and world.settings.refuses_late and order.prime
    distrusted = order.refuses and offer.itinerary.delivery.latest > quote.fastest()
    if late or distrusted:
        raise invalid("The service may not arrive in time for this order.", INCOMPATIBLE)


def _confirmations(offer: Offer, request: PurchaseRequest) -> tuple[str, ...]:
    known = offer.carrier.confirmations
    chosen = tuple(service.id for service in request.requested_value_added_services)
    if any(name not in known for name in chosen):
        raise invalid("A requested value-added service is not one the rate offers.")
    if known and len(chosen) != 1:
        raise invalid("Exactly one service of the required group CONFIRMATION must be chosen.")
    return chosen


def _purchase_body(label: Label) -> Json:
    return {
        "shipmentId": label.shipment_id,
        "packageDocumentDetails": [_documents(label, label.specification)],
        "promise": promise_body(label.offer),
        "benefits": benefits_body(label.order, label.offer),
    }


def _documents(label: Label, spec: Specification) -> Json:
    contents = draw(spec, label_text(label))
    document = {
        "type": "LABEL",
        "format": spec.format,
        "contents": base64.b64encode(contents).decode("ascii"),
    }
    return {
        "packageClientReferenceId": label.quote.reference,
        "packageDocuments": [document],
        "trackingId": label.parcel.tracking,
    }


def label_text(label: Label) -> LabelText:
    """Collect what the documents of a label say."""
    order, place = label.order, label.order.place
    lines = (place.name, place.company, place.line1, place.line2)
    town = f"{place.city} {place.region} {place.postal_code}"
    packed = label.parcel.contents
    return LabelText(
        carrier=label.parcel.carrier,
        service=label.parcel.service,
        tracking=label.parcel.tracking,
        ship_to=(*(line for line in lines if line), town, place.country),
        order_id=order.order_id,
        weight=f"{Decimal(label.quote.grams) / 1000:.2f} kg",
        made=label.bought,
        slip=tuple(
            f"{packed[item.item_id]} x {item.sku}  {item.title}"
            for item in order.items
            if item.item_id in packed
        ),
    )


def _tracking_body(label: Label, call: Call) -> Json:
    parcel, place = label.parcel, label.order.place
    location = {"city": place.city, "postalCode": place.postal_code, "countryCode": place.country}
    steps = [("ReadyForReceive", parcel.created)]
    if parcel.cancelled:
        steps.append(("PickupCancelled", parcel.cancelled))
    else:
        steps += [("PickupDone", parcel.shipped), ("Delivered", parcel.delivered)]
    past = [(code, moment) for code, moment in steps if moment <= call.now]
    words = {
        "ReadyForReceive": "PreTransit",
        "PickupDone": "InTransit",
        "Delivered": "Delivered",
        "PickupCancelled": "PickupCancelled",
    }
    return {
        "trackingId": label.parcel.tracking,
        "alternateLegTrackingId": "",
        "eventHistory": [
            {"eventCode": code, "eventTime": instant(moment), "location": location}
            for code, moment in past
        ],
        "promisedDeliveryDate": instant(label.offer.itinerary.delivery.latest),
        "summary": {"status": words[past[-1][0]]},
    }
