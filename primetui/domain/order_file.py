"""Rows of an order file become orders; what does not fit is named by line and column (R22)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.address import Address
from primetui.domain.columns import Columns, OrderField
from primetui.domain.order import (
    STANDING,
    FulfilledBy,
    Fulfillment,
    Order,
    OrderItem,
    OrderStatus,
    Prime,
)
from primetui.domain.shipment import ItemId, OrderId
from primetui.domain.store import Store, typed_country
from primetui.domain.value import Moment, Window
from primetui.errors import ConfigError

MOST_UNITS: Final = 99_999
LONGEST_TEXT: Final = 1_000
LONGEST_COLUMN_SHOWN: Final = 40
MOST_DOUBTS: Final = 10
"""Rows named with an order that cannot be shipped because of them."""
_ORDER_ID: Final = re.compile(r"[A-Za-z0-9#][A-Za-z0-9._#/-]{0,63}")
_UNITS: Final = re.compile(r"\d{1,5}")
_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|[+-]\d\d:?\d\d)?)?"
)
_YEARS: Final = range(1995, 2100)
_YES: Final = frozenset({"true", "yes", "y", "1"})
_NO: Final = frozenset({"false", "no", "n", "0"})
_ADDRESS: Final = {
    OrderField.NAME: "name",
    OrderField.COMPANY: "company",
    OrderField.LINE1: "line1",
    OrderField.LINE2: "line2",
    OrderField.LINE3: "line3",
    OrderField.CITY: "city",
    OrderField.REGION: "region",
    OrderField.POSTAL_CODE: "postal_code",
    OrderField.COUNTRY: "country",
    OrderField.PHONE: "phone",
    OrderField.EMAIL: "email",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: where, and what was expected there. It quotes no cell."""

    line: int
    column: str
    """As the file names it; blank is the whole row."""
    expected: str

    @property
    def place(self) -> str:
        """Name the place in the file."""
        if not self.column:
            return f"line {self.line}"
        return f"line {self.line}, column {self.column[:LONGEST_COLUMN_SHOWN]}"

    @property
    def sentence(self) -> str:
        """Say what was expected where."""
        return f"{self.place}: expected {self.expected}."


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row as it was understood: an item, and what the row says of its order."""

    line: int
    order_id: OrderId
    facts: "OrderFacts"
    item: OrderItem | None
    """None where it cannot be read."""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What every row of one order must say alike."""

    ordered_at: Moment | None = None
    ship_by: Moment | None = None
    deliver_by: Moment | None = None
    prime: Prime = Prime.UNKNOWN
    service_level: str = ""
    requested_service: str = ""
    sales_channel: str = ""
    ship_to: Address | None = None


@dataclass(slots=True)
class _Cells:
    """One row's cells by meaning; what is wrong with them gathers here."""

    line: int
    texts: Mapping[OrderField, str]
    columns: Columns
    zone: ZoneInfo
    faults: list[Fault] = field(default_factory=list)

    def fault(self, where: OrderField, expected: str) -> None:
        """Note that a cell is not what it should be."""
        self.faults.append(Fault(self.line, self.columns.name_of(where), expected))

    def blank(self, where: OrderField) -> bool:
        """Tell whether nothing stands there."""
        return not self.texts.get(where, "").strip()

    def text(self, where: OrderField) -> str:
        """Read one line of text; a line break inside a cell is a blank."""
        text = " ".join(self.texts.get(where, "").split())
        if len(text) > LONGEST_TEXT:
            self.fault(where, f"at most {LONGEST_TEXT:,} characters")
            return ""
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            self.fault(where, "text without control characters")
            return ""
        return text

    def units(self, where: OrderField, *, least: int = 0) -> int | None:
        """Read a number of units; None where there is none."""
        text = self.text(where)
        if not text:
            return None
        number = int(text) if _UNITS.fullmatch(text) and text.isascii() else -1
        if number < least:
            self.fault(where, f"a whole number from {least} to {MOST_UNITS:,}")
            return None
        return number

    def moment(self, where: OrderField, *, at_end: bool = False) -> datetime | None:
        """Read a time; one without a zone is in the account's, a date alone is a whole day."""
        text = self.text(where)
        if not text:
            return None
        read = _moment(text, self.zone, at_end=at_end)
        if read is None:
            self.fault(where, "a date such as 2026-11-23, or with a time 2026-11-23T15:00:00-05:00")
        return read

    def yes(self, where: OrderField) -> bool | None:
        """Read yes or no; None where nothing is said."""
        word = self.text(where).casefold()
        if word in _YES or word in _NO:
            return word in _YES
        if word:
            self.fault(where, "yes or no")
        return None


def read_row(line: int, cells: Sequence[str], columns: Columns, zone: ZoneInfo) -> OrderRow | Fault:
    """Understand a row, or say why it belongs to no order at all."""
    texts: dict[OrderField, str] = {
        where: cell
        for where, cell in zip(columns.fields, cells, strict=False)
        if where is not OrderField.IGNORE
    }
    row = _Cells(line, texts, columns, zone)
    order_id = row.text(OrderField.ORDER_ID)
    wanted = len(columns.fields)
    if len(cells) != wanted:
        fault = Fault(line, "", f"{wanted} cells, as the header has; it has {len(cells)}")
        known = _ORDER_ID.fullmatch(order_id)
        return OrderRow(line, OrderId(order_id), OrderFacts(), None, (fault,)) if known else fault
    if not _ORDER_ID.fullmatch(order_id):
        expected = "an order id: letters, digits and any of . _ - # /, at most 64"
        return Fault(line, columns.name_of(OrderField.ORDER_ID), expected)
    facts, item = _facts(row), _item(row)
    return OrderRow(line, OrderId(order_id), facts, item, tuple(row.faults))


def order_of(
    rows: Sequence[OrderRow], store: Store, doubts: Iterable[Fault], read_at: datetime
) -> Order | None:
    """Put one order together from its rows; None where no row of it says when and what.

    A row that cannot be read blocks buying for the whole order: shipped without that item it
    would be split.
    """
    whole = [(row.facts, row.facts.ordered_at, row.item) for row in rows]
    facts, at = next(((f, at) for f, at, item in whole if at and item), (None, None))
    if facts is None or at is None:
        return None
    order = Order(
        id=rows[0].order_id,
        store_id=store.id,
        marketplace_id=store.marketplace_id,
        sales_channel=facts.sales_channel,
        purchased_at=at,
        updated_at=read_at,
        fetched_at=read_at,
        status=OrderStatus.AWAITING_SHIPMENT,
        fulfillment=Fulfillment.UNSHIPPED,
        fulfilled_by=FulfilledBy.MERCHANT,
        prime=facts.prime,
        service_level=facts.service_level,
        requested_service=facts.requested_service,
        ship_by=Window(latest=facts.ship_by),
        deliver_by=Window(latest=facts.deliver_by),
        ship_to=facts.ship_to,
    )
    return with_items(order, [row.item for row in rows if row.item], doubts)


def with_items(order: Order, items: Iterable[OrderItem], doubts: Iterable[Fault]) -> Order:
    """Add items to an order, the first with an id counts, and what is doubted about it."""
    known: dict[ItemId, OrderItem] = {}
    for item in (*order.items, *items):
        known.setdefault(item.id, item)
    together = tuple(known.values())
    how_far = _fulfillment(together)
    words = dict.fromkeys([*order.unrecognised, *(doubt.place for doubt in doubts)])
    return order.model_copy(
        update={
            "items": together,
            "fulfillment": how_far,
            "status": STANDING[how_far],
            "unrecognised": tuple(words)[:MOST_DOUBTS],
        }
    )


def contradictions(rows: Sequence[OrderRow], columns: Columns) -> Iterator[Fault]:
    """Find rows of one order that do not belong together: other facts, or an item twice.

    The very same line with the very same item id is harmless: a file may hold a row twice.
    """
    own_ids = OrderField.ITEM_ID in columns.fields
    items: dict[ItemId, OrderItem] = {}
    first = rows[0]
    for row in rows:
        if row.item is None:
            continue
        if first.item is None:
            first = row
        if row.facts != first.facts:
            yield Fault(row.line, "", f"the same order facts and address as line {first.line}")
        twin = items.setdefault(row.item.id, row.item)
        if twin is not row.item and not (own_ids and twin == row.item):
            yield Fault(row.line, columns.name_of(OrderField.ITEM_ID), "an item id of its own")


def continues(kept: Order, later: Order) -> bool:
    """Tell whether two parts of a file speak alike of one order."""
    between = {"items", "status", "fulfillment", "unrecognised", "updated_at", "fetched_at"}
    return all(
        getattr(kept, name) == getattr(later, name)
        for name in Order.model_fields
        if name not in between
    )


def _facts(row: _Cells) -> OrderFacts:
    prime = row.yes(OrderField.PRIME)
    if row.blank(OrderField.ORDERED_AT):
        row.fault(OrderField.ORDERED_AT, "the date of the order")
    return OrderFacts(
        ordered_at=row.moment(OrderField.ORDERED_AT),
        ship_by=row.moment(OrderField.SHIP_BY, at_end=True),
        deliver_by=row.moment(OrderField.DELIVER_BY, at_end=True),
        prime={True: Prime.YES, False: Prime.NO, None: Prime.UNKNOWN}[prime],
        service_level=row.text(OrderField.SERVICE_LEVEL),
        requested_service=row.text(OrderField.REQUESTED_SERVICE),
        sales_channel=row.text(OrderField.SALES_CHANNEL),
        ship_to=_address(row),
    )


def _address(row: _Cells) -> Address | None:
    """Read the receiver; None where the file names none."""
    texts = {name: row.text(where) for where, name in _ADDRESS.items()}
    if texts["country"]:
        texts["country"] = _country(row, texts["country"])
    address = Address(**texts)
    return None if address == Address() else address


def _country(row: _Cells, typed: str) -> str:
    try:
        return typed_country(typed)
    except ConfigError:
        row.fault(OrderField.COUNTRY, "two letters, such as US, GB or DE")
        return ""


def _item(row: _Cells) -> OrderItem | None:
    """Read the item; None where nobody can say how many there are."""
    quantity = row.units(OrderField.QUANTITY, least=1)
    if quantity is None:
        if row.blank(OrderField.QUANTITY):
            row.fault(OrderField.QUANTITY, f"a whole number from 1 to {MOST_UNITS:,}")
        return None
    sku = row.text(OrderField.SKU)
    item_id = row.text(OrderField.ITEM_ID) or sku
    if not item_id:
        row.fault(OrderField.ITEM_ID, "an item id, or a SKU in its place")
        return None
    shipped = row.units(OrderField.QUANTITY_SHIPPED)
    to_ship = row.units(OrderField.QUANTITY_TO_SHIP)
    gone = quantity - to_ship if to_ship is not None else shipped or 0
    if gone < 0 or gone > quantity:
        row.fault(OrderField.QUANTITY, "at least as many as are shipped or to be shipped")
        gone = 0
    return OrderItem(
        id=ItemId(item_id),
        sku=sku,
        title=row.text(OrderField.TITLE),
        quantity=quantity,
        quantity_shipped=gone,
        cancellation_requested=row.yes(OrderField.CANCELLATION) or False,
    )


def _fulfillment(items: Sequence[OrderItem]) -> Fulfillment:
    if not any(item.to_ship for item in items):
        return Fulfillment.SHIPPED
    begun = any(item.quantity_shipped for item in items)
    return Fulfillment.PARTIALLY_SHIPPED if begun else Fulfillment.UNSHIPPED


def _moment(text: str, zone: ZoneInfo, *, at_end: bool) -> datetime | None:
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    day, clock, offset = found.groups()
    try:
        read = datetime.fromisoformat(f"{day}T{clock or '00:00'}{offset or ''}")
    except ValueError:
        return None
    if read.year not in _YEARS:
        return None
    if clock is None and at_end:
        read = datetime.combine(read.date(), time(23, 59, 59))
    return read if read.tzinfo else read.replace(tzinfo=zone)
