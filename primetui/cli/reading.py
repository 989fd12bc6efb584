"""Read what was typed: weights, sizes, money, addresses, dates; errors say what was expected."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from primetui.domain.address import Address
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.money import Money
from primetui.domain.shipment import Package
from primetui.domain.store import typed_country
from primetui.errors import ConfigError

Word = TypeVar("Word", bound=StrEnum)

_NUMBER = r"(\d{1,9}(?:\.\d{1,4})?)"
_SPAN = re.compile(r"(\d{1,4})\s*(m|h|d)", re.IGNORECASE)
_SPAN_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
YEARS = range(1995, 2100)
"""Years in which Amazon sells; others are slips of the finger, and some no clock can hold."""
LONGEST_TRACKING = 100
_MONEY = re.compile(rf"{_NUMBER}\s*([A-Za-z]{{3}})?")


def read_limit(text: str, currency: str) -> Money:
    """Read a spending limit, `12.50` or `12.50 USD`, in the currency labels are priced in."""
    match = _MONEY.fullmatch(text.strip())
    if match is None:
        raise ConfigError(f"{text!r} is not an amount: write 12.50 or 12.50 USD.")
    named = (match[2] or currency).upper()
    return Money(amount=Decimal(match[1]), currency=named)


def read_word(kind: type[Word], text: str, what: str) -> Word:
    """Read one of an enumeration's words, whatever its case."""
    for word in kind:
        if word.value.casefold() == text.strip().casefold():
            return word
    raise ConfigError(f"{text!r} is no {what}: one of {', '.join(w.value for w in kind)}.")


def read_address(pairs: list[str], start: Address | None = None) -> Address | None:
    """Read FIELD=TEXT pairs into an address; None when there are none and no start."""
    fields: dict[str, str] = {}
    known = [name for name in Address.model_fields if name != "residential"]
    for pair in pairs:
        field, equals, text = pair.partition("=")
        if not equals or field not in known:
            raise ConfigError(f"{pair!r}: write FIELD=TEXT with one of {', '.join(known)}.")
        fields[field] = text.strip()
    if not fields:
        return start
    if "country" in fields:
        fields["country"] = typed_country(fields["country"])
    return (start or Address()).changed(**fields)


def read_package(weight: str | None, size: str | None, start: Package | None) -> Package | None:
    """Read a default package from what was typed of it."""
    if weight is None and size is None:
        return start
    package = start or Package()
    return package.changed(
        weight=Weight.read(weight) if weight else package.weight,
        dimensions=Dimensions.read(size) if size else package.dimensions,
    )


def read_day(text: str, zone: ZoneInfo) -> datetime:
    """Read a date as noon of that day in the account's zone, where no clock change can move it."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise ConfigError(f"{text!r} is not a date: write YYYY-MM-DD.") from None
    _refuse_other_ages(text, day)
    return datetime.combine(day, time(12), tzinfo=zone)


def read_moment(text: str) -> datetime:
    """Read an instant with its zone; a time without one would be somebody's guess."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ConfigError(
            f"{text!r} is not a moment: write date, time and zone, as in 2026-11-26T20:00-05:00."
        )
    _refuse_other_ages(text, moment.date())
    return moment


def _refuse_other_ages(text: str, day: date) -> None:
    if day.year not in YEARS:
        raise ConfigError(f"{text!r}: the year must be from {YEARS[0]} to {YEARS[-1]}.")


def read_tracking(text: str) -> str:
    """Read a tracking number as a person copies it."""
    number = text.strip()
    if not number or len(number) > LONGEST_TRACKING or not number.isprintable():
        raise ConfigError(f"{text!r} is not a tracking number.")
    return number


def read_span(text: str) -> timedelta:
    """Read `30m`, `2h` or `1d`; `0m` is at once."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ConfigError(f"{text!r} is not a span of time: write 30m, 2h or 1d.")
    return int(match[1]) * _SPAN_UNITS[match[2].lower()]
