"""What kind of store is added: asked before its form, since each needs something else."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from primetui.domain.store import StoreKind
from primetui.tui import commands, store_commands
from primetui.tui.command import bindings
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.footer import Footer
from primetui.tui.widgets.words import line, lines


class KindOfStore(ModalScreen[StoreKind | None]):
    """Asks once; Esc adds nothing."""

    OFFERS: ClassVar = (
        store_commands.OfAmazon,
        store_commands.OfRithum,
        store_commands.OfFiles,
        commands.Cancel,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def compose(self) -> ComposeResult:
        """Lay the kinds out."""
        kinds = (
            ("a", "Amazon   orders of your own Seller Central account"),
            ("r", "Rithum   orders that come through a Rithum profile"),
            ("m", "Manual   orders that come from files"),
        )
        rows = [line(Span(key, Tone.PRIME), f"  {words}") for key, words in kinds]
        with Vertical(id="question"):
            yield Static(
                lines([line(Span("Which kind of store?", Tone.STRONG)), line(), *rows, line()])
            )
        yield Footer()

    def action_of_amazon(self) -> None:
        """Answer Amazon."""
        self.dismiss(StoreKind.AMAZON)

    def action_of_rithum(self) -> None:
        """Answer Rithum."""
        self.dismiss(StoreKind.RITHUM)

    def action_of_files(self) -> None:
        """Answer files."""
        self.dismiss(StoreKind.MANUAL)

    def action_cancel(self) -> None:
        """Add none."""
        self.dismiss(None)
