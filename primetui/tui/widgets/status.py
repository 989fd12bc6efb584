"""The message bar: what just happened, or what is going on, in one line."""

from itertools import cycle

from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Static

from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import line

SIGNS = {
    Tone.PLAIN: "",
    Tone.MUTED: "",
    Tone.GOOD: "✓ ",
    Tone.WARN: "! ",
    Tone.BAD: "✗ ",
}
"""The sign that says what the colour says."""
FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
BEAT_SECONDS = 0.1


class MessageBar(Static):
    """One line of news; a turning sign while something is under way."""

    busy: reactive[str] = reactive("", init=False)
    """What is going on; empty when nothing is."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._news = line()
        self._frames = cycle(FRAMES)
        self._timer: Timer | None = None

    def tell(self, words: str, tone: Tone = Tone.PLAIN) -> None:
        """Show news until the next."""
        self._news = line(Span(SIGNS.get(tone, "") + words, tone))
        self.busy = ""
        self.update(self._news)

    def watch_busy(self, busy: str) -> None:
        """Turn the sign while busy, show the last news when done."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if busy:
            self._beat()
            self._timer = self.set_interval(BEAT_SECONDS, self._beat)
        else:
            self.update(self._news)

    def _beat(self) -> None:
        self.update(line(Span(next(self._frames) + " ", Tone.PRIME), self.busy))
