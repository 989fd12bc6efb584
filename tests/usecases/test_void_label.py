"""Voiding: a label given back, and what may follow it (R9, R10, R21)."""

import pytest
from primetui.domain.label import LabelState
from primetui.domain.order import OrderStatus
from primetui.errors import ConfigError
from primetui.usecases.import_orders import import_orders
from primetui.usecases.purchase_label import Purchased
from primetui.usecases.void_label import NotVoided, Voided, VoidUnresolved, void_label
from tests.shop import Shop


def test_R21_after_a_void_the_order_can_be_bought_anew(shop: Shop) -> None:
    """One live label before, none between, one after; the first import agrees."""
    order_id = shop.imported()
    first = shop.buy(order_id)
    assert isinstance(first, Purchased)

    assert isinstance(void_label(shop.desk, order_id), Voided)
    assert shop.truth(order_id)["live_labels"] == 0
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)
    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert record.order.status is OrderStatus.AWAITING_SHIPMENT

    second = shop.buy(order_id)
    assert isinstance(second, Purchased)
    assert second.already is False
    assert second.label.tracking_id != first.label.tracking_id
    assert shop.truth(order_id)["live_labels"] == 1


@pytest.mark.parametrize("kind", ["lost_after_effect", "error_500", "html"])
def test_R21_an_unseen_void_counts_as_live_until_it_is_known(shop: Shop, kind: str) -> None:
    """No second label while it is not known; asking again settles it."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", kind)

    assert isinstance(void_label(shop.desk, order_id), VoidUnresolved)
    again = shop.buy(order_id, "any")
    assert isinstance(again, Purchased)
    assert again.already is True
    assert again.label.state is LabelState.VOIDING

    assert isinstance(void_label(shop.desk, order_id), Voided)
    assert shop.truth(order_id)["live_labels"] == 0


def test_a_refused_void_leaves_the_label_live(shop: Shop) -> None:
    """After the carrier has it, Amazon refuses, in its words."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.clock.advance(days=3)

    result = void_label(shop.desk, order_id)

    assert isinstance(result, NotVoided)
    assert result.label.state is LabelState.LIVE
    assert shop.truth(order_id)["live_labels"] == 1


def test_voiding_nothing_says_so(shop: Shop) -> None:
    """An order without a label has none to void."""
    order_id = shop.imported()

    with pytest.raises(ConfigError, match="no label"):
        void_label(shop.desk, order_id)
