"""Faults: what breaks, at which call, and whether it happened."""

import json
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from primetui.errors import ConfigError
from primetui.sandbox.disguise import twist
from primetui.sandbox.faults import OPERATIONS, Fault, Faults, Kind, parse_fault
from primetui.sandbox.operations import operations
from primetui.sandbox.rithum.office import OPERATIONS as RITHUM_OPERATIONS
from tests.sandbox.seller import Json, Seller, error


def _arm(seller: Seller, kind: str, operation: str = "purchaseShipment", **options: Any) -> None:
    seller.control("faults", [{"operation": operation, "kind": kind} | options])


def _ready(seller: Seller) -> tuple[str, Json]:
    order_id = seller.add()
    return order_id, seller.purchase_body(seller.rates(order_id))


@pytest.mark.parametrize(
    ("kind", "options", "labels"),
    [
        ("lost_before_effect", {}, 0),
        ("lost_after_effect", {}, 1),
        ("reset", {}, 0),
        ("reset", {"after_effect": True}, 1),
        ("truncated", {}, 1),
    ],
)
def test_a_broken_line_gives_no_answer(us: Seller, kind: str, options: Json, labels: int) -> None:
    """The client sees a transport error; only the control side knows whether it was bought."""
    order_id, body = _ready(us)
    _arm(us, kind, **options)

    with pytest.raises(httpx.TransportError):
        us.purchase(body, "key-1")
    assert labels == us.state(order_id)["live_labels"]
    assert 200 == us.purchase(body, "key-1").status_code
    assert 1 == len(us.state(order_id)["labels"])


@pytest.mark.parametrize("labels", [0, 1], ids=["before", "after"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("error_500", (500, "InternalFailure")),
        ("error_503", (503, "ServiceUnavailable")),
        ("throttle", (429, "TooManyRequests")),
        ("expired_token", (403, "Unauthorized")),
        ("expired_offer", (400, "TOKEN_EXPIRED")),
        ("duplicate_shipment", (400, "ShipmentAlreadyExists")),
    ],
)
def test_a_lie_may_come_before_or_after_the_effect(
    us: Seller, kind: str, expected: tuple[int, str], labels: int
) -> None:
    """The same answer, with the label bought or not."""
    order_id, body = _ready(us)
    _arm(us, kind, after_effect=bool(labels))

    assert expected == error(us.purchase(body))
    assert labels == us.state(order_id)["live_labels"]


def test_html_is_a_gateways_page(us: Seller) -> None:
    """A 502 whose body is no JSON."""
    _, body = _ready(us)
    _arm(us, "html")
    answer = us.purchase(body)

    assert (502, "text/html; charset=utf-8") == (
        answer.status_code,
        answer.headers["content-type"],
    )


def test_garbled_is_a_success_nobody_can_read(us: Seller) -> None:
    """The status is the true one, the bytes are not JSON."""
    order_id, body = _ready(us)
    _arm(us, "garbled")
    answer = us.purchase(body)

    assert (200, 1) == (answer.status_code, us.state(order_id)["live_labels"])
    with pytest.raises(ValueError, match=r"."):
        json.loads(answer.content)


def test_wrong_types_keep_the_names(us: Seller) -> None:
    """Every value has another JSON type."""
    order_id, body = _ready(us)
    _arm(us, "wrong_types")
    payload = us.purchase(body).json()["payload"]

    assert isinstance(payload["shipmentId"], int)
    assert isinstance(payload["packageDocumentDetails"], dict)
    assert 1 == us.state(order_id)["live_labels"]


def test_no_value_keeps_its_type() -> None:
    """Each JSON type turns into another one."""
    assert {"a": "1", "b": 3, "c": {"0": "True"}, "d": [], "e": {"f": "1.5"}} == twist(
        {"a": 1, "b": "xyz", "c": [True], "d": None, "e": {"f": 1.5}}
    )


@pytest.mark.parametrize("retry_after", [None, 0, 7])
def test_throttling_may_say_how_long(us: Seller, retry_after: int | None) -> None:
    """Retry-After is there when asked for."""
    _arm(us, "throttle", "getOrder", retry_after=retry_after)
    answer = us.http.get("/orders/2026-01-01/orders/1")
    expected = None if retry_after is None else str(retry_after)

    assert (429, expected) == (answer.status_code, answer.headers.get("retry-after"))


def test_slow_answers_late(us: Seller) -> None:
    """The answer is the true one, after the delay."""
    order_id, body = _ready(us)
    _arm(us, "slow", delay_seconds=0.3)
    begun = time.monotonic()
    answer = us.purchase(body)

    assert 200 == answer.status_code
    assert time.monotonic() - begun >= 0.3
    assert 1 == us.state(order_id)["live_labels"]


@pytest.mark.parametrize(("after_effect", "labels"), [(True, 1), (False, 0)])
def test_slow_decides_when_it_happens(us: Seller, *, after_effect: bool, labels: int) -> None:
    """While the answer waits, the label is bought already, or will be after the client left."""
    order_id, body = _ready(us)
    _arm(us, "slow", delay_seconds=1, after_effect=after_effect)

    with pytest.raises(httpx.ReadTimeout):
        us.http.post("/shipping/v2/shipments", json=body, timeout=0.2)
    assert labels == us.state(order_id)["live_labels"]
    patience = time.monotonic() + 10
    while not us.state(order_id)["live_labels"] and time.monotonic() < patience:
        pass
    assert 1 == us.state(order_id)["live_labels"]


def test_late_listing_hides_a_bought_parcel_for_a_while(us: Seller) -> None:
    """The label exists and costs, but the order shows it two minutes later."""
    order_id, body = _ready(us)
    _arm(us, "late_listing")
    us.purchase(body)
    us.advance(seconds=119)
    hidden = us.order(order_id)
    us.advance(seconds=1)
    shown = us.order(order_id)

    assert ("UNSHIPPED", []) == (hidden["fulfillment"]["fulfillmentStatus"], hidden["packages"])
    assert ("SHIPPED", 1) == (shown["fulfillment"]["fulfillmentStatus"], len(shown["packages"]))
    assert hidden["lastUpdatedTime"] < shown["lastUpdatedTime"]
    assert 1 == us.state(order_id)["live_labels"]


def test_any_fault_may_hide_the_parcel_on_top(us: Seller) -> None:
    """Sold, the answer lost, and the order shows nothing until the delay is over."""
    order_id, body = _ready(us)
    _arm(us, "lost_after_effect", listing_delay_seconds=60)
    with pytest.raises(httpx.TransportError):
        us.purchase(body)
    hidden = us.order(order_id)["packages"]
    us.advance(seconds=60)

    assert ([], 1) == (hidden, len(us.order(order_id)["packages"]))


def test_clock_skew_shows_in_the_date_and_expires_offers(us: Seller) -> None:
    """For that call the server's time is off: the offer is older there than here."""
    order_id, body = _ready(us)
    _arm(us, "clock_skew")
    skewed = us.purchase(body)
    true = us.purchase(body)
    dates = [parsedate_to_datetime(answer.headers["date"]) for answer in (skewed, true)]

    assert (400, "TOKEN_EXPIRED") == error(skewed)
    assert 200 == true.status_code
    assert timedelta(minutes=15) == dates[0] - dates[1]
    assert 1 == us.state(order_id)["live_labels"]


def test_the_token_exchange_can_fail_too(us: Seller) -> None:
    """GetAccessToken is an operation like the others."""
    _arm(us, "error_503", "getAccessToken")

    assert [503, 200] == [us.grant().status_code, us.grant().status_code]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [True, False, False, False]),
        ({"nth": 2}, [False, True, False, False]),
        ({"nth": 2, "times": 2}, [False, True, True, False]),
        ({"nth": "every"}, [True, True, True, True]),
    ],
)
def test_a_fault_fires_at_its_calls(options: Json, expected: list[bool]) -> None:
    """Nth counts from arming, times repeats, every never stops; other operations do not count."""
    fault = Fault.model_validate({"operation": "getOrder", "kind": "html"} | options)
    faults = Faults([fault])

    seen = []
    for _ in range(4):
        assert faults.take("searchOrders") is None
        seen.append(faults.take("getOrder") is not None)

    assert expected == seen


def test_a_star_means_any_operation() -> None:
    """The wildcard counts every call."""
    faults = Faults([parse_fault("*:reset:2")])

    assert [False, True] == [faults.take(n) is not None for n in ("getOrder", "getRates")]
    assert [] == faults.armed()


def test_an_empty_list_disarms(us: Seller) -> None:
    """Posting no faults forgets the armed ones."""
    _arm(us, "html", "getOrder", nth="every")
    us.control("faults", [])

    assert 404 == us.http.get("/orders/2026-01-01/orders/1").status_code


@pytest.mark.parametrize(
    ("text", "operation", "kind", "nth"),
    [
        ("getOrder:html", "getOrder", Kind.HTML, 1),
        ("purchaseShipment:lost_after_effect:3", "purchaseShipment", Kind.LOST_AFTER_EFFECT, 3),
        ("*:slow:every", "*", Kind.SLOW, "every"),
    ],
)
def test_a_fault_is_written_in_one_word(
    text: str, operation: str, kind: Kind, nth: int | str
) -> None:
    """operation:kind[:nth] is what the command line takes."""
    fault = parse_fault(text)

    assert (operation, kind, nth) == (fault.operation, fault.kind, fault.nth)


@pytest.mark.parametrize(
    "text", ["", "getOrder", "getOrder:melt", "fetchOrder:html", "getOrder:html:0", "a:b:c:d"]
)
def test_what_is_no_fault_is_refused_in_words(text: str) -> None:
    """A mistyped fault is a configuration error, not a fault that never fires."""
    with pytest.raises(ConfigError, match="is not a fault"):
        parse_fault(text)


def test_every_operation_can_be_named() -> None:
    """The names faults know are the operations there are."""
    rithum = {one.name for one in RITHUM_OPERATIONS} | {"rithumToken"}
    amazon = {one.name for one in operations()} | {"getAccessToken"}

    assert OPERATIONS == amazon | rithum | {"*"}
