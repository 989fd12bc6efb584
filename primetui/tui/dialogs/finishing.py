"""What stands on the screen while the console waits for a purchase before it closes."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from primetui.tui import commands
from primetui.tui.command import bindings
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.footer import Footer
from primetui.tui.widgets.words import line, lines
from primetui.tui.work import Work


class Finishing(ModalScreen[None]):
    """Names what is under way; the console closes by itself when it is recorded."""

    OFFERS: ClassVar = (commands.Stay,)
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work

    def compose(self) -> ComposeResult:
        """Say what is waited for."""
        with Vertical(id="question"):
            yield Static(
                lines(
                    [
                        line(Span("Finishing before PrimeTUI closes…", Tone.STRONG)),
                        *(line(f"  {doing}") for doing in self._work.deeds),
                        line("It is recorded first; then the console closes by itself."),
                    ]
                )
            )
        yield Footer()

    def action_stay(self) -> None:
        """Stay after all."""
        self.dismiss()
