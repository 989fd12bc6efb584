"""The control side: truth, time and orders; and who may call at all."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sandbox.seller import ORDERS, RATES, Seller


def test_state_counts_every_call_by_operation(us: Seller) -> None:
    """Refused calls count too; the token exchange is getAccessToken."""
    order_id = us.add()
    us.order(order_id)
    us.http.get(f"{ORDERS}/unknown")
    calls = us.http.get("/_sandbox/state").json()["calls"]

    assert {"getAccessToken": 1, "getOrder": 2} == calls


def test_state_adds_up_standing_labels_by_currency(us: Seller, uk: Seller) -> None:
    """What was spent is the sum of the labels that stand."""
    first, second, british = us.add(), us.add(), uk.add()
    us.buy(first)
    us.http.put(f"/shipping/v2/shipments/{us.buy(second)['shipmentId']}/cancel")
    uk.buy(british)
    whole = us.http.get("/_sandbox/state").json()

    assert whole["charges"] == us.state(first)["charges"] | uk.state(british)["charges"]
    assert {} == us.state(second)["charges"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"advance_seconds": 90}, "2026-11-23T15:01:30.000Z"),
        ({"advance_seconds": -3600}, "2026-11-23T14:00:00.000Z"),
        ({"now": "2027-01-01T00:00:00Z"}, "2027-01-01T00:00:00.000Z"),
        ({"now": "2027-01-01T00:00:00+01:00"}, "2026-12-31T23:00:00.000Z"),
    ],
)
def test_time_moves_as_told(us: Seller, wish: dict[str, Any], expected: str) -> None:
    """Forward, back, or to a moment."""
    assert {"now": expected} == us.control("clock", wish)
    assert expected == us.http.get("/_sandbox/state").json()["now"]


def test_a_number_of_ordinary_orders_can_be_added(us: Seller) -> None:
    """They come in now, under new numbers, and searches by update find them."""
    added = us.control("orders", {"add": 7})["added"]
    found = us.search(lastUpdatedAfter="2026-11-23T15:00:00Z").json()["orders"]

    assert 7 == len(set(added))
    assert {order["orderId"] for order in found} <= set(added)
    assert {"2026-11-23T15:00:00.000Z"} == {order["createdTime"] for order in found}


def test_orders_change_under_the_sellers_hands(us: Seller) -> None:
    """Cancelled, asked to be cancelled, readdressed: each moves the last update."""
    cancelled, asked, moved = us.add(), us.add(), us.add()
    us.advance(minutes=5)
    us.control(
        "orders",
        {
            "cancel": [cancelled],
            "request_cancellation": [asked],
            "readdress": {moved: {"city": "Boston", "region": "MA", "postal_code": "02108"}},
        },
    )
    found = us.search(lastUpdatedAfter="2026-11-23T15:05:00Z").json()["orders"]

    assert {cancelled, asked, moved} == {order["orderId"] for order in found}
    assert "CANCELLED" == us.order(cancelled)["fulfillment"]["fulfillmentStatus"]
    assert "cancellationRequest" in us.order(asked)["orderItems"][0]["cancellation"]
    assert "Boston" == us.order(moved)["recipient"]["deliveryAddress"]["city"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("orders", {"cancel": ["unknown"]}, 404),
        ("orders", {"add": [{"stroy": "typo"}]}, 400),
        ("orders", {"add": [{"ship_by": "soon"}]}, 400),
        ("orders", {"add": [{"quantities": [0]}]}, 400),
        ("faults", [{"operation": "getOrder", "kind": "melt"}], 400),
        ("faults", [{"operation": "getOrders", "kind": "html"}], 400),
        ("orders", {"add": [{"ship_by": "+99999d"}]}, 400),
        ("orders", {"add": [{"ship_by": "0001-01-01T00:00:00Z"}]}, 400),
        ("clock", {"advance": 5}, 400),
        ("clock", {"advance_seconds": 1e18}, 400),
        ("clock", {"now": "9999-12-31T23:59:59Z"}, 400),
        ("settings", {"limit": True}, 400),
    ],
)
def test_a_mistyped_wish_is_refused_whole(us: Seller, path: str, body: Any, status: int) -> None:
    """The control side says what it does not know, and does nothing."""
    before = us.http.get("/_sandbox/state").json()
    answer = us.http.post(f"/_sandbox/{path}", json=body)

    assert status == answer.status_code
    assert before == us.http.get("/_sandbox/state").json()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "127.0.0.1:9"}, 200),
        ({"Host": "[::1]:8080"}, 200),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:80"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "[oops"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/_sandbox/state", "/_sandbox/credentials"])
def test_web_pages_and_rebound_names_are_turned_away(
    us: Seller, headers: dict[str, str], status: int, path: str
) -> None:
    """Only loopback host names and origins are answered."""
    assert status == us.http.get(path, headers=headers).status_code


def test_a_form_post_changes_nothing(us: Seller) -> None:
    """What a web page could send without asking, the control side does not read."""
    answer = us.http.post("/_sandbox/orders", content='{"add": 3}')
    typed = us.http.post(
        "/_sandbox/orders", content='{"add": 3}', headers={"content-type": "text/plain"}
    )

    assert [415, 415] == [answer.status_code, typed.status_code]
    assert [] == us.http.get("/_sandbox/state").json()["orders"]


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        ("{", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ("null", "application/json", 400),
        ('"text"', "application/json", 400),
        ("{}", "text/plain", 415),
        ('{"a": "' + "x" * 1_000_001 + '"}', "application/json", 413),
    ],
    ids=["broken", "deep", "null", "text", "media", "large"],
)
def test_a_body_that_is_no_request_is_refused(
    us: Seller, content: str, media: str, status: int
) -> None:
    """Broken, deep, wrong and large bodies are errors in Amazon's shape."""
    answer = us.http.post(RATES, content=content, headers={"content-type": media})

    assert status == answer.status_code
    assert answer.json()["errors"]


def test_an_unknown_path_is_an_error_in_amazons_shape(us: Seller) -> None:
    """Nothing answers with a page of the framework's."""
    paths = ["/mfn/v0/shipments", "/orders/v0/orders"]

    assert ["NotFound"] * 2 == [us.http.get(p).json()["errors"][0]["code"] for p in paths]


def test_the_dates_of_answers_are_the_sandboxs(us: Seller) -> None:
    """The Date header tells the sandbox's time, not the machine's."""
    us.control("clock", {"now": datetime(2030, 1, 1, tzinfo=UTC).isoformat()})

    assert "Tue, 01 Jan 2030 00:00:00 GMT" == us.grant().headers["date"]
