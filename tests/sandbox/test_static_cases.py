"""Amazon's static sandbox: each case of its models, replayed over HTTP."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from primetui.sandbox.clock import standing_at
from primetui.sandbox.server import start
from tests.sandbox.models import FOLDER, faults, model, needs_models, response_definition
from tests.sandbox.seller import MONDAY, Json, Seller, error, signed_in

pytestmark = needs_models

WANTED = [
    ("orders_2026-01-01", "searchOrders", 4),
    ("orders_2026-01-01", "getOrder", 4),
    ("ordersV0", "confirmShipment", 2),
    ("tokens_2021-03-01", "createRestrictedDataToken", 3),
    ("sellers", "getMarketplaceParticipations", 1),
    ("shippingV2", "getAdditionalInputs", 2),
    ("merchantFulfillmentV0", "getEligibleShipmentServices", 2),
    ("merchantFulfillmentV0", "createShipment", 2),
    ("merchantFulfillmentV0", "getShipment", 2),
    ("merchantFulfillmentV0", "cancelShipment", 2),
    ("merchantFulfillmentV0", "getAdditionalSellerInputs", 2),
]

AMAZONS_OWN = re.compile(r"'(LabelFormat|FileType)'\]: '' is not one of")
"""Where Amazon's answers break Amazon's model: a format that was not chosen, a file that is gone."""


@pytest.fixture(scope="module")
def seller() -> Iterator[Seller]:
    """Sign in to a sandbox that answers from the models."""
    with (
        start(orders=0, limits=False, clock=standing_at(MONDAY), static_cases=FOLDER) as running,
        signed_in(running, "US") as signed,
    ):
        yield signed


def _cases(name: str, operation_id: str) -> Iterator[tuple[str, str, int, Json, Any]]:
    """List method, path, status, parameters and answer of each case, as the model has them."""
    for path, methods in model(name)["paths"].items():
        for method, about in methods.items():
            if isinstance(about, dict) and about.get("operationId") == operation_id:
                for status, response in about["responses"].items():
                    for pair in response.get("x-amzn-api-sandbox", {}).get("static", ()):
                        given = pair["request"]["parameters"]
                        values = {key: each["value"] for key, each in given.items()}
                        yield method, path, int(status), values, pair.get("response")


def _send(seller: Seller, method: str, path: str, parameters: Json) -> httpx.Response:
    in_path = {name for name in parameters if f"{{{name}}}" in path}
    query = {
        name: ",".join(value) if isinstance(value, list) else value
        for name, value in parameters.items()
        if name not in in_path | {"body"}
    }
    url = path.format(**{name: parameters[name] for name in in_path})
    return seller.http.request(method, url, params=query, json=parameters.get("body"))


@pytest.mark.parametrize(("name", "operation_id", "count"), WANTED)
def test_each_case_of_the_model_gets_its_answer(
    seller: Seller, name: str, operation_id: str, count: int
) -> None:
    """Status and body are the case's, and the body fits its own model."""
    cases = list(_cases(name, operation_id))

    assert count == len(cases)
    for method, path, status, parameters, expected in cases:
        answer = _send(seller, method, path, parameters)
        assert status == answer.status_code
        if status == 204:
            assert b"" == answer.content
            continue
        assert expected == answer.json()
        definition = response_definition(name, operation_id, status)
        found = faults(name, definition, answer.json())
        assert [] == [fault for fault in found if not AMAZONS_OWN.search(fault)]


def test_lists_may_repeat_the_parameter(seller: Seller) -> None:
    """A list given once per value is the same list."""
    _, path, _, parameters, expected = next(iter(_cases("orders_2026-01-01", "getOrder")))
    answer = seller.http.get(
        path.format(**parameters), params={"includedData": parameters["includedData"]}
    )

    assert expected == answer.json()


def test_parameters_of_no_case_are_invalid(seller: Seller) -> None:
    """Anything else is 400, as in Amazon's sandbox."""
    answer = seller.http.get("/orders/2026-01-01/orders/unknown")

    assert (400, "InvalidInput") == error(answer)


def test_static_answers_need_a_token_too(seller: Seller) -> None:
    """The static sandbox checks the access token like the real one."""
    answer = seller.http.get(
        "/orders/2026-01-01/orders/TEST_CASE_400", headers={"x-amz-access-token": "no"}
    )

    assert (403, "Unauthorized") == error(answer)
