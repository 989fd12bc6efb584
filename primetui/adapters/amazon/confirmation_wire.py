"""Orders API v0: what Amazon is told about a parcel whose label it did not sell."""

import tomllib
from datetime import UTC
from functools import cache
from importlib.resources import files
from typing import Final

from primetui.domain.notice import Notice
from primetui.domain.value import Value

OTHER: Final = "Other"
"""The code of every carrier that Amazon does not list; the name goes along then."""

_DATA: Final = files("primetui").joinpath("data", "carrier_codes.toml")


class _Carrier(Value):
    """A carrier as the file has it."""

    code: str
    names: tuple[str, ...] = ()
    source: str


def confirmation_body(notice: Notice) -> dict[str, object]:
    """Write the body of confirmShipment."""
    code = carrier_code(notice.carrier)
    named = {"carrierName": notice.carrier} if code == OTHER else {}
    method = {"shippingMethod": notice.service} if notice.service else {}
    return {
        "marketplaceId": notice.marketplace_id,
        "packageDetail": {
            "packageReferenceId": notice.reference,
            "carrierCode": code,
            **named,
            **method,
            "trackingNumber": notice.tracking_id,
            "shipDate": notice.shipped_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "orderItems": [
                {"orderItemId": item.item_id, "quantity": item.quantity} for item in notice.items
            ],
        },
    }


def carrier_code(carrier: str) -> str:
    """Find Amazon's code of a carrier; one that it does not list is Other."""
    return _codes().get(_bare(carrier), OTHER)


@cache
def _codes() -> dict[str, str]:
    """Read the file, once: each way to write a carrier with its code."""
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    known = [_Carrier.model_validate(row) for row in data["carriers"]]
    return {_bare(name): one.code for one in known for name in (one.code, *one.names)}


def _bare(name: str) -> str:
    """Take case, blanks and marks off a carrier's name."""
    return "".join(c for c in name.casefold() if c.isalnum())
