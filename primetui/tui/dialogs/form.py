"""A form: a few lines to fill in, kept when all of them can be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from primetui.errors import PrimeTUIError
from primetui.tui import commands
from primetui.tui.command import bindings
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.footer import Footer
from primetui.tui.widgets.words import line

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form."""

    key: str
    label: str
    value: str = ""
    example: str = ""
    secret: bool = False
    """Shown as dots."""


class Form(ModalScreen[T | None], Generic[T]):
    """Asks for its fields; Enter goes to the next, and keeps them all at the last.

    `read` makes the answer from what was typed, or raises a PrimeTUIError (a ConfigError, most
    often) whose words are shown while the form stays.
    """

    OFFERS: ClassVar = (commands.Submit, commands.Cancel)
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        read: Callable[[Mapping[str, str]], T],
        guide: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = tuple(fields)
        self._read = read
        self._guide = guide

    def compose(self) -> ComposeResult:
        """Lay the fields out."""
        with Vertical(id="form"):
            yield Static(line(Span(self._title, Tone.STRONG)))
            yield Static(id="complaint")
            with VerticalScroll(can_focus=False):
                for words in self._guide.splitlines():
                    yield Static(line(Span(words, Tone.MUTED)))
                for field in self._fields:
                    yield from _lines(field)
        yield Footer()

    def on_mount(self) -> None:
        """Start on the first field, with the guide above it in sight."""
        self.query(Input).first().focus(scroll_visible=False)

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Go to the next field, or keep them all."""
        inputs = list(self.query(Input))
        if event.input is inputs[-1]:
            self.action_submit()
        else:
            inputs[inputs.index(event.input) + 1].focus()

    def action_submit(self) -> None:
        """Read the fields; stay with a complaint when one cannot be read."""
        typed = {
            field.key: self.query_one(f"#field-{field.key}", Input).value.strip()
            for field in self._fields
        }
        try:
            answer = self._read(typed)
        except PrimeTUIError as error:
            complaint = line(Span(f"✗ {error}", Tone.BAD))
            self.query_one("#complaint", Static).update(complaint)
            if self.focused is not None:  # the complaint takes a line of what was in sight
                self.call_after_refresh(self.focused.scroll_visible, animate=False)
        else:
            self.dismiss(answer)

    def action_cancel(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


def _lines(field: Field) -> ComposeResult:
    yield Static(line(field.label), classes="label")
    yield Input(
        field.value,
        placeholder=field.example,
        password=field.secret,
        id=f"field-{field.key}",
        compact=True,
    )
