"""What getRates offered for ten minutes, and the labels bought from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from primetui.sandbox.carriers import Carrier, Service
from primetui.sandbox.promise import Itinerary
from primetui.sandbox.records import Order, Parcel
from primetui.sandbox.specifications import Specification

OFFER_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Offer:
    """One service for one parcel: when, for how much."""

    rate_id: str
    carrier: Carrier
    service: Service
    itinerary: Itinerary
    base: Decimal
    fuel: Decimal

    @property
    def charge(self) -> Decimal:
        """What the parcel costs, without optional services."""
        return self.base + self.fuel

    def late_for(self, order: Order) -> bool:
        """Tell whether the parcel would arrive after the promise to the buyer."""
        return bool(order.deliver_by and self.itinerary.delivery.latest > order.deliver_by.latest)


@dataclass(frozen=True, slots=True)
class Quote:
    """The offers of one request and the parcel they are for."""

    token: str
    order: Order
    made: datetime
    reference: str
    """The caller's own name for the package."""
    contents: Mapping[str, int]
    grams: int
    offers: Mapping[str, Offer]

    def expired(self, now: datetime) -> bool:
        """Tell whether the offers can no longer be bought."""
        return now - self.made > OFFER_LIFETIME

    def fastest(self) -> datetime:
        """Find the earliest promised arrival among the offers."""
        return min(offer.itinerary.delivery.latest for offer in self.offers.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label that was bought: from which offer, for how much, as which document."""

    shipment_id: str
    quote: Quote
    offer: Offer
    specification: Specification
    confirmations: tuple[str, ...]
    charge: Decimal
    bought: datetime
    parcel: Parcel
    terms: Mapping[str, Any] = field(default_factory=dict)
    """What the API it was bought with repeats later."""

    @property
    def order(self) -> Order:
        """The order the label is for."""
        return self.quote.order

    @property
    def live(self) -> bool:
        """Tell whether the label stands: bought and not cancelled."""
        return self.parcel.cancelled is None


@dataclass(frozen=True, slots=True)
class Purchase:
    """What an idempotency key stands for: a body's digest and the label it bought."""

    digest: str
    label: Label
