"""The believable world a sandbox starts with: told stories first, then as many ordinary orders as asked."""

import itertools
import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt

from primetui.sandbox.carriers import catalogue
from primetui.sandbox.promise import END_OF_DAY, add_days, at, first_day
from primetui.sandbox.records import Item, Order, Parcel, Place, Store, Window
from primetui.sandbox.tracking import NUMBERINGS

_HERE = Path(__file__)
_LONDON, _BERLIN = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin")
_HOME_ZONES = {"US": ZoneInfo("America/Los_Angeles"), "GB": _LONDON, "DE": _BERLIN}
_DOCK_ZONES = {"US": ZoneInfo("America/New_York"), "GB": _LONDON, "DE": _BERLIN}
_PHONES = {"US": "+1 202-555-0", "GB": "+44 20 7946 0", "DE": "+49 30 555 0"}
_FIRST_PART = {"US": 111, "GB": 202, "DE": 302}
_EARLIER_CARRIER = {"US": ("UPS", "ups"), "GB": ("Royal Mail", "postal"), "DE": ("DHL", "dpd")}
_CUTOFF = time(15, 30)
_FRIDAY = 5
_DAY = timedelta(days=1)
_OFFSET = re.compile(r"([+-]\d{1,4})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
_SEVEN_DIGITS = 10**7
_STRIDE = 7_368_787
"""Shares no factor with ten million, so that order numbers never repeat."""


def _deadline(text: str) -> str:
    if text not in {"", "none"} and not _OFFSET.fullmatch(text):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("a deadline needs a time zone")
    return text


Deadline = Annotated[str, AfterValidator(_deadline)]


class Story(BaseModel):
    """What is special about an order; everything left out is chosen by chance.

    `ship_by`, `deliver_by` and `label_from` are "none", a date-time, minutes or hours from now
    ("+25m", "-5h"), or the end of a working day counted from the first possible pick-up ("+2d").
    An order that is asked for is UNSHIPPED unless told otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    story: str = "ordinary"
    store: Literal["US", "GB", "DE"] | None = None
    programs: tuple[str, ...] | None = None
    fulfilled_by: Literal["MERCHANT", "AMAZON"] = "MERCHANT"
    status: Literal["UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "PENDING"] = (
        "UNSHIPPED"
    )
    level: str = "STANDARD"
    ship_by: Deadline = ""
    deliver_by: Deadline = ""
    label_from: Deadline = "none"
    quantities: Annotated[tuple[PositiveInt, ...], Field(max_length=10)] = ()
    constraints: tuple[str, ...] = ()
    item_programs: tuple[str, ...] = ()
    cancel_reason: str | None = None
    gift_message: str = ""
    buyer: str | None = None
    company: str = ""
    line1: str | None = None
    town: tuple[str, str, str] | None = None
    place_kind: str = "RESIDENTIAL"
    sku: str | None = None
    title: str | None = None
    refuses: bool = False


_ORDINARY = Story()


class Seeder:
    """Makes orders: the same ones for the same seed, stores and time."""

    def __init__(self, seed: int, stores: Sequence[Store]) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - an invented world, not a secret
        self._stores = {store.country: store for store in stores}
        self._serial = itertools.count(1)
        self._people = _read("people.toml")

    def orders(self, count: int, now: datetime) -> Iterator[Order]:
        """Make `count` orders: the told stories, then ordinary ones."""
        told = [Story.model_validate(each) for each in _read("stories.toml")["stories"]]
        for story in told[:count]:
            yield self._order(story, now, story.status)
        for _ in range(count - len(told)):
            yield self._order(_ORDINARY, now, self._chance.choices(*_STATUSES)[0])

    def make(self, story: Story, now: datetime) -> Order:
        """Make one order that has just come in."""
        order = self._order(story, now, story.status)
        order.created = order.updated = now
        return order

    def _order(self, story: Story, now: datetime, status: str) -> Order:
        chance, serial = self._chance, next(self._serial)
        country = story.store or ("US" if chance.random() < _SHARE_US else "GB")
        store = self._stores.get(country)
        if store is None:
            raise ValueError(f"the sandbox has no {country} store")
        buyer = story.buyer if story.buyer is not None else self._name()
        place = self._place(story, country, buyer)
        ship_by, deliver_by = self._deadlines(story, now, place)
        created = min(now, ship_by.latest if ship_by else now) - _minutes(chance, 30, 1500)
        order = Order(
            order_id=_order_id(country, serial, chance),
            store=store,
            story=story.story,
            created=created,
            updated=created + _minutes(chance, 1, 25),
            programs=_programs(story, chance),
            fulfilled_by=story.fulfilled_by,
            service_level=story.level,
            base_status="UNSHIPPED" if "SHIPPED" in status else status,
            ship_by=ship_by,
            deliver_by=deliver_by,
            label_from=_moment(story.label_from, now, country, _HOME_ZONES[country]),
            buyer=buyer,
            email=f"buyer{serial:06d}@marketplace.{store.domain.removeprefix('www.')}",
            place=place,
            items=self._items(story, serial),
            refuses=story.refuses,
        )
        if status in {"SHIPPED", "PARTIALLY_SHIPPED"}:
            order.parcels.append(_earlier_parcel(order, status, serial))
        return order

    def _name(self) -> str:
        people, chance = self._people, self._chance
        return f"{chance.choice(people['given'])} {chance.choice(people['family'])}"

    def _place(self, story: Story, country: str, name: str) -> Place:
        chance = self._chance
        city, region, postal_code = story.town or chance.choice(self._people["towns"][country])
        number = chance.randrange(1, 900)
        street = f"{number} {chance.choice(self._people['streets'])}"
        return Place(
            name=name,
            line1=street if story.line1 is None else story.line1,
            line2=f"Flat {number % 40}" if number % 5 == 0 else "",
            city=city,
            region=region,
            postal_code=postal_code,
            country=country,
            company=story.company,
            phone=f"{_PHONES[country]}{100 + number % 100}",
            kind=story.place_kind,
        )

    def _deadlines(
        self, story: Story, now: datetime, place: Place
    ) -> tuple[Window | None, Window | None]:
        days = self._chance.choices(*_SHIP_DAYS)[0]
        slack = self._chance.randrange(2, 5)
        country = place.country
        there = catalogue().countries[country].region(place.region, place.postal_code).zone
        ship_text = story.ship_by or f"{days:+d}d"
        deliver_text = story.deliver_by or f"{max(days, 0) + slack:+d}d"
        home = _HOME_ZONES[country]
        return _span(ship_text, now, country, home), _span(deliver_text, now, country, there)

    def _items(self, story: Story, serial: int) -> list[Item]:
        chance = self._chance
        quantities = story.quantities or chance.choices(*_QUANTITIES)[0]
        products = chance.sample(self._people["products"], len(quantities))
        items = [
            Item(
                item_id=f"{serial * 10 + line:014d}",
                asin=f"B0{serial * 7 + line:08d}",
                sku=sku,
                title=title,
                quantity=quantity,
                unit_price=Decimal(price),
            )
            for line, (quantity, (sku, title, price)) in enumerate(
                zip(quantities, products, strict=True)
            )
        ]
        first = items[0]
        first.sku = first.sku if story.sku is None else story.sku
        first.title = first.title if story.title is None else story.title
        first.constraints, first.programs = story.constraints, story.item_programs
        first.cancel_reason, first.gift_message = story.cancel_reason, story.gift_message
        return items


_SHARE_US = 0.65
_SHARE_PRIME = 0.75
_STATUSES = (("UNSHIPPED", "SHIPPED", "CANCELLED", "PENDING"), (88, 7, 3, 2))
_SHIP_DAYS = ((-1, 0, 1, 2, 5), (6, 34, 32, 16, 12))
_QUANTITIES = (((1,), (2,), (1, 1), (3,), (1, 2, 1)), (60, 15, 15, 5, 5))


def _minutes(chance: random.Random, least: int, most: int) -> timedelta:
    return timedelta(minutes=chance.randrange(least, most))


def _programs(story: Story, chance: random.Random) -> tuple[str, ...]:
    ordinary = ("PRIME",) if chance.random() < _SHARE_PRIME else ()
    if story.programs is not None:
        return story.programs
    return ("PRIME",) if story.story.startswith(("prime", "hostile")) else ordinary


def _order_id(country: str, serial: int, chance: random.Random) -> str:
    first = _FIRST_PART[country] + chance.randrange(4)
    middle = chance.randrange(_SEVEN_DIGITS)
    return f"{first}-{middle:07d}-{serial * _STRIDE % _SEVEN_DIGITS:07d}"


def _moment(text: str, now: datetime, country: str, zone: tzinfo) -> datetime | None:
    """Read a story's deadline; see `Story`."""
    if text == "none":
        return None
    offset = _OFFSET.fullmatch(text)
    if offset is None:
        return datetime.fromisoformat(text)
    count, unit = int(offset[1]), offset[2]
    if unit != "d":
        return (now + count * _UNITS[unit]).replace(microsecond=0)
    local = now.astimezone(_DOCK_ZONES[country])
    today = local.date() if local.time() < _CUTOFF else local.date() + _DAY
    return at(_working_day(country, today, count), END_OF_DAY, zone)


def _working_day(country: str, today: date, count: int) -> date:
    calendar = catalogue().countries[country]

    def works(day: date) -> bool:
        return day.isoweekday() <= _FRIDAY and not calendar.is_holiday(day)

    first = first_day(today, works)
    return add_days(first, count, works) if count >= 0 else today + count * _DAY


@lru_cache(maxsize=1024)
def _span(text: str, now: datetime, country: str, zone: tzinfo) -> Window | None:
    """Read a deadline as the span that ends there; ordinary orders share their spans."""
    latest = _moment(text, now, country, zone)
    return Window(latest - _DAY + timedelta(seconds=1), latest) if latest else None


def _earlier_parcel(order: Order, status: str, serial: int) -> Parcel:
    """Make the parcel of an order the seller shipped before, without PrimeTUI."""
    sent = order.items if status == "SHIPPED" else order.items[:1]
    carrier, numbering = _EARLIER_CARRIER[order.store.country]
    return Parcel(
        reference_id="1",
        created=order.updated,
        carrier=carrier,
        service="Standard",
        tracking=NUMBERINGS[numbering](9_000_000 - serial),
        contents={item.item_id: item.quantity for item in sent},
        listed_from=order.updated,
        shipped=order.updated + timedelta(hours=3),
        delivered=order.updated + 2 * _DAY,
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(_HERE.with_name(name).read_text(encoding="utf-8"))
