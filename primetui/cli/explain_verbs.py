"""The verb that tells what a rule or a violation means."""

import argparse
from typing import Any

from primetui import present
from primetui.cli import shapes
from primetui.cli.talk import Exit, Voice
from primetui.domain.rulebook import RULES, Rule, explained
from primetui.domain.violations import Violation


def explain(arguments: argparse.Namespace, voice: Voice) -> int:
    """Tell what a rule or a violation means; without a word, list the rules."""
    if arguments.code is None:
        rules = [_rule(rule) for rule in RULES]
        voice.data(shapes.whole(rules=rules), [f"{rule.code:<4}{rule.name}" for rule in RULES])
        return Exit.DONE
    found = explained(arguments.code)
    shape = _rule(found) if isinstance(found, Rule) else _kind(found)
    text = present.explain(arguments.code)
    voice.data(shapes.whole(**shape, text=text), text.split("\n"))
    return Exit.DONE


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "says": rule.says,
        "why": rule.why,
        "remedy": rule.remedy,
        "violations": [kind.code for kind in rule.violations],
        "modules": list(rule.modules),
    }


def _kind(kind: type[Violation]) -> dict[str, Any]:
    return {
        "code": kind.code,
        "name": kind.__name__,
        "rule": kind.rule,
        "says": kind.message,
        "why": " ".join((kind.__doc__ or "").split()),
        "remedy": kind.remedy,
    }
