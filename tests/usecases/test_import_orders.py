"""Importing: landing, tagging, keeping (R1–R4, R13–R15, R22)."""

from datetime import UTC, datetime, timedelta

import pytest

from primetui.domain.order import PRIME_TAG, OrderStatus, Prime
from primetui.domain.store import AmazonCarrier
from primetui.errors import ConfigError
from primetui.usecases.get_rates import NoRates, get_rates
from primetui.usecases.import_orders import (
    _Tally,
    _watermark,
    import_orders,
    refresh_order,
)
from primetui.usecases.manage_stores import (
    StoreChanges,
    connect_carrier,
    edit_store,
    set_account,
)
from tests.shop import Shop

LEGACY = datetime(2023, 11, 2, 12, tzinfo=UTC)
CUT_OVER = datetime(2023, 11, 3, 12, tzinfo=UTC)


def landed(shop: Shop, order_id: str) -> tuple[OrderStatus, str]:
    """Say where an order landed, and why."""
    record = shop.desk.repository.order(order_id)  # type: ignore[arg-type]
    assert record is not None
    assert record.order.status == record.landing.status
    return record.order.status, record.landing.why


@pytest.mark.parametrize(
    ("connected_at", "programs", "expected"),
    [
        (LEGACY, ["PRIME"], OrderStatus.PENDING_FULFILLMENT),
        (CUT_OVER, ["PRIME"], OrderStatus.AWAITING_SHIPMENT),
        (LEGACY, [], OrderStatus.AWAITING_SHIPMENT),
    ],
)
def test_R1_the_first_connection_decides_where_prime_orders_land(
    empty_shop: Shop, connected_at: datetime, programs: list[str], expected: OrderStatus
) -> None:
    """A Prime order of a store connected before the cut-over lands in Pending Fulfillment."""
    empty_shop.connect(connected_at=connected_at)

    order_id = empty_shop.imported(programs=programs)

    assert expected == landed(empty_shop, order_id)[0]
    assert landed(empty_shop, order_id)[1]


def test_R2_a_view_only_order_is_refused_rates_without_a_call(empty_shop: Shop) -> None:
    """In Pending Fulfillment nothing is asked of Amazon; the refusal names the ways out."""
    empty_shop.connect(connected_at=LEGACY)
    order_id = empty_shop.imported()

    result = get_rates(empty_shop.desk, order_id)

    assert isinstance(result, NoRates)
    assert ["PRM102"] == [violation.code for violation in result.violations]
    assert "Awaiting Shipment" in result.violations[0].remedy
    assert empty_shop.calls("getRates") == 0


def test_R3_the_setting_acts_from_then_on_and_moves_no_stored_order(empty_shop: Shop) -> None:
    """An order imported before the switch stays, even when it is read again; a later one lands."""
    store = empty_shop.connect(connected_at=LEGACY)[0]
    before = empty_shop.imported()

    edit_store(empty_shop.desk, store.id, StoreChanges(import_prime_awaiting=True))
    after = empty_shop.imported()
    refresh_order(empty_shop.desk, before)

    assert landed(empty_shop, before)[0] is OrderStatus.PENDING_FULFILLMENT
    assert landed(empty_shop, after)[0] is OrderStatus.AWAITING_SHIPMENT
    assert "imports Prime orders" in landed(empty_shop, after)[1]

    edit_store(empty_shop.desk, store.id, StoreChanges(import_prime_awaiting=False))
    assert landed(empty_shop, empty_shop.imported())[0] is OrderStatus.PENDING_FULFILLMENT
    assert landed(empty_shop, after)[0] is OrderStatus.AWAITING_SHIPMENT


@pytest.mark.parametrize("carrier", list(AmazonCarrier))
@pytest.mark.parametrize("country", ["US", "GB"])
def test_R4_a_connected_carrier_of_amazons_does_the_same(
    empty_shop: Shop, country: str, carrier: AmazonCarrier
) -> None:
    """In a US or UK account either carrier lets Prime orders of an old store land to be shipped."""
    empty_shop.connect(connected_at=LEGACY)
    set_account(empty_shop.desk, country, "Europe/London")
    connect_carrier(empty_shop.desk, carrier)

    assert landed(empty_shop, empty_shop.imported())[0] is OrderStatus.AWAITING_SHIPMENT
    with pytest.raises(ConfigError, match="at most one"):
        connect_carrier(empty_shop.desk, carrier)


@pytest.mark.parametrize("country", ["CA", "DE", "AU"])
def test_R4_elsewhere_connecting_is_refused(empty_shop: Shop, country: str) -> None:
    """CA is Canada here, and its accounts connect no carrier of Amazon's."""
    set_account(empty_shop.desk, country, "America/Toronto")

    with pytest.raises(ConfigError, match="US and UK accounts only"):
        connect_carrier(empty_shop.desk, AmazonCarrier.BUY_SHIPPING)

    assert empty_shop.desk.repository.account().amazon_carriers == frozenset()


def test_R13_an_inactive_store_imports_nothing(shop: Shop) -> None:
    """Nothing is asked of Amazon for it, and naming it says why."""
    stores = shop.desk.repository.stores()
    for store in stores:
        edit_store(shop.desk, store.id, StoreChanges(active=False))

    with pytest.raises(ConfigError, match="inactive"):
        import_orders(shop.desk)
    with pytest.raises(ConfigError, match="inactive"):
        import_orders(shop.desk, stores[0].id)

    assert shop.calls("searchOrders") == 0


@pytest.mark.parametrize("connected_at", [LEGACY, CUT_OVER])
def test_R15_prime_orders_are_tagged_at_once_wherever_they_land(
    empty_shop: Shop, connected_at: datetime
) -> None:
    """The tag is put on by the import, once, and only on merchant-fulfilled Prime orders."""
    empty_shop.connect(connected_at=connected_at)
    prime, other = empty_shop.imported(), empty_shop.imported(programs=["PREMIUM"])
    import_orders(empty_shop.desk)

    tags = {}
    for order_id in (prime, other):
        record = empty_shop.desk.repository.order(order_id)
        assert record is not None
        tags[order_id] = [(tag.name, tag.by) for tag in record.tags]

    assert {prime: [(PRIME_TAG, "import")], other: []} == tags


def test_R15_a_tag_taken_off_by_hand_stays_off(shop: Shop) -> None:
    """Reading the order again does not put it back."""
    order_id = shop.imported()
    record = shop.desk.repository.order(order_id)
    assert record is not None
    bare = record.model_copy(update={"tags": (), "removed_tags": (PRIME_TAG,)})
    shop.desk.repository.transact(lambda tx: tx.put_order(bare))

    again = refresh_order(shop.desk, order_id)

    assert () == again.tags
    assert again.order.prime is Prime.YES


def test_R22_an_unknown_program_is_kept_and_blocks(shop: Shop) -> None:
    """The order is here, with the word in it, and no rate is asked for."""
    order_id = shop.imported(programs=["PRIME", "AMAZON_TELEPATHY"])

    result = get_rates(shop.desk, order_id)

    assert isinstance(result, NoRates)
    assert "PRM112" in [violation.code for violation in result.violations]
    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert any("AMAZON_TELEPATHY" in word for word in record.order.unrecognised)


def test_importing_twice_changes_nothing(shop: Shop) -> None:
    """The overlap reads orders again; they are the same ones."""
    shop.imported()
    first = shop.desk.repository.revision()

    done = import_orders(shop.desk)

    assert [(1, 0, 0), (0, 0, 0)] == [
        (one.report.seen, one.report.added, one.report.updated) for one in done
    ]
    assert first < shop.desk.repository.revision()


def test_a_failed_import_moves_no_watermark_and_loses_nothing(shop: Shop) -> None:
    """What one store's failure hid is read by the next import."""
    order_id = shop.story()
    shop.clock.advance(minutes=5)
    shop.fault("searchOrders", "html", nth="every")

    failed = import_orders(shop.desk)
    assert all(one.failure for one in failed)
    assert [None, None] == [s.imported_until for s in shop.desk.repository.stores()]

    shop.control("faults", [])
    done = import_orders(shop.desk)
    assert ["", ""] == [one.failure for one in done]
    assert shop.desk.repository.order(order_id) is not None


def test_a_cancellation_at_amazon_reaches_a_stored_order(shop: Shop) -> None:
    """The next import moves it to Cancelled."""
    order_id = shop.imported()
    shop.control("orders", {"cancel": [order_id]})
    shop.clock.advance(minutes=5)

    import_orders(shop.desk)

    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert record.order.status is OrderStatus.CANCELLED


def test_importing_without_a_store_says_what_to_do(empty_shop: Shop) -> None:
    """The empty state names the next step."""
    with pytest.raises(ConfigError, match="stores add"):
        import_orders(empty_shop.desk)


def test_R22_the_watermark_never_runs_ahead_of_the_import(shop: Shop) -> None:
    """A change dated in the future must not hide the orders that come before it."""
    shop.control("clock", {"advance_seconds": 7200})
    shop.imported()
    shop.control("clock", {"advance_seconds": -7200})
    shop.clock.advance(minutes=20)

    order_id = shop.imported()

    assert shop.desk.repository.order(order_id) is not None
    until = [store.imported_until for store in shop.desk.repository.stores()]
    assert all(at is None or at <= shop.clock.now() for at in until)


def test_R22_no_marketplaces_date_moves_the_watermark_past_the_import(shop: Shop) -> None:
    """Whatever an adapter passes on, the next import begins no later than this one did."""
    store = shop.desk.repository.stores()[0]
    now = shop.clock.now()
    tally = _Tally(at=now, newest=now + timedelta(days=9000))

    assert now == _watermark(shop.desk, store, tally)
