"""PRM3xx and PRM4xx: what is wrong with packages, items, or where they leave from."""

from dataclasses import dataclass
from typing import final

from primetui.domain.shipment import Confirmation
from primetui.domain.violations.base import Violation


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
    message = "The package does not hold all items of this Prime order."
    remedy = "Undo the split: put all items that are left into one package."


@final
@dataclass(frozen=True)
class CombinedOrder(Violation):
    """A Prime order ships alone, never in one box with another order."""

    code = "PRM305"
    rule = "R7"
    message = "The order is combined with {others} other order(s)."
    remedy = "Undo the combination: Prime orders ship one by one."
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
class ShipFromIncomplete(Violation):
    """No carrier can price or fetch a parcel without knowing where it leaves from."""

    code = "PRM401"
    rule = "R5"
    message = "The ship-from address lacks: {missing}."
    remedy = "Complete the store's ship-from address."
    missing: str
