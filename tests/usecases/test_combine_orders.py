"""Combining: one box for orders of one buyer, never for a Prime one, and its one label (R7)."""

from datetime import timedelta

import pytest

from primetui.domain.batch import Limits
from primetui.domain.clearance import Refusal
from primetui.domain.label import LabelState
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.notice import NoticeState
from primetui.domain.order import OrderStatus, Prime
from primetui.domain.shipment import OrderId
from primetui.errors import Busy, ConfigError
from primetui.usecases.check_order import check_order
from primetui.usecases.combine_orders import (
    Combined,
    NotCombined,
    combine_orders,
    suggest_combinations,
    uncombine_order,
)
from primetui.usecases.confirm_shipments import confirm_shipments
from primetui.usecases.edit_shipment import Changes, edit_shipment
from primetui.usecases.get_rates import NoRates, get_rates
from primetui.usecases.import_orders import refresh_order
from primetui.usecases.plan_batch import plan_batch
from primetui.usecases.purchase_label import Purchased
from primetui.usecases.record_label import record_label
from primetui.usecases.split_order import split_order
from primetui.usecases.void_label import Voided, void_label
from tests.shop import Shop
from tests.usecases.outbox import TRACKING, confirmed, typed
from tests.usecases.parcels import calls, changed, kept, ordinary
from tests.watching import Watcher


def read(shop: Shop, *order_ids: OrderId) -> None:
    """Read whom orders go to."""
    for order_id in order_ids:
        refresh_order(shop.desk, order_id, with_address=True)


def boxed(shop: Shop, count: int = 2) -> tuple[OrderId, ...]:
    """Put so many orders of one buyer into one box."""
    ids = tuple(ordinary(shop) for _ in range(count))
    assert isinstance(combine_orders(shop.desk, ids), Combined)
    return ids


def refused(result: object) -> dict[OrderId, list[str]]:
    """Name the orders that stand in the way, and why."""
    assert isinstance(result, NotCombined), result
    return {order_id: [v.code for v in found] for order_id, found in result.refused.items()}


def test_R7_two_orders_of_one_buyer_are_combined_and_taken_apart(shop: Shop) -> None:
    """R7: each names the other, until the undo; whom they go to is read where it was not known."""
    first, second = ordinary(shop), ordinary(shop)

    assert isinstance(combine_orders(shop.desk, [first, second, first]), Combined)

    assert (second,) == kept(shop, first).shipment.combined_with
    assert (first,) == kept(shop, second).shipment.combined_with
    assert isinstance(uncombine_order(shop.desk, second), Combined)
    assert [(), ()] == [kept(shop, i).shipment.combined_with for i in (first, second)]


@pytest.mark.parametrize("prime", [Prime.YES, Prime.UNKNOWN])
def test_R7_a_prime_order_is_never_taken(shop: Shop, prime: Prime) -> None:
    """R7: with an ordinary order or with another Prime one: named, and no call is made."""
    first, second = ordinary(shop), ordinary(shop)
    changed(shop, second, prime=prime)
    before = calls(shop)

    assert {second: ["PRM311"]} == refused(combine_orders(shop.desk, [first, second]))
    changed(shop, first, prime=prime)
    both = refused(combine_orders(shop.desk, [first, second]))

    assert {first: ["PRM311"], second: ["PRM311"]} == both
    assert before == calls(shop)
    assert () == kept(shop, first).shipment.combined_with


def test_R7_only_free_orders_of_one_place_are_suggested(shop: Shop) -> None:
    """R7: Prime, elsewhere, unread, held, split or combined already: none of them is suggested."""
    first, second = ordinary(shop), ordinary(shop)
    unread = ordinary(shop)
    elsewhere = ordinary(shop, line1="10 Elm Street")
    prime, unknown, held, split = (ordinary(shop) for _ in range(4))
    read(shop, first, second, elsewhere, prime, unknown, held, split)
    changed(shop, prime, prime=Prime.YES)
    changed(shop, unknown, prime=Prime.UNKNOWN)
    changed(shop, held, status=OrderStatus.ON_HOLD)
    split_order(shop.desk, split, [f"{kept(shop, split).order.items[0].id}=1"])
    before = calls(shop)

    assert [{first, second}] == [set(group) for group in suggest_combinations(shop.desk)]
    assert before == calls(shop)
    combine_orders(shop.desk, [first, second])
    assert () == suggest_combinations(shop.desk)
    assert unread not in kept(shop, first).shipment.combined_with


def test_R7_another_place_is_refused_after_it_was_read(shop: Shop) -> None:
    """R7: the addresses come from Amazon, and the one that differs is named."""
    first, second = ordinary(shop), ordinary(shop, town=("Salem", "MA", "01970"))

    assert {second: ["PRM313"]} == refused(combine_orders(shop.desk, [first, second]))


def test_R7_a_combined_order_is_sold_no_label_by_amazon(shop: Shop) -> None:
    """R7: refused before the call, with the way out; nothing is wrong with it otherwise."""
    first, second = boxed(shop)
    before = calls(shop)

    result = get_rates(shop.desk, second)

    assert isinstance(result, NoRates)
    assert ["PRM312"] == [v.code for v in result.violations]
    assert "primetui label add" in result.violations[0].remedy
    assert before == calls(shop)
    assert () == check_order(shop.desk, first).blocking


def test_R7_one_label_bought_elsewhere_ships_the_box_with_one_notice_each(shop: Shop) -> None:
    """R7 R10: the tracking is on all of them, each is told of once, and it is paid once."""
    ids = boxed(shop, 3)

    outcome = record_label(shop.desk, ids[1], typed(shop))
    confirm_shipments(shop.desk)

    assert isinstance(outcome, Purchased)
    assert ids[1] == outcome.label.order_id
    for order_id in ids:
        (label,) = shop.desk.repository.labels(order_id)
        assert (TRACKING, OrderStatus.SHIPPED) == (
            label.tracking_id,
            kept(shop, order_id).order.status,
        )
        assert [(TRACKING, 1)] == confirmed(shop, order_id)
        assert 1 == len(shop.desk.repository.notices(order_id))
    charges = [shop.desk.repository.labels(i)[0].charge.amount for i in ids]
    assert typed(shop).charge.amount == sum(charges) == charges[1]
    assert () == shop.desk.repository.check().problems


def test_R7_a_box_leaves_whole_or_not_at_all(shop: Shop) -> None:
    """R7: one order that arrives too late, is cancelled or is Prime by now keeps the others back."""
    first, second = boxed(shop)
    shop.control("orders", {"cancel": [second]})

    outcome = record_label(shop.desk, first, typed(shop))

    assert isinstance(outcome, Refusal)
    (violation,) = outcome.blocking
    assert ("PRM315", second) == (violation.code, violation.facts()["order"])
    assert "PRM103" in str(violation.facts()["codes"])
    assert () == shop.desk.repository.labels(first)
    assert isinstance(uncombine_order(shop.desk, first), Combined)
    assert isinstance(record_label(shop.desk, first, typed(shop)), Purchased)


def test_R7_an_order_found_to_be_prime_in_a_box_waits_for_the_undo(shop: Shop) -> None:
    """R7: flagged and not bought for, by itself or with the box; taken apart, it is free."""
    _, second = boxed(shop)
    changed(shop, second, prime=Prime.YES, programs=("PRIME",))

    assert ["PRM305"] == [v.code for v in check_order(shop.desk, second).blocking]
    assert isinstance(uncombine_order(shop.desk, second), Combined)
    assert () == check_order(shop.desk, second).blocking
    assert shop.quotes(second).allowed


def test_R7_a_void_voids_the_one_label_of_the_box(shop: Shop) -> None:
    """R7 R10: it is one piece of paper: every order waits again, and no notice of it is sent."""
    first, second = boxed(shop)
    record_label(shop.desk, first, typed(shop, notify_after=timedelta(hours=2)))
    assert {first: ["PRM105"], second: ["PRM105"]} == refused(uncombine_order(shop.desk, first))

    assert isinstance(void_label(shop.desk, second), Voided)

    for order_id in (first, second):
        assert OrderStatus.AWAITING_SHIPMENT is kept(shop, order_id).order.status
        assert [LabelState.VOIDED] == [x.state for x in shop.desk.repository.labels(order_id)]
        notices = shop.desk.repository.notices(order_id)
        assert [NoticeState.WITHDRAWN] == [notice.state for notice in notices]


def test_R21_a_box_is_changed_by_one_operator_at_a_time(shop: Shop) -> None:
    """R21: whoever is at one of its orders is at all of them; nothing is done by halves."""
    first, second = boxed(shop)

    with shop.desk.repository.lease(second, "Ada"):
        for attempt in (
            lambda: combine_orders(shop.desk, [first, second]),
            lambda: uncombine_order(shop.desk, first),
            lambda: record_label(shop.desk, first, typed(shop)),
        ):
            with pytest.raises(Busy, match="Ada"):
                attempt()

    assert () == shop.desk.repository.labels(first)
    assert (second,) == kept(shop, first).shipment.combined_with


def test_what_cannot_be_combined_is_said(shop: Shop) -> None:
    """One order alone, one that is not here, one that is not combined."""
    order_id = ordinary(shop)

    with pytest.raises(ConfigError, match="two orders"):
        combine_orders(shop.desk, [order_id, order_id])
    with pytest.raises(ConfigError, match="000-0"):
        combine_orders(shop.desk, [order_id, OrderId("000-0")])
    with pytest.raises(ConfigError, match="not combined"):
        uncombine_order(shop.desk, order_id)


def test_R7_R9_a_batch_judges_each_order_alone(shop: Shop) -> None:
    """R7 R9: the split and the combined ones are refused by name; the others are to be bought."""
    fine, split, first, second = (ordinary(shop) for _ in range(4))
    prime = shop.imported()
    combine_orders(shop.desk, [first, second])
    split_order(shop.desk, split, [f"{kept(shop, split).order.items[0].id}=1"])
    for number in (1, 2):
        measured = Changes(
            package=number, weight=Weight.read("1kg"), dimensions=Dimensions.read("20x20x20cm")
        )
        edit_shipment(shop.desk, split, measured)

    batch = plan_batch(shop.desk, [fine, split, first, second, prime], Limits(), Watcher())

    broken = {e.order_id: [one.code for one in e.broken] for e in batch.entries}
    refused = {split: ["PRM306"], first: ["PRM312"], second: ["PRM312"]}
    assert {fine: [], prime: []} | refused == broken
