"""searchOrders and getOrder: validation, paging, data sets."""

from typing import Any

import pytest

from tests.sandbox.seller import EVERYTHING, ORDERS, Seller, error


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"createdAfter": "2026-01-01T00:00:00Z", "lastUpdatedAfter": "2026-01-01T00:00:00Z"},
        {"createdAfter": "yesterday"},
        {"createdAfter": "0001-01-01T00:00:00+23:59"},
        {"createdAfter": "2026-01-01T00:00:00"},
        {"createdAfter": "2026-01-01T00:00:00Z", "lastUpdatedBefore": "2026-02-01T00:00:00Z"},
        {"createdAfter": "2026-02-01T00:00:00Z", "createdBefore": "2026-01-01T00:00:00Z"},
        {"createdAfter": "2026-01-01T00:00:00Z", "createdBefore": "2026-11-23T14:58:01Z"},
        {"createdAfter": "2026-01-01T00:00:00Z", "fulfillmentStatuses": "UNSHIPPED,Shipped"},
        {"createdAfter": "2026-01-01T00:00:00Z", "fulfilledBy": "SELLER"},
        {"createdAfter": "2026-01-01T00:00:00Z", "includedData": "ADDRESS"},
        {"createdAfter": "2026-01-01T00:00:00Z", "maxResultsPerPage": "0"},
        {"createdAfter": "2026-01-01T00:00:00Z", "maxResultsPerPage": "101"},
        {"createdAfter": "2026-01-01T00:00:00Z", "maxResultsPerPage": "ten"},
        {"createdAfter": "2026-01-01T00:00:00Z", "marketplaceIds": ",".join(map(str, range(51)))},
        {"createdAfter": "2026-01-01T00:00:00Z", "paginationToken": "made-up"},
    ],
)
def test_a_search_outside_amazons_rules_is_invalid(us: Seller, query: dict[str, str]) -> None:
    """Each rule of the model's parameters is enforced."""
    assert (400, "InvalidInput") == error(us.http.get(ORDERS, params=query))


def test_before_may_be_two_minutes_ago(us: Seller) -> None:
    """The upper bound may be exactly two minutes in the past."""
    answer = us.search(createdBefore="2026-11-23T14:58:00Z")

    assert 200 == answer.status_code
    assert "2026-11-23T14:58:00.000Z" == answer.json()["createdBefore"]


def test_filters_narrow_the_search(us: Seller) -> None:
    """Status, party and marketplace filters are ANDed; lists come with commas or repeated."""
    mine = us.add()
    amazons = us.add(fulfilled_by="AMAZON")
    cancelled = us.add(status="CANCELLED")

    def found(**query: Any) -> set[str]:
        params = {"createdAfter": "2020-01-01T00:00:00Z"} | query
        orders = us.http.get(ORDERS, params=params).json()["orders"]
        return {order["orderId"] for order in orders}

    assert {mine, amazons, cancelled} == found()
    assert {mine, cancelled} == found(fulfilledBy="MERCHANT")
    assert {mine} == found(fulfilledBy="MERCHANT", fulfillmentStatuses="UNSHIPPED")
    assert {mine, amazons, cancelled} == found(fulfillmentStatuses=["UNSHIPPED", "CANCELLED"])
    assert set() == found(marketplaceIds="A1F83G8C2ARO7P")
    assert {mine, amazons, cancelled} == found(marketplaceIds="A1F83G8C2ARO7P,ATVPDKIKX0DER")


def test_pages_cover_every_order_once_in_the_order_of_the_search(us: Seller) -> None:
    """Following the tokens yields each order once, oldest first, and the last page has no token."""
    us.control("orders", {"add": [{"store": "US"}] * 25})
    seen: list[str] = []
    query = {"maxResultsPerPage": "10"}
    sizes = []
    while True:
        page = us.search(**query).json()
        seen += [order["orderId"] for order in page["orders"]]
        sizes.append(len(page["orders"]))
        if "pagination" not in page:
            break
        query["paginationToken"] = page["pagination"]["nextToken"]

    assert [10, 10, 5] == sizes
    assert 25 == len(set(seen))


def test_a_page_token_wants_the_same_search_and_lives_a_day(us: Seller) -> None:
    """Other parameters must repeat, except the page size and the data sets."""
    us.control("orders", {"add": [{"store": "US"}] * 5})
    token = us.search(maxResultsPerPage="2").json()["pagination"]["nextToken"]

    changed = us.search(paginationToken=token, fulfilledBy="MERCHANT")
    resized = us.search(paginationToken=token, maxResultsPerPage="3", includedData="BUYER")
    us.advance(hours=24)
    us.sign_in()
    last = us.search(paginationToken=token)
    us.advance(seconds=1)
    late = us.search(paginationToken=token)

    assert (400, "InvalidInput") == error(changed)
    assert (200, 3) == (resized.status_code, len(resized.json()["orders"]))
    assert 200 == last.status_code
    assert (400, "InvalidInput") == error(late)


def test_another_sellers_page_token_opens_nothing(us: Seller, uk: Seller) -> None:
    """A token belongs to the seller it was given to."""
    us.control("orders", {"add": [{"store": "US"}] * 3})
    token = us.search(maxResultsPerPage="2").json()["pagination"]["nextToken"]

    assert (400, "InvalidInput") == error(uk.search(paginationToken=token))


def test_a_purchase_moves_the_last_update(us: Seller) -> None:
    """An order that changed is found again by lastUpdatedAfter, and only it."""
    order_id, other = us.add(), us.add()
    us.advance(minutes=30)
    watermark = "2026-11-23T15:10:00Z"
    before = us.search(lastUpdatedAfter=watermark).json()["orders"]
    us.buy(order_id)
    after = us.search(lastUpdatedAfter=watermark).json()

    assert [] == before
    assert [order_id] == [order["orderId"] for order in after["orders"]]
    assert order_id != other
    assert "2026-11-23T15:30:00.000Z" == after["lastUpdatedBefore"]


def test_personal_data_comes_only_when_asked_for(us: Seller) -> None:
    """Without data sets an order is its core; each data set adds its part and no other."""
    order_id = us.add(buyer="Ada Test")
    core = us.order(order_id, "")

    assert {"buyer", "recipient", "fulfillment", "packages", "proceeds"}.isdisjoint(core)
    assert "Ada Test" not in str(core)
    assert {"buyer"} == set(us.order(order_id, "BUYER")) - set(core)
    assert {"recipient"} == set(us.order(order_id, "RECIPIENT")) - set(core)
    assert {"fulfillment"} == set(us.order(order_id, "FULFILLMENT")) - set(core)
    assert {"packages"} == set(us.order(order_id, "PACKAGES")) - set(core)


def test_amazons_own_orders_show_no_buyer(us: Seller) -> None:
    """An Amazon-fulfilled Prime order has neither recipient nor packages."""
    order = us.order(us.add(fulfilled_by="AMAZON", buyer="Ada Test"), EVERYTHING)

    assert (["PRIME"], "AMAZON") == (order["programs"], order["fulfillment"]["fulfilledBy"])
    assert {"buyer", "recipient", "packages"}.isdisjoint(order)


def test_a_pending_order_has_no_address_and_no_deliver_by(us: Seller) -> None:
    """Before payment Amazon shows neither where to nor by when."""
    order = us.order(us.add(status="PENDING"))

    assert "PENDING" == order["fulfillment"]["fulfillmentStatus"]
    assert "recipient" not in order
    assert "deliverByWindow" not in order["fulfillment"]


def test_constraints_and_cancellation_requests_show_on_the_item(us: Seller) -> None:
    """What the gate must see is where Amazon puts it."""
    order_id = us.add(constraints=["signatureConfirmation"], cancel_reason="Changed my mind")
    item = us.order(order_id)["orderItems"][0]

    assert {"signatureConfirmation": "MANDATORY"} == (
        item["fulfillment"]["shipping"]["shippingConstraints"]
    )
    assert {"requester": "BUYER", "cancelReason": "Changed my mind"} == (
        item["cancellation"]["cancellationRequest"]
    )
    assert "cancellation" not in us.order(order_id, "FULFILLMENT")["orderItems"][0]


def test_the_phone_is_hidden_once_a_shipped_orders_promise_is_past(us: Seller) -> None:
    """Amazon suppresses the buyer's phone after the latest delivery date."""
    order_id = us.add()
    us.buy(order_id)
    before = us.order(order_id)["recipient"]["deliveryAddress"]
    us.advance(days=10)
    us.sign_in()
    after = us.order(order_id)["recipient"]["deliveryAddress"]

    assert "phone" in before
    assert "phone" not in after
