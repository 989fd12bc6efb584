"""When a parcel leaves and arrives: the carrier's cut-off, its days, holidays and zones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from primetui.sandbox.carriers import Carrier, Country, Region, Service
from primetui.sandbox.records import Window

_DAY = timedelta(days=1)
_OPENS = time(8)
END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Itinerary:
    """When a parcel is collected and when it arrives, as instants."""

    pickup: Window
    delivery: Window


@dataclass(frozen=True, slots=True)
class Journey:
    """From where to where, in which country, in which zone."""

    country: Country
    origin: Region
    destination: Region

    @property
    def zone(self) -> int:
        """The carriers' zone between the two ends, 1 to 5."""
        return self.country.distance(self.origin, self.destination)


def at(day: date, clock: time, zone: tzinfo) -> datetime:
    """Turn a local day and time into an instant."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def first_day(day: date, works: Callable[[date], bool]) -> date:
    """Find the first working day from `day` on."""
    while not works(day):
        day += _DAY
    return day


def add_days(day: date, count: int, works: Callable[[date], bool]) -> date:
    """Count `count` working days on from `day`."""
    for _ in range(count):
        day = first_day(day + _DAY, works)
    return day


def pickup_day(carrier: Carrier, journey: Journey, ready: datetime) -> date:
    """Find the day the carrier collects what is ready at `ready`."""
    local = ready.astimezone(journey.origin.zone)
    day = local.date() if local.time() < carrier.cutoff else local.date() + _DAY
    return first_day(day, lambda d: _works(d, carrier.pickup_days, journey.country))


def plan(carrier: Carrier, service: Service, journey: Journey, ready: datetime) -> Itinerary:
    """Promise a collection and a delivery for a parcel that is ready at `ready`."""
    collected = pickup_day(carrier, journey, ready)
    days = service.transit[journey.zone - 1]
    arrives = add_days(collected, days, lambda d: _works(d, carrier.delivery_days, journey.country))
    origin, destination = journey.origin.zone, journey.destination.zone
    opens = max(ready, at(collected, _OPENS, origin))
    return Itinerary(
        Window(opens, at(collected, carrier.collects, origin)),
        Window(at(arrives, _OPENS, destination), at(arrives, END_OF_DAY, destination)),
    )


def _works(day: date, weekdays: tuple[int, ...], country: Country) -> bool:
    return day.isoweekday() in weekdays and not country.is_holiday(day)
