"""Merchant Fulfillment v0: the offers for an order, one label, its papers, and giving it back."""

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from primetui.sandbox.carriers import Carrier, catalogue
from primetui.sandbox.experiences import experience_for, experiences
from primetui.sandbox.fulfillment_body import (
    LABEL_FORMATS,
    additional_inputs,
    rejected_service,
    service_body,
    shipment_body,
)
from primetui.sandbox.fulfillment_requests import (
    CreateRequest,
    Details,
    EligibleRequest,
    InputsRequest,
)
from primetui.sandbox.offers import Label, Offer, Quote
from primetui.sandbox.pricing import (
    Ask,
    Box,
    Withheld,
    check_order,
    contents,
    journey,
    offers,
    ready_at,
)
from primetui.sandbox.records import Order
from primetui.sandbox.requests import read
from primetui.sandbox.sale import (
    Deal,
    can_cancel,
    check_buyable,
    check_compatible,
    check_not_shipped,
    sell,
)
from primetui.sandbox.wire import Answer, Call, Json, Refused, invalid
from primetui.sandbox.world import World

_TOKEN_LETTERS = 32
_TERMS = "TERMS_AND_CONDITIONS_NOT_ACCEPTED"
_COLLECT = frozenset({"DPD", "ROYAL_MAIL", "DHL_DE"})
"""Carriers that come for a parcel when asked."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """What carriers answered to one request."""

    quote: Quote
    withheld: tuple[Withheld, ...]
    unavailable: tuple[Carrier, ...]


def get_eligible_shipment_services(world: World, call: Call) -> Answer:
    """Offer what can carry the parcel as asked; name the services and carriers that cannot."""
    details = read(EligibleRequest, call.body, "InvalidInput").shipment_request_details
    order = world.order_of(call, details.amazon_order_id, missing=400)
    check_order(world, order, call.now)
    answered = _answered(world, call, order, details)
    world.offer(answered.quote)
    refused = [one for one in answered.withheld if one.code not in {_TERMS, "LATE_DELIVERY"}]
    unaccepted = dict.fromkeys(one.carrier.name for one in answered.withheld if one.code == _TERMS)
    body = {
        "ShippingServiceList": list(_services(answered.quote, details)),
        "RejectedShippingServiceList": [rejected_service(order, one) for one in refused],
        "TemporarilyUnavailableCarrierList": [
            {"CarrierName": c.name} for c in answered.unavailable
        ],
        "TermsAndConditionsNotAcceptedCarrierList": [{"CarrierName": name} for name in unaccepted],
    }
    return Answer(200, {"payload": body})


def get_additional_seller_inputs(world: World, call: Call) -> Answer:
    """Say what else must be answered before a service can be bought."""
    request = read(InputsRequest, call.body, "InvalidInput")
    order = world.order_of(call, request.order_id, missing=400)
    if request.ship_from_address.country_code != order.store.country:
        raise invalid("", "Invalid Ship From Address when calling GetAdditionalSellerInputs")
    services = [s for c in catalogue().serving(order.store.country) for s in c.services]
    service = next((s for s in services if s.id == request.shipping_service_id), None)
    if service is None:
        raise invalid("ShippingServiceId is not a service of this marketplace.")
    return Answer(200, {"payload": additional_inputs(order, asks=service.asks)})


def create_shipment(world: World, call: Call) -> Answer:
    """Buy a label. Nothing recognises a second sending but the shipment the first one made."""
    request = read(CreateRequest, call.body, "InvalidInput")
    details = request.shipment_request_details
    order = world.order_of(call, details.amazon_order_id, missing=400)
    check_not_shipped(world, order)
    quote, offer = _chosen(world, call, order, request)
    check_buyable(world, quote, call)
    if offer.service.asks and not request.shipment_level_seller_inputs_list:
        raise invalid("The service requires additional seller inputs.")
    wanted = details.shipping_service_options
    ways = {way.word: way for way in experiences(offer.carrier)}
    if wanted.delivery_experience not in ways:
        raise invalid("The service does not offer this DeliveryExperience.")
    label_format = wanted.label_format or "ShippingServiceDefault"
    if label_format not in offer.carrier.formats:
        message = "The requested label format is not supported."
        raise Refused(400, "LabelFormatNotSupported", message)
    check_compatible(world, quote, offer)
    deal = Deal(
        quote=quote,
        offer=offer,
        specification=LABEL_FORMATS[label_format],
        confirmations=ways[wanted.delivery_experience].confirmations,
        shipment_id=str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)),
        terms={"request": request},
    )
    return Answer(200, {"payload": shipment_body(sell(world, call, deal), call.now, refused=False)})


def get_shipment(world: World, call: Call) -> Answer:
    """Show a shipment with its label; a label given back has none."""
    return _shown(world, call, _label(world, call))


def cancel_shipment(world: World, call: Call) -> Answer:
    """Take a label back; its refund is pending for a while, and the order stays shipped."""
    label = _label(world, call)
    if label.live:
        if not can_cancel(label, call.now):
            message = "The window for cancelling this label has passed."
            raise Refused(400, "LabelCancelWindowExpired", message)
        label.parcel.cancelled = call.now
    return _shown(world, call, label)


def _shown(world: World, call: Call, label: Label) -> Answer:
    refused = world.settings.rejects_refunds
    return Answer(200, {"payload": shipment_body(label, call.now, refused=refused)})


def _label(world: World, call: Call) -> Label:
    shipment_id = call.path["shipmentId"]
    try:
        uuid.UUID(shipment_id)
    except ValueError:
        raise invalid(
            "", f"Value at 'shipmentId' is no shipment id: {len(shipment_id)} letters"
        ) from None
    return world.label_of(call, shipment_id)


def _answered(world: World, call: Call, order: Order, details: Details) -> _Answered:
    """Ask the carriers."""
    origin = details.ship_from_address
    if origin.country_code != order.store.country:
        raise Refused(400, "InvalidShipFromAddress", "The ship-from address is not valid.")
    packed = contents(order, ((i.order_item_id, i.quantity) for i in details.item_list))
    size, grams = details.package_dimensions, details.weight.grams
    way = journey(
        order.store.country, (origin.state_or_province_code, origin.postal_code), order.place
    )
    everybody = catalogue().serving(order.store.country)
    closed = set(world.settings.unavailable_carriers)
    ask = Ask(
        order, Box(grams, size.length_cm, size.girth_cm), way, ready_at(details.ship_date, call.now)
    )
    offered, withheld = offers(ask, (c for c in everybody if c.id not in closed))
    token = secrets.token_hex(_TOKEN_LETTERS // 2)
    fitting = [offer for offer in offered if not _unfit(offer, details)]
    if offered and not fitting:
        message = "No shipping service can fulfil the request."
        raise Refused(400, "ShipmentRequestDetailsTooRestrictive", message)
    quote = Quote(
        token=token,
        order=order,
        made=call.now,
        reference="",
        contents=packed,
        grams=grams,
        offers={f"{token}{offer.rate_id}": offer for offer in fitting},
    )
    unfit = [(offer, _unfit(offer, details)) for offer in offered]
    refused = [Withheld(o.carrier, o.service, code) for o, code in unfit if code]
    shut = tuple(carrier for carrier in everybody if carrier.id in closed)
    return _Answered(quote, (*withheld, *refused), shut)


def _unfit(offer: Offer, details: Details) -> str:
    """Name why a service is not what was asked for, or nothing."""
    options, latest = details.shipping_service_options, details.must_arrive_by_date
    if latest is not None and offer.itinerary.delivery.latest > latest:
        return "LATE_DELIVERY"
    if options.carrier_will_pick_up and offer.carrier.id not in _COLLECT:
        return "CARRIER_WILL_NOT_PICKUP"
    if experience_for(offer.carrier, options.delivery_experience) is None:
        return "UNSUPPORTED_VAS"
    return ""


def _services(quote: Quote, details: Details) -> Iterator[Json]:
    asked = details.shipping_service_options.delivery_experience
    for offer_id, offer in quote.offers.items():
        way = experience_for(offer.carrier, asked)
        if way is not None:
            yield service_body(quote.order, offer, offer_id, way)


def _chosen(world: World, call: Call, order: Order, request: CreateRequest) -> tuple[Quote, Offer]:
    """Find the offer that is bought; without an offer id it is priced anew, whatever it costs."""
    details, offer_id = request.shipment_request_details, request.shipping_service_offer_id
    if offer_id is None:
        quote = _answered(world, call, order, details).quote
    else:
        quote = _known(world, call, order, offer_id)
        packed = contents(order, ((i.order_item_id, i.quantity) for i in details.item_list))
        if (quote.contents, quote.grams) != (packed, details.weight.grams):
            raise invalid("The offer was made for another shipment.")
    named = (o for o in quote.offers.values() if o.service.id == request.shipping_service_id)
    offer = quote.offers.get(offer_id) if offer_id else next(named, None)
    if offer is None or offer.service.id != request.shipping_service_id:
        raise invalid("ShippingServiceId is not a service on offer.")
    return quote, offer


def _known(world: World, call: Call, order: Order, offer_id: str) -> Quote:
    quote = world.quotes.get(offer_id[:_TOKEN_LETTERS])
    if quote is None or quote.order is not order or offer_id not in quote.offers:
        raise Refused(
            400, "InvalidShippingServiceOfferId", "The shipping offering Id is not valid."
        )
    if quote.expired(call.now):
        raise offer_expired()
    return quote


def offer_expired() -> Refused:
    """Refuse an offer older than ten minutes."""
    message = "The shipping offering Id has expired."
    return Refused(400, "InvalidShippingServiceOfferId", message)
