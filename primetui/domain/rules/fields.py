"""The fields that criteria ask about: what each is called, what kind it is, how it is read.

`LEFT_OUT` names the criteria merchants know from elsewhere that our orders cannot answer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from primetui.domain.address import Address
from primetui.domain.order import Prime
from primetui.domain.rules.literals import Amount
from primetui.domain.rules.view import MARKETPLACES, View
from primetui.domain.value import Moment

Fact = str | int | Decimal | bool | Amount | Moment | frozenset[str] | tuple[str, ...] | None
"""What a field reads; None is not known."""


class Kind(StrEnum):
    """What sort of thing a field reads; it decides the operators."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"
    WEIGHT = "weight"
    MOMENT = "moment"
    TAGS = "tags"
    YES_NO = "yes or no"
    ITEMS = "items"
    """A text of every item."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something about an order that a criterion can ask."""

    name: str
    label: str
    """What merchants know it as."""
    kind: Kind
    read: Callable[[View], Fact]
    known: str = ""
    """The attribute of Known that lists its values, where one does."""
    choices: tuple[str, ...] = ()
    """Its values, where they never change."""
    of_person: bool = False
    """Its value names the buyer: it is sealed on disk, and opened only for rules that ask."""


def _place_of(part: str) -> Callable[[View], str | None]:
    def read(view: View) -> str | None:
        address = view.record.order.ship_to
        text: str | None = None if address is None else getattr(address, part)
        return text

    return read


def _person(part: str) -> Callable[[View], str | None]:
    """Read what names the buyer, which is not known while it is sealed."""
    of_place = _place_of(part)
    return lambda view: None if view.record.order.sealed else of_place(view)


def _order(part: str) -> Callable[[View], Fact]:
    def read(view: View) -> Fact:
        fact: Fact = getattr(view.record.order, part)
        return fact

    return read


def _handling(part: str) -> Callable[[View], str]:
    def read(view: View) -> str:
        text: str = getattr(view.record.handling, part)
        return text

    return read


def _residential(view: View) -> bool | None:
    address = view.record.order.ship_to
    return None if address is None else address.residential


def _international(view: View) -> bool | None:
    """Compare where it goes with where it leaves, or with the account's home."""
    to, start = view.record.order.ship_to, _leaves_from(view)
    home = start.country if start and start.country else view.setting.account.country
    return None if to is None or not to.country else to.country != home


def _leaves_from(view: View) -> Address | None:
    own = view.record.shipment.ship_from
    return own or (view.store.ship_from if view.store else None)


def _place(view: View) -> str | None:
    """Name the place it leaves from: its store's own, or whichever was chosen for it."""
    chosen = view.record.shipment.ship_from
    if chosen is None:
        return view.store.name if view.store and view.store.ship_from else None
    named = (name for name, place in view.setting.places().items() if place == chosen)
    return next(named, None)


def _subtotal(view: View) -> Amount | None:
    """Add up the items' prices; unknown while one of them is, or when currencies differ."""
    items = view.record.order.items
    prices = [item.unit_price for item in items if item.unit_price is not None]
    if not prices or len(prices) < len(items) or len({p.currency for p in prices}) > 1:
        return None
    amounts = (p.amount * item.quantity for p, item in zip(prices, items, strict=True))
    return Amount(sum(amounts, Decimal(0)), prices[0].currency)


def _tags(view: View) -> frozenset[str]:
    return frozenset(tag.name for tag in view.record.tags)


def _store(view: View) -> str | None:
    return view.store.name if view.store else None


def _marketplace(view: View) -> str | None:
    return MARKETPLACES[view.store.kind] if view.store else None


def _fields() -> Iterator[Field]:
    text, choice = Kind.TEXT, Kind.CHOICE
    for name, label, part in (
        ("address-1", "Address Line 1", "line1"),
        ("address-2", "Address Line 2", "line2"),
        ("postal-code", "Postal Code", "postal_code"),
        ("recipient", "Recipient Name", "name"),
        ("company", "Recipient Company", "company"),
    ):
        yield Field(name, label, text, _person(part), of_person=True)
    yield Field("city", "City", text, _place_of("city"))
    yield Field("state", "State", text, _place_of("region"))
    yield Field("country", "Country", choice, _place_of("country"))
    yield Field("residential", "Residential/Commercial", Kind.YES_NO, _residential)
    yield Field("international", "International Order", Kind.YES_NO, _international)
    yield Field(
        "marketplace", "Marketplace", choice, _marketplace, choices=tuple(MARKETPLACES.values())
    )
    yield Field("store", "Store", choice, _store, known="stores")
    yield Field("source", "Order Source", text, _order("sales_channel"))
    yield Field("order", "Order #", text, _order("id"))
    yield Field("ordered", "Order Date", Kind.MOMENT, _order("purchased_at"))
    yield Field("ship-by", "Ship By Date", Kind.MOMENT, lambda v: v.record.order.ship_by.latest)
    yield Field(
        "deliver-by", "Deliver by Date", Kind.MOMENT, lambda v: v.record.order.deliver_by.latest
    )
    yield Field(
        "requested-service",
        "Requested Service (Marketplace Value)",
        text,
        _order("requested_service"),
    )
    yield Field(
        "service", "Requested Service (Mapped)", text, _handling("service"), known="services"
    )
    yield Field("carrier", "Carrier", text, _handling("carrier"), known="carriers")
    yield Field("ship-from", "Ship From Location", choice, _place, known="places")
    yield Field("package", "Package", text, _handling("package_name"))
    yield Field("weight", "Order Weight (Total Weight)", Kind.WEIGHT, View.weight_grams)
    yield Field("subtotal", "Order Subtotal", Kind.MONEY, _subtotal)
    yield Field(
        "quantity",
        "Total Quantity",
        Kind.NUMBER,
        lambda v: sum(item.quantity for item in v.record.order.items),
    )
    yield Field("lines", "# of Line Items", Kind.NUMBER, lambda v: len(v.record.order.items))
    yield Field("sku", "Item SKU", Kind.ITEMS, lambda v: tuple(i.sku for i in v.record.order.items))
    yield Field(
        "item", "Item Name", Kind.ITEMS, lambda v: tuple(i.title for i in v.record.order.items)
    )
    yield Field("tags", "Order Tags", Kind.TAGS, _tags, known="tags")
    yield Field("assigned-to", "Assigned User", choice, _handling("assigned_to"), known="operators")
    yield Field("note", "Internal Notes", text, _handling("note"))
    for number in "123":
        custom = _handling(f"custom_{number}")
        yield Field(f"custom-{number}", f"Custom Field {number}", text, custom)
    yield from _beyond()


def _beyond() -> Iterator[Field]:
    """Give what a Prime merchant asks and the usual vocabulary lacks."""
    primes = tuple(prime.value for prime in Prime)
    yield Field(
        "prime", "Amazon Prime", Kind.CHOICE, lambda v: v.record.order.prime.value, choices=primes
    )
    yield Field(
        "programs", "Amazon programs", Kind.TAGS, lambda v: frozenset(v.record.order.programs)
    )
    yield Field("service-level", "Service level", Kind.TEXT, _order("service_level"))
    yield Field(
        "cancellation",
        "Cancellation requested",
        Kind.YES_NO,
        lambda v: v.record.order.wants_cancellation,
    )


FIELDS: Final = {field.name: field for field in _fields()}

LEFT_OUT: Final = {
    "Address Verified": "no address check is connected",
    "Customer": "the buyer's own name is never imported",
    "Buyer ID": "the buyer's id is never imported",
    "Amount Paid": "orders are imported without what was paid",
    "Order Total": "orders are imported without shipping and tax; ask for the subtotal",
    "Shipping Paid": "orders are imported without what was paid for shipping",
    "Tax Paid": "orders are imported without tax",
    "Date Paid": "the marketplaces tell no date of payment",
    "Brand": "it belongs to warehouses that ship for others",
    "Gift Order": "orders are imported without their gift options",
    "Warehouse Location": "there is no catalogue of products",
    "Shipping Account": "labels are bought on the merchant's own account only",
    "USPS Zone": "only the carrier knows it, when it names a rate",
    "Notes to the Buyer": "nothing is written to buyers",
    "Notes from Buyer": "orders are imported without the buyer's notes",
}
"""Criteria that our orders cannot answer, and why."""
