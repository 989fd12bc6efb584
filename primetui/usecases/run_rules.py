"""Run the rules on an order when it first can be shipped or held, once, inside the import (R16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.rules.check import Fault, sort_rules
from primetui.domain.rules.compiled import Program, compile_rules
from primetui.domain.rules.hands import IDLE, hands_on
from primetui.domain.rules.model import Rule
from primetui.domain.rules.plan import Plan, plan_rules
from primetui.domain.rules.run import carried_out
from primetui.domain.rules.view import Setting, View
from primetui.ports import Reads
from primetui.usecases.manage_rules import known_names

ENTERED: Final = frozenset({OrderStatus.AWAITING_SHIPMENT, OrderStatus.ON_HOLD})
"""Where an order must first arrive for the rules to run."""


@dataclass(frozen=True, slots=True)
class Runner:
    """The rules of an account, ready to run over any number of orders."""

    program: Program
    setting: Setting
    broken: tuple[tuple[Rule, tuple[Fault, ...]], ...] = ()
    """Rules that are on and cannot run: each skipped alone (R17)."""

    def plan(self, record: OrderRecord, at: datetime, *, over_hands: bool = False) -> Plan:
        """Put together what the rules want of an order now; nothing is done."""
        hands = IDLE if over_hands else hands_on(record)
        matches = self.program.matches(View(record, self.setting), at, hands)
        matched = [self.program.rules[position] for position, _ in matches]
        return plan_rules(matched, record, self.setting, at, hands)

    def entered(
        self, earlier: OrderRecord | None, record: OrderRecord, at: datetime
    ) -> OrderRecord | None:
        """Run the rules over an order about to be kept, if this is its first entry.

        Gives the order as it is to be kept; None where a rule says not to import it at all.
        """
        if not is_first_entry(earlier, record):
            return record
        plan = self.plan(record, at)
        return None if plan.dropped and earlier is None else carried_out(plan)


def runner(reads: Reads) -> Runner:
    """Get the rules ready, with the stores and the account as they are now."""
    setting = Setting.of(reads.stores(), reads.account())
    parted = sort_rules(reads.rules().rules, known_names(reads))
    return Runner(compile_rules(parted.whole, setting.account.zone), setting, parted.broken)


def is_first_entry(earlier: OrderRecord | None, record: OrderRecord) -> bool:
    """Tell whether an order arrives for the first time where rules run; never in Pending."""
    if record.handling.rules_run_at is not None or record.order.status not in ENTERED:
        return False
    return earlier is None or earlier.order.status not in ENTERED
