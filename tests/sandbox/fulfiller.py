"""A seller who buys labels through Merchant Fulfillment: its bodies, and its restricted tokens."""

import base64
import gzip
import hashlib
from typing import Any

import httpx

from tests.sandbox.seller import Json, Seller

ELIGIBLE = "/mfn/v0/eligibleShippingServices"
INPUTS = "/mfn/v0/additionalSellerInputs"
MFN_SHIPMENTS = "/mfn/v0/shipments"
ANY_SHIPMENT = "/mfn/v0/shipments/{shipmentId}"
TOKENS = "/tokens/2021-03-01/restrictedDataToken"
RESOURCES = (("POST", MFN_SHIPMENTS), ("GET", ANY_SHIPMENT), ("DELETE", ANY_SHIPMENT))
FROM = {
    "Name": "Dock",
    "AddressLine1": "1 Example Dock",
    "City": "Leipzig",
    "StateOrProvinceCode": "",
    "PostalCode": "04109",
    "Email": "dock@shop.example",
    "Phone": "+49 341 555 0100",
}


def restricted(seller: Seller, *resources: tuple[str, str]) -> httpx.Response:
    """Ask for a restricted data token, for every restricted operation unless told otherwise."""
    wanted = [{"method": method, "path": path} for method, path in resources or RESOURCES]
    return seller.http.post(TOKENS, json={"restrictedResources": wanted})


class Fulfiller:
    """Works through Merchant Fulfillment for a seller."""

    def __init__(self, seller: Seller) -> None:
        self.seller = seller
        token = restricted(seller).json()["restrictedDataToken"]
        self.headers = {"x-amz-access-token": token}

    def details(self, order_id: str, **changes: Any) -> Json:
        """Write the shipment of every item of an order."""
        options = {
            "DeliveryExperience": "DeliveryConfirmationWithoutSignature",
            "CarrierWillPickUp": False,
        }
        items = [
            {"OrderItemId": i["orderItemId"], "Quantity": i["quantityOrdered"]}
            for i in self.seller.order(order_id)["orderItems"]
        ]
        return {
            "AmazonOrderId": order_id,
            "ItemList": items,
            "ShipFromAddress": FROM | {"CountryCode": self.seller.country},
            "PackageDimensions": {"Length": 25, "Width": 20, "Height": 10, "Unit": "centimeters"},
            "Weight": {"Value": 680, "Unit": "g"},
            "ShippingServiceOptions": options | changes.pop("options", {}),
        } | changes

    def ask(self, details: Json) -> httpx.Response:
        """Ask for offers."""
        return self.seller.http.post(ELIGIBLE, json={"ShipmentRequestDetails": details})

    def offers(self, order_id: str, **changes: Any) -> Json:
        """Fetch offers that must be had."""
        answer = self.ask(self.details(order_id, **changes))
        assert answer.status_code == 200, answer.text
        payload: Json = answer.json()["payload"]
        return payload

    def body(self, details: Json, service: Json, **changes: Any) -> Json:
        """Write a purchase of one service on offer."""
        chosen = {name: service[name] for name in ("ShippingServiceId", "ShippingServiceOfferId")}
        return {"ShipmentRequestDetails": details} | chosen | changes

    def create(self, body: Json) -> httpx.Response:
        """Send a purchase."""
        return self.seller.http.post(MFN_SHIPMENTS, json=body, headers=self.headers)

    def buy(self, order_id: str, service_id: str = "", **changes: Any) -> Json:
        """Buy a label that must be had, of the first service unless one is named."""
        details = self.details(order_id, **changes)
        services = self.ask(details).json()["payload"]["ShippingServiceList"]
        chosen = next(s for s in services if service_id in {"", s["ShippingServiceId"]})
        answer = self.create(self.body(details, chosen))
        assert answer.status_code == 200, answer.text
        payload: Json = answer.json()["payload"]
        return payload

    def shipment(self, shipment_id: str, method: str = "GET") -> httpx.Response:
        """Read or cancel a shipment."""
        path = f"{MFN_SHIPMENTS}/{shipment_id}"
        return self.seller.http.request(method, path, headers=self.headers)


def label_file(payload: Json) -> bytes:
    """Unpack a label and hold it to its checksum."""
    packed = payload["Label"]["FileContents"]
    document = gzip.decompress(base64.b64decode(packed["Contents"], validate=True))
    md5 = hashlib.md5(document, usedforsecurity=False).digest()
    assert base64.b64encode(md5).decode() == packed["Checksum"]
    return document
