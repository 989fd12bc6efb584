"""Shipping API v2 getRates: the services that carry this parcel, as that API writes them."""

import secrets
from decimal import Decimal

from primetui.sandbox.carriers import Carrier, catalogue
from primetui.sandbox.external import external_order
from primetui.sandbox.offers import Offer, Quote
from primetui.sandbox.pricing import (
    WHY,
    Ask,
    Box,
    Withheld,
    benefits_body,
    check_order,
    contents,
    journey,
    offers,
    ready_at,
)
from primetui.sandbox.promise import Journey
from primetui.sandbox.records import Order, Store
from primetui.sandbox.requests import AmazonChannel, RatesRequest, read
from primetui.sandbox.specifications import OFFERED
from primetui.sandbox.wire import Answer, Call, Json, currency, invalid, window
from primetui.sandbox.world import World

_DEFAULT_BUSINESS = "AmazonShipping_UK"
_GRAMS_PER_KG = 1000


def check_business(call: Call) -> None:
    """Refuse a call for another country's shipping business; without a header Amazon assumes the UK's."""
    business = call.headers.get("x-amzn-shipping-business-id", _DEFAULT_BUSINESS)
    if not business or business != call.store.business_id:
        raise invalid("The seller is not registered with this Amazon Shipping business.")


def get_rates(world: World, call: Call) -> Answer:
    """Offer every service that can carry the parcel and say why the others cannot."""
    check_business(call)
    request = read(RatesRequest, call.body)
    order, carriers = _wanted(world, call, request)
    check_order(world, order, call.now)
    package = request.package
    packed = contents(order, ((i.item_identifier, i.quantity) for i in package.items))
    box = Box(package.weight.grams, package.dimensions.length_cm, package.dimensions.girth_cm)
    ready = ready_at(request.ship_date, call.now)
    offered, refused = offers(Ask(order, box, _journey(order, request), ready), carriers)
    quote = Quote(
        token=secrets.token_hex(16).upper(),
        order=order,
        made=call.now,
        reference=package.package_client_reference_id,
        contents=packed,
        grams=package.weight.grams,
        offers={offer.rate_id: offer for offer in offered},
    )
    world.offer(quote)
    body = {
        "requestToken": quote.token,
        "rates": [_rate(quote, offer) for offer in offered],
        "ineligibleRates": [_ineligible_rate(one) for one in refused],
    }
    return Answer(200, {"payload": body})


def _wanted(world: World, call: Call, request: RatesRequest) -> tuple[Order, tuple[Carrier, ...]]:
    """Find the order and who may carry it; of another shop's, Amazon's own carrier alone."""
    channel, everybody = request.channel_details, catalogue().serving(call.store.country)
    closed = world.settings.unavailable_carriers
    carriers = tuple(carrier for carrier in everybody if carrier.id not in closed)
    if isinstance(channel, AmazonChannel):
        return world.order_of(call, channel.amazon_order_details.order_id, missing=400), carriers
    return external_order(call, request), tuple(one for one in carriers if one.tracked)


def _journey(order: Order, request: RatesRequest) -> Journey:
    origin = request.ship_from
    if origin.country_code != order.store.country:
        raise invalid("The ship-from address is not in the marketplace's country.")
    return journey(order.store.country, (origin.state_or_region, origin.postal_code), order.place)


def _rate(quote: Quote, offer: Offer) -> Json:
    store = quote.order.store
    body: Json = {
        "rateId": offer.rate_id,
        "carrierId": offer.carrier.id,
        "carrierName": offer.carrier.name,
        "serviceId": offer.service.id,
        "serviceName": offer.service.name,
        "billedWeight": {"value": quote.grams / _GRAMS_PER_KG, "unit": "KILOGRAM"},
        "totalCharge": currency(offer.charge, store.currency),
        "promise": promise_body(offer),
        "supportedDocumentSpecifications": [spec.body() for spec in OFFERED[store.country]],
        "requiresAdditionalInputs": offer.service.asks,
        "rateItemList": [
            _rate_item("BASE_RATE", offer.base, store),
            _rate_item("FUEL_SURCHARGE", offer.fuel, store),
        ],
        "paymentType": "PAY_THROUGH_AMAZON",
        "benefits": benefits_body(quote.order, offer),
    }
    if offer.carrier.confirmations:
        body["availableValueAddedServiceGroups"] = [_confirmation_group(offer.carrier, store)]
    return body


def promise_body(offer: Offer) -> Json:
    """Write when the parcel is collected and delivered."""
    pickup, delivery = offer.itinerary.pickup, offer.itinerary.delivery
    return {
        "pickupWindow": window(pickup.earliest, pickup.latest),
        "deliveryWindow": window(delivery.earliest, delivery.latest),
    }


def _rate_item(name: str, amount: Decimal, store: Store) -> Json:
    charge = currency(amount, store.currency)
    words = name.replace("_", " ").capitalize()
    return {
        "rateItemID": name,
        "rateItemType": "MANDATORY",
        "rateItemCharge": charge,
        "rateItemNameLocalization": words,
    }


def _confirmation_group(carrier: Carrier, store: Store) -> Json:
    services = [
        {
            "id": name,
            "name": name.replace("_", " ").title(),
            "cost": currency(cost, store.currency),
        }
        for name, cost in carrier.confirmations.items()
    ]
    return {
        "groupId": "CONFIRMATION",
        "groupDescription": "Delivery confirmation",
        "isRequired": True,
        "valueAddedServices": services,
    }


def _ineligible_rate(one: Withheld) -> Json:
    return {
        "serviceId": one.service.id,
        "serviceName": one.service.name,
        "carrierName": one.carrier.name,
        "carrierId": one.carrier.id,
        "ineligibilityReasons": [{"code": one.code, "message": WHY[one.code]}],
    }
