"""Shipping API v2 after the rates: buying once, documents, cancelling and tracking."""

import base64
import secrets

from primetui.sandbox.labels import draw
from primetui.sandbox.offers import Label, Offer, Purchase, Quote
from primetui.sandbox.pricing import benefits_body
from primetui.sandbox.rates import check_business, promise_body
from primetui.sandbox.requests import PurchaseRequest, read
from primetui.sandbox.sale import (
    Deal,
    can_cancel,
    check_buyable,
    check_compatible,
    label_text,
    sell,
)
from primetui.sandbox.specifications import Specification, alike, offered
from primetui.sandbox.wire import Answer, Call, Json, Refused, instant, invalid
from primetui.sandbox.world import World, digest

_IDEMPOTENCY = "x-amzn-idempotencykey"


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
        if not can_cancel(label, call.now):
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
    check_buyable(world, quote, call)
    spec = offered(quote.order.store.country, request.requested_document_specification)
    confirmations = _confirmations(offer, request)
    check_compatible(world, quote, offer)
    deal = Deal(
        quote=quote,
        offer=offer,
        specification=spec,
        confirmations=confirmations,
        shipment_id=f"amzn1.sps.{secrets.token_hex(12)}",
    )
    return sell(world, call, deal)


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
