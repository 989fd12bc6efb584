"""Merchant Fulfillment's JSON, good, odd and hostile: pure readers, no line."""

import base64
import gzip
import hashlib
import json
import zlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from primetui.adapters.amazon.fulfillment_label import (
    LARGEST_LABEL,
    read_label,
    read_refund,
    read_shipment,
)
from primetui.adapters.amazon.fulfillment_wire import read_services
from primetui.adapters.amazon.rate_wire import UNREADABLE, Asking
from primetui.adapters.amazon.reasons import in_words
from primetui.adapters.amazon.refusals import understood
from primetui.adapters.answers import parse
from primetui.domain.label import Refund
from primetui.domain.money import Money
from primetui.domain.rate import Rate
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId
from primetui.errors import Rejected, ShipmentExists
from primetui.ports import Paper
from tests.adapters.amazon.made import MONDAY
from tests.adapters.amazon.test_conformance import MODELS, static_cases

ASKING = Asking(OrderId("903-1"), "draft", "US", MONDAY)
ZPL = b"^XA^FDlabel^FS^XZ"
NAMED = "0f3c1f0e-7b1a-4b57-9d0e-000000000009"


def service(**changes: Any) -> dict[str, Any]:
    """Write a service on offer."""
    return {
        "ShippingServiceName": "UPS Ground®",
        "CarrierName": "UPS®",
        "ShippingServiceId": "UPS_PTP_GND",
        "ShippingServiceOfferId": "offer/1+=",
        "ShipDate": "2026-11-23T15:00:00Z",
        "EarliestEstimatedDeliveryDate": "2026-11-25T08:00:00Z",
        "LatestEstimatedDeliveryDate": "2026-11-25T22:00:00Z",
        "Rate": {"CurrencyCode": "USD", "Amount": Decimal("9.75")},
        "RateWithAdjustments": {"CurrencyCode": "USD", "Amount": Decimal("8.75")},
        "ShippingServiceOptions": {
            "DeliveryExperience": "DeliveryConfirmationWithoutSignature",
            "CarrierWillPickUp": False,
        },
        "AvailableLabelFormats": ["PDF", "ZPL300", "PNG", "ZPL203", "ShippingServiceDefault"],
        "RequiresAdditionalSellerInputs": False,
    } | changes


def rate(**changes: Any) -> Rate:
    """Read one service that is on offer."""
    (read,) = read_services({"ShippingServiceList": [service(**changes)]}, ASKING).rates
    return read


def test_an_offer_is_read() -> None:
    """Names lose their marks, the offer is its id, and the charge is what is paid in the end."""
    read = rate()

    assert ("offer/1+=", "UPS", "UPS Ground", "UPS_PTP_GND", "8.75 USD") == (
        read.id,
        read.carrier,
        read.service,
        read.service_id,
        f"{read.charge.amount} {read.charge.currency}",
    )
    assert datetime(2026, 11, 25, 22, tzinfo=UTC) == read.promise.arrives_by
    assert (MONDAY, None) == (read.promise.pickup.earliest, read.promise.pickup.latest)
    assert not read.extra_inputs_needed
    offer = read.confirmation_for(Confirmation.NONE)
    assert offer is not None
    assert "DeliveryConfirmationWithoutSignature" == offer.id


@pytest.mark.parametrize("latest", [None, "", "soon", "2026-11-25", 5, {"at": 1}])
def test_an_arrival_that_is_not_stated_is_unknown(latest: object) -> None:
    """R22: a date that is missing or odd is no promise, whatever the earliest one says."""
    assert rate(LatestEstimatedDeliveryDate=latest).promise.arrives_by is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ShippingServiceOfferId": ""}, "offer id"),
        ({"ShippingServiceOfferId": None}, "offer id"),
        ({"ShippingServiceOfferId": "x" * 10_001}, "offer id"),
        ({"ShippingServiceId": []}, "service id"),
        ({"Rate": None, "RateWithAdjustments": None}, "charge"),
        ({"RateWithAdjustments": {"CurrencyCode": "EUR", "Amount": 8}}, "charge"),
        ({"RateWithAdjustments": {"CurrencyCode": "USD", "Amount": -1}}, "charge"),
        ({"Rate": 7, "RateWithAdjustments": {"CurrencyCode": "USD", "Amount": "NaN"}}, "charge"),
    ],
)
def test_an_offer_that_cannot_be_trusted_is_left_out_by_name(
    changes: dict[str, Any], why: str
) -> None:
    """What a purchase needs and cannot be read makes no rate, and says so."""
    offers = read_services({"ShippingServiceList": [service(**changes), service()]}, ASKING)

    assert ["offer/1+="] == [one.id for one in offers.rates]
    ((code, words),) = offers.ineligible[0].reasons
    assert (UNREADABLE, True) == (code, why in words)


@pytest.mark.parametrize(
    ("asks", "needed"), [(False, False), ("false", False), (True, True), (None, True), ("x", True)]
)
def test_more_is_asked_unless_amazon_says_no(asks: object, *, needed: bool) -> None:
    """R22: only a clear no means that nothing else must be answered."""
    assert needed is rate(RequiresAdditionalSellerInputs=asks).extra_inputs_needed


@pytest.mark.parametrize("word", ["", "CarrierPigeon", None, 7])
def test_an_unknown_way_of_delivery_is_not_bought(word: object) -> None:
    """R22: where it is not known what is obtained at the door, no confirmation is on offer."""
    read = rate(ShippingServiceOptions={"DeliveryExperience": word})

    assert all(read.confirmation_for(wanted) is None for wanted in Confirmation)


@pytest.mark.parametrize(
    ("formats", "wanted", "dpi", "chosen"),
    [
        (["PDF", "PNG", "ZPL203", "ZPL300"], DocumentFormat.ZPL, 203, "ZPL203"),
        (["PDF", "PNG", "ZPL203", "ZPL300"], DocumentFormat.ZPL, 300, "ZPL300"),
        (["PDF", "PNG", "ZPL203", "ZPL300"], DocumentFormat.PDF, 300, "PDF"),
        (["PDF", "PNG", "ZPL300"], DocumentFormat.ZPL, 203, "PNG"),
        (["PDF", "ZPL300"], DocumentFormat.ZPL, 203, "PDF"),
        (["ZPL300"], DocumentFormat.PNG, 203, "ZPL300"),
        (["ZPL300", "ZPL203"], DocumentFormat.ZPL, None, "ZPL300"),
        (["ShippingServiceDefault", "PNG"], DocumentFormat.PDF, 203, "PNG"),
        (["ShippingServiceDefault"], DocumentFormat.ZPL, 203, "ShippingServiceDefault"),
        (["EPL2"], DocumentFormat.ZPL, 203, None),
        ([], DocumentFormat.ZPL, 203, None),
    ],
)
def test_papers_are_chosen_for_the_printer(
    formats: list[str], wanted: DocumentFormat, dpi: int | None, chosen: str | None
) -> None:
    """ZPL for the printer's own dots, then PNG, then PDF; ZPL for other dots only as a last way."""
    offer = rate(AvailableLabelFormats=formats).document_for(wanted, dpi)

    assert chosen == (offer.page_layout if offer else None)


def test_refusals_are_read_with_words() -> None:
    """Every way not to be on offer has a code and words, Amazon's own where it has some."""
    body = {
        "ShippingServiceList": [],
        "RejectedShippingServiceList": [
            {
                "CarrierName": "UPS®",
                "ShippingServiceId": "X",
                "RejectionReasonCode": "CARRIER_CANNOT_SHIP_TO_POBOX",
            },
            {
                "CarrierName": "USPS",
                "ShippingServiceName": "Y",
                "RejectionReasonCode": "NEW_CODE",
                "RejectionReasonMessage": "Not today.",
            },
            "nonsense",
        ],
        "TemporarilyUnavailableCarrierList": [{"CarrierName": "FedEx"}],
        "TermsAndConditionsNotAcceptedCarrierList": [{"CarrierName": "GLS"}],
    }
    offers = read_services(json.loads(json.dumps(body)), ASKING)

    assert [
        ("UPS", "X", "CARRIER_CANNOT_SHIP_TO_POBOX"),
        ("USPS", "Y", "NEW_CODE"),
        ("", "", "UNKNOWN"),
        ("FedEx", "every service", "CARRIER_TEMPORARILY_UNAVAILABLE"),
        ("GLS", "every service", "TERMS_AND_CONDITIONS_NOT_ACCEPTED"),
    ] == [(one.carrier, one.service, one.reasons[0][0]) for one in offers.ineligible]
    assert all(one.reasons[0][1] for one in offers.ineligible)


@pytest.mark.parametrize("body", [{}, {"ShippingServiceList": {}}, {"payload": {"x": 1}}])
def test_an_answer_without_a_list_is_none(body: dict[str, Any]) -> None:
    """What holds no list of services is not taken for one without services."""
    with pytest.raises(ValueError, match="no list of services"):
        read_services(body, ASKING)


@pytest.mark.parametrize(
    ("code", "said", "words"),
    [
        ("NO_COVERAGE", "Amazon's words.", "Amazon's words."),
        ("NO_COVERAGE", "", "The carrier does not serve this address."),
        ("NO_COVERAGE", "no_coverage", "The carrier does not serve this address."),
        ("UNKNOWN", "Unknown", "Amazon gives no reason."),
        ("BRAND_NEW", "", ""),
    ],
)
def test_a_reason_without_words_gets_ours(code: str, said: str, words: str) -> None:
    """Amazon's own words win where they say more than the code."""
    assert words == in_words(code, said)


def packed(content: bytes, **changes: Any) -> dict[str, Any]:
    """Write a shipment with a label as Amazon packs it."""
    md5 = hashlib.md5(content, usedforsecurity=False).digest()
    contents = base64.b64encode(gzip.compress(content)).decode()
    usual = {
        "Contents": contents,
        "FileType": "application/zpl",
        "Checksum": base64.b64encode(md5).decode(),
    }
    return {
        "ShipmentId": NAMED,
        "AmazonOrderId": "903-1",
        "TrackingId": "1Z1",
        "Status": "Purchased",
        "ShippingService": {"Rate": {"CurrencyCode": "USD", "Amount": 9}},
        "Label": {"FileContents": usual | changes},
    }


def test_a_label_is_unpacked_and_verified() -> None:
    """Base64, gzip and the checksum undone, the file is what the printer gets."""
    bought = read_shipment({"payload": packed(ZPL)}, "903-1")

    assert (NAMED, "1Z1", Money(amount=Decimal(9), currency="USD")) == (
        bought.shipment_id,
        bought.tracking_id,
        bought.charge,
    )
    assert (Paper(format=DocumentFormat.ZPL, kind="LABEL", content=ZPL),) == bought.papers


def bomb() -> str:
    """Pack more zeros than a label may have into a small file."""
    press = zlib.compressobj(9, wbits=31)
    many = b"".join(press.compress(bytes(1 << 20)) for _ in range(LARGEST_LABEL // (1 << 20) + 1))
    return base64.b64encode(many + press.flush()).decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"Checksum": base64.b64encode(bytes(16)).decode()},
        {"Checksum": ""},
        {"Checksum": None},
        {"Contents": "", "FileType": "", "Checksum": ""},
        {"Contents": "H4sIAAAAAAAAAOS6dV"},
        {"Contents": "not base64!"},
        {"Contents": 7},
        {"Contents": base64.b64encode(ZPL).decode()},
        {"Contents": base64.b64encode(gzip.compress(ZPL)[:-4]).decode()},
        {"Contents": base64.b64encode(gzip.compress(ZPL) + b"more").decode()},
        {"FileType": "application/pdf"},
        {"FileType": "text/html"},
    ],
)
def test_a_damaged_label_is_left_out(changes: dict[str, Any]) -> None:
    """The shipment exists all the same, so it is read without a file that nobody should print."""
    bought = read_shipment(packed(ZPL, **changes), "903-1")

    assert ("1Z1", ()) == (bought.tracking_id, bought.papers)


def test_a_flood_in_a_small_file_is_not_unpacked() -> None:
    """Unpacking stops at the largest label there is."""
    payload = packed(ZPL, Contents=bomb())

    assert len(payload["Label"]["FileContents"]["Contents"]) < LARGEST_LABEL // 500
    assert () == read_label(payload)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ShipmentId": ""}, "names no shipment"),
        ({"TrackingId": None}, "no tracking id"),
        ({"AmazonOrderId": "903-2"}, "not of this order"),
        ({"AmazonOrderId": None}, "not of this order"),
    ],
)
def test_a_shipment_that_is_not_named_is_unreadable(changes: dict[str, Any], why: str) -> None:
    """What does not say which label was bought for which order is no answer."""
    with pytest.raises(ValueError, match=why):
        read_shipment(packed(ZPL) | changes, "903-1")


@pytest.mark.parametrize(
    ("status", "refund"),
    [
        ("Purchased", Refund.NOT_ASKED),
        ("RefundPending", Refund.PENDING),
        ("RefundApplied", Refund.APPLIED),
        ("RefundRejected", Refund.REJECTED),
    ],
)
def test_a_refund_has_four_states(status: str, refund: Refund) -> None:
    """Amazon's word for a shipment's state is what is known of its money."""
    assert refund is read_refund({"payload": {"Status": status}})


@pytest.mark.parametrize("status", ["", None, "purchased", "Lost"])
def test_an_unknown_state_is_none(status: object) -> None:
    """R22: an unknown word is neither bought nor refunded."""
    with pytest.raises(ValueError, match="not known"):
        read_refund({"Status": status})


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (f"The existing ShipmentId is {NAMED}.", NAMED),
        (f"A ShipmentId is returned in the Message element: {NAMED}", NAMED),
        (f"{NAMED} has shipped already", NAMED),
        ("The existing ShipmentId is amzn1.sps.12ab.", "amzn1.sps.12ab"),
        ("A ShipmentId is returned in the Message element", None),
        ("It has shipped.", None),
    ],
)
def test_an_existing_shipment_is_found_in_amazons_words(message: str, named: str | None) -> None:
    """The id is taken from the message, never from the number of the request."""
    code = "ShipmentAlreadyExists"
    request = "11111111-2222-4333-8444-555555555555"
    refusal = Rejected(
        f'Amazon refused it: "{message}" ({code}, HTTP 400, request {request}).', code
    )
    read = understood(refusal)

    assert named == (read.shipment_id if isinstance(read, ShipmentExists) else None)


@pytest.mark.skipif(not MODELS.exists(), reason="Amazon's API models are not beside the repository")
def test_amazons_own_offers_are_read() -> None:
    """Amazon's case, which breaks its own model, gives rates with the credit taken off."""
    cases = static_cases("merchantFulfillmentV0", "getEligibleShipmentServices")
    answer = next(answer for status, _, answer in cases if status == 200)
    body = parse(json.dumps(answer).encode())
    assert isinstance(body, dict)
    offers = read_services(body, ASKING)

    assert ("UPS", "UPS 2nd Day Air", Decimal("33.73"), True) == (
        offers.rates[0].carrier,
        offers.rates[0].service,
        offers.rates[0].charge.amount,
        offers.rates[0].extra_inputs_needed,
    )


@pytest.mark.skipif(not MODELS.exists(), reason="Amazon's API models are not beside the repository")
@pytest.mark.parametrize("operation", ["createShipment", "getShipment", "cancelShipment"])
def test_amazons_own_shipments_are_read(operation: str) -> None:
    """Amazon's cases name shipment, tracking id and cost; their cut-off labels are left out."""
    cases = static_cases("merchantFulfillmentV0", operation)
    answer = next(answer for status, _, answer in cases if status == 200)
    bought = read_shipment(json.loads(json.dumps(answer)), "903-5563053-5647845")

    assert answer["payload"]["TrackingId"] == bought.tracking_id
    assert () == bought.papers
    expected = Refund.PENDING if operation == "cancelShipment" else Refund.NOT_ASKED
    assert expected is read_refund(answer)
