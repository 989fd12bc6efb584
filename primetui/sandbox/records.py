"""What the sandbox knows: stores, orders, parcels and confirmations as plain records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

EXTERNAL = "external"
"""The story of an order of another shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One seller's account in one marketplace, with the credentials that open it."""

    name: str
    country: str
    marketplace_id: str
    marketplace_name: str
    domain: str
    language: str
    currency: str
    business_id: str
    """Its name in Shipping v2; blank where that sells no labels."""
    connected_on: date
    protected: bool
    """Whether the seller automates its shipping settings, which protection on time needs."""
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Window:
    """A promised span of time, both ends included."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an order goes, as the buyer typed it: hostile text included."""

    name: str
    line1: str
    city: str
    region: str
    postal_code: str
    country: str
    line2: str = ""
    company: str = ""
    phone: str = ""
    kind: str = "RESIDENTIAL"


@dataclass(slots=True, kw_only=True)
class Item:
    """One line of an order."""

    item_id: str
    asin: str
    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    programs: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    gift_message: str = ""
    cancel_reason: str | None = None
    """Why the buyer asked to cancel; None when nobody asked."""


@dataclass(slots=True, kw_only=True)
class Parcel:
    """A package as the order shows it; it moves by itself as time passes."""

    reference_id: str
    created: datetime
    carrier: str
    service: str
    tracking: str
    contents: Mapping[str, int]
    listed_from: datetime
    """From when the order shows the parcel; later than `created` only under a fault."""
    shipped: datetime
    delivered: datetime
    cancelled: datetime | None = None

    def moments(self) -> Iterator[datetime]:
        """List when the parcel changes, which moves the order's last update."""
        yield self.listed_from
        if self.cancelled:
            yield self.cancelled
        else:
            yield self.shipped
            yield self.delivered

    def status(self, now: datetime) -> tuple[str, str]:
        """Tell Amazon's status and detailed status at `now`."""
        if self.cancelled:
            return "CANCELLED", "LABEL_CANCELLED"
        if now >= self.delivered:
            return "DELIVERED", "DELIVERED"
        if now >= self.shipped:
            return "IN_TRANSIT", "PICKED_UP"
        return "PENDING", "PENDING_PICK_UP"


@dataclass(slots=True, kw_only=True)
class Confirmation:
    """What the seller told Amazon about a parcel of its own, and what Amazon made of it."""

    reference_id: str
    carrier_code: str
    tracking: str
    shipped: datetime
    received: list[datetime]
    """When each confirmation under this reference arrived; more than one is an edit."""
    dropped: bool
    """Accepted with a 204 and then forgotten, as happens to an unknown carrier."""


@dataclass(slots=True, kw_only=True)
class Order:
    """One order with everything that happened to it."""

    order_id: str
    store: Store
    story: str
    """Which seeded story it tells; "ordinary" for most."""
    created: datetime
    updated: datetime
    programs: tuple[str, ...]
    fulfilled_by: str
    service_level: str
    base_status: str
    ship_by: Window | None
    deliver_by: Window | None
    label_from: datetime | None
    buyer: str
    email: str
    place: Place
    items: list[Item]
    refuses: bool = False
    """Amazon refuses all but the fastest service, whatever the promise looks like."""
    parcels: list[Parcel] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)

    @property
    def prime(self) -> bool:
        """Tell whether it is a merchant-fulfilled Prime order."""
        return "PRIME" in self.programs and self.fulfilled_by == "MERCHANT"

    @property
    def constraints(self) -> frozenset[str]:
        """Collect what every line asks of the delivery."""
        return frozenset(name for item in self.items for name in item.constraints)

    def listed(self, now: datetime) -> list[Parcel]:
        """List the parcels the order shows at `now`."""
        return [parcel for parcel in self.parcels if parcel.listed_from <= now]

    def fulfilled(self, item: Item, now: datetime) -> int:
        """Count the units the order calls fulfilled; a cancelled label does not take them back."""
        sent = sum(parcel.contents.get(item.item_id, 0) for parcel in self.listed(now))
        return min(item.quantity, sent)

    def open_quantity(self, item: Item) -> int:
        """Count the units no standing parcel holds."""
        held = (p.contents.get(item.item_id, 0) for p in self.parcels if not p.cancelled)
        return item.quantity - sum(held)

    def next_reference(self) -> str:
        """Number the next parcel; the seller may have used any number before."""
        used = (int(parcel.reference_id) for parcel in self.parcels)
        return str(max(used, default=0) + 1)

    def status(self, now: datetime) -> str:
        """Tell the fulfillment status the order shows at `now`."""
        if self.base_status != "UNSHIPPED" or not self.parcels:
            return self.base_status
        sent = sum(self.fulfilled(item, now) for item in self.items)
        if sent == 0:
            return "UNSHIPPED"
        ordered = sum(item.quantity for item in self.items)
        return "SHIPPED" if sent == ordered else "PARTIALLY_SHIPPED"

    def last_updated(self, now: datetime) -> datetime:
        """Tell when the order last changed, as seen at `now`."""
        if not self.parcels:
            return self.updated
        moments = (m for parcel in self.parcels for m in parcel.moments() if m <= now)
        return max((self.updated, *moments))
