"""What a file of orders holds, as three tables: its orders, its columns, what cannot be read."""

from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from primetui import present
from primetui.domain.columns import OrderField, normal
from primetui.domain.order import Order
from primetui.domain.order_file import Fault
from primetui.tui.order_rows import prime_sign
from primetui.tui.widgets.columns import Column, Row, Span, Tone
from primetui.usecases.import_file import FileImport

MOST_FAULTS: Final = 1_000
"""Rows of faults that are listed."""

ORDER_COLUMNS: Final = (
    Column("id", "Order", 19, flex=1),
    Column("prime", "Prime", 5),
    Column("units", "Units", 5, right=True),
    Column("ordered", "Ordered", 12),
    Column("ship_by", "Ship by", 12),
    Column("deliver_by", "Deliver by", 12, rank=1),
    Column("note", "Note", 14, flex=2),
)
COLUMN_COLUMNS: Final = (
    Column("name", "Column of the file", 24, flex=1),
    Column("field", "Means", 24, flex=1),
)
FAULT_COLUMNS: Final = (
    Column("line", "Line", 6, right=True),
    Column("column", "Column", 18, flex=1),
    Column("expected", "Expected", 30, flex=3),
)


class FileTable(StrEnum):
    """A table about a file."""

    ORDERS = "Orders"
    COLUMNS = "Columns"
    FAULTS = "Errors"


def order_rows(sample: tuple[Order, ...], zone: ZoneInfo) -> list[Row]:
    """Write the first orders of a file: where they go and to whom stays out of it."""
    return [_order(order, zone) for order in sample]


def _order(order: Order, zone: ZoneInfo) -> Row:
    units = sum(item.quantity for item in order.items)
    doubt = "; ".join(order.unrecognised)
    return Row(
        order.id,
        (
            (Span(order.id),),
            prime_sign(order.prime),
            (Span(str(units)),),
            (Span(present.short_moment(order.purchased_at, zone)),),
            (Span(present.short_moment(order.ship_by.latest, zone)),),
            (Span(present.short_moment(order.deliver_by.latest, zone)),),
            (Span(f"! {doubt}" if doubt else "", Tone.WARN),),
        ),
    )


def column_rows(header: tuple[str, ...], done: FileImport | None) -> list[Row]:
    """Write what each column means; those that mean nothing are faint."""
    fields = done.columns.fields if done else (OrderField.IGNORE,) * len(header)
    return [
        Row(f"{number}", ((Span(name),), (_meaning(field),)))
        for number, (name, field) in enumerate(zip(header, fields, strict=True))
    ]


def _meaning(field: OrderField) -> Span:
    if field is OrderField.IGNORE:
        return Span("– not used", Tone.MUTED)
    return Span(field.value)


def fault_rows(faults: tuple[Fault, ...]) -> list[Row]:
    """Write where what was expected; no cell is quoted."""
    return [
        Row(
            f"{number}",
            ((Span(f"{one.line:,}"),), (Span(one.column or "the row"),), (Span(one.expected),)),
        )
        for number, one in enumerate(faults[:MOST_FAULTS])
    ]


def column_key(header: tuple[str, ...], row_id: str) -> str:
    """Give the name under which what a column means is kept."""
    return normal(header[int(row_id)])
