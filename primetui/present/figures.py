"""Plain text and figures: what a terminal may be shown, and how amounts and times are written."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.measures import Dimensions, Weight
from primetui.domain.money import Money

MAX_MARKS: Final = 3
"""Combining marks kept on one letter: more only paint over the neighbours."""

_UNSHOWABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = frozenset({"\u200d", "\ufe0e", "\ufe0f"})
"""Emoji glue: without it the parts stand side by side, and their width is known."""


def plain(text: str, limit: int = 0) -> str:
    """Make text from outside safe for a terminal, a log line or a file name's label.

    Controls, escapes, bidirectional overrides, zero-width and unassigned characters become
    visible stand-ins; letters of every script and emoji stay. A `limit` above zero cuts with an
    ellipsis, counted in characters.
    """
    safe = text.isascii() and text.isprintable()
    shown = text if safe else "".join(_shown(text))
    return f"{shown[: limit - 1]}…" if limit and len(shown) > limit else shown


def _shown(text: str) -> list[str]:
    out: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if char in _JOINERS or marks > MAX_MARKS:
            continue
        out.append(_stand_in(char) if category in _UNSHOWABLE else char)
    return out


def _stand_in(char: str) -> str:
    code = ord(char)
    if code < 0x20:  # noqa: PLR2004 - the C0 controls have pictures of their own
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"‹{code:04X}›"  # noqa: PLR2004 - DEL


def column(text: str, width: int) -> str:
    """Make text from outside fill a column exactly, in a terminal's cells; cut with an ellipsis."""
    shown = plain(text)
    if widest([shown]) > width:
        shown = shown[:width]
        while widest([shown]) >= width > 0:
            shown = shown[:-1]
        shown += "…" * min(width, 1)
    return shown + " " * (width - widest([shown]))


def widest(texts: Iterable[str]) -> int:
    """Count the terminal's cells that the widest of some texts takes once it is plain."""
    return max((sum(map(_cells, plain(text))) for text in texts), default=0)


def _cells(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


_NO_CENTS: Final = frozenset({"JPY", "KRW"})


def money(amount: Money) -> str:
    """Write an amount with its currency after it: `12.40 USD`."""
    if amount.currency in _NO_CENTS and amount.amount == amount.amount.to_integral_value():
        return f"{amount.amount:,.0f} {amount.currency}"
    places = max(2, -int(amount.amount.as_tuple().exponent))
    return f"{amount.amount:,.{min(places, 4)}f} {amount.currency}"


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant in local words, to the minute: `Wed 25 Nov 14:05 EST`."""
    if at is None:
        return "unknown"
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M} {local.tzname()}"


def day(at: datetime | None, zone: ZoneInfo) -> str:
    """Write the calendar date of an instant that may be years ago: `2024-03-01`."""
    return "unknown" if at is None else f"{at.astimezone(zone):%Y-%m-%d}"


def short_moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant for a narrow column: `Wed 25 14:05`."""
    if at is None:
        return "unknown"
    local = at.astimezone(zone)
    return f"{local:%a} {local.day:2} {local:%H:%M}"


def time_left(until: datetime | None, now: datetime) -> str:
    """Write how long is left, coarser the longer it is; what has passed says so."""
    if until is None:
        return "no date"
    left = until - now
    if left < timedelta(0):
        return f"late {span(-left)}"
    return span(left)


def span(length: timedelta) -> str:
    """Write a span of time, coarser the longer it is: `2h 05m`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d {hours:02}h"
    if hours:
        return f"{hours}h {minutes:02}m"
    return f"{minutes}m {seconds:02}s"


def weight(value: Weight | None) -> str:
    """Write a weight in grams or kilograms."""
    if value is None:
        return "no weight"
    if value.grams >= 1000:  # noqa: PLR2004 - a kilogram
        return f"{_short(value.grams / 1000)} kg"
    return f"{_short(value.grams)} g"


def size(value: Dimensions | None) -> str:
    """Write a box in centimetres."""
    if value is None:
        return "no size"
    sides = (value.length_mm, value.width_mm, value.height_mm)
    return " × ".join(_short(side / 10) for side in sides) + " cm"


def _short(value: Decimal) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text or "0"


def count(number: int, word: str) -> str:
    """Write a number with its noun: `1 order`, `3 orders`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def service_name(carrier: str, service: str) -> str:
    """Name a service once: many carriers repeat their own name in it."""
    if service.casefold().startswith(carrier.casefold()):
        return plain(service)
    return f"{plain(carrier)} {plain(service)}"
