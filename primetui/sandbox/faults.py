"""Faults on demand: what goes wrong, at which call, before or after the effect.

A fault is armed for an operation ("*" for any; "getAccessToken" is the token exchange) and fires
at its `nth` call from then on (1 is the next), `times` calls in a row, or at "every" one. Kinds:

    lost_before_effect   the line closes with no answer; nothing happened
    lost_after_effect    the line closes with no answer; it happened
    reset                the line is reset (RST); `after_effect` says whether it happened
    slow                 the answer waits `delay_seconds`; with `after_effect: false` the effect too
    throttle             429; `retry_after` adds that header
    error_500 error_503  a JSON error; `after_effect: true` makes it happen all the same
    html                 a gateway's 502 page instead of JSON
    truncated            the true answer, cut off in the middle
    garbled              the true status with bytes that are not JSON
    wrong_types          the true answer with numbers as text, text as numbers and lists as objects
    expired_token        403, as if the access token had just expired
    expired_offer        400 TOKEN_EXPIRED, as if the offer had just expired
    duplicate_shipment   400 ShipmentAlreadyExists
    late_listing         it happens, but the order shows it only `delay_seconds` later (default 120)
    clock_skew           the server's time is off by `delay_seconds` during the call (default 900)

Each kind that replaces the answer takes `after_effect` (default false): true lets the effect happen
first and then lies about it. `delay_seconds` are real seconds for slow, sandbox seconds otherwise.
Any kind may hide the package for `listing_delay_seconds` on top: sold, the answer lost, and nothing
to be seen for a while.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from primetui.errors import ConfigError

OPERATIONS = frozenset(
    {
        "*",
        "cancelShipment",
        "confirmShipment",
        "createRestrictedDataToken",
        "createShipment",
        "getAccessToken",
        "getAdditionalSellerInputs",
        "getEligibleShipmentServices",
        "getMarketplaceParticipations",
        "getOrder",
        "getRates",
        "getShipment",
        "getShipmentDocuments",
        "generateCollectionForm",
        "getTracking",
        "mfn.cancelShipment",
        "purchaseShipment",
        "searchOrders",
        "rithumCorrect",
        "rithumExport",
        "rithumFulfillment",
        "rithumItems",
        "rithumOrder",
        "rithumOrders",
        "rithumProfiles",
        "rithumShip",
        "rithumSiteAccounts",
        "rithumToken",
        "rithumUnexport",
    }
)


class Kind(StrEnum):
    """What can go wrong."""

    LOST_AFTER_EFFECT = "lost_after_effect"
    LOST_BEFORE_EFFECT = "lost_before_effect"
    RESET = "reset"
    SLOW = "slow"
    THROTTLE = "throttle"
    ERROR_500 = "error_500"
    ERROR_503 = "error_503"
    HTML = "html"
    TRUNCATED = "truncated"
    GARBLED = "garbled"
    WRONG_TYPES = "wrong_types"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - a kind of fault
    EXPIRED_OFFER = "expired_offer"
    DUPLICATE_SHIPMENT = "duplicate_shipment"
    LATE_LISTING = "late_listing"
    CLOCK_SKEW = "clock_skew"


_ALWAYS_AFTER = {Kind.LOST_AFTER_EFFECT, Kind.TRUNCATED, Kind.GARBLED, Kind.WRONG_TYPES}
_HONEST = {Kind.SLOW, Kind.LATE_LISTING, Kind.CLOCK_SKEW}
_DELAYS = {Kind.SLOW: 5.0, Kind.LATE_LISTING: 120.0, Kind.CLOCK_SKEW: 900.0}


class Fault(BaseModel):
    """One fault to arm; see the module for what each kind and option means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    operation: str
    kind: Kind
    nth: int | Literal["every"] = 1
    times: int = Field(default=1, ge=1)
    after_effect: bool | None = None
    delay_seconds: float | None = None
    retry_after: float | None = Field(default=None, ge=0)
    listing_delay_seconds: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _can_fire(self) -> Self:
        if self.operation not in OPERATIONS:
            raise ValueError(f"operation is one of {', '.join(sorted(OPERATIONS))}")
        if self.nth != "every" and self.nth < 1:
            raise ValueError('nth is "every" or 1 and more')
        return self

    @property
    def happens(self) -> bool:
        """Tell whether the effect takes place before the fault shows."""
        if self.kind in _ALWAYS_AFTER:
            return True
        if self.kind is Kind.LOST_BEFORE_EFFECT:
            return False
        return self.kind in _HONEST if self.after_effect is None else self.after_effect

    @property
    def performs(self) -> bool:
        """Tell whether the call is carried out at all, sooner or later."""
        return self.happens or self.kind in _HONEST

    @property
    def delay(self) -> float:
        """The seconds that slow, late_listing and clock_skew last."""
        return self.delay_seconds if self.delay_seconds is not None else _DELAYS.get(self.kind, 0.0)

    @property
    def listing_delay(self) -> float:
        """The sandbox seconds before a bought package shows on its order."""
        if self.listing_delay_seconds is not None:
            return self.listing_delay_seconds
        return self.delay if self.kind is Kind.LATE_LISTING else 0.0

    def concerns(self, operation: str) -> bool:
        """Tell whether the fault is armed for an operation."""
        return self.operation in {operation, "*"}


def parse_fault(text: str) -> Fault:
    """Read `operation:kind[:nth]`, as the command line writes it, or raise ConfigError."""
    operation, _, rest = text.partition(":")
    kind, _, nth = rest.partition(":")
    wish = {"operation": operation, "kind": kind, "nth": nth or 1}
    try:
        return Fault.model_validate(wish)
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"]
        raise ConfigError(
            f"{text!r} is not a fault: write operation:kind[:nth] ({reason})."
        ) from None


@dataclass(slots=True)
class _Armed:
    """A fault with the calls it has seen since it was armed."""

    fault: Fault
    seen: int = 0

    def fires(self) -> bool:
        """Count a call and tell whether the fault fires at it."""
        self.seen += 1
        first = self.fault.nth
        return first == "every" or first <= self.seen < first + self.fault.times

    @property
    def spent(self) -> bool:
        """Tell whether it can never fire again."""
        return self.fault.nth != "every" and self.seen >= self.fault.nth + self.fault.times - 1


class Faults:
    """The armed faults; every call asks once whether one fires."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._armed = [_Armed(fault) for fault in faults]

    def arm(self, faults: Iterable[Fault]) -> None:
        """Add faults to those armed."""
        self._armed += [_Armed(fault) for fault in faults]

    def disarm(self) -> None:
        """Forget every fault."""
        self._armed.clear()

    def armed(self) -> list[Fault]:
        """List the faults that may still fire."""
        return [armed.fault for armed in self._armed]

    def take(self, operation: str) -> Fault | None:
        """Count a call of an operation and return the fault that fires at it, the oldest first."""
        concerned = [a for a in self._armed if a.fault.concerns(operation)]
        firing = [armed.fault for armed in concerned if armed.fires()]
        self._armed = [armed for armed in self._armed if not armed.spent]
        return firing[0] if firing else None
