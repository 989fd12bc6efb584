"""Who we talk to: where orders come from and who sells labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from primetui.domain.address import Address
from primetui.domain.clearance import ClearedShipment
from primetui.domain.label import Label, PurchaseKey, Refund
from primetui.domain.money import Money
from primetui.domain.notice import Notice
from primetui.domain.order import Order
from primetui.domain.rate import Offers
from primetui.domain.shipment import DocumentFormat, OrderId, Shipment


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of changed orders; what could not be read is named, never dropped in silence."""

    orders: tuple[Order, ...]
    errors: tuple[str, ...] = ()
    next_mark: str = ""
    """Where the next page begins, as far as it can be asked for by another process."""
    handed_over: frozenset[OrderId] = frozenset()
    """Which of the orders wait to be acknowledged once they are kept (R19)."""


class Marketplace(Protocol):
    """Where a store's orders come from. Every call may raise a PortError."""

    def test(self) -> tuple[str, ...]:
        """Try the credentials; give the ids of the marketplaces they open."""
        ...

    def changed_orders(self, since: datetime, mark: str = "") -> Iterator[OrderPage]:
        """Read merchant-fulfilled orders that changed since then, page by page.

        A mark of an earlier page goes on after it; it may be refused when it is too old.

        `order.status` is as the marketplace alone would have it; landing is decided elsewhere.
        """
        ...

    def order(self, order_id: OrderId, *, with_address: bool = False) -> Order:
        """Read one order afresh with its packages and cancellation requests."""
        ...

    def acknowledge(self, own_ids: Sequence[str]) -> None:
        """Say that these orders, by the marketplace's own numbers, are safely kept here.

        Nothing happens where orders are not handed over. Repeating it changes nothing.
        """
        ...

    def confirm(self, notice: Notice) -> None:
        """Tell the marketplace of a package; the same reference again edits it.

        Raises NotDone when it was certainly not taken, Unsure when it may have been. Taken is
        not yet listed: only the order's packages prove that.
        """
        ...


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that came with a label."""

    format: DocumentFormat
    kind: str
    content: bytes

    def __repr__(self) -> str:
        """Show no content: a label names a person."""
        return f"Paper({self.format}, {self.kind!r}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Bought:
    """A provider's answer to a purchase."""

    shipment_id: str
    package_reference: str
    tracking_id: str
    charge: Money | None
    """None where the answer does not repeat it."""
    papers: tuple[Paper, ...]
    """Empty when they could not be read: the label exists all the same."""


class LabelProvider(Protocol):
    """Who sells us labels. Every call may raise a PortError."""

    def rates(self, order: Order, shipment: Shipment) -> Offers:
        """Ask what it would cost to ship this draft; buys nothing."""
        ...

    def purchase(self, cleared: ClearedShipment, key: PurchaseKey) -> Bought:
        """Buy the label: the only way to one. Sent once; the same key never buys twice.

        Raises NotDone when it certainly did not happen (ShipmentExists when that is because a
        label is there already), Unsure when it may have.
        """
        ...

    def find(self, shipment_id: str, order_id: OrderId, wanted: DocumentFormat) -> Bought:
        """Look up a shipment that a ShipmentExists refusal named; buys nothing."""
        ...

    def papers(self, label: Label, wanted: DocumentFormat) -> tuple[Paper, ...]:
        """Fetch a bought label's files again."""
        ...

    def void(self, label: Label) -> None:
        """Give the label back."""
        ...

    def refund(self, label: Label) -> Refund:
        """Ask what became of the money of a label that was given back; UNREPORTED where nobody says."""
        ...

    def manifest(self, carrier_id: str, ship_from: Address, key: str) -> Paper:
        """Have the form made that a carrier signs for all parcels of a place not yet on one.

        The same key gives the same form. Rejected where the provider makes none (R9).
        """
        ...
