from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from primetui.adapters.amazon.client import AmazonClient
from primetui.adapters.amazon.orders import PAGE_SIZE, AmazonMarketplace
from primetui.domain.order import FulfilledBy, Order, OrderStatus, Prime
from primetui.domain.shipment import OrderId
from primetui.errors import NotFound, PortError, Rejected, Throttled, Unreachable
from primetui.sandbox.clock import standing_at
from primetui.sandbox.server import start
from tests.adapters.amazon.made import (
    CREDENTIALS,
    MONDAY,
    READING,
    Clock,
    Connected,
    FakePace,
    connected,
    entry,
    open_store,
    store,
)
from tests.wire import WIRE

LONG_AGO = MONDAY - timedelta(days=30)


@pytest.fixture
def shop() -> Iterator[Connected]:
    """Connect the US store of a sandbox."""
    with connected() as opened:
        yield opened


def found(shop: Connected, since: datetime = LONG_AGO) -> list[Order]:
    """Import everything that changed."""
    pages = list(shop.marketplace.changed_orders(since))
    assert [()] * len(pages) == [page.errors for page in pages]
    return [order for page in pages for order in page.orders]


def test_the_whole_believable_world_is_read() -> None:
    """Every order of both stores arrives without an error, hostile names and all."""
    with start(orders=120, limits=False, clock=standing_at(MONDAY)) as sandbox:
        truth = WIRE.get(f"{sandbox.control}/state").json()["orders"]
        ours = {one["order_id"] for one in truth if one["story"] != "fba"}
        read: list[Order] = []
        for country in ("US", "GB"):
            with open_store(sandbox, country) as shop:
                shop.advance(minutes=10)
                read += found(shop)

    assert len(read) == len({order.id for order in read})
    assert {order.id for order in read} <= ours
    assert {one["order_id"] for one in truth if one["prime"] and one["order_id"] in ours} >= {
        order.id for order in read if order.prime is Prime.YES
    }
    assert {FulfilledBy.MERCHANT} == {order.fulfilled_by for order in read}
    assert {OrderStatus.AWAITING_SHIPMENT, OrderStatus.CANCELLED, OrderStatus.SHIPPED} <= {
        order.status for order in read
    }
    assert all(order.ship_to is None for order in read)


def test_pages_are_followed_to_the_end(shop: Connected) -> None:
    """More orders than a page holds arrive all, each once."""
    shop.control("orders", {"add": 5 * PAGE_SIZE})
    shop.advance(minutes=10)
    pages = list(shop.marketplace.changed_orders(LONG_AGO))
    ids = [order.id for page in pages for order in page.orders]

    assert len(pages) == shop.calls("searchOrders") > 2
    assert len(ids) == len(set(ids)) > 2 * PAGE_SIZE


@pytest.mark.parametrize(("limits", "longest"), [(False, 1.0), (True, 180.0)])
def test_a_long_import_keeps_the_pace_amazon_states(*, limits: bool, longest: float) -> None:
    """Beyond the burst each page waits for its turn; without limits nothing waits."""
    with connected(limits=False) as shop:
        shop.control("orders", {"add": 38 * PAGE_SIZE})
        shop.advance(minutes=10)
        shop.control("settings", {"limits": limits})
        shop.pace.tell = lambda s: shop.control("clock", {"advance_seconds": s})
        pages = list(shop.marketplace.changed_orders(LONG_AGO))
        read = {order.id for page in pages for order in page.orders}

        assert len(pages) == shop.calls("searchOrders") > 20
        assert len(read) > 20 * PAGE_SIZE
        assert all(pause <= longest for pause in shop.pace.pauses)
        assert limits is (sum(shop.pace.pauses) > 60)


def test_only_what_changed_since_is_read(shop: Connected) -> None:
    """An order is read again once something about it changed: a cancellation, for one."""
    cancelled, quiet = shop.add(), shop.add()
    shop.advance(hours=1)
    since = shop.clock.now()
    shop.control("orders", {"cancel": [cancelled]})
    shop.advance(minutes=10)

    assert {cancelled, quiet} == {order.id for order in found(shop)}
    assert [(cancelled, OrderStatus.CANCELLED)] == [
        (order.id, order.status) for order in found(shop, since)
    ]


def test_an_order_is_read_afresh_with_what_stops_a_purchase(shop: Connected) -> None:
    """A wish to cancel, made after the import, shows at the next look."""
    order_id = shop.add()
    before = shop.marketplace.order(order_id)
    shop.control("orders", {"request_cancellation": [order_id]})
    after = shop.marketplace.order(order_id)

    assert (False, True) == (before.wants_cancellation, after.wants_cancellation)
    assert (Prime.YES, MONDAY) == (after.prime, after.fetched_at)


def test_the_address_comes_when_asked_for(shop: Connected) -> None:
    """R23: no address without asking; with asking, Amazon's own."""
    order_id = shop.add(buyer="Ida Example", line1="1 Test Row")
    without = shop.marketplace.order(order_id)
    with_address = shop.marketplace.order(order_id, with_address=True)

    assert without.ship_to is None
    assert with_address.ship_to is not None
    assert ("Ida Example", "1 Test Row") == (
        with_address.ship_to.name,
        with_address.ship_to.line1,
    )


@pytest.mark.parametrize("strange", ["PRIME_PLUS", "prime_horizon", "\u202eEMIRP"])
def test_an_unknown_program_is_kept_and_named(shop: Connected, strange: str) -> None:
    """R22: a word Amazon invents later neither breaks the import nor loses the order."""
    order_id = shop.add(programs=["PRIME", strange])
    shop.advance(minutes=10)
    order = next(order for order in found(shop) if order.id == order_id)

    assert Prime.YES is order.prime
    assert 1 == len(order.unrecognised)
    assert order.unrecognised[0].startswith("programs: ")


@pytest.mark.parametrize(
    "order_id", ["", ".", "..", "...", "x" * 65], ids=["blank", "dot", "dots", "more", "long"]
)
def test_what_is_no_order_id_is_not_asked_for(shop: Connected, order_id: str) -> None:
    """A path that would lead elsewhere never leaves this machine."""
    with pytest.raises(NotFound, match="no order id"):
        shop.marketplace.order(OrderId(order_id))

    assert 0 == shop.calls("getOrder")


@pytest.mark.parametrize("order_id", ["114-0000000-0000000", "../../x", "a b", "a/b?c#d", "%2e"])
def test_an_order_that_is_not_there_is_not_found(shop: Connected, order_id: str) -> None:
    """An unknown id is answered with words, whatever characters it has."""
    with pytest.raises((NotFound, Rejected)):
        shop.marketplace.order(OrderId(order_id))


@pytest.mark.parametrize(
    ("kind", "error", "tries"),
    [
        ("lost_before_effect", Unreachable, 3),
        ("reset", Unreachable, 3),
        ("error_500", Unreachable, 3),
        ("error_503", Unreachable, 3),
        ("html", Unreachable, 3),
        ("truncated", Unreachable, 3),
        ("garbled", Unreachable, 3),
        ("throttle", Throttled, 1),
    ],
)
@pytest.mark.parametrize("operation", ["searchOrders", "getOrder"])
def test_a_fault_of_a_read_is_one_clear_error(
    shop: Connected, operation: str, kind: str, error: type[PortError], tries: int
) -> None:
    """Every fault that lasts is tried a few times, then said in one line."""
    order_id = shop.add()
    shop.fault(operation, kind, nth="every", **({"retry_after": 900} if tries == 1 else {}))

    asking: dict[str, Callable[[], object]] = {
        "getOrder": lambda: shop.marketplace.order(order_id),
        "searchOrders": lambda: list(shop.marketplace.changed_orders(LONG_AGO)),
    }

    with pytest.raises(error) as raised:
        asking[operation]()

    assert "\n" not in str(raised.value)
    assert operation in str(raised.value)
    assert tries == shop.calls(operation)


@pytest.mark.parametrize(
    "kind", ["lost_before_effect", "reset", "error_500", "html", "truncated", "garbled"]
)
def test_a_fault_that_passes_is_not_noticed(shop: Connected, kind: str) -> None:
    """One fault in the middle of an import costs a pause and loses nothing."""
    order_id = shop.add()
    shop.advance(minutes=10)
    shop.fault("searchOrders", kind)

    assert [order_id] == [order.id for order in found(shop)]
    assert 2 == shop.calls("searchOrders")


def test_a_list_of_wrong_types_is_not_an_empty_list(shop: Connected) -> None:
    """Orders that do not come as a list are an error: the watermark must not move past them."""
    shop.add()
    shop.advance(minutes=10)
    shop.fault("searchOrders", "wrong_types", nth="every")

    with pytest.raises(Unreachable, match="no list of orders"):
        found(shop)


def test_a_fresh_look_of_wrong_types_is_no_look(shop: Connected) -> None:
    """R18: an order whose id became a number is not the one that was asked for."""
    order_id = shop.add()
    shop.fault("getOrder", "wrong_types", nth="every")

    with pytest.raises(Unreachable, match="another order"):
        shop.marketplace.order(order_id)


def served(*bodies: object) -> AmazonMarketplace:
    """Serve these answers of searchOrders or getOrder, then the last one for ever."""
    left = list(bodies)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/auth/o2/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        return httpx.Response(200, json=left.pop(0) if len(left) > 1 else left[0])

    client = AmazonClient(
        store(), CREDENTIALS, Clock(), FakePace().pace(), httpx.MockTransport(answer)
    )
    return AmazonMarketplace(client, store(), Clock())


def test_pages_that_go_in_circles_are_stopped() -> None:
    """A mark that comes again ends the import with an error, so that the watermark stays."""
    page = {"orders": [entry()], "pagination": {"nextToken": "again"}}
    pages = served(page).changed_orders(LONG_AGO)

    assert 1 == len(next(pages).orders)
    assert 1 == len(next(pages).orders)
    with pytest.raises(Unreachable, match="circle"):
        next(pages)


def test_an_empty_page_in_the_middle_is_not_the_end() -> None:
    """Amazon may filter a page empty and still name a next one."""
    empty = {"orders": [], "pagination": {"nextToken": "more"}}
    pages = list(served(empty, {"orders": [entry()]}).changed_orders(LONG_AGO))

    assert [0, 1] == [len(page.orders) for page in pages]


def test_an_answer_about_another_order_is_none() -> None:
    """A fresh look that shows somebody else's order must not clear a purchase."""
    with pytest.raises(Unreachable, match="another order"):
        served({"order": entry()}).order(OrderId("114-0000002-0000002"))


@pytest.mark.parametrize("body", [{}, {"order": None}, {"order": {}}, {"orders": [entry()]}])
def test_an_answer_without_an_order_is_none(body: object) -> None:
    """No order in the answer is an error, not an order without facts."""
    with pytest.raises(Unreachable):
        served(body).order(OrderId("114-0000001-0000001"))


US = "ATVPDKIKX0DER"
NO_IDS = ("A234", "A" * 21, "atvpdkikx0der", "ATVP\x1b[31m", f"{US}\nX", "ATVPD KIKX", "", 7)


@pytest.mark.parametrize(
    ("payload", "opened"),
    [
        ([{"marketplace": {"id": US}, "participation": {"isParticipating": True}}], (US,)),
        ([{"marketplace": {"id": US}, "participation": {"isParticipating": False}}], ()),
        ([{"marketplace": {"id": US}}, {"marketplace": {"id": US}}], (US,)),
        ([{"marketplace": {"id": id_}} for id_ in NO_IDS], ()),
        ([{"marketplace": {"id": id_}} for id_ in ("A2345", "A" * 20)], ("A2345", "A" * 20)),
        ([{"marketplace": {}}, None, "x"], ()),
        ([], ()),
    ],
)
def test_the_marketplaces_that_are_open(payload: object, opened: tuple[str, ...]) -> None:
    """Each marketplace in which the merchant takes part counts once; no id is no marketplace."""
    assert opened == served({"payload": payload}).test()


def test_a_test_without_a_list_says_so() -> None:
    """An odd answer to the test call is an error, not no marketplaces."""
    with pytest.raises(Unreachable):
        served({"payload": {}}).test()


@pytest.mark.parametrize(
    ("since", "asked_for"),
    [
        (datetime(2026, 11, 20, 12, 30, 15, 900_000, tzinfo=UTC), "2026-11-20T12:30:15Z"),
        (MONDAY - timedelta(minutes=3, seconds=1), "2026-11-23T14:56:59Z"),
        (MONDAY - timedelta(minutes=2), "2026-11-23T14:57:00Z"),
        (MONDAY + timedelta(hours=1), "2026-11-23T14:57:00Z"),
    ],
)
def test_what_is_asked_of_amazon(since: datetime, asked_for: str) -> None:
    """The search is for what changed, shipped by the merchant, of this store's marketplace."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        login = request.url.path == "/auth/o2/token"
        marked = {"orders": [], "pagination": {"nextToken": "m" if len(asked) == 2 else ""}}
        return httpx.Response(200, json={"access_token": "t"} if login else marked)

    client = AmazonClient(
        store(), CREDENTIALS, Clock(), FakePace().pace(), httpx.MockTransport(answer)
    )
    list(AmazonMarketplace(client, store(), Clock()).changed_orders(since))
    queries = [dict(request.url.params) for request in asked[1:] if "orders" in request.url.path]

    usual = {
        "lastUpdatedAfter": asked_for,
        "fulfilledBy": "MERCHANT",
        "marketplaceIds": READING.marketplace_id,
        "maxResultsPerPage": "100",
        "includedData": "FULFILLMENT,PACKAGES,CANCELLATION",
    }
    assert [usual, usual | {"paginationToken": "m"}] == queries
