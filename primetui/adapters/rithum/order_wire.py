"""ChannelAdvisor REST API v1: JSON to orders. Pure; nothing that comes in can break it or get lost.

What is not understood is named in `Order.unrecognised`, which blocks buying (R22). Only an entry
without a readable number cannot become an order, and is named instead.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from primetui.adapters.lenient import flag, identity, obj, rows, text, whole
from primetui.adapters.rithum.item_wire import packages, read_items
from primetui.adapters.rithum.sites import (
    amazon_order_id,
    amazon_sites,
    foreign_order_id,
    is_amazon,
)
from primetui.adapters.strangers import Strangers
from primetui.domain.address import Address
from primetui.domain.order import (
    STANDING,
    CustomField,
    FulfilledBy,
    Fulfillment,
    Order,
    Origin,
    Prime,
)
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreId
from primetui.domain.value import Window

RITHUM_ORDER: Final = "rithum-"
"""Begins the id of an order whose site gave it none that can be used."""

_SHIPPING: Final = {
    "UNSHIPPED": Fulfillment.UNSHIPPED,
    "PENDINGSHIPMENT": Fulfillment.UNSHIPPED,
    "PARTIALLYSHIPPED": Fulfillment.PARTIALLY_SHIPPED,
    "SHIPPED": Fulfillment.SHIPPED,
    "CANCELED": Fulfillment.CANCELLED,
    "THIRDPARTYMANAGED": Fulfillment.DELEGATED,
}
_PAID: Final = frozenset({"CLEARED", "SUBMITTED", "DEPOSITED"})
_UNPAID: Final = frozenset({"NOTYETSUBMITTED", "FAILED"})
_CHECKED_OUT: Final = frozenset({"COMPLETED", "COMPLETEDANDVISITED", "COMPLETEDOFFLINE"})
_NOT_CHECKED_OUT: Final = frozenset({"NOTVISITED", "VISITED", "DISABLED"})
_HELD: Final = "ONHOLD"
_OURS: Final = "SELLERMANAGED"
_ROLLUPS: Final = frozenset({_OURS, "EXTERNALLYMANAGED"})
_FINISHED: Final = frozenset({Fulfillment.SHIPPED, Fulfillment.CANCELLED})
_PRIME_WORD: Final = re.compile(r"\bprime\b", re.IGNORECASE)
_MOST_FIELDS: Final = 50
_NO_REGION: Final = "001"
_NO_COUNTRY: Final = "-1"


@dataclass(frozen=True, slots=True)
class Reading:
    """For whom orders are read, and when."""

    store_id: StoreId
    at: datetime
    with_address: bool = False
    """Keep the ship-to; otherwise it is dropped, though it comes unasked."""


class Unreadable(ValueError):
    """What came is no order at all; the message says which and why."""


def own_number(entry: object) -> str:
    """Read Rithum's own number of an order; blank when there is none."""
    number = whole(obj(entry).get("ID"))
    return "" if number is None else str(number)


def read_order(entry: object, reading: Reading) -> Order:
    """Read one order, noting all that is strange about it."""
    body, own_id = obj(entry), own_number(entry)
    if not own_id:
        raise Unreadable("it has no readable ID, look for it in Rithum")
    strangers = Strangers()
    site_id, site = whole(body.get("SiteID")), text(body.get("SiteName"), 80)
    requested = _requested(body)
    standing = _standing(body, strangers)
    fulfilled_by = _fulfilled_by(body, strangers)
    facts = {
        **_times(body, reading, strangers),
        **_ship_to(body, reading, standing, strangers),
        "id": _order_id(body, own_id, site_id, site, strangers),
        "store_id": reading.store_id,
        "marketplace_id": _marketplace_id(site_id, site, strangers),
        "sales_channel": site or f"site {site_id}",
        "fulfillment": standing,
        "status": STANDING[standing],
        "fulfilled_by": fulfilled_by,
        "prime": _prime(requested, site_id, site, fulfilled_by),
        "requested_service": requested,
        "origin": _origin(body, own_id),
        "items": read_items(body, standing, strangers),
        "packages": packages(body.get("Fulfillments"), strangers),
    }
    try:
        return Order.model_validate({**facts, "unrecognised": strangers.words()})
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Unreadable(f"order {own_id} has an impossible {where}") from None


def _order_id(
    body: Mapping[str, object], own_id: str, site_id: int | None, site: str, strangers: Strangers
) -> OrderId:
    """Name the order as its marketplace does: an Amazon order has one id, whoever brings it."""
    said = identity(body.get("SiteOrderID"), 64)
    if not is_amazon(site_id, site):
        return OrderId(foreign_order_id(said, site_id, site) or RITHUM_ORDER + own_id)
    if not amazon_order_id(said):
        strangers.note("SiteOrderID", body.get("SiteOrderID"))
    return OrderId(amazon_order_id(said) or RITHUM_ORDER + own_id)


def _marketplace_id(site_id: int | None, site: str, strangers: Strangers) -> str:
    known = amazon_sites().get(site_id or 0)
    if known is None and is_amazon(site_id, site):
        strangers.note("SiteID", site_id)
    return known.marketplace_id if known else site[:40]


def _requested(body: Mapping[str, object]) -> str:
    """Read what the buyer asked for; once shipped, only the order itself still knows it."""
    wish = (body.get("RequestedShippingCarrier"), body.get("RequestedShippingClass"))
    if not text(wish[1], 80):
        waiting = (obj(f) for f in rows(body.get("Fulfillments")))
        left = (f for f in waiting if text(f.get("DeliveryStatus"), 20) == "NoChange")
        first = next(left, {})
        wish = (wish[0] or first.get("ShippingCarrier"), first.get("ShippingClass"))
    return " ".join(part for part in (text(one, 80) for one in wish) if part)


def _prime(requested: str, site_id: int | None, site: str, fulfilled_by: FulfilledBy) -> Prime:
    """Decide by the whole word and an Amazon site; what cannot be told is unknown."""
    if not is_amazon(site_id, site):
        return Prime.NO
    if not requested:
        return Prime.UNKNOWN
    if not _PRIME_WORD.search(requested):
        return Prime.NO
    sure = site_id in amazon_sites() and fulfilled_by is FulfilledBy.MERCHANT
    return Prime.YES if sure else Prime.UNKNOWN


def _standing(body: Mapping[str, object], strangers: Strangers) -> Fulfillment:
    """Read how far the order is; a word nobody knows leaves that unknown."""
    shipping = strangers.needed_word("ShippingStatus", body.get("ShippingStatus"), _SHIPPING)
    checkout = strangers.needed_word(
        "CheckoutStatus", body.get("CheckoutStatus"), _CHECKED_OUT | _NOT_CHECKED_OUT | {_HELD}
    )
    payment = strangers.needed_word("PaymentStatus", body.get("PaymentStatus"), _PAID | _UNPAID)
    standing = _SHIPPING.get(shipping, Fulfillment.UNKNOWN)
    if standing in _FINISHED:
        return standing
    if text(body.get("DistributionCenterTypeRollup"), 40).upper() == "EXTERNALLYMANAGED":
        return Fulfillment.DELEGATED
    if standing is not Fulfillment.UNSHIPPED:
        return standing
    return _paid(checkout, payment)


def _paid(checkout: str, payment: str) -> Fulfillment:
    """Read how far an order that nobody shipped is paid."""
    if checkout == _HELD:
        return Fulfillment.HELD
    if checkout in _NOT_CHECKED_OUT or payment in _UNPAID:
        return Fulfillment.PENDING
    if checkout in _CHECKED_OUT and payment in _PAID:
        return Fulfillment.UNSHIPPED
    return Fulfillment.UNKNOWN


def _fulfilled_by(body: Mapping[str, object], strangers: Strangers) -> FulfilledBy:
    """Read who ships it; a mixture is neither, and has to be looked at."""
    name = "DistributionCenterTypeRollup"
    word = strangers.needed_word(name, body.get(name), _ROLLUPS)
    return FulfilledBy.MERCHANT if word == _OURS else FulfilledBy.UNKNOWN


def _times(body: Mapping[str, object], reading: Reading, strangers: Strangers) -> dict[str, object]:
    created = strangers.moment("CreatedDateUtc", body.get("CreatedDateUtc"))
    updated = strangers.moment("UpdatedDateUtc", body.get("UpdatedDateUtc"))
    if created is None:
        strangers.note("CreatedDateUtc", body.get("CreatedDateUtc"))
    ship_by = strangers.moment("EstimatedShipDateUtc", body.get("EstimatedShipDateUtc"))
    deliver_by = strangers.moment("DeliverByDateUtc", body.get("DeliverByDateUtc"))
    return {
        "purchased_at": created or updated or reading.at,
        "updated_at": min(updated or created or reading.at, reading.at),
        "fetched_at": reading.at,
        "ship_by": Window(latest=ship_by),
        "deliver_by": Window(latest=deliver_by),
    }


def _origin(body: Mapping[str, object], own_id: str) -> Origin:
    account = whole(body.get("SiteAccountID"))
    fields = [obj(row) for row in rows(body.get("CustomFields"))[:_MOST_FIELDS]]
    return Origin(
        own_id=own_id,
        account="" if account is None else str(account),
        custom_fields=tuple(
            CustomField(
                name=text(one.get("Name"), 80) or f"field {text(one.get('FieldID'), 20)}",
                value=text(one.get("Value"), 400),
            )
            for one in fields
            if one
        ),
    )


def _ship_to(
    body: Mapping[str, object], reading: Reading, standing: Fulfillment, strangers: Strangers
) -> dict[str, object]:
    """Read where it goes, if that was asked for; removed buyers are nobody's address."""
    if flag(body.get("UserDataPresent")) is False or whole(body.get("UserDataPresent")) == 0:
        if standing not in _FINISHED:
            strangers.note("UserDataPresent", "removed by Rithum")
        return {}
    if not reading.with_address:
        return {}
    names = ("ShippingFirstName", "ShippingLastName")
    region, country = (
        text(body.get(name), 80) for name in ("ShippingStateOrProvince", "ShippingCountry")
    )
    return {
        "ship_to": Address(
            name=" ".join(part for part in (text(body.get(n)) for n in names) if part),
            company=text(body.get("ShippingCompanyName")),
            line1=text(body.get("ShippingAddressLine1")),
            line2=text(body.get("ShippingAddressLine2")),
            city=text(body.get("ShippingCity")),
            region="" if region == _NO_REGION else region,
            postal_code=text(body.get("ShippingPostalCode"), 40),
            country="" if country == _NO_COUNTRY else country[:40].upper(),
            phone=text(body.get("ShippingDaytimePhone"), 80),
        )
    }
