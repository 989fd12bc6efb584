"""Previewing a rule while it is typed: the same orders as running it, and how often it fired."""

from datetime import timedelta

import pytest

from primetui.domain.order import OrderStatus
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.usecases.explain_rules import Tried, try_rule
from primetui.usecases.find_orders import parse_filter
from primetui.usecases.preview_rules import count_hits, tabulate
from primetui.usecases.reprocess_rules import apply_diff, diff_rules
from tests.domain.made import BUYER, item
from tests.shop import Shop
from tests.usecases.test_manage_rules import add, read
from tests.usecases.test_run_rules import keeping, landed


@pytest.fixture
def desk(empty_shop: Shop) -> Desk:
    """Give a desk with ten waiting orders of one to ten units, and a shipped one."""
    waiting = [
        landed(
            OrderStatus.AWAITING_SHIPMENT,
            id=OrderId(f"111-{n}"),
            items=(item(quantity=n + 1, sku=f"MUG-{n}"),),
            ship_to=BUYER,
        )
        for n in range(10)
    ]
    shipped = landed(OrderStatus.SHIPPED, id=OrderId("999"), items=(item(quantity=9),))
    empty_shop.desk.repository.transact(keeping(*waiting, shipped))
    return empty_shop.desk


@pytest.mark.parametrize(
    "line",
    [
        "quantity > 7 -> tag A",
        "sku starts cased MUG -> tag A",
        "sku starts cased mug -> tag A",
        "city = boston and prime = yes -> tag A",
        "ship-by in-next 4h -> stop",
        "tags include A -> stop",
        "always -> stop",
    ],
)
def test_a_preview_names_the_orders_that_the_rule_would_match(desk: Desk, line: str) -> None:
    """Rows laid out once answer as reading every order does; also after rules have run."""
    rule = read(desk, line)
    add(desk, "quantity > 3 -> tag A")
    apply_diff(desk, diff_rules(desk))

    tried = try_rule(desk, rule, parse_filter(desk, "status:awaiting sort:id"))
    table = tabulate(desk)

    assert isinstance(tried, Tried)
    assert table.can_show(rule)
    assert sorted(tried.matched) == sorted(table.matches(rule, desk.clock.now()))
    assert desk.repository.revision() == table.revision


def test_R23_a_preview_holds_no_buyer(desk: Desk) -> None:
    """R23: a rule that asks who the buyer is cannot be previewed, and nothing of them is there."""
    table = tabulate(desk)

    assert not table.can_show(read(desk, 'recipient = "ada buyer" -> stop'))
    assert BUYER.name.lower() not in repr(table.columns).lower()


def test_hits_tell_how_often_and_when_a_rule_fired_last(empty_shop: Shop, desk: Desk) -> None:
    """Orders of the last thirty days, wherever they stand by now."""
    often = add(desk, "quantity > 3 -> tag A").rule
    never = add(desk, "quantity > 99 -> tag B").rule
    start = desk.clock.now()
    apply_diff(desk, diff_rules(desk))
    assert often is not None
    assert never is not None

    soon = count_hits(desk)
    empty_shop.clock.advance(days=30, seconds=1)
    later = count_hits(desk)

    assert {often.id} == soon.keys()
    assert (7, start) == (soon[often.id].recently, soon[often.id].last)
    assert (0, start) == (later[often.id].recently, later[often.id].last)
    assert desk.clock.now() - start > timedelta(days=30)
