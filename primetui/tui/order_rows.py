"""Rows of the orders grid, read from the store's index as the grid asks for them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from primetui import present
from primetui.domain.order import PRIME_TAG, OrderStatus, Prime
from primetui.errors import RepositoryError
from primetui.ports import Desk, OrderQuery, OrderRow, Presence
from primetui.present.company import also_here
from primetui.tui.company import others
from primetui.tui.widgets.columns import Cell, Column, LiveCell, Row, Span, Tone

NEIGHBOURS: Final = 500
"""How far from its old place a row is looked for when the list changed."""
OVER: Final = frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED})
"""Statuses in which nothing is urgent any more."""

WARNINGS: Final = {
    "cancellation requested": "buyer asks to cancel",
    "confirmation": "confirmation needed",
    "unrecognised": "unknown word",
}
"""The index's short words, for people."""

SHIP_BY: Final = Column("ship_by", "Ship by", 12)
ORDER: Final = Column("id", "Order", 19)
PRIME: Final = Column("prime", "Prime", 5)
STATUS: Final = Column("status", "Status", 19, rank=3)
NOTE: Final = Column("note", "Note", 14, flex=1, rank=1)
ITEMS: Final = Column("items", "Items", 16, flex=4, rank=2)
PLACE: Final = Column("place", "To", 14, flex=1, rank=6)
SERVICE: Final = Column("service", "Service", 10, rank=4)
DELIVER_BY: Final = Column("deliver_by", "Deliver by", 12, rank=5)
STORE: Final = Column("store", "Store", 12, flex=1, rank=7)
PURCHASED: Final = Column("purchased_at", "Ordered", 12, rank=8)
COLUMNS: Final = (
    SHIP_BY,
    ORDER,
    PRIME,
    STATUS,
    NOTE,
    ITEMS,
    PLACE,
    SERVICE,
    DELIVER_BY,
    STORE,
    PURCHASED,
)


def countdown(row_by: datetime | None, desk: Desk) -> LiveCell:
    """Make a cell that counts down to a ship-by time; its sign does not need its colour."""

    def cell() -> Cell:
        now = desk.clock.now()
        words = present.time_left(row_by, now)
        if row_by is None:
            return (Span(words, Tone.MUTED),)
        if row_by < now:
            return (Span(words, Tone.BAD),)
        if row_by - now < desk.policy.urgent:
            return (Span(f"! {words}", Tone.WARN),)
        return (Span(words),)

    return cell


class OrderRows:
    """The orders that a query finds; trouble in reading them is told, not raised, while painting.

    `near` is where the cursor stood: a row is looked for around it when the list changed.
    """

    def __init__(
        self, desk: Desk, query: OrderQuery, *, near: int, trouble: Callable[[str], None]
    ) -> None:
        self._desk = desk
        self._query = query
        self._near = near
        self._trouble = trouble
        self._zone = desk.repository.account().zone
        self._at_work = others(desk.repository.presence())
        self._stores = {store.id: store.name for store in desk.repository.stores()}

    def count(self) -> int:
        """Count the orders."""
        return self._desk.repository.count_orders(self._query)

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Read some of the orders."""
        try:
            found = self._desk.repository.order_rows(self._query, start, stop)
        except RepositoryError as error:
            self._trouble(str(error))
            return ()
        return [self._row(row) for row in found]

    def position(self, row_id: str) -> int | None:
        """Look for an order around where the cursor stood."""
        start = max(0, self._near - NEIGHBOURS)
        found = self._desk.repository.order_rows(self._query, start, self._near + NEIGHBOURS)
        return next((start + n for n, row in enumerate(found) if row.id == row_id), None)

    def _row(self, row: OrderRow) -> Row:
        zone: ZoneInfo = self._zone
        over = row.status in OVER
        return Row(
            row.id,
            (
                (Span("–", Tone.MUTED),) if over else countdown(row.ship_by, self._desk),
                (Span(row.id),),
                prime_sign(row.prime),
                (Span(row.status),),
                (*self._company(row), *_note(row)),
                (Span(f"{row.units}× {row.summary}"),),
                (Span(row.place or "–"),),
                (Span(row.service_level),),
                (Span(present.short_moment(row.deliver_by, zone)),),
                (Span(self._stores.get(row.store_id, "removed")),),
                (Span(present.short_moment(row.purchased_at, zone)),),
            ),
        )

    def _company(self, row: OrderRow) -> Cell:
        """Say who else is on the order: two must not work on one parcel unawares."""
        here: list[Presence] = [one for one in self._at_work if one.order_id == row.id]
        return (Span(f"@ {also_here(here, self._zone)}  ", Tone.PRIME),) if here else ()


def prime_sign(prime: Prime) -> Cell:
    """Say whether an order is Prime; not knowing is shown, since it blocks buying."""
    match prime:
        case Prime.YES:
            return (Span("Prime", Tone.PRIME),)
        case Prime.UNKNOWN:
            return (Span("?", Tone.WARN),)
        case Prime.NO:
            return (Span("–", Tone.MUTED),)


def _note(row: OrderRow) -> Cell:
    """Say what to know first: an unsettled purchase, a warning, a label, a tag."""
    if row.purchase_pending:
        return (Span("! purchase not settled", Tone.WARN),)
    if row.warnings:
        words = (WARNINGS.get(warning, warning) for warning in row.warnings)
        return (Span("! " + ", ".join(words), Tone.WARN),)
    if row.tracking_id:
        return (Span(f"✓ {row.tracking_id}", Tone.GOOD),)
    # The built-in tag would only say again what the Prime column says.
    return (Span(", ".join(tag for tag in row.tags if tag != PRIME_TAG), Tone.MUTED),)
