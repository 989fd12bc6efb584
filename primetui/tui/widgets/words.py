"""The one door through which text of any origin reaches a widget: escaped, never markup."""

from collections.abc import Iterable

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


def lines(rows: Iterable[Text]) -> Text:
    """Put lines under one another."""
    return Text("\n").join(rows)
