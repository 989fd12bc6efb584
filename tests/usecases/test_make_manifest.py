"""Manifests and return labels: whose are made here, and where the others are had (R9, R20)."""

from datetime import timedelta
from pathlib import Path

import pytest

from primetui import bootstrap
from primetui.adapters.amazon.collection_wire import FORM
from primetui.domain.clearance import Refusal
from primetui.domain.label import Label
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import DocumentFormat, OrderId, Package
from primetui.domain.store import AmazonCarrier
from primetui.errors import ConfigError
from primetui.usecases.edit_ship_to import edit_ship_to
from primetui.usecases.import_file import import_file
from primetui.usecases.make_manifest import (
    Manifested,
    labels_of_day,
    labels_of_orders,
    make_manifest,
)
from primetui.usecases.manage_stores import add_manual_store
from primetui.usecases.purchase_label import Purchased
from primetui.usecases.return_label import return_label
from primetui.usecases.void_label import Voided, void_label
from tests.domain.made import BUYER, WAREHOUSE, usd
from tests.shop import Shop
from tests.usecases.outbox import recorded
from tests.usecases.parcels import calls, changed, kept

HEADER = "order-id,sku,quantity,order-date,is-prime,ship-by,deliver-by,ship-country"
FORMS = "generateCollectionForm"


@pytest.fixture
def carried(shop: Shop, tmp_path: Path) -> Shop:
    """Open a shop for which Amazon Shipping carries three orders of a file."""
    *_, newest = shop.desk.repository.stores()  # the UK's would lend, since it is the newest
    shop.desk.repository.transact(lambda tx: tx.remove_store(newest.id))
    account = shop.desk.repository.account()
    connected = {"amazon_carriers": frozenset({AmazonCarrier.AMAZON_SHIPPING})}
    shop.desk.repository.transact(lambda tx: tx.put_account(account.model_copy(update=connected)))
    package = Package(weight=Weight.of(1, "kg"), dimensions=Dimensions.of("30", "20", "10", "cm"))
    store = add_manual_store(shop.desk, "By hand", WAREHOUSE, package)
    path = tmp_path / "orders.csv"
    rows = [f"A-{n},MUG,1,2026-11-22,no,2026-11-25,2026-11-30,US" for n in (1, 2, 3)]
    path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    with bootstrap.order_file(str(path)) as table:
        assert () == import_file(shop.desk, store.id, table, {}).faults
    for number in (1, 2, 3):
        order_id = OrderId(f"A-{number}")
        edit_ship_to(shop.desk, order_id, BUYER)
        (item,) = kept(shop, order_id).order.items
        changed(shop, order_id, items=(item.model_copy(update={"unit_price": usd("5")}),))
    return shop


def shipped(shop: Shop, number: int) -> Label:
    """Buy one of them with Amazon Shipping."""
    outcome = shop.buy(OrderId(f"A-{number}"))
    assert isinstance(outcome, Purchased), outcome
    assert LabelSource.AMAZON_SHIPPING is outcome.label.source
    return outcome.label


def today(shop: Shop) -> tuple[Label, ...]:
    """List what waits for a manifest today."""
    zone = shop.desk.repository.account().zone
    return labels_of_day(shop.desk, shop.clock.now().astimezone(zone).date())


def test_R9_a_manifest_over_mixed_labels_leaves_buy_shippings_out(carried: Shop) -> None:
    """R9 R20: Amazon Shipping's two are on one form; the others are counted, by who sold them."""
    ours = {shipped(carried, 1).id, shipped(carried, 2).id}
    carried.buy(carried.imported())
    recorded(carried)

    result = make_manifest(carried.desk, today(carried))

    assert isinstance(result, Manifested)
    (form,) = result.made
    assert ours == {label.id for label in form.labels}
    assert (DocumentFormat.PDF, FORM) == (form.paper.format, form.paper.kind)
    assert form.paper.content.startswith(b"%PDF")
    left_out = [(one.seller, one.count, one.way) for one in result.left_out]
    assert [
        ("Amazon Buy Shipping", 1, "in Seller Central"),
        ("a label bought elsewhere", 1, "where that label was bought"),
    ] == left_out
    assert 1 == carried.calls(FORMS)


def test_R9_what_is_on_a_form_waits_for_none(carried: Shop) -> None:
    """R9: the day's second manifest holds what was bought since; asked for again it is the same."""
    first = shipped(carried, 1)
    made = make_manifest(carried.desk, today(carried))
    second = shipped(carried, 2)

    assert [second.id] == [label.id for label in today(carried)]
    again = make_manifest(carried.desk, labels_of_orders(carried.desk, [first.order_id]))

    assert isinstance(made, Manifested)
    assert isinstance(again, Manifested)
    assert made.made[0].paper == again.made[0].paper


def test_R9_a_lost_form_is_had_by_asking_again(carried: Shop) -> None:
    """R9 R21: the answer was lost: nothing is noted, and the same key gives the form."""
    shipped(carried, 1)
    carried.fault(FORMS, "lost_after_effect")
    lost = make_manifest(carried.desk, today(carried))
    assert isinstance(lost, Manifested)
    assert () == lost.made
    assert [1] == [len(one.labels) for one in lost.failed]

    found = make_manifest(carried.desk, today(carried))

    assert isinstance(found, Manifested)
    assert 1 == len(found.made)
    assert () == today(carried)


@pytest.mark.parametrize("kind", ["garbled", "wrong_types", "error_500", "throttle"])
def test_R9_a_form_that_is_none_is_not_taken_for_one(carried: Shop, kind: str) -> None:
    """R9: whatever came back, the labels still wait, and the reason is told."""
    shipped(carried, 1)
    carried.fault(FORMS, kind)

    result = make_manifest(carried.desk, today(carried))

    assert isinstance(result, Manifested)
    assert () == result.made
    assert [True] == [bool(one.reason) for one in result.failed]
    assert 1 == len(today(carried))


def test_R9_a_manifest_of_buy_shipping_alone_is_refused(shop: Shop) -> None:
    """R9: nobody is called; the way is Seller Central."""
    shop.buy(order_id := shop.imported())
    before = calls(shop)

    result = make_manifest(shop.desk, labels_of_orders(shop.desk, [order_id]))

    assert isinstance(result, Refusal)
    assert [("PRM317", "R9")] == [(v.code, v.rule) for v in result.violations]
    assert "in Seller Central" in result.violations[0].remedy.format(**result.violations[0].facts())
    assert before == calls(shop)


def test_R9_a_voided_label_is_on_no_manifest(carried: Shop) -> None:
    """R9: what was given back leaves with nobody."""
    label = shipped(carried, 1)
    assert isinstance(void_label(carried.desk, label.order_id), Voided)

    assert () == today(carried)
    with pytest.raises(ConfigError, match="A-1 has no label"):
        labels_of_orders(carried.desk, [label.order_id])
    with pytest.raises(ConfigError, match="No label waits"):
        make_manifest(carried.desk, ())


@pytest.mark.parametrize(
    ("after", "count"),
    [(timedelta(0), 1), (timedelta(hours=13, minutes=59), 1), (timedelta(hours=14), 0)],
)
def test_R9_a_day_is_the_accounts_own(carried: Shop, after: timedelta, count: int) -> None:
    """R9: bought at ten in New York, it is of that day until midnight there."""
    shipped(carried, 1)
    carried.clock.advance(seconds=after.total_seconds())

    assert count == len(today(carried))


@pytest.mark.parametrize(
    ("source", "seller", "way"),
    [
        ("buy", "Amazon Buy Shipping", "in Seller Central"),
        ("ship", "Amazon Shipping", "in Amazon Shipping's own console"),
        ("typed", "a label bought elsewhere", "where that label was bought"),
    ],
)
def test_R9_R20_a_return_label_is_refused_with_its_way(
    carried: Shop, source: str, seller: str, way: str
) -> None:
    """R9 R20: who sold the label, and where its return is made; nobody is called."""
    if source == "buy":
        carried.buy(order_id := carried.imported())
    elif source == "ship":
        order_id = shipped(carried, 1).order_id
    else:
        order_id = recorded(carried)
    before = calls(carried)

    (violation,) = return_label(carried.desk, order_id).violations

    assert ("PRM318", seller, way) == (violation.code, *violation.facts().values())
    assert before == calls(carried)


def test_a_return_without_a_label_has_nothing_to_come_back_with(shop: Shop) -> None:
    """It is not a question of Amazon's limits yet."""
    order_id = shop.imported()

    with pytest.raises(ConfigError, match="no label"):
        return_label(shop.desk, order_id)
