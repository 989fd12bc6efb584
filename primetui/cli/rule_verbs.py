"""Verbs that list and edit the rules."""

import argparse
import sys
from pathlib import Path

from primetui import present
from primetui.cli import rule_shapes, shapes
from primetui.cli.desk import desk_of
from primetui.cli.talk import Exit, Voice
from primetui.domain.rules.model import Rule
from primetui.domain.rules.parse import Misread
from primetui.domain.rules.printed import line_of
from primetui.domain.rules.ready_made import RITHUM_PRIME
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.present import rules as words
from primetui.usecases import manage_rules
from primetui.usecases.manage_rules import NotSaved, Saved

LARGEST_FILE = 1_000_000
"""Bytes of a file of rules."""


def list_rules(arguments: argparse.Namespace, voice: Voice) -> int:
    """List the rules in their order, with what is odd about each."""
    with desk_of(arguments) as desk:
        found = manage_rules.list_rules(desk)
    lines = []
    for number, rule in enumerate(found.book.rules, start=1):
        lines.append(f"{number:>3}  {present.plain(line_of(rule))}")
        lines += [f"       ! {words.odd(odd)}" for odd in found.warnings if odd.rule is rule]
    voice.data(shapes.whole(**rule_shapes.listed(found)), lines)
    if not found.book.rules:
        voice.say("There is no rule yet. `primetui rules add LINE` makes one.")
    for offered in found.offers:
        voice.say(f"Ready-made, with `primetui rules add --rithum-prime`: {line_of(offered)}")
    return Exit.DONE


def add_rule(arguments: argparse.Namespace, voice: Voice) -> int:
    """Add a rule, or the ready-made one."""
    with desk_of(arguments) as desk:
        rule = RITHUM_PRIME if arguments.rithum_prime else read_line(desk, arguments.line, voice)
        if rule is None:
            return Exit.USAGE
        return _told(manage_rules.add_rule(desk, rule, arguments.at), voice)


def edit_rule(arguments: argparse.Namespace, voice: Voice) -> int:
    """Put a line in the place of a rule."""
    with desk_of(arguments) as desk:
        rule = read_line(desk, arguments.line, voice)
        if rule is None:
            return Exit.USAGE
        return _told(manage_rules.edit_rule(desk, arguments.rule, rule), voice)


def move_rule(arguments: argparse.Namespace, voice: Voice) -> int:
    """Put a rule at another place."""
    with desk_of(arguments) as desk:
        return _told(manage_rules.move_rule(desk, arguments.rule, arguments.position), voice)


def remove_rule(arguments: argparse.Namespace, voice: Voice) -> int:
    """Remove a rule."""
    with desk_of(arguments) as desk:
        return _told(manage_rules.remove_rule(desk, arguments.rule), voice)


def switch_on(arguments: argparse.Namespace, voice: Voice) -> int:
    """Switch a rule on."""
    with desk_of(arguments) as desk:
        return _told(manage_rules.switch_rule(desk, arguments.rule, on=True), voice)


def switch_off(arguments: argparse.Namespace, voice: Voice) -> int:
    """Switch a rule off."""
    with desk_of(arguments) as desk:
        return _told(manage_rules.switch_rule(desk, arguments.rule, on=False), voice)


def undo(arguments: argparse.Namespace, voice: Voice) -> int:
    """Take the last edit back."""
    with desk_of(arguments) as desk:
        return _told(manage_rules.undo(desk), voice)


def redo(arguments: argparse.Namespace, voice: Voice) -> int:
    """Do again what was taken back last."""
    with desk_of(arguments) as desk:
        return _told(manage_rules.redo(desk), voice)


def delete_tag(arguments: argparse.Namespace, voice: Voice) -> int:
    """Do away with a tag."""
    with desk_of(arguments) as desk:
        return _told(manage_rules.retire_tag(desk, arguments.tag), voice)


def restore_tag(arguments: argparse.Namespace, voice: Voice) -> int:
    """Let rules name a tag again."""
    with desk_of(arguments) as desk:
        return _told(manage_rules.restore_tag(desk, arguments.tag), voice)


def history(arguments: argparse.Namespace, voice: Voice) -> int:
    """Show who changed what, oldest first."""
    with desk_of(arguments) as desk:
        made = desk.repository.rules().history
        zone = desk.repository.account().zone
    lines = [
        f"{one.number:>4}  {present.moment(one.at, zone)}  {present.plain(one.by)}: "
        f"{present.plain(one.words)}"
        for one in made
    ]
    voice.data(shapes.whole(edits=[rule_shapes.revision(one) for one in made]), lines)
    return Exit.DONE


def export(arguments: argparse.Namespace, voice: Voice) -> int:
    """Print the rules, a line each, as `rules import` takes them."""
    with desk_of(arguments) as desk:
        rules = desk.repository.rules().rules
    lines = [line_of(rule) for rule in rules]
    shape = [rule_shapes.rule(rule, number) for number, rule in enumerate(rules, start=1)]
    voice.data(shapes.whole(rules=shape), lines)
    return Exit.DONE


def import_(arguments: argparse.Namespace, voice: Voice) -> int:
    """Take in a file of rules, all or none of them."""
    lines = _lines_of(arguments.file)
    with desk_of(arguments) as desk:
        rules: list[Rule] = []
        for number, line in lines:
            rule = read_line(desk, line, voice, number)
            if rule is None:
                return Exit.USAGE
            rules.append(rule)
        return _told(manage_rules.import_rules(desk, rules, replace=arguments.replace), voice)


def _lines_of(name: str) -> list[tuple[int, str]]:
    """Read the lines of a file with their numbers, but for blank ones and comments."""
    try:
        text = sys.stdin.read(LARGEST_FILE + 1) if name == "-" else _text(Path(name))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name!r} cannot be read: {error.__class__.__name__}.") from None
    if len(text) > LARGEST_FILE:
        raise ConfigError(f"{name!r} is too long for a file of rules.")
    numbered = enumerate(text.splitlines(), start=1)
    return [(n, line) for n, line in numbered if line.strip() and not line.startswith("#")]


def _text(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as file:
        return file.read(LARGEST_FILE + 1)


def read_line(desk: Desk, line: str, voice: Voice, number: int = 0) -> Rule | None:
    """Read a line of a rule; None, once it was said what is wrong with it."""
    read = manage_rules.read_rule(desk, line)
    if not isinstance(read, Misread):
        return read
    where = {"line": number} if number else {}
    voice.data(shapes.whole(misread={**where, **rule_shapes.misread(read)}), [])
    begun = f"Line {number}. " if number else ""
    voice.say(f"primetui: {begun}{words.misread(read)}")
    for shown in words.pointed(line, read.column):
        voice.say(f"  {shown}")
    return None


def _told(result: Saved | NotSaved, voice: Voice) -> Exit:
    """Say what came of an edit."""
    if isinstance(result, NotSaved):
        faults = [rule_shapes.fault(wrong) for wrong in result.faults]
        voice.data(shapes.whole(saved=False, faults=faults), [])
        voice.say(f"primetui: {words.broken(result.rule, result.faults)} Nothing was changed.")
        return Exit.USAGE
    rules = result.book.rules
    number = next((n for n, r in enumerate(rules, start=1) if r == result.rule), None)
    shape = rule_shapes.rule(result.rule, number) if result.rule else None
    lines = [f"{number:>3}  {line_of(result.rule)}"] if number and result.rule else []
    voice.data(
        shapes.whole(saved=True, version=result.book.version, rule=shape, rules=len(rules)), lines
    )
    voice.say(f"{present.count(len(rules), 'rule')}. Waiting orders: primetui rules reprocess")
    return Exit.DONE
