"""Tokens, credentials, and one limit for all calls together."""

import re
from dataclasses import replace

import httpx
import pytest
from pydantic import SecretStr

from primetui.adapters.rithum.client import LIMIT, RithumClient, SharedLimit
from primetui.adapters.rithum.orders import RithumMarketplace
from primetui.adapters.throttle import Pace
from primetui.errors import Unauthorized, Unreachable
from primetui.ports import Credentials
from tests.adapters.rithum.counter import SINCE, Rithum
from tests.adapters.rithum.made import NOW, store
from tests.shop import Clock, QuickPace


def test_a_token_that_ended_is_replaced_once_and_in_links_too(rithum: Rithum) -> None:
    """An hour passes between two pages: the walk goes on with the new token."""
    names = rithum.add(*[{"exported": True} for _ in range(25)])
    pages = rithum.marketplace.changed_orders(SINCE)
    first = next(pages)
    rithum.shop.clock.advance(hours=2)
    rest = list(pages)

    assert len(names) == len(first.orders) + sum(len(page.orders) for page in rest)


def test_a_token_turned_down_early_is_replaced(rithum: Rithum) -> None:
    """The server's word counts, not our clock; credentials that are gone are said so."""
    (name,) = rithum.add({})
    rithum.changed()
    rithum.shop.fault("rithumOrders", "expired_token")

    assert [name] == rithum.changed()

    rithum.shop.fault("rithumOrders", "expired_token", nth="every")
    with pytest.raises(Unauthorized):
        rithum.changed()


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("client_id", "application id or shared secret"),
        ("client_secret", "application id or shared secret"),
        ("refresh_token", "authorise the application again"),
    ],
)
def test_wrong_credentials_are_named_and_never_shown(rithum: Rithum, field: str, word: str) -> None:
    """Which of them it is, as far as Rithum tells."""
    kept = rithum.shop.desk.secrets.get(rithum.store.id)
    assert kept is not None
    wrong = "hunter2" if field == "client_id" else SecretStr("hunter2")
    typed = Credentials.model_validate(dict(kept) | {field: wrong})
    with (
        RithumClient(rithum.store, typed, rithum.shop.clock) as client,
        pytest.raises(Unauthorized, match=word) as caught,
    ):
        RithumMarketplace(client, rithum.store, rithum.shop.clock).test()

    assert "hunter2" not in str(caught.value)


def test_two_calls_a_second_are_kept_for_everything_together(rithum: Rithum) -> None:
    """With the limit on, none of twelve calls of several kinds is turned away."""
    rithum.add(*[{} for _ in range(8)])
    rithum.shop.control("settings", {"limits": True})
    waited: list[float] = []
    clock = rithum.shop.clock

    def pause(seconds: float) -> None:
        waited.append(seconds)
        clock.advance(seconds=seconds)

    def monotonic() -> float:
        return clock.now().timestamp()

    pace = Pace(monotonic=monotonic, pause=pause, jitter=lambda: 0.0)
    keys = rithum.shop.desk.secrets.get(rithum.store.id)
    assert keys is not None
    with RithumClient(rithum.store, keys, clock, pace) as client:
        marketplace = RithumMarketplace(client, rithum.store, clock)
        for page in marketplace.changed_orders(SINCE):
            marketplace.acknowledge([order.origin.own_id for order in page.orders])
        marketplace.test()

    calls = rithum.shop.state()["calls"]
    assert 8 == calls["rithumExport"]
    assert all(order["exports"] == 1 for order in rithum.truth())
    assert 4.0 <= sum(waited) <= 6.0


def test_the_pause_doubles_with_each_refusal_in_a_row() -> None:
    """A good answer begins anew; what Rithum asks for counts more than our guess."""
    limit = SharedLimit(replace(LIMIT), QuickPace().pace())
    pauses = []
    for _ in range(8):
        limit.learn("orders", None)
        pauses.append(limit.refused("orders", None).retry_after_seconds)
    limit.learn("orders", None)
    limit.learn("orders", None)
    pauses.append(limit.refused("orders", None).retry_after_seconds)
    limit.learn("orders", None)
    pauses.append(limit.refused("orders", "7").retry_after_seconds)

    assert [1, 2, 4, 8, 16, 32, 60, 60, 1, 7] == pauses


def test_neither_token_nor_address_of_a_link_is_ever_used_or_shown() -> None:
    """A link to another host brings its question and nothing else; errors hold no token."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path.endswith("token"):
            return httpx.Response(200, json={"access_token": "good", "expires_in": 3600})
        if len(asked) == 2:
            link = "https://evil.example/v1/Orders?access_token=stolen&$skip=20"
            return httpx.Response(200, json={"value": [{"ID": 1}], "@odata.nextLink": link})
        return httpx.Response(500, json={"Message": "An error has occurred."})

    keys = Credentials(
        client_id="app", client_secret=SecretStr("shared"), refresh_token=SecretStr("refresh")
    )
    clock = Clock(NOW)
    with RithumClient(
        store(), keys, clock, QuickPace().pace(), httpx.MockTransport(answer)
    ) as client:
        marketplace = RithumMarketplace(client, store(), clock)
        with pytest.raises(Unreachable) as caught:
            list(marketplace.changed_orders(SINCE))

    assert {"rithum.example"} == {request.url.host for request in asked}
    assert "$skip=20" in str(asked[2].url).replace("%24", "$")
    assert not [r for r in asked if re.search("stolen", f"{r.url} {dict(r.headers)}")]
    assert ["Basic", "Bearer", "Bearer"] == [
        request.headers["authorization"].partition(" ")[0] for request in asked[:3]
    ]
    assert "good" not in str(caught.value)
    assert "shared" not in repr(keys)
