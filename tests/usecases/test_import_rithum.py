"""Importing from Rithum beside Amazon: one order, acknowledged once it is kept (R14, R15, R19)."""

import sqlite3
from contextlib import closing
from itertools import permutations
from typing import Any

import pytest

from primetui.domain.order import PRIME_TAG, OrderRecord, OrderStatus, Prime
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreKind
from primetui.ports import OrderQuery
from primetui.usecases.import_orders import import_orders, refresh_order
from primetui.usecases.manage_stores import StoreChanges, edit_store, remove_store
from tests.shop import Shop


def at_rithum(shop: Shop, **told: Any) -> OrderId:
    """Add an order to Rithum; gives the id its site gave it."""
    added = shop.control("rithum", {"add": [told]})["added"]
    return OrderId(added[0]["site_order_id"])


def rithums(shop: Shop, order_id: str) -> Any:
    """Ask for the truth about one order of Rithum's."""
    orders = shop.state()["rithum"]["orders"]
    return next(order for order in orders if order["site_order_id"] == order_id)


def both(shop: Shop, **told: object) -> OrderId:
    """Add one order that Amazon and Rithum have."""
    order_id = shop.story(**told)
    at_rithum(shop, copy_of=order_id)
    shop.clock.advance(minutes=5)
    return order_id


def kept(shop: Shop, order_id: str) -> OrderRecord:
    """Read what is kept of an order."""
    record = shop.desk.repository.order(OrderId(order_id))
    assert record is not None
    return record


def kinds(record: OrderRecord) -> set[StoreKind]:
    """Say where an order came from."""
    return {source.kind for source in record.sources}


BOTH = {StoreKind.AMAZON, StoreKind.RITHUM}


@pytest.mark.parametrize("turn", list(permutations(["amazon", "rithum"])))
def test_R14_one_order_whatever_comes_first(empty_shop: Shop, turn: tuple[str, str]) -> None:
    """R14: one row with two sources; Amazon's facts, Rithum's wish; tagged, acknowledged, landed."""
    stores = {"amazon": empty_shop.connect()[0], "rithum": empty_shop.connect_rithum()}
    order_id = both(empty_shop)

    reports = [import_orders(empty_shop.desk, stores[kind].id)[0].report for kind in turn]

    record = kept(empty_shop, order_id)
    assert [(1, 1), (1, 0)] == [(report.seen, report.added) for report in reports]
    assert 1 == empty_shop.desk.repository.count_orders(OrderQuery())
    assert BOTH == kinds(record)
    assert stores["amazon"].id == record.order.store_id
    assert (Prime.YES, ("PRIME",)) == (record.order.prime, record.order.programs)
    assert record.order.requested_service == "Amazon Prime Standard"
    assert record.landing.status is OrderStatus.AWAITING_SHIPMENT
    assert [PRIME_TAG] == [tag.name for tag in record.tags]
    assert (1, True) == (
        rithums(empty_shop, order_id)["exports"],
        rithums(empty_shop, order_id)["exported"],
    )


def test_R15_rithums_orders_are_not_tagged_by_themselves(empty_shop: Shop) -> None:
    """R15: Prime for certain, and yet a rule has to put the tag on."""
    empty_shop.connect_rithum()
    order_id = at_rithum(empty_shop)
    import_orders(empty_shop.desk)

    record = kept(empty_shop, order_id)
    assert (Prime.YES, ()) == (record.order.prime, record.tags)
    assert "not Amazon's" in record.landing.why


def test_R14_where_it_landed_is_decided_once(empty_shop: Shop) -> None:
    """R14: an old Amazon store moves no order that Rithum brought first, and the other way round."""
    amazon = empty_shop.connect(connected_at=None)[0]
    shared = empty_shop.desk.repository.store(amazon.id)
    assert shared is not None
    legacy = shared.model_copy(update={"connected_at": None})
    empty_shop.desk.repository.transact(lambda tx: tx.put_store(legacy))
    rithum = empty_shop.connect_rithum()
    first, second = both(empty_shop), both(empty_shop)

    import_orders(empty_shop.desk, rithum.id)
    import_orders(empty_shop.desk, amazon.id)
    third = both(empty_shop)
    import_orders(empty_shop.desk, amazon.id)
    import_orders(empty_shop.desk, rithum.id)

    landed = [kept(empty_shop, one).order.status for one in (first, second, third)]
    assert [
        OrderStatus.AWAITING_SHIPMENT,
        OrderStatus.AWAITING_SHIPMENT,
        OrderStatus.PENDING_FULFILLMENT,
    ] == landed


def test_R14_what_rithum_calls_shipped_is_not_reopened_by_amazon(empty_shop: Shop) -> None:
    """R14: shipped over there, unknown to Amazon yet: no second label."""
    stores = (empty_shop.connect_rithum(), empty_shop.connect()[0])
    order_id = empty_shop.story()
    at_rithum(empty_shop, copy_of=order_id, shipping="Shipped")
    empty_shop.clock.advance(minutes=5)

    for store in stores:
        import_orders(empty_shop.desk, store.id)
        assert kept(empty_shop, order_id).order.status is OrderStatus.SHIPPED
    refresh_order(empty_shop.desk, order_id)

    assert kept(empty_shop, order_id).order.status is OrderStatus.SHIPPED


def test_R14_amazons_own_news_still_arrive(shop: Shop) -> None:
    """R14: a cancellation at Amazon reaches the order that both have."""
    shop.connect_rithum()
    order_id = both(shop)
    import_orders(shop.desk)
    shop.control("orders", {"cancel": [order_id]})
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)

    assert kept(shop, order_id).order.status is OrderStatus.CANCELLED


def test_R13_an_inactive_amazon_store_hears_of_cancellations_through_rithum(shop: Shop) -> None:
    """R13: it imports nothing, and what Rithum calls cancelled is not shipped."""
    shop.connect_rithum()
    order_id = both(shop)
    import_orders(shop.desk)
    for store in shop.desk.repository.stores():
        if store.kind is StoreKind.AMAZON:
            edit_store(shop.desk, store.id, StoreChanges(active=False))
    shop.control("rithum", {"cancel": [rithums(shop, order_id)["id"]]})
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)

    assert kept(shop, order_id).order.status is OrderStatus.CANCELLED


def test_R14_rithum_takes_over_from_a_removed_amazon_store(shop: Shop) -> None:
    """R14: the order goes on, with the promise only Amazon had told."""
    amazon = shop.desk.repository.stores()[0]
    rithum = shop.connect_rithum()
    order_id = both(shop)
    import_orders(shop.desk)
    before = kept(shop, order_id).order
    remove_store(shop.desk, amazon.id)
    import_orders(shop.desk)

    after = kept(shop, order_id).order
    assert (rithum.id, before.deliver_by, Prime.YES, ("PRIME",)) == (
        after.store_id,
        after.deliver_by,
        after.prime,
        after.programs,
    )


@pytest.mark.parametrize("kind", ["error_500", "lost_before_effect", "lost_after_effect", "reset"])
def test_R19_an_acknowledgement_that_fails_is_made_next_time(empty_shop: Shop, kind: str) -> None:
    """R19: the order is kept already, and coming again it is the same one."""
    empty_shop.connect_rithum()
    order_id = at_rithum(empty_shop)
    empty_shop.fault("rithumExport", kind, nth="every")

    (failed,) = import_orders(empty_shop.desk)
    assert failed.failure
    assert BOTH & kinds(kept(empty_shop, order_id))

    empty_shop.control("faults", [])
    (done,) = import_orders(empty_shop.desk)

    assert ("", 0) == (done.failure, done.report.added)
    assert rithums(empty_shop, order_id)["exported"]
    assert 1 == empty_shop.desk.repository.count_orders(OrderQuery())


def test_R19_nothing_is_acknowledged_before_it_is_kept(empty_shop: Shop) -> None:
    """R19: an entry that cannot be read stays with Rithum, named."""
    empty_shop.connect_rithum()
    good, bad = at_rithum(empty_shop), at_rithum(empty_shop, quantities=[1] * 30)
    empty_shop.fault("rithumItems", "expired_offer", nth="every")

    (done,) = import_orders(empty_shop.desk)

    assert ("", 1, 1) == (done.failure, done.report.added, len(done.report.errors))
    assert [True, False] == [rithums(empty_shop, one)["exported"] for one in (good, bad)]


def test_one_order_that_cannot_be_kept_stops_nobody(empty_shop: Shop) -> None:
    """A damaged document is named; the others of its page are kept and acknowledged."""
    empty_shop.connect_rithum()
    damaged, whole = at_rithum(empty_shop), at_rithum(empty_shop)
    import_orders(empty_shop.desk)
    with closing(sqlite3.connect(empty_shop.home / "primetui.db")) as raw, raw:
        spoilt = "UPDATE doc SET body = '{}' WHERE tbl = 'orders' AND id = ?"
        assert 1 == raw.execute(spoilt, (damaged,)).rowcount
    third = at_rithum(empty_shop)
    numbers = [rithums(empty_shop, one)["id"] for one in (damaged, whole)]
    empty_shop.control("rithum", {"cancel": numbers})
    empty_shop.clock.advance(minutes=5)

    (done,) = import_orders(empty_shop.desk)

    assert (1, 1) == (done.report.added, done.report.updated)
    assert [f"Order {damaged} cannot be kept"] == [
        error.partition(":")[0] for error in done.report.errors
    ]
    assert kept(empty_shop, whole).order.status is OrderStatus.CANCELLED
    assert rithums(empty_shop, third)["exported"]


def test_a_removed_buyer_keeps_the_address_that_is_here(empty_shop: Shop) -> None:
    """Rithum's blanks take nothing away, and the open order says that it is held up."""
    empty_shop.connect_rithum()
    order_id = at_rithum(empty_shop)
    import_orders(empty_shop.desk)
    before = refresh_order(empty_shop.desk, order_id, with_address=True).order.ship_to
    number = rithums(empty_shop, order_id)["id"]
    empty_shop.control("rithum", {"remove_buyers": [number]})
    empty_shop.clock.advance(minutes=5)

    after = refresh_order(empty_shop.desk, order_id, with_address=True).order

    assert before is not None
    assert before == after.ship_to
    assert any("UserDataPresent" in word for word in after.unrecognised)


def test_importing_again_changes_nothing(shop: Shop) -> None:
    """Neither source makes the other's facts new."""
    shop.connect_rithum()
    order_id = both(shop)
    import_orders(shop.desk)
    before = kept(shop, order_id)
    done = import_orders(shop.desk)

    assert [(0, 0)] * 3 == [(one.report.added, one.report.updated) for one in done]
    fresh = {"fetched_at": before.order.fetched_at}
    assert before.order == kept(shop, order_id).order.model_copy(update=fresh)
    assert 1 == rithums(shop, order_id)["exports"]
