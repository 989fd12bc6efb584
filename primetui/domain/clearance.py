"""The gate: nothing can be bought without the proof that only `clear` can make."""

from dataclasses import InitVar, dataclass
from datetime import datetime
from typing import NoReturn, final

from primetui.domain.constraints import Candidate, violations
from primetui.domain.order import Order
from primetui.domain.rate import Rate
from primetui.domain.shipment import Shipment
from primetui.domain.violations import Severity, Violation


@final
class _Seal:
    """Held by this module alone."""

    __slots__ = ()


_SEAL = _Seal()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ClearedShipment:
    """Proof that a shipment met every constraint at one moment, on one rate."""

    order: Order
    shipment: Shipment
    rate: Rate
    cleared_at: datetime
    warnings: tuple[Violation, ...]
    """What does not stop a purchase but should be seen."""
    seal: InitVar[_Seal]

    def __post_init__(self, seal: _Seal) -> None:
        """Refuse to exist without the seal."""
        if seal is not _SEAL:
            raise TypeError("a ClearedShipment is made by clear(), and by nothing else")

    def __init_subclass__(cls) -> NoReturn:
        """Refuse a kin that could leave the seal out."""
        raise TypeError("a ClearedShipment has no kin")

    def __reduce__(self) -> NoReturn:
        """Refuse to be stored or copied: a proof holds for its moment only."""
        raise TypeError("a ClearedShipment is not stored: clear again")


@final
@dataclass(frozen=True, slots=True)
class Refusal:
    """The gate's no, with all the reasons at once."""

    violations: tuple[Violation, ...]
    """Never empty; those that block come first."""

    @property
    def blocking(self) -> tuple[Violation, ...]:
        """The violations that stop the purchase."""
        return tuple(x for x in self.violations if x.severity is Severity.BLOCKS)


def clear(
    order: Order, shipment: Shipment, rate: Rate, *, now: datetime
) -> ClearedShipment | Refusal:
    """Prove that the shipment may be bought on this rate now, or say everything that is wrong."""
    found = violations(Candidate(order=order, shipment=shipment, rate=rate, now=now))
    blocking = tuple(x for x in found if x.severity is Severity.BLOCKS)
    warnings = tuple(x for x in found if x.severity is Severity.WARNS)
    if blocking:
        return Refusal((*blocking, *warnings))
    return ClearedShipment(
        order=order, shipment=shipment, rate=rate, cleared_at=now, warnings=warnings, seal=_SEAL
    )
