"""Rithum's believable orders: some of Amazon's own, some of another Amazon account, some of others."""

import itertools
import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from primetui.sandbox import records as amazon
from primetui.sandbox.rithum.records import Line, Order, Profile, Sending, Site

SITES: Final = {
    "Amazon US": Site(640, "Amazon US", 7001, "USD", "US", is_amazon=True),
    "Amazon UK": Site(641, "Amazon UK", 7002, "GBP", "GB", is_amazon=True),
    "Amazon DE": Site(642, "Amazon DE", 7003, "EUR", "DE", is_amazon=True),
    "Amazon US, second account": Site(640, "Amazon US", 7009, "USD", "US", is_amazon=True),
    "eBay US": Site(1, "eBay US", 7101, "USD", "US"),
    "Walmart": Site(1155, "Walmart Marketplace", 7201, "USD", "US"),
}
"""Where the profile sells; the numbers of Amazon's sites are Rithum's own."""

_HOMES: Final = {"US": "Amazon US", "GB": "Amazon UK", "DE": "Amazon DE"}
_PRIME_CLASS: Final = {"US": "Prime Standard", "GB": "Prime NextDay", "DE": "Prime SecondDay"}
_FIRST_ID: Final = 5_000_001
_CITIES: Final = {
    "US": ("Columbus", "OH", "43215"),
    "GB": ("Leeds", "West Yorkshire", "LS1 4AP"),
    "DE": ("Leipzig", "Sachsen", "04109"),
}
_MIX: Final = (
    ("Amazon US, second account", "Prime SecondDay"),
    ("eBay US", "Standard"),
    ("Walmart", "VALUE"),
    ("Amazon US, second account", "Premium NextDay"),
)
"""What orders that only Rithum has look like, in turn."""

SiteName = Literal[
    "Amazon US", "Amazon UK", "Amazon DE", "Amazon US, second account", "eBay US", "Walmart"
]


class Story(BaseModel):
    """What is special about an order; everything left out is ordinary."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: SiteName = "Amazon US"
    copy_of: str | None = None
    """An order the sandbox's Amazon has: Rithum has it too."""
    site_order_id: str | None = ""
    """Blank: one is made up; null: the site gave none."""
    requested_carrier: str | None = None
    requested_class: str | None = "Prime Standard"
    checkout: str = "Completed"
    payment: str = "Cleared"
    shipping: str = "Unshipped"
    rollup: str = "SellerManaged"
    ship_by_hours: float | None = 30
    deliver_by_hours: float | None = 100
    quantities: Annotated[tuple[PositiveInt, ...], Field(min_length=1, max_length=60)] = (1,)
    buyer: str = "Robin Example"
    line1: str = "12 Example Street"
    title: str = "Enamel mug"
    custom_fields: dict[str, str] = Field(default_factory=dict)
    exported: bool = False
    shipped_tracking: str | None = None
    """It was shipped already, under this number."""


class Seeder:
    """Makes Rithum's orders: the same ones for the same seed, orders of Amazon's and time."""

    def __init__(self, seed: int, amazon_orders: dict[str, amazon.Order]) -> None:
        self._chance = random.Random(f"rithum {seed}")  # noqa: S311 - an invented world
        self._ids = itertools.count(_FIRST_ID)
        self._amazon = amazon_orders

    def orders(self, count: int, now: datetime) -> Iterator[Order]:
        """Make `count` orders: half of them Amazon's own too, as far as it has that many."""
        shared = self._shared(count // 2)
        for twin in shared:
            yield self._copy(Story(copy_of=twin.order_id), twin)
        for number in range(count - len(shared)):
            site, wanted = _MIX[number % len(_MIX)]
            told = {"site": site, "requested_class": wanted}
            yield self.make(Story.model_validate(told), now - timedelta(minutes=number % 1000))

    def make(self, story: Story, now: datetime) -> Order:
        """Make one order that has just come in; KeyError when its twin is not there."""
        if story.copy_of is not None:
            return self._copy(story, self._amazon[story.copy_of], now)
        site, number = SITES[story.site], next(self._ids)
        order = Order(
            id=number,
            site=site,
            site_order_id=self._site_order_id(story, site, number),
            created=now,
            updated=now,
            checkout=story.checkout,
            payment=story.payment,
            shipping=story.shipping,
            rollup=story.rollup,
            requested_carrier=story.requested_carrier or ("Amazon" if site.is_amazon else None),
            requested_class=story.requested_class,
            ship_by=_after(now, story.ship_by_hours),
            deliver_by=_after(now, story.deliver_by_hours),
            place=_place(story, site.country),
            email=f"buyer{number}@relay.example",
            lines=self._lines(story, number),
            custom_fields=story.custom_fields,
            exported=story.exported,
        )
        if story.shipped_tracking is not None:
            order.sendings.append(_shipped_before(order, story.shipped_tracking, now))
        return order

    def _shared(self, count: int) -> list[amazon.Order]:
        """Choose orders of Amazon's that Rithum has too: what is pending is not passed on."""
        passed_on = [
            order
            for order in self._amazon.values()
            if order.fulfilled_by == "MERCHANT"
            and order.base_status != "PENDING"
            and not order.story.startswith("hostile")
        ]
        return passed_on[::2][:count]

    def _copy(self, story: Story, twin: amazon.Order, now: datetime | None = None) -> Order:
        site, number = SITES[_HOMES[twin.store.country]], next(self._ids)
        told = "requested_class" in story.model_fields_set
        prime = _PRIME_CLASS[twin.store.country] if twin.prime else "Standard"
        at = now or twin.created
        return Order(
            id=number,
            site=site,
            site_order_id=story.site_order_id or twin.order_id,
            created=at,
            updated=at,
            checkout=story.checkout,
            payment=story.payment,
            shipping=story.shipping,
            rollup=story.rollup,
            requested_carrier=story.requested_carrier or "Amazon",
            requested_class=story.requested_class if told else prime,
            ship_by=twin.ship_by.latest if twin.ship_by else None,
            deliver_by=twin.deliver_by.latest if twin.deliver_by else None,
            place=twin.place,
            email=twin.email,
            lines=[
                Line(
                    item_id=number * 100 + place,
                    site_item_id=item.item_id,
                    sku=item.sku,
                    title=item.title,
                    quantity=item.quantity,
                    unit_price=item.unit_price,
                )
                for place, item in enumerate(twin.items)
            ],
            custom_fields=story.custom_fields,
            exported=story.exported,
            twin=twin,
        )

    def _site_order_id(self, story: Story, site: Site, number: int) -> str | None:
        if story.site_order_id is None or story.site_order_id:
            return story.site_order_id
        if site.is_amazon:
            first = 115 if site.country == "US" else 306
            return f"{first}-{self._chance.randrange(10**7):07d}-{number % 10**7:07d}"
        return f"{number % 100:02d}-{number:05d}-{self._chance.randrange(10**5):05d}"

    def _lines(self, story: Story, number: int) -> list[Line]:
        return [
            Line(
                item_id=number * 100 + place,
                site_item_id=f"{number * 100 + place:014d}",
                sku=f"MUG-{place + 1:02d}",
                title=story.title,
                quantity=quantity,
                unit_price=Decimal("14.90"),
            )
            for place, quantity in enumerate(story.quantities)
        ]


def make_profile(seed: int) -> Profile:
    """Make the one profile, with the same credentials for the same seed."""
    chance = random.Random(f"rithum profile {seed}")  # noqa: S311 - credentials of a sandbox
    return Profile(
        profile_id=32_001_234,
        name="Northwind at Rithum",
        application_id=f"{chance.getrandbits(128):032x}",
        shared_secret=f"{chance.getrandbits(128):032x}",
        refresh_token=f"{chance.getrandbits(192):048x}",
        sites=SITES,
    )


def named(orders: Iterable[Order], site_order_id: str) -> list[Order]:
    """Find orders by the id their site gave them."""
    return [order for order in orders if order.site_order_id == site_order_id]


def _after(now: datetime, hours: float | None) -> datetime | None:
    return None if hours is None else (now + timedelta(hours=hours)).replace(microsecond=0)


def _place(story: Story, country: str) -> amazon.Place:
    city, region, postal_code = _CITIES[country]
    return amazon.Place(
        name=story.buyer,
        line1=story.line1,
        city=city,
        region=region,
        postal_code=postal_code,
        country=country,
        phone="+1 202-555-0150" if country == "US" else "+44 20 7946 0150",
    )


def _shipped_before(order: Order, tracking: str, now: datetime) -> Sending:
    return Sending(
        fulfillment_id=order.id * 10 + 1,
        carrier="UPS",
        shipping_class="GROUND",
        tracking=tracking,
        reference="",
        contents={line.item_id: line.quantity for line in order.lines},
        shipped=now,
        received=[now],
        prevented=False,
        fails=False,
        told_at=now,
    )
