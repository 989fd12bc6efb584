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

    def contradiction(self, now: datetime) -> str:
        """Say what cannot be true of it at this moment; blank when nothing speaks against it."""
        pickup, delivery = self.pickup, self.delivery
        for what, window in (("pick-up", pickup), ("delivery", delivery)):
            if window.earliest and window.latest and window.earliest > window.latest:
                return f"its {what} ends before it begins"
        if pickup.latest and pickup.latest < now:
            return "its pick-up is over"
        leaves = pickup.earliest or pickup.latest
        if delivery.latest and delivery.latest < max(now, leaves or now):
            return "it arrives before it could leave"
        return ""


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Read a date without a time: its last second at the destination (R5).

    The next midnight is found first and a second taken off, so that a day on which clocks
    change keeps its true end.
    """
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    return (midnight.astimezone(ZoneInfo("UTC")) - timedelta(seconds=1)).astimezone(zone)
