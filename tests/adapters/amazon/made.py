"""What the tests of the Amazon adapter are made of: a clock, wire entries, and a sandbox store."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import SecretStr

from primetui.adapters.amazon.buy_shipping import AmazonBuyShipping
from primetui.adapters.amazon.client import AmazonClient
from primetui.adapters.amazon.merchant_fulfillment import MerchantFulfillment
from primetui.adapters.amazon.order_wire import Reading
from primetui.adapters.amazon.orders import AmazonMarketplace
from primetui.adapters.throttle import Pace
from primetui.domain.address import Address
from primetui.domain.clearance import ClearedShipment, clear
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.shipment import OrderId, Package, Shipment
from primetui.domain.store import Store, StoreId
from primetui.ports import Credentials, LabelProvider
from primetui.sandbox.clock import standing_at
from primetui.sandbox.server import RunningSandbox, start
from tests.wire import WIRE

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
US = "ATVPDKIKX0DER"
UK = "A1F83G8C2ARO7P"
SECRET, REFRESH = "amzn1.oa2-cs.v1.hush", "Atzr|hush-hush"

READING = Reading(store_id=StoreId("store-1"), marketplace_id=US, at=MONDAY)
CREDENTIALS = Credentials(
    client_id="client-1",
    client_secret=SecretStr(SECRET),
    refresh_token=SecretStr(REFRESH),
)
BOX = Package(weight=Weight.of("1", "lb"), dimensions=Dimensions.of("10", "8", "4", "in"))
SHIP_FROM = {
    "US": Address(
        name="Shipper", line1="1 Dock Way", city="New York", region="NY", postal_code="10001",
        country="US", phone="+1 212 555 0100", email="dock@shop.example",
    ),
    "GB": Address(
        name="Shipper", line1="1 Dock Way", city="Manchester", postal_code="M2 5DB",
        country="GB", phone="+44 161 496 0000", email="dock@shop.example",
    ),
    "DE": Address(
        name="Shipper", line1="Am Tor 1", city="Leipzig", postal_code="04109",
        country="DE", phone="+49 341 555 0100", email="dock@shop.example",
    ),
}  # fmt: skip

RECIPIENT = {
    "deliveryAddress": {
        "name": "Zoë \u202eevil",
        "companyName": "Co",
        "addressLine1": "1 Road",
        "city": "Leeds",
        "districtOrCounty": "West Yorkshire",
        "postalCode": "LS1 1AA",
        "countryCode": "gb",
        "phone": 441134960000,
        "addressType": "RESIDENTIAL",
    }
}


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.time = MONDAY

    def now(self) -> datetime:
        """Give the time."""
        return self.time

    def advance(self, **span: float) -> None:
        """Move on."""
        self.time += timedelta(**span)


class FakePace:
    """Time for the throttle: pauses pass at once and are written down."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []
        self.tell: Callable[[float], object] = lambda _: None
        """Told of every pause, so that somebody else's time can pass as well."""

    def pause(self, seconds: float) -> None:
        """Let the time pass without waiting for it."""
        self.pauses.append(seconds)
        self.seconds += seconds
        self.tell(seconds)

    def pace(self) -> Pace:
        """Give it to the code under test."""
        return Pace(monotonic=lambda: self.seconds, pause=self.pause, jitter=lambda: 0.0)


def store(endpoint: str = "https://api.example", marketplace_id: str = US, **facts: Any) -> Store:
    """Make a store whose API and login are at one address."""
    return Store(
        id=StoreId("store-1"),
        name="Test store",
        marketplace_id=marketplace_id,
        endpoint=endpoint,
        token_endpoint=f"{endpoint}/auth/o2/token",
        created_at=MONDAY,
        **facts,
    )


def entry(**changes: Any) -> dict[str, Any]:
    """Write an order as searchOrders gives it: unshipped, Prime, one item; with changes on top."""
    return {
        "orderId": "114-0000001-0000001",
        "createdTime": "2026-11-22T10:00:00Z",
        "lastUpdatedTime": "2026-11-22T11:00:00.123Z",
        "programs": ["PRIME"],
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": US,
            "marketplaceName": "Amazon.com",
        },
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED",
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": window("2026-11-23T08:00:00Z", "2026-11-25T07:59:59Z"),
            "deliverByWindow": window("2026-11-25T08:00:00Z", "2026-11-28T07:59:59Z"),
        },
        "orderItems": [item()],
    } | changes


def item(**changes: Any) -> dict[str, Any]:
    """Write an order item: two wanted, none shipped."""
    return {
        "orderItemId": "item-1",
        "quantityOrdered": 2,
        "product": {
            "sellerSku": "MUG-1",
            "title": "Mug",
            "price": {"unitPrice": {"amount": "9.99", "currencyCode": "USD"}},
        },
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 2},
    } | changes


def window(earliest: object, latest: object) -> dict[str, Any]:
    """Write a span as Orders does."""
    return {"earliestDateTime": earliest, "latestDateTime": latest}


def fulfillment(**changes: Any) -> dict[str, Any]:
    """Write the fulfillment part of an order with changes."""
    facts: dict[str, Any] = copy.deepcopy(entry()["fulfillment"])
    return facts | changes


def wire_rate(**changes: Any) -> dict[str, Any]:
    """Write a rate as getRates gives it."""
    return {
        "rateId": "rate-1",
        "carrierId": "UPS",
        "carrierName": "UPS",
        "serviceId": "UPS_PTP_GND",
        "serviceName": "UPS Ground",
        "totalCharge": {"value": Decimal("10.76"), "unit": "USD"},
        "promise": {
            "pickupWindow": {"start": "2026-11-23T20:00:00Z", "end": "2026-11-23T22:00:00Z"},
            "deliveryWindow": {"start": "2026-11-25T14:00:00Z", "end": "2026-11-26T07:59:59Z"},
        },
        "supportedDocumentSpecifications": [specification()],
        "requiresAdditionalInputs": False,
        "paymentType": "PAY_THROUGH_AMAZON",
    } | changes


def specification(**option: Any) -> dict[str, Any]:
    """Write one way to print a label, with changes to its print option."""
    usual = {
        "supportedDPIs": [203],
        "supportedPageLayouts": ["DEFAULT"],
        "supportedFileJoiningOptions": [True],
        "supportedDocumentDetails": [{"name": "LABEL", "isMandatory": True}],
    }
    return {
        "format": "PNG",
        "size": {"width": 4, "length": 6, "unit": "INCH"},
        "printOptions": [usual | option],
    }


@dataclass
class Connected:
    """A store of a sandbox, and the adapters that talk to it over HTTP."""

    sandbox: RunningSandbox
    store: Store
    country: str
    client: AmazonClient
    marketplace: AmazonMarketplace
    shipping: AmazonBuyShipping
    fulfillment: MerchantFulfillment
    clock: Clock
    pace: FakePace

    def control(self, path: str, body: object) -> Any:
        """Tell the sandbox something."""
        answer = WIRE.post(f"{self.sandbox.control}/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def advance(self, **span: float) -> None:
        """Move the time of both sides."""
        self.clock.advance(**span)
        self.control("clock", {"now": self.clock.now().isoformat()})

    def fault(self, operation: str, kind: str, **options: object) -> None:
        """Arm one fault instead of those armed before."""
        self.control("faults", [])
        self.control("faults", [{"operation": operation, "kind": kind, **options}])

    def add(self, **story: Any) -> OrderId:
        """Add an order: Prime and in good time unless told otherwise."""
        usual = {"store": self.country, "programs": ["PRIME"], "status": "UNSHIPPED"}
        usual |= {"ship_by": "+1d", "deliver_by": "+4d"}
        return OrderId(self.control("orders", {"add": [usual | story]})["added"][0])

    def calls(self, operation: str) -> int:
        """Count the calls the sandbox saw of an operation."""
        state = WIRE.get(f"{self.sandbox.control}/state").json()
        return int(state["calls"].get(operation, 0))

    def truth(self, order_id: str) -> Any:
        """Ask the sandbox for the truth about an order."""
        found = WIRE.get(f"{self.sandbox.control}/state", params={"order": order_id})
        return found.json()["orders"][0]

    def draft(self, order_id: OrderId, **changes: Any) -> Shipment:
        """Make a measured draft."""
        facts = {"order_id": order_id, "packages": (BOX,), "ship_from": SHIP_FROM[self.country]}
        return Shipment.model_validate(facts | changes)

    def cleared(
        self, order_id: OrderId, seller: LabelProvider | None = None, **changes: Any
    ) -> ClearedShipment:
        """Fetch rates and clear the slowest one that the gate lets through."""
        order = self.marketplace.order(order_id)
        draft = self.draft(order_id, **changes)
        offers = (seller or self.shipping).rates(order, draft)
        verdicts = [clear(order, draft, rate, now=self.clock.now()) for rate in offers.rates]
        good = [verdict for verdict in verdicts if isinstance(verdict, ClearedShipment)]
        assert good, verdicts
        return max(good, key=lambda one: one.rate.promise.arrives_by or MONDAY)


@contextmanager
def connected(country: str = "US", **options: Any) -> Iterator[Connected]:
    """Start a sandbox without orders or limits, and connect one of its stores."""
    usual: dict[str, Any] = {"orders": 0, "limits": False, "clock": standing_at(MONDAY)}
    usual["countries"] = ("US", "GB", "DE")
    with start(**(usual | options)) as sandbox, open_store(sandbox, country) as opened:
        yield opened


@contextmanager
def open_store(sandbox: RunningSandbox, country: str = "US", **changes: str) -> Iterator[Connected]:
    """Connect one of a sandbox's stores; `changes` spoil its credentials."""
    facts = next(s for s in sandbox.credentials["stores"] if s["country"] == country) | changes
    keys = Credentials(
        client_id=facts["client_id"],
        client_secret=SecretStr(facts["client_secret"]),
        refresh_token=SecretStr(facts["refresh_token"]),
    )
    clock, pace = Clock(), FakePace()
    shop = store(sandbox.url, facts["marketplace_id"])
    with AmazonClient(shop, keys, clock, pace.pace()) as client:
        yield Connected(
            sandbox=sandbox,
            store=shop,
            country=country,
            client=client,
            marketplace=AmazonMarketplace(client, shop, clock),
            shipping=AmazonBuyShipping(client, shop, clock),
            fulfillment=MerchantFulfillment(client, shop, clock),
            clock=clock,
            pace=pace,
        )
