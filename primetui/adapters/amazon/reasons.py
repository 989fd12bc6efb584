"""Why Amazon does not offer a service, in words: its codes are known, its own words often missing."""

from typing import Final

_WORDS: Final = {
    "NO_COVERAGE": "The carrier does not serve this address.",
    "PICKUP_SLOT_RESTRICTION": "The carrier cannot collect the parcel in time.",
    "UNSUPPORTED_VAS": "The carrier does not offer what is asked for at the door.",
    "VAS_COMBINATION_RESTRICTION": "The carrier does not offer these extra services together.",
    "SIZE_RESTRICTIONS": "The package is too large for it.",
    "WEIGHT_RESTRICTIONS": "The package is too heavy for it.",
    "LATE_DELIVERY": "It would arrive after the promise to the buyer.",
    "PROGRAM_CONSTRAINTS": "It is not allowed for this order's program.",
    "TERMS_AND_CONDITIONS_NOT_ACCEPTED": (
        "Its terms are not accepted yet: accept them in Seller Central, under Shipping Settings."
    ),
    "CARRIER_TEMPORARILY_UNAVAILABLE": "The carrier sells nothing at the moment: try again later.",
    "CARRIER_CANNOT_SHIP_TO_POBOX": "The carrier does not deliver to post office boxes.",
    "CARRIER_WILL_NOT_PICKUP": "The carrier does not collect from this address.",
    "EXCLUDED_FROM_CARRIER_RESPONSE": "The carrier does not offer it for this order.",
    "UNKNOWN": "Amazon gives no reason.",
}
_PLACEHOLDERS: Final = frozenset({"", "unknown", "none", "null", "n/a"})


def in_words(code: str, said: str) -> str:
    """Give Amazon's own words for a reason where it has any, ours for the code where it has none."""
    if said.strip().strip(".").casefold() not in {*_PLACEHOLDERS, code.casefold()}:
        return said
    return _WORDS.get(code, "")
