"""Rules run when an order first can be shipped or held, once, inside the import (R16)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from primetui.domain.order import Landing, OrderRecord, OrderStatus
from primetui.domain.rules.model import Criterion, Rule
from primetui.domain.shipment import OrderId, Shipment
from primetui.ports import Desk, Writes
from primetui.usecases.hold_orders import kept_on_hold, release_held
from primetui.usecases.manage_rules import add_rule, retire_tag
from primetui.usecases.run_rules import is_first_entry, runner
from tests.domain.made import NOW, order
from tests.shop import Shop
from tests.usecases.test_manage_rules import add

STATUSES = list(OrderStatus)
ENTERS = {OrderStatus.AWAITING_SHIPMENT, OrderStatus.ON_HOLD}


def landed(status: OrderStatus, **changes: object) -> OrderRecord:
    """Make an order that stands somewhere."""
    facts = order(status=status)
    return OrderRecord(
        order=facts.model_copy(update=changes),
        landing=Landing(status=status, why="", at=NOW),
        shipment=Shipment(order_id=OrderId(facts.id)),
    )


def keeping(*records: OrderRecord) -> Callable[[Writes], None]:
    """Make the change that keeps some orders."""

    def keep(tx: Writes) -> None:
        for one in records:
            tx.put_order(one)

    return keep


def kept(desk: Desk, record: OrderRecord, earlier: OrderRecord | None = None) -> OrderRecord | None:
    """Run the rules as an import does, inside its transaction."""
    now = desk.clock.now()
    return desk.repository.transact(lambda tx: runner(tx).entered(earlier, record, now))


@pytest.mark.parametrize("status", STATUSES)
def test_R16_rules_run_where_an_order_can_be_shipped_or_held(
    empty_shop: Shop, status: OrderStatus
) -> None:
    """R16: Awaiting Shipment or On Hold; never Pending Fulfillment, nor paid, shipped, cancelled."""
    add(empty_shop.desk, "always -> tag A")

    after = kept(empty_shop.desk, landed(status))

    assert after is not None
    assert (["A"] if status in ENTERS else []) == [tag.name for tag in after.tags]
    assert (status in ENTERS) is (after.handling.rules_run_at is not None)


@pytest.mark.parametrize("before", [None, *STATUSES])
@pytest.mark.parametrize("status", STATUSES)
def test_R16_only_the_first_entry_counts(status: OrderStatus, before: OrderStatus | None) -> None:
    """R16: from anywhere else to there; not from there to there."""
    earlier = None if before is None else landed(before)

    assert (status in ENTERS and before not in ENTERS) is is_first_entry(earlier, landed(status))


def test_R16_rules_run_once_for_an_order(empty_shop: Shop) -> None:
    """R16: even when it left and came back, and also where no rule was there then."""
    desk = empty_shop.desk
    first = kept(desk, landed(OrderStatus.AWAITING_SHIPMENT))
    add(desk, "always -> tag A")

    assert first is not None
    assert first == kept(desk, first, landed(OrderStatus.PENDING_FULFILLMENT))


def test_an_order_nobody_wants_is_not_imported(empty_shop: Shop) -> None:
    """A rule may say so of an order that is not here yet; one that is here stays."""
    desk = empty_shop.desk
    add(desk, "lines >= 1 -> no-import")
    waiting = landed(OrderStatus.AWAITING_SHIPMENT)

    assert kept(desk, waiting) is None
    assert kept(desk, waiting, landed(OrderStatus.AWAITING_PAYMENT)) is not None


def test_R17_a_rule_that_broke_is_skipped_alone_and_named(empty_shop: Shop) -> None:
    """R17: the others run."""
    desk = empty_shop.desk
    add(desk, "always -> tag Gone")
    add(desk, "always -> tag A")
    retire_tag(desk, "gone")
    after = kept(desk, landed(OrderStatus.AWAITING_SHIPMENT))

    assert after is not None
    assert ["A"] == [tag.name for tag in after.tags]
    assert ["Gone"] == [faults[0].word for _, faults in runner(desk.repository).broken]


def test_R17_a_rule_of_another_version_is_skipped_alone(empty_shop: Shop) -> None:
    """R17: words this version does not know are kept, and break their rule only."""
    desk = empty_shop.desk
    add(desk, "always -> tag A")
    strange = Rule(criteria=(Criterion(field="moon", operator="~", values=("full",)),), stop=True)
    book = desk.repository.rules()
    new = book.edited((strange, *book.rules), "by another version", by="x", at=NOW)
    desk.repository.transact(lambda tx: tx.put_rules(new))

    after = kept(desk, landed(OrderStatus.AWAITING_SHIPMENT))

    assert after is not None
    assert ["A"] == [tag.name for tag in after.tags]
    assert strange == desk.repository.rules().rules[0]


def test_a_hold_lasts_as_long_as_it_was_set_and_ends_by_itself(empty_shop: Shop) -> None:
    """Newer facts do not end it; its time does; what the marketplace holds is not let go."""
    desk = empty_shop.desk
    add(desk, "always -> hold 2h")
    start = desk.clock.now()
    held = kept(desk, landed(OrderStatus.AWAITING_SHIPMENT))
    theirs = landed(OrderStatus.ON_HOLD, id=OrderId("theirs"))
    assert held is not None
    desk.repository.transact(keeping(held, theirs))
    awaiting = held.order.model_copy(update={"status": OrderStatus.AWAITING_SHIPMENT})
    imported = held.model_copy(update={"order": awaiting})

    assert OrderStatus.ON_HOLD is held.order.status
    assert held == kept_on_hold(imported, start + timedelta(hours=2, seconds=-1))
    assert imported == kept_on_hold(imported, start + timedelta(hours=2))
    empty_shop.clock.advance(hours=1, minutes=59)
    assert 0 == release_held(desk)
    empty_shop.clock.advance(minutes=1)
    assert 1 == release_held(desk)
    assert imported == desk.repository.order(held.order.id)
    assert 0 == release_held(desk)


def test_a_rule_saved_with_nothing_to_do_is_no_rule(empty_shop: Shop) -> None:
    """It would match in silence."""
    assert not hasattr(add_rule(empty_shop.desk, Rule()), "book")
