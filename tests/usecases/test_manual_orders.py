"""An order from a file is shipped with a label bought elsewhere; nobody is called or told."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from primetui import bootstrap
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.money import Money
from primetui.domain.order import OrderStatus
from primetui.domain.shipment import OrderId, Package
from primetui.domain.violations import NoLabelSource
from primetui.usecases.confirm_shipments import confirm_shipments
from primetui.usecases.get_rates import NoRates, get_rates
from primetui.usecases.import_file import import_file
from primetui.usecases.manage_stores import add_manual_store
from primetui.usecases.purchase_label import Purchased
from primetui.usecases.record_label import TypedLabel, record_label
from tests.domain.made import WAREHOUSE
from tests.shop import Shop

HEADER = "order-id,sku,quantity,order-date,is-prime,ship-by,deliver-by,ship-city,ship-country"
ORDER = OrderId("A-1")


@pytest.fixture
def manual(shop: Shop, tmp_path: Path) -> Shop:
    """Open a shop with one order from a file; its other stores have nothing to do with it."""
    read_file(shop, tmp_path)
    return shop


def read_file(shop: Shop, folder: Path) -> None:
    """Import the file, the second time as the first."""
    path = folder / "orders.csv"
    row = f"{ORDER},MUG,2,2026-11-22,no,2026-11-25,2026-11-30,Springfield,US"
    path.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    stores = [store for store in shop.desk.repository.stores() if store.name == "By hand"]
    store = (
        stores[0]
        if stores
        else add_manual_store(
            shop.desk,
            "By hand",
            WAREHOUSE,
            Package(weight=Weight.of(1, "kg"), dimensions=Dimensions.of("30", "20", "10", "cm")),
        )
    )
    with bootstrap.order_file(str(path)) as table:
        assert () == import_file(shop.desk, store.id, table, {}).faults


def typed(shop: Shop) -> TypedLabel:
    """Type in a label that arrives in time."""
    return TypedLabel(
        carrier="UPS",
        service="Ground",
        tracking_id="1Z1",
        charge=Money(amount=Decimal("9.10"), currency="USD"),
        arrives_by=shop.clock.now() + timedelta(days=2),
    )


def test_R10_a_label_for_it_is_recorded_and_nobody_is_told(manual: Shop, tmp_path: Path) -> None:
    """R10: it has no marketplace; nothing waits in the outbox, and its file does not reopen it."""
    calls = manual.state()["calls"]

    outcome = record_label(manual.desk, ORDER, typed(manual))

    assert isinstance(outcome, Purchased), outcome
    assert () == manual.desk.repository.notices(ORDER)
    assert () == confirm_shipments(manual.desk)
    manual.clock.advance(minutes=5)
    read_file(manual, tmp_path)
    record = manual.desk.repository.order(ORDER)
    assert record is not None
    assert OrderStatus.SHIPPED is record.order.status
    assert calls == manual.state()["calls"]


def test_R11_buy_shipping_sells_nothing_for_it(manual: Shop) -> None:
    """R11: no store lends to an order that was not sold on Amazon; nobody is called."""
    calls = manual.state()["calls"]

    result = get_rates(manual.desk, ORDER)

    assert isinstance(result, NoRates)
    assert (NoLabelSource(),) == result.violations
    assert calls == manual.state()["calls"]


def test_R10_an_order_of_amazon_is_told_as_ever(shop: Shop) -> None:
    """R10: the same label for an Amazon order has its one notice."""
    order_id = shop.imported(programs=[])

    label = replace(typed(shop), arrives_by=shop.clock.now() + timedelta(days=1))
    outcome = record_label(shop.desk, order_id, label)

    assert isinstance(outcome, Purchased), outcome
    assert 1 == len(shop.desk.repository.notices(order_id))
