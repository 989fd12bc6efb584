"""Other shops' orders in Shipping v2: Amazon carries them, and knows what it is told."""

from typing import Any

import pytest

from tests.sandbox.models import faults, needs_models
from tests.sandbox.seller import RATES, Json, Seller, error

TO = {
    "US": {"city": "Newark", "stateOrRegion": "NJ", "postalCode": "07102", "countryCode": "US"},
    "GB": {"city": "Leeds", "stateOrRegion": "", "postalCode": "LS1 4AP", "countryCode": "GB"},
}


@pytest.fixture(params=["us", "uk"])
def seller(request: pytest.FixtureRequest) -> Seller:
    """Sign in a seller of each country."""
    found: Seller = request.getfixturevalue(request.param)
    return found


def body(seller: Seller, **changes: Any) -> Json:
    """Write a getRates request for another shop's order."""
    to = {"name": "Ada Buyer", "addressLine1": "1 Road"} | TO[seller.country]
    external = {"shipTo": to, "channelDetails": {"channelType": "EXTERNAL"}}
    return seller.rates_body(seller.add()) | external | changes


def external(seller: Seller) -> list[Json]:
    """List the labels of other shops' orders."""
    labels: list[Json] = seller.http.get("/_sandbox/state").json()["external"]
    return labels


@needs_models
def test_rates_of_another_shops_order_fit_the_model(seller: Seller) -> None:
    """Request and answer have the shape Amazon's model declares."""
    wanted = body(seller)
    answer = seller.http.post(RATES, json=wanted)

    assert 200 == answer.status_code
    assert [] == faults("shippingV2", "GetRatesRequest", wanted)
    assert [] == faults("shippingV2", "GetRatesResponse", answer.json())


def test_amazon_alone_carries_it_without_protection(seller: Seller) -> None:
    """No other carrier is on offer, and no benefit of Amazon's own orders."""
    payload = seller.http.post(RATES, json=body(seller)).json()["payload"]

    assert payload["rates"]
    assert {"Amazon Shipping"} == {rate["carrierName"] for rate in payload["rates"]}
    empty: Json = {"includedBenefits": [], "excludedBenefits": []}
    assert all(empty == rate["benefits"] for rate in payload["rates"])


def test_its_label_is_bought_given_back_and_counted(seller: Seller) -> None:
    """One key, one label, one charge, which the control side tells of; then it is taken back."""
    quote = seller.http.post(RATES, json=body(seller)).json()["payload"]
    purchase = seller.purchase_body(quote)
    first, second = (seller.purchase(purchase, "key-1").json()["payload"] for _ in range(2))
    (label,) = external(seller)
    cost = next(r for r in quote["rates"] if r["rateId"] == purchase["rateId"])["totalCharge"]

    assert first == second
    assert (first["shipmentId"], True) == (label["shipment_id"], label["live"])
    assert cost["value"] == float(label["charge"])
    assert (
        200 == seller.http.put(f"/shipping/v2/shipments/{label['shipment_id']}/cancel").status_code
    )
    assert [False] == [one["live"] for one in external(seller)]


@pytest.mark.parametrize(
    "changes",
    [
        {"shipTo": None},
        {"shipTo": {"name": "Ada"}},
        {"shipTo": {"name": "Ada", "addressLine1": "1 Road"} | TO["GB"]},
        {"channelDetails": {"channelType": "EXTERNAL", "more": 1}},
        {"channelDetails": {"channelType": "AMAZON"}},
        {"channelDetails": {"channelType": "MOON"}},
    ],
)
def test_a_request_that_lacks_something_is_refused(us: Seller, changes: Json) -> None:
    """Without an address within the country, or with an odd channel, nothing is offered."""
    status, code = error(us.http.post(RATES, json=body(us, **changes)))

    assert (400, True) == (status, code in {"InvalidInput", "InvalidRequest"})


def test_a_carrier_that_is_down_sells_nothing(us: Seller) -> None:
    """A carrier that is switched off on the control side is missing from the offers."""
    us.control("settings", {"unavailable_carriers": ["AMZN_US", "UPS"]})
    ours = us.http.post(RATES, json=body(us)).json()["payload"]
    amazons = us.rates(us.add())

    assert [] == ours["rates"]
    assert not {"AMZN_US", "UPS"} & {rate["carrierId"] for rate in amazons["rates"]}
