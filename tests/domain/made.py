"""Valid values to start from: a Prime order, its draft, a rate in time, a moment.

Each builder takes the fields to change, so that a test states only what it is about.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from primetui.domain.address import Address
from primetui.domain.constraints import Candidate, violations
from primetui.domain.label import (
    Label,
    LabelId,
    Purchase,
    PurchaseId,
    PurchaseKey,
    PurchaseState,
    Step,
)
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.money import Money
from primetui.domain.order import (
    FulfilledBy,
    Fulfillment,
    Order,
    OrderItem,
    OrderPackage,
    OrderStatus,
    Prime,
)
from primetui.domain.promise import Promise
from primetui.domain.rate import ConfirmationOffer, DocumentOffer, LabelSource, Rate, RateId
from primetui.domain.shipment import (
    Confirmation,
    DocumentFormat,
    ItemId,
    OrderId,
    PackedItem,
    Shipment,
)
from primetui.domain.shipment import Package as Box
from primetui.domain.store import Store, StoreId
from primetui.domain.value import Window

NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
"""A Tuesday."""
SHIP_BY = NOW + timedelta(hours=3)
DELIVER_BY = NOW + timedelta(days=2)
FETCHED = NOW - timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ORDER_ID = OrderId("111-0000001-0000001")
FIRST = ItemId("11")
SECOND_ITEM = ItemId("22")

WAREHOUSE = Address(
    name="Dock 4",
    line1="1 Mill Lane",
    city="Reno",
    region="NV",
    postal_code="89501",
    country="US",
    phone="7755550100",
)
BUYER = Address(
    name="Ada Buyer",
    line1="9 Elm Street",
    city="Boston",
    region="MA",
    postal_code="02108",
    country="US",
    phone="6175550123",
    email="ada@example.com",
)


def usd(amount: str) -> Money:
    """Make dollars."""
    return Money(amount=Decimal(amount), currency="USD")


def until(latest: datetime | None) -> Window:
    """Make a span of which only the end is known."""
    return Window(latest=latest)


def item(**changes: Any) -> OrderItem:
    """Make an order item: one unit, unshipped."""
    return OrderItem(**{"id": FIRST, "sku": "MUG", "title": "Mug", "quantity": 1} | changes)


def listed(**changes: Any) -> OrderPackage:
    """Make a package as the marketplace lists it."""
    given = {"reference": "1", "carrier": "UPS", "tracking_id": "1Z1", "status": "PENDING"}
    return OrderPackage(**given | changes)


def order(**changes: Any) -> Order:
    """Make a merchant-fulfilled Prime order of two items that can be shipped at NOW."""
    given: dict[str, Any] = {
        "id": ORDER_ID,
        "store_id": StoreId("us"),
        "marketplace_id": "ATVPDKIKX0DER",
        "purchased_at": NOW - timedelta(hours=5),
        "updated_at": NOW - timedelta(hours=4),
        "fetched_at": FETCHED,
        "status": OrderStatus.AWAITING_SHIPMENT,
        "fulfillment": Fulfillment.UNSHIPPED,
        "fulfilled_by": FulfilledBy.MERCHANT,
        "prime": Prime.YES,
        "programs": ("PRIME",),
        "ship_by": until(SHIP_BY),
        "deliver_by": until(DELIVER_BY),
        "items": (item(), item(id=SECOND_ITEM, quantity=2)),
    }
    return Order(**given | changes)


def box(**changes: Any) -> Box:
    """Make a measured package that holds all items."""
    given = {"weight": Weight.of(1, "kg"), "dimensions": Dimensions.of("30", "20", "10", "cm")}
    return Box(**given | changes)


def packed(*amounts: tuple[str, int], **changes: Any) -> Box:
    """Make a measured package that holds so many of each item."""
    items = tuple(PackedItem(item_id=ItemId(id_), quantity=n) for id_, n in amounts)
    return box(items=items, **changes)


def draft(**changes: Any) -> Shipment:
    """Make a complete draft for the order."""
    given: dict[str, Any] = {
        "order_id": ORDER_ID,
        "packages": (box(),),
        "ship_from": WAREHOUSE,
    }
    return Shipment(**given | changes)


def paper(**changes: Any) -> DocumentOffer:
    """Make an offer of label paper."""
    given = {"format": DocumentFormat.PDF, "width": "4", "length": "6", "unit": "INCH"}
    return DocumentOffer(**given | changes)


def signing(level: Confirmation, charge: Money | None = None) -> ConfirmationOffer:
    """Make an offer of a confirmation at the door."""
    return ConfirmationOffer(confirmation=level, id=str(level).upper(), charge=charge)


def promised(
    arrives_by: datetime | None = DELIVER_BY - timedelta(hours=2),
    pickup: Window | None = None,
) -> Promise:
    """Make a promise, in time for the order."""
    collected = Window(earliest=NOW + timedelta(hours=1), latest=NOW + timedelta(hours=2))
    return Promise(
        pickup=collected if pickup is None else pickup, delivery=Window(latest=arrives_by)
    )


def rate(shipment: Shipment | None = None, **changes: Any) -> Rate:
    """Make a fresh Buy Shipping rate for a draft (the usual one), in time for the order."""
    given: dict[str, Any] = {
        "id": RateId("r1"),
        "source": LabelSource.BUY_SHIPPING,
        "provider": "amazon",
        "order_id": ORDER_ID,
        "shipment_fingerprint": (shipment or draft()).fingerprint,
        "request_token": "t1",
        "carrier_id": "UPS",
        "carrier": "UPS",
        "service_id": "ups-2",
        "service": "UPS 2nd Day Air",
        "charge": usd("8.40"),
        "promise": promised(),
        "fetched_at": FETCHED,
        "documents": (paper(),),
    }
    return Rate(**given | changes)


def store(**changes: Any) -> Store:
    """Make an Amazon store connected long before the cut-over."""
    given: dict[str, Any] = {
        "id": StoreId("us"),
        "name": "Mugs",
        "marketplace_id": "ATVPDKIKX0DER",
        "endpoint": "https://api.example",
        "token_endpoint": "https://token.example",
        "created_at": datetime(2020, 1, 1, tzinfo=UTC),
        "connected_at": datetime(2020, 1, 1, tzinfo=UTC),
    }
    return Store(**given | changes)


def journal(*states: PurchaseState) -> Purchase:
    """Make a purchase that went through these states, a second each."""
    steps = tuple(
        Step(state=state, at=NOW + number * SECOND, by="ann") for number, state in enumerate(states)
    )
    return Purchase(
        id=PurchaseId("p1"),
        key=PurchaseKey("k1"),
        order=order(),
        shipment=draft(),
        rate=rate(),
        charge=usd("8.40"),
        steps=steps,
    )


def label(**changes: Any) -> Label:
    """Make a live label for the order."""
    given: dict[str, Any] = {
        "id": LabelId("l1"),
        "purchase_id": PurchaseId("p1"),
        "order_id": ORDER_ID,
        "source": LabelSource.BUY_SHIPPING,
        "provider": "amazon",
        "shipment_id": "s1",
        "tracking_id": "1Z1",
        "carrier": "UPS",
        "service": "UPS 2nd Day Air",
        "charge": usd("8.40"),
        "bought_at": NOW,
    }
    return Label(**given | changes)


def candidate(
    order_: dict[str, Any] | None = None,
    draft_: dict[str, Any] | None = None,
    rate_: dict[str, Any] | None = None,
    now: datetime = NOW,
) -> Candidate:
    """Make a candidate that nothing is wrong with, but for the changed fields."""
    shipment = draft(**draft_ or {})
    return Candidate(order(**order_ or {}), shipment, rate(shipment, **rate_ or {}), now)


def codes(asked: Candidate) -> set[str]:
    """Name every violation of a candidate by its code."""
    return {violation.code for violation in violations(asked)}
