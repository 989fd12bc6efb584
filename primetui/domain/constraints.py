"""The questions: each looks at a candidate and answers with every violation it finds.

A candidate holds no tags and no policy, so no constraint can read one: Amazon's flag decides,
and nothing the merchant sets can turn a violation off. With `rate` None the questions that need
a rate stay silent, which is how the worklist asks.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from primetui.domain import violations as v
from primetui.domain.order import (
    KNOWN_PROGRAMS,
    NOT_SHIPPED_BY_US,
    FulfilledBy,
    Fulfillment,
    Order,
    OrderStatus,
    Prime,
)
from primetui.domain.rate import IneligibleService, LabelSource, Rate
from primetui.domain.shipment import Confirmation, ItemId, Shipment
from primetui.domain.violations import Violation


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is asked about: an order, its draft, perhaps a rate, at one moment."""

    order: Order
    shipment: Shipment
    rate: Rate | None
    now: datetime

    @property
    def prime(self) -> bool:
        """Hold it to the Prime promise; not knowing counts as Prime."""
        return self.order.prime is not Prime.NO


def ours_to_ship(c: Candidate) -> Iterator[Violation]:
    """Only merchant-fulfilled orders are ours; the word PRIME alone is not enough."""
    if c.order.fulfilled_by is FulfilledBy.AMAZON:
        yield v.NotOursToShip(why="it is fulfilled by Amazon")
    for program in sorted(NOT_SHIPPED_BY_US.intersection(c.order.programs)):
        yield v.NotOursToShip(why=f"it is in the program {program}")
    if c.order.prime is Prime.UNKNOWN:
        yield v.PrimeUnknown()


def status_allows(c: Candidate) -> Iterator[Violation]:
    """The order stands where it can be shipped: paid, not held, not view only, not gone."""
    order = c.order
    if order.status is OrderStatus.PENDING_FULFILLMENT:
        yield v.ViewOnly()
    if order.status is OrderStatus.AWAITING_PAYMENT or order.fulfillment in {
        Fulfillment.PENDING,
        Fulfillment.PENDING_AVAILABILITY,
    }:
        yield v.NotPaid()
    if order.status is OrderStatus.ON_HOLD or order.fulfillment is Fulfillment.UNFULFILLABLE:
        yield v.OnHold()
    if order.status is OrderStatus.CANCELLED or order.fulfillment is Fulfillment.CANCELLED:
        yield v.Cancelled()
    elif order.wants_cancellation:
        yield v.CancellationRequested()


def not_shipped_yet(c: Candidate) -> Iterator[Violation]:
    """Nothing of it has a label or has left already."""
    if c.order.status is OrderStatus.SHIPPED or c.order.fulfillment is Fulfillment.SHIPPED:
        yield v.AlreadyShipped()
    for package in c.order.live_packages():
        yield v.HasPackages(carrier=package.carrier, tracking_id=package.tracking_id)


def words_are_known(c: Candidate) -> Iterator[Violation]:
    """Every program, status and date that came was understood, whoever failed to say so."""
    for word in dict.fromkeys(c.order.unrecognised or _unspoken(c.order)):
        yield v.UnknownWord(word=word)


def _unspoken(order: Order) -> Iterator[str]:
    for word in order.programs:
        if word not in KNOWN_PROGRAMS:
            yield f"programs: {word}"
    if order.fulfillment is Fulfillment.UNKNOWN:
        yield "how far the order is"
    if order.fulfilled_by is FulfilledBy.UNKNOWN:
        yield "who ships the order"


def time_allows(c: Candidate) -> Iterator[Violation]:
    """The ship-by time has not passed and the label printing window is open."""
    ship_by = c.order.ship_by.latest
    if ship_by is not None and c.now > ship_by:
        yield v.ShipByPassed(ship_by=ship_by, prime=c.prime)
    if c.order.label_from is not None and c.now < c.order.label_from:
        yield v.LabelTooEarly(opens_at=c.order.label_from)
    if c.prime and c.order.deliver_by.latest is None:
        yield v.DeliverByMissing()
    if c.prime and ship_by is None:
        yield v.ShipByMissing()


def packages_are_measured(c: Candidate) -> Iterator[Violation]:
    """Every package has a weight and a size."""
    for number, package in enumerate(c.shipment.packages, start=1):
        if package.weight is None:
            yield v.WeightMissing(number=number)
        if package.dimensions is None:
            yield v.SizeMissing(number=number)


def whole_order(c: Candidate) -> Iterator[Violation]:
    """A Prime order ships whole and alone, and no draft packs what the order does not want."""
    wanted = {item.id: item.to_ship for item in c.order.items if item.to_ship}
    if not wanted or not c.shipment.packages:
        yield v.NothingToShip()
        return
    packed = c.shipment.quantities()
    for item_id, quantity in packed.items():
        if quantity > wanted.get(item_id, 0):
            yield v.PacksTooMany(item=item_id, packed=quantity, wanted=wanted.get(item_id, 0))
    partly = c.order.fulfillment is Fulfillment.PARTIALLY_SHIPPED or any(
        item.quantity_shipped for item in c.order.items
    )
    split = packed and len(c.shipment.packages) > 1
    if c.prime and (partly or split or (packed and _lacks(packed, wanted))):
        yield v.SplitOrder()
    if c.prime and c.shipment.combined_with:
        yield v.CombinedOrder(others=len(c.shipment.combined_with))


def _lacks(packed: Mapping[ItemId, int], wanted: Mapping[ItemId, int]) -> bool:
    return any(packed.get(item_id, 0) < quantity for item_id, quantity in wanted.items())


def one_box(c: Candidate) -> Iterator[Violation]:
    """A Prime order is one package; what is not, is held to what the label's source sells."""
    count = len(c.shipment.packages)
    if c.prime and count > 1:
        yield v.SeveralPackages(count=count)
    if not c.prime and c.rate is not None:
        yield from unsold_by(c.rate.source, c.shipment)


def unsold_by(source: LabelSource, shipment: Shipment) -> Iterator[Violation]:
    """Say what of a draft a source has no label for, whatever the rate: known without a call (R9)."""
    if source is LabelSource.BUY_SHIPPING and len(shipment.packages) > 1:
        yield v.SeveralPackages(count=len(shipment.packages))
    if source.is_amazon and shipment.combined_with:
        yield v.CombinedLabel(others=len(shipment.combined_with))


def confirmation_chosen(c: Candidate) -> Iterator[Violation]:
    """What Amazon demands at the door is chosen, and the service offers it."""
    required = c.order.required_confirmation
    chosen = c.shipment.confirmation
    if required is not Confirmation.NONE and (chosen is None or not chosen.satisfies(required)):
        yield v.ConfirmationRequired(required=required, chosen=chosen)
    if c.rate is None:
        return
    wanted = chosen or Confirmation.NONE
    needs_offer = wanted is not Confirmation.NONE or c.rate.confirmation_needed
    if needs_offer and c.rate.confirmation_for(wanted) is None:
        yield v.ConfirmationNotOffered(wanted=wanted)


SHIP_FROM_FIELDS = ("name", "line1", "city", "postal_code", "country", "phone")


def leaves_from_somewhere(c: Candidate) -> Iterator[Violation]:
    """The ship-from address is complete."""
    if c.shipment.ship_from is None:
        yield v.ShipFromIncomplete(missing=", ".join(SHIP_FROM_FIELDS))
        return
    missing = c.shipment.ship_from.missing(*SHIP_FROM_FIELDS)
    if missing:
        yield v.ShipFromIncomplete(missing=", ".join(missing))


def arrives_in_time(c: Candidate) -> Iterator[Violation]:
    """The service is picked up by the ship-by time and arrives within the time frame."""
    if c.rate is None:
        return
    deliver_by, ship_by = c.order.deliver_by.latest, c.order.ship_by.latest
    arrives_by, pickup = c.rate.promise.arrives_by, c.rate.promise.pickup
    if arrives_by is None:
        yield v.ArrivalUnknown(prime=c.prime)
    elif deliver_by is not None and arrives_by > deliver_by:
        yield v.ArrivesTooLate(arrives_by=arrives_by, deliver_by=deliver_by, prime=c.prime)
    contradiction = c.rate.promise.contradiction(c.now)
    if contradiction:
        yield v.PromiseContradictsItself(what=contradiction, prime=c.prime)
    leaves = pickup.earliest or pickup.latest
    if leaves is not None and ship_by is not None and leaves > ship_by:
        yield v.LeavesTooLate(pickup=leaves, ship_by=ship_by, prime=c.prime)


def offer_stands(c: Candidate) -> Iterator[Violation]:
    """The rate is fresh, was asked for this very draft, and can be bought as it is."""
    rate = c.rate
    if rate is None:
        return
    if not rate.fetched_at <= c.now < rate.expires_at:
        yield v.RateExpired(expired_at=rate.expires_at)
    same_order = c.order.id == c.shipment.order_id == rate.order_id
    same_draft = c.shipment.fingerprint == rate.shipment_fingerprint
    if not (same_order and same_draft) or c.order.updated_at > rate.fetched_at:
        yield v.RateForAnotherShipment()
    if rate.document_for(c.shipment.document_format) is None:
        yield v.NoLabelDocument()
    if rate.extra_inputs_needed:
        yield v.ExtraInputsNeeded()


def within_limits(c: Candidate) -> Iterator[Violation]:
    """No package is heavier or larger than the service takes."""
    if c.rate is None:
        return
    limits = c.rate.limits
    for package in c.shipment.packages:
        if package.weight and _exceeds(package.weight.grams, limits.max_grams):
            yield v.TooHeavy(
                grams=_at_least(package.weight.grams), limit=_at_most(limits.max_grams)
            )
        if package.dimensions is None:
            continue
        for what, size, limit in (
            ("longest side", package.dimensions.longest_mm, limits.max_longest_mm),
            (
                "length and girth",
                package.dimensions.length_and_girth_mm,
                limits.max_length_and_girth_mm,
            ),
        ):
            if _exceeds(size, limit):
                yield v.TooLarge(what=what, size=_at_least(size), limit=_at_most(limit))


def protection(c: Candidate) -> Iterator[Violation]:
    """A label from Amazon that is not protected against claims is worth a warning."""
    for benefit in c.rate.benefits if c.rate else ():
        if benefit.name == "CLAIMS_PROTECTED" and not benefit.included:
            yield v.NoClaimsProtection(why=", ".join(benefit.reasons) or "no reason given")


CONSTRAINTS: tuple[Callable[[Candidate], Iterator[Violation]], ...] = (
    ours_to_ship,
    status_allows,
    not_shipped_yet,
    words_are_known,
    time_allows,
    whole_order,
    one_box,
    packages_are_measured,
    confirmation_chosen,
    leaves_from_somewhere,
    arrives_in_time,
    offer_stands,
    within_limits,
    protection,
)


def violations(candidate: Candidate) -> tuple[Violation, ...]:
    """Ask every question and report all answers at once."""
    return tuple(violation for ask in CONSTRAINTS for violation in ask(candidate))


def refused_by_provider(service: IneligibleService) -> tuple[Violation, ...]:
    """Take a provider's own refusal of a service for what it is (R6); no words are a reason too."""
    reasons = service.reasons or (("UNKNOWN", ""),)
    return tuple(
        v.RefusedByProvider(reason=code, words=words.rstrip(".") or code) for code, words in reasons
    )


def _exceeds(size: Decimal, limit: Decimal | None) -> bool:
    return limit is not None and size > limit


def _at_least(size: Decimal) -> int:
    return int(size.to_integral_value(ROUND_CEILING))


def _at_most(limit: Decimal | None) -> int:
    return int((limit or Decimal(0)).to_integral_value(ROUND_FLOOR))
