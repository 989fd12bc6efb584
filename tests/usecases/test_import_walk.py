"""Imports of many pages: they go on where they broke off, and need no more memory than few."""

import tracemalloc
from datetime import timedelta
from typing import Any

import pytest

from primetui.adapters.rithum import orders as rithum_orders
from primetui.domain.store import Store
from primetui.ports import OrderQuery
from primetui.usecases.import_orders import import_orders
from primetui.usecases.import_walk import LIFE
from tests.shop import Shop

PAGES = 4
PAGE = 100


class Broken(Exception):
    """The process dies here."""


def of_amazon(shop: Shop, count: int) -> None:
    """Let Amazon have so many orders, and be asked for them."""
    shop.control("orders", {"add": [{"store": "US", "ship_by": "+1d"}] * count})
    shop.clock.advance(minutes=5)


def the_store(shop: Shop) -> Store:
    """Read the first store."""
    return shop.desk.repository.stores()[0]


def break_off_after(shop: Shop, pages: int) -> None:
    """Import and die after so many pages."""
    told: list[int] = []

    def progress(_name: str, seen: int) -> None:
        told.append(seen)
        if len(told) == pages:
            raise Broken

    with pytest.raises(Broken):
        import_orders(shop.desk, the_store(shop).id, progress=progress)


@pytest.fixture
def amazon(empty_shop: Shop) -> Shop:
    """Connect Amazon, which has four pages of orders."""
    empty_shop.connect()
    of_amazon(empty_shop, PAGES * PAGE - 10)
    return empty_shop


@pytest.mark.parametrize("pages", range(1, PAGES + 1))
def test_a_death_at_any_page_is_gone_on_from_there(amazon: Shop, pages: int) -> None:
    """No page is asked for twice, no order is lost or kept twice, and the watermark is whole."""
    break_off_after(amazon, pages)
    before = amazon.calls("searchOrders")
    (done,) = import_orders(amazon.desk, the_store(amazon).id)

    assert PAGES * PAGE - 10 == amazon.desk.repository.count_orders(OrderQuery())
    left = PAGES - pages if pages < PAGES else PAGES
    assert (pages, left) == (before, amazon.calls("searchOrders") - before)
    assert "" == done.failure
    store = the_store(amazon)
    assert store.import_walk is None
    assert store.imported_until is not None
    assert amazon.clock.now() - timedelta(minutes=6) < store.imported_until


@pytest.mark.parametrize("kind", ["html", "reset", "error_503"])
def test_a_failure_on_the_way_is_gone_on_from_there_too(amazon: Shop, kind: str) -> None:
    """The next import asks for the page that failed."""
    amazon.control("faults", [{"operation": "searchOrders", "kind": kind, "nth": 3, "times": 3}])
    (failed,) = import_orders(amazon.desk, the_store(amazon).id)
    assert (2 * PAGE, True) == (failed.report.seen, bool(failed.failure))

    (done,) = import_orders(amazon.desk, the_store(amazon).id)

    assert (2 * PAGE - 10, "") == (done.report.seen, done.failure)


def test_orders_that_change_in_between_are_read_by_the_next_import(amazon: Shop) -> None:
    """The watermark is that of the walk's own pages, not of the moment it was finished."""
    break_off_after(amazon, 3)
    amazon.clock.advance(hours=2)
    order_id = amazon.story()
    amazon.clock.advance(minutes=5)
    import_orders(amazon.desk, the_store(amazon).id)
    import_orders(amazon.desk, the_store(amazon).id)

    assert amazon.desk.repository.order(order_id) is not None


@pytest.mark.parametrize(("waited", "anew"), [(LIFE - timedelta(seconds=1), False), (LIFE, True)])
def test_a_mark_is_gone_on_with_for_so_long(amazon: Shop, waited: timedelta, *, anew: bool) -> None:
    """The second before its end it still is; then the walk begins at its first page."""
    break_off_after(amazon, 3)
    amazon.clock.advance(seconds=waited.total_seconds())
    before = amazon.calls("searchOrders")
    import_orders(amazon.desk, the_store(amazon).id)

    assert (PAGES if anew else 1) == amazon.calls("searchOrders") - before


def test_a_mark_that_is_refused_is_forgotten(amazon: Shop) -> None:
    """One import says so, the next one begins anew and has them all."""
    break_off_after(amazon, 2)
    store = the_store(amazon)
    assert store.import_walk is not None
    odd = store.import_walk.model_copy(update={"mark": "nonsense"})
    spoilt = store.model_copy(update={"import_walk": odd})
    amazon.desk.repository.transact(lambda tx: tx.put_store(spoilt))

    (refused,) = import_orders(amazon.desk, store.id)
    (done,) = import_orders(amazon.desk, store.id)

    assert ("paginationToken" in refused.failure, "") == (True, done.failure)
    assert PAGES * PAGE - 10 == amazon.desk.repository.count_orders(OrderQuery())


@pytest.mark.parametrize("pages", range(1, 5))
def test_R19_a_death_at_any_page_of_rithums_loses_and_doubles_nothing(
    empty_shop: Shop, pages: int
) -> None:
    """Of forty handed over and forty that changed each is kept once and acknowledged."""
    empty_shop.connect_rithum()
    stories: list[dict[str, Any]] = [{"exported": bool(n % 2)} for n in range(80)]
    empty_shop.control("rithum", {"add": stories})
    empty_shop.clock.advance(minutes=5)

    break_off_after(empty_shop, pages)
    (done,) = import_orders(empty_shop.desk)

    orders = empty_shop.state()["rithum"]["orders"]
    assert ("", ()) == (done.failure, done.report.errors)
    assert 80 == empty_shop.desk.repository.count_orders(OrderQuery())
    assert all(order["exported"] for order in orders)
    assert {0, 1} == {order["exports"] for order in orders}


def peak_of(shop: Shop) -> int:
    """Import, and tell the most memory it took, in bytes."""
    tracemalloc.start()
    try:
        import_orders(shop.desk, the_store(shop).id)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_orders(
    empty_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four times the orders take less than half as much again: pages come and go."""
    monkeypatch.setattr(rithum_orders, "TAKEN_AT_ONCE", 60)
    empty_shop.connect_rithum()
    empty_shop.control("rithum", {"add": [{}]})
    import_orders(empty_shop.desk)
    peaks = []
    for count in (120, 480):
        empty_shop.control("rithum", {"add": count})
        empty_shop.clock.advance(hours=1)
        peaks.append(peak_of(empty_shop))

    assert 601 == empty_shop.desk.repository.count_orders(OrderQuery())
    assert peaks[1] < 1.5 * peaks[0]
