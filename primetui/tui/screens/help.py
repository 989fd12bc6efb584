"""The help screen: every key that works where it was called, and what it does."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from primetui.tui import commands
from primetui.tui.commands import Offer
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.footer import Footer
from primetui.tui.widgets.words import line, lines

KEY_CELLS = 12


class HelpScreen(ModalScreen[None]):
    """A list of the commands within reach; those that would do nothing now are marked so."""

    OFFERS: ClassVar = (commands.Back,)
    BINDINGS: ClassVar = [*commands.bindings(*OFFERS), ("question_mark,q", "back")]

    def __init__(self, offered: Sequence[Offer]) -> None:
        super().__init__()
        self._rows = [(offer.command, offer.enabled) for offer in offered]

    def compose(self) -> ComposeResult:
        """Lay the list out."""
        with VerticalScroll(id="help"):
            yield Static(lines(_entry(command, now=now) for command, now in self._rows))
        yield Footer()

    def action_back(self) -> None:
        """Close the list."""
        self.dismiss()


def _entry(command: type[commands.Command], *, now: bool) -> Text:
    later = "" if now else " (not now)"
    return line(
        Span(f"{command.keys():>{KEY_CELLS}}  ", Tone.PRIME),
        Span(command.title(), Tone.STRONG if now else Tone.MUTED),
        Span(f"{later}  {command.help()}", Tone.PLAIN if now else Tone.MUTED),
    )
