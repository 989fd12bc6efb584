"""Shipping v2 for one store: what buying, reprinting and voiding have in common in its two roles."""

from typing import Final
from urllib.parse import quote

from primetui.adapters.amazon.client import SERVICE, AmazonClient
from primetui.adapters.amazon.label_wire import purchase_body, read_bought, read_papers
from primetui.adapters.amazon.lenient import obj, unwrapped
from primetui.adapters.amazon.marketplaces import site
from primetui.adapters.amazon.rate_wire import Asking, read_offers
from primetui.adapters.amazon.refusals import understood
from primetui.adapters.answers import Call, unreadable
from primetui.domain.clearance import ClearedShipment
from primetui.domain.label import Label, PurchaseKey, Refund
from primetui.domain.rate import Offers
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.domain.store import Store
from primetui.errors import NotFound, Rejected
from primetui.ports import Bought, Clock, Paper

_SHIPMENTS: Final = "/shipping/v2/shipments"
_IN_SELLER_CENTRAL: Final = "The label's shipment id is not known here: do it in Seller Central."


class ShippingV2:
    """Prices what it is given, and buys, reprints and voids labels for one store."""

    def __init__(
        self, client: AmazonClient, store: Store, clock: Clock, printer_dpi: int | None = None
    ) -> None:
        self._client = client
        self._site = site(store.marketplace_id)
        self._clock = clock
        self._dpi = printer_dpi

    def price(self, body: dict[str, object], asking: Asking) -> Offers:
        """Ask for rates; buys nothing."""
        call = Call(
            "getRates",
            "POST",
            f"{_SHIPMENTS}/rates",
            reads=True,
            headers=self._business(),
            body=body,
        )
        answer = self._client.send(call)
        try:
            return read_offers(answer, asking)
        except ValueError as error:
            raise unreadable(call, SERVICE, str(error)) from None

    def purchase(self, cleared: ClearedShipment, key: PurchaseKey) -> Bought:
        """Buy the label. Sent once; the same key never buys twice."""
        call = Call(
            "purchaseShipment",
            "POST",
            _SHIPMENTS,
            reads=False,
            headers={**self._business(), "x-amzn-IdempotencyKey": key},
            body=purchase_body(cleared, self._dpi),
        )
        try:
            answer = self._client.send(call)
        except Rejected as error:
            raise understood(error) from None
        try:
            return read_bought(answer, cleared.order.id)
        except ValueError as error:
            raise unreadable(call, SERVICE, str(error)) from None

    def find(self, shipment_id: str, order_id: OrderId, wanted: DocumentFormat) -> Bought:
        """Look a shipment up by the id a refusal named; its documents tell what it is."""
        call = self._documents(shipment_id, order_id, wanted)
        package = obj(unwrapped(self._client.send(call)).get("packageDocumentDetail"))
        try:
            return read_bought(
                {"shipmentId": shipment_id, "packageDocumentDetails": [package]}, order_id
            )
        except ValueError as error:
            raise unreadable(call, SERVICE, str(error)) from None

    def papers(self, label: Label, wanted: DocumentFormat) -> tuple[Paper, ...]:
        """Fetch a bought label's files again."""
        reference = label.package_reference or label.order_id
        call = self._documents(label.shipment_id, reference, wanted)
        answer = unwrapped(self._client.send(call))
        papers = read_papers(obj(answer.get("packageDocumentDetail")))
        if not papers:
            raise unreadable(call, SERVICE, f"it holds no label as {wanted}")
        return papers

    def void(self, label: Label) -> None:
        """Give the label back."""
        path = f"{_shipment(label.shipment_id)}/cancel"
        call = Call("cancelShipment", "PUT", path, reads=False, headers=self._business())
        self._client.send(call)

    def refund(self, label: Label) -> Refund:  # noqa: ARG002 - this API tells it of no label
        """Say that nobody tells: this API has no word for a refund."""
        return Refund.UNREPORTED

    def _business(self) -> dict[str, str]:
        """Name the marketplace in Shipping v2's own way: unnamed, Amazon takes it for the UK's."""
        if self._site.business_id is None:
            raise Rejected(
                f"Amazon sells no labels for {self._site.domain} to programs: "
                "buy this one in Seller Central."
            )
        return {"x-amzn-shipping-business-id": self._site.business_id}

    def _documents(self, shipment_id: str, reference: str, wanted: DocumentFormat) -> Call:
        """Ask for a bought package's files."""
        return Call(
            "getShipmentDocuments",
            "GET",
            f"{_shipment(shipment_id)}/documents",
            reads=True,
            query=(("packageClientReferenceId", reference), ("format", wanted.value)),
            headers=self._business(),
        )


def _shipment(shipment_id: str) -> str:
    """Give the path of a bought shipment."""
    if not shipment_id.strip("."):
        raise NotFound(_IN_SELLER_CENTRAL)
    return f"{_SHIPMENTS}/{quote(shipment_id, safe='')}"
