"""Buying: the gate, the fresh look, the journal, and what faults leave behind (R5, R6, R18, R21)."""

from decimal import Decimal

import pytest

from primetui.domain.clearance import ClearedShipment, Refusal, clear
from primetui.domain.label import PurchaseState
from primetui.domain.money import Money
from primetui.domain.order import OrderStatus
from primetui.domain.shipment import OrderId
from primetui.errors import Busy, ConfigError
from primetui.usecases.import_orders import refresh_order
from primetui.usecases.open_record import open_record
from primetui.usecases.purchase_label import (
    NotBought,
    OverLimit,
    Purchased,
    Unresolved,
    _open,
    journal_entry,
    purchase_label,
)
from tests.shop import Shop


def journal(shop: Shop, order_id: OrderId) -> list[PurchaseState]:
    """Give the states of an order's last purchase, in order."""
    return [step.state for step in shop.desk.repository.purchases(order_id)[-1].steps]


def test_R21_a_bought_label_is_on_disk_with_its_file(shop: Shop) -> None:
    """Journal, label, file and order status are written; the sandbox sold exactly one."""
    order_id = shop.imported()

    result = shop.buy(order_id)

    assert isinstance(result, Purchased)
    assert result.already is False
    truth = shop.truth(order_id)
    assert [1, "SHIPPED"] == [truth["live_labels"], truth["status"]]
    assert truth["labels"][0]["tracking"] == result.label.tracking_id
    assert Decimal(truth["labels"][0]["charge"]) == result.label.charge.amount
    expected = [PurchaseState.INTENT, PurchaseState.SENT, PurchaseState.POSTED]
    assert expected == journal(shop, order_id)
    content = shop.desk.repository.read_paper(order_id, result.label.documents[0])
    assert content.startswith(b"%PDF")
    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert record.order.status is OrderStatus.SHIPPED
    assert () == shop.desk.repository.check().problems


def test_R21_a_second_press_buys_nothing(shop: Shop) -> None:
    """The label that exists is the answer, without a call."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    first = shop.buy(order_id, rate_id)

    second = shop.buy(order_id, rate_id)

    assert isinstance(first, Purchased)
    assert Purchased(first.label, already=True) == second
    assert shop.calls("purchaseShipment") == 1


def test_R10_nothing_is_confirmed_for_a_label_of_amazons(shop: Shop) -> None:
    """Amazon knows of its own label; a confirmation would be a mistake."""
    order_id = shop.imported()

    shop.buy(order_id)

    assert [] == shop.truth(order_id)["confirmations"]
    assert shop.calls("confirmShipment") == 0


def test_R5_a_late_rate_is_refused_before_any_purchase(shop: Shop) -> None:
    """A service that misses the promise is offered by Amazon and refused by the gate."""
    order_id = shop.imported(deliver_by="+2d")
    quotes = shop.quotes(order_id).quotes
    late = next(q for q in quotes if any(v.code == "PRM201" for v in q.violations))

    result = shop.buy(order_id, late.rate.id)

    assert isinstance(result, Refusal)
    assert "PRM201" in [violation.code for violation in result.blocking]
    assert shop.calls("purchaseShipment") == 0
    assert () == shop.desk.repository.purchases(order_id)


def test_R6_amazons_own_refusal_leaves_no_label_and_no_cost(shop: Shop) -> None:
    """Our passing check does not overrule Amazon: its words are shown, nothing was bought."""
    order_id = shop.imported(refuses=True)

    result = shop.buy(order_id)

    assert isinstance(result, NotBought)
    assert "not compatible" in result.reason
    assert shop.truth(order_id)["live_labels"] == 0
    expected = [PurchaseState.INTENT, PurchaseState.SENT, PurchaseState.VOIDED]
    assert expected == journal(shop, order_id)
    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert record.order.status is OrderStatus.AWAITING_SHIPMENT


@pytest.mark.parametrize(
    ("change", "code"), [("cancel", "PRM103"), ("request_cancellation", "PRM104")]
)
def test_R18_a_cancellation_between_rate_and_purchase_stops_it(
    shop: Shop, change: str, code: str
) -> None:
    """The order is read afresh right before the purchase."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.control("orders", {change: [order_id]})

    result = shop.buy(order_id, rate_id)

    assert isinstance(result, Refusal)
    assert code in [violation.code for violation in result.blocking]
    assert shop.calls("purchaseShipment") == 0


def test_R8_a_changed_address_at_amazon_asks_for_new_rates(shop: Shop) -> None:
    """A rate fetched before the order changed prices another state of it."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.clock.advance(seconds=30)
    shop.control("orders", {"readdress": {order_id: {"city": "Elsewhere"}}})

    result = shop.buy(order_id, rate_id)

    assert isinstance(result, Refusal)
    assert ["PRM206"] == [violation.code for violation in result.blocking]


@pytest.mark.parametrize("kind", ["html", "error_500", "reset", "throttle", "truncated"])
def test_R18_when_the_fresh_look_fails_nothing_is_bought(shop: Shop, kind: str) -> None:
    """A purchase on stale facts is never made."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("getOrder", kind, nth="every")

    result = shop.buy(order_id, rate_id)

    assert isinstance(result, NotBought)
    assert "could not be read afresh" in result.reason
    assert shop.calls("purchaseShipment") == 0


def test_a_charge_above_the_limit_is_not_bought(shop: Shop) -> None:
    """A cent above stops it; the exact amount passes."""
    order_id = shop.imported()
    quote = shop.quotes(order_id).allowed[0]
    charge = quote.charge
    below = Money(amount=charge.amount - Decimal("0.01"), currency=charge.currency)

    result = purchase_label(shop.desk, order_id, quote.rate.id, max_charge=below)
    assert OverLimit(charge=charge, limit=below) == result
    assert shop.calls("purchaseShipment") == 0

    result = purchase_label(shop.desk, order_id, quote.rate.id, max_charge=charge)
    assert isinstance(result, Purchased)


def test_a_limit_in_another_currency_buys_nothing(shop: Shop) -> None:
    """Ten pounds say nothing about dollars."""
    order_id = shop.imported()
    quote = shop.quotes(order_id).allowed[0]
    pounds = Money(amount=Decimal(500), currency="GBP")

    result = purchase_label(shop.desk, order_id, quote.rate.id, max_charge=pounds)

    assert OverLimit(charge=quote.charge, limit=pounds) == result


@pytest.mark.parametrize(
    ("kind", "options", "sold"),
    [
        ("lost_after_effect", {}, 1),
        ("lost_before_effect", {}, 0),
        ("reset", {"after_effect": True}, 1),
        ("reset", {}, 0),
        ("error_500", {"after_effect": True}, 1),
        ("error_500", {}, 0),
        ("error_503", {"after_effect": True}, 1),
        ("html", {"after_effect": True}, 1),
        ("html", {}, 0),
        ("truncated", {}, 1),
        ("garbled", {}, 1),
        ("lost_after_effect", {"listing_delay_seconds": 600}, 1),
    ],
)
def test_R21_an_unseen_answer_is_unknown_and_blocks_a_second_purchase(
    shop: Shop, kind: str, options: dict[str, object], sold: int
) -> None:
    """Whatever hides the answer: no retry, no second label, one request at the server."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", kind, **options)

    first = shop.buy(order_id, rate_id)
    second = shop.buy(order_id, rate_id)

    assert isinstance(first, Unresolved)
    assert isinstance(second, Unresolved)
    assert second.purchase.id == first.purchase.id
    assert shop.calls("purchaseShipment") == 1
    assert sold == shop.truth(order_id)["live_labels"]


@pytest.mark.parametrize("kind", ["throttle", "expired_offer", "duplicate_shipment"])
def test_R21_a_clear_refusal_is_not_bought_and_may_be_tried_again(shop: Shop, kind: str) -> None:
    """429 and 400 on the first sending prove that nothing happened."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", kind)

    first = shop.buy(order_id, rate_id)
    second = shop.buy(order_id)

    assert isinstance(first, NotBought)
    assert isinstance(second, Purchased)
    assert shop.truth(order_id)["live_labels"] == 1


def test_an_expired_token_is_replaced_and_the_purchase_made_once(shop: Shop) -> None:
    """A 403 proves that nothing was done, so the one resend is safe."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", "expired_token")

    result = shop.buy(order_id, rate_id)

    assert isinstance(result, Purchased)
    assert shop.truth(order_id)["live_labels"] == 1


@pytest.mark.parametrize(("seconds", "allowed"), [(479, True), (480, False), (481, False)])
def test_R6_a_rate_is_bought_for_eight_minutes_only(
    shop: Shop, seconds: int, *, allowed: bool
) -> None:
    """A second before the eighth minute it is bought, at it and after it is refused."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.clock.advance(seconds=seconds)

    result = shop.buy(order_id, rate_id)

    assert allowed is isinstance(result, Purchased)
    if not allowed:
        assert isinstance(result, Refusal)
        assert ["PRM203"] == [violation.code for violation in result.blocking]


def test_an_unknown_rate_or_order_is_named(shop: Shop) -> None:
    """A typing mistake costs nothing and says what to do."""
    order_id = shop.imported()
    with pytest.raises(ConfigError, match="Fetch its rates again"):
        shop.buy(order_id, "no-such-rate")
    with pytest.raises(ConfigError):
        shop.buy(OrderId("000-0000000-0000000"), "no-such-rate")


def test_R21_while_somebody_buys_nobody_else_can(shop: Shop) -> None:
    """The second operator hears who and since when; nothing is sent."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id

    with (
        shop.desk.repository.lease(order_id, "Ada"),
        pytest.raises(Busy, match="in progress by Ada since"),
    ):
        shop.buy(order_id, rate_id)

    assert shop.calls("purchaseShipment") == 0


def test_R21_the_last_look_is_in_the_transaction_that_opens(shop: Shop) -> None:
    """A purchase that came between the first look and the opening is seen by the second."""
    order_id = shop.imported()
    rate = shop.quotes(order_id).allowed[0].rate
    shop.fault("purchaseShipment", "lost_before_effect")
    first = shop.buy(order_id, rate.id)
    assert isinstance(first, Unresolved)
    opened = open_record(shop.desk, order_id)
    cleared = clear(opened.record.order, opened.shipment, rate, now=shop.clock.now())
    assert isinstance(cleared, ClearedShipment)

    second = _open(shop.desk, journal_entry(shop.desk, cleared, rate.charge, None))

    assert isinstance(second, Unresolved)
    assert first.purchase.id == second.purchase.id
    assert len(shop.desk.repository.purchases(order_id)) == 1


def test_R23_the_journal_holds_no_person(shop: Shop) -> None:
    """The order's address was read; the purchase keeps the order without it."""
    order_id = shop.imported()
    refresh_order(shop.desk, order_id, with_address=True)
    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert record.order.ship_to is not None

    assert isinstance(shop.buy(order_id), Purchased)

    (purchase,) = shop.desk.repository.purchases(order_id)
    assert purchase.order.ship_to is None
    assert record.order.ship_to.line1 not in purchase.model_dump_json()


def test_two_rates_of_one_id_are_not_guessed_between(shop: Shop) -> None:
    """Which of them was meant cannot be known, so neither is bought."""
    order_id = shop.imported()
    offers = shop.quotes(order_id).offers
    twice = offers.model_copy(update={"rates": (offers.rates[0], *offers.rates)})
    shop.desk.repository.transact(lambda tx: tx.put_offers(twice))

    with pytest.raises(ConfigError, match="one id"):
        shop.buy(order_id, offers.rates[0].id)

    assert shop.calls("purchaseShipment") == 0
