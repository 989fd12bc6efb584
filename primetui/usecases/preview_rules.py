"""What a rule would match while it is typed, and how often each rule fired: for the rule screen."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from primetui.domain.handling import RuleId
from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.rules.compiled import Column, Row, all_columns, compile_rules
from primetui.domain.rules.fields import FIELDS
from primetui.domain.rules.hands import as_if_never_run, hands_on
from primetui.domain.rules.model import Rule
from primetui.domain.rules.view import Setting, View
from primetui.domain.shipment import OrderId
from primetui.errors import RepositoryError
from primetui.ports import Desk

RECENT: Final = timedelta(days=30)

_COLUMNS: Final[tuple[Column, ...]] = tuple(
    column for column in all_columns() if not FIELDS[column.field].of_person
)
"""Who the buyers are is not kept in memory for a preview."""


@dataclass(frozen=True, slots=True)
class OrderTable:
    """The orders that await shipment, as rows that a rule is run over in one go."""

    revision: int
    """Of the documents: at another one it is time for another table."""
    setting: Setting
    ids: list[OrderId] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def can_show(self, rule: Rule) -> bool:
        """Tell whether a rule can be previewed: one that asks who the buyer is cannot."""
        return not any(FIELDS[criterion.field].of_person for criterion in rule.criteria)

    def matches(self, rule: Rule, now: datetime) -> list[OrderId]:
        """Name the orders that a rule that is whole, alone, would match."""
        run = compile_rules([rule], self.setting.account.zone, _COLUMNS).run
        return [id_ for id_, row in zip(self.ids, self.rows, strict=True) if run(row, now)]


@dataclass(slots=True)
class Hits:
    """How often a rule fired."""

    recently: int = 0
    """Orders in the last thirty days."""
    last: datetime | None = None


def tabulate(desk: Desk) -> OrderTable:
    """Lay out the orders that await shipment; takes seconds for a hundred thousand."""
    reads = desk.repository
    table = OrderTable(reads.revision(), Setting.of(reads.stores(), reads.account()))
    with closing(reads.each_order(OrderStatus.AWAITING_SHIPMENT)) as found:
        for record in found:
            if isinstance(record, RepositoryError):
                continue
            view = View(as_if_never_run(record, hands_on(record)), table.setting)
            table.ids.append(record.order.id)
            table.rows.append(tuple([column.cell(view) for column in _COLUMNS]))
    return table


def count_hits(desk: Desk) -> Mapping[RuleId, Hits]:
    """Count on which stored orders each rule fired; rules that never did are not there."""
    since = desk.clock.now() - RECENT
    hits: dict[RuleId, Hits] = {}
    for status in OrderStatus:
        with closing(desk.repository.each_order(status)) as found:
            for record in found:
                if isinstance(record, OrderRecord):
                    _count(hits, record, since)
    return hits


def _count(hits: dict[RuleId, Hits], record: OrderRecord, since: datetime) -> None:
    for fired in record.handling.fired:
        one = hits.setdefault(fired.rule_id, Hits())
        one.recently += fired.at >= since
        one.last = max(fired.at, one.last or fired.at)
