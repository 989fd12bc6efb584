"""Splitting: several packages where the order is not Prime, and what can be bought for them (R7, R9)."""

from datetime import UTC, datetime

import pytest

from primetui.domain.clearance import Refusal
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.order import Prime
from primetui.domain.shipment import OrderId
from primetui.errors import Busy, ConfigError
from primetui.ports import OrderQuery
from primetui.usecases.check_order import check_order
from primetui.usecases.edit_shipment import Changes, NotEdited, edit_shipment
from primetui.usecases.get_rates import NoRates, get_rates
from primetui.usecases.import_orders import import_orders
from primetui.usecases.purchase_label import Purchased
from primetui.usecases.record_label import record_label
from primetui.usecases.split_order import join_order, split_order
from tests.shop import Shop
from tests.usecases.outbox import typed
from tests.usecases.parcels import calls, changed, kept, ordinary


def first_item(shop: Shop, order_id: OrderId) -> str:
    """Name the first item of an order."""
    return kept(shop, order_id).order.items[0].id


def split(shop: Shop, order_id: OrderId) -> object:
    """Put one unit of the first item into a package of its own."""
    return split_order(shop.desk, order_id, [f"{first_item(shop, order_id)}=1"])


def codes(result: object) -> list[str]:
    """Name why it was refused."""
    assert isinstance(result, NotEdited | NoRates | Refusal), result
    return [violation.code for violation in result.violations]


def test_R7_an_ordinary_order_is_split_and_joined_again(shop: Shop) -> None:
    """R7: three units in two packages; the next import leaves them, the undo does not."""
    order_id = ordinary(shop)

    split(shop, order_id)
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)

    packages = kept(shop, order_id).shipment.packages
    assert [[1], [1, 1]] == [[packed.quantity for packed in one.items] for one in packages]
    join_order(shop.desk, order_id)
    (whole,) = kept(shop, order_id).shipment.packages
    assert () == whole.items
    done = [e.action for e in shop.desk.repository.audit(order_id)]
    assert ["split order", "join order"] == done


@pytest.mark.parametrize("prime", [Prime.YES, Prime.UNKNOWN])
def test_R7_a_prime_order_is_not_split_whatever_its_tags_say(shop: Shop, prime: Prime) -> None:
    """R7: the native flag decides: with the tag taken off by hand it is refused as before."""
    order_id = shop.imported(quantities=[2])
    changed(shop, order_id, prime=prime)
    record = kept(shop, order_id)
    bare = {"tags": (), "removed_tags": tuple(tag.name for tag in record.tags)}
    shop.desk.repository.transact(lambda tx: tx.put_order(record.model_copy(update=bare)))
    before = calls(shop)

    result = split(shop, order_id)

    assert ["PRM310"] == codes(result)
    assert before == calls(shop)
    assert 1 == len(kept(shop, order_id).shipment.packages)


def test_R2_a_view_only_order_is_neither_split_nor_joined(empty_shop: Shop) -> None:
    """R2: in Pending Fulfillment every edit is refused, and no call is made."""
    empty_shop.connect(connected_at=datetime(2023, 11, 2, 12, tzinfo=UTC))
    order_id = empty_shop.imported(quantities=[2])
    before = calls(empty_shop)

    assert ["PRM102", "PRM310"] == codes(split(empty_shop, order_id))
    assert before == calls(empty_shop)


def test_R7_an_order_found_to_be_prime_after_its_split_waits_for_the_undo(shop: Shop) -> None:
    """R7: the check names the split, nothing is asked or bought, and joining it frees it."""
    order_id = ordinary(shop)
    split(shop, order_id)
    for number in (1, 2):
        measured = Changes(
            package=number, weight=Weight.read("1kg"), dimensions=Dimensions.read("20x20x20cm")
        )
        edit_shipment(shop.desk, order_id, measured)
    changed(shop, order_id, prime=Prime.YES, programs=("PRIME",))
    before = calls(shop)

    (row,) = shop.desk.repository.order_rows(OrderQuery(), 0, 9)
    assert "not whole and alone" in row.warnings
    assert {"PRM304", "PRM306"} == {v.code for v in check_order(shop.desk, order_id).blocking}
    assert ["PRM304", "PRM306"] == codes(get_rates(shop.desk, order_id))
    assert before == calls(shop)

    join_order(shop.desk, order_id)
    (row,) = shop.desk.repository.order_rows(OrderQuery(), 0, 9)
    assert () == row.warnings
    assert () == check_order(shop.desk, order_id).blocking
    assert shop.quotes(order_id).allowed


def test_R9_buy_shipping_is_not_asked_for_several_packages(shop: Shop) -> None:
    """R9: refused before the call, pointing to Seller Central."""
    order_id = ordinary(shop)
    split(shop, order_id)
    before = calls(shop)

    result = get_rates(shop.desk, order_id)

    assert ["PRM301", "PRM302", "PRM301", "PRM302"] == codes(result) or codes(result) == ["PRM306"]
    for number in (1, 2):
        measured = Changes(
            package=number, weight=Weight.read("1kg"), dimensions=Dimensions.read("20x20x20cm")
        )
        edit_shipment(shop.desk, order_id, measured)
    result = get_rates(shop.desk, order_id)
    assert isinstance(result, NoRates)
    assert ["PRM306"] == codes(result)
    assert "Seller Central" in result.violations[0].remedy
    assert before == calls(shop)


def test_R9_several_packages_go_with_a_label_bought_elsewhere(shop: Shop) -> None:
    """R9: another carrier takes them; the one notice names all that was packed."""
    order_id = ordinary(shop)
    split(shop, order_id)
    for number in (1, 2):
        measured = Changes(
            package=number, weight=Weight.read("1kg"), dimensions=Dimensions.read("20x20x20cm")
        )
        edit_shipment(shop.desk, order_id, measured)

    assert isinstance(record_label(shop.desk, order_id, typed(shop)), Purchased)
    (notice,) = shop.desk.repository.notices(order_id)
    assert [2, 1] == [packed.quantity for packed in notice.items]
    assert ["PRM105"] == codes(split(shop, order_id))
    assert ["PRM105"] == codes(join_order(shop.desk, order_id))


def test_R21_an_order_whose_purchase_is_open_is_left_as_it_is(shop: Shop) -> None:
    """R21: while nobody knows what was bought, the parcel stays what it was."""
    order_id = ordinary(shop)
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", "lost_after_effect", nth="every")
    shop.buy(order_id, rate_id)

    assert ["PRM316"] == codes(split(shop, order_id))


def test_what_cannot_be_done_is_said(shop: Shop) -> None:
    """An unknown order, one that is not split, one somebody is at."""
    order_id = ordinary(shop)

    with pytest.raises(ConfigError, match="000-0"):
        split_order(shop.desk, OrderId("000-0"), ["1=1"])
    with pytest.raises(ConfigError, match="is not split"):
        join_order(shop.desk, order_id)
    with pytest.raises(ConfigError, match="no package 2"):
        edit_shipment(shop.desk, order_id, Changes(package=2, weight=Weight.read("1kg")))
    with shop.desk.repository.lease(order_id, "Ada"), pytest.raises(Busy, match="Ada"):
        split(shop, order_id)
