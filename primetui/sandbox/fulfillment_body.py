"""Offers and shipments as Merchant Fulfillment writes them, labels gzipped with their checksum."""

import base64
import gzip
import hashlib
from datetime import datetime, timedelta
from decimal import Decimal

from primetui.sandbox.experiences import Experience, experiences
from primetui.sandbox.fulfillment_requests import Address, CreateRequest
from primetui.sandbox.labels import draw
from primetui.sandbox.offers import Label, Offer
from primetui.sandbox.pricing import WHY, Withheld, benefits_body, in_po_box
from primetui.sandbox.records import Order, Place
from primetui.sandbox.sale import label_text
from primetui.sandbox.specifications import Specification
from primetui.sandbox.wire import Json, instant

REFUND_TAKES = timedelta(days=2)
_LABEL_ALONE = ("LABEL",)
LABEL_FORMATS = {
    "PDF": Specification("PDF", "4", "6", "INCH", 300, _LABEL_ALONE),
    "PNG": Specification("PNG", "4", "6", "INCH", 203, _LABEL_ALONE),
    "ZPL203": Specification("ZPL", "4", "6", "INCH", 203, _LABEL_ALONE),
    "ZPL300": Specification("ZPL", "4", "6", "INCH", 300, _LABEL_ALONE),
    "ShippingServiceDefault": Specification("PNG", "4", "6", "INCH", 203, _LABEL_ALONE),
}
"""What each of this API's formats is."""

_FILE_TYPES = {"PDF": "application/pdf", "PNG": "image/png", "ZPL": "application/zpl"}
_REJECTIONS = {
    "CARRIER_WILL_NOT_PICKUP": "The carrier does not collect parcels.",
    "CARRIER_CANNOT_SHIP_TO_POBOX": "The carrier does not deliver to a post office box.",
}
_EXCLUDED = "EXCLUDED_FROM_CARRIER_RESPONSE"


def service_body(order: Order, offer: Offer, offer_id: str, way: Experience) -> Json:
    """Write one offer; its rate includes the delivery experience that was asked for."""
    unit = order.store.currency
    ways = [
        {"DeliveryExperienceOption": one.word, "Charge": _money(one.cost, unit)}
        for one in experiences(offer.carrier)
    ]
    pick_up = [{"CarrierWillPickUpOption": "ShipperWillDropOff", "Charge": _money(Decimal(), unit)}]
    formats = list(offer.carrier.formats)
    return {
        **_service(order, offer, offer_id, way),
        "AvailableShippingServiceOptions": {
            "AvailableCarrierWillPickUpOptions": pick_up,
            "AvailableDeliveryExperienceOptions": ways,
        },
        "AvailableLabelFormats": formats,
        "AvailableFormatOptionsForLabel": [{"LabelFormat": name} for name in formats],
    }


def _service(order: Order, offer: Offer, offer_id: str, way: Experience) -> Json:
    rate = _money(offer.charge + way.cost, order.store.currency)
    itinerary, benefits = offer.itinerary, benefits_body(order, offer)
    return {
        "ShippingServiceName": offer.service.name,
        "CarrierName": offer.carrier.name,
        "ShippingServiceId": offer.service.id,
        "ShippingServiceOfferId": offer_id,
        "ShipDate": instant(itinerary.pickup.earliest),
        "EarliestEstimatedDeliveryDate": instant(itinerary.delivery.earliest),
        "LatestEstimatedDeliveryDate": instant(itinerary.delivery.latest),
        "Rate": rate,
        "RateWithAdjustments": rate,
        "ShippingServiceOptions": {"DeliveryExperience": way.word, "CarrierWillPickUp": False},
        "RequiresAdditionalSellerInputs": offer.service.asks,
        "Benefits": {
            "IncludedBenefits": benefits["includedBenefits"],
            "ExcludedBenefits": [
                {"Benefit": one["benefit"], "ReasonCodes": one["reasonCodes"]}
                for one in benefits["excludedBenefits"]
            ],
        },
    }


def rejected_service(order: Order, one: Withheld) -> Json:
    """Write a service that is not offered, with this API's own code for why."""
    code = one.code if one.code in _REJECTIONS else _EXCLUDED
    if one.code == "NO_COVERAGE" and in_po_box(order) and not one.carrier.po_boxes:
        code = "CARRIER_CANNOT_SHIP_TO_POBOX"
    return {
        "CarrierName": one.carrier.name,
        "ShippingServiceName": one.service.name,
        "ShippingServiceId": one.service.id,
        "RejectionReasonCode": code,
        "RejectionReasonMessage": _REJECTIONS.get(code) or WHY[one.code],
    }


def additional_inputs(order: Order, *, asks: bool) -> Json:
    """Write what a service asks of the seller: a declaration, or nothing."""
    definition = {
        "IsRequired": True,
        "DataType": "String",
        "Constraints": [{"ValidationString": "Letters and digits."}],
        "InputDisplayText": "Telephone number the driver may call",
        "InputTarget": "SHIPMENT_LEVEL",
        "StoredValue": {},
    }
    field = {"AdditionalInputFieldName": "DriverPhone", "SellerInputDefinition": definition}
    return {
        "ShipmentLevelFields": [field] if asks else [],
        "ItemLevelFieldsList": [{"Asin": i.asin, "AdditionalInputs": []} for i in order.items],
    }


def shipment_body(label: Label, now: datetime, *, refused: bool) -> Json:
    """Write a shipment as it stands; `refused` says how refunds end."""
    request: CreateRequest = label.terms["request"]
    order = label.order
    details, unit = request.shipment_request_details, order.store.currency
    options = details.shipping_service_options
    declared = options.declared_value.amount if options.declared_value else Decimal()
    way = Experience(options.delivery_experience, (), label.charge - label.offer.charge)
    body = {
        "ShipmentId": label.shipment_id,
        "AmazonOrderId": order.order_id,
        "ItemList": [{"OrderItemId": i, "Quantity": q} for i, q in label.quote.contents.items()],
        "ShipFromAddress": _from(details.ship_from_address),
        "ShipToAddress": _to(order.place),
        "PackageDimensions": _plain(details.package_dimensions.model_dump(by_alias=True)),
        "Weight": _plain(details.weight.model_dump(by_alias=True)),
        "Insurance": _money(declared, unit),
        "ShippingService": _service(order, label.offer, "", way),
        "Label": _label(label, request),
        "Status": _status(label, now, refused=refused),
        "TrackingId": label.parcel.tracking,
        "CreatedDate": instant(label.bought),
        "LastUpdatedDate": instant(label.parcel.cancelled or label.bought),
    }
    return body | ({"SellerOrderId": s} if (s := details.seller_order_id) else {})


def _status(label: Label, now: datetime, *, refused: bool) -> str:
    if label.parcel.cancelled is None:
        return "Purchased"
    if now < label.parcel.cancelled + REFUND_TAKES:
        return "RefundPending"
    return "RefundRejected" if refused else "RefundApplied"


def _label(label: Label, request: CreateRequest) -> Json:
    """Write the label; one that was given back has no file, not even a type of it."""
    spec, words = label.specification, request.shipment_request_details.label_customization
    asked = request.shipment_request_details.shipping_service_options.label_format
    named = asked or "ShippingServiceDefault"
    size = {"Length": float(spec.length), "Width": float(spec.width), "Unit": "inches"}
    body: Json = {"Dimensions": size, "FileContents": _file(label, request), "LabelFormat": named}
    if words and words.custom_text_for_label:
        body["CustomTextForLabel"] = words.custom_text_for_label
    if words and words.standard_id_for_label:
        body["StandardIdForLabel"] = words.standard_id_for_label
    return body


def _file(label: Label, request: CreateRequest) -> Json:
    if not label.live:
        return {"Contents": "", "FileType": "", "Checksum": ""}
    words, spec = request.shipment_request_details.label_customization, label.specification
    prints = spec.format == "ZPL" and spec.dpi == LABEL_FORMATS["ZPL203"].dpi
    prints = prints and label.offer.carrier.id != "FEDEX"
    note = (words.custom_text_for_label or "") if words and prints else ""
    document = draw(spec, label_text(label, note))
    packed = gzip.compress(document, mtime=0)
    checksum = hashlib.md5(document, usedforsecurity=False).digest()
    return {
        "Contents": base64.b64encode(packed).decode("ascii"),
        "FileType": _FILE_TYPES[spec.format],
        "Checksum": base64.b64encode(checksum).decode("ascii"),
    }


def _from(address: Address) -> Json:
    written: Json = address.model_dump(by_alias=True, exclude_none=True)
    return written


def _to(place: Place) -> Json:
    body = {
        "Name": place.name,
        "AddressLine1": place.line1,
        "AddressLine2": place.line2,
        "City": place.city,
        "StateOrProvinceCode": place.region,
        "PostalCode": place.postal_code,
        "CountryCode": place.country,
        "Phone": place.phone,
        "Email": "",
    }
    optional = {"AddressLine2", "StateOrProvinceCode"}
    return {name: value for name, value in body.items() if value or name not in optional}


def _money(amount: Decimal, unit: str) -> Json:
    return {"CurrencyCode": unit, "Amount": float(amount)}


def _plain(body: Json) -> Json:
    """Write decimals as JSON numbers."""
    return {name: float(v) if isinstance(v, Decimal) else v for name, v in body.items()}
