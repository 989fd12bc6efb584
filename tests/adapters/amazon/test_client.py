import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from primetui.adapters.amazon.client import AmazonClient
from primetui.adapters.amazon.orders import AmazonMarketplace
from primetui.adapters.answers import Call
from primetui.errors import (
    ConfigError,
    Malformed,
    NoAnswer,
    PortError,
    Throttled,
    Unauthorized,
    Unreachable,
)
from tests.adapters.amazon.made import (
    CREDENTIALS,
    REFRESH,
    SECRET,
    US,
    Clock,
    Connected,
    FakePace,
    connected,
    open_store,
    store,
)

READ = Call("getOrder", "GET", "/orders/1", reads=True)
WRITE = Call("purchaseShipment", "POST", "/shipments", reads=False, body={})


class Amazon:
    """Login and API in memory: counts tokens sold and calls answered."""

    def __init__(self) -> None:
        self.sold: list[dict[str, list[str]]] = []
        self.used: list[str] = []
        self.token_answer: dict[str, Any] | str = {"expires_in": 3600}
        self.token_status = 200
        self.statuses: list[int] = []
        """What the API answers, call by call; then 200."""
        self.clock = Clock()
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer the login or the API."""
        with self._lock:
            if request.url.path == "/auth/o2/token":
                return self._sell(request)
            self.used.append(request.headers["x-amz-access-token"])
            status = self.statuses.pop(0) if self.statuses else 200
            return httpx.Response(status, json={"orders": []})

    def _sell(self, request: httpx.Request) -> httpx.Response:
        self.sold.append(parse_qs(request.content.decode()))
        if isinstance(self.token_answer, str):
            return httpx.Response(self.token_status, text=self.token_answer)
        token = {"access_token": f"Atza|{len(self.sold)}"} | self.token_answer
        return httpx.Response(self.token_status, json=token)

    @contextmanager
    def client(self) -> Iterator[AmazonClient]:
        """Open a client that talks to it."""
        transport, pace = httpx.MockTransport(self), FakePace().pace()
        with AmazonClient(store(), CREDENTIALS, self.clock, pace, transport) as client:
            yield client


@pytest.fixture
def amazon() -> Amazon:
    """Give a login and an API in memory."""
    return Amazon()


def test_a_token_is_bought_with_the_credentials_and_used(amazon: Amazon) -> None:
    """The refresh token buys an access token, which goes along as Amazon's header."""
    with amazon.client() as client:
        client.send(READ)

    assert [
        {
            "grant_type": ["refresh_token"],
            "refresh_token": [REFRESH],
            "client_id": ["client-1"],
            "client_secret": [SECRET],
        }
    ] == amazon.sold
    assert ["Atza|1"] == amazon.used


@pytest.mark.parametrize(
    ("life", "age", "bought"),
    [
        (3600, 3539, 1),
        (3600, 3540, 2),
        (3600, 7200, 2),
        ("3600", 3539, 1),
        (None, 0, 2),
        (60, 0, 2),
        (0, 0, 2),
        (-5, 0, 2),
        ("soon", 0, 2),
        (10**9, 3540, 2),
    ],
)
def test_a_token_is_kept_until_a_minute_before_its_end(
    amazon: Amazon, life: object, age: int, bought: int
) -> None:
    """A token near its end is not used; a life that makes no sense is no life."""
    amazon.token_answer = {"expires_in": life}
    with amazon.client() as client:
        client.send(READ)
        amazon.clock.advance(seconds=age)
        client.send(READ)

    assert bought == len(amazon.sold)


def test_many_threads_buy_one_token(amazon: Amazon) -> None:
    """Callers at the same moment share what the first one got."""
    with amazon.client() as client:
        threads = [threading.Thread(target=client.send, args=(READ,)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert (1, ["Atza|1"] * 12) == (len(amazon.sold), amazon.used)


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("call", [READ, WRITE], ids=["read", "write"])
def test_a_turned_down_token_is_replaced_once(amazon: Amazon, call: Call, status: int) -> None:
    """An old token that Amazon turns down is replaced and the call sent again, a purchase too."""
    with amazon.client() as client:
        client.send(READ)
        amazon.statuses = [status]
        client.send(call)

    assert ["Atza|1", "Atza|1", "Atza|2"] == amazon.used


@pytest.mark.parametrize("call", [READ, WRITE], ids=["read", "write"])
def test_a_fresh_token_turned_down_is_the_credentials_fault(amazon: Amazon, call: Call) -> None:
    """A token bought for this very call is not bought again, and a second refusal is final."""
    amazon.statuses = [403]
    with amazon.client() as client, pytest.raises(Unauthorized, match="role"):
        client.send(call)
    assert (1, 1) == (len(amazon.sold), len(amazon.used))

    with amazon.client() as client:
        client.send(READ)
        amazon.used.clear()
        amazon.statuses = [403, 403, 403]
        with pytest.raises(Unauthorized):
            client.send(call)
    assert 2 == len(amazon.used)


def test_a_resent_purchase_that_gets_lost_is_unsure(amazon: Amazon) -> None:
    """The second sending is a sending like any other: a fault of it is not taken for a refusal."""
    with amazon.client() as client:
        client.send(READ)
        amazon.statuses = [403, 500]
        with pytest.raises(NoAnswer):
            client.send(WRITE)

    assert 3 == len(amazon.used)


@pytest.mark.parametrize(
    ("status", "answer", "error", "words"),
    [
        (400, {"error": "invalid_grant"}, Unauthorized, "authorise the app again"),
        (401, {"error": "invalid_client"}, Unauthorized, "renewed every 180 days"),
        (400, {"error": "unauthorized_client"}, Unauthorized, "check client id"),
        (403, "<html>", Unauthorized, "check client id"),
        (404, "<html>", Unauthorized, "check client id"),
        (429, "", Throttled, "pause"),
        (500, "<html>", Unreachable, "Nothing was changed"),
        (302, "", Unreachable, "Nothing was changed"),
        (200, "<html>", Unreachable, "cannot be read"),
        (200, {"access_token": ""}, Unreachable, "holds no token"),
        (200, {"access_token": None}, Unreachable, "holds no token"),
        (200, {"access_token": "two\r\nlines"}, Unreachable, "holds no token"),
        (200, {"access_token": "ключ"}, Unreachable, "holds no token"),
        (200, "[]", Unreachable, "holds no token"),
    ],
)
def test_without_a_token_a_purchase_is_certainly_not_sent(
    amazon: Amazon, status: int, answer: dict[str, Any] | str, error: type[PortError], words: str
) -> None:
    """Whatever is wrong with the login, the purchase behind it did not happen."""
    amazon.token_status, amazon.token_answer = status, answer
    with amazon.client() as client, pytest.raises(error, match=words) as raised:
        client.send(WRITE)

    assert [] == amazon.used
    assert SECRET not in str(raised.value)
    assert REFRESH not in str(raised.value)


@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null", "true"])
def test_an_answer_that_is_no_object(body: str) -> None:
    """JSON that is no object is no answer: for a purchase it may have happened."""

    def answer(request: httpx.Request) -> httpx.Response:
        login = request.url.path == "/auth/o2/token"
        return httpx.Response(200, text='{"access_token": "t"}' if login else body)

    for call, error in ((READ, Unreachable), (WRITE, Malformed)):
        transport = httpx.MockTransport(answer)
        with (
            AmazonClient(store(), CREDENTIALS, Clock(), FakePace().pace(), transport) as client,
            pytest.raises(error),
        ):
            client.send(call)


def test_no_secret_shows(amazon: Amazon) -> None:
    """Neither the client nor what it is made of shows a secret."""
    with amazon.client() as client:
        client.send(READ)
        shown = repr(vars(client)) + repr(vars(client._tokens)) + repr(CREDENTIALS)

    assert "hush" not in shown
    assert "Atza" not in shown


def test_an_unsafe_endpoint_is_refused_at_once() -> None:
    """Neither API nor login may be reached without https."""
    for changes in ({"endpoint": "http://api.example"}, {"token_endpoint": "http://login.example"}):
        spoilt = store().model_copy(update=changes)
        with pytest.raises(ConfigError, match="https"):
            AmazonClient(spoilt, CREDENTIALS, Clock())


@pytest.fixture
def shop() -> Iterator[Connected]:
    """Connect the US store of a sandbox."""
    with connected() as opened:
        yield opened


def test_the_credentials_open_their_marketplace(shop: Connected) -> None:
    """The cheap test call names the marketplaces the merchant takes part in."""
    assert (US,) == shop.marketplace.test()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_secret": "wrong"}, "client id or secret is wrong"),
        ({"client_id": "wrong"}, "client id or secret is wrong"),
        ({"refresh_token": "Atzr|wrong"}, "refresh token no longer holds"),
    ],
)
def test_wrong_credentials_are_named(shop: Connected, changes: dict[str, str], words: str) -> None:
    """The message says which of the three is wrong."""
    with (
        open_store(shop.sandbox, **changes) as spoilt,
        pytest.raises(Unauthorized, match=words),
    ):
        spoilt.marketplace.test()


def test_a_token_lives_through_the_hours(shop: Connected) -> None:
    """Two hours later, by both clocks, calls still go through with a new token."""
    shop.marketplace.test()
    shop.advance(hours=2)
    shop.marketplace.test()

    assert 2 == shop.calls("getAccessToken")


def test_a_token_that_ends_early_is_replaced(shop: Connected) -> None:
    """A token the server forgot is replaced without anybody noticing."""
    order_id = shop.add()
    shop.marketplace.test()
    shop.fault("getOrder", "expired_token")

    assert order_id == shop.marketplace.order(order_id).id
    assert (2, 2) == (shop.calls("getAccessToken"), shop.calls("getOrder"))


def test_a_server_that_is_gone_is_said_in_one_line() -> None:
    """No network: one clear sentence, and nothing was sent."""
    with connected() as other:
        gone = other.store
    with (
        AmazonClient(gone, CREDENTIALS, Clock(), FakePace().pace()) as client,
        pytest.raises(Unreachable, match="check the network") as raised,
    ):
        AmazonMarketplace(client, gone, Clock()).test()

    assert "\n" not in str(raised.value)
