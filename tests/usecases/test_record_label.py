"""Labels bought elsewhere: judged, posted once, told, voided and replaced (R5, R10, R18, R21)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from primetui.domain.clearance import Refusal
from primetui.domain.label import MANUAL, LabelState, PurchaseState, Refund
from primetui.domain.money import Money
from primetui.domain.notice import NoticeState
from primetui.domain.order import OrderStatus
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import Confirmation, DocumentFormat
from primetui.errors import Busy, ConfigError
from primetui.usecases.confirm_shipments import confirm_shipments, outbox
from primetui.usecases.edit_shipment import Changes, edit_shipment
from primetui.usecases.import_orders import import_orders
from primetui.usecases.purchase_label import NotBought, Purchased, Unresolved
from primetui.usecases.record_label import record_label
from primetui.usecases.void_label import Voided, fetch_papers, void_label
from tests.domain.made import journal, order
from tests.shop import Shop
from tests.usecases.outbox import TRACKING, confirmed, notice, recorded, typed

VERIFIED, WITHDRAWN = NoticeState.VERIFIED, NoticeState.WITHDRAWN


def test_R10_void_before_the_notice_withdraws_it(shop: Shop) -> None:
    """Amazon never hears of a label that was voided in time; the next one is told alone."""
    order_id = recorded(shop, notify_after=timedelta(hours=2))

    voided = void_label(shop.desk, order_id)
    shop.clock.advance(hours=3)

    assert isinstance(voided, Voided)
    assert voided.told is False
    assert WITHDRAWN is notice(shop, order_id).state
    assert () == confirm_shipments(shop.desk)
    recorded(shop, order_id, tracking_id="1Z2")
    confirm_shipments(shop.desk)
    assert [("1Z2", 1)] == confirmed(shop, order_id)


@pytest.mark.parametrize("kind", ["", "lost_after_effect", "lost_before_effect"])
def test_R10_void_and_relabel_tells_the_new_tracking(shop: Shop, kind: str) -> None:
    """What Amazon heard of cannot be taken back; the new label replaces it, as one package."""
    order_id = recorded(shop)
    if kind:
        shop.fault("confirmShipment", kind)
    confirm_shipments(shop.desk)

    voided = void_label(shop.desk, order_id)
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)
    recorded(shop, order_id, tracking_id="1Z2")
    for _ in range(3):
        confirm_shipments(shop.desk)
        shop.clock.advance(minutes=10)

    assert isinstance(voided, Voided)
    assert voided.told is True
    assert voided.label.state is LabelState.VOIDED
    assert [WITHDRAWN, VERIFIED] == [n.state for n in shop.desk.repository.notices(order_id)]
    assert ["1Z2"] == [tracking for tracking, _ in confirmed(shop, order_id)]
    assert ["1Z2"] == [parcel["tracking"] for parcel in shop.truth(order_id)["parcels"]]
    assert () == shop.desk.repository.check().problems


def test_R10_a_carriers_label_after_a_voided_one_of_amazons_is_confirmed(shop: Shop) -> None:
    """The order is told of the parcel that really leaves."""
    order_id = shop.imported()
    shop.buy(order_id)
    void_label(shop.desk, order_id)
    shop.clock.advance(minutes=5)
    recorded(shop, order_id)

    confirm_shipments(shop.desk)
    shop.clock.advance(minutes=10)
    confirm_shipments(shop.desk)

    assert VERIFIED is notice(shop, order_id).state
    assert [(TRACKING, 1)] == confirmed(shop, order_id)


def test_R10_nothing_is_told_of_a_label_that_was_refused(shop: Shop) -> None:
    """The gate's no leaves neither label nor notice."""
    order_id = shop.imported()

    late = record_label(
        shop.desk, order_id, typed(shop, arrives_by=shop.clock.now() + timedelta(days=9))
    )
    shop.fault("getOrder", "error_503", nth="every")
    unread = record_label(shop.desk, order_id, typed(shop))

    assert isinstance(late, Refusal)
    assert isinstance(unread, NotBought)
    assert () == outbox(shop.desk)
    assert () == shop.desk.repository.labels(order_id)


def test_R21_a_typed_label_is_journalled_like_a_purchase_and_calls_nobody(shop: Shop) -> None:
    """Journal, label, notice and order are written together; no label is sold for it."""
    order_id = recorded(shop)

    (label,) = shop.desk.repository.labels(order_id)
    (purchase,) = shop.desk.repository.purchases(order_id)
    record = shop.desk.repository.order(order_id)

    assert (LabelSource.CARRIER, MANUAL, TRACKING) == (
        label.source,
        label.provider,
        label.tracking_id,
    )
    assert Money(amount=Decimal("9.10"), currency="USD") == label.charge == purchase.charge
    assert [PurchaseState.INTENT, PurchaseState.SENT, PurchaseState.POSTED] == [
        step.state for step in purchase.steps
    ]
    assert purchase.order.ship_to is None
    assert record is not None
    assert record.order.status is OrderStatus.SHIPPED
    assert 0 == shop.calls("purchaseShipment") == shop.truth(order_id)["live_labels"]
    assert () == shop.desk.repository.check().problems


def test_R21_an_order_has_one_label_whoever_sold_it(shop: Shop) -> None:
    """Typed twice, typed after a purchase, bought after typing: the first one is the answer."""
    by_hand, bought = recorded(shop), shop.imported()
    assert isinstance(shop.buy(bought), Purchased)

    twice = record_label(shop.desk, by_hand, typed(shop, tracking_id="1Z2"))
    after = record_label(shop.desk, bought, typed(shop))
    again = shop.buy(by_hand, "any")

    for result in (twice, after, again):
        assert isinstance(result, Purchased)
        assert result.already is True
    assert 1 == len(outbox(shop.desk)) == shop.calls("purchaseShipment")


def test_R21_an_unsettled_purchase_blocks_a_typed_label_too(shop: Shop) -> None:
    """Amazon may have sold one: a second label is what must not be."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", "lost_after_effect")
    shop.buy(order_id, rate_id)

    assert isinstance(record_label(shop.desk, order_id, typed(shop)), Unresolved)


def test_R21_while_somebody_buys_nothing_is_recorded(shop: Shop) -> None:
    """The second operator hears who holds the order."""
    order_id = shop.imported()

    with (
        shop.desk.repository.lease(order_id, "Ada"),
        pytest.raises(Busy, match="Ada"),
    ):
        record_label(replace(shop.desk, operator="Bob"), order_id, typed(shop))


def test_R21_a_purchase_that_comes_in_between_is_seen_at_the_last_moment(shop: Shop) -> None:
    """The look for an earlier purchase is repeated in the transaction that would double it."""
    order_id = shop.imported()
    usual = shop.desk.names
    other = journal(PurchaseState.INTENT, PurchaseState.SENT)
    foreign = other.model_copy(update={"order": order(id=order_id)})

    class Meddling:
        """Names a new thing while another program writes its purchase down."""

        def new(self) -> str:
            """Give a name, and let the other one act."""
            shop.desk.repository.transact(lambda tx: tx.put_purchase(foreign))
            return usual.new()

    result = record_label(replace(shop.desk, names=Meddling()), order_id, typed(shop))

    assert isinstance(result, Unresolved)
    assert () == shop.desk.repository.labels(order_id)
    assert () == outbox(shop.desk)


@pytest.mark.parametrize(("seconds", "allowed"), [(-1, True), (0, True), (1, False)])
def test_R5_a_typed_promise_is_held_to_the_orders(
    shop: Shop, seconds: int, *, allowed: bool
) -> None:
    """The promised second passes, the next one is refused: any carrier, if in time."""
    order_id = shop.imported()
    record = shop.desk.repository.order(order_id)
    assert record is not None
    latest = record.order.deliver_by.latest
    assert latest is not None

    result = record_label(
        shop.desk, order_id, typed(shop, arrives_by=latest + timedelta(seconds=seconds))
    )

    assert allowed is isinstance(result, Purchased)
    if not allowed:
        assert isinstance(result, Refusal)
        assert ["PRM201"] == [violation.code for violation in result.blocking]


def test_R2_a_view_only_order_takes_no_label_and_makes_no_call(empty_shop: Shop) -> None:
    """In Pending Fulfillment nothing can be marked as shipped: refused from what is known."""
    empty_shop.connect(connected_at=datetime(2023, 11, 2, 12, tzinfo=UTC))
    order_id = empty_shop.imported()
    calls = empty_shop.calls("getOrder")

    result = record_label(empty_shop.desk, order_id, typed(empty_shop))

    assert isinstance(result, Refusal)
    assert ["PRM102"] == [violation.code for violation in result.blocking]
    assert calls == empty_shop.calls("getOrder")


@pytest.mark.parametrize(
    ("change", "code"), [("cancel", "PRM103"), ("request_cancellation", "PRM104")]
)
def test_R18_a_cancellation_since_the_import_stops_it(shop: Shop, change: str, code: str) -> None:
    """The order is read afresh before a label is kept for it."""
    order_id = shop.imported()
    shop.control("orders", {change: [order_id]})

    result = record_label(shop.desk, order_id, typed(shop))

    assert isinstance(result, Refusal)
    assert code in [violation.code for violation in result.blocking]


def test_R5_a_signature_that_amazon_demands_must_have_been_bought(shop: Shop) -> None:
    """Chosen in the draft and bought with the label it passes; missing in either it does not."""
    order_id = shop.imported(constraints=["signatureConfirmation"])
    signed = {"confirmation": Confirmation.SIGNATURE}

    unchosen = record_label(shop.desk, order_id, typed(shop, **signed))
    edit_shipment(shop.desk, order_id, Changes(confirmation=Confirmation.SIGNATURE))
    unsigned = record_label(shop.desk, order_id, typed(shop))
    good = record_label(shop.desk, order_id, typed(shop, **signed))

    assert isinstance(unchosen, Refusal)
    assert "PRM303" in [violation.code for violation in unchosen.blocking]
    assert isinstance(unsigned, Refusal)
    assert ["PRM205"] == [violation.code for violation in unsigned.blocking]
    assert isinstance(good, Purchased)


WRONG: dict[str, Callable[[Shop], dict[str, Any]]] = {
    "carrier": lambda _: {"carrier": " "},
    "service": lambda _: {"service": "Ground\x1b[2J"},
    "tracking number": lambda _: {"tracking_id": "1" * 81},
    "time zone": lambda shop: {"arrives_by": shop.clock.now().replace(tzinfo=None)},
    "negative": lambda _: {"charge": Money(amount=Decimal("-0.01"), currency="USD")},
    "before the label": lambda _: {"notify_after": timedelta(seconds=-1)},
}


@pytest.mark.parametrize("what", WRONG)
def test_R22_words_that_no_label_carries_are_refused(shop: Shop, what: str) -> None:
    """A typing mistake is named, and nothing is kept."""
    order_id = shop.imported()

    with pytest.raises(ConfigError, match=what):
        record_label(shop.desk, order_id, typed(shop, **WRONG[what](shop)))

    assert () == shop.desk.repository.purchases(order_id)


def test_R9_papers_of_a_typed_label_are_where_it_was_bought(shop: Shop) -> None:
    """Amazon is not asked for a file that it never had."""
    order_id = recorded(shop)

    with pytest.raises(ConfigError, match="bought elsewhere"):
        fetch_papers(shop.desk, shop.desk.repository.labels(order_id)[0], DocumentFormat.PDF)

    assert 0 == shop.calls("getShipmentDocuments")


def test_R21_a_typed_label_is_voided_by_the_operators_word(shop: Shop) -> None:
    """Nobody can be asked: it is voided at once, in one step, and its refund is not reported."""
    order_id = recorded(shop)

    result = void_label(shop.desk, order_id)

    assert isinstance(result, Voided)
    assert (LabelState.VOIDED, Refund.UNREPORTED) == (result.label.state, result.label.refund)
    assert ["tester", "tester"] == [step.by for step in result.label.history]
    assert 0 == shop.calls("cancelShipment")
    assert () == shop.desk.repository.voiding_labels()
