"""Read a rule from its one line of text, or say in which column what was expected.

    [off] ["name":] criterion and criterion … -> action, action …

What may follow is noted while reading: a line that ends too early is completed from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn
from zoneinfo import ZoneInfo

from primetui.domain.rules import names
from primetui.domain.rules.actions import VERBS, Reader, Verb
from primetui.domain.rules.fields import FIELDS, Field, Kind
from primetui.domain.rules.literals import Misfit
from primetui.domain.rules.model import (
    LONGEST_NAME,
    LONGEST_VALUE,
    MOST_PARTS,
    MOST_VALUES,
    Action,
    Criterion,
    Known,
    Rule,
)
from primetui.domain.rules.operators import CASED, OPERATORS, Operator, Takes, read_value
from primetui.domain.rules.words import LONGEST_LINE, RESERVED, Cut, Token, tokens

_UNITS = frozenset({"g", "kg", "oz", "lb", "m", "h", "d", "w"})
"""Units that may stand apart from their number."""


@dataclass(frozen=True, slots=True)
class Misread:
    """Where a line stops being a rule."""

    column: int
    """Counted from one."""
    expected: str
    found: str
    """As it stands in the line; blank is the end of the line."""
    nearest: str = ""
    """The word that may have been meant."""


class _Stop(Exception):
    """Reading ends here; it never leaves this module."""

    def __init__(self, misread: Misread) -> None:
        super().__init__()
        self.misread = misread


@dataclass(slots=True)
class Offers:
    """What may follow at the end of a line."""

    choices: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)


def parse(line: str, known: Known | None = None, offers: Offers | None = None) -> Rule | Misread:
    """Read a rule; names in it are compared with those known, where they are.

    `offers` is filled with what may follow at the end of the line.
    """
    if len(line) > LONGEST_LINE:
        return Misread(LONGEST_LINE, f"at most {LONGEST_LINE} characters", "")
    try:
        return _Reader(line, known or Known(), offers or Offers()).rule()
    except _Stop as stop:
        return stop.misread


class _Reader:
    """Reads one line, a token at a time."""

    def __init__(self, line: str, known: Known, offers: Offers) -> None:
        self._line = line
        self._tokens = tokens(line)
        self._at = 0
        self._known = known
        self._zone = ZoneInfo(known.time_zone)
        self._offers = offers

    def rule(self) -> Rule:
        """Read the whole line."""
        on = not self._takes_word("off")
        name = self._name()
        criteria = self._criteria()
        self._sign("->", '"and" or "->"')
        actions = self._actions()
        stop = "stop" in actions
        done = tuple(action for action in actions if isinstance(action, Action))
        return Rule(name=name, on=on, criteria=criteria, actions=done, stop=stop)

    def _name(self) -> str:
        """Read a name, which is whatever stands before a colon."""
        after = self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        token = self._here
        if (after.cut, after.text) != (Cut.SIGN, ":") or token.cut not in {Cut.WORD, Cut.QUOTED}:
            return ""
        name = token.text.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            self._fail(f"a name of 1 to {LONGEST_NAME} characters that can be shown")
        self._at += 2
        return name

    def _criteria(self) -> tuple[Criterion, ...]:
        if self._takes_word("always"):
            return ()
        found = [self._criterion()]
        while self._takes_word("and"):
            if len(found) == MOST_PARTS:
                self._fail(f"at most {MOST_PARTS} criteria")
            found.append(self._criterion())
        if self._is_word("or"):
            self._fail('"and" or "->" (values in one criterion are alternatives: country = US, CA)')
        return tuple(found)

    def _criterion(self) -> Criterion:
        every, quantified = self._quantifier()
        names_of = [n for n, f in FIELDS.items() if not quantified or f.kind is Kind.ITEMS]
        missing = names.left_out(self._here.text)
        what = "a field of items: sku or item" if quantified else f"a field{missing}"
        field_ = FIELDS[self._choice(what, names_of, names.FIELD_ALIASES)]
        operators = OPERATORS[field_.kind]
        what = f"an operator of {field_.name} ({', '.join(operators)})"
        word = self._choice(what, operators, names.OPERATOR_ALIASES)
        cased = field_.kind in CASED and bool(operators[word].takes is not Takes.NONE)
        cased = cased and self._takes_word("cased")
        values = self._values(field_, operators[word], cased=cased)
        return Criterion(field=field_.name, operator=word, values=values, every=every, cased=cased)

    def _quantifier(self) -> tuple[bool, bool]:
        """Read any or all; give whether it is all, and whether there was one."""
        if self._takes_word("all"):
            return True, True
        return False, self._takes_word("any")

    def _values(self, field_: Field, operator: Operator, *, cased: bool) -> tuple[str, ...]:
        if operator.takes is Takes.NONE:
            return ()
        values = [self._value(field_, operator, cased=cased)]
        if operator.takes is Takes.RANGE:
            self._sign("..", "..")
            values.append(self._value(field_, operator, cased=cased))
        while operator.takes is Takes.ALTERNATIVES and self._takes_sign(","):
            if len(values) == MOST_VALUES:
                self._fail(f"at most {MOST_VALUES} values")
            values.append(self._value(field_, operator, cased=cased))
        return tuple(values)

    def _value(self, field_: Field, operator: Operator, *, cased: bool) -> str:
        choices = names.values_of(field_, self._known)
        token = self._text(f"a value of {field_.name}", choices)
        text = self._with_unit(token)
        try:
            read_value(field_.kind, operator.name, text, self._zone, cased=cased)
            names.check_value(field_, operator.name, text, self._known)
        except Misfit as misfit:
            self._fail_at(token, misfit.expected, {choice: choice for choice in misfit.choices})
        return text

    def _with_unit(self, token: Token) -> str:
        """Take in a unit that stands apart from its number: `1.2 kg`."""
        here = self._here
        apart = here.cut is Cut.WORD and (here.text.lower() in _UNITS or here.text.isupper())
        if token.cut is Cut.WORD and token.text[-1].isdigit() and apart and len(here.text) <= 3:  # noqa: PLR2004 - kg, USD
            self._at += 1
            return token.text + here.text
        return token.text

    def _actions(self) -> list[Action | str]:
        found: list[Action | str] = [self._action()]
        while self._takes_sign(",") or self._takes_word("and"):
            if len(found) == MOST_PARTS:
                self._fail(f"at most {MOST_PARTS} actions")
            found.append(self._action())
        if self._here.cut is not Cut.END:
            self._fail(self._unless_quoted("a comma or the end of the line"))
        return found

    def _action(self) -> Action | str:
        word = self._choice("an action", [*VERBS, "stop"], names.VERB_ALIASES)
        if word == "stop":
            return word
        verb = VERBS[word]
        return Action(verb=word, value=self._action_value(verb, verb.takes) if verb.takes else "")

    def _action_value(self, verb: Verb, read: Reader) -> str:
        token = self._text(f"a value for {verb.name}", names.values_for(verb, self._known))
        text = self._with_unit(token)
        try:
            read(text, self._zone)
            names.check_action(verb, text, self._known)
        except Misfit as misfit:
            self._fail_at(token, misfit.expected, {choice: choice for choice in misfit.choices})
        return text

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    def _choice(self, what: str, choices: Iterable[str], aliases: dict[str, str]) -> str:
        """Read one of some words, or a sign among them."""
        listed = [*choices]
        self._offer(listed)
        token = self._here
        word = aliases.get(token.text.casefold(), token.text.casefold())
        if token.cut is Cut.END or word not in listed:
            meant = {alias: real for alias, real in aliases.items() if real in listed}
            self._fail_at(token, what, meant | {choice: choice for choice in listed})
        self._at += 1
        return word

    def _text(self, what: str, choices: tuple[str, ...]) -> Token:
        """Read a value; a word with a meaning of its own must be quoted."""
        self._offer(choices)
        token = self._here
        if token.cut in {Cut.SIGN, Cut.END}:
            self._fail(what)
        if token.open:
            self._fail_at(self._tokens[-1], 'a closing "')
        if token.cut is Cut.WORD and token.text.casefold() in RESERVED:
            self._fail(f'{what} (in quotes, if "{token.text}" itself is meant)')
        if len(token.text) > LONGEST_VALUE:
            self._fail(f"at most {LONGEST_VALUE} characters")
        self._at += 1
        return token

    def _sign(self, sign: str, what: str) -> None:
        if not self._takes_sign(sign):
            self._fail(self._unless_quoted(what))

    def _unless_quoted(self, what: str) -> str:
        several = self._at > 0 and self._tokens[self._at - 1].cut is not Cut.SIGN
        hint = several and self._here.cut is Cut.WORD
        return f"{what} (quote a value of several words)" if hint else what

    def _takes_sign(self, sign: str) -> bool:
        if self._here.cut is Cut.END:
            self._offers.signs.append(sign)
        taken = (self._here.cut, self._here.text) == (Cut.SIGN, sign)
        self._at += taken
        return taken

    def _takes_word(self, word: str) -> bool:
        self._offer([word])
        taken = self._is_word(word)
        self._at += taken
        return taken

    def _is_word(self, word: str) -> bool:
        return self._here.cut is Cut.WORD and self._here.text.casefold() == word

    def _offer(self, choices: Iterable[str]) -> None:
        if self._here.cut is Cut.END:
            self._offers.choices.extend(choices)

    def _fail(self, expected: str) -> NoReturn:
        self._fail_at(self._here, expected)

    def _fail_at(
        self, token: Token, expected: str, meant: Mapping[str, str] | None = None
    ) -> NoReturn:
        """Stop, naming the nearest of the words that may have been meant."""
        found = self._line[token.start : token.end]
        by_case = {word.casefold(): real for word, real in (meant or {}).items()}
        near = get_close_matches(token.text.casefold(), by_case, n=1, cutoff=0.6)
        raise _Stop(Misread(token.start + 1, expected, found, by_case[near[0]] if near else ""))
