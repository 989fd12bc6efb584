"""Merchant Fulfillment: what is sent to price and to buy a label, and the offers that come back."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from primetui.adapters.amazon.lenient import (
    flag,
    identity,
    moment,
    money,
    obj,
    rows,
    text,
    unwrapped,
)
from primetui.adapters.amazon.parcel_wire import (
    check_lengths,
    is_imperial,
    measured,
    packed,
    plain,
    sides_in,
    weight_in,
)
from primetui.adapters.amazon.rate_wire import TOKEN_LENGTH, UNREADABLE, Asking
from primetui.adapters.amazon.reasons import in_words
from primetui.adapters.amazon.services import limits_of
from primetui.adapters.answers import one_line
from primetui.domain.address import Address
from primetui.domain.clearance import ClearedShipment
from primetui.domain.money import Money
from primetui.domain.order import Order
from primetui.domain.promise import Promise
from primetui.domain.rate import (
    Benefit,
    ConfirmationOffer,
    DocumentOffer,
    IneligibleService,
    LabelSource,
    Offers,
    Rate,
    RateId,
)
from primetui.domain.shipment import Confirmation, DocumentFormat, Package
from primetui.domain.value import Window
from primetui.errors import Rejected

PROVIDER: Final = "amazon-merchant-fulfillment"
EVERY_SERVICE: Final = "every service"
"""Stands where a carrier sells nothing at all."""

_WITHOUT_SIGNATURE: Final = "DeliveryConfirmationWithoutSignature"
_EXPERIENCES: Final = {
    "NoTracking": Confirmation.NONE,
    _WITHOUT_SIGNATURE: Confirmation.DELIVERY,
    "DeliveryConfirmationWithSignature": Confirmation.SIGNATURE,
    "DeliveryConfirmationWithAdultSignature": Confirmation.ADULT_SIGNATURE,
}
_ASKED: Final = {
    Confirmation.NONE: _WITHOUT_SIGNATURE,
    Confirmation.DELIVERY: _WITHOUT_SIGNATURE,
    Confirmation.SIGNATURE: "DeliveryConfirmationWithSignature",
    Confirmation.ADULT_SIGNATURE: "DeliveryConfirmationWithAdultSignature",
    Confirmation.IDENTITY: "DeliveryConfirmationWithAdultSignature",
}
"""What is asked for: tracked at least, since a Prime parcel that cannot be followed is a defect."""

_FORMATS: Final = {
    "ZPL203": (DocumentFormat.ZPL, 203),
    "ZPL300": (DocumentFormat.ZPL, 300),
    "PNG": (DocumentFormat.PNG, None),
    "PDF": (DocumentFormat.PDF, None),
}
_DEFAULT_FORMAT: Final = "ShippingServiceDefault"
_MARKS: Final = str.maketrans("", "", "®™©")
_LENGTHS: Final = {"name": 30, "line1": 180, "line2": 60, "line3": 60, "city": 30, "region": 30,
                   "postal_code": 30, "phone": 30}  # fmt: skip


def services_body(
    order: Order,
    package: Package,
    ship_from: Address,
    *,
    country: str,
    wanted: Confirmation,
) -> dict[str, object]:
    """Ask what can carry one package of an Amazon order; the ship-to is Amazon's own (R8)."""
    details = _details(order, package, ship_from, country)
    return {
        "ShipmentRequestDetails": details
        | {"ShippingServiceOptions": _options(_ASKED[wanted], package.insured)}
    }


def create_body(cleared: ClearedShipment, country: str, dpi: int | None) -> dict[str, object]:
    """Ask for the label that was cleared, on its own offer: without one, any price would do."""
    rate, shipment = cleared.rate, cleared.shipment
    papers = rate.document_for(shipment.document_format, dpi)
    if papers is None:
        raise Rejected("The service offers no label that can be printed: choose another one.")
    wanted = shipment.confirmation or Confirmation.NONE
    offer = rate.confirmation_for(wanted)
    if offer is None:
        raise Rejected(f"The service offers no {wanted} confirmation: choose another one.")
    if shipment.ship_from is None:
        raise Rejected("The draft has no ship-from address: set it in the store's settings.")
    package = shipment.packages[0]
    details = _details(cleared.order, package, shipment.ship_from, country)
    options = _options(offer.id, package.insured) | {"LabelFormat": papers.page_layout}
    return {
        "ShipmentRequestDetails": details | {"ShippingServiceOptions": options},
        "ShippingServiceId": rate.service_id,
        "ShippingServiceOfferId": rate.id,
    }


def read_services(body: Mapping[str, object], asking: Asking) -> Offers:
    """Read an answer of getEligibleShipmentServices; ValueError when it is none."""
    payload = unwrapped(body)
    if not isinstance(payload.get("ShippingServiceList"), list):
        raise ValueError("it holds no list of services")  # noqa: TRY004 - its kind is not our caller's mistake
    rates: list[Rate] = []
    left_out: list[IneligibleService] = []
    for row in rows(payload.get("ShippingServiceList")):
        try:
            rates.append(_rate(obj(row), asking))
        except ValueError as error:
            left_out.append(_left_out(obj(row), str(error)))
    return Offers(
        order_id=asking.order_id,
        shipment_fingerprint=asking.fingerprint,
        fetched_at=asking.at,
        rates=tuple(rates),
        ineligible=(*_rejected(payload), *_closed(payload), *left_out),
    )


def charge_of(service: Mapping[str, object]) -> Money | None:
    """Read what a service costs in the end: with its adjustments, where Amazon states them."""
    rate, adjusted = _money(service.get("Rate")), _money(service.get("RateWithAdjustments"))
    if rate and adjusted and rate.currency != adjusted.currency:
        return None
    return adjusted or rate


def _details(order: Order, package: Package, ship_from: Address, country: str) -> dict[str, object]:
    """Describe the parcel, the same way to price it and to buy it."""
    weight, dimensions = measured(package)
    imperial = is_imperial(country)
    inside = packed(order, package)
    sides = sides_in(dimensions, "INCH" if imperial else "CENTIMETER")
    details: dict[str, object] = {
        "AmazonOrderId": order.id,
        "ItemList": [{"OrderItemId": i, "Quantity": inside[i]} for i in inside],
        "ShipFromAddress": _address(ship_from),
        "PackageDimensions": {name.title(): size for name, size in sides.items()}
        | {"Unit": "inches" if imperial else "centimeters"},
        "Weight": {
            "Value": weight_in(weight, "OUNCE" if imperial else "GRAM"),
            "Unit": "oz" if imperial else "g",
        },
    }
    return details


def _options(experience: str, insured: Money | None) -> dict[str, object]:
    options: dict[str, object] = {"DeliveryExperience": experience, "CarrierWillPickUp": False}
    if insured is not None:
        amount = {"CurrencyCode": insured.currency, "Amount": plain(insured.amount)}
        options["DeclaredValue"] = amount
    return options


def _address(address: Address) -> dict[str, object]:
    """Write where the parcel leaves from; this API wants a telephone and an e-mail address too."""
    check_lengths(address, _LENGTHS)
    missing = address.missing("name", "line1", "city", "postal_code", "country", "phone", "email")
    if missing:
        raise Rejected(
            f"The ship-from address lacks {', '.join(missing)}, which Amazon wants here: add it in "
            "the store's settings."
        )
    written = {
        "Name": address.name,
        "AddressLine1": address.line1,
        "AddressLine2": address.line2,
        "AddressLine3": address.line3,
        "City": address.city,
        "StateOrProvinceCode": address.region,
        "PostalCode": address.postal_code,
        "CountryCode": address.country,
        "Phone": address.phone,
        "Email": address.email,
    }
    return {name: value for name, value in written.items() if value}


def _rate(body: Mapping[str, object], asking: Asking) -> Rate:
    """Read one service on offer; ValueError names what is missing of what a purchase needs."""
    offer_id = identity(body.get("ShippingServiceOfferId"), TOKEN_LENGTH)
    service_id = identity(body.get("ShippingServiceId"))
    charge = charge_of(body)
    if not offer_id:
        raise ValueError("its offer id cannot be read")
    if not service_id:
        raise ValueError("its service id cannot be read")
    if charge is None or charge.amount < 0:
        raise ValueError("its charge cannot be read")
    carrier, service = _name(body, "CarrierName"), _name(body, "ShippingServiceName") or service_id
    return Rate(
        id=RateId(offer_id),
        source=LabelSource.BUY_SHIPPING,
        provider=PROVIDER,
        order_id=asking.order_id,
        shipment_fingerprint=asking.fingerprint,
        request_token="",
        carrier_id=carrier,
        carrier=carrier,
        service_id=service_id,
        service=service,
        charge=charge,
        promise=_promise(body),
        fetched_at=asking.at,
        benefits=tuple(_benefits(obj(body.get("Benefits")))),
        confirmations=tuple(_confirmation(body, charge)),
        confirmation_needed=True,
        extra_inputs_needed=flag(body.get("RequiresAdditionalSellerInputs")) is not False,
        documents=_documents(body),
        limits=limits_of(asking.country, carrier, service),
        known_by_key=False,
    )


def _promise(body: Mapping[str, object]) -> Promise:
    """Read when it leaves and arrives. The ship date begins the pick-up, which has no stated end."""
    return Promise(
        pickup=Window(earliest=moment(body.get("ShipDate"))),
        delivery=Window(
            earliest=moment(body.get("EarliestEstimatedDeliveryDate")),
            latest=moment(body.get("LatestEstimatedDeliveryDate")),
        ),
    )


def _confirmation(body: Mapping[str, object], charge: Money) -> Iterator[ConfirmationOffer]:
    """Read what the service obtains at the door: its rate includes that, and no other choice."""
    word = text(obj(body.get("ShippingServiceOptions")).get("DeliveryExperience"), 60)
    if word in _EXPERIENCES:
        nothing = Money(amount=Decimal(0), currency=charge.currency)
        yield ConfirmationOffer(confirmation=_EXPERIENCES[word], id=word, charge=nothing)


def _documents(body: Mapping[str, object]) -> tuple[DocumentOffer, ...]:
    """Read the label's formats; the service's own choice counts where there is no other."""
    listed = [text(name, 40) for name in rows(body.get("AvailableLabelFormats"))]
    listed = listed or [
        text(obj(row).get("LabelFormat"), 40)
        for row in rows(body.get("AvailableFormatOptionsForLabel"))
    ]
    known = [_document(name, *_FORMATS[name]) for name in dict.fromkeys(listed) if name in _FORMATS]
    if not known and _DEFAULT_FORMAT in listed:
        known = [_document(_DEFAULT_FORMAT, DocumentFormat.PDF, None)]
    return tuple(known)


def _document(name: str, paper: DocumentFormat, dpi: int | None) -> DocumentOffer:
    """Make a choice of papers; its layout is Amazon's word for it, its size is not stated."""
    return DocumentOffer(
        format=paper, width=Decimal(0), length=Decimal(0), unit="", dpi=dpi, page_layout=name
    )


def _benefits(body: Mapping[str, object]) -> Iterator[Benefit]:
    """Read which protections come with the label, and which do not and why."""
    for name in filter(None, map(text, rows(body.get("IncludedBenefits")))):
        yield Benefit(name=name, included=True)
    for row in map(obj, rows(body.get("ExcludedBenefits"))):
        if name := text(row.get("Benefit")):
            reasons = tuple(filter(None, map(text, rows(row.get("ReasonCodes")))))
            yield Benefit(name=name, included=False, reasons=reasons)


def _rejected(payload: Mapping[str, object]) -> Iterator[IneligibleService]:
    """Read the services that Amazon names only to refuse them."""
    for row in map(obj, rows(payload.get("RejectedShippingServiceList"))):
        code = text(row.get("RejectionReasonCode"), 80) or "UNKNOWN"
        said = text(row.get("RejectionReasonMessage"))
        service = _name(row, "ShippingServiceName") or text(row.get("ShippingServiceId"), 200)
        yield IneligibleService(
            carrier=_name(row, "CarrierName"),
            service=service,
            reasons=((code, in_words(code, said)),),
        )


def _closed(payload: Mapping[str, object]) -> Iterator[IneligibleService]:
    """Read the carriers that sell nothing: for the moment, or until their terms are accepted."""
    for name, code in (
        ("TemporarilyUnavailableCarrierList", "CARRIER_TEMPORARILY_UNAVAILABLE"),
        ("TermsAndConditionsNotAcceptedCarrierList", "TERMS_AND_CONDITIONS_NOT_ACCEPTED"),
    ):
        for row in map(obj, rows(payload.get(name))):
            yield IneligibleService(
                carrier=_name(row, "CarrierName"),
                service=EVERY_SERVICE,
                reasons=((code, in_words(code, "")),),
            )


def _left_out(body: Mapping[str, object], why: str) -> IneligibleService:
    """Name an offer we do not trust, so that nobody misses it without a word."""
    words = f"PrimeTUI left this rate out: {one_line(why, 200)}"
    return IneligibleService(
        carrier=_name(body, "CarrierName"),
        service=_name(body, "ShippingServiceName"),
        reasons=((UNREADABLE, words),),
    )


def _name(body: Mapping[str, object], what: str) -> str:
    """Give a name without the marks that the same name lacks in an order's packages."""
    return text(body.get(what), 200).translate(_MARKS).strip()


def _money(value: object) -> Money | None:
    body = obj(value)
    return money({"amount": body.get("Amount"), "currencyCode": body.get("CurrencyCode")})
