"""Looks after what is open, at the start and every minute, and says so while anything is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from textual.widgets import Static

from primetui import present
from primetui.errors import RepositoryError
from primetui.ports import Desk
from primetui.tui import deeds
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import line
from primetui.tui.work import Work
from primetui.usecases.look_after import StillOpen, is_anything_open, still_open

LOOK_SECONDS: Final = 60.0
T = TypeVar("T")


class Lookout(Static):
    """A standing line, there only while something is open, and the timer behind it.

    Documents that cannot be read are said so by the screen that shows them.
    """

    def __init__(self, desk: Desk, work: Work) -> None:
        super().__init__(id="lookout")
        self._desk = desk
        self._work = work
        self._again_at: datetime | None = None
        self.display = False

    def on_mount(self) -> None:
        """Look once the screen stands, then every minute."""
        self.set_interval(LOOK_SECONDS, self.look)
        self.call_after_refresh(self.look)

    def look(self) -> None:
        """Look after what is open, unless a deed is under way: then a minute later."""
        self._again_at = self._desk.clock.now() + timedelta(seconds=LOOK_SECONDS)
        if not self._work.deeds and self._read(is_anything_open, default=False):
            deeds.look_after_open(self._desk, self._work)

    def show(self, zone: ZoneInfo) -> None:
        """Say what is open now; a purchase under way is told of by the deed itself."""
        if self._work.deeds:
            return
        words = present.still_open(
            self._read(still_open, default=StillOpen()), self._again_at, zone
        )
        self.display = bool(words)
        self.update(line(Span(f"! {words}", Tone.WARN)))

    def _read(self, question: Callable[[Desk], T], *, default: T) -> T:
        try:
            return question(self._desk)
        except RepositoryError:
            return default
