"""Rates: what a provider offers to carry one shipment for, for a few minutes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType

from primetui.domain.money import Money
from primetui.domain.promise import Promise
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId, sold_on_amazon
from primetui.domain.store import StoreId
from primetui.domain.value import Moment, Value

RateId = NewType("RateId", str)

OFFER_LIFE: Final = timedelta(minutes=10)
"""How long Amazon keeps an offer after getRates (Shipping v2 model)."""

OFFER_TRUST: Final = timedelta(minutes=8)
"""How long we buy on it: the rest is left for a slow line and a clock that is off."""

NEVER: Final = datetime.max.replace(tzinfo=UTC)
"""Sorts an unknown arrival last."""


class LabelSource(StrEnum):
    """Who sells the label; Amazon's two are kept apart (R20)."""

    BUY_SHIPPING = "amazon-buy-shipping"
    AMAZON_SHIPPING = "amazon-shipping"
    CARRIER = "carrier"

    @property
    def is_amazon(self) -> bool:
        """Amazon sells it."""
        return self is not LabelSource.CARRIER

    def is_known_of(self, order_id: OrderId) -> bool:
        """The order's marketplace knows of the label by itself: Amazon, of what was sold there."""
        return self.is_amazon and sold_on_amazon(order_id)

    @property
    def knows_address(self) -> bool:
        """Whoever sells it goes by the marketplace's own address: none is told, ours counts not (R8)."""
        return self is LabelSource.BUY_SHIPPING


class Benefit(Value):
    """A protection the label brings, or does not."""

    name: str
    """The provider's word: CLAIMS_PROTECTED, OTDR_PROTECTED, … (an open set)."""
    included: bool
    reasons: tuple[str, ...] = ()
    """Why not, in the provider's words."""


class ConfirmationOffer(Value):
    """A confirmation the rate can be bought with."""

    confirmation: Confirmation
    id: str
    """The provider's id of it."""
    charge: Money | None = None


class DocumentOffer(Value):
    """A combination of label papers the rate can be bought with, as the provider wrote it."""

    format: DocumentFormat
    width: Decimal
    length: Decimal
    unit: str
    dpi: int | None = None
    page_layout: str = ""
    join: bool = False
    types: tuple[str, ...] = ("LABEL",)


class ServiceLimits(Value):
    """The largest and heaviest package a service takes; None is no limit known."""

    max_grams: Decimal | None = None
    max_longest_mm: Decimal | None = None
    max_length_and_girth_mm: Decimal | None = None


class Rate(Value):
    """One offer: service, charge, promise, and what must be said to buy it."""

    id: RateId
    source: LabelSource
    provider: str
    """Which of our label providers sells it, by name."""
    lender: StoreId | None = None
    """The store whose credentials it was offered to; None is the order's own."""
    order_id: OrderId
    shipment_fingerprint: str
    """The draft it was asked for."""
    request_token: str
    carrier_id: str
    carrier: str
    service_id: str
    service: str
    charge: Money
    """What it costs without a chosen confirmation's own charge."""
    promise: Promise
    fetched_at: Moment
    benefits: tuple[Benefit, ...] = ()
    confirmations: tuple[ConfirmationOffer, ...] = ()
    confirmation_needed: bool = False
    """A confirmation must be named, if only to say that none is wanted."""
    extra_inputs_needed: bool = False
    """The provider wants answers that we cannot give yet (international paper, for one)."""
    documents: tuple[DocumentOffer, ...] = ()
    limits: ServiceLimits = ServiceLimits()
    known_by_key: bool = True
    """The provider knows a second sending of a purchase by its key; where it does not, only its
    own refusal of a second label stands between a resend and a double."""

    @property
    def expires_at(self) -> Moment:
        """From this moment on we do not buy on it any more."""
        return self.fetched_at + OFFER_TRUST

    @property
    def offer_ends_at(self) -> Moment:
        """From this moment on the provider has forgotten it."""
        return self.fetched_at + OFFER_LIFE

    def confirmation_for(self, wanted: Confirmation) -> ConfirmationOffer | None:
        """Find the cheapest offered confirmation that is at least as strong as wanted.

        Where none is wanted and none must be named, none is bought. One whose charge is in
        another currency has no known total, so it does not count.
        """
        if wanted is Confirmation.NONE and not self.confirmation_needed:
            return None
        fits = [
            c
            for c in self.confirmations
            if c.confirmation.satisfies(wanted)
            and (c.charge is None or c.charge.currency == self.charge.currency)
        ]
        strength = list(Confirmation)
        return min(
            fits,
            key=lambda c: (
                c.charge.amount if c.charge else Decimal(0),
                strength.index(c.confirmation),
            ),
            default=None,
        )

    def charge_with(self, wanted: Confirmation) -> Money:
        """Say what it costs with the confirmation it would be bought with."""
        offer = self.confirmation_for(wanted)
        return self.charge + offer.charge if offer and offer.charge else self.charge

    def document_for(self, wanted: DocumentFormat, dpi: int | None = None) -> DocumentOffer | None:
        """Choose papers: the wanted format first, then ZPL, PNG, PDF; the label alone if it can.

        ZPL is drawn in a printer's own dots: where the printer's `dpi` is known, ZPL for another
        one comes last, since it would be printed too large or too small.
        """
        order = (wanted, DocumentFormat.ZPL, DocumentFormat.PNG, DocumentFormat.PDF)

        def misprints(offer: DocumentOffer) -> bool:
            known = dpi is not None and offer.dpi is not None
            return offer.format is DocumentFormat.ZPL and known and offer.dpi != dpi

        return min(
            (d for d in self.documents if "LABEL" in d.types),
            key=lambda d: (misprints(d), order.index(d.format), len(d.types)),
            default=None,
        )


class IneligibleService(Value):
    """A service the provider names only to refuse it, with its own words for why."""

    carrier: str
    service: str
    reasons: tuple[tuple[str, str], ...]
    """Pairs of code and message."""


class Offers(Value):
    """All that one provider answered for one shipment, at one moment."""

    order_id: OrderId
    shipment_fingerprint: str
    fetched_at: Moment
    rates: tuple[Rate, ...] = ()
    ineligible: tuple[IneligibleService, ...] = ()

    def rate(self, rate_id: str) -> Rate | None:
        """Find a rate by its id."""
        return next((r for r in self.rates if r.id == rate_id), None)


def order_of_choice(rate: Rate, confirmation: Confirmation) -> tuple[str, Decimal, float, str, str]:
    """Order rates as a merchant chooses: by charge; of equals the first to arrive, then by name.

    Charges of two currencies are not compared: each currency stands together.
    """
    charge, arrives = rate.charge_with(confirmation), rate.promise.arrives_by
    at = arrives.timestamp() if arrives else float("inf")
    return (charge.currency, charge.amount, at, rate.carrier, rate.service)
