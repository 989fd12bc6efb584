"""getRates: what is offered, what is refused, and why."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.sandbox.seller import RATES, Json, Seller, error


def _set(path: str, value: Any) -> Callable[[Json], None]:
    def change(body: Json) -> None:
        place: Any = body
        *parents, last = [int(p) if p.isdigit() else p for p in path.split(".")]
        for parent in parents:
            place = place[parent]
        if value is None:
            del place[last]
        else:
            place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_set("shipFrom", None), "InvalidRequest"),
        (_set("shipFrom.name", ""), "InvalidRequest"),
        (_set("shipFrom.name", "x" * 51), "InvalidRequest"),
        (_set("shipFrom.addressLine1", "x" * 61), "InvalidRequest"),
        (_set("packages", []), "InvalidRequest"),
        (_set("packages.0.items.0.itemValue", None), "InvalidRequest"),
        (_set("packages.0.weight.unit", "STONE"), "InvalidRequest"),
        (_set("packages.0.weight.value", 0), "InvalidRequest"),
        (_set("packages.0.weight.value", 1e308), "InvalidRequest"),
        (_set("packages.0.weight.value", "2"), "InvalidRequest"),
        (_set("packages.0.items.0.quantity", "1"), "InvalidRequest"),
        (_set("packages.0.items.0.quantity", 0), "InvalidRequest"),
        (_set("shipDate", 1795446000), "InvalidRequest"),
        (_set("shipDate", "2026-11-23T15:00:00"), "InvalidRequest"),
        (_set("packages.0.dimensions.unit", "FOOT"), "InvalidRequest"),
        (_set("packages.0.packageClientReferenceId", None), "InvalidRequest"),
        (_set("channelDetails.channelType", "EXTERNAL"), "InvalidRequest"),
        (_set("idempotencyKey", "in the wrong place"), "InvalidRequest"),
        (_set("channelDetails.amazonOrderDetails.orderId", "111-1-1"), "InvalidInput"),
        (_set("packages.0.items.0.itemIdentifier", "404"), "InvalidInput"),
        (_set("packages.0.items.0.quantity", 9), "InvalidInput"),
        (_set("shipFrom.countryCode", "CA"), "InvalidInput"),
        (_set("shipDate", "2026-11-20T00:00:00Z"), "InvalidInput"),
        (_set("shipDate", "9999-12-31T23:59:59Z"), "InvalidInput"),
    ],
)
def test_a_request_amazon_would_not_take_is_refused(
    us: Seller, change: Callable[[Json], None], code: str
) -> None:
    """Missing and wrong fields are InvalidRequest; what does not fit the order is InvalidInput."""
    body = us.rates_body(us.add())
    change(body)

    assert (400, code) == error(us.http.post(RATES, json=body))


def test_only_one_package_goes_in_a_shipment(us: Seller) -> None:
    """Two packages are refused."""
    body = us.rates_body(us.add())
    body["packages"] *= 2

    assert (400, "InvalidRequest") == error(us.http.post(RATES, json=body))


def test_without_a_business_id_amazon_assumes_the_uk(us: Seller, uk: Seller) -> None:
    """A US order fails without the header; a UK order does not."""
    american, british = us.rates_body(us.add()), uk.rates_body(uk.add())
    for seller in (us, uk):
        del seller.http.headers["x-amzn-shipping-business-id"]

    assert (400, "InvalidInput") == error(us.http.post(RATES, json=american))
    assert 200 == uk.http.post(RATES, json=british).status_code


def test_another_sellers_order_gets_no_rates(us: Seller, uk: Seller) -> None:
    """The order must belong to the account the token is for."""
    body = uk.rates_body(uk.add())

    assert (400, "InvalidInput") == error(us.http.post(RATES, json=body))


@pytest.mark.parametrize(
    "story",
    [{"status": "CANCELLED"}, {"status": "PENDING"}, {"status": "SHIPPED"}],
    ids=lambda story: story["status"],
)
def test_an_order_that_cannot_be_shipped_gets_no_rates(us: Seller, story: Json) -> None:
    """Cancelled, unpaid and shipped orders are refused."""
    assert (400, "InvalidInput") == error(us.http.post(RATES, json=us.rates_body(us.add(**story))))


def test_a_prime_order_ships_whole(us: Seller) -> None:
    """A package that leaves out an item is refused for Prime and taken for the rest."""
    answers = []
    for programs in (["PRIME"], []):
        body = us.rates_body(us.add(programs=programs, quantities=[2, 1]))
        body["packages"][0]["items"].pop()
        answers.append(us.http.post(RATES, json=body).status_code)

    assert [400, 200] == answers


def test_the_country_decides_who_carries(us: Seller, uk: Seller) -> None:
    """US carriers quote in dollars, UK carriers in pounds."""
    american, british = us.rates(us.add())["rates"], uk.rates(uk.add())["rates"]

    assert {"UPS", "USPS", "FEDEX"} <= {rate["carrierId"] for rate in american}
    assert {"ROYAL_MAIL", "DPD", "EVRI"} <= {rate["carrierId"] for rate in british}
    assert {"USD"} == {rate["totalCharge"]["unit"] for rate in american}
    assert {"GBP"} == {rate["totalCharge"]["unit"] for rate in british}


def test_a_rates_items_add_up_to_its_charge(us: Seller) -> None:
    """The total is what its mandatory parts say."""
    for rate in us.rates(us.add())["rates"]:
        parts = sum(round(item["rateItemCharge"]["value"] * 100) for item in rate["rateItemList"])
        assert round(rate["totalCharge"]["value"] * 100) == parts


def _reasons(quote: Json) -> dict[str, str]:
    return {
        rate["serviceId"]: rate["ineligibilityReasons"][0]["code"]
        for rate in quote["ineligibleRates"]
    }


@pytest.mark.parametrize(
    ("story", "change", "service", "code"),
    [
        ({"town": ["Boston", "MA", "02108"]}, None, "UPS_PTP_GND_SAVER", "UNKNOWN"),
        ({}, None, "FEDEX_PTP_GROUND_ECONOMY", "PROGRAM_CONSTRAINTS"),
        ({"deliver_by": "+2d"}, None, "USPS_PTP_MM", "LATE_DELIVERY"),
        ({"town": ["Seattle", "WA", "98101"]}, None, "ONTRAC_PTP_GRD", "NO_COVERAGE"),
        ({"line1": "PO Box 7"}, None, "UPS_PTP_GND", "NO_COVERAGE"),
        (
            {"constraints": ["signatureConfirmation"]},
            None,
            "AMZN_US_PREM",
            "UNSUPPORTED_VAS",
        ),
        ({}, _set("packages.0.weight.value", 51), "AMZN_US_PREM", "WEIGHT_RESTRICTIONS"),
        ({}, _set("packages.0.dimensions.length", 60), "USPS_PTP_PRI", "SIZE_RESTRICTIONS"),
    ],
)
def test_a_service_that_cannot_carry_it_says_why(
    us: Seller, story: Json, change: Callable[[Json], None] | None, service: str, code: str
) -> None:
    """Coverage, size, weight, confirmation, programme and lateness each have Amazon's code."""
    body = us.rates_body(us.add(**story))
    if change:
        change(body)
    quote = us.http.post(RATES, json=body).json()["payload"]

    assert code == _reasons(quote)[service]
    assert service not in {rate["serviceId"] for rate in quote["rates"]}


def test_late_services_are_offered_and_marked(us: Seller) -> None:
    """Since 2026-08 Amazon sells services that miss the promise, with the risk in the benefits."""
    order_id = us.add(deliver_by="+2d", town=["Seattle", "WA", "98101"])
    latest = us.order(order_id)["fulfillment"]["deliverByWindow"]["latestDateTime"]
    rates = us.rates(order_id)["rates"]
    late = {
        rate["serviceId"]
        for rate in rates
        if datetime.fromisoformat(rate["promise"]["deliveryWindow"]["end"])
        > datetime.fromisoformat(latest)
    }
    risky = {
        rate["serviceId"]
        for rate in rates
        if any(
            "LATE_DELIVERY_RISK" in excluded["reasonCodes"]
            for excluded in rate["benefits"]["excludedBenefits"]
        )
    }

    assert "UPS_PTP_GND" in late
    assert "UPS_PTP_NEXT_DAY_AIR_SAVER" not in late
    assert late == risky


def test_protection_on_time_needs_automated_settings(us: Seller, uk: Seller) -> None:
    """The seller without automated shipping settings lacks the benefit and hears why."""
    protected = us.rates(us.add())["rates"][0]["benefits"]
    manual = uk.rates(uk.add())["rates"][0]["benefits"]

    assert ["CLAIMS_PROTECTED", "OTDR_PROTECTED"] == protected["includedBenefits"]
    assert [
        {"benefit": "OTDR_PROTECTED", "reasonCodes": ["NON_SSA_ORDER", "NON_AHT_ORDER"]}
    ] == manual["excludedBenefits"]


@pytest.mark.parametrize(
    ("now", "pickup_end", "delivery_end"),
    [
        # New York is five hours behind; UPS cuts off at 16:00 and collects at 17:30
        ("2026-11-23T20:59:59Z", "2026-11-23T22:30:00.000Z", "2026-11-26T04:59:59.000Z"),
        ("2026-11-23T21:00:00Z", "2026-11-24T22:30:00.000Z", "2026-11-27T04:59:59.000Z"),
        # Friday after the cut-off leaves on Monday; the second working day after is Wednesday
        ("2026-11-27T21:00:00Z", "2026-11-30T22:30:00.000Z", "2026-12-03T04:59:59.000Z"),
        # Christmas Day is nobody's working day
        ("2026-12-23T15:00:00Z", "2026-12-23T22:30:00.000Z", "2026-12-29T04:59:59.000Z"),
    ],
)
def test_cut_off_weekend_and_holiday_decide_the_promise(
    us: Seller, now: str, pickup_end: str, delivery_end: str
) -> None:
    """UPS 2nd Day Air from New York to Boston, at each edge of the carrier's calendar."""
    us.control("clock", {"now": now})
    us.sign_in()
    order_id = us.add(town=["Boston", "MA", "02108"], deliver_by="+9d")
    rates = {rate["serviceId"]: rate for rate in us.rates(order_id)["rates"]}
    promise = rates["UPS_PTP_2ND_DAY_AIR"]["promise"]

    assert pickup_end == promise["pickupWindow"]["end"]
    assert delivery_end == promise["deliveryWindow"]["end"]


def test_a_far_destination_takes_the_longest_transit_and_its_own_midnight(us: Seller) -> None:
    """Ground from New York to Alaska: five working days, until the end of the day in Anchorage."""
    order_id = us.add(town=["Anchorage", "AK", "99501"], deliver_by="+9d")
    rates = {rate["serviceId"]: rate for rate in us.rates(order_id)["rates"]}

    assert "2026-12-01T08:59:59.000Z" == (rates["UPS_PTP_GND"]["promise"]["deliveryWindow"]["end"])


def test_confirmation_choices_differ_by_carrier(us: Seller) -> None:
    """UPS has NO_CONFIRMATION, USPS has not, OnTrac has no group at all."""
    rates = us.rates(us.add(town=["New York", "NY", "10001"]))["rates"]
    groups = {r["carrierId"]: r.get("availableValueAddedServiceGroups", []) for r in rates}
    ups, usps = (
        {service["id"] for service in groups[carrier][0]["valueAddedServices"]}
        for carrier in ("UPS", "USPS")
    )

    assert "NO_CONFIRMATION" in ups
    assert "NO_CONFIRMATION" not in usps
    assert "DELIVERY_CONFIRMATION" in usps
    assert [] == groups["ONTRAC"]
    assert groups["UPS"][0]["isRequired"] is True


def test_documents_are_offered_as_in_production(us: Seller) -> None:
    """ZPL at 300 dpi alone, PDF always with the packing slip, joined alone."""
    specs = us.rates(us.add())["rates"][0]["supportedDocumentSpecifications"]
    seen = {
        (
            spec["format"],
            tuple(spec["printOptions"][0]["supportedDPIs"]),
            tuple(d["name"] for d in spec["printOptions"][0]["supportedDocumentDetails"]),
            tuple(spec["printOptions"][0]["supportedFileJoiningOptions"]),
        )
        for spec in specs
    }

    assert {
        ("PNG", (203,), ("LABEL",), (True,)),
        ("ZPL", (300,), ("LABEL",), (True,)),
        ("PDF", (300,), ("LABEL", "PACKSLIP"), (True,)),
    } == seen
