"""The help screen: every key that works where it was called, and what it does."""

from collections.abc import Sequence
from typing import ClassVar

from rich.table import Table
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from primetui.tui import commands
from primetui.tui.command import Command, Offer, bindings
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.footer import Footer
from primetui.tui.widgets.words import line


class HelpScreen(ModalScreen[None]):
    """A list of the commands within reach; those that would do nothing now are marked so."""

    OFFERS: ClassVar = (commands.Back,)
    BINDINGS: ClassVar = [*bindings(*OFFERS), ("question_mark,q", "back")]

    def __init__(self, offered: Sequence[Offer]) -> None:
        super().__init__()
        self._rows = [(offer.command, offer.enabled) for offer in offered]

    def compose(self) -> ComposeResult:
        """Lay the list out."""
        with VerticalScroll(id="help"):
            yield Static(_table(self._rows))
        yield Footer()

    def action_back(self) -> None:
        """Close the list."""
        self.dismiss()


def _table(rows: Sequence[tuple[type[Command], bool]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for command, now in rows:
        tone = Tone.STRONG if now else Tone.MUTED
        says = command.help() if now else f"(not now) {command.help()}"
        table.add_row(
            line(Span(command.keys(), Tone.PRIME)),
            line(Span(command.title(), tone)),
            line(Span(says, Tone.PLAIN if now else Tone.MUTED)),
        )
    return table
