"""Usage plans: Amazon's documented rate and burst, per seller and operation."""

from collections.abc import Iterator

import pytest

from primetui.sandbox.clock import standing_at
from primetui.sandbox.server import start
from tests.sandbox.seller import MONDAY, ORDERS, Seller, error, signed_in


@pytest.fixture
def limited() -> Iterator[Seller]:
    """Sign in a seller to a sandbox with usage plans, whose time stands still."""
    with (
        start(orders=0, clock=standing_at(MONDAY)) as running,
        signed_in(running, "US") as seller,
    ):
        yield seller


@pytest.mark.parametrize(
    ("path", "rate", "burst", "refill_seconds"),
    [
        (f"{ORDERS}?createdAfter=2026-01-01T00:00:00Z", "0.0056", 20, 179),
        (f"{ORDERS}/111-1-1", "0.5", 30, 2),
        ("/sellers/v1/marketplaceParticipations", "0.016", 15, 63),
        ("/shipping/v2/tracking", "80", 100, 0.0125),
    ],
)
def test_the_bucket_empties_and_fills_as_documented(
    limited: Seller, path: str, rate: str, burst: int, refill_seconds: float
) -> None:
    """Burst calls pass, the next is 429, and one more passes after 1/rate seconds."""
    answers = [limited.http.get(path) for _ in range(burst)]
    turned_away = limited.http.get(path)
    limited.advance(seconds=refill_seconds)
    refilled = [limited.http.get(path).status_code for _ in range(2)]

    assert 429 not in {answer.status_code for answer in answers}
    assert (429, "TooManyRequests") == error(turned_away)
    assert {rate} == {a.headers["x-amzn-RateLimit-Limit"] for a in [*answers, turned_away]}
    assert [answers[0].status_code, 429] == refilled


def test_each_operation_and_each_seller_has_its_own_bucket(limited: Seller) -> None:
    """Spending one bucket spends no other."""
    url = "/sellers/v1/marketplaceParticipations"
    spent = [limited.http.get(url) for _ in range(16)][-1]
    with signed_in(limited.sandbox, "GB") as other:
        theirs = other.http.get(url)

    assert (429, 200, 200) == (spent.status_code, theirs.status_code, limited.search().status_code)


def test_limits_can_be_switched_off(limited: Seller) -> None:
    """With the setting off nothing is turned away."""
    limited.control("settings", {"limits": False})

    assert {200} == {limited.search().status_code for _ in range(25)}


def test_every_answer_has_a_request_id_of_its_own(limited: Seller) -> None:
    """Support asks for the id; no two calls share one."""
    ids = {limited.search().headers["x-amzn-RequestId"] for _ in range(3)}

    assert 3 == len(ids)
