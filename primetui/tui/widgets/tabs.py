"""The line of statuses with their counts; the one shown stands in brackets."""

from collections.abc import Mapping
from typing import Final

from rich.text import Text
from textual.widget import Widget

from primetui.domain.order import OrderStatus
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import line

LISTS: Final[tuple[OrderStatus | None, ...]] = (
    OrderStatus.AWAITING_SHIPMENT,
    OrderStatus.PENDING_FULFILLMENT,
    OrderStatus.ON_HOLD,
    OrderStatus.AWAITING_PAYMENT,
    OrderStatus.SHIPPED,
    OrderStatus.CANCELLED,
    None,
)
"""The lists in the order of a merchant's day; None is all of them."""

SHORT: Final[Mapping[OrderStatus | None, str]] = {
    OrderStatus.AWAITING_SHIPMENT: "Awaiting",
    OrderStatus.PENDING_FULFILLMENT: "Pending",
    OrderStatus.ON_HOLD: "Hold",
    OrderStatus.AWAITING_PAYMENT: "Unpaid",
    OrderStatus.SHIPPED: "Shipped",
    OrderStatus.CANCELLED: "Cancelled",
    None: "All",
}
"""Names of the lists that are not shown; the one that is has its full name."""


class StatusTabs(Widget):
    """One line: every status that has orders, with its count."""

    def __init__(self) -> None:
        super().__init__()
        self.status: OrderStatus | None = LISTS[0]
        self._counts: Mapping[OrderStatus, int] = {}

    def show(self, counts: Mapping[OrderStatus, int]) -> None:
        """Show new counts."""
        if dict(counts) != dict(self._counts):
            self._counts = dict(counts)
            self.refresh()

    def turn(self, by: int) -> None:
        """Go to the next list that holds orders, or back, round and round."""
        here = LISTS.index(self.status)
        around = [LISTS[(here + by * step) % len(LISTS)] for step in range(1, len(LISTS) + 1)]
        self.status = next((status for status in around if self._count(status)), self.status)
        self.refresh()

    @property
    def total(self) -> int:
        """All orders there are."""
        return sum(self._counts.values())

    def render(self) -> Text:
        """Write the line."""
        return line(*(span for status in LISTS for span in self._tab(status)))

    def _count(self, status: OrderStatus | None) -> int:
        return self.total if status is None else self._counts.get(status, 0)

    def _tab(self, status: OrderStatus | None) -> tuple[Span, ...]:
        count = self._count(status)
        if status is self.status:
            name = "All orders" if status is None else status.value
            return (Span(f"[{name} {count:,}]", Tone.STRONG), Span(" "))
        return (Span(f" {SHORT[status]} {count:,}"), Span(" ")) if count else ()
