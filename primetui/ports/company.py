"""Who else works on the same documents: what they change, who they are, where they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from primetui.domain.shipment import OrderId


class Watch(Protocol):
    """An eye on the documents of a repository."""

    def wait(self, seconds: float) -> bool:
        """Wait until anybody has changed a document, this process too, at most so many seconds.

        True within 100 ms of the change, and at once for one since the last True (or since the
        watch began); False when the time is over.
        """
        ...


class Seat(Protocol):
    """An operator's place at the documents, which the others see."""

    def at(self, order_id: OrderId | None) -> None:
        """Say which order the operator is on; None for none."""
        ...


@dataclass(frozen=True, slots=True)
class Presence:
    """An operator at work now."""

    operator: str
    order_id: OrderId | None
    since: datetime
    """When they came to this order, or sat down."""
    here: bool
    """Whether it is this very process: its own seat is nobody else's."""
