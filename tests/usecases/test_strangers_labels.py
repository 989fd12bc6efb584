"""Labels somebody else bought for our order while an answer of ours was lost (R21)."""

from pathlib import Path

import pytest

from primetui.domain.order import Fulfillment
from primetui.domain.shipment import OrderId
from primetui.usecases.import_orders import import_orders
from primetui.usecases.purchase_label import NotBought, Purchased, Unresolved
from primetui.usecases.reconcile_purchases import (
    Dropped,
    Found,
    StillUnknown,
    _wait_or_drop,
    reconcile_purchases,
)
from tests.shop import Shop, open_shop


def lost_then_bought_by_a_stranger(
    shop: Shop, tmp_path: Path, *, minutes: float, service: int = 0
) -> tuple[OrderId, str]:
    """Lose our request before it arrives; somebody else buys for the order some minutes later."""
    order_id = shop.imported()
    ours = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", "lost_before_effect")
    assert isinstance(shop.buy(order_id, ours), Unresolved)
    with open_shop(tmp_path / "stranger", shop.clock) as stranger:
        other = Shop(shop.sandbox, stranger.desk, shop.clock, stranger.home)
        other.connect()
        shop.clock.advance(minutes=minutes)
        import_orders(other.desk)
        result = other.buy(order_id, other.quotes(order_id).allowed[service].rate.id)
    assert isinstance(result, Purchased)
    return order_id, result.label.tracking_id


@pytest.mark.parametrize(("minutes", "service"), [(0, 1), (3, 0)])
def test_R21_a_strangers_label_is_taken_in_and_nothing_is_sent_again(
    shop: Shop, tmp_path: Path, minutes: int, service: int
) -> None:
    """Bought minutes after our sending, or with another service: it cannot be ours."""
    shop.control("settings", {"sells_twice": True})
    order_id, theirs = lost_then_bought_by_a_stranger(
        shop, tmp_path, minutes=minutes, service=service
    )
    sent = shop.calls("purchaseShipment")

    (result,) = reconcile_purchases(shop.desk)

    assert isinstance(result, Found)
    assert theirs == result.label.tracking_id
    assert sent == shop.calls("purchaseShipment")
    assert shop.truth(order_id)["live_labels"] == 1


def test_R21_a_second_label_bought_by_a_sending_is_given_back_at_once(
    shop: Shop, tmp_path: Path
) -> None:
    """The stranger's label looked like ours to the minute: when the answer shows it was not, ours goes."""
    shop.control("settings", {"sells_twice": True})
    order_id = shop.imported()
    ours = shop.quotes(order_id).allowed[0].rate.id
    with open_shop(tmp_path / "stranger", shop.clock) as stranger:
        other = Shop(shop.sandbox, stranger.desk, shop.clock, stranger.home)
        other.connect()
        shop.clock.advance(minutes=1)
        other.imported()
        theirs = other.quotes(order_id).allowed[0].rate.id
        shop.fault("purchaseShipment", "lost_before_effect")
        assert isinstance(shop.buy(order_id, ours), Unresolved)
        bought = other.buy(order_id, theirs)
    assert isinstance(bought, Purchased)

    (result,) = reconcile_purchases(shop.desk)

    assert isinstance(result, Dropped)
    assert bought.label.tracking_id in result.reason
    truth = shop.truth(order_id)
    live = [label["tracking"] for label in truth["labels"] if label["live"]]
    assert [bought.label.tracking_id] == live
    assert not isinstance(shop.buy(order_id, ours), Purchased)


def test_R21_a_named_shipment_that_cannot_be_looked_up_settles_nothing(
    shop: Shop, tmp_path: Path
) -> None:
    """Amazon says a shipment exists and then does not answer: neither bought nor not bought."""
    order_id = shop.imported()
    with open_shop(tmp_path / "stranger", shop.clock) as stranger:
        other = Shop(shop.sandbox, stranger.desk, shop.clock, stranger.home)
        other.connect()
        shop.clock.advance(minutes=1)
        other.imported()
        theirs = other.quotes(order_id).allowed[0].rate.id
        ours = shop.quotes(order_id).allowed[0].rate.id
        shop.fault("purchaseShipment", "late_listing", delay_seconds=3600)
        assert isinstance(other.buy(order_id, theirs), Purchased)
    shop.fault("getShipmentDocuments", "error_503", nth="every")

    result = shop.buy(order_id, ours)

    assert isinstance(result, Unresolved)
    assert "could not be looked up" in result.reason
    shop.control("faults", [])
    (settled,) = reconcile_purchases(shop.desk)
    assert isinstance(settled, Found)
    assert shop.truth(order_id)["live_labels"] == 1


def test_R21_shipped_without_a_package_waits_for_a_person(shop: Shop) -> None:
    """Amazon calls the order shipped but lists nothing: no conclusion, however long it is."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", "lost_before_effect")
    outcome = shop.buy(order_id, rate_id)
    assert isinstance(outcome, Unresolved)
    shop.clock.advance(hours=2)
    record = shop.desk.repository.order(order_id)
    assert record is not None
    shipped = record.order.model_copy(update={"fulfillment": Fulfillment.SHIPPED})

    result = _wait_or_drop(shop.desk, outcome.purchase, shipped, "it is late")

    assert isinstance(result, StillUnknown)
    assert "Seller Central" in result.reason
    again = shop.buy(order_id, rate_id)
    assert not isinstance(again, Purchased | NotBought)
