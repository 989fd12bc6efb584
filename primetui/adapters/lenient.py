"""Reading JSON whose types cannot be trusted: each function gives the value, or nothing.

Services write numbers as strings, ids as numbers and times as milliseconds. What is read here fits
every document: no NUL, no lone surrogate, no endless text or number.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from primetui.domain.money import Money

TEXT_LENGTH: Final = 1000
ID_LENGTH: Final = 200

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_MAGNITUDE: Final = 12
"""Powers of ten a number may have, up and down: no parcel costs or weighs more."""

_LARGEST_AMOUNT: Final = 10**12
_DIGITS: Final = 28
"""Digits a number may have: as many as decimal arithmetic keeps."""

_YEARS: Final = range(2000, 2200)
"""Years a time may lie in; a farther one is nonsense, and breaks arithmetic."""

_EARLIEST_MS: Final = 946_684_800_000
"""The year 2000 in milliseconds of the Unix epoch."""


def obj(value: object) -> Mapping[str, object]:
    """Read an object; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> Sequence[object]:
    """Read a list; anything else is an empty one."""
    return value if isinstance(value, list) else []


def text(value: object, length: int = TEXT_LENGTH) -> str:
    """Read text, or a number where text belongs; anything else is blank."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    if isinstance(value, int | Decimal):
        shown = str(value)
        return shown if len(shown) <= _DIGITS else ""
    cut = value[:length].replace("\x00", "")
    return cut.encode("utf-8", "replace").decode("utf-8").strip()


def identity(value: object, length: int = ID_LENGTH) -> str:
    """Read an id; one too long to be one is blank rather than another id."""
    read = text(value, length + 1)
    return read if len(read) <= length else ""


def number(value: object) -> Decimal | None:
    """Read a number, or text that holds one."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    if isinstance(value, str) and len(value) > 2 * _DIGITS:
        return None
    try:
        read = Decimal(value)
    except InvalidOperation:
        return None
    if not read.is_finite() or len(read.as_tuple().digits) > _DIGITS:
        return None
    return read if abs(read.adjusted()) <= _MAGNITUDE else None


def whole(value: object) -> int | None:
    """Read a count: a whole number that is not negative."""
    read = number(value)
    return int(read) if read is not None and read >= 0 and read == int(read) else None


def moment(value: object) -> datetime | None:
    """Read an instant: ISO 8601 with a zone, or milliseconds since 1970. A bare date is none."""
    try:
        milliseconds = number(value)
        if milliseconds is not None and milliseconds >= _EARLIEST_MS:
            read = datetime.fromtimestamp(float(milliseconds) / 1000, UTC)
        elif isinstance(value, str):
            read = datetime.fromisoformat(value.strip())
        else:
            return None
        if read.tzinfo is None or read.year not in _YEARS:
            return None
        return read.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def flag(value: object) -> bool | None:
    """Read yes or no, also as a word; anything else is neither."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(text(value, 6).lower())


def amount_of(amount: object, currency: object) -> Money | None:
    """Read an amount and its currency; a blank or odd one of them is none."""
    read, unit = number(amount), text(currency, 4).upper()
    if read is None or abs(read) > _LARGEST_AMOUNT or not _CURRENCY.fullmatch(unit):
        return None
    return Money(amount=read, currency=unit)
