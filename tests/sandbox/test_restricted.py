"""Restricted data tokens: what opens Merchant Fulfillment's shipments, and for how long."""

from collections.abc import Iterator
from typing import Any

import pytest

from primetui.sandbox.clock import standing_at
from primetui.sandbox.server import start
from tests.sandbox.fulfiller import ANY_SHIPMENT, Fulfiller, restricted
from tests.sandbox.models import faults, needs_models
from tests.sandbox.seller import MONDAY, Seller, error, signed_in

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


@needs_models
def test_a_restricted_token_fits_the_model(seller: Seller) -> None:
    """The answer of the Tokens API has the shape Amazon's model declares."""
    assert [] == faults(
        "tokens_2021-03-01", "CreateRestrictedDataTokenResponse", restricted(seller).json()
    )


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_restricted_operations_refuse_a_plain_token(mfn: Fulfiller, method: str) -> None:
    """Without a restricted data token nothing is shown, sold or given back."""
    seller, order_id = mfn.seller, mfn.seller.add()
    shipment_id = mfn.buy(order_id)["ShipmentId"]
    plain = seller.http.request(method, f"/mfn/v0/shipments/{shipment_id}")

    assert (403, "Unauthorized") == error(plain)
    assert (403, "Unauthorized") == error(seller.http.post("/mfn/v0/shipments", json={}))
    assert 1 == seller.state(order_id)["live_labels"]


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ((("GET", ANY_SHIPMENT),), 200),
        ((("GET", "/mfn/v0/shipments/THIS"),), 200),
        ((("GET", f"/mfn/v0/shipments/{ELSEWHERE}"),), 403),
        ((("DELETE", ANY_SHIPMENT), ("POST", "/mfn/v0/shipments")), 403),
    ],
)
def test_a_restricted_token_opens_what_it_names(
    mfn: Fulfiller, resources: tuple[tuple[str, str], ...], expected: int
) -> None:
    """A token opens the method and path it was asked for, every shipment's where a name stands."""
    shipment_id = mfn.buy(mfn.seller.add())["ShipmentId"]
    named = [(method, path.replace("THIS", shipment_id)) for method, path in resources]
    token = restricted(mfn.seller, *named).json()["restrictedDataToken"]
    mfn.headers = {"x-amz-access-token": token}

    assert expected == mfn.shipment(shipment_id).status_code


def test_a_restricted_token_lives_an_hour(mfn: Fulfiller) -> None:
    """After an hour the token opens nothing."""
    shipment_id = mfn.buy(mfn.seller.add())["ShipmentId"]
    mfn.seller.advance(seconds=3599)
    before = mfn.shipment(shipment_id).status_code
    mfn.seller.advance(seconds=1)

    assert (200, 403) == (before, mfn.shipment(shipment_id).status_code)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"restrictedResources": []},
        {"restrictedResources": [{"method": "", "path": "/mfn/v0/shipments"}]},
        {"restrictedResources": [{"method": "GET", "path": "/orders/v0/orders"}]},
        {"restrictedResources": [{"method": "GET", "path": ANY_SHIPMENT}] * 51},
    ],
)
def test_a_token_for_nothing_known_is_refused(seller: Seller, body: Any) -> None:
    """No token is given for no resource, an unknown one, or more than fifty."""
    answer = seller.http.post("/tokens/2021-03-01/restrictedDataToken", json=body)

    assert (400, "InvalidRequest") == error(answer)
