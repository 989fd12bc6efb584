"""What did you find? Asked of an operator who looked where PrimeTUI cannot."""

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from primetui.tui import order_commands
from primetui.tui.command import bindings
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.footer import Footer
from primetui.tui.widgets.words import line, lines


class Finding(StrEnum):
    """What an operator found."""

    BOUGHT = "bought"
    NOT_BOUGHT = "not bought"


class Answer(ModalScreen[Finding | None]):
    """Asks once; Enter and Esc leave it open, so that nothing is answered by accident."""

    OFFERS: ClassVar = (
        order_commands.FoundLabel,
        order_commands.FoundNone,
        order_commands.NotNow,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, *details: str) -> None:
        super().__init__()
        self._details = details

    def compose(self) -> ComposeResult:
        """Lay the question out."""
        keys = line(
            *(Span("b", Tone.PRIME), " Bought    ", Span("n", Tone.PRIME), " Not bought    "),
            *(Span("Esc", Tone.PRIME), " Not now"),
        )
        with Vertical(id="question"):
            yield Static(
                lines(
                    [
                        line(Span("What did you find?", Tone.STRONG)),
                        *(line(detail) for detail in self._details),
                        line(),
                        keys,
                    ]
                )
            )
        yield Footer()

    def action_found_label(self) -> None:
        """Answer that it was bought."""
        self.dismiss(Finding.BOUGHT)

    def action_found_none(self) -> None:
        """Answer that it was not bought."""
        self.dismiss(Finding.NOT_BOUGHT)

    def action_not_now(self) -> None:
        """Answer nothing."""
        self.dismiss(None)
