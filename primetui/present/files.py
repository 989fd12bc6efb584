"""Order files in words: how one is written, what its columns mean, which orders it brings."""

from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.columns import Columns, OrderField
from primetui.domain.order import Order
from primetui.ports.tables import TableForm
from primetui.present.figures import count, moment, plain

_BETWEEN: Final = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}


def file_form(form: TableForm) -> str:
    """Say how a file is written, and whether its encoding is a guess."""
    guess = " (a guess: --encoding NAME says otherwise)" if form.guessed else ""
    between = _BETWEEN.get(form.delimiter, plain(form.delimiter))
    return f"{form.encoding}{guess}, cells between {between}"


def column_meanings(columns: Columns) -> str:
    """Say which column holds what: `order-id from 'Order No'`."""
    pairs = zip(columns.fields, columns.names, strict=True)
    return ", ".join(
        f"{field} from '{plain(name)}'" for field, name in pairs if field is not OrderField.IGNORE
    )


def ignored_columns(columns: Columns) -> str:
    """Name the columns that mean nothing to us."""
    return ", ".join(f"'{plain(name)}'" for name in columns.ignored) or "none"


def file_order(order: Order, zone: ZoneInfo) -> str:
    """Write an order of a file in one line; nobody's name or address is in it."""
    units = sum(item.quantity for item in order.items)
    words = [
        plain(order.id),
        count(units, "unit"),
        f"Prime: {order.prime}",
        f"ordered {moment(order.purchased_at, zone)}",
        f"ship by {moment(order.ship_by.latest, zone)}",
    ]
    if order.unrecognised:
        words.append(f"cannot be shipped because of {plain('; '.join(order.unrecognised))}")
    return "  ".join(words)
