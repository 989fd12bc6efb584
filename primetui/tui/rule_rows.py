"""Rows of the rule screens: the rules in their order, and the orders that one would match."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from primetui import present
from primetui.domain.handling import RuleId
from primetui.domain.rules.model import Rule
from primetui.domain.rules.printed import line_of
from primetui.domain.rules.run import Change
from primetui.domain.rules.warnings import Odd, Oddity
from primetui.domain.shipment import OrderId
from primetui.present import rules as words
from primetui.tui.widgets.columns import Cell, Column, Row, Span, Tone
from primetui.tui.widgets.words import Hung, line
from primetui.usecases.manage_rules import Listed
from primetui.usecases.preview_rules import Hits

COLUMNS: Final = (
    Column("number", "", 3, right=True),
    Column("on", "", 3),
    Column("odd", "", 1),
    Column("rule", "Rule", 44, flex=1),
    Column("recently", "30 days", 7, rank=1, right=True),
    Column("now", "Now", 7, rank=1, right=True),
    Column("last", "Last fired", 20, rank=2),
)
MATCH_COLUMNS: Final = (
    Column("order", "Order", 19),
    Column("changes", "Would change", 30, flex=1),
)


@dataclass(slots=True)
class Counts:
    """How often rules fired and would match now, as far as it was counted."""

    hits: Mapping[RuleId, Hits] | None = None
    """None: not counted yet."""
    now: Mapping[RuleId, int] = field(default_factory=dict)


def rule_rows(listed: Listed, counts: Counts, zone: ZoneInfo) -> list[Row]:
    """Make a row of each rule."""
    return [
        _row(number, rule, [odd for odd in listed.warnings if odd.rule is rule], counts, zone)
        for number, rule in enumerate(listed.book.rules, start=1)
    ]


def _row(number: int, rule: Rule, odd: Sequence[Odd], counts: Counts, zone: ZoneInfo) -> Row:
    tone = Tone.PLAIN if rule.on else Tone.MUTED
    recently, last = _hits(rule, counts, zone)
    now = counts.now.get(rule.id)
    return Row(
        rule.id,
        (
            (Span(str(number), tone),),
            (Span("on", Tone.GOOD) if rule.on else Span("off", Tone.MUTED),),
            _sign(odd),
            _text(rule, tone),
            (Span(recently, tone),),
            (Span("" if now is None else f"{now:,}", tone),),
            (Span(last, tone),),
        ),
    )


def _sign(odd: Sequence[Odd]) -> Cell:
    """Mark what is odd; a rule that does not run more than one that is only of no use."""
    if any(one.oddity is Oddity.BROKEN for one in odd):
        return (Span("✗", Tone.BAD),)
    return (Span("!", Tone.WARN),) if odd else ()


def _text(rule: Rule, tone: Tone) -> Cell:
    said = line_of(rule.model_copy(update={"name": "", "on": True}))
    if not rule.name:
        return (Span(said, tone),)
    return Span(rule.name, Tone.STRONG if rule.on else tone), Span(f"  {said}", Tone.MUTED)


def _hits(rule: Rule, counts: Counts, zone: ZoneInfo) -> tuple[str, str]:
    if counts.hits is None:
        return "…", "…"
    hits = counts.hits.get(rule.id)
    if hits is None or hits.last is None:
        return "0", "never"
    return f"{hits.recently:,}", present.short_moment(hits.last, zone)


def rule_details(rule: Rule, listed: Listed, counts: Counts, zone: ZoneInfo) -> Iterator[Hung]:
    """Say everything about the rule under the cursor: what is odd first, then its whole line."""
    for odd in listed.warnings:
        if odd.rule is rule:
            broken = odd.oddity is Oddity.BROKEN
            sign, tone = ("✗", Tone.BAD) if broken else ("!", Tone.WARN)
            yield Hung(line(Span(f"{sign} This rule {words.odd(odd)}", tone)), 2)
    yield Hung(line(line_of(rule)), 2)
    if counts.hits is not None:
        told = words.fired(counts.hits.get(rule.id), counts.now.get(rule.id), zone)
        yield Hung(line(Span(f"It {told}.", Tone.MUTED)), 2)
    if listed.book.history:
        last = words.revision(listed.book.history[-1], zone)
        yield Hung(line(Span(f"Last edit  {last}", Tone.MUTED)), 2)


class MatchRows:
    """The orders that a rule matches, any number; for the first of them what would change."""

    def __init__(
        self,
        matched: Sequence[OrderId],
        changes: Sequence[tuple[OrderId, tuple[Change, ...]]],
        zone: ZoneInfo,
    ) -> None:
        self._matched = matched
        self._changes = dict(changes)
        self._zone = zone

    def count(self) -> int:
        """Count the orders."""
        return len(self._matched)

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Make some of the rows."""
        return [Row(id_, ((Span(id_),), self._told(id_))) for id_ in self._matched[start:stop]]

    def position(self, row_id: str) -> int | None:
        """Stand at the top again for every other rule."""
        return 0 if row_id in self._matched[:1] else None

    def _told(self, id_: OrderId) -> Cell:
        changes = self._changes.get(id_)
        if changes is None:
            return ()
        told = ", ".join(words.change(change, self._zone) for change in changes)
        return (Span(told),) if told else (Span("nothing: it is so already", Tone.MUTED),)
