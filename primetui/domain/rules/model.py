"""What a rule is: plain words that the vocabulary gives a meaning.

Words of a newer version are kept as they are: the rule that has them is broken, and no other.
"""

from typing import Final

from pydantic import Field

from primetui.domain.handling import RuleId
from primetui.domain.value import Value

MOST_RULES: Final = 500
MOST_PARTS: Final = 40
"""Criteria, or actions, of one rule."""
MOST_VALUES: Final = 500
"""Alternatives within one criterion."""
LONGEST_NAME: Final = 80
LONGEST_VALUE: Final = 500


class Criterion(Value):
    """One question about an order; its values are alternatives."""

    field: str
    operator: str
    values: tuple[str, ...] = ()
    every: bool = False
    """Ask it of every item, not of any."""
    cased: bool = False
    """Capitals and small letters differ."""


class Action(Value):
    """One thing to do with an order that matched."""

    verb: str
    value: str = ""


class Rule(Value):
    """Do the actions with each order that meets all criteria; none at all: with every order."""

    id: RuleId = RuleId("")
    name: str = ""
    on: bool = True
    criteria: tuple[Criterion, ...] = ()
    actions: tuple[Action, ...] = ()
    stop: bool = False
    """Later rules do not run on an order this one matched."""

    def same_as(self, other: "Rule") -> bool:
        """Tell whether two rules do the same, whatever they are called."""
        return (self.criteria, self.actions, self.stop) == (
            other.criteria,
            other.actions,
            other.stop,
        )


class Known(Value):
    """Names that exist now; a rule that needs another one is broken. None: anything goes."""

    stores: tuple[str, ...] | None = None
    services: tuple[str, ...] | None = None
    carriers: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    """Places orders leave from."""
    tags: tuple[str, ...] = ()
    """Tags in use, to be offered while typing; a new one is as good."""
    retired_tags: tuple[str, ...] = ()
    """Tags the merchant did away with."""
    operators: tuple[str, ...] = ()
    """Who works here, to be offered while typing."""
    time_zone: str = Field(default="UTC")
    """Dates in rules are days there."""
