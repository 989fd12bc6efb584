"""The seeded world: the same each time, and with every case the console must face."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from primetui.sandbox.clock import standing_at
from primetui.sandbox.seed import Seeder
from primetui.sandbox.server import start
from primetui.sandbox.stores import make_stores
from primetui.sandbox.tracking import (
    NUMBERINGS,
    fedex_check,
    postal_check,
    ups_check,
    usps_check,
)
from tests.sandbox.seller import EVERYTHING, MONDAY, Json, signed_in
from tests.wire import WIRE


@pytest.fixture(scope="module")
def world() -> dict[str, tuple[Json, Json]]:
    """Read every order of a default world, by story, as the API and as the control side have it."""
    found: dict[str, tuple[Json, Json]] = {}
    with start(limits=False, clock=standing_at(MONDAY)) as running:
        state = WIRE.get(f"{running.control}/state").json()
        orders: dict[str, Json] = {}
        for country in ("US", "GB"):
            with signed_in(running, country) as seller:
                page = seller.search(includedData=EVERYTHING).json()["orders"]
                orders |= {order["orderId"]: order for order in page}
        for truth in state["orders"]:
            key = truth["story"] if truth["story"] != "ordinary" else truth["order_id"]
            found[key] = (orders[truth["order_id"]], truth)
    return found


def _told(seed: int, count: int, at: datetime = MONDAY) -> list[Any]:
    return list(Seeder(seed, make_stores(seed)).orders(count, at))


def test_the_same_seed_and_time_make_the_same_world() -> None:
    """Two sandboxes of one seed are alike, in credentials too; another seed differs."""
    assert _told(1, 80) == _told(1, 80)
    assert make_stores(1) == make_stores(1)
    assert [o.order_id for o in _told(1, 80)] != [o.order_id for o in _told(2, 80)]
    assert make_stores(1)[0].refresh_token != make_stores(2)[0].refresh_token


def test_a_smaller_world_is_the_beginning_of_a_larger_one() -> None:
    """Asking for more orders does not change the first ones."""
    assert _told(1, 90)[:50] == _told(1, 50)


def test_the_default_world_has_sixty_orders_of_both_stores(
    world: dict[str, tuple[Json, Json]],
) -> None:
    """Both stores, Prime and not, most of them waiting to be shipped."""
    truths = [truth for _, truth in world.values()]
    statuses = Counter(truth["status"] for truth in truths)

    assert 60 == len(world)
    assert 2 == len({truth["store"] for truth in truths})
    assert {True, False} == {truth["prime"] for truth in truths}
    assert statuses["UNSHIPPED"] > 45
    assert {"SHIPPED", "PARTIALLY_SHIPPED", "CANCELLED", "PENDING"} <= set(statuses)


def _latest(order: Json, name: str) -> timedelta:
    end = datetime.fromisoformat(order["fulfillment"][name]["latestDateTime"])
    return end - MONDAY


def test_deadlines_run_from_overdue_to_next_week(world: dict[str, tuple[Json, Json]]) -> None:
    """Overdue, within the hour, today, tomorrow and next week are all there."""
    ship_by = {key: _latest(order, "shipByWindow") for key, (order, _) in world.items()}

    assert timedelta(hours=-5) == ship_by["prime-overdue"]
    assert timedelta(minutes=25) == ship_by["prime-due-in-minutes"]
    assert timedelta(hours=0) < ship_by["prime-today"] < timedelta(hours=24)
    assert timedelta(hours=24) < ship_by["prime-tomorrow"] < timedelta(hours=48)
    assert timedelta(days=6) < ship_by["prime-next-week"] < timedelta(days=9)
    assert "deliverByWindow" not in world["prime-no-deadline"][0]["fulfillment"]


def test_each_constraint_has_its_order(world: dict[str, tuple[Json, Json]]) -> None:
    """Every rule of the gate can be shown on one order."""

    def item(key: str) -> Json:
        first: Json = world[key][0]["orderItems"][0]
        return first

    def constraints(key: str) -> set[str]:
        return set(item(key)["fulfillment"]["shipping"]["shippingConstraints"])

    assert {"signatureConfirmation"} == constraints("prime-signature")
    assert {"recipientAgeVerification"} == constraints("prime-adult-signature")
    assert {"recipientIdentityVerification"} == constraints("prime-identity-check")
    assert {"palletDelivery"} == constraints("prime-pallet")
    assert "cancellation" in item("prime-cancellation-requested")
    assert ["TRANSPARENCY"] == item("prime-transparency")["programs"]
    assert "AMAZON" == world["prime-amazon-fulfilled"][0]["fulfillment"]["fulfilledBy"]
    assert "PRIME_HORIZON" in world["prime-unknown-program"][0]["programs"]
    assert "labelPrintingWindow" in world["prime-label-later"][0]["fulfillment"]
    assert 3 == len(world["prime-multi-item"][0]["orderItems"])
    assert 4 == item("prime-multi-quantity")["quantityOrdered"]


def test_hostile_names_arrive_untouched(world: dict[str, tuple[Json, Json]]) -> None:
    """What a buyer typed is what the console gets: escapes, markup, bidi, nothing, too much."""

    def name(key: str) -> str:
        return str(world[key][0]["recipient"]["deliveryAddress"]["name"])

    assert "\x1b]0;owned\x07\x1b[2J" in name("hostile-escapes")
    assert "[bold red]" in name("hostile-markup")
    assert "\u202e" in name("hostile-bidi")
    assert "\u200b" in name("hostile-invisible")
    assert "דוד" in name("hostile-rtl")
    assert "🚚" in name("hostile-emoji")
    assert "" == name("hostile-empty")
    assert len(name("hostile-long")) > 150


@pytest.mark.parametrize("at", [MONDAY, MONDAY + timedelta(days=4, hours=8)], ids=str)
def test_most_orders_can_be_shipped_in_time(at: datetime) -> None:
    """On a working morning as on a Friday night, nearly all ordinary orders can keep the promise."""
    with (
        start(orders=120, limits=False, clock=standing_at(at)) as running,
        signed_in(running, "US") as seller,
    ):
        state = seller.http.get("/_sandbox/state").json()["orders"]
        waiting = [
            truth["order_id"]
            for truth in state
            if (truth["story"], truth["status"]) == ("ordinary", "UNSHIPPED")
            and truth["store"] == seller.store["name"]
        ]
        good = sum(_in_time(seller.rates(one), seller.order(one)) for one in waiting)

    assert len(waiting) > 20
    assert good >= 0.9 * len(waiting)


def _in_time(quote: Json, order: Json) -> bool:
    latest = order["fulfillment"]["deliverByWindow"]["latestDateTime"]
    return any(rate["promise"]["deliveryWindow"]["end"] <= latest for rate in quote["rates"])


def test_a_hundred_thousand_orders_have_their_own_numbers() -> None:
    """Order and item numbers never repeat."""
    assert 100_000 == len({order.order_id for order in _told(1, 100_000)})


@pytest.mark.parametrize(
    ("carrier", "serial", "expected"),
    [
        ("ups", 1, "1ZPT7U1X0300000012"),
        ("fedex", 1, "770000000017"),
        ("amazon", 42, "TBA000000000042"),
    ],
)
def test_numbers_look_like_their_carriers(carrier: str, serial: int, expected: str) -> None:
    """The shape and the length are the carrier's."""
    assert expected == NUMBERINGS[carrier](serial)


def test_check_digits_are_the_published_ones() -> None:
    """Published numbers of UPS, FedEx, USPS and the UPU come out of the same arithmetic."""
    assert 4 == ups_check("1Z999AA10123456784"[2:-1])
    assert 5 == fedex_check("986578788855"[:-1])
    assert 6 == usps_check("9400111201080805483016"[:-1])
    assert 9 == postal_check("47312482")
    assert 22 == len(NUMBERINGS["usps"](1))
