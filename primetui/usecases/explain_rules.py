"""Say why rules did or did not do something to an order, and try a rule on stored orders."""

from dataclasses import dataclass

from primetui.domain.order import OrderRecord
from primetui.domain.rules.check import Fault, faults
from primetui.domain.rules.compiled import compile_rules
from primetui.domain.rules.explain import Explained, explain_rules
from primetui.domain.rules.hands import hands_on
from primetui.domain.rules.model import Rule
from primetui.domain.rules.plan import Plan
from primetui.domain.rules.run import Change, differences
from primetui.domain.rules.view import Setting, View
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError
from primetui.ports import Desk, OrderQuery
from primetui.usecases.manage_rules import known_names
from primetui.usecases.run_rules import Runner, runner


@dataclass(frozen=True, slots=True)
class OrderExplained:
    """All rules put to one order, as they would run now."""

    record: OrderRecord
    rules: tuple[Explained, ...]
    """Every rule that runs, in order."""
    broken: tuple[tuple[Rule, tuple[Fault, ...]], ...]
    plan: Plan
    """What became of each action: done, overridden, kept by a hand."""
    changes: tuple[Change, ...]
    """What running them now would change."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What one rule would do to stored orders."""

    seen: int
    matched: tuple[OrderId, ...]
    changes: tuple[tuple[OrderId, tuple[Change, ...]], ...]
    """For the first of those that match."""


@dataclass(frozen=True, slots=True)
class NotTried:
    """The rule is broken, so it was put to no order."""

    faults: tuple[Fault, ...]


def explain_order(desk: Desk, order_id: OrderId) -> OrderExplained:
    """Put every rule to an order, criterion by criterion; nothing is changed."""
    record = desk.repository.order(order_id)
    if record is None:
        raise ConfigError(f"There is no order {order_id} here. Import first, or look at its id.")
    ready = runner(desk.repository)
    now = desk.clock.now()
    explained = explain_rules(
        ready.program.rules, View(record, ready.setting), now, hands_on(record)
    )
    plan = ready.plan(record, now)
    return OrderExplained(record, explained, ready.broken, plan, differences(plan))


def try_rule(desk: Desk, rule: Rule, query: OrderQuery, shown: int = 20) -> Tried | NotTried:
    """Put one rule alone to the orders that a query finds; nothing is changed."""
    found = faults(rule, known_names(desk.repository))
    if found:
        return NotTried(found)
    reads = desk.repository
    setting = Setting.of(reads.stores(), reads.account())
    alone = Runner(compile_rules([rule], setting.account.zone), setting)
    now = desk.clock.now()
    rows = reads.order_rows(query, 0, reads.count_orders(query))
    read = reads.order if alone.program.asks_of_person else reads.sealed_order
    matched: list[OrderId] = []
    changes: list[tuple[OrderId, tuple[Change, ...]]] = []
    for row in rows:
        record = read(row.id)
        plan = alone.plan(record, now) if record is not None else None
        if plan is not None and plan.fired:
            matched.append(row.id)
            if len(changes) < shown:
                changes.append((row.id, differences(plan)))
    return Tried(len(rows), tuple(matched), tuple(changes))
