"""Why each rule did or did not do something to an order, as text."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from rich.text import Text

from primetui import present
from primetui.domain.handling import RuleId
from primetui.domain.rules.explain import Explained
from primetui.present import rules as words
from primetui.tui.facts import heading
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import Hung, line
from primetui.usecases.explain_rules import OrderExplained

INDENT = 9
"""Cells before what a criterion asks."""


def explained_lines(
    told: OrderExplained, places: Mapping[RuleId, int], zone: ZoneInfo
) -> Iterator[Text | Hung]:
    """Write the whole run in order: what was asked and seen, and what became of each action.

    `places` tells where each rule stands in the list.
    """
    yield Hung(line(_ran(told, zone)), 2)
    if not told.rules and not told.broken:
        yield line(Span("There is no rule that is on.", Tone.MUTED))
    for one in told.rules:
        yield from _rule(places.get(one.rule.id, 0), one, told, zone)
    for rule, faults in told.broken:
        yield Hung(line(Span(f"✗ {words.broken(rule, faults)} It is skipped.", Tone.BAD)), 2)
    yield heading("What running them now would change")
    for change in told.changes:
        by = f"  ({words.rule_name(change.rule)})"
        yield Hung(line(words.change(change, zone), Span(by, Tone.MUTED)), 2)
    if not told.changes:
        yield line(Span("nothing", Tone.MUTED))


def _ran(told: OrderExplained, zone: ZoneInfo) -> str:
    handling = told.record.handling
    if handling.rules_run_at is None:
        return "No rules ran over this order yet."
    fired = ", ".join(f.name or f.rule_id for f in handling.fired) or "none"
    return f"Rules first ran {present.moment(handling.rules_run_at, zone)}; fired: {fired}"


def _rule(
    place: int, one: Explained, told: OrderExplained, zone: ZoneInfo
) -> Iterator[Text | Hung]:
    sign, tone = ("✓", Tone.GOOD) if one.matched else ("·", Tone.MUTED)
    name = Span(f"{place} {words.rule_name(one.rule)}", Tone.STRONG)
    yield Text("")
    yield Hung(line(Span(f"{sign} ", tone), name, Span(f"  {words.explained(one)}", tone)), 2)
    for met, asked, seen in (words.asked(asked, zone) for asked in one.asked):
        answer = Span(f"    {met:<5}", Tone.GOOD if met == "yes" else Tone.WARN)
        yield Hung(line(answer, asked, Span(f"  seen: {seen}", Tone.MUTED)), INDENT)
    for step in told.plan.steps:
        if step.rule is one.rule:
            yield Hung(line(Span("    →    ", Tone.PRIME), words.step(step)), INDENT)
