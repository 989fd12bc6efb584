"""The end of a day, wherever it is and whatever clocks do that night."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.domain.promise import Promise, end_of_day
from primetui.domain.value import Window
from tests.domain.made import NOW, SECOND

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("America/New_York", date(2026, 3, 3), "2026-03-04T04:59:59+00:00"),
        ("America/New_York", date(2026, 3, 8), "2026-03-09T03:59:59+00:00"),
        ("America/New_York", date(2026, 11, 1), "2026-11-02T04:59:59+00:00"),
        ("America/Los_Angeles", date(2026, 3, 3), "2026-03-04T07:59:59+00:00"),
        ("Pacific/Honolulu", date(2026, 3, 3), "2026-03-04T09:59:59+00:00"),
        ("Europe/London", date(2026, 3, 3), "2026-03-03T23:59:59+00:00"),
        ("Europe/London", date(2026, 6, 3), "2026-06-03T22:59:59+00:00"),
        ("Asia/Tokyo", date(2026, 3, 3), "2026-03-03T14:59:59+00:00"),
        ("America/Sao_Paulo", date(2018, 11, 3), "2018-11-04T02:59:59+00:00"),
        ("America/Sao_Paulo", date(2018, 2, 17), "2018-02-18T02:59:59+00:00"),
        ("Asia/Beirut", date(2024, 3, 30), "2024-03-30T21:59:59+00:00"),
        ("America/Havana", date(2025, 11, 1), "2025-11-02T03:59:59+00:00"),
        ("America/New_York", date(2026, 12, 31), "2027-01-01T04:59:59+00:00"),
        ("America/New_York", date(2028, 2, 29), "2028-03-01T04:59:59+00:00"),
    ],
)
def test_R5_end_of_day(zone: str, day: date, end: str) -> None:
    """R5: a date means its last second there, on days of 23, 24 and 25 hours, however they end."""
    assert end == end_of_day(day, ZoneInfo(zone)).astimezone(UTC).isoformat()


ZONES = st.sampled_from(
    [
        "America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Europe/London",
        "Europe/Berlin", "Asia/Tokyo", "Asia/Kolkata", "Australia/Lord_Howe",
        "Australia/Sydney", "Africa/Cairo", "America/Santiago", "America/St_Johns",
    ]
).map(ZoneInfo)  # fmt: skip


@given(day=st.dates(date(2000, 1, 1), date(2037, 12, 30)), zone=ZONES)
def test_R5_the_last_second_of_the_day(day: date, zone: ZoneInfo) -> None:
    """R5: the moment is on that day, and the second after it is not."""
    end = end_of_day(day, zone)
    after = (end.astimezone(UTC) + SECOND).astimezone(zone)

    assert day == end.astimezone(zone).date()
    assert day + timedelta(days=1) == after.date()


@given(day=st.dates(date(2000, 1, 1), date(2037, 12, 29)), zone=ZONES)
def test_R5_days_follow_each_other(day: date, zone: ZoneInfo) -> None:
    """R5: between the ends of two days lies a day of 23 to 25 hours."""
    first, second = (end_of_day(d, zone).astimezone(UTC) for d in (day, day + timedelta(days=1)))

    assert 23 * HOUR <= second - first <= 25 * HOUR


@pytest.mark.parametrize(
    ("delivery", "arrives_by"),
    [
        (Window(), None),
        (Window(earliest=NOW), None),
        (Window(latest=NOW), NOW),
        (Window(earliest=NOW, latest=NOW + HOUR), NOW + HOUR),
    ],
)
def test_R5_a_window_means_its_end(delivery: Window, arrives_by: datetime | None) -> None:
    """R5: a span of delivery counts by its end; without one, nothing is known."""
    assert arrives_by == Promise(delivery=delivery).arrives_by


@pytest.mark.parametrize(
    ("pickup", "delivery", "words"),
    [
        ((0, 10), (20, 30), ""),
        ((None, None), (None, 30), ""),
        ((None, None), (None, None), ""),
        ((None, None), (None, 0), ""),
        ((None, None), (None, -1), "arrives before it could leave"),
        ((5, None), (None, 5), ""),
        ((5, None), (None, 4), "arrives before it could leave"),
        ((None, 5), (None, 4), "arrives before it could leave"),
        ((-10, 0), (None, 30), ""),
        ((-10, -1), (None, 30), "pick-up is over"),
        ((6, 5), (None, 30), "pick-up ends before it begins"),
        ((5, 5), (30, 30), ""),
        ((None, None), (31, 30), "delivery ends before it begins"),
    ],
)
def test_R5_a_promise_that_cannot_be_true(
    pickup: tuple[int | None, int | None], delivery: tuple[int | None, int | None], words: str
) -> None:
    """R5: seconds around now: over, inverted or arriving before it leaves is a contradiction."""

    def window(ends: tuple[int | None, int | None]) -> Window:
        earliest, latest = (None if at is None else NOW + at * SECOND for at in ends)
        return Window(earliest=earliest, latest=latest)

    said = Promise(pickup=window(pickup), delivery=window(delivery)).contradiction(NOW)

    assert words in said
    assert bool(words) == bool(said)
