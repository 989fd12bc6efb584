"""The promise of a rate: when the carrier takes the parcel and when it arrives."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from primetui.domain.value import Moment, Value, Window


class Promise(Value):
    """Spans of pick-up and delivery, as the provider states them; unknown ends stay unknown."""

    pickup: Window = Window()
    delivery: Window = Window()

    @property
    def arrives_by(self) -> Moment | None:
        """The latest moment of arrival; None when the provider does not say."""
        return self.delivery.latest


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Read a date without a time: its last second at the destination (R5).

    The next midnight is found first and a second taken off, so that a day on which clocks
    change keeps its true end.
    """
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    return (midnight.astimezone(ZoneInfo("UTC")) - timedelta(seconds=1)).astimezone(zone)
