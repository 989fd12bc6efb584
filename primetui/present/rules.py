"""Rules in words: what is wrong with a line, why one matched, what a run would change."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from primetui.domain.measures import Weight
from primetui.domain.rules.book import Revision
from primetui.domain.rules.check import Fault
from primetui.domain.rules.explain import Asked, Explained
from primetui.domain.rules.fields import FIELDS, Fact, Kind
from primetui.domain.rules.literals import Amount
from primetui.domain.rules.model import Rule
from primetui.domain.rules.parse import Misread
from primetui.domain.rules.plan import Came, Step
from primetui.domain.rules.printed import action_text, criterion_text, line_of
from primetui.domain.rules.run import Change
from primetui.domain.rules.warnings import Odd, Oddity
from primetui.present.figures import count, moment, plain, span, weight
from primetui.usecases.preview_rules import Hits
from primetui.usecases.reprocess_rules import Left, Reprocessed

_LONGEST_LINE: Final = 200

_ODD: Final = {
    Oddity.BROKEN: "is broken and does not run",
    Oddity.DUPLICATE: "says what {other} says already",
    Oddity.NEVER_FIRES: "never fires: its criteria exclude each other",
    Oddity.UNREACHED: "never runs: {other} stops every order that it would match",
    Oddity.SHADOWED: "changes nothing: {other} sets all of it again",
}

_LEFT: Final = {
    Left.PURCHASE_OPEN: "a purchase for it is open",
    Left.MOVED_ON: "it does not await shipment any more",
    Left.CHANGED: "it or the rules changed meanwhile: look at the difference again",
    Left.UNREADABLE: "it cannot be read",
}


def misread(wrong: Misread) -> str:
    """Say in which column of a line what was expected."""
    found = f"found {wrong.found}" if wrong.found else "the line ends there"
    hint = f" Did you mean {wrong.nearest}?" if wrong.nearest else ""
    return plain(f"Column {wrong.column}: expected {wrong.expected}; {found}.{hint}")


def pointed(line: str, column: int) -> tuple[str, str]:
    """Show a line with a mark under a column; only the part around it, where it is long."""
    start = max(0, column - 1 - _LONGEST_LINE // 2)
    before = plain(line[start : column - 1])
    return before + plain(line[column - 1 : start + _LONGEST_LINE]), " " * len(before) + "^"


def fault(wrong: Fault) -> str:
    """Say what is wrong with a rule."""
    if wrong.where == "rule" or not wrong.word:
        return plain(f"it needs {wrong.expected}")
    hint = f" (did you mean {wrong.nearest}?)" if wrong.nearest else ""
    return plain(f"the {wrong.where} {wrong.word!r} is not {wrong.expected}{hint}")


def broken(rule: Rule, faults: Sequence[Fault]) -> str:
    """Name a rule that cannot run, and why."""
    return f"Rule {rule_name(rule)} is broken: {'; '.join(map(fault, faults))}."


def rule_name(rule: Rule) -> str:
    """Call a rule by its name, or by its line."""
    return plain(rule.name or line_of(rule), _LONGEST_LINE)


def odd(found: Odd) -> str:
    """Say what is odd about a rule."""
    other = rule_name(found.other) if found.other else ""
    words = _ODD[found.oddity].format(other=other)
    reasons = "; ".join(map(fault, found.faults))
    return f"{words}: {reasons}" if reasons else words


def explained(told: Explained) -> str:
    """Say whether a rule matched."""
    if not told.reached:
        return "was not reached: an earlier rule said stop"
    return "matches" if told.matched else "does not match"


def asked(one: Asked, zone: ZoneInfo) -> tuple[str, str, str]:
    """Put a criterion in three columns: yes or no, what was asked, what was seen."""
    told = criterion_text(one.criterion)
    return "yes" if one.met else "no", plain(told, _LONGEST_LINE), seen(one, zone)


def seen(one: Asked, zone: ZoneInfo) -> str:
    """Say what a criterion saw; what names the buyer is not shown."""
    field = FIELDS[one.criterion.field]
    if one.seen is None:
        return "not known"
    if field.of_person and one.seen:
        return "(names the buyer)"
    return _fact(one.seen, field.kind, zone)


def _fact(fact: Fact, kind: Kind, zone: ZoneInfo) -> str:
    if isinstance(fact, datetime):
        return moment(fact, zone)
    if isinstance(fact, Decimal) and kind is Kind.WEIGHT:
        return weight(Weight(grams=fact))
    written = _WRITTEN.get(type(fact), str)(fact)
    return plain(written, _LONGEST_LINE) or ("none" if isinstance(fact, _SEVERAL) else "blank")


_SEVERAL: Final = (tuple, frozenset)
_WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    bool: lambda yes: "yes" if yes else "no",
    Amount: lambda amount: f"{amount.amount} {amount.currency}",
    frozenset: lambda tags: ", ".join(sorted(tags)),
    tuple: "; ".join,
}


def step(done: Step) -> str:
    """Say what became of an action."""
    told = plain(action_text(done.action), _LONGEST_LINE)
    by = f" by {rule_name(done.by)}" if done.by else ""
    words = {
        Came.DONE: "stands",
        Came.OVERRIDDEN: f"overridden{by}",
        Came.KEPT: "kept as a hand left it",
        Came.NOT_NOW: "only when an order is first imported",
        Came.NOTHING: "nothing to do it to",
    }
    return f"{told}: {words[done.came]}"


def change(made: Change, zone: ZoneInfo) -> str:
    """Say what would change."""
    before, after = (_value(made.what, text, zone) for text in (made.before, made.after))
    if made.what == "tag":
        return f"tag {after} put on" if made.after else f"tag {before} taken off"
    return f"{made.what}: {before or 'blank'} → {after or 'blank'}"


def _value(what: str, text: str, zone: ZoneInfo) -> str:
    if text and what == "hold":
        return moment(datetime.fromisoformat(text), zone)
    if text and what == "notify-after":
        return span(timedelta(seconds=int(text.removesuffix(" s"))))
    return plain(text, _LONGEST_LINE)


def left_alone(why: Left) -> str:
    """Say why reprocessing left an order alone."""
    return _LEFT[why]


def matching(matched: int, seen: int, *, complete: bool) -> str:
    """Say how many waiting orders a rule would match."""
    so_far = "" if complete else ", and more are being read"
    return f"{matched:,} of {count(seen, 'waiting order')} match now{so_far}"


def fired(hits: Hits | None, now: int | None, zone: ZoneInfo) -> str:
    """Say how often a rule fired, and how many waiting orders it would match now."""
    matching_now = "" if now is None else f"; {count(now, 'waiting order')} would match now"
    if hits is None or hits.last is None:
        return f"fired on no stored order so far{matching_now}"
    often = f"fired on {count(hits.recently, 'order')} in 30 days"
    return f"{often}, last {moment(hits.last, zone)}{matching_now}"


def revision(one: Revision, zone: ZoneInfo) -> str:
    """Say who edited the rules, and when."""
    return f"{moment(one.at, zone)}  {plain(one.by)}: {plain(one.words)}"


def reprocessed(done: Reprocessed) -> str:
    """Say what came of reprocessing."""
    left = f", {len(done.skipped):,} left alone" if done.skipped else ""
    stopped = "" if done.complete else " Stopped before the end."
    return f"{count(done.applied, 'order')} changed{left}.{stopped}"
