"""Rithum's JSON to start from: one unshipped Prime order of Amazon US, and readers of it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from primetui.adapters.rithum.order_wire import Reading, read_order
from primetui.domain.order import Order
from primetui.domain.store import Store, StoreId, StoreKind

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
AMAZON_ID = "115-1234567-7654321"
READING = Reading(StoreId("ca"), NOW, with_address=True)

Json = dict[str, Any]


def store(**changes: Any) -> Store:
    """Make a store of Rithum's."""
    given: dict[str, Any] = {
        "id": StoreId("ca"),
        "kind": StoreKind.RITHUM,
        "name": "Northwind at Rithum",
        "marketplace_id": "32001234",
        "endpoint": "https://rithum.example",
        "token_endpoint": "https://rithum.example/oauth2/token",
        "created_at": NOW,
    }
    return Store(**given | changes)


def item(**changes: Any) -> Json:
    """Make a line of two mugs."""
    given = {
        "ID": 7100,
        "SiteOrderItemID": "40000000000011",
        "Sku": "MUG",
        "Title": "Enamel mug",
        "Quantity": 2,
        "UnitPrice": Decimal("14.9"),
    }
    return given | changes


def fulfillment(status: str = "Complete", told: str = "Complete", **changes: Any) -> Json:
    """Make what was sent of it: both mugs."""
    given = {
        "ID": 81,
        "DeliveryStatus": status,
        "TrackingNumber": "1Z1",
        "ShippingCarrier": "UPS",
        "ShippingClass": "GROUND",
        "SellerFulfillmentID": "123456789",
        "DistributionCenterID": 2,
        "Items": [{"OrderItemID": 7100, "Quantity": 2, "MarketplaceShippingStatus": told}],
    }
    return given | changes


def entry(**changes: Any) -> Json:
    """Make an order as Rithum lists it."""
    given = {
        "ID": 71,
        "ProfileID": 32001234,
        "SiteID": 640,
        "SiteName": "Amazon US",
        "SiteAccountID": 7001,
        "SiteOrderID": AMAZON_ID,
        "Currency": "USD",
        "CreatedDateUtc": "2026-11-23T10:00:00Z",
        "UpdatedDateUtc": "2026-11-23T11:00:00Z",
        "EstimatedShipDateUtc": "2026-11-24T23:59:59Z",
        "DeliverByDateUtc": "2026-11-27T23:59:59Z",
        "RequestedShippingCarrier": "Amazon",
        "RequestedShippingClass": "Prime Standard",
        "DistributionCenterTypeRollup": "SellerManaged",
        "CheckoutStatus": "Completed",
        "PaymentStatus": "Cleared",
        "ShippingStatus": "Unshipped",
        "UserDataPresent": 1,
        "ShippingFirstName": "Robin",
        "ShippingLastName": "Example",
        "ShippingAddressLine1": "12 Example Street",
        "ShippingCity": "Columbus",
        "ShippingStateOrProvince": "OH",
        "ShippingPostalCode": "43215",
        "ShippingCountry": "US",
        "Items": [item()],
        "Fulfillments": [],
        "CustomFields": [],
    }
    return given | changes


def read(**changes: Any) -> Order:
    """Read the order with changes to it."""
    return read_order(entry(**changes), READING)
