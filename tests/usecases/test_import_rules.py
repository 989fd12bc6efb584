"""An import runs the rules on each order once, when it first can be shipped or is held (R15, R16)."""

from datetime import UTC, datetime

from primetui.domain.order import PRIME_TAG, OrderRecord, OrderStatus
from primetui.domain.shipment import OrderId
from primetui.ports import OrderQuery
from primetui.usecases.get_rates import NoRates, get_rates
from primetui.usecases.import_orders import import_orders, refresh_order
from tests.shop import Shop
from tests.usecases.test_manage_rules import add

RITHUMS = f'marketplace = Rithum and requested-service has-word Prime -> tag "{PRIME_TAG}"'


def tags(shop: Shop, order_id: OrderId) -> list[str]:
    """Name an order's tags."""
    record = shop.desk.repository.order(order_id)
    assert record is not None
    return [tag.name for tag in record.tags]


def through_rithum(shop: Shop, requested: str) -> list[OrderRecord]:
    """Let one order of Amazon's come through Rithum."""
    story = {"site": "Amazon US", "requested_class": requested}
    shop.control("rithum", {"add": [story]})
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)
    rows = shop.desk.repository.order_rows(OrderQuery(), 0, 9)
    found = [shop.desk.repository.order(row.id) for row in rows]
    return [record for record in found if record is not None]


def test_R16_rules_run_at_the_first_import_and_never_again(shop: Shop) -> None:
    """R16: a tag taken off by hand does not come back with the next import."""
    add(shop.desk, "always -> tag Fresh")
    order_id = shop.imported()
    assert "Fresh" in tags(shop, order_id)
    record = shop.desk.repository.order(order_id)
    assert record is not None
    bare = record.model_copy(update={"tags": ()})
    shop.desk.repository.transact(lambda tx: tx.put_order(bare))

    refresh_order(shop.desk, order_id)

    assert "Fresh" not in tags(shop, order_id)


def test_R16_rules_never_run_in_pending_fulfillment(empty_shop: Shop) -> None:
    """R2, R16: view only means rules too; the built-in tag comes all the same (R15)."""
    empty_shop.connect(connected_at=datetime(2023, 11, 2, 12, tzinfo=UTC))
    add(empty_shop.desk, "always -> tag Fresh")

    order_id = empty_shop.imported()

    assert [PRIME_TAG] == tags(empty_shop, order_id)


def test_R15_the_rule_of_the_source_page_tags_rithums_prime_orders(empty_shop: Shop) -> None:
    """R15: Rithum's are not tagged by themselves; with the rule those with the word Prime are."""
    empty_shop.connect_rithum()
    (before,) = through_rithum(empty_shop, "Prime Standard")
    add(empty_shop.desk, RITHUMS)

    records = through_rithum(empty_shop, "prime NextDay") and through_rithum(
        empty_shop, "Premium NextDay"
    )

    assert [] == tags(empty_shop, before.order.id), "stored orders wait for a reprocess"
    tagged = {r.order.requested_service for r in records if r.tags}
    assert {"Amazon prime NextDay"} == tagged


def test_R16_an_order_that_a_rule_leaves_out_stays_where_it_came_from(empty_shop: Shop) -> None:
    """R16, R19: it is neither kept here nor acknowledged there."""
    empty_shop.connect_rithum()
    add(empty_shop.desk, "always -> no-import")

    assert [] == through_rithum(empty_shop, "Prime Standard")

    (order,) = empty_shop.state()["rithum"]["orders"]
    assert 0 == order["exports"]


def test_R16_a_hold_outlives_imports_and_ends_by_itself(shop: Shop) -> None:
    """R16, R18: a held order is not bought; what Amazon says meanwhile does not free it; time does."""
    add(shop.desk, "always -> hold-for 2h")
    order_id = shop.imported()
    assert OrderStatus.ON_HOLD is standing(shop, order_id)

    refresh_order(shop.desk, order_id)
    assert OrderStatus.ON_HOLD is standing(shop, order_id)
    assert isinstance(get_rates(shop.desk, order_id), NoRates)

    shop.clock.advance(hours=2)
    import_orders(shop.desk)
    assert OrderStatus.AWAITING_SHIPMENT is standing(shop, order_id)


def standing(shop: Shop, order_id: OrderId) -> OrderStatus:
    """Tell where an order stands."""
    record = shop.desk.repository.order(order_id)
    assert record is not None
    return record.order.status
