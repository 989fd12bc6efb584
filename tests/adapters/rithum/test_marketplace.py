"""A Rithum store over HTTP: what is handed over, what changed, one order."""

from datetime import timedelta
from typing import Any

import pytest

from primetui.adapters.rithum import orders as rithum_orders
from primetui.adapters.rithum.orders import RithumMarketplace
from primetui.domain.shipment import OrderId
from primetui.errors import NotFound, Unreachable
from tests.adapters.rithum.counter import SINCE, Rithum


def test_the_credentials_open_one_profile(rithum: Rithum) -> None:
    """The test of a store names what it may connect to."""
    assert (rithum.store.marketplace_id,) == rithum.marketplace.test()


@pytest.mark.parametrize("quirk", [{}, {"repeats_next_link": True}, {"wraps_past_end": False}])
def test_all_pages_are_read_whatever_the_quirks(rithum: Rithum, quirk: dict[str, Any]) -> None:
    """Each order comes once, though it is both handed over and changed."""
    names = rithum.add(*[{} for _ in range(45)])
    rithum.quirks(**quirk)

    assert sorted(names) == sorted(rithum.changed())


def test_R19_acknowledging_on_the_way_loses_no_order(
    rithum: Rithum, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list grows shorter with each one, and the next stretch begins at its front."""
    monkeypatch.setattr(rithum_orders, "TAKEN_AT_ONCE", 20)
    names = rithum.add(*[{} for _ in range(65)])
    seen = []
    for page in rithum.marketplace.changed_orders(SINCE):
        seen += [order.id for order in page.orders]
        assert page.handed_over == {order.id for order in page.orders}
        rithum.marketplace.acknowledge([order.origin.own_id for order in page.orders])

    assert sorted(names) == sorted(seen)
    assert all(order["exports"] == 1 for order in rithum.truth())


def test_what_is_never_acknowledged_is_read_once(
    rithum: Rithum, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orders that stay at the front do not make the walk go on for ever."""
    monkeypatch.setattr(rithum_orders, "TAKEN_AT_ONCE", 20)
    names = rithum.add(*[{} for _ in range(50)])

    assert sorted(names) == sorted(rithum.changed())


def test_orders_acknowledged_before_come_when_they_change(rithum: Rithum) -> None:
    """A new installation of the same application misses nothing; the rest is not handed over."""
    old, new = rithum.add({"exported": True}, {})

    pages = list(rithum.marketplace.changed_orders(SINCE))

    assert [[new], [old]] == [[order.id for order in page.orders] for page in pages]
    assert [{new}, set()] == [set(page.handed_over) for page in pages]


def test_nothing_older_than_the_start_comes_though_the_filter_holds_an_or(rithum: Rithum) -> None:
    """The `or` is bracketed: the profile and the date hold for both of its branches."""
    rithum.add({"exported": True})
    rithum.shop.clock.advance(days=5)

    assert [] == [
        order.id
        for page in rithum.marketplace.changed_orders(rithum.shop.clock.now() - timedelta(days=1))
        for order in page.orders
    ]


def test_orders_somebody_else_fulfils_are_not_asked_for(rithum: Rithum) -> None:
    """Warehouses of a marketplace ship for themselves."""
    rithum.add({"rollup": "ExternallyManaged"})

    assert rithum.changed() == []


@pytest.mark.parametrize("quirk", [{}, {"repeats_next_link": True}, {"wraps_past_end": False}])
def test_an_order_of_thirty_three_lines_has_them_all(rithum: Rithum, quirk: dict[str, Any]) -> None:
    """Those beyond twenty are fetched, in the list and alone."""
    (name,) = rithum.add({"quantities": [1] * 33})
    rithum.quirks(**quirk)
    pages = list(rithum.marketplace.changed_orders(SINCE))

    assert [33] == [len(order.items) for page in pages for order in page.orders]
    assert 33 == len(rithum.marketplace.order(OrderId(name)).items)


@pytest.mark.parametrize("site", ["Amazon US", "eBay US", "Walmart"])
def test_one_order_is_found_by_its_sites_id(rithum: Rithum, site: str) -> None:
    """Before it is kept here, only its site's own id leads to it."""
    rithum.add({}, {"site": site})
    wanted = rithum.changed()[1]

    assert wanted == rithum.marketplace.order(wanted).id


def test_one_order_is_found_by_rithums_number(rithum: Rithum) -> None:
    """Where the site gave it no id, and where we know the number, however the id is written."""
    rithum.add({"site_order_id": None}, {"site_order_id": " s01-1234567-7654321 "})
    nameless, odd = rithum.changed()
    number = rithum.truth()[1]["id"]
    knowing = RithumMarketplace(
        rithum.marketplace._client, rithum.store, rithum.shop.clock, lambda _id: str(number)
    )

    assert nameless == rithum.marketplace.order(nameless).id
    assert odd == knowing.order(odd).id
    with pytest.raises(Unreachable, match="another order"):
        knowing.order(nameless)


@pytest.mark.parametrize("name", ["115-0000000-0000000", "rithum-9", "rithum-x", "it's", "ebay-'"])
def test_an_order_that_is_not_there_is_said_so(rithum: Rithum, name: str) -> None:
    """Nothing but numbers reaches an address, and quotes stay inside the filter."""
    with pytest.raises(NotFound):
        rithum.marketplace.order(OrderId(name))


@pytest.mark.parametrize("kind", ["html", "garbled", "wrong_types", "truncated", "error_503"])
def test_answers_that_cannot_be_used_end_the_import_in_words(rithum: Rithum, kind: str) -> None:
    """Nothing passes for an empty list, and nothing is tried for ever."""
    rithum.add({})
    rithum.shop.fault("rithumOrders", kind, nth="every")
    with pytest.raises(Unreachable, match="Rithum"):
        rithum.changed()


def test_one_order_whose_items_cannot_be_had_does_not_stop_the_others(rithum: Rithum) -> None:
    """It is left out, named, and asked for again next time."""
    _long, short = rithum.add({"quantities": [1] * 33}, {})
    rithum.shop.fault("rithumItems", "expired_offer", nth="every")

    (page,) = rithum.marketplace.changed_orders(SINCE)

    assert [short] == [order.id for order in page.orders]
    assert (1, {short}) == (len(page.errors), set(page.handed_over))
    assert "was left out" in page.errors[0]


def test_an_acknowledgement_of_what_is_gone_stops_nothing(rithum: Rithum) -> None:
    """The others are acknowledged."""
    rithum.add({})
    number = rithum.truth()[0]["id"]
    rithum.marketplace.acknowledge(["999", str(number)])

    assert [1] == [order["exports"] for order in rithum.truth()]
