"""Rows of an order file become orders, and what does not fit is named without being quoted."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.domain.address import Address
from primetui.domain.columns import Columns, OrderField, columns
from primetui.domain.order import Fulfillment, Order, OrderStatus, Prime
from primetui.domain.order_file import (
    Fault,
    OrderRow,
    continues,
    contradictions,
    order_of,
    read_row,
    with_items,
)
from tests.domain.made import store

READ_AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
USUAL = {
    "order-id": "111-1111111-1111111",
    "item-id": "1",
    "sku": "MUG",
    "title": "Mug",
    "quantity": "2",
    "quantity-shipped": "",
    "quantity-to-ship": "",
    "ordered-at": "2026-11-22T10:00:00+00:00",
    "ship-by": "2026-11-24T23:59:59-08:00",
    "deliver-by": "",
    "prime": "true",
    "cancellation": "",
    "name": "Ann Example",
    "line1": "1 Elm Street",
    "city": "Springfield",
    "country": "us",
}
MEANT = Columns(tuple(OrderField(name) for name in USUAL), tuple(USUAL))
MANUAL = store(marketplace_id="")


def row(line: int = 2, /, **changes: str) -> OrderRow | Fault:
    """Read a row that differs from the usual one."""
    named = {name.replace("_", "-"): text for name, text in changes.items()}
    return read_row(line, list((USUAL | named).values()), MEANT, NEW_YORK)


def good(line: int = 2, /, **changes: str) -> OrderRow:
    """Read a row that belongs to an order."""
    read = row(line, **changes)
    assert isinstance(read, OrderRow), read
    return read


def made(*rows: OrderRow, doubts: tuple[Fault, ...] = ()) -> Order:
    """Put an order together that must be one."""
    order = order_of(rows, MANUAL, doubts, READ_AT)
    assert order is not None
    return order


def test_a_row_becomes_an_order() -> None:
    """With its item, its times, its receiver and the file's own word for Prime."""
    order = made(good())

    assert ("111-1111111-1111111", MANUAL.id) == (order.id, order.store_id)
    assert (Prime.YES, OrderStatus.AWAITING_SHIPMENT) == (order.prime, order.status)
    assert datetime(2026, 11, 22, 10, tzinfo=UTC) == order.purchased_at
    assert datetime(2026, 11, 25, 7, 59, 59, tzinfo=UTC) == order.ship_by.latest
    assert order.deliver_by.latest is None
    assert [("1", "MUG", "Mug", 2, 2)] == [
        (i.id, i.sku, i.title, i.quantity, i.to_ship) for i in order.items
    ]
    address = Address(name="Ann Example", line1="1 Elm Street", city="Springfield", country="US")
    assert address == order.ship_to
    assert () == order.unrecognised


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("true", Prime.YES), ("TRUE", Prime.YES), ("Yes", Prime.YES), ("1", Prime.YES),
        ("false", Prime.NO), ("No", Prime.NO), ("0", Prime.NO), ("", Prime.UNKNOWN),
    ],
)  # fmt: skip
def test_prime_is_what_the_file_says(typed: str, expected: Prime) -> None:
    """Nothing said is not known, and blocks later: R22."""
    read = good(prime=typed)

    assert (expected, ()) == (made(read).prime, read.faults)


def test_without_a_column_prime_is_unknown() -> None:
    """A file that does not speak of it proves nothing."""
    meant = columns(("order-id", "sku", "quantity", "date"), {})
    read = read_row(2, ["A1", "MUG", "1", "2026-11-22"], meant, NEW_YORK)

    assert isinstance(read, OrderRow)
    assert (Prime.UNKNOWN, None) == (made(read).prime, made(read).ship_to)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22T10:00:00.5+00:00", datetime(2026, 11, 22, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-22T10:00:00+0100", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("2026-11-22 10:00", datetime(2026, 11, 22, 15, tzinfo=UTC)),
        ("2026-11-22 10:00:30", datetime(2026, 11, 22, 15, 0, 30, tzinfo=UTC)),
        ("2026-07-01 10:00", datetime(2026, 7, 1, 14, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 23, 4, 59, 59, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC)),
        ("2026-03-08", datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_the_accounts_and_a_date_its_whole_day(
    text: str, expected: datetime
) -> None:
    """A deadline given as a day lasts to its end, on days of 23 and 25 hours too."""
    assert expected == made(good(ship_by=text)).ship_by.latest


def test_a_date_of_an_order_is_the_days_beginning() -> None:
    """Only deadlines last to the end."""
    ordered = made(good(ordered_at="2026-11-22")).purchased_at

    assert datetime(2026, 11, 22, 5, tzinfo=UTC) == ordered


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"quantity": ""}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "1.5"}, "quantity"),
        ({"quantity": "two"}, "quantity"),
        ({"quantity": "100000"}, "quantity"),
        ({"quantity": "٣"}, "quantity"),
        ({"quantity": "1", "quantity_shipped": "2"}, "quantity"),
        ({"quantity": "1", "quantity_to_ship": "2"}, "quantity"),
        ({"quantity_shipped": "x"}, "quantity-shipped"),
        ({"item_id": "", "sku": ""}, "item-id"),
        ({"ordered_at": ""}, "ordered-at"),
        ({"ordered_at": "11/22/2026"}, "ordered-at"),
        ({"ordered_at": "2026-13-01"}, "ordered-at"),
        ({"ordered_at": "2026-02-29"}, "ordered-at"),
        ({"ordered_at": "1994-12-31"}, "ordered-at"),
        ({"ordered_at": "2100-01-01"}, "ordered-at"),
        ({"ordered_at": "2026-11-22T25:00"}, "ordered-at"),
        ({"ship_by": "soon"}, "ship-by"),
        ({"deliver_by": "2026-11-22T10:00:00+99:00"}, "deliver-by"),
        ({"prime": "maybe"}, "prime"),
        ({"cancellation": "?"}, "cancellation"),
        ({"country": "United States"}, "country"),
        ({"country": "ß"}, "country"),
        ({"title": "Mug\x00"}, "title"),
        ({"name": "Ann\x1b[31m"}, "name"),
        ({"line1": "x" * 1001}, "line1"),
        ({"sku": "\x9bMUG"}, "sku"),
    ],
)
def test_R22_a_cell_that_does_not_fit_is_named_and_not_quoted(
    changes: dict[str, str], column: str
) -> None:
    """R22: by line and column, with what was expected; a wrong column may hold a person."""
    read = good(7, **changes)

    assert [(7, column)] == [(fault.line, fault.column) for fault in read.faults]
    (fault,) = read.faults
    assert fault.sentence.startswith(f"line 7, column {column}: expected ")
    for text in changes.values():
        assert len(text) < 4 or text not in fault.sentence


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Mug  ", "Mug"),
        ("two\nlines", "two lines"),
        ("tab\there", "tab here"),
        ("x" * 1000, "x" * 1000),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("ガラスのコップ", "ガラスのコップ"),
    ],
)
def test_text_is_kept_as_it_is(text: str, kept: str) -> None:
    """On one line; a formula is text like any other."""
    read = good(title=text)

    assert ((), kept) == (read.faults, made(read).items[0].title)


@pytest.mark.parametrize(
    "order_id",
    ["", " ", "=1+1", "-1", "@x", "+1", "a b", "a\x00b", "é1", "x" * 65, "../x", ".x", "1;2"],
)
def test_a_row_without_an_order_id_belongs_to_no_order(order_id: str) -> None:
    """It is a fault alone."""
    found = row(3, order_id=order_id)

    assert isinstance(found, Fault)
    assert (3, "order-id") == (found.line, found.column)


@pytest.mark.parametrize("order_id", ["1", "#1001", "A-1_b.c/2", "x" * 64, " 111-1 "])
def test_an_order_id_is_any_plain_word(order_id: str) -> None:
    """Shops number their orders as they like."""
    assert order_id.strip() == good(order_id=order_id).order_id


@pytest.mark.parametrize("count", [0, 1, len(USUAL) - 1, len(USUAL) + 1])
def test_a_row_of_another_length_is_a_fault(count: int) -> None:
    """It belongs to the order it seems to name, and spoils that one: R22."""
    cells = [*USUAL.values(), "more"][:count]
    found = read_row(5, cells, MEANT, NEW_YORK)

    fault = found.faults[0] if isinstance(found, OrderRow) else found
    words = f"line 5: expected {len(USUAL)} cells, as the header has; it has {count}."
    assert words == fault.sentence
    assert (count > 0) == isinstance(found, OrderRow)
    assert isinstance(found, Fault) or found.item is None


@pytest.mark.parametrize(
    ("changes", "gone", "fulfillment", "status"),
    [
        ({}, 0, Fulfillment.UNSHIPPED, OrderStatus.AWAITING_SHIPMENT),
        ({"quantity_shipped": "0"}, 0, Fulfillment.UNSHIPPED, OrderStatus.AWAITING_SHIPMENT),
        (
            {"quantity_shipped": "1"},
            1,
            Fulfillment.PARTIALLY_SHIPPED,
            OrderStatus.AWAITING_SHIPMENT,
        ),
        ({"quantity_shipped": "2"}, 2, Fulfillment.SHIPPED, OrderStatus.SHIPPED),
        ({"quantity_to_ship": "2"}, 0, Fulfillment.UNSHIPPED, OrderStatus.AWAITING_SHIPMENT),
        (
            {"quantity_to_ship": "1"},
            1,
            Fulfillment.PARTIALLY_SHIPPED,
            OrderStatus.AWAITING_SHIPMENT,
        ),
        ({"quantity_to_ship": "0"}, 2, Fulfillment.SHIPPED, OrderStatus.SHIPPED),
    ],
)
def test_what_is_shipped_follows_from_the_quantities(
    changes: dict[str, str], gone: int, fulfillment: Fulfillment, status: OrderStatus
) -> None:
    """What is still to be shipped counts before what is shipped."""
    order = made(good(**changes))

    assert (gone, fulfillment, status) == (
        order.items[0].quantity_shipped, order.fulfillment, order.status,
    )  # fmt: skip


def test_rows_of_one_order_are_its_items() -> None:
    """The buyer's wish to cancel is an item's own."""
    order = made(good(), good(3, item_id="2", cancellation="true"))

    assert ["1", "2"] == [item.id for item in order.items]
    assert order.wants_cancellation
    assert [] == list(contradictions([good(), good(3, item_id="2", cancellation="yes")], MEANT))


@pytest.mark.parametrize(
    ("second", "places"),
    [
        ({"item_id": "2"}, []),
        ({}, []),
        ({"quantity": "3"}, ["line 3, column item-id"]),
        ({"item_id": "2", "ship_by": "2026-11-25"}, ["line 3"]),
        ({"item_id": "2", "prime": "false"}, ["line 3"]),
        ({"item_id": "2", "city": "Shelbyville"}, ["line 3"]),
        ({"quantity": "x", "city": "Shelbyville"}, []),
    ],
)
def test_R22_rows_that_do_not_belong_together_are_named(
    second: dict[str, str], places: list[str]
) -> None:
    """R22: other facts, or an item twice; the very same row twice is harmless."""
    found = contradictions([good(), good(3, **second)], MEANT)

    assert places == [fault.place for fault in found]


def test_R22_an_item_named_by_its_sku_alone_cannot_come_twice() -> None:
    """R22: nobody knows whether it is the same row again or one more."""
    meant = Columns(
        tuple(OrderField.IGNORE if f is OrderField.ITEM_ID else f for f in MEANT.fields),
        MEANT.names,
    )
    rows = [read_row(line, list(USUAL.values()), meant, NEW_YORK) for line in (2, 3)]

    found = list(contradictions([r for r in rows if isinstance(r, OrderRow)], meant))

    assert ["line 3, column item-id"] == [fault.place for fault in found]


def test_R22_a_row_that_cannot_be_read_blocks_its_order() -> None:
    """R22: the order is kept with the good rows and says which row is missing."""
    bad = good(3, item_id="2", quantity="x")

    order = made(good(), bad, doubts=bad.faults)

    assert ["1"] == [item.id for item in order.items]
    assert ("line 3, column quantity",) == order.unrecognised


@pytest.mark.parametrize("changes", [{"quantity": "x"}, {"ordered_at": "x"}])
def test_R22_an_order_without_a_good_row_is_none(changes: dict[str, str]) -> None:
    """R22: it is only named among the faults."""
    assert order_of([good(**changes)], MANUAL, (), READ_AT) is None


def test_R22_an_orders_doubts_are_a_few() -> None:
    """R22: ten places are enough to look at, each once."""
    doubts = [Fault(line, "quantity", "x") for line in (*range(30), *range(30))]

    assert 10 == len(set(made(good(), doubts=tuple(doubts)).unrecognised))


def test_a_long_column_name_is_cut() -> None:
    """It comes from outside, and stands in a document."""
    assert "line 1, column " + "x" * 40 == Fault(1, "x" * 99, "y").place


def test_rows_that_stand_apart_are_added() -> None:
    """The first row with an item's id counts."""
    order = made(good())
    later = made(good(9, item_id="2"), good(10, quantity="5"))

    together = with_items(order, later.items, (Fault(9, "", "x"),))

    assert [("1", 2), ("2", 2)] == [(item.id, item.quantity) for item in together.items]
    assert ("line 9",) == together.unrecognised
    assert continues(order, later)
    assert not continues(order, made(good(city="Shelbyville")))
    assert not continues(order, made(good(prime="")))


cell = st.text(max_size=30) | st.sampled_from([*USUAL.values(), "", "2026-11-22", "true", "3"])


@given(st.lists(cell, max_size=len(USUAL) + 1))
def test_R22_no_cells_make_it_crash(cells: list[str]) -> None:
    """R22: any row is an order's, or a fault, and never both good and wrong."""
    read: Any = read_row(2, cells, MEANT, NEW_YORK)

    if isinstance(read, OrderRow):
        order = order_of([read], MANUAL, read.faults, READ_AT)
        assert order is None or bool(order.unrecognised) == bool(read.faults)
        if order is not None:
            assert order == Order.model_validate_json(order.model_dump_json())
