"""How an order is to be handled here: what rules and hands decided, and which of the two it was."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from pydantic import Field

from primetui.domain.value import Moment, Value

RuleId = NewType("RuleId", str)


class RatePolicy(StrEnum):
    """Which of the rates that meet the promise is taken."""

    CHEAPEST = "cheapest"
    FASTEST = "fastest"


class Fired(Value):
    """A rule that matched an order when the rules last ran over it."""

    rule_id: RuleId
    name: str
    """What the rule was called then: it may be gone by now."""
    at: Moment


class Left(Value):
    """What rules last left in a slot; another value there now is a hand's doing."""

    slot: str
    rule_id: RuleId
    value: str
    """The slot's value in one fixed writing."""


class Handling(Value):
    """What was decided about one order; rules and hands write it, the gate never reads it."""

    carrier: str = ""
    """The carrier to prefer; blank is any."""
    service: str = ""
    """The service to prefer, as its carrier calls it; blank is any."""
    rate: RatePolicy | None = None
    package_name: str = ""
    """The merchant's own name of the box."""
    hold_until: Moment | None = None
    assigned_to: str = ""
    note: str = ""
    """For us alone; no buyer sees it."""
    custom_1: str = ""
    custom_2: str = ""
    custom_3: str = ""
    notify_after: timedelta | None = Field(default=None, ge=timedelta(0))
    """How long the marketplace is told later; never of a label of Amazon's own (R10)."""
    no_notice: bool = False
    """The marketplace is not told by us at all."""
    alerts: tuple[str, ...] = ()
    """Sentences to show whoever opens the order."""

    rules_run_at: Moment | None = None
    """When the rules ran at its first entry; None is not yet (R16)."""
    fired: tuple[Fired, ...] = ()
    left: tuple[Left, ...] = ()
    rule_tags: tuple[str, ...] = ()
    """Tags that rules put on: a rule may take those off again, and no other."""

    def holds(self, now: datetime) -> bool:
        """Tell whether a rule or a hand holds the order now."""
        return self.hold_until is not None and now < self.hold_until
