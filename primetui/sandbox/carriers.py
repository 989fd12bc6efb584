"""The carriers the sandbox sells: services, calendars, zones and limits, read once from the data file."""

import re
import tomllib
from datetime import date, time, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

_DATA = Path(__file__).with_name("carriers.toml")
LAST_ZONE = 5


class _Data(BaseModel):
    """A record of the data file, checked when it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Service(_Data):
    """One way a carrier delivers; `transit` is its working days by zone, prices are per parcel."""

    id: str
    name: str
    transit: tuple[int, ...]
    base: Decimal
    per_kg: Decimal
    max_kg: int
    max_length_cm: int
    max_girth_cm: int
    hidden_when_late: bool = False
    asks: bool = False
    """Buying it needs further answers of the seller."""
    withheld: str = ""
    """The ineligibility code under which this service is never offered, or nothing."""


class Carrier(_Data):
    """Who moves parcels: when it collects, when it delivers, what it can confirm."""

    id: str
    name: str
    country: str
    numbering: str
    cutoff: time
    collects: time
    pickup_days: tuple[int, ...]
    delivery_days: tuple[int, ...]
    confirmations: dict[str, Decimal]
    services: tuple[Service, ...]
    formats: tuple[str, ...] = ("PDF", "PNG", "ZPL203", "ZPL300", "ShippingServiceDefault")
    """What Merchant Fulfillment prints its labels as."""
    po_boxes: bool = False
    tracked: bool = False
    max_zone: int = LAST_ZONE


class Region(_Data):
    """Places that share a time zone and a position on the carriers' map."""

    time_zone: str
    areas: tuple[str, ...]
    far: bool = False

    @property
    def zone(self) -> tzinfo:
        """The region's time zone."""
        return ZoneInfo(self.time_zone)


class Country(_Data):
    """A country's holidays (month-day) and regions, neighbours next to each other."""

    holidays: tuple[str, ...]
    regions: tuple[Region, ...]

    def is_holiday(self, day: date) -> bool:
        """Tell whether nothing is collected or delivered that day."""
        return f"{day:%m-%d}" in self.holidays

    def region(self, state: str, postal_code: str) -> Region:
        """Find a place's region by its state, or by the letters of its postcode."""
        area = re.match(r"[A-Z]*", postal_code.upper())
        keys = {state.upper(), area.group() if area else ""} - {""}
        found = (region for region in self.regions if keys & set(region.areas))
        return next(found, self.regions[0])

    def distance(self, one: Region, other: Region) -> int:
        """Number the shipping zone between two regions, 1 (same) to 5 (far)."""
        if one is other:
            return 1
        if one.far or other.far:
            return LAST_ZONE
        return min(LAST_ZONE, 1 + abs(self.regions.index(one) - self.regions.index(other)))


class Catalogue(_Data):
    """Everything the data file says."""

    carrier_codes: frozenset[str]
    countries: dict[str, Country]
    carriers: tuple[Carrier, ...]

    def serving(self, country: str) -> tuple[Carrier, ...]:
        """List the carriers of a country, in the file's order."""
        return tuple(carrier for carrier in self.carriers if carrier.country == country)


@cache
def catalogue() -> Catalogue:
    """Read the data file, once."""
    data: dict[str, Any] = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return Catalogue.model_validate(data)
