"""The line that a rule is typed in: words are completed, and a mark stands under what is wrong."""

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.text import Text
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Input, Static

from primetui.domain.rules.model import Known
from primetui.present import rules as words
from primetui.tui import rule_commands
from primetui.tui.command import bindings
from primetui.tui.rule_reading import Reading, read_line, taken
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import line

MOST_WORDS: Final = 24
"""Words that are offered at once, the one that Tab takes first."""


class RuleLine(Input):
    """Reads the rule at every key and says so; Tab takes the word that is offered first."""

    OFFERS: ClassVar = (
        rule_commands.CompleteWord,
        rule_commands.NextWord,
        rule_commands.PreviousWord,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    @dataclass
    class Read(Message):
        """The line was read anew, or another word is offered."""

        reading: Reading
        line: str

    reading: Reading = read_line("", 0, Known())
    _known = Known()
    _offered = 0
    _spot: tuple[str, int] | None = None
    """Line and cursor that were read last."""

    def __init__(self, text: str) -> None:
        super().__init__(text, select_on_focus=False)

    def read_with(self, known: Known) -> None:
        """Read the line with the names that are known now."""
        self._known, self._spot = known, None
        self._look()

    def watch_value(self, _value: str) -> None:
        """Read every change."""
        self._look()

    def watch_selection(self) -> None:
        """Offer what may stand where the cursor went."""
        self._look()

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """Tell that another part of the line is in sight."""
        super().watch_scroll_x(old_value, new_value)
        self.post_message(self.Read(self.reading, self.value))

    def _look(self) -> None:
        spot = (self.value, self.cursor_position)
        if spot != self._spot:
            self._spot, self._offered = spot, 0
            self.reading = read_line(*spot, self._known)
            self.post_message(self.Read(self.reading, self.value))
            self.call_after_refresh(self._reveal)

    def _reveal(self) -> None:
        """Keep the cursor in sight, after the first change of the line too."""
        x = self.cursor_screen_offset.x - self.content_region.x + self.hidden_cells
        self.scroll_to_region(Region(x, 0, 1, 1), animate=False, force=True)

    @property
    def offered(self) -> tuple[str, ...]:
        """The words on offer, the one that Tab takes first."""
        found = self.reading.words
        return (*found[self._offered :], *found[: self._offered])

    @property
    def hidden_cells(self) -> int:
        """How many cells of the line lie left of what is in sight."""
        return int(self.scroll_offset.x)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Complete only while there is a word."""
        if action == rule_commands.CompleteWord.action():
            return bool(self.reading.words)
        return super().check_action(action, parameters)

    def action_complete_word(self) -> None:
        """Put the word in."""
        if self.offered:
            text, cursor = taken(self.value, self.reading.completion, self.offered[0])
            self.value, self.cursor_position = text, cursor

    def action_next_word(self) -> None:
        """Offer the next."""
        self._turn(1)

    def action_previous_word(self) -> None:
        """Offer the one before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        if self.reading.words:
            self._offered = (self._offered + by) % len(self.reading.words)
            self.post_message(self.Read(self.reading, self.value))


class Verdict(Static):
    """The mark under the line, and what is wrong or comes next, in words."""

    def show(self, field: RuleLine) -> None:
        """Say it about the line as it stands."""
        reading = field.reading
        self.update(Text("\n").join([_pointer(field, self.size.width), *_said(reading)]))


def _pointer(field: RuleLine, width: int) -> Text:
    """Put a mark under the column that is wrong, or at the edge it lies beyond."""
    wrong = field.reading.wrong
    if wrong is None or field.reading.unfinished:
        return line()
    at = cell_len(field.value[: wrong.column - 1]) - field.hidden_cells
    if at < 0:
        return line(Span("←", Tone.BAD))
    if width and at >= width:
        return line(" " * (width - 1), Span("→", Tone.BAD))
    return line(" " * at, Span("^", Tone.BAD))


def _said(reading: Reading) -> list[Text]:
    if reading.wrong is not None:
        if reading.unfinished:
            return [line(Span(f"next: {reading.wrong.expected}", Tone.MUTED))]
        return [line(Span(f"✗ {words.misread(reading.wrong)}", Tone.BAD))]
    if reading.faults:
        told = "; ".join(map(words.fault, reading.faults))
        return [line(Span(f"✗ {told}", Tone.BAD))]
    return [line(Span("✓ a whole rule: Enter keeps it", Tone.GOOD))]


def offered_words(field: RuleLine) -> Text:
    """List the words that may stand at the cursor, the one that Tab takes first."""
    first, *rest = field.offered[:MOST_WORDS] or ("",)
    if not first:
        return line()
    more = "  ".join(rest)
    return line(Span("Tab ", Tone.MUTED), Span(first, Tone.PRIME), "  ", Span(more, Tone.MUTED))
