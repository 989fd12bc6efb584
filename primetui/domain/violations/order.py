"""PRM1xx: what is wrong with the order or its time."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from primetui.domain.violations.base import StrictForPrime, Violation


@final
@dataclass(frozen=True)
class NotOursToShip(Violation):
    """Amazon (or the buyer) moves this order's parcel, so no label of ours belongs on it.

    The word PRIME alone does not make an order ours: an order fulfilled by Amazon carries it
    too. Only merchant-fulfilled orders can be shipped here.
    """

    code = "PRM101"
    rule = "R5"
    message = "This order is not shipped by the merchant: {why}."
    remedy = "Nothing to do: Amazon takes care of it."
    why: str


@final
@dataclass(frozen=True)
class ViewOnly(Violation):
    """Orders in Pending Fulfillment can be looked at and nothing else.

    Prime orders of an Amazon store connected before 3 November 2023 land there.
    """

    code = "PRM102"
    rule = "R2"
    message = "The order is in Pending Fulfillment, which is view only."
    remedy = (
        "Switch on 'Import Amazon Prime Orders into Awaiting Shipment' in the store's settings, "
        "or connect Amazon Buy Shipping or Amazon Shipping (US and UK accounts); "
        "orders imported from then on can be shipped. Ship this one in Seller Central."
    )


@final
@dataclass(frozen=True)
class Cancelled(Violation):
    """A cancelled order must not be shipped: the buyer has been told that nothing comes."""

    code = "PRM103"
    rule = "R18"
    message = "The order is cancelled."
    remedy = "Do not ship it. If a parcel is packed already, put the goods back."


@final
@dataclass(frozen=True)
class CancellationRequested(Violation):
    """The buyer asked to cancel. A label bought now would most likely be wasted."""

    code = "PRM104"
    rule = "R18"
    message = "The buyer asked to cancel this order."
    remedy = "Answer the request in Seller Central, then import again."


@final
@dataclass(frozen=True)
class AlreadyShipped(Violation):
    """The marketplace says that nothing is left to be shipped."""

    code = "PRM105"
    rule = "R18"
    message = "The order is already shipped."
    remedy = "Look at its packages: the label exists. Void it first if it must be bought anew."


@final
@dataclass(frozen=True)
class HasPackages(Violation):
    """The marketplace lists a package that is not one of our voided labels.

    A second label for the same goods is what PrimeTUI exists to prevent.
    """

    code = "PRM106"
    rule = "R21"
    message = "Amazon already lists a package for this order: {carrier} {tracking_id}."
    remedy = "If that label is not to be used, void it where it was bought, then import again."
    carrier: str
    tracking_id: str


@final
@dataclass(frozen=True)
class NotPaid(Violation):
    """Orders awaiting payment may never be paid; Amazon allows no shipment before."""

    code = "PRM107"
    rule = "R2"
    message = "The order is awaiting payment."
    remedy = "Wait: it moves to Awaiting Shipment by itself once Amazon releases it."


@final
@dataclass(frozen=True)
class OnHold(Violation):
    """Somebody, or the marketplace, stopped this order on purpose."""

    code = "PRM108"
    rule = "R2"
    message = "The order is on hold."
    remedy = "Find out why it is held, release it, then try again."


@final
@dataclass(frozen=True)
class ShipByPassed(StrictForPrime):
    """The latest moment to hand the parcel over has gone; a Prime order cannot be on time now."""

    code = "PRM109"
    rule = "R5"
    message = "The ship-by time, {ship_by}, has passed."
    remedy = (
        "A label bought now counts as late. Ship it from Seller Central, which can still sell "
        "one, and tell the buyer."
    )
    ship_by: datetime


@final
@dataclass(frozen=True)
class LabelTooEarly(Violation):
    """Amazon opens the printing of labels at a set moment; before it, a label is not valid."""

    code = "PRM110"
    rule = "R5"
    message = "Labels for this order may be printed from {opens_at} on."
    remedy = "Wait until then: the countdown on the order shows how long."
    opens_at: datetime


@final
@dataclass(frozen=True)
class PrimeUnknown(Violation):
    """Nobody could tell whether the order is Prime, so nobody can tell what it demands."""

    code = "PRM111"
    rule = "R22"
    message = "It is not known whether this is a Prime order."
    remedy = "Import it again; if it stays so, ship it in Seller Central."


@final
@dataclass(frozen=True)
class UnknownWord(Violation):
    """The order holds something nobody here understands; it may stand for a demand we would break.

    A marketplace may send a word that is newer than this version, a file a cell that does not fit.
    """

    code = "PRM112"
    rule = "R22"
    message = "The order came with something this version does not understand: {word}."
    remedy = (
        "If it is from a file, correct that line and import the file again. Otherwise update "
        "PrimeTUI; until then ship this order in Seller Central."
    )
    word: str


@final
@dataclass(frozen=True)
class DeliverByMissing(Violation):
    """A Prime order without a deliver-by time cannot be proven to arrive in time."""

    code = "PRM113"
    rule = "R5"
    message = "The order has no deliver-by time, so no service can be proven to be in time."
    remedy = "Import it again; if it stays so, ship it in Seller Central."


@final
@dataclass(frozen=True)
class ShipByMissing(Violation):
    """A Prime order without a ship-by time cannot be proven to leave in time."""

    code = "PRM114"
    rule = "R22"
    message = "The order has no ship-by time, so no service can be proven to leave in time."
    remedy = "Import it again; if it stays so, ship it in Seller Central."
