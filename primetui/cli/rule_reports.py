"""Verbs that put rules to orders: test, explain, reprocess."""

import argparse
from zoneinfo import ZoneInfo

from primetui import present
from primetui.cli import rule_shapes, shapes
from primetui.cli.desk import desk_of
from primetui.cli.rule_verbs import read_line
from primetui.cli.stopping import StopSign, stop_sign
from primetui.cli.talk import Exit, Voice
from primetui.domain.rules.explain import Explained
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.present import rules as words
from primetui.usecases.explain_rules import NotTried, OrderExplained, explain_order, try_rule
from primetui.usecases.find_orders import parse_filter
from primetui.usecases.reprocess_rules import Diff, Progress, apply_diff, diff_rules

MOST_SHOWN = 20
"""Orders of a difference that are shown one by one; --json has them all."""


def test(arguments: argparse.Namespace, voice: Voice) -> int:
    """Say which stored orders a rule would match, and what it would change."""
    with desk_of(arguments) as desk:
        rule = read_line(desk, arguments.line, voice)
        if rule is None:
            return Exit.USAGE
        tried = try_rule(desk, rule, parse_filter(desk, arguments.orders), MOST_SHOWN)
        zone = desk.repository.account().zone
    if isinstance(tried, NotTried):
        faults = [rule_shapes.fault(wrong) for wrong in tried.faults]
        voice.data(shapes.whole(faults=faults), [])
        voice.say(f"primetui: {words.broken(rule, tried.faults)}")
        return Exit.USAGE
    lines = [f"matches {len(tried.matched):,} of {present.count(tried.seen, 'order')}"]
    for order_id, changes in tried.changes:
        would = ", ".join(words.change(change, zone) for change in changes) or "nothing to change"
        lines.append(f"  {present.plain(order_id)}  {would}")
    voice.data(
        shapes.whole(
            rule=rule_shapes.rule(rule),
            seen=tried.seen,
            matched=list(tried.matched),
            changes=[
                {"order_id": order_id, "changes": [rule_shapes.change(c) for c in changes]}
                for order_id, changes in tried.changes
            ],
        ),
        lines,
    )
    return Exit.DONE


def explain(arguments: argparse.Namespace, voice: Voice) -> int:
    """Say of each rule why it matches an order or not, and what became of its actions."""
    with desk_of(arguments) as desk:
        told = explain_order(desk, OrderId(arguments.order))
        chosen = _chosen(desk, told, arguments.rule)
        zone = desk.repository.account().zone
    lines = [_head(told, zone)]
    for one in chosen:
        lines += _explained(told, one, zone)
    lines += [words.broken(rule, faults) for rule, faults in told.broken]
    lines += [f"would change now: {words.change(change, zone)}" for change in told.changes]
    voice.data(shapes.whole(**rule_shapes.explained(told, chosen)), lines)
    return Exit.DONE


def _chosen(desk: Desk, told: OrderExplained, name: str | None) -> tuple[Explained, ...]:
    if name is None:
        return told.rules
    wanted = desk.repository.rules().find(name).id
    return tuple(one for one in told.rules if one.rule.id == wanted)


def _head(told: OrderExplained, zone: ZoneInfo) -> str:
    handling = told.record.handling
    id_ = present.plain(told.record.order.id)
    if handling.rules_run_at is None:
        return f"{id_}: no rules ran over it yet"
    fired = ", ".join(present.plain(f.name or f.rule_id) for f in handling.fired) or "none"
    return f"{id_}: rules first ran {present.moment(handling.rules_run_at, zone)}; fired: {fired}"


def _explained(told: OrderExplained, one: Explained, zone: ZoneInfo) -> list[str]:
    lines = [f"{words.rule_name(one.rule)}: {words.explained(one)}"]
    for met, asked, seen in (words.asked(asked, zone) for asked in one.asked):
        lines.append(f"  {met:<3}  {asked}    [{seen}]")
    done = [step for step in told.plan.steps if step.rule is one.rule]
    return lines + [f"  ->   {words.step(step)}" for step in done]


def reprocess(arguments: argparse.Namespace, voice: Voice) -> int:
    """Show what the rules would change in waiting orders; with --yes, do it."""
    with (
        desk_of(arguments) as desk,
        stop_sign("primetui: stopping after the orders at hand.") as sign,
    ):
        only = _found(desk, arguments.orders)
        told = _telling(voice, sign)
        diff = diff_rules(desk, only, over_hands=arguments.over_hands, progress=told)
        zone = desk.repository.account().zone
        if arguments.dry_run or not diff.complete:
            voice.data(shapes.whole(**rule_shapes.diff(diff)), _diff_lines(diff, zone))
            return Exit.DONE if diff.complete else Exit.INTERRUPTED
        done = apply_diff(desk, diff, progress=told)
    left = [*diff.skipped, *done.skipped]
    shape = {"applied": done.applied, "complete": done.complete}
    lines = [f"{present.count(done.applied, 'order')} changed, {len(left):,} left alone"]
    lines += [f"  {present.plain(id_)}: {words.left_alone(why)}" for id_, why in left]
    voice.data(shapes.whole(**shape, skipped=rule_shapes.skipped(left)), lines)
    _say_troubles(diff, voice)
    return Exit.DONE if done.complete else Exit.INTERRUPTED


def _found(desk: Desk, line: str | None) -> list[OrderId] | None:
    if line is None:
        return None
    query = parse_filter(desk, line)
    return [
        row.id for row in desk.repository.order_rows(query, 0, desk.repository.count_orders(query))
    ]


def _telling(voice: Voice, sign: StopSign) -> Progress:
    def told(done: int, of: int) -> bool:
        if done % 10_000 == 0 or done == of:
            voice.say(f"{done:,} of {present.count(of, 'order')}" if of else f"{done:,} looked at")
        return not sign.is_up()

    return told


def _diff_lines(diff: Diff, zone: ZoneInfo) -> list[str]:
    head = f"{len(diff.changed):,} of {present.count(diff.seen, 'order')} would change"
    lines = [head if diff.complete else f"{head}; stopped before the end"]
    lines += [
        f"{group.orders:>7,}  {words.change(group.change, zone)}"
        f"  ({words.rule_name(group.change.rule)})"
        for group in diff.groups()
    ]
    for one in diff.changed[:MOST_SHOWN]:
        kept = f"; {one.kept} kept as a hand left it" if one.kept else ""
        would = ", ".join(words.change(change, zone) for change in one.changes)
        lines.append(f"  {present.plain(one.order_id)}  {would}{kept}")
    lines += [f"  {present.plain(id_)}: {words.left_alone(why)}" for id_, why in diff.skipped]
    return lines


def _say_troubles(diff: Diff, voice: Voice) -> None:
    for wrong in diff.unreadable:
        voice.say(f"primetui: {present.plain(wrong)}")
    for rule in diff.broken:
        voice.say(f"primetui: rule {words.rule_name(rule)} is broken and did not run.")
