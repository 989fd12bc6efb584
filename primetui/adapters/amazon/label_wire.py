"""Shipping v2: what is sent to price and to buy a label, and what a bought label looks like."""

import base64
import binascii
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from primetui.adapters.amazon.lenient import identity, obj, rows, text, unwrapped
from primetui.adapters.amazon.parcel_wire import (
    check_lengths,
    is_imperial,
    measured,
    packed,
    plain,
    sides_in,
    weight_in,
)
from primetui.adapters.amazon.rate_wire import LABEL
from primetui.domain.address import Address
from primetui.domain.clearance import ClearedShipment
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.money import Money
from primetui.domain.order import Order
from primetui.domain.rate import DocumentOffer
from primetui.domain.shipment import Confirmation, DocumentFormat, Package
from primetui.errors import Rejected
from primetui.ports import Bought, Paper

_MAGIC: Final = {
    DocumentFormat.PDF: b"%PDF-",
    DocumentFormat.PNG: b"\x89PNG\r\n\x1a\n",
    DocumentFormat.ZPL: b"^XA",
}
"""What a file of each format begins with: a page of HTML must not reach the printer as a label.

ZPL may load graphics first, so there it only has to be near the beginning.
"""

_ZPL_PREAMBLE: Final = 4096
_ADDRESS_LENGTHS: Final = {
    "name": 50,
    "line1": 60,
    "line2": 60,
    "line3": 60,
    "phone": 20,
    "email": 64,
}


def rates_body(
    order: Order, package: Package, ship_from: Address, *, country: str, currency: str
) -> dict[str, object]:
    """Ask for rates of one package of an Amazon order; the ship-to is Amazon's own (R8)."""
    return {
        "shipFrom": address_body(ship_from),
        "packages": [_package(order, package, country, currency)],
        "channelDetails": {
            "channelType": "AMAZON",
            "amazonOrderDetails": {"orderId": order.id},
        },
    }


def external_body(
    order: Order, package: Package, ship_from: Address, *, country: str, currency: str
) -> dict[str, object]:
    """Ask for rates of one package of another shop's order: Amazon knows nothing of it but this."""
    if order.ship_to is None or order.ship_to.missing("name", "line1", "city", "postal_code"):
        raise Rejected(
            "Amazon Shipping needs the buyer's address, which this order lacks: import it again."
        )
    if any(item.unit_price is None for item in order.items if item.to_ship):
        raise Rejected("Amazon Shipping needs the value of every item, which this order lacks.")
    return {
        "shipTo": address_body(order.ship_to, "ship-to"),
        "shipFrom": address_body(ship_from),
        "packages": [_package(order, package, country, currency)],
        "channelDetails": {"channelType": "EXTERNAL"},
    }


def _package(order: Order, package: Package, country: str, currency: str) -> dict[str, object]:
    """Describe one box and what is in it."""
    weight, dimensions = measured(package)
    nothing = Money(amount=Decimal(0), currency=currency)
    return {
        "packageClientReferenceId": order.id,
        "dimensions": _dimensions(dimensions, country),
        "weight": _weight(weight, country),
        "insuredValue": _money(package.insured or nothing),
        "items": _items(order, package, nothing),
    }


def purchase_body(cleared: ClearedShipment, dpi: int | None = None) -> dict[str, object]:
    """Ask for the label that was cleared, with papers exactly as they were offered."""
    rate, shipment = cleared.rate, cleared.shipment
    papers = rate.document_for(shipment.document_format, dpi)
    if papers is None:
        raise Rejected("The service offers no label that can be printed: choose another one.")
    body: dict[str, object] = {
        "requestToken": rate.request_token,
        "rateId": rate.id,
        "requestedDocumentSpecification": _specification(papers),
    }
    wanted = shipment.confirmation or Confirmation.NONE
    if wanted is not Confirmation.NONE or rate.confirmation_needed:
        offer = rate.confirmation_for(wanted)
        if offer is None:
            raise Rejected(f"The service offers no {wanted} confirmation: choose another one.")
        body["requestedValueAddedServices"] = [{"id": offer.id}]
    return body


def read_bought(body: Mapping[str, object], reference: str) -> Bought:
    """Read the answer to a purchase; ValueError when it does not name what was bought.

    Papers that cannot be read are left out: the label exists all the same.
    """
    payload = unwrapped(body)
    shipment_id = identity(payload.get("shipmentId"))
    if not shipment_id:
        raise ValueError("it names no shipment")
    packages = [obj(row) for row in rows(payload.get("packageDocumentDetails"))]
    ours = [p for p in packages if identity(p.get("packageClientReferenceId")) == reference]
    package = next(iter(ours or packages), {})
    tracking_id = identity(package.get("trackingId"))
    if not tracking_id:
        raise ValueError(f"it names no tracking id for shipment {shipment_id}")
    return Bought(
        shipment_id=shipment_id,
        package_reference=identity(package.get("packageClientReferenceId")) or reference,
        tracking_id=tracking_id,
        charge=None,
        papers=read_papers(package),
    )


def read_papers(package: Mapping[str, object]) -> tuple[Paper, ...]:
    """Read a package's files; none at all unless the label itself is among the readable ones."""
    papers = [_paper(obj(row)) for row in rows(package.get("packageDocuments"))]
    readable = tuple(paper for paper in papers if paper is not None)
    return readable if any(paper.kind == LABEL for paper in readable) else ()


def _paper(body: Mapping[str, object]) -> Paper | None:
    """Read one file; None when it is not what it says it is."""
    written = body.get("contents")
    name = text(body.get("format"), 40).upper()
    if name not in list(DocumentFormat) or not isinstance(written, str):
        return None
    try:
        content = base64.b64decode("".join(written.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    paper = DocumentFormat(name)
    if not is_file_of(paper, content):
        return None
    return Paper(format=paper, kind=text(body.get("type"), 40).upper(), content=content)


def is_file_of(paper: DocumentFormat, content: bytes) -> bool:
    """Tell whether a file begins as one of its format does."""
    preamble = _ZPL_PREAMBLE if paper is DocumentFormat.ZPL else 0
    return 0 <= content.find(_MAGIC[paper]) <= preamble


def _specification(papers: DocumentOffer) -> dict[str, object]:
    """Repeat an offered combination of papers word by word."""
    specification: dict[str, object] = {
        "format": papers.format.value,
        "size": {
            "width": plain(papers.width),
            "length": plain(papers.length),
            "unit": papers.unit,
        },
        "needFileJoining": papers.join,
        "requestedDocumentTypes": list(papers.types),
    }
    if papers.dpi is not None:
        specification["dpi"] = papers.dpi
    if papers.page_layout:
        specification["pageLayout"] = papers.page_layout
    return specification


def address_body(address: Address, what: str = "ship-from") -> dict[str, object]:
    """Write an end of the way; what Amazon would cut off or refuse is refused here."""
    check_lengths(address, _ADDRESS_LENGTHS, what)
    written = {
        "name": address.name,
        "companyName": address.company,
        "addressLine1": address.line1,
        "addressLine2": address.line2,
        "addressLine3": address.line3,
        "city": address.city,
        "stateOrRegion": address.region or address.city,
        "postalCode": address.postal_code,
        "countryCode": address.country,
        "phoneNumber": address.phone,
        "email": address.email,
    }
    return {name: value for name, value in written.items() if value}


def _items(order: Order, package: Package, nothing: Money) -> list[dict[str, object]]:
    """Write what is inside: what the draft packs, or all that is still to be shipped."""
    inside = packed(order, package)
    return [
        {
            "itemIdentifier": item.id,
            "quantity": inside[item.id],
            "itemValue": _money(item.unit_price or nothing),
        }
        for item in order.items
        if item.id in inside
    ]


def _weight(weight: Weight, country: str) -> dict[str, object]:
    unit = "OUNCE" if is_imperial(country) else "GRAM"
    return {"unit": unit, "value": weight_in(weight, unit)}


def _dimensions(dimensions: Dimensions, country: str) -> dict[str, object]:
    unit = "INCH" if is_imperial(country) else "CENTIMETER"
    return {"unit": unit, **sides_in(dimensions, unit)}


def _money(money: Money) -> dict[str, object]:
    return {"value": plain(money.amount), "unit": money.currency}
