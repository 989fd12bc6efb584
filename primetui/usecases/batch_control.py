"""What passes between a batch and whoever watches it: progress one way, a wish to stop the other."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from primetui.domain.shipment import OrderId


class Activity(StrEnum):
    """What a batch is doing."""

    RATING = "rating"
    SETTLING = "settling"
    """Finding out what became of a purchase whose answer nobody saw."""
    BUYING = "buying"
    WAITING = "waiting"
    """The provider asked for a pause."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is."""

    activity: Activity
    order_id: OrderId
    number: int
    """Which of the orders it is, from 1 on."""
    count: int
    wait_seconds: float = 0.0


class Control(Protocol):
    """Whoever watches a batch; asked from the thread that does it."""

    def go_on(self) -> bool:
        """Hold while paused; False stops before the next order."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass because the provider asks for it; a wish to stop cuts it short."""
        ...

    def tell(self, progress: Progress) -> None:
        """Hear of progress; while a batch is only planned, raising cancels it."""
        ...
