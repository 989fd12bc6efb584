"""The gate's rules written a second time, from the specification and not from the code.

Times are compared as seconds since 1970, words as text, and each rule is one yes-or-no question;
`may_ship` is the conjunction that a cleared shipment must satisfy, and the other way round.
"""

from datetime import datetime

from primetui.domain.constraints import Candidate
from primetui.domain.rate import Rate

RANK = {"none": 0, "delivery": 1, "signature": 2, "adult-signature": 3, "identity": 4}
KNOWN = {
    "AMAZON_BAZAAR", "AMAZON_BUSINESS", "AMAZON_HAUL", "FBM_SHIP_PLUS", "INVOICE_BY_AMAZON",
    "PREMIUM", "PREORDER", "PRIME",
}  # fmt: skip


def seconds(moment: datetime) -> float:
    """Put a moment on one scale for all zones."""
    return moment.timestamp()


def in_time(c: Candidate, rate: Rate) -> bool:
    """R5: leaves and arrives by what the order demands; only Prime is held to it."""
    if c.order.prime.value == "no":
        return True
    ship_by, deliver_by = c.order.ship_by.latest, c.order.deliver_by.latest
    arrives = rate.promise.delivery.latest
    if ship_by is None or deliver_by is None or arrives is None:
        return False
    if not possible(c.now, rate):
        return False
    pickup = rate.promise.pickup.earliest or rate.promise.pickup.latest or c.now
    leaves = max(seconds(c.now), seconds(pickup))
    return leaves <= seconds(ship_by) and seconds(arrives) <= seconds(deliver_by)


def possible(now: datetime, rate: Rate) -> bool:
    """R5: windows run forward, the pick-up is not over, nothing arrives before it leaves."""
    for window in (rate.promise.pickup, rate.promise.delivery):
        ends = [seconds(at) for at in (window.earliest, window.latest) if at is not None]
        if ends != sorted(ends):
            return False
    pickup, arrives = rate.promise.pickup, rate.promise.delivery.latest
    if pickup.latest is not None and seconds(pickup.latest) < seconds(now):
        return False
    leaves = pickup.earliest or pickup.latest
    starts = [seconds(now)] + ([seconds(leaves)] if leaves is not None else [])
    return arrives is None or seconds(arrives) >= max(starts)


def window_open(c: Candidate) -> bool:
    """R5: the label printing window is open."""
    opens = c.order.label_from
    return opens is None or seconds(opens) <= seconds(c.now)


def fresh(c: Candidate, rate: Rate) -> bool:
    """R6 R18: at most eight minutes old, and asked after the order last changed."""
    age = seconds(c.now) - seconds(rate.fetched_at)
    return 0 <= age < 480 and seconds(c.order.updated_at) <= seconds(rate.fetched_at)


def belongs_together(c: Candidate, rate: Rate) -> bool:
    """R18: order, draft and rate are of one order, and the rate of this draft."""
    one = len({c.order.id, c.shipment.order_id, rate.order_id}) == 1
    return one and rate.shipment_fingerprint == c.shipment.fingerprint


def ours_and_waiting(c: Candidate) -> bool:
    """R2 R18 R22: merchant-fulfilled, understood, paid, not held, not asked back, not shipped."""
    order = c.order
    asked_back = order.cancellation_requested or any(i.cancellation_requested for i in order.items)
    return (
        order.fulfilled_by.value == "MERCHANT"
        and order.prime.value != "unknown"
        and set(order.programs) <= KNOWN
        and not order.unrecognised
        and order.status.value == "Awaiting Shipment"
        and order.fulfillment.value in {"UNSHIPPED", "PARTIALLY_SHIPPED"}
        and not asked_back
    )


def no_other_label(c: Candidate) -> bool:
    """R21: every listed package is cancelled."""
    return {p.status.lower() for p in c.order.packages} <= {"cancelled", "canceled"}


def whole(c: Candidate, rate: Rate) -> bool:
    """R7 R9: all of a Prime order in one box of its own; no more than wanted of any order."""
    prime = c.order.prime.value != "no"
    boxes = c.shipment.packages
    left = {i.id: max(0, i.quantity - i.quantity_shipped) for i in c.order.items}
    put = [(p.item_id, p.quantity) for b in boxes for p in b.items]
    inside = {id_: sum(n for other, n in put if other == id_) for id_, _ in put}
    if not boxes or not any(left.values()):
        return False
    if any(n > left.get(id_, 0) for id_, n in inside.items()):
        return False
    if len(boxes) > 1 and (prime or rate.source.value == "amazon-buy-shipping"):
        return False
    if c.shipment.combined_with and rate.source.value.startswith("amazon-"):
        return False
    split = bool(inside) and any(inside.get(id_, 0) != n for id_, n in left.items() if n)
    begun = c.order.fulfillment.value == "PARTIALLY_SHIPPED" or any(
        i.quantity_shipped for i in c.order.items
    )
    return not (prime and (split or begun or c.shipment.combined_with))


def signed_for(c: Candidate, rate: Rate) -> bool:
    """R5: chosen is what is demanded, and offered (in the rate's currency) is what is chosen."""
    demanded = max(
        (RANK[i.required_confirmation] for i in c.order.items if i.quantity > i.quantity_shipped),
        default=0,
    )
    chosen = RANK[c.shipment.confirmation or "none"]
    offered = [
        RANK[o.confirmation]
        for o in rate.confirmations
        if o.charge is None or o.charge.currency == rate.charge.currency
    ]
    needs_offer = chosen > 0 or rate.confirmation_needed
    return chosen >= demanded and (not needs_offer or max(offered, default=-1) >= chosen)


def measured_and_addressed(c: Candidate, rate: Rate) -> bool:
    """R5: each box is measured and within the service's limits; ship-from is complete."""
    address, most = c.shipment.ship_from, rate.limits
    if address is None:
        return False
    fields = ("name", "line1", "city", "postal_code", "country", "phone")
    if not all(getattr(address, field).strip() for field in fields):
        return False
    for box in c.shipment.packages:
        if box.weight is None or box.dimensions is None:
            return False
        sides = [box.dimensions.length_mm, box.dimensions.width_mm, box.dimensions.height_mm]
        girth = 2 * sum(sides) - max(sides)
        for size, limit in (
            (box.weight.grams, most.max_grams),
            (max(sides), most.max_longest_mm),
            (girth, most.max_length_and_girth_mm),
        ):
            if limit is not None and size > limit:
                return False
    return True


def buyable(rate: Rate) -> bool:
    """R22: there is a label to print and nothing more is asked."""
    return any("LABEL" in d.types for d in rate.documents) and not rate.extra_inputs_needed


def may_ship(c: Candidate, rate: Rate) -> bool:
    """Every rule at once; the ship-by of an order that is not Prime only warns."""
    return (
        in_time(c, rate)
        and window_open(c)
        and fresh(c, rate)
        and belongs_together(c, rate)
        and ours_and_waiting(c)
        and no_other_label(c)
        and whole(c, rate)
        and signed_for(c, rate)
        and measured_and_addressed(c, rate)
        and buyable(rate)
    )
