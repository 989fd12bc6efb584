"""An eye on everybody else: what other processes change, and who is at work on which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from typing import Final

from textual.message import Message

from primetui.domain.shipment import OrderId
from primetui.errors import PrimeTUIError
from primetui.ports import Desk, Presence

LOOK_SECONDS: Final = 0.4
"""How long to wait for a change before asking who is at work: people come and go unwritten."""
REST_SECONDS: Final = 0.25
"""Between two words of changes, so that a large import leaves time for keys."""
TROUBLE_SECONDS: Final = 2.0
"""After documents could not be read, before they are watched again."""
PATIENCE_SECONDS: Final = 5.0
"""How long the end of the thread is waited for."""


@dataclass
class Changed(Message):
    """Somebody changed a document, or came, left or moved to another order."""


@dataclass
class Entered(Message):
    """The operator came to a screen about this order, or about none."""

    order_id: OrderId | None


class Watcher:
    """Tells of every change by any process, from a thread of its own, until it is closed."""

    def __init__(self, desk: Desk, tell: Callable[[Message], object]) -> None:
        self._desk = desk
        self._tell = tell
        self._closing = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._thread = Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching: the documents may be closed afterwards."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._watch()
            except PrimeTUIError:  # the screens say so when they read; here it is tried again
                self._closing.wait(TROUBLE_SECONDS)
                self._say()

    def _watch(self) -> None:
        repository = self._desk.repository
        at_work: tuple[Presence, ...] = ()
        with repository.watch() as watch:
            while not self._closing.is_set():
                changed = watch.wait(LOOK_SECONDS)
                before, at_work = at_work, repository.presence()
                if changed or before != at_work:
                    self._say()
                    self._closing.wait(REST_SECONDS)

    def _say(self) -> None:
        if not self._closing.is_set():
            self._tell(Changed())


def others(at_work: Sequence[Presence]) -> tuple[Presence, ...]:
    """Leave out this very console."""
    return tuple(one for one in at_work if not one.here)


def on_order(at_work: Sequence[Presence], order_id: OrderId) -> tuple[Presence, ...]:
    """Find who else is on an order."""
    return tuple(one for one in others(at_work) if one.order_id == order_id)
