"""An order: facts from the marketplace, and where they put it here. Facts are never edited."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import Field

from primetui.domain.address import Address
from primetui.domain.handling import Handling
from primetui.domain.money import Money
from primetui.domain.shipment import Confirmation, ItemId, OrderId, Shipment
from primetui.domain.store import StoreId, StoreKind
from primetui.domain.value import Moment, Value, Window


class OrderStatus(StrEnum):
    """Where an order stands here, in the words merchants know."""

    AWAITING_PAYMENT = "Awaiting Payment"
    ON_HOLD = "On Hold"
    AWAITING_SHIPMENT = "Awaiting Shipment"
    PENDING_FULFILLMENT = "Pending Fulfillment"
    SHIPPED = "Shipped"
    CANCELLED = "Cancelled"


class Prime(StrEnum):
    """Whether an order is merchant-fulfilled Prime; not knowing is an answer of its own."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class FulfilledBy(StrEnum):
    """Who ships it."""

    MERCHANT = "MERCHANT"
    AMAZON = "AMAZON"
    UNKNOWN = "UNKNOWN"


class Fulfillment(StrEnum):
    """How far the marketplace says the order is; a word we do not know is UNKNOWN."""

    PENDING_AVAILABILITY = "PENDING_AVAILABILITY"
    PENDING = "PENDING"
    UNSHIPPED = "UNSHIPPED"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    CANCELLED = "CANCELLED"
    UNFULFILLABLE = "UNFULFILLABLE"
    HELD = "HELD"
    """The marketplace holds its checkout back."""
    DELEGATED = "DELEGATED"
    """Somebody else fulfils it."""
    UNKNOWN = "UNKNOWN"


STANDING: Final = {
    Fulfillment.PENDING_AVAILABILITY: OrderStatus.AWAITING_PAYMENT,
    Fulfillment.PENDING: OrderStatus.AWAITING_PAYMENT,
    Fulfillment.UNSHIPPED: OrderStatus.AWAITING_SHIPMENT,
    Fulfillment.PARTIALLY_SHIPPED: OrderStatus.AWAITING_SHIPMENT,
    Fulfillment.SHIPPED: OrderStatus.SHIPPED,
    Fulfillment.CANCELLED: OrderStatus.CANCELLED,
    Fulfillment.UNFULFILLABLE: OrderStatus.ON_HOLD,
    Fulfillment.HELD: OrderStatus.ON_HOLD,
    Fulfillment.DELEGATED: OrderStatus.PENDING_FULFILLMENT,
    Fulfillment.UNKNOWN: OrderStatus.ON_HOLD,
}
"""Where an order stands as the marketplace alone would have it."""

PRIME_PROGRAM: Final = "PRIME"
PRIME_TAG: Final = "Amazon Prime Order"
"""The built-in tag (R15)."""

KNOWN_PROGRAMS: Final = frozenset(
    {
        "AMAZON_BAZAAR",
        "AMAZON_BUSINESS",
        "AMAZON_EASY_SHIP",
        "AMAZON_HAUL",
        "DELIVERY_BY_AMAZON",
        "FBM_SHIP_PLUS",
        "INVOICE_BY_AMAZON",
        "IN_STORE_PICK_UP",
        "PREMIUM",
        "PREORDER",
        "PRIME",
    }
)
"""Words of `programs` in the Orders API of 2026-01-01; any other blocks buying (R22)."""

NOT_SHIPPED_BY_US: Final = frozenset({"AMAZON_EASY_SHIP", "DELIVERY_BY_AMAZON", "IN_STORE_PICK_UP"})
"""Programs whose parcel Amazon or the buyer collects: no label of ours."""


class OrderItem(Value):
    """One line of an order."""

    id: ItemId
    sku: str = ""
    title: str = ""
    quantity: int = Field(ge=0)
    """Ordered."""
    quantity_shipped: int = Field(default=0, ge=0)
    unit_price: Money | None = None
    required_confirmation: Confirmation = Confirmation.NONE
    """What the marketplace demands at the door for this item."""
    cancellation_requested: bool = False
    """The buyer asked to cancel, and nobody has answered yet."""

    @property
    def to_ship(self) -> int:
        """How many are still to be shipped."""
        return max(0, self.quantity - self.quantity_shipped)


class Told(StrEnum):
    """Whether the marketplace knows of a package that a go-between lists."""

    ITSELF = "itself"
    """The list is the marketplace's own."""
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    """The marketplace turned it down."""


class OrderPackage(Value):
    """A package the marketplace already knows of."""

    reference: str = ""
    carrier: str = ""
    service: str = ""
    tracking_id: str = ""
    status: str = ""
    """The marketplace's own word; CANCELLED packages carry no label that counts."""
    told: Told = Told.ITSELF
    created_at: Moment | None = None
    delivered_at: Moment | None = None
    """When it arrived; None while nobody said so."""


class CustomField(Value):
    """A field the merchant added to an order elsewhere."""

    name: str
    value: str


class Origin(Value):
    """What a go-between says of where it has an order from; blank where there is none."""

    own_id: str = ""
    """The go-between's own number of the order."""
    account: str = ""
    """Which of the merchant's accounts at the marketplace, as the go-between numbers them."""
    custom_fields: tuple[CustomField, ...] = ()


class Order(Value):
    """One order, whatever its sources; `id` is the marketplace's own order id."""

    id: OrderId
    store_id: StoreId
    marketplace_id: str
    sales_channel: str = ""
    purchased_at: Moment
    updated_at: Moment
    """The marketplace's own last change."""
    fetched_at: Moment
    """When these facts were read."""
    status: OrderStatus
    fulfillment: Fulfillment
    fulfilled_by: FulfilledBy
    prime: Prime
    """Amazon's flag, never our tag."""
    programs: tuple[str, ...] = ()
    service_level: str = ""
    requested_service: str = ""
    origin: Origin = Origin()
    ship_by: Window = Window()
    deliver_by: Window = Window()
    label_from: Moment | None = None
    """Earliest moment a label may be printed; None is any time."""
    items: tuple[OrderItem, ...] = ()
    packages: tuple[OrderPackage, ...] = ()
    cancellation_requested: bool = False
    ship_to: Address | None = None
    """None while nobody asked for it: buyer data is fetched on demand."""
    ship_to_kind: str = ""
    sealed: str = ""
    """Who the buyer is, while that cannot be opened: then `ship_to` names the place alone (R23)."""
    unrecognised: tuple[str, ...] = ()
    """Words we do not know, as `field: word`; each blocks buying (R22)."""

    @property
    def is_prime(self) -> bool:
        """Merchant-fulfilled Prime, for certain."""
        return self.prime is Prime.YES

    @property
    def required_confirmation(self) -> Confirmation:
        """The strongest confirmation any item to be shipped demands."""
        order = list(Confirmation)
        wanted = [order.index(i.required_confirmation) for i in self.items if i.to_ship]
        return order[max(wanted, default=0)]

    @property
    def wants_cancellation(self) -> bool:
        """The buyer asked to cancel all or some of it."""
        return self.cancellation_requested or any(i.cancellation_requested for i in self.items)

    def without_buyer(self) -> "Order":
        """See the order without the person it goes to."""
        return self.model_copy(update={"ship_to": None, "sealed": ""})

    def live_packages(self) -> tuple[OrderPackage, ...]:
        """Packages that count: those not cancelled."""
        return tuple(p for p in self.packages if p.status.upper() not in {"CANCELLED", "CANCELED"})

    def without_packages(self, tracking_ids: frozenset[str]) -> "Order":
        """See the order as it would be had these packages of ours not been made.

        A voided label leaves the order marked shipped at Amazon; once its own packages are
        taken away and no other remains, the order is unshipped again for us. A shipped order
        that lists none of ours was shipped by somebody else and stays as it is.
        """
        named = tracking_ids - {""}
        left = tuple(p for p in self.packages if p.tracking_id not in named)
        kept = self.model_copy(update={"packages": left})
        if len(left) == len(self.packages) or kept.live_packages():
            return kept
        if self.fulfillment not in {Fulfillment.SHIPPED, Fulfillment.PARTIALLY_SHIPPED}:
            return kept
        shipped = self.status is OrderStatus.SHIPPED
        return kept.model_copy(
            update={
                "fulfillment": Fulfillment.UNSHIPPED,
                "status": OrderStatus.AWAITING_SHIPMENT if shipped else self.status,
                "items": tuple(i.model_copy(update={"quantity_shipped": 0}) for i in self.items),
            }
        )


class Landing(Value):
    """Where an order landed when it was imported, and why, for good (R3)."""

    status: OrderStatus
    why: str
    at: Moment


class Tagging(Value):
    """A tag on an order, and who put it there."""

    name: str
    by: str
    at: Moment


class OrderSource(Value):
    """One store an order came from, and what that store alone says of it (R14)."""

    store_id: StoreId
    kind: StoreKind
    origin: Origin = Origin()
    site: str = ""
    """Where it was placed, in the store's own words."""
    requested_service: str = ""
    fulfillment: Fulfillment
    packages: tuple[OrderPackage, ...] = ()
    updated_at: Moment
    """By this store's own clock: times of two stores are not compared."""
    first_seen: Moment
    last_seen: Moment
    lent: bool = False
    """The store brought nothing: it lent its credentials for a look (R11)."""


class OrderRecord(Value):
    """What we keep of an order: the facts, where it landed, its tags and its draft."""

    order: Order
    landing: Landing
    shipment: Shipment
    sources: tuple[OrderSource, ...] = ()
    """Every store it came from, in the order they brought it; the facts are of one of them."""
    tags: tuple[Tagging, ...] = ()
    removed_tags: tuple[str, ...] = ()
    """Tags taken off by hand: nothing puts them back by itself."""
    forgotten_at: Moment | None = None
    """When the buyer was forgotten: they are not taken in again (R23)."""
    handling: Handling = Handling()
    typed_ship_to: Address | None = None
    """An address typed here, beside the marketplace's own and never on a label (R8)."""

    def source(self, store_id: StoreId) -> OrderSource | None:
        """Find what a store says of the order."""
        return next((one for one in self.sources if one.store_id == store_id), None)

    def forgotten(self, at: datetime) -> "OrderRecord":
        """See the record without the person it was for, now and from now on."""
        return self.model_copy(
            update={
                "order": self.order.without_buyer(),
                "typed_ship_to": None,
                "forgotten_at": at,
            }
        )

    def tagged(self, name: str, *, by: str, at: datetime) -> "OrderRecord":
        """Put a tag on, once, unless a hand took it off."""
        if name in self.removed_tags or any(tag.name == name for tag in self.tags):
            return self
        return self.model_copy(update={"tags": (*self.tags, Tagging(name=name, by=by, at=at))})
