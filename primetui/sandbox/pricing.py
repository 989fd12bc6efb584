"""Which services carry a parcel, when it arrives and what it costs, whichever API asks."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from primetui.sandbox.carriers import Carrier, Service, catalogue
from primetui.sandbox.offers import Offer
from primetui.sandbox.promise import Journey, plan
from primetui.sandbox.records import EXTERNAL, Order, Place
from primetui.sandbox.wire import Json, invalid
from primetui.sandbox.world import World

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
WHY = {
    "NO_COVERAGE": "The carrier does not serve this destination.",
    "UNSUPPORTED_VAS": "The carrier cannot confirm delivery as this order requires.",
    "SIZE_RESTRICTIONS": "The package is larger than the service takes.",
    "WEIGHT_RESTRICTIONS": "The package is heavier than the service takes.",
    "LATE_DELIVERY": "The service cannot arrive in time for this order.",
    "PROGRAM_CONSTRAINTS": "The service is not available for this order's program.",
    "TERMS_AND_CONDITIONS_NOT_ACCEPTED": "The carrier's terms are not accepted in Seller Central.",
    "UNKNOWN": "The service is not available.",
}
"""Why a service is not offered, by code."""


@dataclass(frozen=True, slots=True)
class Box:
    """The parcel as carriers measure it."""

    grams: int
    length_cm: Decimal
    girth_cm: Decimal


@dataclass(frozen=True, slots=True)
class Ask:
    """One checked request: this parcel of this order over this journey."""

    order: Order
    box: Box
    journey: Journey
    ready: datetime


@dataclass(frozen=True, slots=True)
class Withheld:
    """A service that is not offered, and under which code."""

    carrier: Carrier
    service: Service
    code: str


def check_order(world: World, order: Order, now: datetime) -> None:
    """Refuse an order nobody can buy a label for."""
    if order.fulfilled_by != "MERCHANT":
        raise invalid("The order is fulfilled by Amazon.")
    if world.live_label(order):
        raise invalid("The order has already shipped.")
    if order.base_status != "UNSHIPPED":
        raise invalid(f"An order that is {order.status(now)} cannot be shipped.")
    if not any(order.open_quantity(item) for item in order.items):
        raise invalid("The order has already shipped.")


def contents(order: Order, packed: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """Add up what is in the package; a Prime order ships whole."""
    wanted: dict[str, int] = {}
    for item_id, quantity in packed:
        wanted[item_id] = wanted.get(item_id, 0) + quantity
    still = {item.item_id: order.open_quantity(item) for item in order.items}
    if any(count > still.get(name, 0) for name, count in wanted.items()):
        raise invalid("The package holds items the order does not, or no longer, has.")
    if order.prime and wanted != {name: count for name, count in still.items() if count}:
        raise invalid("A Prime order ships whole: the package must hold every item.")
    return wanted


def journey(country: str, origin: tuple[str, str], place: Place) -> Journey:
    """Lay a way from a state and postcode of a country to a place in it."""
    facts = catalogue().countries[country]
    return Journey(facts, facts.region(*origin), facts.region(place.region, place.postal_code))


def ready_at(wanted: datetime | None, now: datetime) -> datetime:
    """Tell when the parcel can be collected; a day long past or far ahead is refused."""
    wanted = wanted or now
    if not now - _STALE <= wanted <= now + _AHEAD:
        raise invalid("shipDate is in the past, or more than 30 days ahead.")
    return max(wanted, now)


def offers(ask: Ask, carriers: Iterable[Carrier]) -> tuple[list[Offer], list[Withheld]]:
    """Offer every service that can carry the parcel, and name the others."""
    offered: list[Offer] = []
    refused: list[Withheld] = []
    for carrier in carriers:
        for service in carrier.services:
            offer = _offer(ask, carrier, service)
            code = _ineligible(ask, offer)
            if code:
                refused.append(Withheld(carrier, service, code))
            else:
                offered.append(offer)
    return offered, refused


def benefits_body(order: Order, offer: Offer) -> Json:
    """Write which protections a label of this offer brings, and why it lacks the others.

    Another shop's order has none: they are against claims of Amazon's buyers.
    """
    if order.story == EXTERNAL:
        return {"includedBenefits": [], "excludedBenefits": []}
    late = ["LATE_DELIVERY_RISK"] if offer.late_for(order) else []
    manual = [] if order.store.protected else ["NON_SSA_ORDER", "NON_AHT_ORDER"]
    reasons = {"CLAIMS_PROTECTED": late, "OTDR_PROTECTED": late + manual}
    return {
        "includedBenefits": [name for name, codes in reasons.items() if not codes],
        "excludedBenefits": [
            {"benefit": name, "reasonCodes": codes} for name, codes in reasons.items() if codes
        ],
    }


def _offer(ask: Ask, carrier: Carrier, service: Service) -> Offer:
    kilograms = Decimal(ask.box.grams) / _GRAMS_PER_KG
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


def _ineligible(ask: Ask, offer: Offer) -> str:
    """Name why a service cannot be offered, or nothing."""
    carrier, service, box = offer.carrier, offer.service, ask.box
    late = offer.late_for(ask.order) and service.hidden_when_late
    too_large = box.length_cm > service.max_length_cm or box.girth_cm > service.max_girth_cm
    reasons = (
        (_out_of_reach(ask, carrier), "NO_COVERAGE"),
        (too_large, "SIZE_RESTRICTIONS"),
        (box.grams > service.max_kg * _GRAMS_PER_KG, "WEIGHT_RESTRICTIONS"),
        (not _confirms(ask.order, carrier), "UNSUPPORTED_VAS"),
        (bool(service.withheld), service.withheld),
        (late, "LATE_DELIVERY"),
    )
    return next((code for applies, code in reasons if applies), "")


def _out_of_reach(ask: Ask, carrier: Carrier) -> bool:
    return ask.journey.zone > carrier.max_zone or (in_po_box(ask.order) and not carrier.po_boxes)


def in_po_box(order: Order) -> bool:
    """Tell whether the order goes to a post office box."""
    return bool(_PO_BOX.search(order.place.line1))


def _confirms(order: Order, carrier: Carrier) -> bool:
    wanted = (_SIGNATURES[name] for name in order.constraints if name in _SIGNATURES)
    return all(any(way in carrier.confirmations for way in ways) for ways in wanted)
