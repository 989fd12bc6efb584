"""ChannelAdvisor REST API v1: what Rithum is told of a parcel, in its own words for carriers."""

import tomllib
from collections.abc import Mapping
from datetime import UTC
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from pydantic import Field

from primetui.adapters.lenient import identity, obj, rows, text
from primetui.adapters.rithum.item_wire import item_id, told_of
from primetui.domain.notice import Notice
from primetui.domain.order import Told
from primetui.domain.store import Store
from primetui.domain.value import Value

_DATA: Final = files("primetui").joinpath("data", "rithum_carriers.toml")
_WAITING: Final = "NoChange"


class Called(NamedTuple):
    """A carrier and its service in Rithum's words."""

    carrier: str
    shipping_class: str


class _Class(Value):
    """A class as the file has it."""

    carrier: str
    shipping_class: str = Field(alias="class")
    services: tuple[str, ...]


class NotThere(ValueError):
    """The order does not hold what was packed; the message says what."""


def called(store: Store, carrier: str, service: str) -> Called:
    """Find Rithum's words: the merchant's mapping, else the usual ones, else ours as they are."""
    mapped = store.carrier_class(carrier, service)
    if mapped is not None:
        return Called(mapped.remote_carrier, mapped.remote_class)
    return _usual().get((_bare(carrier), _bare(service)), Called(carrier, service))


def ship_body(notice: Notice, order: Mapping[str, object], words: Called) -> dict[str, object]:
    """Write the body of Ship; NotThere when the order has no such item."""
    lines = {item_id(obj(row)): obj(row) for row in rows(order.get("Items"))}
    missing = [packed.item_id for packed in notice.items if packed.item_id not in lines]
    if missing:
        raise NotThere(f"Rithum's order has no item {missing[0]}")
    return {
        "Value": {
            "ShippedDateUtc": _moment(notice),
            "TrackingNumber": notice.tracking_id,
            "ShippingCarrier": words.carrier,
            "ShippingClass": words.shipping_class,
            **_from_where(order),
            "DeliveryStatus": "Complete",
            "FulfillmentType": "Ship",
            "PreventMarketplaceCommunication": notice.silent,
            "SellerFulfillmentID": notice.reference,
            "Items": [
                {
                    "OrderItemID": lines[packed.item_id].get("ID"),
                    "Sku": text(lines[packed.item_id].get("Sku")),
                    "Quantity": packed.quantity,
                }
                for packed in notice.items
            ],
        }
    }


def correction_body(notice: Notice, words: Called) -> dict[str, object]:
    """Write the body that changes a fulfillment Rithum has."""
    return {
        "TrackingNumber": notice.tracking_id,
        "ShippingCarrier": words.carrier,
        "ShippingClass": words.shipping_class,
        "ShippedDateUtc": _moment(notice),
    }


def known_fulfillment(order: Mapping[str, object], notice: Notice) -> Mapping[str, object]:
    """Find the fulfillment Rithum has under our reference or with our tracking; empty is none."""
    sent = [obj(row) for row in rows(order.get("Fulfillments"))]
    ours = [
        row
        for row in sent
        if identity(row.get("SellerFulfillmentID")) == notice.reference or is_told(row, notice)
    ]
    return ours[-1] if ours else {}


def is_told(fulfillment: Mapping[str, object], notice: Notice) -> bool:
    """Tell whether Rithum has this very parcel."""
    return text(fulfillment.get("TrackingNumber"), 80) == notice.tracking_id


def was_turned_down(fulfillment: Mapping[str, object]) -> bool:
    """Tell whether the marketplace refused it: then telling it again is what is left."""
    return told_of(fulfillment) is Told.FAILED


def _from_where(order: Mapping[str, object]) -> dict[str, object]:
    """Name the place the waiting fulfillment leaves from, where Rithum says so."""
    sent = (obj(row) for row in rows(order.get("Fulfillments")))
    waiting = (row for row in sent if text(row.get("DeliveryStatus"), 20) == _WAITING)
    place = next(waiting, {}).get("DistributionCenterID")
    return {} if place is None else {"DistributionCenterID": place}


def _moment(notice: Notice) -> str:
    return notice.shipped_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def _usual() -> dict[tuple[str, str], Called]:
    """Read the file, once."""
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    known = [_Class.model_validate(row) for row in data["classes"]]
    return {
        (_bare(one.carrier), _bare(service)): Called(one.carrier, one.shipping_class)
        for one in known
        for service in (*one.services, one.shipping_class)
    }


def _bare(name: str) -> str:
    """Take case, blanks and marks off a name."""
    return "".join(c for c in name.casefold() if c.isalnum())
