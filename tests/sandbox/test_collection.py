"""Collection forms in Shipping v2: Amazon's own carrier, each parcel once, each key one form."""

import base64

import pytest

from tests.sandbox.models import faults, needs_models
from tests.sandbox.seller import Json, Seller, error

FORMS = "/shipping/v2/collectionForms"
CARRIER = {"US": "AMZN_US", "GB": "AMZN_UK"}
SERVICE = {"US": "AMZN_US_PREM", "GB": "AMZN_UK_ONE_DAY"}


@pytest.fixture(params=["us", "uk"])
def seller(request: pytest.FixtureRequest) -> Seller:
    """Sign in a seller of each country."""
    found: Seller = request.getfixturevalue(request.param)
    return found


def body(seller: Seller) -> Json:
    """Ask for the form of Amazon's own carrier."""
    return {"carrierId": CARRIER[seller.country]}


def form(seller: Seller, key: str = "") -> bytes:
    """Have a form made."""
    headers = {"x-amzn-IdempotencyKey": key} if key else {}
    answer = seller.http.post(FORMS, json=body(seller), headers=headers)
    assert 200 == answer.status_code, answer.text
    document = answer.json()["collectionsFormDocument"]
    assert "PDF" == document["documentFormat"]
    return base64.b64decode(document["base64EncodedContent"])


@needs_models
def test_the_request_fits_the_model(seller: Seller) -> None:
    """It has the shape Amazon's model declares."""
    assert [] == faults("shippingV2", "GenerateCollectionFormRequest", body(seller))


def test_a_parcel_is_on_one_form(seller: Seller) -> None:
    """The same key gives the same form; another one finds what was bought since, or nothing."""
    seller.buy(seller.add(), SERVICE[seller.country])
    first = form(seller, "key-1")

    assert first.startswith(b"%PDF")
    assert first == form(seller, "key-1")
    again = seller.http.post(FORMS, json=body(seller))
    assert (400, "InvalidInput") == error(again)
    seller.buy(seller.add(), SERVICE[seller.country])
    assert form(seller, "key-2")
    assert first == form(seller, "key-1")


def test_a_label_given_back_is_on_none(seller: Seller) -> None:
    """A cancelled parcel is not collected."""
    bought = seller.buy(seller.add(), SERVICE[seller.country])
    seller.http.put(f"/shipping/v2/shipments/{bought['shipmentId']}/cancel")

    assert 400 == seller.http.post(FORMS, json=body(seller)).status_code


@pytest.mark.parametrize(
    "wanted", [{}, {"carrierId": ""}, {"carrierId": "UPS"}, {"carrierId": "AMZN_US", "day": 1}]
)
def test_another_carriers_form_is_not_made(us: Seller, wanted: Json) -> None:
    """Nor one that names no carrier, or too much."""
    us.buy(us.add(), SERVICE["US"])

    assert 400 == us.http.post(FORMS, json=wanted).status_code
