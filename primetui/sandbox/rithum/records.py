"""What Rithum knows: a profile, the sites it sells on, and its orders as plain records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from primetui.sandbox import records as amazon


@dataclass(frozen=True, slots=True)
class Site:
    """A place the profile sells on, and the account it has there."""

    site_id: int
    name: str
    account_id: int
    currency: str
    country: str
    is_amazon: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One account at Rithum, with what opens it."""

    profile_id: int
    name: str
    application_id: str
    shared_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    sites: Mapping[str, Site]


@dataclass(slots=True, kw_only=True)
class Line:
    """One line of an order."""

    item_id: int
    site_item_id: str | None
    sku: str
    title: str
    quantity: int
    unit_price: Decimal


@dataclass(slots=True, kw_only=True)
class Sending:
    """A fulfillment that was marked shipped, and what its marketplace was told of it."""

    fulfillment_id: int
    carrier: str
    shipping_class: str
    tracking: str
    reference: str
    contents: Mapping[int, int]
    shipped: datetime
    received: list[datetime]
    """When it was marked shipped; more than one is an edit."""
    prevented: bool
    """Whether telling the marketplace was forbidden."""
    fails: bool
    """Whether the marketplace turns it down."""
    told_at: datetime

    def marketplace_status(self, now: datetime) -> str:
        """Tell how far the marketplace knows of it."""
        if self.prevented:
            return "CompletedWithoutNotification"
        begun = self.received[-1]
        if now < self.told_at:
            return "Pending" if now < begun + (self.told_at - begun) / 2 else "InProgress"
        return "Failed" if self.fails else "Complete"


@dataclass(slots=True, kw_only=True)
class Order:
    """One order with everything that happened to it here."""

    id: int
    site: Site
    site_order_id: str | None
    created: datetime
    updated: datetime
    checkout: str
    payment: str
    shipping: str
    """The status as long as nothing was sent; what was sent decides afterwards."""
    rollup: str
    requested_carrier: str | None
    requested_class: str | None
    ship_by: datetime | None
    deliver_by: datetime | None
    place: amazon.Place
    email: str
    lines: list[Line]
    custom_fields: Mapping[str, str]
    twin: amazon.Order | None = None
    """The same order at Amazon, where the sandbox has it."""
    exports: list[datetime] = field(default_factory=list)
    """When it was acknowledged."""
    exported: bool = False
    sendings: list[Sending] = field(default_factory=list)
    removed_at: datetime | None = None
    """When the buyer's data was removed by hand."""

    def open_quantity(self, line: Line) -> int:
        """Count the units not sent yet."""
        return line.quantity - sum(s.contents.get(line.item_id, 0) for s in self.sendings)

    def shipping_status(self, now: datetime) -> str:
        """Tell Rithum's shipping status at `now`."""
        if self.shipping not in {"Unshipped", "PendingShipment"}:
            return self.shipping
        if self.twin is not None and self.twin.base_status == "CANCELLED":
            return "Canceled"
        if self.sendings:
            left = sum(self.open_quantity(line) for line in self.lines)
            return "PartiallyShipped" if left else "Shipped"
        if self.twin is not None and self.twin.status(now) == "SHIPPED":
            return "Shipped"
        return self.shipping

    def last_updated(self, now: datetime) -> datetime:
        """Tell when it last changed, as seen at `now`."""
        moments = [self.updated, *(at for s in self.sendings for at in s.received)]
        moments += [s.told_at for s in self.sendings if s.told_at <= now]
        if self.twin is not None:
            moments.append(self.twin.last_updated(now))
        return max(moments)

    def removal(self, kept: timedelta) -> datetime | None:
        """Tell when the buyer's data goes: some time after it was shipped, or as it was asked."""
        if self.removed_at is not None or not self.sendings:
            return self.removed_at
        return max(s.shipped for s in self.sendings) + kept
