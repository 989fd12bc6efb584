"""Reconciling: every unknown purchase ends as bought once or not bought (R21)."""

from dataclasses import replace

import pytest

from primetui.domain.label import Purchase, PurchaseState, Step
from primetui.domain.shipment import OrderId
from primetui.usecases.purchase_label import Purchased, Unresolved
from primetui.usecases.reconcile_purchases import (
    Dropped,
    Found,
    StillUnknown,
    reconcile_purchases,
)
from tests.shop import Shop


def unknown(shop: Shop, kind: str, **options: object) -> OrderId:
    """Buy a label whose answer is hidden."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", kind, **options)
    assert isinstance(shop.buy(order_id, rate_id), Unresolved)
    return order_id


@pytest.mark.parametrize(
    "kind", ["lost_after_effect", "truncated", "garbled", "lost_before_effect"]
)
def test_R21_while_the_offer_lives_the_same_key_settles_it(shop: Shop, kind: str) -> None:
    """The whole label is found, with its file, and was sold once."""
    order_id = unknown(shop, kind)

    (result,) = reconcile_purchases(shop.desk)

    assert isinstance(result, Found)
    assert result.label.documents
    assert result.label.shipment_id
    truth = shop.truth(order_id)
    assert 1 == truth["live_labels"] == len(truth["labels"])
    assert result.label.tracking_id == truth["labels"][0]["tracking"]
    assert () == reconcile_purchases(shop.desk)


def test_R21_after_the_offer_the_orders_packages_settle_it(shop: Shop) -> None:
    """Eleven minutes later the label is found by its tracking id, and nothing is sent again."""
    order_id = unknown(shop, "lost_after_effect")
    shop.clock.advance(minutes=11)

    (result,) = reconcile_purchases(shop.desk)

    assert isinstance(result, Found)
    assert result.label.tracking_id == shop.truth(order_id)["labels"][0]["tracking"]
    assert shop.calls("purchaseShipment") == 1
    assert isinstance(shop.buy(order_id, "any"), Purchased)


def test_R21_what_never_arrived_is_dropped_only_after_the_grace(shop: Shop) -> None:
    """A second before fifteen minutes it is unknown, at fifteen it was not bought."""
    order_id = unknown(shop, "lost_before_effect")
    shop.clock.advance(minutes=14, seconds=59)
    (early,) = reconcile_purchases(shop.desk)
    shop.clock.advance(seconds=1)
    (late,) = reconcile_purchases(shop.desk)

    assert isinstance(early, StillUnknown)
    assert isinstance(late, Dropped)
    assert shop.truth(order_id)["live_labels"] == 0
    assert isinstance(shop.buy(order_id), Purchased)
    assert shop.truth(order_id)["live_labels"] == 1


def test_R21_a_late_listing_does_not_lead_to_a_second_label(shop: Shop) -> None:
    """Sold, answer lost, listed only after twelve minutes: unknown until then, found after."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", "lost_after_effect", listing_delay_seconds=720)
    assert isinstance(shop.buy(order_id, rate_id), Unresolved)
    shop.clock.advance(minutes=11)
    (early,) = reconcile_purchases(shop.desk)
    shop.clock.advance(minutes=2)
    (late,) = reconcile_purchases(shop.desk)

    assert isinstance(early, StillUnknown)
    assert isinstance(late, Found)
    assert shop.truth(order_id)["live_labels"] == 1


def test_R21_the_grace_begins_anew_with_every_sending(shop: Shop) -> None:
    """Lost, sent again in the seventh minute, listed ten minutes later: not dropped in between."""
    order_id = unknown(shop, "lost_before_effect")
    shop.clock.advance(minutes=7)
    shop.fault("purchaseShipment", "lost_after_effect", listing_delay_seconds=600)
    (sent_again,) = reconcile_purchases(shop.desk)
    shop.clock.advance(minutes=8)
    (unlisted,) = reconcile_purchases(shop.desk)
    shop.clock.advance(minutes=2)
    (listed,) = reconcile_purchases(shop.desk)

    assert [StillUnknown, StillUnknown, Found] == [type(x) for x in (sent_again, unlisted, listed)]
    assert isinstance(listed, Found)
    states = [step.state for step in listed.purchase.steps]
    assert [PurchaseState.SENT, PurchaseState.UNKNOWN] == states[-2:]
    assert shop.truth(order_id)["live_labels"] == 1


def test_R21_a_refused_resend_proves_nothing(shop: Shop) -> None:
    """A 400 on the second sending leaves it unknown: the first one may have been carried out."""
    order_id = unknown(shop, "lost_before_effect")
    shop.fault("purchaseShipment", "expired_offer")

    (result,) = reconcile_purchases(shop.desk)

    assert isinstance(result, StillUnknown)
    assert isinstance(shop.buy(order_id, "any"), Unresolved)


def test_R18_a_cancelled_order_is_not_sent_again(shop: Shop) -> None:
    """The buyer cancelled meanwhile: the resend would buy what nobody wants."""
    order_id = unknown(shop, "lost_before_effect")
    shop.control("orders", {"cancel": [order_id]})

    (result,) = reconcile_purchases(shop.desk)

    assert isinstance(result, StillUnknown)
    assert shop.calls("purchaseShipment") == 1


def test_R21_when_the_order_cannot_be_read_it_stays_unknown(shop: Shop) -> None:
    """No conclusion is drawn from an answer that did not come."""
    unknown(shop, "lost_after_effect")
    shop.clock.advance(hours=1)
    shop.fault("getOrder", "error_503", nth="every")

    (result,) = reconcile_purchases(shop.desk)

    assert isinstance(result, StillUnknown)
    assert "cannot be read" in result.reason


@pytest.mark.parametrize("sent", [False, True])
def test_R21_a_dead_operators_purchase_is_taken_over(shop: Shop, *, sent: bool) -> None:
    """An intent that was never sent is dropped; one that may have been sent is looked for."""
    order_id = shop.imported()
    quote = shop.quotes(order_id).allowed[0]
    record = shop.desk.repository.order(order_id)
    assert record is not None
    bought = shop.buy(order_id, quote.rate.id)
    assert isinstance(bought, Purchased)
    posted = shop.desk.repository.purchases(order_id)[0]
    steps: tuple[Step, ...] = posted.steps[: 2 if sent else 1]
    other = shop.imported()
    orphan = _moved(posted, other, steps, shop)
    shop.desk.repository.transact(lambda tx: tx.put_purchase(orphan))

    (result,) = reconcile_purchases(shop.desk)

    assert isinstance(result, StillUnknown if sent else Dropped)
    assert shop.truth(other)["live_labels"] == 0


def _moved(purchase: Purchase, order_id: OrderId, steps: tuple[Step, ...], shop: Shop) -> Purchase:
    """Make the journal entry a killed process would have left for another order."""
    record = shop.desk.repository.order(order_id)
    assert record is not None
    return purchase.model_copy(
        update={
            "id": "orphan",
            "order": record.order,
            "steps": tuple(step.model_copy(update={"at": shop.clock.now()}) for step in steps),
            "label_id": None,
        }
    )


def test_R21_a_purchase_in_progress_is_left_alone(shop: Shop) -> None:
    """While its operator lives, reconcile only says who it is."""
    order_id = unknown(shop, "lost_after_effect")

    with shop.desk.repository.lease(order_id, "Ada"):
        (result,) = reconcile_purchases(replace(shop.desk, operator="Bob"))

    assert isinstance(result, StillUnknown)
    assert "Ada" in result.reason
    purchase = shop.desk.repository.purchases(order_id)[0]
    assert purchase.state is PurchaseState.UNKNOWN


def test_R21_a_package_is_ours_whatever_amazons_clock_says(shop: Shop) -> None:
    """Amazon's clock is an hour behind ours: its package is older than our request, and counts."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.control("clock", {"advance_seconds": -3600})
    shop.fault("purchaseShipment", "lost_after_effect")
    assert isinstance(shop.buy(order_id, rate_id), Unresolved)
    shop.clock.advance(minutes=20)

    (result,) = reconcile_purchases(shop.desk)

    assert isinstance(result, Found)
    assert result.label.tracking_id == shop.truth(order_id)["labels"][0]["tracking"]


def test_R21_looking_often_does_not_send_often(shop: Shop) -> None:
    """Looked after each minute, a lost purchase is sent again at once and then every three minutes."""
    order_id = unknown(shop, "lost_before_effect")
    shop.fault("purchaseShipment", "lost_before_effect", nth="every")

    sent = []
    for _ in range(8):
        reconcile_purchases(shop.desk)
        sent.append(shop.calls("purchaseShipment"))
        shop.clock.advance(minutes=1)

    assert [2, 2, 2, 3, 3, 3, 4, 4] == sent
    assert shop.truth(order_id)["live_labels"] == 0
