"""Rules that come with PrimeTUI."""

from typing import Final

from primetui.domain.order import PRIME_TAG
from primetui.domain.rules.model import Action, Criterion, Rule

RITHUM_PRIME: Final = Rule(
    name="Rithum Prime",
    criteria=(
        Criterion(field="marketplace", operator="=", values=("Rithum",)),
        Criterion(field="requested-service", operator="has-word", values=("Prime",)),
    ),
    actions=(Action(verb="tag", value=PRIME_TAG),),
)
"""Orders that came through Rithum get the Prime tag by a rule, not by themselves (R15)."""
