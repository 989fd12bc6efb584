"""Reads what was typed into a form; errors say what was expected."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from primetui.domain.address import Address
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.money import Money
from primetui.domain.shipment import Package
from primetui.domain.store import typed_country
from primetui.errors import ConfigError
from primetui.tui.dialogs.form import Field


def typed_weight(text: str) -> Weight | None:
    """Read a weight; blank is None."""
    return Weight.read(text) if text else None


def typed_size(text: str) -> Dimensions | None:
    """Read a box; blank is None."""
    return Dimensions.read(text) if text else None


def package_fields(package: Package | None) -> list[Field]:
    """Ask for weight and size, beginning with what is known."""
    weight = package.weight if package else None
    size = package.dimensions if package else None
    sides = (size.length_mm, size.width_mm, size.height_mm) if size else ()
    return [
        Field("weight", "Weight", f"{plain_number(weight.grams)}g" if weight else "", "800g, 2lb"),
        Field(
            "size",
            "Length × width × height",
            "x".join(plain_number(side / 10) for side in sides) + "cm" if sides else "",
            "30x20x10cm, 12x8x4in",
        ),
    ]


def plain_number(number: Decimal) -> str:
    """Write a number as it would be typed."""
    text = f"{number:.4f}"
    return text.rstrip("0").rstrip(".")


_AMOUNT: Final = re.compile(r"(\d{1,9}(?:\.\d{1,4})?)\s*([a-z]{3})?", re.IGNORECASE)


def typed_amounts(text: str, currencies: tuple[str, ...]) -> tuple[Money, ...]:
    """Read `81.20 USD + 3.10 GBP`; an amount needs no currency where there is but one."""
    return tuple(_amount(part.strip(), currencies) for part in text.split("+") if part.strip())


def _amount(text: str, currencies: tuple[str, ...]) -> Money:
    match = _AMOUNT.fullmatch(text)
    only = currencies[0] if len(currencies) == 1 else ""
    currency = ((match[2] if match else None) or only).upper()
    if match is None or not currency:
        raise ConfigError(f"{text!r} is not an amount: write 12.50 USD.")
    return Money(amount=Decimal(match[1]), currency=currency)


_ADDRESS_LABELS: Final = {
    "name": "Name",
    "line1": "Street",
    "line2": "Street, second line",
    "city": "City",
    "region": "State, province or county",
    "postal_code": "Postal code",
    "country": "Country, two letters",
    "phone": "Phone",
}


def address_fields(address: Address | None, first: str = "Ship-from: name") -> list[Field]:
    """Ask for an address, beginning with what is known; `first` is how its name is asked for."""
    known = address or Address()
    labels = _ADDRESS_LABELS | {"name": first}
    return [Field(key, label, getattr(known, key)) for key, label in labels.items()]


def typed_address(typed: Mapping[str, str]) -> Address | None:
    """Read a ship-from address; all blank is None."""
    values = {key: typed.get(key, "") for key in _ADDRESS_LABELS}
    if not any(values.values()):
        return None
    if values["country"]:
        values["country"] = typed_country(values["country"])
    return Address().changed(**values)


def typed_moment(text: str, zone: ZoneInfo) -> datetime:
    """Read a date with its time; one without an offset is in the account's zone.

    A date alone is refused: its first minute is a promise that nobody made.
    """
    try:
        moment = datetime.fromisoformat(text) if ":" in text else None
    except ValueError:
        moment = None
    if moment is None:
        raise ConfigError(f"{text!r} is not a moment: write date and time, as 2026-11-26 20:00.")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


_SPAN: Final = re.compile(r"(\d{1,4})\s*([mhd])", re.IGNORECASE)
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def typed_span(text: str) -> timedelta:
    """Read `30m`, `2h` or `1d`."""
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ConfigError(f"{text!r} is not a span of time: write 30m, 2h or 1d.")
    return int(match[1]) * _UNITS[match[2].lower()]


Word = TypeVar("Word", bound=StrEnum)


def typed_word(kind: type[Word], text: str, what: str) -> Word:
    """Read one of an enumeration's words, whatever its case."""
    for word in kind:
        if word.value.casefold() == text.casefold():
            return word
    raise ConfigError(f"{text!r} is no {what}: one of {', '.join(w.value for w in kind)}.")
