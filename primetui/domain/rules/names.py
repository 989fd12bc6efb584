"""Names in rules: other ways to write them, and whether they exist now."""

import re
from typing import Final

from primetui.domain.rules.actions import VERBS, Verb
from primetui.domain.rules.fields import FIELDS, LEFT_OUT, Field
from primetui.domain.rules.literals import Misfit
from primetui.domain.rules.model import Known

FIELD_ALIASES: Final = {
    field.label.casefold(): name for name, field in FIELDS.items() if " " not in field.label
} | {"tag": "tags", "item-name": "item", "item-sku": "sku", "sales-channel": "source"}
"""Other names of fields."""

OPERATOR_ALIASES: Final = {
    "is": "=",
    "equals": "=",
    "in": "=",
    "is-not": "!=",
    "starts-with": "starts",
    "begins": "starts",
    "begins-with": "starts",
    "ends-with": "ends",
    "contain": "contains",
    "includes": "include",
    "does-not-contain": "not-contains",
    "does-not-include": "not-include",
    "empty": "blank",
    "not-empty": "not-blank",
}
"""Other names of operators."""

VERB_ALIASES: Final = {
    verb.label.casefold(): name for name, verb in VERBS.items() if " " not in verb.label
} | {"add-tag": "tag", "remove-tag": "untag", "assign-to": "assign", "hold-for": "hold"}
"""Other names of actions."""

_LEFT_OUT: Final = {
    re.sub(r"[^a-z0-9]+", "-", label.lower()): f" ({label}: {why})"
    for label, why in LEFT_OUT.items()
}

_CHECKED: Final = {
    "stores": "a store that exists",
    "services": "a service that is sold",
    "carriers": "a carrier that is connected",
    "places": "a place that orders leave from",
}
"""Lists of Known that a name must be in."""


_MOST_SHOWN: Final = 8
_WHOLE: Final = frozenset({"=", "!=", "include", "not-include", "include-all", "not-include-all"})
"""Operators whose values are whole names."""


def left_out(word: str) -> str:
    """Say why a criterion that merchants know is not here; blank for any other word."""
    begun = f"{word.casefold()}-"
    return next((why for name, why in _LEFT_OUT.items() if f"{name}-".startswith(begun)), "")


def values_of(field: Field, known: Known) -> tuple[str, ...]:
    """List the values a criterion may want, as far as they are known."""
    return field.choices or _listed(field.known, known)


def values_for(verb: Verb, known: Known) -> tuple[str, ...]:
    """List the values an action may want, as far as they are known."""
    return verb.choices or _listed(verb.known, known)


def check_value(field: Field, operator: str, text: str, known: Known) -> None:
    """Refuse a criterion's value that is none of the field's; Misfit says what was expected."""
    if operator not in _WHOLE:
        return  # a part of a name need not be one
    if field.choices:
        _check(text, f"one of {', '.join(field.choices)}", field.choices)
    _check_known(field.known, text, known)


def check_action(verb: Verb, text: str, known: Known) -> None:
    """Refuse an action's value that does not exist; Misfit says what was expected."""
    _check_known(verb.known, text, known)


def _listed(name: str, known: Known) -> tuple[str, ...]:
    return (getattr(known, name) or ()) if name else ()


def _check_known(name: str, text: str, known: Known) -> None:
    listed: tuple[str, ...] | None = getattr(known, name) if name else None
    if name in _CHECKED and listed is not None:
        shown = ", ".join(listed[:_MOST_SHOWN]) or "there is none"
        _check(text, f"{_CHECKED[name]} ({shown})", listed)
    if name == "tags" and text.strip().casefold() in {t.casefold() for t in known.retired_tags}:
        raise Misfit("a tag that was not deleted", listed or ())


def _check(text: str, expected: str, choices: tuple[str, ...]) -> None:
    if text.strip().casefold() not in {choice.casefold() for choice in choices}:
        raise Misfit(expected, choices)
