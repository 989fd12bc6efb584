"""A rule as its one line of text; `parse` reads it back exactly."""

from typing import Final

from primetui.domain.rules.actions import VERBS
from primetui.domain.rules.model import Action, Criterion, Rule
from primetui.domain.rules.operators import OPERATORS, RANGES
from primetui.domain.rules.words import spelled

_OPERATORS: Final = frozenset(name for operators in OPERATORS.values() for name in operators)
_VERBS: Final = frozenset(VERBS)


def line_of(rule: Rule) -> str:
    """Write a rule as one line."""
    head = "" if rule.on else "off "
    if rule.name:
        head += f"{spelled(rule.name, always_quoted=True)}: "
    asked = " and ".join(map(criterion_text, rule.criteria)) or "always"
    done = [*map(action_text, rule.actions), *(["stop"] if rule.stop else [])]
    return f"{head}{asked} -> {', '.join(done)}".rstrip()


def criterion_text(criterion: Criterion) -> str:
    """Write one criterion."""
    words = [
        *(["all"] if criterion.every else []),
        spelled(criterion.field),
        _known_word(criterion.operator, _OPERATORS),
        *(["cased"] if criterion.cased else []),
    ]
    between = ".." if criterion.operator in RANGES else ", "
    return " ".join([*words, between.join(map(spelled, criterion.values))]).rstrip()


def action_text(action: Action) -> str:
    """Write one action."""
    verb = _known_word(action.verb, _VERBS)
    return f"{verb} {spelled(action.value)}" if action.value else verb


def _known_word(word: str, known: frozenset[str]) -> str:
    """Write a word of the vocabulary as it is, and one of another version so that it can be shown."""
    return word if word in known else spelled(word)
