"""What becomes of the money of a label that was given back: asked after until it is known."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.label import Refund
from primetui.domain.shipment import OrderId
from primetui.sandbox.server import start
from primetui.usecases.look_after import is_anything_open, look_after, open_orders
from primetui.usecases.settle_refunds import settle_refunds
from primetui.usecases.void_label import Voided, settle_voids, void_label
from tests.shop import Clock, QuickPace, Shop


@pytest.fixture
def telling(tmp_path: Path) -> Iterator[Shop]:
    """Open a shop that buys through Merchant Fulfillment, which tells of refunds."""
    clock = Clock()
    settings = Settings(home=tmp_path, operator="tester", label_api="merchant-fulfillment")
    with (
        start(seed=1, orders=0, limits=False, clock=clock.now) as sandbox,
        bootstrap.open_desk(settings, clock=clock, pace=QuickPace().pace()) as desk,
    ):
        shop = Shop(sandbox, desk, clock, tmp_path)
        shop.connect()
        yield shop


def voided(shop: Shop) -> OrderId:
    """Buy a label and give it back."""
    order_id = shop.imported()
    shop.buy(order_id)
    assert isinstance(void_label(shop.desk, order_id), Voided)
    return order_id


def refund(shop: Shop, order_id: OrderId) -> Refund:
    """Read what is kept of a label's money."""
    return shop.desk.repository.labels(order_id)[-1].refund


def test_R9_a_void_writes_down_that_the_money_is_on_its_way(telling: Shop) -> None:
    """Amazon says so itself: nothing is known of it for certain yet."""
    assert Refund.PENDING is refund(telling, voided(telling))


@pytest.mark.parametrize(("rejects", "end"), [(False, Refund.APPLIED), (True, Refund.REJECTED)])
def test_R9_a_refund_is_asked_after_until_it_ends(
    telling: Shop, end: Refund, *, rejects: bool
) -> None:
    """Two days later it is applied or refused; it is told once and asked after no more."""
    telling.control("settings", {"rejects_refunds": rejects})
    order_id = voided(telling)
    telling.clock.advance(days=2)

    assert is_anything_open(telling.desk)
    assert (order_id,) == open_orders(telling.desk)
    done = look_after(telling.desk)

    assert [end] == [label.refund for label in done.refunds]
    assert done.is_news
    assert end is refund(telling, order_id)
    calls = telling.calls("getShipment")
    telling.clock.advance(days=2)
    assert not is_anything_open(telling.desk)
    assert () == settle_refunds(telling.desk)
    assert calls == telling.calls("getShipment")


@pytest.mark.parametrize(
    ("after", "asked"),
    [
        (timedelta(hours=6) - timedelta(seconds=1), False),
        (timedelta(hours=6), True),
        (timedelta(days=60) - timedelta(seconds=1), True),
        (timedelta(days=60), False),
    ],
)
def test_R9_a_refund_is_not_asked_after_too_often_nor_for_ever(
    telling: Shop, after: timedelta, *, asked: bool
) -> None:
    """Every six hours for sixty days; then only a person finds out."""
    voided(telling)
    calls = telling.calls("getShipment")
    telling.clock.advance(seconds=after.total_seconds())

    settle_refunds(telling.desk)

    assert asked is (telling.calls("getShipment") > calls)


def test_R9_a_refund_nobody_could_be_asked_about_is_asked_after_later(telling: Shop) -> None:
    """The void stands though the question after its money failed; the answer comes later."""
    telling.fault("getShipment", "error_503", nth="every")
    order_id = voided(telling)
    assert Refund.PENDING is refund(telling, order_id)
    telling.clock.advance(days=1)
    assert () == settle_refunds(telling.desk)
    telling.control("faults", [])
    telling.clock.advance(days=1)

    assert [order_id] == [label.order_id for label in settle_refunds(telling.desk)]


def test_R9_a_void_that_was_settled_later_tells_of_its_money_too(telling: Shop) -> None:
    """The first answer was lost; asking again finds label and money given back."""
    order_id = telling.imported()
    telling.buy(order_id)
    telling.fault("mfn.cancelShipment", "lost_after_effect")
    void_label(telling.desk, order_id)

    (settled,) = settle_voids(telling.desk)

    assert isinstance(settled, Voided)
    assert Refund.PENDING is refund(telling, order_id)


def test_R9_shipping_v2_tells_nothing_and_is_not_asked(shop: Shop) -> None:
    """It has no word for a refund: that is said, and nothing stays open."""
    order_id = voided(shop)
    shop.clock.advance(days=2)

    assert Refund.UNREPORTED is refund(shop, order_id)
    assert not is_anything_open(shop.desk)
