"""The time, as this computer has it or as it was set."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    """This computer's own clock."""

    def now(self) -> datetime:
        """Give the moment it is, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that asks the computer


class SetClock:
    """A clock that stands still until it is moved: for pictures and tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Give the moment it was set to."""
        return self._now

    def advance(self, span: timedelta) -> None:
        """Move on."""
        self._now += span
