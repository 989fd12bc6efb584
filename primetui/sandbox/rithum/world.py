"""Rithum's state beside Amazon's: one profile, its orders, its quirks."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from primetui.sandbox.limits import Limits
from primetui.sandbox.rithum.records import Order, Profile, Sending
from primetui.sandbox.world import World


class Quirks(BaseModel):
    """How Rithum behaves today; the control side changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wraps_past_end: bool = True
    """A page past the end is page one again."""
    repeats_next_link: bool = False
    """The link to the next page leads to the same page, for ever."""
    slow_seconds: float = Field(default=0, ge=0, le=60)
    """Real seconds every list of orders takes."""
    keeps_buyer_days: float = Field(default=30, ge=0)
    """Days after shipping until the buyer's data is removed."""
    told_after_seconds: float = Field(default=60, ge=0)
    """Sandbox seconds until a marketplace has taken a shipment."""
    marketplace_refuses: bool = False
    """Marketplaces turn shipments down from now on."""

    @property
    def keeps_buyer(self) -> timedelta:
        """How long the buyer's data is kept."""
        return timedelta(days=self.keeps_buyer_days)

    @property
    def told_after(self) -> timedelta:
        """How long a marketplace takes."""
        return timedelta(seconds=self.told_after_seconds)


@dataclass(slots=True)
class RithumWorld:
    """Everything Rithum has; time, faults, settings and counts are the sandbox's own."""

    world: World
    profile: Profile
    quirks: Quirks = field(default_factory=Quirks)
    orders: dict[int, Order] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def add(self, order: Order) -> None:
        """Put an order into the world."""
        self.orders[order.id] = order

    def now(self) -> datetime:
        """Tell the sandbox's time."""
        return self.world.now()

    def sending(self, fulfillment_id: int) -> tuple[Order, Sending] | None:
        """Find a fulfillment that was marked shipped, with its order."""
        pairs = ((order, sent) for order in self.orders.values() for sent in order.sendings)
        return next((pair for pair in pairs if pair[1].fulfillment_id == fulfillment_id), None)
