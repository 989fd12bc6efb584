"""Who else is at work, and what the console does by itself, in words."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from primetui.ports import Presence
from primetui.present.figures import plain, short_moment

MOST_NAMED = 6
"""People named in one line."""


def at_work(others: Sequence[Presence], zone: ZoneInfo) -> str:
    """Say who else is at work and where; blank when nobody is."""
    named = [_where(one, zone) for one in others[:MOST_NAMED]]
    more = len(others) - MOST_NAMED
    return ", ".join([*named, f"{more} more"] if more > 0 else named)


def also_here(others: Sequence[Presence], zone: ZoneInfo) -> str:
    """Say who else is on this order and since when; blank when nobody is."""
    names = [f"{plain(one.operator)} since {short_moment(one.since, zone)}" for one in others]
    return ", ".join(names)


def _where(one: Presence, zone: ZoneInfo) -> str:
    """Name a person, and the order they are on."""
    if one.order_id is None:
        return plain(one.operator)
    return f"{plain(one.operator)} on {plain(one.order_id)} since {short_moment(one.since, zone)}"


def import_state(
    *,
    importing: bool,
    paused: bool,
    failed_at: datetime | None,
    last: datetime | None,
    zone: ZoneInfo,
) -> str:
    """Say in a few words how the imports in the background stand."""
    if importing:
        return "importing…"
    if failed_at is not None:
        return f"✗ import failed {short_moment(failed_at, zone)}: s shows why"
    words = f"imported {short_moment(last, zone)}" if last else "never imported"
    return f"{words}, paused: P goes on" if paused else words
