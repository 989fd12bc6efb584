"""One question that must be answered on purpose: y does it, everything else does not."""

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


class Confirm(ModalScreen[bool]):
    """Asks once. Enter is No, so that a key pressed too often buys nothing."""

    OFFERS: ClassVar = (commands.SayYes, commands.SayNo)
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, question: str, *details: str) -> None:
        super().__init__()
        self._question = question
        self._details = details

    def compose(self) -> ComposeResult:
        """Lay the question out."""
        with Vertical(id="question"):
            yield Static(
                lines(
                    [
                        line(Span(self._question, Tone.STRONG)),
                        *(line(detail) for detail in self._details),
                        line(),
                        line(Span("y", Tone.PRIME), " Yes    ", Span("n", Tone.PRIME), " No  "),
                    ]
                )
            )
        yield Footer()

    def action_say_yes(self) -> None:
        """Answer yes."""
        self.dismiss(True)  # noqa: FBT003 - the dialog's result is its answer

    def action_say_no(self) -> None:
        """Answer no."""
        self.dismiss(False)  # noqa: FBT003 - the dialog's result is its answer
