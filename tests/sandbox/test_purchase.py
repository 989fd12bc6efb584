"""purchaseShipment: one label per order, whatever is sent."""

from typing import Any

import pytest

from tests.sandbox.seller import RATES, Json, Seller, document, error


def test_a_purchase_ships_the_order_and_charges_once(us: Seller) -> None:
    """The order becomes SHIPPED with a package, and the charge is the rate's."""
    order_id = us.add()
    bought = us.buy(order_id, "UPS_PTP_GND")
    order, truth = us.order(order_id), us.state(order_id)
    package = order["packages"][0]

    assert "SHIPPED" == order["fulfillment"]["fulfillmentStatus"]
    assert ("UPS", "UPS Ground") == (package["carrier"], package["shippingService"])
    assert bought["packageDocumentDetails"][0]["trackingId"] == package["trackingNumber"]
    assert {"status": "PENDING", "detailedStatus": "PENDING_PICK_UP"} == package["packageStatus"]
    assert (1, bought["shipmentId"]) == (truth["live_labels"], truth["labels"][0]["shipment_id"])
    assert {"USD": truth["labels"][0]["charge"]} == truth["charges"]


def test_the_same_key_and_body_get_the_same_answer_without_a_charge(us: Seller) -> None:
    """A retry is the first answer again, even after the offer expired, and buys nothing."""
    order_id = us.add()
    body = us.purchase_body(us.rates(order_id))
    first = us.purchase(body, "key-1")
    us.advance(minutes=30)
    again = us.purchase(body, "key-1")

    assert 200 == first.status_code
    assert first.json() == again.json()
    assert "key-1" == again.headers["x-amzn-IdempotencyKey"]
    assert 1 == len(us.state(order_id)["labels"])


def test_the_same_key_with_another_body_is_refused(us: Seller) -> None:
    """A key stands for one request."""
    quote = us.rates(us.add())
    us.purchase(us.purchase_body(quote, wanted="PNG"), "key-1")
    other = us.purchase(us.purchase_body(quote, wanted="ZPL"), "key-1")

    assert (400, "InvalidInput") == error(other)


def test_a_refused_purchase_leaves_its_key_free(us: Seller) -> None:
    """Only a purchase that took place is remembered under its key."""
    quote = us.rates(us.add())
    wrong = us.purchase_body(quote) | {"rateId": "unknown"}

    assert (400, "InvalidInput") == error(us.purchase(wrong, "key-1"))
    assert 200 == us.purchase(us.purchase_body(quote), "key-1").status_code


def test_keys_of_two_sellers_do_not_meet(us: Seller, uk: Seller) -> None:
    """The same key in another account is another key."""
    bodies = [(seller, seller.purchase_body(seller.rates(seller.add()))) for seller in (us, uk)]

    assert [200, 200] == [s.purchase(body, "key-1").status_code for s, body in bodies]


def test_a_second_label_is_refused_naming_the_first(us: Seller) -> None:
    """Without the key, Amazon still sells one label per order, and says which exists."""
    order_id = us.add()
    quote, other = us.rates(order_id), us.rates(order_id)
    first = us.purchase(us.purchase_body(quote)).json()["payload"]
    second = us.purchase(us.purchase_body(other))

    assert (400, "ShipmentAlreadyExists") == error(second)
    assert first["shipmentId"] in second.json()["errors"][0]["message"]
    assert (400, "InvalidInput") == error(us.http.post(RATES, json=us.rates_body(order_id)))


@pytest.mark.parametrize(("seconds", "expected"), [(600, 200), (601, 400)])
def test_an_offer_lives_ten_minutes(us: Seller, seconds: int, expected: int) -> None:
    """Bought within ten minutes of the rates, or TOKEN_EXPIRED."""
    body = us.purchase_body(us.rates(us.add()))
    us.advance(seconds=seconds)
    answer = us.purchase(body)

    assert expected == answer.status_code
    assert expected == 200 or error(answer) == (400, "TOKEN_EXPIRED")


def test_an_expired_offer_hides_that_a_label_exists(us: Seller) -> None:
    """TOKEN_EXPIRED on a new key does not prove that nothing was bought."""
    order_id = us.add()
    body = us.purchase_body(us.rates(order_id))
    us.purchase(body, "key-1")
    us.advance(minutes=11)

    assert (400, "TOKEN_EXPIRED") == error(us.purchase(body, "key-2"))
    assert 1 == us.state(order_id)["live_labels"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "PDF"),
        ("dpi", 300),
        ("pageLayout", "LEFT"),
        ("needFileJoining", False),
        ("requestedDocumentTypes", ["LABEL", "PACKSLIP"]),
        ("size", {"width": 6, "length": 4, "unit": "INCH"}),
        ("size", {"width": 4, "length": 6, "unit": "CENTIMETER"}),
    ],
)
def test_the_document_must_be_one_the_rate_offers(us: Seller, name: str, value: Any) -> None:
    """Any difference from the offered combination refuses the purchase."""
    body = us.purchase_body(us.rates(us.add()))
    body["requestedDocumentSpecification"][name] = value

    assert (400, "InvalidInput") == error(us.purchase(body))


@pytest.mark.parametrize(
    ("chosen", "status"),
    [
        ([], 400),
        ([{"id": "WHITE_GLOVE"}], 400),
        ([{"id": "NO_CONFIRMATION"}, {"id": "SIGNATURE_CONFIRMATION"}], 400),
        ([{"id": "SIGNATURE_CONFIRMATION"}], 200),
    ],
)
def test_a_required_group_must_be_answered_once(
    us: Seller, chosen: list[Json], status: int
) -> None:
    """UPS wants exactly one confirmation choice."""
    body = us.purchase_body(us.rates(us.add()), "UPS_PTP_GND")
    body["requestedValueAddedServices"] = chosen

    assert status == us.purchase(body).status_code


def test_a_chosen_signature_costs_what_the_rate_says(us: Seller) -> None:
    """The charge is the rate and the service chosen with it."""
    order_id = us.add()
    quote = us.rates(order_id)
    body = us.purchase_body(quote, "UPS_PTP_GND")
    body["requestedValueAddedServices"] = [{"id": "SIGNATURE_CONFIRMATION"}]
    us.purchase(body)
    label = us.state(order_id)["labels"][0]
    rate = next(r for r in quote["rates"] if r["serviceId"] == "UPS_PTP_GND")

    assert ["SIGNATURE_CONFIRMATION"] == label["confirmations"]
    assert round(rate["totalCharge"]["value"] * 100) + 425 == round(float(label["charge"]) * 100)


def test_an_order_cancelled_after_the_rates_is_not_sold_a_label(us: Seller) -> None:
    """Cancelling between rates and purchase refuses the purchase."""
    order_id = us.add()
    body = us.purchase_body(us.rates(order_id))
    us.control("orders", {"cancel": [order_id]})

    assert (400, "InvalidInput") == error(us.purchase(body))
    assert [] == us.state(order_id)["labels"]


@pytest.mark.parametrize(("minutes", "status"), [(359, 400), (360, 200)])
def test_no_label_before_its_printing_window(us: Seller, minutes: int, status: int) -> None:
    """A label may be printed from the very minute the window opens."""
    order_id = us.add(label_from="+6h")
    us.advance(minutes=minutes)
    us.sign_in()

    assert status == us.purchase(us.purchase_body(us.rates(order_id))).status_code


def test_amazon_may_refuse_a_service_whose_promise_looks_fine(us: Seller) -> None:
    """For some orders Amazon takes the fastest services alone, whatever the windows say."""
    order_id = us.add(refuses=True, deliver_by="+6d", town=["Seattle", "WA", "98101"])
    quote = us.rates(order_id)
    slow = us.purchase(us.purchase_body(quote, "UPS_PTP_2ND_DAY_AIR"))
    fast = us.purchase(us.purchase_body(quote, "UPS_PTP_NEXT_DAY_AIR_SAVER"))

    assert (400, "InvalidInput") == error(slow)
    assert (
        "Selected service is not compatible with other settings"
        == (slow.json()["errors"][0]["message"])
    )
    assert 200 == fast.status_code


@pytest.mark.parametrize(
    ("refuses", "programs", "status"),
    [(False, ["PRIME"], 200), (True, ["PRIME"], 400), (True, [], 200)],
)
def test_refusing_late_services_is_a_setting_for_prime(
    us: Seller, *, refuses: bool, programs: list[str], status: int
) -> None:
    """Amazon sells late services today; as a setting it refuses them for Prime orders."""
    us.control("settings", {"refuses_late": refuses})
    order_id = us.add(programs=programs, deliver_by="+2d", town=["Seattle", "WA", "98101"])

    bought = us.purchase(us.purchase_body(us.rates(order_id), "UPS_PTP_GND"))

    assert status == bought.status_code
    assert [True] * (status == 200) == [la["late"] for la in us.state(order_id)["labels"]]


def test_a_cancelled_label_is_refunded_and_the_order_may_be_sold_another(us: Seller) -> None:
    """The order stays SHIPPED, its package is cancelled, and a new label may be bought."""
    order_id = us.add()
    first = us.buy(order_id)
    cancelled = us.http.put(f"/shipping/v2/shipments/{first['shipmentId']}/cancel")
    between, truth = us.order(order_id), us.state(order_id)
    second = us.buy(order_id)

    assert (200, {"payload": {}}) == (cancelled.status_code, cancelled.json())
    assert "SHIPPED" == between["fulfillment"]["fulfillmentStatus"]
    assert ["CANCELLED"] == [p["packageStatus"]["status"] for p in between["packages"]]
    assert (0, {}) == (truth["live_labels"], truth["charges"])
    assert first["shipmentId"] != second["shipmentId"]
    assert ["1", "2"] == [p["packageReferenceId"] for p in us.order(order_id)["packages"]]


def test_cancelling_twice_changes_nothing(us: Seller) -> None:
    """A second cancellation answers like the first and keeps its time."""
    order_id = us.add()
    url = f"/shipping/v2/shipments/{us.buy(order_id)['shipmentId']}/cancel"
    us.http.put(url)
    before = us.state(order_id)
    us.advance(minutes=5)

    assert {"payload": {}} == us.http.put(url).json()
    assert before["labels"] == us.state(order_id)["labels"]


@pytest.mark.parametrize(("now", "status"), [("22:29:59", 200), ("22:30:00", 400)])
def test_a_collected_parcel_cannot_be_cancelled(us: Seller, now: str, status: int) -> None:
    """Once the carrier collects, at the end of the pick-up window, the label stands."""
    order_id = us.add()
    shipment_id = us.buy(order_id, "UPS_PTP_GND")["shipmentId"]
    us.control("clock", {"now": f"2026-11-23T{now}Z"})
    us.sign_in()

    assert status == us.http.put(f"/shipping/v2/shipments/{shipment_id}/cancel").status_code


def test_the_cancel_window_closes_after_a_day_even_uncollected(us: Seller) -> None:
    """A label bought on Friday evening for Monday's pick-up cannot be cancelled on Sunday."""
    us.control("clock", {"now": "2026-11-27T22:00:00Z"})
    us.sign_in()
    shipment_id = us.buy(us.add(), "UPS_PTP_GND")["shipmentId"]
    us.advance(hours=24)
    us.sign_in()
    answer = us.http.put(f"/shipping/v2/shipments/{shipment_id}/cancel")

    assert (400, "InvalidRequest") == error(answer)


def test_another_sellers_shipment_does_not_exist(us: Seller, uk: Seller) -> None:
    """Cancelling, documents and tracking stay within the account."""
    bought = us.buy(us.add(), "AMZN_US_PREM")
    shipment = f"/shipping/v2/shipments/{bought['shipmentId']}"
    tracking = bought["packageDocumentDetails"][0]["trackingId"]

    answers = [
        uk.http.put(f"{shipment}/cancel"),
        uk.http.get(f"{shipment}/documents", params={"packageClientReferenceId": "box-1"}),
        uk.http.get(
            "/shipping/v2/tracking", params={"trackingId": tracking, "carrierId": "AMZN_US"}
        ),
    ]

    assert [(404, "NotFound")] * 3 == [error(answer) for answer in answers]


def test_a_package_moves_by_itself(us: Seller) -> None:
    """Collected at the end of the pick-up window, delivered on the promised day."""
    order_id = us.add()
    us.buy(order_id, "UPS_PTP_GND")

    def status() -> tuple[str, str]:
        us.sign_in()
        order = us.order(order_id)
        return order["packages"][0]["packageStatus"]["status"], order["lastUpdatedTime"]

    seen = [status()]
    us.control("clock", {"now": "2026-11-23T22:30:00Z"})
    seen.append(status())
    us.advance(days=9)
    seen.append(status())

    assert ["PENDING", "IN_TRANSIT", "DELIVERED"] == [each for each, _ in seen]
    assert "2026-11-23T22:30:00.000Z" == seen[1][1]
    assert seen[1][1] < seen[2][1]


def test_tracking_answers_for_amazons_own_carrier_alone(us: Seller) -> None:
    """GetTracking knows Amazon Shipping's parcels and no other carrier's."""
    answers = []
    for service, carrier in (("AMZN_US_PREM", "AMZN_US"), ("UPS_PTP_GND", "UPS")):
        detail = us.buy(us.add(), service)["packageDocumentDetails"][0]
        query = {"trackingId": detail["trackingId"], "carrierId": carrier}
        answers.append(us.http.get("/shipping/v2/tracking", params=query))

    assert [200, 404] == [answer.status_code for answer in answers]
    assert "PreTransit" == answers[0].json()["payload"]["summary"]["status"]


def test_nothing_of_the_buyer_but_the_label_comes_back(us: Seller) -> None:
    """The answer of a purchase names neither buyer nor street outside the document."""
    order_id = us.add(buyer="Ada Uncommon", line1="77 Singular Path")
    bought = us.buy(order_id)

    assert document(bought).startswith(b"\x89PNG")
    assert "Uncommon" not in str(bought)
    assert "Singular" not in str(bought)


def test_a_sandbox_that_sells_twice_leaves_all_care_to_the_caller(us: Seller) -> None:
    """With Amazon's own guard off, two keys buy two labels: only then can a test see a double."""
    body = us.purchase_body(us.rates(order_id := us.add()))
    us.control("settings", {"sells_twice": True})
    answers = [us.purchase(body, key).status_code for key in ("key-1", "key-2", "key-2")]

    assert [200, 200, 200] == answers
    assert 2 == us.state(order_id)["live_labels"]
