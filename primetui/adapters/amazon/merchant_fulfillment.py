"""Amazon Buy Shipping through Merchant Fulfillment: where Shipping v2 sells no labels."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from primetui.adapters.amazon.client import SERVICE, AmazonClient
from primetui.adapters.amazon.drafts import (
    check_marketplace,
    no_manifest,
    only_package,
    ship_from_of,
)
from primetui.adapters.amazon.fulfillment_label import read_label, read_refund, read_shipment
from primetui.adapters.amazon.fulfillment_wire import create_body, read_services, services_body
from primetui.adapters.amazon.lenient import identity, unwrapped
from primetui.adapters.amazon.marketplaces import site
from primetui.adapters.amazon.rate_wire import Asking
from primetui.adapters.amazon.refusals import understood
from primetui.adapters.amazon.restricted_data import Resource, RestrictedData
from primetui.adapters.answers import Call, unreadable
from primetui.domain.address import Address
from primetui.domain.clearance import ClearedShipment
from primetui.domain.label import Label, PurchaseKey, Refund
from primetui.domain.order import Order
from primetui.domain.rate import Offers
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId, Shipment
from primetui.domain.store import Store
from primetui.errors import NotFound, Rejected
from primetui.ports import Bought, Clock, Paper

_SHIPMENTS: Final = "/mfn/v0/shipments"
_ONE: Final = "/mfn/v0/shipments/{shipmentId}"
_CREATE: Final = Resource("POST", _SHIPMENTS)
_LOOK: Final = Resource("GET", _ONE)
_CANCEL: Final = Resource("DELETE", _ONE)


class MerchantFulfillment:
    """Prices, buys, reprints and voids labels for one store; a `LabelProvider`.

    This API takes no idempotency key: what tells that a lost purchase happened is Amazon's refusal
    of a second label, which names the first, or the order's packages.
    """

    def __init__(
        self, client: AmazonClient, store: Store, clock: Clock, printer_dpi: int | None = None
    ) -> None:
        self._client = client
        self._restricted = RestrictedData(client, clock)
        self._site = site(store.marketplace_id)
        self._clock = clock
        self._dpi = printer_dpi

    def rates(self, order: Order, shipment: Shipment) -> Offers:
        """Ask what it would cost to ship this draft; buys nothing."""
        package, ship_from = only_package(shipment), ship_from_of(shipment)
        check_marketplace(order, self._site)
        wanted = shipment.confirmation or Confirmation.NONE
        call = Call(
            "getEligibleShipmentServices",
            "POST",
            "/mfn/v0/eligibleShippingServices",
            reads=True,
            body=services_body(
                order, package, ship_from, country=self._site.country, wanted=wanted
            ),
        )
        asking = Asking(order.id, shipment.fingerprint, self._site.country, self._clock.now())
        try:
            answer = self._client.send(call)
        except Rejected as error:
            raise understood(error) from None
        try:
            return read_services(answer, asking)
        except ValueError as error:
            raise unreadable(call, SERVICE, str(error)) from None

    def purchase(self, cleared: ClearedShipment, key: PurchaseKey) -> Bought:  # noqa: ARG002 - this API has no place for a key
        """Buy the label. Sent once."""
        call = Call(
            "createShipment",
            "POST",
            _SHIPMENTS,
            reads=False,
            body=create_body(cleared, self._site.country, self._dpi),
        )
        try:
            answer = self._restricted.send(call, _CREATE)
        except Rejected as error:
            raise understood(error) from None
        try:
            return read_shipment(answer, cleared.order.id)
        except ValueError as error:
            raise unreadable(call, SERVICE, str(error)) from None

    def find(self, shipment_id: str, order_id: OrderId, wanted: DocumentFormat) -> Bought:  # noqa: ARG002 - the label is as it was bought
        """Look a shipment up by the id a refusal named; one given back is not there any more."""
        call = _look(shipment_id)
        answer = self._restricted.send(call, _LOOK)
        try:
            if identity(unwrapped(answer).get("AmazonOrderId")) not in {"", order_id}:
                raise Rejected("The shipment that Amazon names is another order's.")
            if read_refund(answer) is not Refund.NOT_ASKED:
                raise Rejected("The shipment that Amazon names was given back.")
            return read_shipment(answer, order_id)
        except ValueError as error:
            raise unreadable(call, SERVICE, str(error)) from None

    def papers(self, label: Label, wanted: DocumentFormat) -> tuple[Paper, ...]:  # noqa: ARG002 - the label is as it was bought
        """Fetch a bought label's file again, in the format it was bought in."""
        call = _look(label.shipment_id)
        papers = read_label(unwrapped(self._restricted.send(call, _LOOK)))
        if not papers:
            raise unreadable(call, SERVICE, "it holds no label that is whole")
        return papers

    def void(self, label: Label) -> None:
        """Give the label back; the order stays shipped at Amazon, and the refund follows."""
        path = _shipment(label.shipment_id)
        call = Call("mfn.cancelShipment", "DELETE", path, reads=False)
        try:
            answer = self._restricted.send(call, _CANCEL)
        except Rejected as error:
            raise understood(error) from None
        if self._refund(call, answer) is Refund.NOT_ASKED:
            raise unreadable(call, SERVICE, "it says that the label still stands")

    def refund(self, label: Label) -> Refund:
        """Ask what became of the money of a label that was given back."""
        call = _look(label.shipment_id)
        return self._refund(call, self._restricted.send(call, _LOOK))

    def manifest(self, carrier_id: str, ship_from: Address, key: str) -> Paper:  # noqa: ARG002 - none is made
        """Refuse: Buy Shipping makes none (R9)."""
        raise no_manifest()

    def _refund(self, call: Call, answer: Mapping[str, object]) -> Refund:
        try:
            return read_refund(answer)
        except ValueError as error:
            raise unreadable(call, SERVICE, str(error)) from None


def _look(shipment_id: str) -> Call:
    return Call("getShipment", "GET", _shipment(shipment_id), reads=True)


def _shipment(shipment_id: str) -> str:
    """Give the path of a bought shipment."""
    if not shipment_id.strip("."):
        raise NotFound("The label's shipment id is not known here: do it in Seller Central.")
    return f"{_SHIPMENTS}/{quote(shipment_id, safe='')}"
