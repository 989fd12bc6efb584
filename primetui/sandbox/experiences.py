"""What a carrier obtains at the door, in Merchant Fulfillment's four words."""

from dataclasses import dataclass
from decimal import Decimal

from primetui.sandbox.carriers import Carrier

NO_TRACKING = "NoTracking"
WITHOUT_SIGNATURE = "DeliveryConfirmationWithoutSignature"
CONFIRMATIONS = {
    NO_TRACKING: "NO_CONFIRMATION",
    WITHOUT_SIGNATURE: "DELIVERY_CONFIRMATION",
    "DeliveryConfirmationWithSignature": "SIGNATURE_CONFIRMATION",
    "DeliveryConfirmationWithAdultSignature": "ADULT_SIGNATURE_CONFIRMATION",
}
"""Weakest first, with Shipping v2's word for each."""


@dataclass(frozen=True, slots=True)
class Experience:
    """One way to deliver: its word, what is bought for it, and at what cost."""

    word: str
    confirmations: tuple[str, ...]
    cost: Decimal


def experiences(carrier: Carrier) -> tuple[Experience, ...]:
    """List what a carrier offers, weakest first; one that obtains nothing tracks all the same."""
    found: list[Experience] = []
    for word, name in CONFIRMATIONS.items():
        if name in carrier.confirmations:
            found.append(Experience(word, (name,), carrier.confirmations[name]))
        elif word == WITHOUT_SIGNATURE and found:
            found.append(Experience(word, found[0].confirmations, found[0].cost))
        elif word == WITHOUT_SIGNATURE and not carrier.confirmations:
            found.append(Experience(word, (), Decimal()))
    return tuple(found)


def experience_for(carrier: Carrier, asked: str) -> Experience | None:
    """Find the cheapest that is at least as strong as asked for."""
    strength = list(CONFIRMATIONS).index
    strong = [one for one in experiences(carrier) if strength(one.word) >= strength(asked)]
    return min(strong, key=lambda one: (one.cost, strength(one.word)), default=None)
