"""What well-known services carry at most, read from `primetui/data/services.toml`."""

import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from primetui.domain.measures import GRAMS, MILLIMETRES
from primetui.domain.rate import ServiceLimits
from primetui.domain.value import Value

_DATA: Final = files("primetui").joinpath("data", "services.toml")
_NO_LIMITS: Final = ServiceLimits()


class _Service(Value):
    """A service as the file has it; measures are text such as `70 lb` and `108 in`."""

    country: str
    carrier: str
    services: tuple[str, ...] = ()
    """Beginnings of the service's name; none means every service of the carrier."""
    max_weight: str | None = None
    max_longest: str | None = None
    max_length_and_girth: str | None = None
    source: str

    def covers(self, country: str, carrier: str, service: str) -> bool:
        """Tell whether a rate's service is this one."""
        if (self.country, self.carrier.casefold()) != (country, carrier.casefold()):
            return False
        name = _bare(service, carrier)
        return not self.services or any(
            name.startswith(_bare(known, carrier)) for known in self.services
        )

    def limits(self) -> ServiceLimits:
        """Give the limits in our units."""
        return ServiceLimits(
            max_grams=_measure(self.max_weight, GRAMS),
            max_longest_mm=_measure(self.max_longest, MILLIMETRES),
            max_length_and_girth_mm=_measure(self.max_length_and_girth, MILLIMETRES),
        )


def limits_of(country: str, carrier: str, service: str) -> ServiceLimits:
    """Find the limits of a service; one that is not in the file has none that we know."""
    return next(
        (known.limits() for known in _services() if known.covers(country, carrier, service)),
        _NO_LIMITS,
    )


@cache
def _services() -> tuple[_Service, ...]:
    """Read the file, once; the first service that fits counts."""
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return tuple(_Service.model_validate(row) for row in data["services"])


def _measure(written: str | None, units: dict[str, Decimal]) -> Decimal | None:
    if written is None:
        return None
    value, unit = written.split()
    return Decimal(value) * units[unit.upper()]


def _bare(service: str, carrier: str) -> str:
    """Take marks and the carrier's own name off a service's name."""
    plain = "".join(c if c.isalnum() else " " for c in service).casefold()
    return " ".join(plain.split()).removeprefix(carrier.casefold()).strip()
