"""Shipping API v2 getRates: which services carry this parcel, when it arrives, what it costs."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from primetui.sandbox.carriers import Carrier, Service, catalogue
from primetui.sandbox.offers import Offer, Quote
from primetui.sandbox.promise import Journey, plan
from primetui.sandbox.records import Order, Store
from primetui.sandbox.requests import Package, RatesRequest, read
from primetui.sandbox.specifications import OFFERED
from primetui.sandbox.wire import Answer, Call, Json, currency, invalid, window
from primetui.sandbox.world import World

_DEFAULT_BUSINESS = "AmazonShipping_UK"
_FUEL = Decimal("0.12")
_PER_ZONE = Decimal("0.08")
_CENT = Decimal("0.01")
_STALE = timedelta(days=1)
_AHEAD = timedelta(days=30)
_GRAMS_PER_KG = 1000
_PO_BOX = re.compile(r"\bp\.?\s*o\.?\s*box\b", re.IGNORECASE)
_SIGNATURES = {
    "signatureConfirmation": ("SIGNATURE_CONFIRMATION", "ADULT_SIGNATURE_CONFIRMATION"),
    "recipientAgeVerification": ("ADULT_SIGNATURE_CONFIRMATION",),
}
_WHY = {
    "NO_COVERAGE": "The carrier does not serve this destination.",
    "UNSUPPORTED_VAS": "The carrier cannot confirm delivery as this order requires.",
    "SIZE_RESTRICTIONS": "The package is larger than the service takes.",
    "WEIGHT_RESTRICTIONS": "The package is heavier than the service takes.",
    "LATE_DELIVERY": "The service cannot arrive in time for this order.",
    "PROGRAM_CONSTRAINTS": "The service is not available for this order's program.",
    "TERMS_AND_CONDITIONS_NOT_ACCEPTED": "The carrier's terms are not accepted in Seller Central.",
    "UNKNOWN": "The service is not available.",
}


@dataclass(frozen=True, slots=True)
class _Ask:
    """One checked request: this parcel of this order over this journey."""

    order: Order
    package: Package
    journey: Journey
    ready: datetime


def check_business(call: Call) -> None:
    """Refuse a call for another country's shipping business; without a header Amazon assumes the UK's."""
    business = call.headers.get("x-amzn-shipping-business-id", _DEFAULT_BUSINESS)
    if business != call.store.business_id:
        raise invalid("The seller is not registered with this Amazon Shipping business.")


def get_rates(world: World, call: Call) -> Answer:
    """Offer every service that can carry the parcel and say why the others cannot."""
    check_business(call)
    request = read(RatesRequest, call.body)
    order_id = request.channel_details.amazon_order_details.order_id
    order = world.order_of(call, order_id, missing=400)
    _check_order(world, order, call.now)
    contents = _contents(order, request.package)
    ask = _Ask(order, request.package, _journey(order, request), _ready(request, call.now))
    offers, refused = _offers(ask)
    quote = Quote(
        token=secrets.token_hex(16).upper(),
        order=order,
        made=call.now,
        reference=request.package.package_client_reference_id,
        contents=contents,
        grams=request.package.weight.grams,
        offers={offer.rate_id: offer for offer in offers},
    )
    world.offer(quote)
    rates = [_rate(quote, offer) for offer in offers]
    body = {"requestToken": quote.token, "rates": rates, "ineligibleRates": refused}
    return Answer(200, {"payload": body})


def _check_order(world: World, order: Order, now: datetime) -> None:
    if order.fulfilled_by != "MERCHANT":
        raise invalid("The order is fulfilled by Amazon.")
    if world.live_label(order):
        raise invalid("The order has already shipped.")
    if order.base_status != "UNSHIPPED":
        raise invalid(f"An order that is {order.status(now)} cannot be shipped.")
    if not any(order.open_quantity(item) for item in order.items):
        raise invalid("The order has already shipped.")


def _contents(order: Order, package: Package) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for packed in package.items:
        wanted[packed.item_identifier] = wanted.get(packed.item_identifier, 0) + packed.quantity
    still = {item.item_id: order.open_quantity(item) for item in order.items}
    if any(count > still.get(name, 0) for name, count in wanted.items()):
        raise invalid("The package holds items the order does not, or no longer, has.")
    if order.prime and wanted != {name: count for name, count in still.items() if count}:
        raise invalid("A Prime order ships whole: the package must hold every item.")
    return wanted


def _journey(order: Order, request: RatesRequest) -> Journey:
    origin = request.ship_from
    if origin.country_code != order.store.country:
        raise invalid("The ship-from address is not in the marketplace's country.")
    country = catalogue().countries[order.store.country]
    place = order.place
    return Journey(
        country,
        country.region(origin.state_or_region, origin.postal_code),
        country.region(place.region, place.postal_code),
    )


def _ready(request: RatesRequest, now: datetime) -> datetime:
    wanted = request.ship_date or now
    if not now - _STALE <= wanted <= now + _AHEAD:
        raise invalid("shipDate is in the past, or more than 30 days ahead.")
    return max(wanted, now)


def _offers(ask: _Ask) -> tuple[list[Offer], list[Json]]:
    offers: list[Offer] = []
    refused: list[Json] = []
    for carrier in catalogue().serving(ask.order.store.country):
        for service in carrier.services:
            offer = _offer(ask, carrier, service)
            code = _ineligible(ask, offer)
            if code:
                refused.append(_ineligible_rate(carrier, service, code))
            else:
                offers.append(offer)
    return offers, refused


def _offer(ask: _Ask, carrier: Carrier, service: Service) -> Offer:
    kilograms = Decimal(ask.package.weight.grams) / _GRAMS_PER_KG
    by_zone = 1 + _PER_ZONE * (ask.journey.zone - 1)
    base = ((service.base + service.per_kg * kilograms) * by_zone).quantize(_CENT)
    return Offer(
        rate_id=secrets.token_hex(12).upper(),
        carrier=carrier,
        service=service,
        itinerary=plan(carrier, service, ask.journey, ask.ready),
        base=base,
        fuel=(base * _FUEL).quantize(_CENT),
    )


def _ineligible(ask: _Ask, offer: Offer) -> str:
    """Name why a service cannot be offered, or nothing."""
    carrier, service, box = offer.carrier, offer.service, ask.package
    late = offer.late_for(ask.order) and service.hidden_when_late
    too_large = box.dimensions.length_cm > service.max_length_cm
    too_large = too_large or box.dimensions.girth_cm > service.max_girth_cm
    reasons = (
        (_out_of_reach(ask, carrier), "NO_COVERAGE"),
        (too_large, "SIZE_RESTRICTIONS"),
        (box.weight.grams > service.max_kg * _GRAMS_PER_KG, "WEIGHT_RESTRICTIONS"),
        (not _confirms(ask.order, carrier), "UNSUPPORTED_VAS"),
        (bool(service.withheld), service.withheld),
        (late, "LATE_DELIVERY"),
    )
    return next((code for applies, code in reasons if applies), "")


def _out_of_reach(ask: _Ask, carrier: Carrier) -> bool:
    box_address = bool(_PO_BOX.search(ask.order.place.line1))
    return ask.journey.zone > carrier.max_zone or (box_address and not carrier.po_boxes)


def _confirms(order: Order, carrier: Carrier) -> bool:
    wanted = (_SIGNATURES[name] for name in order.constraints if name in _SIGNATURES)
    return all(any(way in carrier.confirmations for way in ways) for ways in wanted)


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
        "requiresAdditionalInputs": False,
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


def benefits_body(order: Order, offer: Offer) -> Json:
    """Write which protections a label of this offer brings, and why it lacks the others."""
    late = ["LATE_DELIVERY_RISK"] if offer.late_for(order) else []
    manual = [] if order.store.protected else ["NON_SSA_ORDER", "NON_AHT_ORDER"]
    reasons = {"CLAIMS_PROTECTED": late, "OTDR_PROTECTED": late + manual}
    return {
        "includedBenefits": [name for name, codes in reasons.items() if not codes],
        "excludedBenefits": [
            {"benefit": name, "reasonCodes": codes} for name, codes in reasons.items() if codes
        ],
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


def _ineligible_rate(carrier: Carrier, service: Service, code: str) -> Json:
    return {
        "serviceId": service.id,
        "serviceName": service.name,
        "carrierName": carrier.name,
        "carrierId": carrier.id,
        "ineligibilityReasons": [{"code": code, "message": _WHY[code]}],
    }
