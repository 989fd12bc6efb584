"""What every violation is: a value with facts, a code, and templates for message and remedy.

The templates hold facts in plain form; `present` turns moments and money into local words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import ClassVar


class Severity(StrEnum):
    """Whether a violation stops a purchase."""

    BLOCKS = "blocks"
    WARNS = "warns"


@dataclass(frozen=True)
class Violation:
    """One broken constraint. `message` and `remedy` are templates over the facts."""

    code: ClassVar[str]
    rule: ClassVar[str]
    """The rule of the specification it guards."""
    message: ClassVar[str]
    remedy: ClassVar[str]

    @property
    def severity(self) -> Severity:
        """Blocks, unless a kind says otherwise; nothing the merchant sets can change it."""
        return Severity.BLOCKS

    def facts(self) -> Mapping[str, object]:
        """Give the fields that the templates speak of."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, kw_only=True)
class StrictForPrime(Violation):
    """A violation that stops a Prime order and only warns about any other."""

    prime: bool = True

    @property
    def severity(self) -> Severity:
        """Block where the Prime promise is at stake."""
        return Severity.BLOCKS if self.prime else Severity.WARNS
