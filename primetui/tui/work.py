"""Runs use cases on threads and brings their outcomes back as messages.

Two kinds of work. A *read* is given up when the console closes. A *deed* (a purchase, a void)
is never cancelled: closing a screen leaves it running, the console waits for it before it
quits, and its thread is not a daemon, so that even a crash of the screen lets it be recorded.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from threading import Lock, Thread
from typing import Any, Protocol

from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

from primetui.errors import PrimeTUIError

Job = Callable[[], Message]
"""A use case with its arguments; it returns the message that tells its outcome."""


@dataclass
class Failed(Message):
    """A job ended in something that can be said in words."""

    doing: str
    """What was tried, as in "fetch rates for 123"."""
    error: PrimeTUIError


@dataclass
class DeedEnded(Message):
    """A deed is over: what it was, and the message it ended in."""

    doing: str
    outcome: Message


@dataclass
class Crashed(Message):
    """A job met a mistake of ours; the console stops with the traceback."""

    doing: str
    error: BaseException | None


class Stoppable(Protocol):
    """A deed of many parts that can end between two of them."""

    def stop(self) -> None:
        """Ask it to end as soon as it safely can."""


class Work:
    """The threads of one console; it never touches a widget, it only posts messages."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._numbers = count()
        self._lock = Lock()
        self._deeds: dict[int, str] = {}
        self._threads: list[Thread] = []
        self._controls: dict[str, Stoppable] = {}

    @property
    def deeds(self) -> tuple[str, ...]:
        """Name the deeds under way, oldest first."""
        with self._lock:
            return tuple(self._deeds.values())

    def read(self, job: Job, *, doing: str, to: MessagePump) -> None:
        """Run a job whose outcome matters only to whoever is looking."""

        def run() -> None:
            _post(_outcome(job, doing, self._app), to)

        Thread(target=run, name=f"read: {doing}", daemon=True).start()

    def control(self, doing: str) -> Stoppable | None:
        """Give what a deed under way can be stopped by, if it can."""
        return self._controls.get(doing) if doing in self.deeds else None

    def hurry(self) -> None:
        """Ask every deed that can end early to do so."""
        for control in list(self._controls.values()):
            control.stop()

    def deed(self, job: Job, *, doing: str, control: Stoppable | None = None) -> None:
        """Run a job to its end whatever happens to the screens; the app hears of it."""
        if control is not None:
            self._controls[doing] = control

        def run() -> None:
            with self._underway(doing):
                outcome = _outcome(job, doing, self._app)
            if outcome is not None:
                _post(DeedEnded(doing, outcome), self._app)

        thread = Thread(target=run, name=f"deed: {doing}", daemon=False)
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def wait(self) -> None:
        """Wait until every deed is done: what they write to must not be closed before."""
        self.hurry()
        for thread in self._threads:
            thread.join()

    @contextmanager
    def _underway(self, doing: str) -> Iterator[None]:
        number = next(self._numbers)
        with self._lock:
            self._deeds[number] = doing
        try:
            yield
        finally:
            with self._lock:
                del self._deeds[number]


def _outcome(job: Job, doing: str, app: App[Any]) -> Message | None:
    """Do the job; a mistake of ours is told to the app on its way to the thread's end."""
    outcome: Message | None = None
    try:
        outcome = job()
    except PrimeTUIError as error:
        outcome = Failed(doing, error)
    finally:
        if outcome is None:
            _post(Crashed(doing, sys.exception()), app)
    return outcome


def _post(message: Message | None, to: MessagePump) -> None:
    # The event loop is closed when the console has gone; what was done is in the documents.
    with suppress(RuntimeError):
        if message is not None:
            to.post_message(message)
