"""Merchant Fulfillment v0: a German seller's offers, labels and refunds on the same world."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from primetui.sandbox.clock import standing_at
from primetui.sandbox.server import start
from tests.sandbox.fulfiller import INPUTS, Fulfiller, label_file
from tests.sandbox.models import faults, needs_models
from tests.sandbox.seller import MONDAY, RATES, Json, Seller, error, signed_in

MODEL = "merchantFulfillmentV0"
SIGNED = {"DeliveryExperience": "DeliveryConfirmationWithSignature"}
ELSEWHERE = "0f3c1f0e-7b1a-4b57-9d0e-000000000001"


@pytest.fixture
def seller() -> Iterator[Seller]:
    """Sign in the German seller."""
    with (
        start(
            orders=0, limits=False, clock=standing_at(MONDAY), countries=("US", "GB", "DE")
        ) as running,
        signed_in(running, "DE") as signed,
    ):
        yield signed


@pytest.fixture
def mfn(seller: Seller) -> Fulfiller:
    """Work through Merchant Fulfillment."""
    return Fulfiller(seller)


def services(payload: Json) -> dict[str, Json]:
    """Name the services on offer."""
    return {one["ShippingServiceId"]: one for one in payload["ShippingServiceList"]}


def test_a_german_seller_has_no_business_in_shipping_v2(seller: Seller) -> None:
    """Shipping v2 refuses the store under every business id, even a blank one."""
    order_id = seller.add()
    body = seller.rates_body(order_id)
    for business in ("AmazonShipping_UK", "AmazonShipping_DE", ""):
        headers = {"x-amzn-shipping-business-id": business}
        assert (400, "InvalidInput") == error(seller.http.post(RATES, json=body, headers=headers))


@pytest.mark.parametrize("country", ["DE", "US", "GB"])
@needs_models
def test_a_labels_whole_life_fits_the_model(country: str) -> None:
    """Offers, questions, purchase, look and cancellation have the shape Amazon's model declares."""
    with (
        start(
            orders=0, limits=False, clock=standing_at(MONDAY), countries=("US", "GB", "DE")
        ) as running,
        signed_in(running, country) as signed,
    ):
        mfn, order_id = Fulfiller(signed), signed.add()
        details = mfn.details(order_id)
        asked = mfn.ask(details)
        assert [] == faults(
            MODEL, "GetEligibleShipmentServicesRequest", {"ShipmentRequestDetails": details}
        )
        assert [] == faults(MODEL, "GetEligibleShipmentServicesResponse", asked.json())
        service = asked.json()["payload"]["ShippingServiceList"][0]
        inputs = {
            "ShippingServiceId": service["ShippingServiceId"],
            "ShipFromAddress": details["ShipFromAddress"],
            "OrderId": order_id,
        }
        assert [] == faults(MODEL, "GetAdditionalSellerInputsRequest", inputs)
        assert [] == faults(
            MODEL,
            "GetAdditionalSellerInputsResponse",
            signed.http.post(INPUTS, json=inputs).json(),
        )
        body = mfn.body(details, service)
        bought = mfn.create(body)
        shipment_id = bought.json()["payload"]["ShipmentId"]
        assert [] == faults(MODEL, "CreateShipmentRequest", body)
        assert [] == faults(MODEL, "CreateShipmentResponse", bought.json())
        assert [] == faults(MODEL, "GetShipmentResponse", mfn.shipment(shipment_id).json())
        cancelled = mfn.shipment(shipment_id, "DELETE").json()
        odd = "['payload', 'Label', 'FileContents', 'FileType']: '' is not one of"
        assert [odd] == [f[: len(odd)] for f in faults(MODEL, "CancelShipmentResponse", cancelled)]


def test_carriers_that_cannot_sell_are_named(mfn: Fulfiller) -> None:
    """Terms not accepted, a carrier that is down and a service that is too small are told apart."""
    mfn.seller.control("settings", {"unavailable_carriers": ["HERMES_DE"]})
    payload = mfn.offers(
        mfn.seller.add(),
        PackageDimensions={"Length": 130, "Width": 20, "Height": 10, "Unit": "centimeters"},
    )

    assert {"DPDDE_PTP_PRIME_DOM", "DPDDE_PTP_CLASSIC"} == set(services(payload))
    assert [{"CarrierName": "Hermes"}] == payload["TemporarilyUnavailableCarrierList"]
    assert [{"CarrierName": "GLS"}] == payload["TermsAndConditionsNotAcceptedCarrierList"]
    assert {("DHL", "EXCLUDED_FROM_CARRIER_RESPONSE")} == {
        (one["CarrierName"], one["RejectionReasonCode"])
        for one in payload["RejectedShippingServiceList"]
    }


@pytest.mark.parametrize(
    ("asked", "stated"),
    [
        ("NoTracking", {"DHL": "NoTracking", "DPD": "DeliveryConfirmationWithSignature"}),
        (
            "DeliveryConfirmationWithoutSignature",
            {"DHL": "DeliveryConfirmationWithoutSignature", "Hermes": None},
        ),
        ("DeliveryConfirmationWithAdultSignature", {"DPD": "", "Hermes": ""}),
    ],
)
def test_each_carrier_states_what_it_obtains(
    mfn: Fulfiller, asked: str, stated: dict[str, str | None]
) -> None:
    """A carrier answers with what was asked for or more; one that cannot is refused."""
    payload = mfn.offers(mfn.seller.add(), options={"DeliveryExperience": asked})
    offered = {
        one["CarrierName"]: one["ShippingServiceOptions"]["DeliveryExperience"]
        for one in payload["ShippingServiceList"]
    }

    for carrier, word in stated.items():
        assert (word if word is not None else asked) == offered.get(carrier, "")


@pytest.mark.parametrize(
    ("wanted", "kind", "begins"),
    [
        ("PDF", "application/pdf", b"%PDF-"),
        ("PNG", "image/png", b"\x89PNG"),
        ("ZPL203", "application/zpl", b"^XA\n^CI28\n^PW812"),
        ("ZPL300", "application/zpl", b"^XA\n^CI28\n^PW1200"),
        (None, "image/png", b"\x89PNG"),
    ],
)
def test_the_label_is_what_was_asked_for(
    mfn: Fulfiller, wanted: str | None, kind: str, begins: bytes
) -> None:
    """The label is Base64 of gzip, its checksum is that of the file, and its printer's size is right."""
    order_id = mfn.seller.add()
    options = {"LabelFormat": wanted} if wanted else {}
    bought = mfn.buy(order_id, "DHL_DE_PTP_PAKET", options=options)

    assert kind == bought["Label"]["FileContents"]["FileType"]
    assert label_file(bought).startswith(begins)
    assert label_file(bought) == label_file(mfn.shipment(bought["ShipmentId"]).json()["payload"])


@pytest.mark.parametrize(("wanted", "printed"), [("ZPL203", True), ("ZPL300", False)])
def test_the_sellers_own_text_is_on_a_label_of_203_dots_alone(
    mfn: Fulfiller, wanted: str, *, printed: bool
) -> None:
    """The custom text is printed as ZPL for 203 dots an inch, and nowhere else."""
    bought = mfn.buy(
        mfn.seller.add(),
        "DHL_DE_PTP_PAKET",
        options={"LabelFormat": wanted},
        LabelCustomization={"CustomTextForLabel": "SHELF 7"},
    )

    assert printed is (b"SHELF 7" in label_file(bought))


def test_one_label_an_order_whichever_api_sold_it() -> None:
    """A label of one API stands in the way of the other's, and is named."""
    with (
        start(orders=0, limits=False, clock=standing_at(MONDAY)) as running,
        signed_in(running, "US") as us,
    ):
        mfn = Fulfiller(us)
        first, second = us.add(), us.add()
        details, quote = mfn.details(first), us.rates(second)
        service = mfn.ask(details).json()["payload"]["ShippingServiceList"][0]
        old = us.buy(first)["shipmentId"]
        new = mfn.buy(second)["ShipmentId"]
        mine = mfn.create(mfn.body(details, service))
        theirs = us.purchase(us.purchase_body(quote))

        assert [(400, "ShipmentAlreadyExists")] * 2 == [error(mine), error(theirs)]
        assert old in mine.text
        assert new in theirs.text
        assert [1, 1] == [us.state(name)["live_labels"] for name in (first, second)]


def test_it_costs_what_was_shown(mfn: Fulfiller) -> None:
    """The charge of a label is the rate that was on offer, delivery experience included."""
    order_id = mfn.seller.add()
    options = {"DeliveryExperience": "DeliveryConfirmationWithSignature"}
    details = mfn.details(order_id, options=options)
    service = services(mfn.ask(details).json()["payload"])["DHL_DE_PTP_PAKET"]
    mfn.create(mfn.body(details, service))
    label = mfn.seller.state(order_id)["labels"][0]

    assert Decimal(str(service["Rate"]["Amount"])) == Decimal(label["charge"])
    assert ["SIGNATURE_CONFIRMATION"] == label["confirmations"]


@pytest.mark.parametrize(
    ("wait", "expected"),
    [({"minutes": 10}, 200), ({"minutes": 10, "seconds": 1}, 400)],
)
def test_an_offer_lives_ten_minutes(mfn: Fulfiller, wait: dict[str, int], expected: int) -> None:
    """An offer older than ten minutes is refused as expired."""
    details = mfn.details(mfn.seller.add())
    service = mfn.ask(details).json()["payload"]["ShippingServiceList"][0]
    mfn.seller.advance(**wait)
    answer = mfn.create(mfn.body(details, service))

    assert expected == answer.status_code
    assert expected == 200 or "has expired" in answer.text


def test_without_an_offer_it_is_priced_anew(mfn: Fulfiller) -> None:
    """A purchase that names no offer takes whatever the service costs now."""
    details = mfn.details(mfn.seller.add())
    answer = mfn.create(
        {"ShipmentRequestDetails": details, "ShippingServiceId": "DHL_DE_PTP_PAKET"}
    )

    assert 200 == answer.status_code


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ShippingServiceOfferId": "nonsense"}, (400, "InvalidShippingServiceOfferId")),
        ({"ShippingServiceId": "DPDDE_PTP_CLASSIC"}, (400, "InvalidInput")),
        ({"HazmatType": "Bomb"}, (400, "InvalidInput")),
        ({"More": 1}, (400, "InvalidInput")),
    ],
)
def test_a_purchase_that_does_not_fit_is_refused(
    mfn: Fulfiller, changes: Json, expected: tuple[int, str]
) -> None:
    """Nothing is sold on an unknown offer, another service's, or an odd word."""
    order_id = mfn.seller.add()
    details = mfn.details(order_id)
    service = services(mfn.ask(details).json()["payload"])["DHL_DE_PTP_PAKET"]

    assert expected == error(mfn.create(mfn.body(details, service, **changes)))
    assert 0 == mfn.seller.state(order_id)["live_labels"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Weight": {"Value": 700, "Unit": "g"}}, "InvalidInput"),
        ({"options": {"LabelFormat": "PNG"} | SIGNED}, "LabelFormatNotSupported"),
        ({"options": {"LabelFormat": "PDF"}}, "InvalidInput"),
    ],
)
def test_a_shipment_that_changed_is_refused(mfn: Fulfiller, changes: Json, expected: str) -> None:
    """Another parcel, a format the carrier lacks and a delivery it lacks are each refused."""
    order_id = mfn.seller.add()
    service = services(mfn.offers(order_id))["DPDDE_PTP_CLASSIC"]
    answer = mfn.create(mfn.body(mfn.details(order_id, **changes), service))

    assert (400, expected) == error(answer)


def test_the_fastest_alone_is_sold_where_amazon_doubts(mfn: Fulfiller) -> None:
    """Amazon's own refusal of a service for a Prime order is its alert, and nothing is sold."""
    order_id = mfn.seller.add(refuses=True)
    details = mfn.details(order_id)
    slow = services(mfn.ask(details).json()["payload"])["HERMES_DE_PTP_STANDARD"]
    answer = mfn.create(mfn.body(details, slow))

    assert "Selected service is not compatible with other settings" in answer.text
    assert 0 == mfn.seller.state(order_id)["live_labels"]


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        ("2026-11-24T22:59:59Z", {"DHL_DE_PTP_PRIME_DOM", "DHL_DE_PTP_EXPRESS"}),
        ("2026-11-24T22:59:58Z", set()),
    ],
)
def test_late_services_are_left_out_where_a_date_is_named(
    mfn: Fulfiller, latest: str, expected: set[str]
) -> None:
    """Only what arrives by the date is on offer; when nothing does, the request is too restrictive."""
    order_id = mfn.seller.add()
    mfn.seller.control("settings", {"unavailable_carriers": ["DPD_DE"]})
    mfn.seller.control("clock", {"now": "2026-11-23T09:00:00Z"})
    answer = mfn.ask(mfn.details(order_id, MustArriveByDate=latest))
    offered = services(answer.json().get("payload", {"ShippingServiceList": []}))

    assert expected == set(offered)
    assert bool(expected) or error(answer) == (400, "ShipmentRequestDetailsTooRestrictive")


def test_a_service_that_asks_is_not_sold_without_answers(mfn: Fulfiller) -> None:
    """A service that needs further answers says so, and is refused without them."""
    order_id = mfn.seller.add()
    details = mfn.details(order_id)
    service = services(mfn.ask(details).json()["payload"])["DHL_DE_PTP_EXPRESS"]
    asked = mfn.seller.http.post(
        INPUTS,
        json={
            "ShippingServiceId": "DHL_DE_PTP_EXPRESS",
            "ShipFromAddress": details["ShipFromAddress"],
            "OrderId": order_id,
        },
    ).json()["payload"]
    given = [{"AdditionalInputFieldName": "DriverPhone", "AdditionalSellerInput": {}}]

    assert service["RequiresAdditionalSellerInputs"]
    assert ["DriverPhone"] == [f["AdditionalInputFieldName"] for f in asked["ShipmentLevelFields"]]
    assert (400, "InvalidInput") == error(mfn.create(mfn.body(details, service)))
    answered = mfn.body(details, service, ShipmentLevelSellerInputsList=given)
    assert 200 == mfn.create(answered).status_code


@pytest.mark.parametrize(("rejects", "end"), [(False, "RefundApplied"), (True, "RefundRejected")])
def test_the_life_of_a_refund(mfn: Fulfiller, end: str, *, rejects: bool) -> None:
    """A label given back is pending for two days; the order may be bought for again meanwhile."""
    order_id = mfn.seller.add()
    mfn.seller.control("settings", {"rejects_refunds": rejects})
    shipment_id = mfn.buy(order_id)["ShipmentId"]
    first = mfn.shipment(shipment_id, "DELETE").json()["payload"]
    again = mfn.shipment(shipment_id, "DELETE").json()["payload"]
    status = mfn.seller.order(order_id)["fulfillment"]["fulfillmentStatus"]
    other = mfn.buy(order_id)["ShipmentId"]
    mfn.seller.advance(days=2)
    mfn.seller.sign_in()
    later = Fulfiller(mfn.seller).shipment(shipment_id).json()["payload"]

    assert ["RefundPending", "RefundPending", end] == [x["Status"] for x in (first, again, later)]
    assert "SHIPPED" == status
    assert {"Contents": "", "FileType": "", "Checksum": ""} == later["Label"]["FileContents"]
    assert other != shipment_id
    assert 1 == mfn.seller.state(order_id)["live_labels"]


def test_a_label_cannot_be_given_back_for_ever(mfn: Fulfiller) -> None:
    """Once the carrier has the parcel the window is closed."""
    shipment_id = mfn.buy(mfn.seller.add())["ShipmentId"]
    mfn.seller.advance(hours=25)
    mfn.seller.sign_in()
    late = Fulfiller(mfn.seller).shipment(shipment_id, "DELETE")

    assert (400, "LabelCancelWindowExpired") == error(late)


@pytest.mark.parametrize(
    ("shipment_id", "expected"),
    [("nonsense", (400, "InvalidInput")), (ELSEWHERE, (404, "NotFound"))],
)
def test_an_unknown_shipment_is_refused(
    mfn: Fulfiller, shipment_id: str, expected: tuple[int, str]
) -> None:
    """What is no id is invalid; an id nobody bought is not found."""
    assert expected == error(mfn.shipment(shipment_id))
