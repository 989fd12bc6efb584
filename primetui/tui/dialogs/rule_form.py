"""A rule as a form: a line for each criterion and each action; the same rule as its one line."""

from collections.abc import Mapping, Sequence
from typing import Final

from primetui.domain.rules.model import Known, Rule
from primetui.domain.rules.parse import Misread, parse
from primetui.domain.rules.printed import action_text, criterion_text
from primetui.domain.rules.words import spelled
from primetui.errors import ConfigError
from primetui.present import rules as words
from primetui.tui.dialogs.form import Field, Form

SPARE: Final = 2
"""Blank lines for further criteria, and for further actions."""

_YES_NO: Final = {"yes": True, "y": True, "no": False, "n": False}


def rule_form(rule: Rule, known: Known) -> Form[Rule]:
    """Ask for the parts of a rule, beginning with those there are."""
    criteria = [*map(criterion_text, rule.criteria), *[""] * SPARE]
    actions = [*map(action_text, rule.actions), *[""] * SPARE]
    fields = [
        Field("name", "Name", rule.name),
        *_lines("when", "When", criteria, "marketplace = Rithum; none at all: every order"),
        *_lines("then", "Do", actions, 'tag "Amazon Prime Order"'),
        Field("stop", "Stop later rules for these orders", _said(yes=rule.stop), "yes or no"),
        Field("on", "On", _said(yes=rule.on), "yes or no"),
    ]
    return Form("Rule", fields, lambda typed: _read(typed, known))


def _lines(key: str, label: str, texts: Sequence[str], example: str) -> list[Field]:
    return [
        Field(f"{key}-{n}", f"{label} {n}" if n == 1 else f"and {n}", text, example)
        for n, text in enumerate(texts, start=1)
    ]


def _said(*, yes: bool) -> str:
    return "yes" if yes else "no"


def _read(typed: Mapping[str, str], known: Known) -> Rule:
    """Read the parts one by one, so that what is wrong is named by its field."""
    criteria = [
        c for text in _typed(typed, "when") for c in _part(text, "{} -> stop", known).criteria
    ]
    actions = [
        a for text in _typed(typed, "then") for a in _part(text, "always -> {}", known).actions
    ]
    head = parse(f"{spelled(typed['name'], always_quoted=True)}: always -> stop", known)
    if isinstance(head, Misread) and typed["name"]:
        raise ConfigError(f"Name: expected {head.expected}.")
    return Rule(
        name=typed["name"],
        on=_yes(typed["on"], "On"),
        criteria=tuple(criteria),
        actions=tuple(actions),
        stop=_yes(typed["stop"], "Stop"),
    )


def _typed(typed: Mapping[str, str], key: str) -> list[str]:
    return [text for name, text in typed.items() if name.startswith(f"{key}-") and text]


def _part(text: str, frame: str, known: Known) -> Rule:
    read = parse(frame.format("{}").replace("{}", text), known)
    if isinstance(read, Misread):
        column = max(1, read.column - frame.index("{}"))
        raise ConfigError(f"{text!r}: {words.misread(_at(read, column))}")
    return read


def _at(wrong: Misread, column: int) -> Misread:
    return Misread(column, wrong.expected, wrong.found, wrong.nearest)


def _yes(text: str, label: str) -> bool:
    answer = _YES_NO.get(text.casefold())
    if answer is None:
        raise ConfigError(f"{label}: {text!r} is neither yes nor no.")
    return answer
