"""The health screen: which of Amazon's data protection requirements this installation meets."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from primetui.ports import Desk
from primetui.tui import commands, house_commands
from primetui.tui.command import bindings
from primetui.tui.room import Room
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.page import Page
from primetui.tui.widgets.words import Hung, line, lines
from primetui.tui.work import Work
from primetui.usecases.examine_installation import Finding, Verdict

Examine = Callable[[], tuple[Finding, ...]]

_SIGNS: Final = {
    Verdict.NOT_MET: Span("✗ ", Tone.BAD),
    Verdict.UNTOLD: Span("? ", Tone.WARN),
    Verdict.MET: Span("✓ ", Tone.GOOD),
}
"""In the order in which they are shown: what must be done comes first."""


@dataclass
class Examined(Message):
    """The installation was looked at."""

    findings: tuple[Finding, ...]


class HealthScreen(Room):
    """A page of requirements, those that are not met first."""

    OFFERS: ClassVar = (house_commands.LookAgain, commands.Back, commands.Help)
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work, examine: Examine) -> None:
        super().__init__(desk, work)
        self._examine = examine

    def furnish(self) -> ComposeResult:
        """Give the page."""
        with Page():
            yield Static(id="facts")

    def on_mount(self) -> None:
        """Look at once."""
        self.query_one(Page).focus()
        self.action_look_again()

    def look(self) -> None:
        """Nothing here is a document; r looks again."""

    def action_look_again(self) -> None:
        """Look at each requirement."""
        self.headline("Health")
        self.read(lambda: Examined(self._examine()), "Looking at each requirement")

    def on_examined(self, message: Examined) -> None:
        """Show what was found."""
        counts = Counter(finding.verdict for finding in message.findings)
        told = f"{counts[Verdict.MET]} met, {counts[Verdict.NOT_MET]} not met, "
        self.headline("Health", Span(f"  {told}{counts[Verdict.UNTOLD]} for people", Tone.MUTED))
        order = list(_SIGNS)
        found = sorted(message.findings, key=lambda finding: order.index(finding.verdict))
        rows = lines(row for finding in found for row in _lines(finding))
        self.query_one("#facts", Static).update(rows)
        if counts[Verdict.NOT_MET]:
            self.bar.tell("What is not met stands first, with its way out.", Tone.WARN)
        else:
            self.bar.tell("All that a program can see is met.", Tone.GOOD)


def _lines(finding: Finding) -> Iterator[Text | Hung]:
    asked = finding.requirement
    seen = f" {finding.seen}." if finding.seen else ""
    yield Hung(
        line(_SIGNS[finding.verdict], Span(f"{asked.id} ", Tone.STRONG), asked.text, seen), 2
    )
    if finding.remedy:
        yield Hung(line(f"  → {finding.remedy}"), 4)
