"""Values as rules spell them: numbers, money, weights, sizes, days, spans, yes and no.

Each reader takes the text and gives the value, or raises Misfit with what was expected.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from primetui.domain.measures import Dimensions, Weight
from primetui.errors import ConfigError

_NUMBER: Final = re.compile(r"-?\d{1,12}(?:\.\d{1,4})?", re.ASCII)
_MONEY: Final = re.compile(r"(\d{1,9}(?:\.\d{1,4})?)\s*([a-z]{3})?", re.IGNORECASE | re.ASCII)
_SPAN: Final = re.compile(r"(\d{1,4})\s*(m|h|d|w)", re.IGNORECASE | re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UNITS: Final = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
YEARS: Final = range(1995, 2100)
"""Years in which anybody ships; others are slips of the finger."""


class Misfit(Exception):
    """A text that is no value of its kind; `choices` is all there is, where that is a list."""

    def __init__(self, expected: str, choices: tuple[str, ...] = ()) -> None:
        super().__init__(expected)
        self.expected = expected
        self.choices = choices


class Amount(NamedTuple):
    """An amount of money; a blank currency is whatever the order was paid in."""

    amount: Decimal
    currency: str


class Days(NamedTuple):
    """A stretch of time, its end not included: a day, or one instant of it."""

    start: datetime
    end: datetime


def number(text: str) -> Decimal:
    """Read a number, digits only."""
    if not _NUMBER.fullmatch(text):
        raise Misfit("a number in digits, such as 3 or 2.5")
    return Decimal(text)


def money(text: str) -> Amount:
    """Read an amount, with or without its currency."""
    match = _MONEY.fullmatch(text)
    if match is None:
        raise Misfit("an amount, such as 50 or 50USD")
    return Amount(Decimal(match[1]), (match[2] or "").upper())


def weight(text: str) -> Decimal:
    """Read a weight, in grams."""
    try:
        return Weight.read(text).grams
    except ConfigError:
        raise Misfit("a weight with its unit, such as 800g, 1.2kg, 12oz or 2lb") from None


def size(text: str) -> Dimensions:
    """Read a box."""
    try:
        return Dimensions.read(text)
    except ConfigError:
        raise Misfit("a size, such as 30x20x10cm or 12x8x4in") from None


def span(text: str) -> timedelta:
    """Read a stretch of time."""
    match = _SPAN.fullmatch(text)
    if match is None:
        raise Misfit("a span of time, such as 30m, 4h, 2d or 1w")
    return int(match[1]) * _UNITS[match[2].lower()]


def days(text: str, zone: ZoneInfo) -> Days:
    """Read a date, or a date with a time, in the account's zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _no_date() from None
    if moment.year not in YEARS or not _DATE.match(text):
        raise _no_date()
    if _DATE.fullmatch(text):
        day = moment.date()
        return Days(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))
    exact = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    return Days(exact, exact + timedelta(microseconds=1))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _no_date() -> Misfit:
    return Misfit("a date, such as 2026-11-24 or 2026-11-24T17:00")


def yes_no(text: str) -> bool:
    """Read yes or no."""
    if text.casefold() not in {"yes", "no"}:
        raise Misfit("yes or no", ("yes", "no"))
    return text.casefold() == "yes"
