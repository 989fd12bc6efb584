"""How facts stand on a page: headings, names with what is known, violations with the way out."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from rich.text import Text

from primetui import present
from primetui.domain.violations import Severity, Violation
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import Hung, line

NAME_CELLS: Final = 14
SIGN_CELLS: Final = 2


def heading(words: str) -> Text:
    """Begin a section."""
    return Text.assemble("\n", line(Span(words, Tone.STRONG)))


def fact(name: str, *words: Span | str) -> Hung:
    """Write a name and what is known under it."""
    return Hung(line(Span(f"{name:<{NAME_CELLS}}", Tone.MUTED), *words), NAME_CELLS)


def violation_lines(found: tuple[Violation, ...], zone: ZoneInfo) -> Iterator[Text | Hung]:
    """Write every violation with its way out; blocks and warnings have different signs."""
    for violation in found:
        blocks = violation.severity is Severity.BLOCKS
        sign, tone = ("✗", Tone.BAD) if blocks else ("!", Tone.WARN)
        said = f"{violation.code} {present.message(violation, zone)}"
        yield from problem(sign, tone, said, present.remedy(violation, zone))


def problem(sign: str, tone: Tone, said: str, remedy: str) -> Iterator[Hung]:
    """Write what is wrong, and under it the way out."""
    yield Hung(line(Span(f"{sign} {said}", tone)), SIGN_CELLS)
    yield Hung(line(f"  → {remedy}"), 2 * SIGN_CELLS)
