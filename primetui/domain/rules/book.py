"""The book of rules: all of them in order, who changed what, and the way back."""

from collections.abc import Callable, Iterable
from typing import Final

from pydantic import Field

from primetui.domain.handling import RuleId
from primetui.domain.rules.model import MOST_RULES, Rule
from primetui.domain.value import Moment, Value
from primetui.errors import ConfigError

MOST_REVISIONS: Final = 200
"""How many edits can be taken back."""


class Revision(Value):
    """One edit, with what it takes to go back to before it."""

    number: int
    at: Moment
    by: str
    words: str
    order: tuple[RuleId, ...]
    """All rules as they stood in a row before."""
    rules: tuple[Rule, ...]
    """Those that were changed or removed, as they were."""


class RuleBook(Value):
    """All rules of an account; the first in the list runs first."""

    version: int = 0
    """Grows with every edit."""
    rules: tuple[Rule, ...] = Field(default=(), max_length=MOST_RULES)
    retired_tags: tuple[str, ...] = ()
    """Tags the merchant did away with: a rule that names one is broken."""
    history: tuple[Revision, ...] = ()
    """Latest last."""
    undone: tuple[Revision, ...] = ()
    """What can be done again, next one last."""

    def find(self, name: str) -> Rule:
        """Find a rule by its place, its id or its name; ConfigError when there is none."""
        if name.isdecimal() and 1 <= int(name) <= len(self.rules):
            return self.rules[int(name) - 1]
        wanted = name.strip().casefold()
        found = [r for r in self.rules if wanted in {r.id.casefold(), r.name.casefold()}]
        if len(found) == 1:
            return found[0]
        if found:
            raise ConfigError(f"{len(found)} rules are called {name!r}: give the number.")
        raise ConfigError(f"There is no rule {name!r}: give its number or name.")

    def edited(self, rules: Iterable[Rule], words: str, *, by: str, at: Moment) -> "RuleBook":
        """Take in an edit; the one before it can be gone back to."""
        after = tuple(rules)
        if len(after) > MOST_RULES:
            raise ConfigError(f"There can be {MOST_RULES} rules; these would be {len(after)}.")
        revision = self._revision(after, words, by=by, at=at)
        return self._now(after, (*self.history, revision)[-MOST_REVISIONS:], ())

    def undo(self, *, by: str, at: Moment) -> "RuleBook":
        """Go back to before the last edit; ConfigError when there is none."""
        if not self.history:
            raise ConfigError("There is no edit to take back.")
        *history, last = self.history
        before = _stepped_back(self.rules, last)
        redo = self._revision(before, last.words, by=by, at=at)
        return self._now(before, tuple(history), (*self.undone, redo))

    def redo(self, *, by: str, at: Moment) -> "RuleBook":
        """Do again what was taken back last; ConfigError when nothing was."""
        if not self.undone:
            raise ConfigError("There is no edit to do again.")
        *undone, last = self.undone
        after = _stepped_back(self.rules, last)
        revision = self._revision(after, last.words, by=by, at=at)
        return self._now(after, (*self.history, revision), tuple(undone))

    def retiring(self, tags: tuple[str, ...]) -> "RuleBook":
        """Do away with these tags and no others."""
        return self.model_copy(update={"version": self.version + 1, "retired_tags": tags})

    def _revision(self, after: tuple[Rule, ...], words: str, *, by: str, at: Moment) -> Revision:
        stays = set(after)
        return Revision(
            number=self.version + 1,
            at=at,
            by=by,
            words=words,
            order=tuple(rule.id for rule in self.rules),
            rules=tuple(rule for rule in self.rules if rule not in stays),
        )

    def _now(
        self,
        rules: tuple[Rule, ...],
        history: tuple[Revision, ...],
        undone: tuple[Revision, ...],
    ) -> "RuleBook":
        return self.model_copy(
            update={
                "version": self.version + 1,
                "rules": rules,
                "history": history,
                "undone": undone,
            }
        )


def _stepped_back(rules: tuple[Rule, ...], revision: Revision) -> tuple[Rule, ...]:
    by_id = {rule.id: rule for rule in (*rules, *revision.rules)}
    return tuple(by_id[id_] for id_ in revision.order)


def added(book: RuleBook, rule: Rule, position: int | None = None) -> tuple[Rule, ...]:
    """Put a rule in at a place, counted from one; None is the end."""
    at = len(book.rules) if position is None else _place(book, position, len(book.rules) + 1)
    return (*book.rules[:at], rule, *book.rules[at:])


def replaced(book: RuleBook, rule_id: RuleId, change: Callable[[Rule], Rule]) -> tuple[Rule, ...]:
    """Change one rule where it stands."""
    return tuple(change(rule) if rule.id == rule_id else rule for rule in book.rules)


def removed(book: RuleBook, rule_id: RuleId) -> tuple[Rule, ...]:
    """Leave one rule out."""
    return tuple(rule for rule in book.rules if rule.id != rule_id)


def moved(book: RuleBook, rule_id: RuleId, position: int) -> tuple[Rule, ...]:
    """Put one rule at another place, counted from one."""
    at = _place(book, position, len(book.rules))
    rule = next(rule for rule in book.rules if rule.id == rule_id)
    others = removed(book, rule_id)
    return (*others[:at], rule, *others[at:])


def _place(book: RuleBook, position: int, last: int) -> int:
    if not 1 <= position <= last:
        raise ConfigError(f"{position} is no place among {len(book.rules)} rules.")
    return position - 1
