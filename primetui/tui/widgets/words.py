"""The one door through which text of any origin reaches a widget: escaped, never markup."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from primetui.present import plain
from primetui.tui.widgets.columns import Span, Tone

STYLES: dict[Tone, str] = {
    Tone.PLAIN: "",
    Tone.MUTED: "dim",
    Tone.STRONG: "bold",
    Tone.GOOD: "green",
    Tone.WARN: "yellow",
    Tone.BAD: "bold red",
    Tone.PRIME: "bold cyan",
}
"""Terminal colours by their names: the theme, or the terminal's own palette, mixes the paint."""


def line(*spans: Span | str) -> Text:
    """Write one line from spans."""
    text = Text(end="")
    for span in spans:
        words, tone = (span, Tone.PLAIN) if isinstance(span, str) else span
        text.append(plain(words), STYLES[tone])
    return text


@dataclass(frozen=True, slots=True)
class Hung:
    """A line whose continuation, where it is too long, stands under its own words."""

    text: Text
    indent: int
    """Cells, and characters, before the words."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines under one another; equal when they say the same, so that repainting can be spared."""

    rows: tuple[Text | Hung, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Wrap each line to the width there is."""
        for row in self.rows:
            hung = row if isinstance(row, Hung) else Hung(row, 0)
            head, words = hung.text[: hung.indent], hung.text[hung.indent :]
            for wrapped in words.wrap(console, max(1, options.max_width - hung.indent)) or [words]:
                yield Text.assemble(head, wrapped)
                head = Text(" " * hung.indent)

    def __rich_measure__(self, _console: Console, _options: ConsoleOptions) -> Measurement:
        """Be as wide as the longest line."""
        widths = [(row.text if isinstance(row, Hung) else row).cell_len for row in self.rows]
        return Measurement(0, max(widths, default=0))


def lines(rows: Iterable[Text | Hung]) -> Lines:
    """Put lines under one another."""
    return Lines(tuple(rows))
