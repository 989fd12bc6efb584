"""Reasons that are longer than a line of news: they stand until they are put away."""

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from primetui.tui import order_commands
from primetui.tui.command import bindings
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.footer import Footer
from primetui.tui.widgets.words import Hung, line, lines


class Reasons(ModalScreen[None]):
    """Says in full why something was not done, and the ways out."""

    OFFERS: ClassVar = (order_commands.CloseReasons,)
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, title: str, reasons: Iterable[Text | Hung]) -> None:
        super().__init__()
        self._rows = [line(Span(title, Tone.STRONG)), line(), *reasons]

    def compose(self) -> ComposeResult:
        """Lay them out."""
        with VerticalScroll(id="help"):
            yield Static(lines(self._rows))
        yield Footer()

    def action_close_reasons(self) -> None:
        """Put them away."""
        self.dismiss()
