"""When a chore is due: by the time it was done last, whatever the clock has done since."""

from datetime import timedelta

import pytest

from primetui.domain.chore import due_at, is_due
from tests.domain.made import NOW

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("ago", "due"),
    [
        (None, True),
        (timedelta(0), False),
        (HOUR - TICK, False),
        (HOUR, True),
        (30 * HOUR, True),
        (-TICK, False),
        (-(HOUR - TICK), False),
        (-HOUR, True),
        (-9000 * HOUR, True),
    ],
)
def test_a_chore_is_due_once_its_time_has_passed_or_its_clock_is_wrong(
    ago: timedelta | None, *, due: bool
) -> None:
    """Never done, an hour ago, or a whole hour in the future: due; anything nearer: not yet."""
    last = None if ago is None else NOW - ago

    assert due == is_due(last, HOUR, NOW)
    assert due == (due_at(last, HOUR, NOW) <= NOW)


def test_what_is_not_due_is_due_one_span_after_it_was_done() -> None:
    """Ten minutes after the last time fifty are left."""
    assert NOW + 50 * timedelta(minutes=1) == due_at(NOW - HOUR / 6, HOUR, NOW)
