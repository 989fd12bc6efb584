"""PRM2xx: what is wrong with the rate."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from primetui.domain.shipment import Confirmation
from primetui.domain.violations.base import Severity, StrictForPrime, Violation


@final
@dataclass(frozen=True)
class ArrivesTooLate(StrictForPrime):
    """The service promises to arrive after the end of the Prime time frame.

    Amazon sometimes offers such services. Equality passes; a second later does not.
    """

    code = "PRM201"
    rule = "R5"
    message = "It arrives by {arrives_by}; the order must be delivered by {deliver_by}."
    remedy = (
        "Choose a service that is in time: they come first in the list. Where none is, ship it "
        "from Seller Central and tell the buyer."
    )
    arrives_by: datetime
    deliver_by: datetime


@final
@dataclass(frozen=True)
class ArrivalUnknown(StrictForPrime):
    """The provider states no latest arrival, and what is not proven counts as late."""

    code = "PRM202"
    rule = "R5"
    message = "The provider does not say when it arrives at the latest."
    remedy = "Choose a service with a promise."


@final
@dataclass(frozen=True)
class RateExpired(Violation):
    """Amazon keeps an offer for ten minutes; we stop at eight, so as never to buy in the dark."""

    code = "PRM203"
    rule = "R6"
    message = "The rate expired at {expired_at}."
    remedy = "Fetch the rates again."
    expired_at: datetime


@final
@dataclass(frozen=True)
class RefusedByProvider(Violation):
    """The provider itself says that this service will not do; our own check never overrules it."""

    code = "PRM204"
    rule = "R6"
    message = "The provider refuses this service: {words}."
    remedy = "Choose another service, or change what the reason names."
    reason: str
    """The provider's code."""
    words: str


@final
@dataclass(frozen=True)
class ConfirmationNotOffered(Violation):
    """The service cannot obtain at the door what the order or the draft asks for."""

    code = "PRM205"
    rule = "R5"
    message = "The service offers no {wanted} confirmation."
    remedy = "Choose a service that does."
    wanted: Confirmation


@final
@dataclass(frozen=True)
class RateForAnotherShipment(Violation):
    """The draft or the order changed since the rate was fetched, so it prices something else."""

    code = "PRM206"
    rule = "R18"
    message = "The rate was fetched for another state of this shipment."
    remedy = "Fetch the rates again."


@final
@dataclass(frozen=True)
class LeavesTooLate(StrictForPrime):
    """The carrier takes the parcel after the ship-by time: late even if it arrives in time."""

    code = "PRM207"
    rule = "R5"
    message = "The carrier takes it at {pickup} at the earliest; ship-by is {ship_by}."
    remedy = "Choose a service that is picked up earlier, or hand over before the cut-off."
    pickup: datetime
    ship_by: datetime


@final
@dataclass(frozen=True)
class TooHeavy(Violation):
    """The package weighs more than the service takes."""

    code = "PRM208"
    rule = "R5"
    message = "The package weighs {grams} g; the service takes up to {limit} g."
    remedy = "Correct the weight, or choose a service for heavier packages."
    grams: int
    limit: int


@final
@dataclass(frozen=True)
class TooLarge(Violation):
    """The package is larger than the service takes."""

    code = "PRM209"
    rule = "R5"
    message = "The package's {what} is {size} mm; the service takes up to {limit} mm."
    remedy = "Correct the size, or choose a service for larger packages."
    what: str
    size: int
    limit: int


@final
@dataclass(frozen=True)
class NoLabelDocument(Violation):
    """The provider offers no label paper that we can print or keep."""

    code = "PRM210"
    rule = "R22"
    message = "The service offers no label as PDF, PNG or ZPL."
    remedy = "Choose another service."


@final
@dataclass(frozen=True)
class ExtraInputsNeeded(Violation):
    """The provider wants answers that PrimeTUI cannot give yet, such as customs papers."""

    code = "PRM211"
    rule = "R22"
    message = "The provider asks for additional papers with this service."
    remedy = "Choose another service, or buy this label in Seller Central."


@final
@dataclass(frozen=True)
class NoClaimsProtection(Violation):
    """The label brings no protection against claims for parcels that do not arrive."""

    code = "PRM212"
    rule = "R6"
    message = "Amazon does not protect this label against claims: {why}."
    remedy = "Prefer a service with the claims badge if it costs about the same."
    why: str

    @property
    def severity(self) -> Severity:
        """Missing protection never stops a purchase."""
        return Severity.WARNS


@final
@dataclass(frozen=True)
class PromiseContradictsItself(StrictForPrime):
    """A promise that cannot be true proves nothing: one that arrives before it is picked up, say.

    It happens when a pick-up was missed since the rate was fetched, and when a provider errs.
    """

    code = "PRM213"
    rule = "R5"
    message = "The promise of this service cannot be true: {what}."
    remedy = "Fetch the rates again; if it stays so, choose another service."
    what: str
