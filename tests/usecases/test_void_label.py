"""Voiding: a label given back, and what may follow it (R9, R10, R21)."""

from dataclasses import replace

import pytest

from primetui.domain.label import LabelState, Refund
from primetui.domain.order import OrderStatus
from primetui.errors import Busy, ConfigError
from primetui.ports import OrderQuery
from primetui.usecases.check_order import check_order
from primetui.usecases.import_orders import import_orders
from primetui.usecases.purchase_label import Purchased
from primetui.usecases.void_label import (
    NotVoided,
    Voided,
    VoidUnresolved,
    settle_voids,
    void_label,
)
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


VOID_FAULTS = [
    ("lost_after_effect", {}, True),
    ("lost_before_effect", {}, False),
    ("reset", {"after_effect": True}, True),
    ("reset", {}, False),
    ("error_500", {"after_effect": True}, True),
    ("error_503", {}, False),
    ("html", {"after_effect": True}, True),
    ("html", {}, False),
    ("truncated", {}, True),
    ("garbled", {}, True),
]


@pytest.mark.parametrize(("kind", "options", "happened"), VOID_FAULTS, ids=str)
def test_R21_a_void_nobody_saw_is_settled_by_asking_again(
    shop: Shop, kind: str, options: dict[str, object], *, happened: bool
) -> None:
    """Whether or not it was carried out: repeating a void changes nothing more, and tells."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", kind, **options)
    first = void_label(shop.desk, order_id)
    assert isinstance(first, VoidUnresolved)
    assert happened is (shop.truth(order_id)["live_labels"] == 0)

    (settled,) = settle_voids(shop.desk)

    assert isinstance(settled, Voided)
    assert (LabelState.VOIDED, Refund.UNREPORTED) == (settled.label.state, settled.label.refund)
    assert 0 == shop.truth(order_id)["live_labels"]
    assert () == settle_voids(shop.desk)
    assert isinstance(shop.buy(order_id), Purchased)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("wrong_types", {}), ("slow", {"delay_seconds": 0.1}), ("expired_token", {}), ("clock_skew", {"delay_seconds": 1})],
    ids=str,
)  # fmt: skip
def test_R21_what_only_looks_like_a_fault_voids(
    shop: Shop, kind: str, options: dict[str, object]
) -> None:
    """An empty answer holds nothing to misread; a slow one is waited for; a new token is bought."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", kind, **options)

    assert isinstance(void_label(shop.desk, order_id), Voided)
    assert 0 == shop.truth(order_id)["live_labels"]


@pytest.mark.parametrize("kind", ["throttle", "expired_offer", "duplicate_shipment"])
def test_R21_a_refused_first_void_leaves_the_label_live(shop: Shop, kind: str) -> None:
    """A clear no to the first asking proves that nothing happened."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", kind)

    result = void_label(shop.desk, order_id)

    assert isinstance(result, NotVoided)
    assert (LabelState.LIVE, Refund.NOT_ASKED) == (result.label.state, result.label.refund)
    assert 1 == shop.truth(order_id)["live_labels"]


@pytest.mark.parametrize("kind", ["throttle", "expired_token"])
def test_R21_a_refused_repeat_proves_nothing_about_the_first(shop: Shop, kind: str) -> None:
    """The label is void at Amazon; being told to wait must not bring it back to life here."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", "lost_after_effect")
    void_label(shop.desk, order_id)
    shop.fault("cancelShipment", kind, nth="every")

    (again,) = settle_voids(shop.desk)

    assert isinstance(again, VoidUnresolved)
    assert [LabelState.VOIDING] == [x.state for x in shop.desk.repository.labels(order_id)]


@pytest.mark.parametrize("happened", [True, False])
def test_R21_a_repeat_that_is_refused_for_good_is_settled_by_the_packages(
    shop: Shop, *, happened: bool
) -> None:
    """Amazon's list says whether the first asking voided it."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", "lost_after_effect" if happened else "lost_before_effect")
    void_label(shop.desk, order_id)
    shop.fault("cancelShipment", "expired_offer")

    (settled,) = settle_voids(shop.desk)

    assert isinstance(settled, Voided if happened else NotVoided)
    assert happened is (shop.truth(order_id)["live_labels"] == 0)
    assert () == shop.desk.repository.voiding_labels()


def test_R21_a_repeat_refused_while_the_order_cannot_be_read_stays_unknown(shop: Shop) -> None:
    """No conclusion is drawn from an answer that did not come."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", "lost_after_effect")
    void_label(shop.desk, order_id)
    shop.control("faults", [{"operation": "getOrder", "kind": "error_503", "nth": "every"}])
    shop.control("faults", [{"operation": "cancelShipment", "kind": "expired_offer"}])

    (again,) = settle_voids(shop.desk)

    assert isinstance(again, VoidUnresolved)
    assert "cannot be read" in again.reason


def test_R21_a_void_in_progress_is_left_alone(shop: Shop) -> None:
    """While its operator lives, settling only says who it is."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", "lost_after_effect")
    void_label(shop.desk, order_id)

    with shop.desk.repository.lease(order_id, "Ada"):
        (held,) = settle_voids(replace(shop.desk, operator="Bob"))

    assert isinstance(held, VoidUnresolved)
    assert "Ada" in held.reason


def test_R21_a_label_keeps_the_history_of_its_voids(shop: Shop) -> None:
    """Who asked, what was answered, when: every step is on the label."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", "throttle")
    void_label(shop.desk, order_id)
    void_label(replace(shop.desk, operator="Bob"), order_id)

    (label,) = shop.desk.repository.labels(order_id)
    states = [LabelState.VOIDING, LabelState.LIVE, LabelState.VOIDING, LabelState.VOIDED]
    assert states == [step.state for step in label.history]
    assert ["tester", "tester", "Bob", "Bob"] == [step.by for step in label.history]


@pytest.mark.parametrize("change", ["cancel", "request_cancellation"])
def test_R18_an_order_cancelled_after_the_purchase_needs_a_void(shop: Shop, change: str) -> None:
    """The import finds out; the check and the orders' row say so until the label is void."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.clock.advance(minutes=1)
    shop.control("orders", {change: [order_id]})
    assert check_order(shop.desk, order_id).void_needed is False
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)

    (row,) = shop.desk.repository.order_rows(OrderQuery(), 0, 9)
    assert check_order(shop.desk, order_id).void_needed is True
    assert "void needed" in row.warnings

    assert isinstance(void_label(shop.desk, order_id), Voided)
    (row,) = shop.desk.repository.order_rows(OrderQuery(), 0, 9)
    assert check_order(shop.desk, order_id).void_needed is False
    assert "void needed" not in row.warnings
    if change == "cancel":
        assert row.status is OrderStatus.CANCELLED
    assert () == shop.desk.repository.check().problems


def test_R21_nobody_voids_while_somebody_else_is_at_it(shop: Shop) -> None:
    """The second operator hears who and since when; nothing is asked of Amazon."""
    order_id = shop.imported()
    shop.buy(order_id)

    with (
        shop.desk.repository.lease(order_id, "Ada"),
        pytest.raises(Busy, match="in progress by Ada"),
    ):
        void_label(shop.desk, order_id)

    assert shop.calls("cancelShipment") == 0
