"""The sandbox's own time: the machine's, moved as asked, or standing still for pictures and tests."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TimeSource = Callable[[], datetime]


def machine_time() -> datetime:
    """Read the machine's clock in UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


def standing_at(moment: datetime) -> TimeSource:
    """Make a source of time that stands still, for pictures and tests that must repeat."""
    return lambda: moment


class Clock:
    """Time as the sandbox tells it: a source plus an offset that the control side moves."""

    def __init__(self, source: TimeSource = machine_time) -> None:
        self._source = source
        self._offset = timedelta()

    def now(self) -> datetime:
        """Tell the sandbox's time in UTC."""
        return self._source() + self._offset

    def set(self, moment: datetime) -> None:
        """Make it `moment` now; time goes on from there."""
        self._offset = moment - self._source()
