"""A seller for tests: its own tokens, its own orders, and the bodies it would send."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from primetui.sandbox.server import RunningSandbox

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""A working morning in New York, an afternoon in London."""

EVERYTHING = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX"
ORDERS = "/orders/2026-01-01/orders"
RATES = "/shipping/v2/shipments/rates"
SHIPMENTS = "/shipping/v2/shipments"

_FROM = {
    "US": {"city": "New York", "stateOrRegion": "NY", "postalCode": "10001"},
    "GB": {"city": "Manchester", "stateOrRegion": "", "postalCode": "M2 5DB"},
    "DE": {"city": "Leipzig", "stateOrRegion": "Sachsen", "postalCode": "04109"},
}
_CURRENCY = {"US": "USD", "GB": "GBP", "DE": "EUR"}

Json = dict[str, Any]


class Seller:
    """One store of a sandbox, signed in."""

    def __init__(self, sandbox: RunningSandbox, country: str) -> None:
        self.sandbox = sandbox
        self.country = country
        self.store = next(s for s in sandbox.credentials["stores"] if s["country"] == country)
        self.currency = _CURRENCY[country]
        self.http = httpx.Client(base_url=sandbox.url, trust_env=False)
        self.sign_in()

    def grant(self, **changes: str) -> httpx.Response:
        """Ask for an access token, with changes to the form."""
        names = ("client_id", "client_secret", "refresh_token")
        form = {"grant_type": "refresh_token", **{n: self.store[n] for n in names}}
        return self.http.post("/auth/o2/token", data=form | changes)

    def sign_in(self) -> None:
        """Get a fresh access token and use it from now on."""
        business = "AmazonShipping_US" if self.country == "US" else "AmazonShipping_UK"
        self.http.headers["x-amz-access-token"] = self.grant().json()["access_token"]
        self.http.headers["x-amzn-shipping-business-id"] = business

    def control(self, path: str, body: Any) -> Any:
        """Tell the control side something."""
        answer = self.http.post(f"/_sandbox/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def advance(self, **span: float) -> None:
        """Move the sandbox's time forward."""
        units: dict[str, int] = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        seconds = sum(units[unit] * count for unit, count in span.items())
        self.control("clock", {"advance_seconds": seconds})

    def add(self, **story: Any) -> str:
        """Add an order: a Prime one in good time unless told otherwise."""
        usual: Json = {"store": self.country, "programs": ["PRIME"], "status": "UNSHIPPED"}
        usual |= {"ship_by": "+1d", "deliver_by": "+4d", "quantities": [1]}
        added: list[str] = self.control("orders", {"add": [usual | story]})["added"]
        return added[0]

    def state(self, order_id: str) -> Json:
        """Read the truth about one order."""
        found: Json = self.http.get("/_sandbox/state", params={"order": order_id}).json()
        order: Json = found["orders"][0]
        return order

    def order(self, order_id: str, included: str = EVERYTHING) -> Json:
        """Read one order through the API."""
        answer = self.http.get(f"{ORDERS}/{order_id}", params={"includedData": included})
        assert answer.status_code == 200, answer.text
        order: Json = answer.json()["order"]
        return order

    def search(self, **query: str) -> httpx.Response:
        """Search orders, all of them unless told otherwise."""
        since = {} if "lastUpdatedAfter" in query else {"createdAfter": "2020-01-01T00:00:00Z"}
        return self.http.get(ORDERS, params=since | query)

    def rates_body(self, order_id: str) -> Json:
        """Write a getRates request for every item of an order."""
        value = {"value": 9.5, "unit": self.currency}
        items = [
            {"itemIdentifier": i["orderItemId"], "quantity": i["quantityOrdered"]}
            for i in self.order(order_id)["orderItems"]
        ]
        package = {
            "dimensions": {"length": 10, "width": 8, "height": 4, "unit": "INCH"},
            "weight": {"value": 2, "unit": "POUND"},
            "insuredValue": value,
            "packageClientReferenceId": "box-1",
            "items": [item | {"itemValue": value} for item in items],
        }
        ship_from = {"name": "Dock", "addressLine1": "1 Example Dock", "countryCode": self.country}
        return {
            "shipFrom": ship_from | _FROM[self.country],
            "packages": [package],
            "channelDetails": {
                "channelType": "AMAZON",
                "amazonOrderDetails": {"orderId": order_id},
            },
        }

    def rates(self, order_id: str) -> Json:
        """Fetch rates that must be had."""
        answer = self.http.post(RATES, json=self.rates_body(order_id))
        assert answer.status_code == 200, answer.text
        payload: Json = answer.json()["payload"]
        return payload

    def purchase_body(self, quote: Json, service: str = "", wanted: str = "PNG") -> Json:
        """Write a purchase of one service of a quote (the first unless named)."""
        rate = next(r for r in quote["rates"] if service in {"", r["serviceId"]})
        specs = rate["supportedDocumentSpecifications"]
        spec = next(s for s in specs if s["format"] == wanted)
        option = spec["printOptions"][0]
        groups = rate.get("availableValueAddedServiceGroups", [])
        return {
            "requestToken": quote["requestToken"],
            "rateId": rate["rateId"],
            "requestedDocumentSpecification": {
                "format": wanted,
                "size": spec["size"],
                "dpi": option["supportedDPIs"][0],
                "pageLayout": option["supportedPageLayouts"][0],
                "needFileJoining": option["supportedFileJoiningOptions"][0],
                "requestedDocumentTypes": [d["name"] for d in option["supportedDocumentDetails"]],
            },
            "requestedValueAddedServices": [
                {"id": group["valueAddedServices"][0]["id"]} for group in groups
            ],
        }

    def purchase(self, body: Json, key: str = "") -> httpx.Response:
        """Send a purchase."""
        headers = {"x-amzn-IdempotencyKey": key} if key else {}
        return self.http.post(SHIPMENTS, json=body, headers=headers)

    def buy(self, order_id: str, service: str = "", wanted: str = "PNG") -> Json:
        """Buy a label that must be had."""
        answer = self.purchase(self.purchase_body(self.rates(order_id), service, wanted))
        assert answer.status_code == 200, answer.text
        payload: Json = answer.json()["payload"]
        return payload

    def confirmation_body(self, order_id: str, **changes: Any) -> Json:
        """Write a confirmation of the whole order."""
        items = [
            {"orderItemId": i["orderItemId"], "quantity": i["quantityOrdered"]}
            for i in self.order(order_id)["orderItems"]
        ]
        detail = {
            "packageReferenceId": "1",
            "carrierCode": "UPS",
            "shippingMethod": "Ground",
            "trackingNumber": "1Z999AA10123456784",
            "shipDate": "2026-11-23T16:00:00Z",
            "orderItems": items,
        }
        return {"marketplaceId": self.store["marketplace_id"], "packageDetail": detail | changes}

    def confirm(self, order_id: str, body: Json) -> httpx.Response:
        """Send a confirmation."""
        return self.http.post(f"/orders/v0/orders/{order_id}/shipmentConfirmation", json=body)


@contextmanager
def signed_in(sandbox: RunningSandbox, country: str) -> Iterator[Seller]:
    """Work as the seller of a country."""
    seller = Seller(sandbox, country)
    try:
        yield seller
    finally:
        seller.http.close()


def document(payload: Json) -> bytes:
    """Decode the label of a purchase."""
    detail = payload["packageDocumentDetails"][0]
    return base64.b64decode(detail["packageDocuments"][0]["contents"], validate=True)


def error(answer: httpx.Response) -> tuple[int, str]:
    """Name an error answer by its status and code."""
    return answer.status_code, answer.json()["errors"][0]["code"]
