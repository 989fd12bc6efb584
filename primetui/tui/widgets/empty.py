"""What stands where a list would be when there is nothing to list: why, and what to do next."""

from textual.widgets import Static

from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import line, lines


class Empty(Static):
    """A short explanation and the next steps, each beginning with its key."""

    def explain(self, why: str, *steps: tuple[str, str]) -> None:
        """Say why nothing is here, then a line per step: key and words."""
        self.update(
            lines(
                [
                    line(Span(why, Tone.STRONG)),
                    line(),
                    *(line(Span(f"{key:>6}", Tone.PRIME), f"  {words}") for key, words in steps),
                ]
            )
        )
