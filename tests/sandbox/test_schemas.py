"""Every answer has the shape Amazon's own models declare, and so has every request we send."""

from collections.abc import Iterator

import httpx
import pytest

from primetui.sandbox.clock import standing_at
from primetui.sandbox.operations import operations
from primetui.sandbox.server import start
from tests.sandbox.models import NEEDED, faults, needs_models, response_definition
from tests.sandbox.seller import EVERYTHING, MONDAY, ORDERS, RATES, Seller, signed_in

pytestmark = needs_models

COLLECTION = "/shipping/v2/collectionForms"
MODEL_OF = {
    "searchOrders": "orders_2026-01-01",
    "getOrder": "orders_2026-01-01",
    "confirmShipment": "ordersV0",
    "getMarketplaceParticipations": "sellers",
    "getRates": "shippingV2",
    "purchaseShipment": "shippingV2",
    "getShipmentDocuments": "shippingV2",
    "cancelShipment": "shippingV2",
    "generateCollectionForm": "shippingV2",
    "getTracking": "shippingV2",
    "getEligibleShipmentServices": "merchantFulfillmentV0",
    "getAdditionalSellerInputs": "merchantFulfillmentV0",
    "createShipment": "merchantFulfillmentV0",
    "getShipment": "merchantFulfillmentV0",
    "mfn.cancelShipment": "merchantFulfillmentV0",
    "createRestrictedDataToken": "tokens_2021-03-01",
}
"""The model of each operation; those of Merchant Fulfillment are held to it in `test_fulfillment`."""


@pytest.fixture(scope="module", params=["US", "GB"])
def seller(request: pytest.FixtureRequest) -> Iterator[Seller]:
    """Sign in a seller of the default world."""
    with (
        start(limits=False, clock=standing_at(MONDAY)) as running,
        signed_in(running, request.param) as signed,
    ):
        yield signed


def _check(operation: str, answer: httpx.Response, status: int) -> None:
    assert status == answer.status_code, answer.text
    definition = response_definition(MODEL_OF[operation], operation, status)
    if status == 204:
        assert b"" == answer.content
    else:
        assert [] == faults(MODEL_OF[operation], definition, answer.json())


def test_every_operation_is_checked() -> None:
    """No operation is added without a model to hold it to."""
    assert set(MODEL_OF) == {operation.name for operation in operations()}
    assert set(MODEL_OF.values()) <= set(NEEDED)


@pytest.mark.parametrize("included", [EVERYTHING, "PACKAGES", ""])
def test_orders_of_the_whole_world(seller: Seller, included: str) -> None:
    """Search pages and single orders, hostile ones included, fit the model."""
    page = seller.search(includedData=included, maxResultsPerPage="10")
    _check("searchOrders", page, 200)
    _check("searchOrders", seller.search(includedData=included), 200)
    for order in seller.search().json()["orders"]:
        one = seller.http.get(f"{ORDERS}/{order['orderId']}", params={"includedData": included})
        _check("getOrder", one, 200)


def test_a_labels_whole_life(seller: Seller) -> None:
    """Rates, purchase, documents, tracking, cancellation and the order between fit the model."""
    order_id = seller.add()
    body = seller.rates_body(order_id)
    rates = seller.http.post(RATES, json=body)
    _check("getRates", rates, 200)
    assert [] == faults("shippingV2", "GetRatesRequest", body)
    for rate in rates.json()["payload"]["rates"]:
        purchase = seller.purchase_body(rates.json()["payload"], rate["serviceId"], "ZPL")
        assert [] == faults("shippingV2", "PurchaseShipmentRequest", purchase)
        bought = seller.purchase(purchase)
        _check("purchaseShipment", bought, 200)
        shipment = f"/shipping/v2/shipments/{bought.json()['payload']['shipmentId']}"
        query = {"packageClientReferenceId": "box-1"}
        _check("getShipmentDocuments", seller.http.get(f"{shipment}/documents", params=query), 200)
        _check("getOrder", seller.http.get(f"{ORDERS}/{order_id}?includedData=PACKAGES"), 200)
        _check("cancelShipment", seller.http.put(f"{shipment}/cancel"), 200)


def test_a_collection_form(seller: Seller) -> None:
    """The form fits the model, and so does the refusal where no parcel waits for one."""
    service, carrier = {"US": ("AMZN_US_PREM", "AMZN_US"), "GB": ("AMZN_UK_ONE_DAY", "AMZN_UK")}[
        seller.country
    ]
    seller.buy(seller.add(), service)
    wanted = {"carrierId": carrier}

    _check("generateCollectionForm", seller.http.post(COLLECTION, json=wanted), 200)
    _check("generateCollectionForm", seller.http.post(COLLECTION, json=wanted), 400)


def test_tracking_at_each_stage(seller: Seller) -> None:
    """Before and after collection and delivery, and cancelled, the answer fits the model."""
    service, carrier = {"US": ("AMZN_US_PREM", "AMZN_US"), "GB": ("AMZN_UK_ONE_DAY", "AMZN_UK")}[
        seller.country
    ]
    kept, void = seller.buy(seller.add(), service), seller.buy(seller.add(), service)
    seller.http.put(f"/shipping/v2/shipments/{void['shipmentId']}/cancel")
    statuses = []
    for _ in range(3):
        for bought in (kept, void):
            tracking = bought["packageDocumentDetails"][0]["trackingId"]
            query = {"trackingId": tracking, "carrierId": carrier}
            answer = seller.http.get("/shipping/v2/tracking", params=query)
            _check("getTracking", answer, 200)
            statuses.append(answer.json()["payload"]["summary"]["status"])
        seller.advance(hours=26 if len(statuses) == 2 else 24 * 6)
        seller.sign_in()
    seller.control("clock", {"now": MONDAY.isoformat()})
    seller.sign_in()

    assert ["PreTransit", "InTransit", "Delivered"] == statuses[0::2]
    assert ["PickupCancelled"] * 3 == statuses[1::2]


def test_a_confirmation(seller: Seller) -> None:
    """The request fits the model; the answer is empty or an error list."""
    order_id = seller.add()
    body = seller.confirmation_body(order_id)

    assert [] == faults("ordersV0", "ConfirmShipmentRequest", body)
    _check("confirmShipment", seller.confirm(order_id, body | {"marketplaceId": "x"}), 400)
    _check("confirmShipment", seller.confirm(order_id, body), 204)


def test_the_credentials_test(seller: Seller) -> None:
    """The seller's marketplaces fit the model."""
    answer = seller.http.get("/sellers/v1/marketplaceParticipations")

    _check("getMarketplaceParticipations", answer, 200)


def test_errors_of_every_kind(seller: Seller) -> None:
    """400, 403, 404, 413, 415, 429, 500 and 503 are error lists of the operation's model."""
    post, json_type = seller.http.post, {"content-type": "application/json"}
    _check("searchOrders", seller.http.get(ORDERS), 400)
    _check("searchOrders", seller.http.get(ORDERS, headers={"x-amz-access-token": "no"}), 403)
    _check("getOrder", seller.http.get(f"{ORDERS}/unknown"), 404)
    _check("getRates", post(RATES, json={}), 400)
    _check("getRates", post(RATES, content="{}", headers={"content-type": "text/plain"}), 415)
    _check("getRates", post(RATES, content=b" " * 1_000_001, headers=json_type), 413)
    _check("purchaseShipment", seller.purchase({}), 400)
    _check("cancelShipment", seller.http.put("/shipping/v2/shipments/no/cancel"), 404)
    _check("getShipmentDocuments", seller.http.get("/shipping/v2/shipments/no/documents"), 404)
    _check("getTracking", seller.http.get("/shipping/v2/tracking"), 404)
    _check("confirmShipment", seller.confirm("unknown", {}), 404)
    for kind, status in (("throttle", 429), ("error_500", 500), ("error_503", 503)):
        for operation in ("getOrder", "getTracking"):
            seller.control("faults", [{"operation": operation, "kind": kind}])
        _check("getOrder", seller.http.get(f"{ORDERS}/unknown"), status)
        _check("getTracking", seller.http.get("/shipping/v2/tracking"), status)


def test_the_check_would_notice() -> None:
    """A missing, a mistyped and an undeclared field are each found."""
    good = {"payload": {"requestToken": "t", "rates": []}}

    assert [] == faults("shippingV2", "GetRatesResponse", good)
    assert faults("shippingV2", "GetRatesResponse", {"payload": {"rates": []}})
    assert faults("shippingV2", "GetRatesResponse", {"payload": good["payload"] | {"rates": 1}})
    assert faults("shippingV2", "GetRatesResponse", {"payload": good["payload"] | {"more": 1}})
    assert faults(
        "orders_2026-01-01", "SearchOrdersResponse", {"orders": [], "createdBefore": "soon"}
    )
