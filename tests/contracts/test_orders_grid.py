"""What every Repository's orders grid must do: filter, sort, page and never be behind."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from primetui.domain.label import LabelId, LabelState, PurchaseState
from primetui.domain.order import Landing, OrderRecord, OrderStatus, Prime, Tagging
from primetui.domain.shipment import Confirmation, OrderId
from primetui.domain.store import StoreId
from primetui.domain.value import Window
from primetui.ports import OrderQuery, OrderRow, OrderSort, Repository
from tests.domain.made import (
    BUYER,
    DELIVER_BY,
    NOW,
    ORDER_ID,
    SECOND_ITEM,
    SHIP_BY,
    draft,
    item,
    journal,
    label,
    order,
    until,
)

HOUR = timedelta(hours=1)


def keep(repository: Repository, id_: str, *tags: str, **changes: object) -> None:
    """Keep an order under an id, with tags and changed facts."""
    repository.transact(lambda tx: tx.put_order(record(id_, *tags, **changes)))


def record(id_: str, *tags: str, **changes: object) -> OrderRecord:
    """Make an order as we keep it."""
    return OrderRecord(
        order=order(**{"id": OrderId(id_)} | changes),
        landing=Landing(status=OrderStatus.AWAITING_SHIPMENT, why="Not Prime.", at=NOW),
        shipment=draft(order_id=OrderId(id_)),
        tags=tuple(Tagging(name=tag, by="ann", at=NOW) for tag in tags),
    )


def ids(repository: Repository, query: OrderQuery, start: int = 0, stop: int = 99) -> list[str]:
    """Name the orders a query finds."""
    return [row.id for row in repository.order_rows(query, start, stop)]


@pytest.fixture
def shelf(repository: Repository) -> Repository:
    """Keep five orders that differ."""
    mug = item(sku="MUG-É", title="Red mug, 10% off_now")
    keep(repository, "1", "Fragile", ship_by=until(NOW + HOUR), items=(mug,), ship_to=BUYER)
    keep(repository, "2", "Amazon Prime Order", "Gift", ship_by=until(NOW), prime=Prime.NO)
    keep(repository, "3", ship_by=until(None), status=OrderStatus.SHIPPED, prime=Prime.UNKNOWN)
    keep(repository, "4", ship_by=until(NOW + HOUR), store_id=StoreId("uk"))
    keep(repository, "5", ship_by=until(NOW - HOUR), purchased_at=NOW, service_level="Expedited")
    return repository


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (OrderQuery(), ["5", "2", "1", "4", "3"]),
        (OrderQuery(descending=True), ["3", "4", "1", "2", "5"]),
        (OrderQuery(sort=OrderSort.ORDER_ID), ["1", "2", "3", "4", "5"]),
        (OrderQuery(sort=OrderSort.ORDER_ID, descending=True), ["5", "4", "3", "2", "1"]),
        (OrderQuery(sort=OrderSort.PURCHASED), ["1", "2", "3", "4", "5"]),
        (OrderQuery(sort=OrderSort.DELIVER_BY), ["1", "2", "3", "4", "5"]),
        (OrderQuery(status=OrderStatus.AWAITING_SHIPMENT), ["5", "2", "1", "4"]),
        (OrderQuery(status=OrderStatus.SHIPPED), ["3"]),
        (OrderQuery(status=OrderStatus.ON_HOLD), []),
        (OrderQuery(store_id=StoreId("uk")), ["4"]),
        (OrderQuery(prime=Prime.YES), ["5", "1", "4"]),
        (OrderQuery(prime=Prime.NO), ["2"]),
        (OrderQuery(prime=Prime.UNKNOWN), ["3"]),
        (OrderQuery(tag="Gift"), ["2"]),
        (OrderQuery(tag="amazon prime order"), ["2"]),
        (OrderQuery(tag="Gif"), []),
        (OrderQuery(text="expedited"), ["5"]),
        (OrderQuery(text="mug-é"), ["1"]),
        (OrderQuery(text="RED off"), ["1"]),
        (OrderQuery(text="red green"), []),
        (OrderQuery(text="boston"), ["1"]),
        (OrderQuery(text="Ada"), []),
        (OrderQuery(text="Elm"), []),
        (OrderQuery(text="%"), ["1"]),
        (OrderQuery(text="_"), ["1"]),
        (OrderQuery(text="'; DROP TABLE grid; --"), []),
        (OrderQuery(text="\udcff"), []),
        (OrderQuery(status=OrderStatus.AWAITING_SHIPMENT, prime=Prime.YES, text="red mug"), ["1"]),
    ],
)
def test_a_query_finds_its_orders_in_order(
    shelf: Repository, query: OrderQuery, expected: list[str]
) -> None:
    """All that is asked must hold; unknown moments come last; of equals the lower id is first."""
    assert expected == ids(shelf, query)
    assert len(expected) == shelf.count_orders(query)


def test_pages_fit_together(shelf: Repository) -> None:
    """Rows from `start` up to `stop`, as a slice of the whole."""
    whole = ids(shelf, OrderQuery())

    for start in range(7):
        for stop in range(7):
            assert whole[start:stop] == ids(shelf, OrderQuery(), start, stop)


def test_moments_sort_by_time_whatever_their_zone(repository: Repository) -> None:
    """An hour is an hour in Tokyo, New York and UTC."""
    for id_, zone, hours in (("1", "Asia/Tokyo", 2), ("2", "America/New_York", 1), ("3", "UTC", 3)):
        moment = (NOW + hours * HOUR).astimezone(ZoneInfo(zone))
        keep(repository, id_, ship_by=until(moment), purchased_at=moment)

    assert ["2", "1", "3"] == ids(repository, OrderQuery())
    assert ["2", "1", "3"] == ids(repository, OrderQuery(sort=OrderSort.PURCHASED))


def test_a_row_tells_the_order_at_a_glance(repository: Repository) -> None:
    """Everything a row shows comes from the order; text is given as it is, hostile or not."""
    goods = (
        item(sku="MUG", title="Mug\x1b[2J", quantity=3),
        item(id=SECOND_ITEM, quantity=2, required_confirmation=Confirmation.SIGNATURE),
    )
    keep(
        repository,
        ORDER_ID,
        "b",
        "a",
        items=goods,
        ship_to=BUYER,
        ship_by=Window(earliest=NOW, latest=SHIP_BY),
        service_level="NextDay",
        cancellation_requested=True,
        unrecognised=("programs: NEW",),
    )

    assert repository.order_rows(OrderQuery(), 0, 9) == (
        OrderRow(
            id=ORDER_ID,
            store_id=StoreId("us"),
            status=OrderStatus.AWAITING_SHIPMENT,
            prime=Prime.YES,
            ship_by=SHIP_BY,
            deliver_by=DELIVER_BY,
            purchased_at=NOW - 5 * HOUR,
            units=5,
            summary="MUG Mug\x1b[2J",
            service_level="NextDay",
            place="Boston, MA",
            tags=("b", "a"),
            warnings=("cancellation requested", "unrecognised", "confirmation"),
            tracking_id="",
            purchase_pending=False,
        ),
    )


def test_a_row_of_little_knowledge(repository: Repository) -> None:
    """What nobody told stays blank."""
    keep(repository, "1", items=(), ship_by=until(None), deliver_by=until(None))

    (row,) = repository.order_rows(OrderQuery(), 0, 1)

    assert (None, None, 0, "", "", ()) == (
        row.ship_by,
        row.deliver_by,
        row.units,
        row.summary,
        row.place,
        row.warnings,
    )


def test_a_row_follows_its_purchase_and_its_label(repository: Repository) -> None:
    """Pending and tracking id are in the row as soon as they are in the journal."""

    def seen() -> tuple[bool, str]:
        (row,) = repository.order_rows(OrderQuery(), 0, 1)
        return row.purchase_pending, row.tracking_id

    keep(repository, ORDER_ID)
    assert seen() == (False, "")
    repository.transact(lambda tx: tx.put_purchase(journal(PurchaseState.INTENT)))
    assert seen() == (True, "")
    repository.transact(lambda tx: tx.put_label(label(tracking_id="1Z9")))
    repository.transact(lambda tx: tx.put_purchase(journal(PurchaseState.POSTED)))
    assert seen() == (False, "1Z9")
    assert ids(repository, OrderQuery(text="1z9")) == [ORDER_ID]
    keep(repository, ORDER_ID)
    assert seen() == (False, "1Z9")
    voided = label(tracking_id="1Z9", state=LabelState.VOIDED)
    repository.transact(lambda tx: tx.put_label(voided))
    assert seen() == (False, "")
    again = label(id=LabelId("l2"), tracking_id="1Z8")
    repository.transact(lambda tx: tx.put_label(again))
    assert seen() == (False, "1Z8")


def test_a_label_may_come_before_its_order(repository: Repository) -> None:
    """An order imported after its label shows the label at once."""
    repository.transact(lambda tx: tx.put_label(label()))
    assert repository.count_orders(OrderQuery()) == 0

    keep(repository, ORDER_ID)

    assert [row.tracking_id for row in repository.order_rows(OrderQuery(), 0, 1)] == ["1Z1"]


def test_orders_are_counted_by_status(shelf: Repository) -> None:
    """Every status has its count, zero included, and moves with its orders."""
    before = shelf.status_counts()
    keep(shelf, "1", status=OrderStatus.SHIPPED)
    after = shelf.status_counts()

    assert before == {
        status: {"Awaiting Shipment": 4, "Shipped": 1}.get(status, 0) for status in OrderStatus
    }
    assert (3, 2) == (after[OrderStatus.AWAITING_SHIPMENT], after[OrderStatus.SHIPPED])


def test_a_moment_before_the_year_one_thousand_is_a_moment(repository: Repository) -> None:
    """Nonsense from outside is kept and sorted, not refused."""
    keep(repository, "1", purchased_at=datetime(1, 1, 2, tzinfo=UTC))
    keep(repository, "2", purchased_at=datetime(9999, 12, 30, tzinfo=UTC))

    assert ["1", "2"] == ids(repository, OrderQuery(sort=OrderSort.PURCHASED))
