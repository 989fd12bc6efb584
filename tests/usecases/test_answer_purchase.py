"""Answers by hand and adopted shipments: the last ways to settle a purchase (R21)."""

from pathlib import Path

import pytest

from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError
from primetui.usecases.answer_purchase import answer_purchase
from primetui.usecases.purchase_label import Purchased, Unresolved
from primetui.usecases.reconcile_purchases import (
    Dropped,
    Found,
    StillUnknown,
    reconcile_purchases,
)
from tests.shop import Shop, open_shop


def unknown(shop: Shop, kind: str, **options: object) -> OrderId:
    """Buy a label whose answer is hidden."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", kind, **options)
    assert isinstance(shop.buy(order_id, rate_id), Unresolved)
    return order_id


def test_R21_an_operator_says_it_was_bought(shop: Shop) -> None:
    """The label is theirs to name; the journal and the audit log say whose word it is."""
    order_id = unknown(shop, "lost_after_effect")
    tracking = shop.truth(order_id)["labels"][0]["tracking"]

    result = answer_purchase(shop.desk, order_id, tracking_id=tracking)

    assert isinstance(result, Found)
    assert tracking == result.label.tracking_id
    assert isinstance(shop.buy(order_id, "any"), Purchased)
    details = [e.detail for e in shop.desk.repository.audit(order_id)]
    assert f"tester says: bought, {tracking}" in details


def test_R21_not_bought_is_believed_only_after_the_grace(shop: Shop) -> None:
    """A second before the grace is over it is too early; at its end the order is free again."""
    order_id = unknown(shop, "lost_before_effect")
    shop.clock.advance(minutes=14, seconds=59)
    early = answer_purchase(shop.desk, order_id, tracking_id=None)
    shop.clock.advance(seconds=1)
    late = answer_purchase(shop.desk, order_id, tracking_id=None)

    assert isinstance(early, StillUnknown)
    assert isinstance(late, Dropped)
    purchase = shop.desk.repository.purchases(order_id)[0]
    assert purchase.steps[-1].note == "tester says: not bought"


def test_R21_not_bought_is_not_believed_against_amazons_list(shop: Shop) -> None:
    """The operator looked at the wrong order: Amazon lists a package."""
    order_id = unknown(shop, "lost_after_effect")
    shop.clock.advance(hours=1)

    result = answer_purchase(shop.desk, order_id, tracking_id=None)

    assert isinstance(result, StillUnknown)
    assert shop.truth(order_id)["labels"][0]["tracking"] in result.reason


def test_there_must_be_a_question_to_answer(shop: Shop) -> None:
    """A settled order takes no answer."""
    order_id = shop.imported()

    with pytest.raises(ConfigError, match="waits for an answer"):
        answer_purchase(shop.desk, order_id, tracking_id="1Z")


def test_R21_a_refusal_that_names_an_unknown_shipment_falls_back_to_the_packages(
    shop: Shop,
) -> None:
    """The named shipment cannot be looked up, but Amazon lists the package: it was bought."""
    order_id = unknown(shop, "lost_after_effect")
    shop.fault("purchaseShipment", "duplicate_shipment")

    (result,) = reconcile_purchases(shop.desk)

    assert isinstance(result, Found)
    assert result.label.tracking_id == shop.truth(order_id)["labels"][0]["tracking"]
    assert shop.truth(order_id)["live_labels"] == 1


def test_R21_a_label_bought_elsewhere_is_adopted_not_doubled(shop: Shop, tmp_path: Path) -> None:
    """Two homes know the same order; the second press finds what the first one bought."""
    order_id = shop.imported()
    with open_shop(tmp_path / "other", shop.clock) as stranger:
        other = Shop(shop.sandbox, stranger.desk, shop.clock, stranger.home)
        other.connect()
        shop.clock.advance(minutes=1)
        other.imported()
        theirs = other.quotes(order_id).allowed[0].rate.id
        ours = shop.quotes(order_id).allowed[0].rate.id
        shop.fault("purchaseShipment", "late_listing", delay_seconds=3600)
        first = other.buy(order_id, theirs)

    second = shop.buy(order_id, ours)

    assert isinstance(first, Purchased)
    assert isinstance(second, Purchased)
    assert second.already is True
    assert first.label.tracking_id == second.label.tracking_id
    assert shop.truth(order_id)["live_labels"] == 1
