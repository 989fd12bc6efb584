"""PRM3xx and PRM4xx: what is wrong with packages, items, or where they leave from."""

from dataclasses import dataclass
from typing import final

from primetui.domain.shipment import Confirmation
from primetui.domain.violations.base import Severity, Violation


@final
@dataclass(frozen=True)
class WeightMissing(Violation):
    """No carrier prices a package of unknown weight."""

    code = "PRM301"
    rule = "R5"
    message = "Package {number} has no weight."
    remedy = "Weigh it and type the weight in."
    number: int


@final
@dataclass(frozen=True)
class SizeMissing(Violation):
    """No carrier prices a package of unknown size."""

    code = "PRM302"
    rule = "R5"
    message = "Package {number} has no size."
    remedy = "Measure it and type length, width and height in."
    number: int


@final
@dataclass(frozen=True)
class ConfirmationRequired(Violation):
    """Amazon demands a confirmation at the door for something in this order."""

    code = "PRM303"
    rule = "R5"
    message = "The order requires {required} confirmation; the shipment asks for {chosen}."
    remedy = "Set the shipment's confirmation to what is required."
    required: Confirmation
    chosen: Confirmation | None


@final
@dataclass(frozen=True)
class SplitOrder(Violation):
    """A Prime order ships whole. Amazon's own flag decides, never the tag."""

    code = "PRM304"
    rule = "R7"
    message = "This Prime order is split: one package does not hold all its items."
    remedy = "Undo the split: primetui join ORDER puts all that is left into one package."


@final
@dataclass(frozen=True)
class CombinedOrder(Violation):
    """A Prime order ships alone, never in one box with another order."""

    code = "PRM305"
    rule = "R7"
    message = "The order is combined with {others} other order(s)."
    remedy = "Undo the combination: primetui uncombine ORDER. Prime orders ship one by one."
    others: int


@final
@dataclass(frozen=True)
class SeveralPackages(Violation):
    """Amazon Buy Shipping sells a label for one package only."""

    code = "PRM306"
    rule = "R9"
    message = "The shipment has {count} packages; this label source takes one."
    remedy = "Use one package, or buy a multi-package shipment in Seller Central."
    count: int


@final
@dataclass(frozen=True)
class NothingToShip(Violation):
    """No item is left to be shipped, or the draft has no package."""

    code = "PRM307"
    rule = "R18"
    message = "There is nothing to ship."
    remedy = "Import the order again and look at its items."


@final
@dataclass(frozen=True)
class PacksTooMany(Violation):
    """The draft packs more of an item than the order still wants, or an item it does not have."""

    code = "PRM308"
    rule = "R18"
    message = "The draft packs {packed} of item {item}; {wanted} are to be shipped."
    remedy = "Correct the packages: the order may have changed since they were packed."
    item: str
    packed: int
    wanted: int


@final
@dataclass(frozen=True)
class NoticeCannotWait(Violation):
    """Amazon knows of a label it sells the moment it is made: nothing is sent, nothing can wait."""

    code = "PRM309"
    rule = "R10"
    message = "Amazon is told of its own label by itself, at once: no delay can be set."
    remedy = "Leave the delay out; only a label of another carrier can be told later."


@final
@dataclass(frozen=True)
class PrimeShipsWhole(Violation):
    """Amazon promises the buyer a Prime order in one parcel; whoever splits it breaks that.

    Amazon's own flag decides, never the tag. An order that may be Prime counts as one.
    """

    code = "PRM310"
    rule = "R7"
    message = "A Prime order is not split, and this one {known}."
    remedy = (
        "Ship it whole; where it fits in no box, buy a multi-package shipment in Seller Central."
    )
    known: str


@final
@dataclass(frozen=True)
class PrimeShipsAlone(Violation):
    """A Prime order is never put into one box with another one, Prime or not.

    Amazon's own flag decides, never the tag. An order that may be Prime counts as one.
    """

    code = "PRM311"
    rule = "R7"
    message = "A Prime order is not combined, and this one {known}."
    remedy = "Leave it out of the combination: it ships by itself."
    known: str


@final
@dataclass(frozen=True)
class CombinedLabel(Violation):
    """Amazon sells a label for one order: the others in the box would stay without one."""

    code = "PRM312"
    rule = "R7"
    message = "The order shares its box with {others} other order(s); this source labels one order."
    remedy = (
        "Buy one label elsewhere and record it on all of them: primetui label add. "
        "Or undo the combination: primetui uncombine ORDER."
    )
    others: int


@final
@dataclass(frozen=True)
class OtherPlace(Violation):
    """One box goes to one buyer at one place, and comes from one store."""

    code = "PRM313"
    rule = "R7"
    message = "It cannot go into one box with {other}: {why}."
    remedy = "Combine only orders of one store that go to the same buyer at the same place."
    other: str
    why: str


@final
@dataclass(frozen=True)
class PartlyShipped(Violation):
    """What is left of an order that has left in part cannot be told apart in a shared box."""

    code = "PRM314"
    rule = "R7"
    message = "Part of the order has left already."
    remedy = "Ship the rest of it by itself."


@final
@dataclass(frozen=True)
class OtherRefused(Violation):
    """A label on a shared box ships all orders in it, so each of them must be allowed to leave."""

    code = "PRM315"
    rule = "R7"
    message = "The order {order}, in the same box, may not leave: {codes}."
    remedy = (
        "Look at it: primetui check {order}. Or undo the combination: primetui uncombine {order}."
    )
    order: str
    codes: str


@final
@dataclass(frozen=True)
class PurchaseOpen(Violation):
    """While nobody knows whether a label was bought, nothing about its parcel may change."""

    code = "PRM316"
    rule = "R21"
    message = "A purchase for this order is not settled."
    remedy = "Settle it first: primetui reconcile."


@final
@dataclass(frozen=True)
class NoManifest(Violation):
    """A manifest is the form a carrier signs for a day's parcels; whoever sold them makes it.

    Amazon Buy Shipping has none for programs.
    """

    code = "PRM317"
    rule = "R9"
    message = "No manifest is made here of labels from {seller}: {count} left out."
    remedy = "Make it {way}."
    seller: str
    count: int
    way: str


@final
@dataclass(frozen=True)
class NoReturnLabel(Violation):
    """A return label is sold by whoever sold the label, and Amazon sells none to programs."""

    code = "PRM318"
    rule = "R9"
    message = "No return label can be had here from {seller}."
    remedy = "Make it {way}."
    seller: str
    way: str


@final
@dataclass(frozen=True)
class ShipToIsTheirs(Violation):
    """Amazon prints the address it has: what is typed here is a note beside it and moves no parcel.

    Where a parcel must go elsewhere, the buyer changes the address at the marketplace.
    """

    code = "PRM319"
    rule = "R8"
    message = (
        "The address typed here will not change the label: the marketplace's own stands on it."
    )
    remedy = "Have the buyer change it at the marketplace; it is read again before a purchase."

    @property
    def severity(self) -> Severity:
        """Warn: the label is right as it is."""
        return Severity.WARNS


@final
@dataclass(frozen=True)
class AlreadyCombined(Violation):
    """An order lies in one box: to split it, or to put it into another one, it comes out first."""

    code = "PRM320"
    rule = "R7"
    message = "It shares its box with {others} other order(s) already."
    remedy = "Undo that first: primetui uncombine ORDER."
    others: int


@final
@dataclass(frozen=True)
class ShipFromIncomplete(Violation):
    """No carrier can price or fetch a parcel without knowing where it leaves from."""

    code = "PRM401"
    rule = "R5"
    message = "The ship-from address lacks: {missing}."
    remedy = "Complete the store's ship-from address."
    missing: str
