"""Orders API 2026-01-01: JSON to orders. Pure; nothing that comes in can break it or get lost.

What is not understood is named in `Order.unrecognised`, which blocks buying (R22). Only an entry
without a readable order id cannot become an order, and is named instead.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from pydantic import ValidationError

from primetui.adapters.amazon.item_wire import read_items
from primetui.adapters.amazon.lenient import identity, obj, rows, text
from primetui.adapters.amazon.strangers import Strangers
from primetui.domain.address import Address
from primetui.domain.order import (
    KNOWN_PROGRAMS,
    PRIME_PROGRAM,
    STANDING,
    FulfilledBy,
    Fulfillment,
    Order,
    OrderPackage,
    Prime,
)
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreId

SERVICE_LEVELS: Final = frozenset(
    {
        "EXPEDITED",
        "FREE_ECONOMY",
        "NEXT_DAY",
        "PRIORITY",
        "SAME_DAY",
        "SCHEDULED",
        "SECOND_DAY",
        "STANDARD",
    }
)
ADDRESS_KINDS: Final = frozenset({"RESIDENTIAL", "COMMERCIAL", "PICKUP_POINT"})
CHANNELS: Final = frozenset({"AMAZON", "NON_AMAZON"})

_STATUSES: Final = frozenset(Fulfillment) - {
    Fulfillment.HELD,
    Fulfillment.DELEGATED,
    Fulfillment.UNKNOWN,
}
"""Amazon's own words: the others are ours."""
_FULFILLERS: Final = frozenset(FulfilledBy) - {FulfilledBy.UNKNOWN}
_ORDER_ID: Final = re.compile(r"[\x21-\x7e]{1,64}")
_TIMES: Final = ("createdTime", "lastUpdatedTime")
_CLOCKS_DIFFER: Final = timedelta(hours=1)
"""A change dated further in the future than this is no clock's fault: the date is nonsense."""
_PAGE_MARK_LENGTH: Final = 8192


@dataclass(frozen=True, slots=True)
class Reading:
    """For whom orders are read, and when."""

    store_id: StoreId
    marketplace_id: str
    """Of the store: where an order does not say its own."""
    at: datetime
    with_address: bool = False
    """Keep the ship-to; otherwise it is dropped even if it comes unasked."""


class Page(NamedTuple):
    """One answer of searchOrders."""

    orders: tuple[Order, ...]
    errors: tuple[str, ...]
    next_mark: str
    """Blank on the last page."""


class Unreadable(ValueError):
    """What came is no order at all; the message says which and why."""


def read_page(body: Mapping[str, object], reading: Reading) -> Page:
    """Read a page; Unreadable when it has no list of orders or no readable next mark."""
    entries = body.get("orders")
    if not isinstance(entries, list):
        raise Unreadable("it holds no list of orders")
    orders: list[Order] = []
    errors: list[str] = []
    for place, entry in enumerate(entries, start=1):
        try:
            orders.append(read_order(entry, reading))
        except Unreadable as error:
            errors.append(f"Entry {place} of Amazon's list was left out: {error}.")
    return Page(tuple(orders), tuple(errors), _next_mark(body.get("pagination")))


def read_order(entry: object, reading: Reading) -> Order:
    """Read one order, noting all that is strange about it."""
    body = obj(entry)
    order_id = text(body.get("orderId"), 65)
    if not _ORDER_ID.fullmatch(order_id):
        raise Unreadable("it has no readable orderId, look for it in Seller Central")
    strangers = Strangers()
    facts = {
        **_identity(body, reading, strangers),
        **_times(body, reading, strangers),
        **_standing(body, strangers),
        **_ship_to(body, reading, strangers),
        "items": read_items(body.get("orderItems"), strangers),
        "packages": _packages(body.get("packages"), strangers),
    }
    try:
        return Order.model_validate(
            {**facts, "id": OrderId(order_id), "unrecognised": strangers.words()}
        )
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Unreadable(f"order {order_id} has an impossible {where}") from None


def _next_mark(pagination: object) -> str:
    """Find the mark of the next page; a strange one must not pass for the last page."""
    mark = obj(pagination).get("nextToken")
    read = identity(mark, _PAGE_MARK_LENGTH)
    strange = pagination is not None and not isinstance(pagination, dict)
    if strange or (not read and mark not in (None, "")):
        raise Unreadable("its mark of the next page is unreadable")
    return read


def _identity(
    body: Mapping[str, object], reading: Reading, strangers: Strangers
) -> dict[str, object]:
    """Read whose order it is and where it was placed."""
    channel = obj(body.get("salesChannel"))
    strangers.word("channelName", channel.get("channelName"), CHANNELS)
    return {
        "store_id": reading.store_id,
        "marketplace_id": text(channel.get("marketplaceId"), 40) or reading.marketplace_id,
        "sales_channel": text(channel.get("marketplaceName"), 80)
        or text(channel.get("channelName"), 80),
    }


def _times(body: Mapping[str, object], reading: Reading, strangers: Strangers) -> dict[str, object]:
    """Read when it was placed and last changed; a time that must be there is noted if it is not."""
    read = {name: strangers.moment(name, body.get(name)) for name in _TIMES}
    for name in _TIMES:
        if body.get(name) in (None, ""):
            strangers.note(name, None)
    purchased_at, updated_at = (read[name] for name in _TIMES)
    if updated_at and updated_at > reading.at + _CLOCKS_DIFFER:
        strangers.note(_TIMES[1], body.get(_TIMES[1]))
    return {
        "purchased_at": purchased_at or updated_at or reading.at,
        "updated_at": min(updated_at or purchased_at or reading.at, reading.at),
        "fetched_at": reading.at,
    }


def _standing(body: Mapping[str, object], strangers: Strangers) -> dict[str, object]:
    """Read who ships it, how far it is, whether it is Prime, and the promised times."""
    facts = obj(body.get("fulfillment"))
    status = strangers.needed_word("fulfillmentStatus", facts.get("fulfillmentStatus"), _STATUSES)
    fulfillment = Fulfillment(status) if status in _STATUSES else Fulfillment.UNKNOWN
    who = strangers.needed_word("fulfilledBy", facts.get("fulfilledBy"), _FULFILLERS)
    fulfilled_by = FulfilledBy(who) if who in _FULFILLERS else FulfilledBy.UNKNOWN
    programs = _programs(body.get("programs"), strangers)
    printing = strangers.window("labelPrintingWindow", facts.get("labelPrintingWindow"))
    return {
        "fulfillment": fulfillment,
        "status": STANDING[fulfillment],
        "fulfilled_by": fulfilled_by,
        "programs": programs or (),
        "prime": _prime(programs, fulfilled_by),
        "service_level": strangers.word(
            "fulfillmentServiceLevel", facts.get("fulfillmentServiceLevel"), SERVICE_LEVELS
        ),
        "ship_by": strangers.window("shipByWindow", facts.get("shipByWindow")),
        "deliver_by": strangers.window("deliverByWindow", facts.get("deliverByWindow")),
        "label_from": printing.earliest,
    }


def _programs(value: object, strangers: Strangers) -> tuple[str, ...] | None:
    """Read the programs; None when they cannot be told, which is not the same as none."""
    if value is None:
        return ()
    if not isinstance(value, list):
        strangers.note("programs", value)
        return None
    read = tuple(strangers.needed_word("programs", program, KNOWN_PROGRAMS) for program in value)
    return read if all(read) else None


def _prime(programs: tuple[str, ...] | None, fulfilled_by: FulfilledBy) -> Prime:
    """Decide whether it is merchant-fulfilled Prime: the word alone does not make it so."""
    if fulfilled_by is FulfilledBy.AMAZON:
        return Prime.NO
    if programs is None:
        return Prime.UNKNOWN
    if PRIME_PROGRAM not in programs:
        return Prime.NO
    return Prime.YES if fulfilled_by is FulfilledBy.MERCHANT else Prime.UNKNOWN


def _packages(value: object, strangers: Strangers) -> tuple[OrderPackage, ...]:
    """Read the packages Amazon knows of; one that cannot be read is noted, so it blocks too."""
    if value is not None and not isinstance(value, list):
        strangers.note("packages", value)
    packages = []
    for row in rows(value):
        if not isinstance(row, dict):
            strangers.note("packages", row)
            continue
        packages.append(
            OrderPackage(
                reference=text(row.get("packageReferenceId")),
                carrier=text(row.get("carrier"), 80),
                service=text(row.get("shippingService"), 80),
                tracking_id=text(row.get("trackingNumber"), 80),
                status=text(obj(row.get("packageStatus")).get("status"), 80),
                created_at=strangers.moment("packages.createdTime", row.get("createdTime")),
            )
        )
    return tuple(packages)


def _ship_to(
    body: Mapping[str, object], reading: Reading, strangers: Strangers
) -> dict[str, object]:
    """Read where Amazon sends it, if that was asked for."""
    if not reading.with_address:
        return {}
    address = obj(obj(body.get("recipient")).get("deliveryAddress"))
    if not address:
        return {}
    kind = strangers.word("addressType", address.get("addressType"), ADDRESS_KINDS)
    regions = ("stateOrRegion", "districtOrCounty", "municipality")
    return {
        "ship_to_kind": kind,
        "ship_to": Address(
            name=text(address.get("name")),
            company=text(address.get("companyName")),
            line1=text(address.get("addressLine1")),
            line2=text(address.get("addressLine2")),
            line3=text(address.get("addressLine3")),
            city=text(address.get("city")),
            region=next((text(address.get(name)) for name in regions if address.get(name)), ""),
            postal_code=text(address.get("postalCode"), 40),
            country=text(address.get("countryCode"), 40).upper(),
            phone=text(address.get("phone"), 80),
            residential={"RESIDENTIAL": True, "COMMERCIAL": False}.get(kind),
        ),
    }
