"""Login with Amazon and the token every call needs."""

import pytest

from tests.sandbox.seller import ORDERS, Seller, error


def test_a_refresh_token_becomes_a_bearer_token_for_an_hour(us: Seller) -> None:
    """The token endpoint answers as Login with Amazon does."""
    answer = us.grant()

    assert 200 == answer.status_code
    assert {"access_token", "refresh_token", "token_type", "expires_in"} == set(answer.json())
    assert ("bearer", 3600) == (answer.json()["token_type"], answer.json()["expires_in"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"client_id": "unknown"}, (401, "invalid_client")),
        ({"refresh_token": "Atzr|other"}, (400, "invalid_grant")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
    ],
)
def test_wrong_credentials_are_told_apart(
    us: Seller, changes: dict[str, str], expected: tuple[int, str]
) -> None:
    """A wrong secret, a wrong refresh token and a wrong grant have OAuth's own words."""
    answer = us.grant(**changes)

    assert expected == (answer.status_code, answer.json()["error"])


def test_another_stores_refresh_token_does_not_fit(us: Seller, uk: Seller) -> None:
    """A refresh token belongs to one client."""
    answer = us.grant(refresh_token=uk.store["refresh_token"])

    assert (400, "invalid_grant") == (answer.status_code, answer.json()["error"])


def test_a_call_without_a_token_or_with_an_unknown_one_is_refused(us: Seller) -> None:
    """Missing and unknown access tokens are 403 Unauthorized."""
    unknown = us.http.get(ORDERS, headers={"x-amz-access-token": "Atza|nothing"})
    del us.http.headers["x-amz-access-token"]
    missing = us.http.get(ORDERS)

    assert [(403, "Unauthorized")] * 2 == [error(unknown), error(missing)]


@pytest.mark.parametrize(("seconds", "status"), [(3599, 200), (3600, 403)])
def test_an_access_token_lives_an_hour_of_the_sandbox(
    us: Seller, seconds: int, status: int
) -> None:
    """At 3600 seconds of the sandbox's time the token no longer opens anything."""
    us.advance(seconds=seconds)

    assert status == us.search().status_code


def test_a_token_sees_its_own_sellers_orders_alone(us: Seller, uk: Seller) -> None:
    """One seller's order does not exist for the other, in any operation."""
    order_id = us.add()

    read = uk.http.get(f"{ORDERS}/{order_id}")
    found = uk.search().json()["orders"]
    confirmed = uk.confirm(order_id, us.confirmation_body(order_id))

    assert ((404, "NotFound"), [], (404, "NotFound")) == (error(read), found, error(confirmed))
