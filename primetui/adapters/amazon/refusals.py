"""Amazon's refusals of a label: which of them name a label that is there, and what to do about others."""

import re
from typing import Final

from primetui.errors import Rejected, ShipmentExists

ALREADY: Final = "ShipmentAlreadyExists"
_NAMED: Final = re.compile(
    r"shipment\s?id\W+(?:is\s+)?((?=[\w.:-]*\d)[\w.:-]{3,80}\w)", re.IGNORECASE
)
"""Where a ShipmentAlreadyExists refusal names the shipment."""

_BARE: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
"""An id that stands in the message by itself."""

REMEDIES: Final = {
    "InsufficientFunds": "Top up the payment method for labels in Seller Central.",
    "InvalidShipFromAddress": "Correct the ship-from address in the store's settings.",
    "InvalidShippingServiceOfferId": "The offer is over: fetch the rates again and choose.",
    "TOKEN_EXPIRED": "The offer is over: fetch the rates again and choose.",
    "LabelCancelWindowExpired": "The carrier's time for giving it back is over: see Seller Central.",
    "LabelFormatNotSupported": "Choose another label format for this order.",
    "ShipmentRequestDetailsTooRestrictive": (
        "No service carries this package as asked: look at its size, its weight and what is asked "
        "at the door."
    ),
}
"""What to do about a refusal, by Amazon's code: what Amazon says is seldom enough."""


def understood(error: Rejected) -> Rejected | ShipmentExists:
    """Tell a refusal that names an existing shipment from the others; add what to do."""
    if error.remote_code == ALREADY:
        said = str(error).rpartition(f" ({ALREADY}")[0]
        bare, named = _BARE.search(said), _NAMED.search(said)
        if bare or named:
            return ShipmentExists(str(error), bare[0] if bare else named[1] if named else "")
    remedy = REMEDIES.get(error.remote_code)
    return Rejected(f"{error} {remedy}", error.remote_code) if remedy else error
