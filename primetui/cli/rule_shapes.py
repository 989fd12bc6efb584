"""The JSON of `primetui rules`: field names here are a contract."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from primetui.cli.shapes import Shape, when
from primetui.domain.rules.book import Revision
from primetui.domain.rules.check import Fault
from primetui.domain.rules.explain import Asked, Explained
from primetui.domain.rules.model import Rule
from primetui.domain.rules.parse import Misread
from primetui.domain.rules.plan import Step
from primetui.domain.rules.printed import action_text, criterion_text, line_of
from primetui.domain.rules.run import Change
from primetui.domain.rules.warnings import Odd
from primetui.present import rules as words
from primetui.usecases.explain_rules import OrderExplained
from primetui.usecases.manage_rules import Listed
from primetui.usecases.reprocess_rules import Diff, Left

_UTC = ZoneInfo("UTC")


def rule(one: Rule, number: int | None = None) -> Shape:
    """Write a rule; `line` is all of it."""
    numbered = {} if number is None else {"number": number}
    return {**numbered, "id": one.id, "name": one.name, "on": one.on, "line": line_of(one)}


def listed(found: Listed) -> Shape:
    """Write all rules with their warnings."""
    rows = []
    for number, one in enumerate(found.book.rules, start=1):
        odd = [_odd(warning) for warning in found.warnings if warning.rule is one]
        rows.append({**rule(one, number), "warnings": odd})
    return {"version": found.book.version, "rules": rows, "offers": [rule(o) for o in found.offers]}


def _odd(found: Odd) -> Shape:
    return {
        "kind": found.oddity.value,
        "other": found.other.id if found.other else None,
        "words": words.odd(found),
    }


def fault(wrong: Fault) -> Shape:
    """Write what is wrong with a rule."""
    return {
        "where": wrong.where,
        "word": wrong.word,
        "expected": wrong.expected,
        "nearest": wrong.nearest or None,
    }


def misread(wrong: Misread) -> Shape:
    """Write where a line stops being a rule."""
    return {
        "column": wrong.column,
        "expected": wrong.expected,
        "found": wrong.found,
        "nearest": wrong.nearest or None,
    }


def revision(one: Revision) -> Shape:
    """Write one edit."""
    return {"number": one.number, "at": when(one.at), "by": one.by, "words": one.words}


def explained(told: OrderExplained, chosen: tuple[Explained, ...]) -> Shape:
    """Write every rule put to an order."""
    handling = told.record.handling
    return {
        "order_id": told.record.order.id,
        "status": told.record.order.status.value,
        "rules_run_at": when(handling.rules_run_at),
        "fired_then": [
            {"rule": fired.rule_id, "name": fired.name, "at": when(fired.at)}
            for fired in handling.fired
        ],
        "rules": [_explained(one, told.plan.steps) for one in chosen],
        "broken": [
            {**rule(one), "faults": [fault(wrong) for wrong in faults]}
            for one, faults in told.broken
        ],
        "would_change": [change(one) for one in told.changes],
    }


def _explained(one: Explained, steps: list[Step]) -> Shape:
    return {
        **rule(one.rule),
        "reached": one.reached,
        "matched": one.matched,
        "criteria": [_asked(asked) for asked in one.asked],
        "actions": [_step(step) for step in steps if step.rule is one.rule],
    }


def _asked(one: Asked) -> Shape:
    return {
        "criterion": criterion_text(one.criterion),
        "seen": words.seen(one, _UTC),
        "known": one.seen is not None,
        "met": one.met,
    }


def _step(one: Step) -> Shape:
    return {
        "action": action_text(one.action),
        "came": one.came.value,
        "overridden_by": one.by.id if one.by else None,
    }


def change(one: Change) -> Shape:
    """Write one difference."""
    return {"what": one.what, "before": one.before, "after": one.after, "rule": one.rule.id}


def diff(found: Diff) -> Shape:
    """Write what the rules would change in stored orders."""
    return {
        "at": when(found.at),
        "seen": found.seen,
        "complete": found.complete,
        "orders": [
            {
                "order_id": one.order_id,
                "changes": [change(c) for c in one.changes],
                "kept_by_hand": one.kept,
            }
            for one in found.changed
        ],
        "groups": [{**change(group.change), "orders": group.orders} for group in found.groups()],
        "skipped": skipped(found.skipped),
        "unreadable": found.unreadable,
        "broken": [rule(one) for one in found.broken],
    }


def skipped(left: Sequence[tuple[str, Left]]) -> list[Shape]:
    """Write which orders were left alone, and why."""
    return [{"order_id": order_id, "why": why.value} for order_id, why in left]
