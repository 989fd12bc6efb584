"""Labels are sold only to documents that have caught up: not to those of a backup just restored."""

from collections.abc import Callable
from typing import ParamSpec

from primetui.domain.address import Address
from primetui.domain.clearance import ClearedShipment
from primetui.domain.label import Label, PurchaseKey, Refund
from primetui.domain.order import Order
from primetui.domain.rate import Offers
from primetui.domain.shipment import DocumentFormat, OrderId, Shipment
from primetui.errors import NotDone
from primetui.ports import Bought, LabelProvider, Paper
from primetui.usecases.after_restore import HeldBack, InDoubt

P = ParamSpec("P")
Waits = Callable[[OrderId], HeldBack | InDoubt | None]
"""Tells whether buying for an order waits because the documents were restored."""


class CaughtUp:
    """A provider that sells nothing while it would be guesswork what was sold already.

    Args:
        provider: sells, finds, voids.
        waits: asked at each purchase.
    """

    def __init__(self, provider: LabelProvider, waits: Waits) -> None:
        self._provider = provider
        self._waits = waits

    def rates(self, order: Order, shipment: Shipment) -> Offers:
        """Ask what it would cost; buys nothing."""
        return self._provider.rates(order, shipment)

    def purchase(self, cleared: ClearedShipment, key: PurchaseKey) -> Bought:
        """Buy, once the documents have caught up; before that it is certainly not done."""
        waits = self._waits(cleared.order.id)
        if waits is not None:
            raise NotDone(waits.reason)
        return self._provider.purchase(cleared, key)

    def find(self, shipment_id: str, order_id: OrderId, wanted: DocumentFormat) -> Bought:
        """Look up a shipment; buys nothing."""
        return self._provider.find(shipment_id, order_id, wanted)

    def papers(self, label: Label, wanted: DocumentFormat) -> tuple[Paper, ...]:
        """Fetch a bought label's files again."""
        return self._provider.papers(label, wanted)

    def void(self, label: Label) -> None:
        """Give a label back."""
        self._provider.void(label)

    def refund(self, label: Label) -> Refund:
        """Ask what became of a label's money."""
        return self._provider.refund(label)

    def manifest(self, carrier_id: str, ship_from: Address, key: str) -> Paper:
        """Have a carrier's form made."""
        return self._provider.manifest(carrier_id, ship_from, key)


def caught_up(provider: Callable[P, LabelProvider], waits: Waits) -> Callable[P, LabelProvider]:
    """Let everything that opens a provider open one that sells to what has caught up."""

    def opened(*args: P.args, **kwargs: P.kwargs) -> LabelProvider:
        return CaughtUp(provider(*args, **kwargs), waits)

    return opened
