"""The label screen, where a purchase ends: preview it, save it, give it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from primetui import present
from primetui.domain.label import Document, Label
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.tui import commands, deeds
from primetui.tui.command import bindings
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.dialogs.form import Field, Form
from primetui.tui.facts import fact, heading
from primetui.tui.picture import picture
from primetui.tui.room import Room
from primetui.tui.saving import save
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.page import Page
from primetui.tui.widgets.words import Lines, line, lines
from primetui.tui.work import Work
from primetui.usecases.open_record import live_label
from primetui.usecases.void_label import fetch_papers

PICTURE_CELLS: Final = 72
"""Fits 80 columns with the page's own margins."""


@dataclass
class PapersFetched(Message):
    """The label's files came."""

    label: Label
    """The label that has them now."""


@dataclass
class LabelSaved(Message):
    """The label is in a file."""

    path: Path


class LabelScreen(Room):
    """Says in words what the label is, then draws it."""

    OFFERS: ClassVar = (
        commands.SaveLabel,
        commands.PreviewLabel,
        commands.VoidLabel,
        commands.Back,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(
        self, desk: Desk, work: Work, order_id: OrderId, news: tuple[str, Tone] | None = None
    ) -> None:
        super().__init__(desk, work)
        self._news = news
        self._order_id = order_id
        self._label: Label | None = None
        self._picture: Lines | None = None

    def on_order(self) -> OrderId:
        """Name the order."""
        return self._order_id

    def furnish(self) -> ComposeResult:
        """Give the page."""
        with Page():
            yield Static(id="facts")
            yield Static(id="picture")

    def on_mount(self) -> None:
        """Let the arrows scroll, and tell what led here."""
        self.query_one(Page).focus()
        if self._news is not None:
            self.bar.tell(*self._news)

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """Show the label that counts, else the last one."""
        labels = self.desk.repository.labels(self._order_id)
        self._label = live_label(labels) or (labels[-1] if labels else None)
        self.headline(f"Label of {self._order_id}")
        if self._label is None:
            self.query_one("#facts", Static).update(line("This order has no label. b buys one."))
            return
        self.query_one("#facts", Static).update(self._facts(self._label))
        self._draw(self._label)

    def _facts(self, label: Label) -> Lines:
        sign, tone = ("✓", Tone.GOOD) if label.is_live else ("–", Tone.WARN)
        files = ", ".join(f"{d.kind} {d.format} ({d.size_bytes:,} bytes)" for d in label.documents)
        return lines(
            [
                fact("State", Span(f"{sign} {present.label_state(label)}", tone)),
                fact("Service", present.service_name(label.carrier, label.service)),
                fact("Tracking", Span(label.tracking_id, Tone.STRONG)),
                fact("Price", present.money(label.charge)),
                fact("Bought", present.moment(label.bought_at, self.zone)),
                fact("Files", files or "not here yet"),
                heading("Preview (to recognise, not to scan)"),
            ]
        )

    def _draw(self, label: Label) -> None:
        document = _label_file(label, DocumentFormat.PNG)
        if document is None:
            hint = "p draws it." if label.is_live else "There is no picture of it here."
            self.query_one("#picture", Static).update(hint)
        if document is None or self._picture is not None:
            return
        rows = picture(self.desk.repository.read_paper(label.order_id, document), PICTURE_CELLS)
        words = lines([line(row) for row in rows or ["It cannot be drawn."]])
        self._picture = words
        self.query_one("#picture", Static).update(words)

    # --- Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what this label allows."""
        label = self._label
        if action == commands.VoidLabel.action():
            return label is not None and label.is_live
        if action == commands.SaveLabel.action():
            return label is not None and bool(label.documents)
        if action == commands.PreviewLabel.action():
            return label is not None and label.is_live and self._picture is None
        return super().check_action(action, parameters)

    def action_preview_label(self) -> None:
        """Fetch the label as a picture: what was bought for printing may be none."""
        if (label := self._label) is None:
            return
        self.read(
            lambda: PapersFetched(fetch_papers(self.desk, label, DocumentFormat.PNG)),
            "Fetching the picture",
        )

    def on_papers_fetched(self) -> None:
        """Draw it."""
        self.bar.tell("The picture came.", Tone.GOOD)
        self.look_again()

    def action_void_label(self) -> None:
        """Ask, then void."""
        if self._label is not None:
            question = f"Void the label {self._label.tracking_id}?"
            words = "The refund follows in the provider's own time."
            self.app.push_screen(Confirm(question, words), self._void)

    def _void(self, yes: bool | None) -> None:  # noqa: FBT001 - the dialog's result is its answer
        if yes:
            deeds.void(self.desk, self.work, self._order_id)

    # --- Saving -------------------------------------------------------------------------------

    def action_save_label(self) -> None:
        """Ask where to."""
        if (label := self._label) is None:
            return
        document = _label_file(label, None) or label.documents[0]
        name = f"label-{_file_name(label.order_id)}.{document.format.lower()}"
        field = Field("path", "File", str(Path.cwd() / name))

        def write(typed: Mapping[str, str]) -> Path:
            if not typed["path"]:
                raise ConfigError("The file name is missing.")
            content = self.desk.repository.read_paper(label.order_id, document)
            return save(Path(typed["path"]).expanduser(), content)

        self.app.push_screen(Form("Save the label", [field], write), self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.bar.tell(f"Saved as {path}", Tone.GOOD)


def _label_file(label: Label, wanted: DocumentFormat | None) -> Document | None:
    """Find the label itself among its papers."""
    kinds = [d for d in label.documents if wanted in {None, d.format}]
    return next((d for d in kinds if d.kind == "LABEL"), None)


def _file_name(text: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in text)
