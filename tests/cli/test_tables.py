"""Lists line up, and a date that is years ago says its year."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui import bootstrap, present
from primetui.config import Settings
from primetui.domain.value import Window
from primetui.ports import Writes
from primetui.usecases.find_orders import parse_filter
from tests.cli.program import Console

LONG = "Northwind Paper and Envelopes of Old Amsterdam"


def cells(text: str) -> int:
    """Count what a terminal would advance."""
    wide = sum(unicodedata.east_asian_width(c) in {"W", "F"} for c in text)
    marks = sum(unicodedata.category(c) in {"Mn", "Me"} for c in text)
    return len(text) + wide - marks


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("", 3, "   "),
        ("ab", 3, "ab "),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("日本", 4, "日本"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日… "),
        ("\x1b[31m", 5, "␛[31m"),
        ("a", 0, ""),
    ],
)
def test_a_column_is_filled_exactly(text: str, width: int, shown: str) -> None:
    """Cut with an ellipsis at the last cell that holds a whole letter, padded to the next column."""
    assert shown == present.column(text, width)


@given(st.text(max_size=60), st.integers(min_value=0, max_value=40))
def test_every_text_fills_its_column(text: str, width: int) -> None:
    """However wide its letters are."""
    assert width == cells(present.column(text, width))


def test_every_row_of_the_orders_has_its_columns_at_the_same_place(console: Console) -> None:
    """Unknown dates, long names and wide letters move nothing; the status starts at one cell."""
    with bootstrap.open_desk(Settings(home=console.home, operator="tester")) as desk:
        one, two = desk.repository.stores()
        first = desk.repository.order_rows(parse_filter(desk, ""), 0, 1)[0]
        record = desk.repository.order(first.id)
        assert record is not None
        dateless = record.order.model_copy(update={"deliver_by": Window()})
        renamed = (one.model_copy(update={"name": LONG}), two.model_copy(update={"name": "日本"}))

        def write(tx: Writes) -> None:
            tx.put_order(record.model_copy(update={"order": dateless}))
            for store in renamed:
                tx.put_store(store)

        desk.repository.transact(write)
    orders = console.json("orders", "--limit", "1000")["orders"]

    lines = console.run("orders", "--limit", "1000").out.splitlines()

    assert any(order["deliver_by"] is None for order in orders)
    names = {one.id: f"{LONG[:23]}…", two.id: "日本" + " " * 20}
    assert len(orders) == len(lines)
    for order, line in zip(orders, lines, strict=True):
        before, name, _ = line.partition(names[order["store_id"]])
        assert name, line
        assert 77 == cells(before), line
        assert order["status"] == before[56:75].rstrip()


def test_the_date_a_store_was_connected_has_its_year(console: Console) -> None:
    """It decides where Prime orders land (R1), and may be years ago."""
    (store, *_) = console.json("stores", "list")["stores"]

    assert f"connected {store['connected_at'][:4]}-" in console.run("stores", "list").out
