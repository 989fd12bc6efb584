"""Whoever watches a batch in a test: notes what it hears, and stops or cancels when told to."""

from collections.abc import Callable
from threading import Event

from primetui.domain.batch import Batch
from primetui.domain.shipment import OrderId
from primetui.usecases.batch_control import Activity, Progress


class Watcher:
    """Lets a batch go on for so many questions, and waits as long as it is asked to."""

    def __init__(self, *, turns: int = 1_000) -> None:
        self.heard: list[Progress] = []
        self.waited: list[float] = []
        self.on_tell: Callable[[Progress], object] = lambda _: None
        self._turns = turns

    def go_on(self) -> bool:
        """Go on while turns are left."""
        self._turns -= 1
        return self._turns >= 0

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waited.append(seconds)
        Event().wait(seconds)

    def tell(self, progress: Progress) -> None:
        """Note it."""
        self.heard.append(progress)
        self.on_tell(progress)

    def orders(self, activity: Activity) -> list[OrderId]:
        """Name the orders of which something was heard."""
        return [p.order_id for p in self.heard if p.activity is activity]


def states(batch: Batch) -> list[str]:
    """Give the state of each entry."""
    return [entry.state.value for entry in batch.entries]
