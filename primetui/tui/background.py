"""What the console does by itself while it is open: imports every few minutes, and forgetting."""

import sys
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from typing import Final

from textual.message import Message

from primetui.ports import Desk
from primetui.tui.company import Changed
from primetui.tui.work import Crashed
from primetui.usecases.keep_working import Done, Task, Worker

LOOK_SECONDS: Final = 5.0
"""How often to ask what is due; a worker on the same home may have done it."""
PATIENCE_SECONDS: Final = 5.0
"""How long the page at hand is waited for in the end."""
TASKS: Final = frozenset({Task.IMPORT, Task.FORGET, Task.PURGE})
"""Looking after purchases is the lookout's: a deed the console never leaves unfinished."""


class Background:
    """One thread that does what is due, quietly, and can be paused between two pages.

    Args:
        desk: what it works with.
        tell: hears that its state changed; called on its thread.
    """

    def __init__(self, desk: Desk, tell: Callable[[Message], object]) -> None:
        self._desk = desk
        self._tell = tell
        self._closing = Event()
        self._paused = Event()
        self._thread: Thread | None = None
        self._worker = Worker(desk, self._asked_to_stop, TASKS, begun=self._begin)
        self.doing: Task | None = None
        """What is under way."""
        self.failed_at: datetime | None = None
        """When the last import failed; None while they succeed."""

    @property
    def paused(self) -> bool:
        """Whether it does nothing until somebody says so."""
        return self._paused.is_set()

    def start(self) -> None:
        """Begin."""
        self._thread = Thread(target=self._run, name="background", daemon=True)
        self._thread.start()

    def turn(self) -> None:
        """Pause at the next page, or go on."""
        if self.paused:
            self._paused.clear()
        else:
            self._paused.set()

    def close(self) -> None:
        """End at the next page."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(PATIENCE_SECONDS)

    def _asked_to_stop(self) -> bool:
        return self._closing.is_set() or self._paused.is_set()

    def _run(self) -> None:
        well = False
        try:
            while not self._closing.is_set():
                for done in self._worker.round():
                    self._end(done)
                self._become(None)
                self._closing.wait(LOOK_SECONDS)
            well = True
        finally:
            if not well:  # a mistake of ours must not look like an import that found nothing
                self._tell(Crashed("work in the background", sys.exception()))

    def _begin(self, task: Task) -> None:
        self._become(task)

    def _end(self, done: Done) -> None:
        if done.task is Task.IMPORT:
            self.failed_at = self._desk.clock.now() if done.failed else None

    def _become(self, doing: Task | None) -> None:
        """Say that something else is under way now."""
        before, self.doing = self.doing, doing
        if before is not doing and not self._closing.is_set():
            self._tell(Changed())
