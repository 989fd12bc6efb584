"""Reprocessing: the difference first, then just that; hands, purchases and strangers kept (R16)."""

import pytest

from primetui.domain.label import Purchase, PurchaseState
from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.rules.parse import Misread
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.usecases import reprocess_rules as again
from primetui.usecases.explain_rules import NotTried, Tried, explain_order, try_rule
from primetui.usecases.find_orders import parse_filter
from primetui.usecases.manage_rules import edit_rule, read_rule, remove_rule
from primetui.usecases.reprocess_rules import CHUNK, Left, apply_diff, diff_rules
from tests.domain.made import BUYER, NOW, journal, order
from tests.shop import Shop
from tests.usecases.test_manage_rules import add, read
from tests.usecases.test_run_rules import keeping, landed

NAMES = ("111-1", "111-2", "111-3")


@pytest.fixture
def desk(empty_shop: Shop) -> Desk:
    """Give a desk with three waiting orders and one of every other status."""
    others = [
        landed(status, id=OrderId(status))
        for status in OrderStatus
        if status is not OrderStatus.AWAITING_SHIPMENT
    ]
    waiting = [landed(OrderStatus.AWAITING_SHIPMENT, id=OrderId(name)) for name in NAMES]
    empty_shop.desk.repository.transact(keeping(*waiting, *others))
    return empty_shop.desk


def stored(desk: Desk, name: str = NAMES[0]) -> OrderRecord:
    """Read an order that must be there."""
    record = desk.repository.order(OrderId(name))
    assert record is not None
    return record


def tags(desk: Desk, *names: str) -> list[list[str]]:
    """Name the tags of some orders."""
    return [[tag.name for tag in stored(desk, name).tags] for name in names]


def test_R16_only_orders_that_await_shipment_are_reprocessed(desk: Desk) -> None:
    """R16: shipped, cancelled, held and pending ones are not even looked at."""
    add(desk, "always -> tag A")

    diff = diff_rules(desk)
    before = tags(desk, *NAMES)
    done = apply_diff(desk, diff)

    assert (3, list(NAMES)) == (diff.seen, [one.order_id for one in diff.orders])
    assert [("tag", 3)] == [(group.change.what, group.orders) for group in diff.groups()]
    assert [[], [], []] == before
    assert (3, [["A"]] * 3) == (done.applied, tags(desk, *NAMES))
    others = [status for status in OrderStatus if status is not OrderStatus.AWAITING_SHIPMENT]
    assert [[]] * 5 == tags(desk, *others)
    assert "3 orders changed, 0 left alone" == desk.repository.audit()[-1].detail


def test_R16_doing_it_twice_does_nothing_more(desk: Desk) -> None:
    """R16: an idempotent run shows no difference after it was done."""
    add(desk, 'always -> tag A, note "x", add-weight 50g, hold 0m')
    apply_diff(desk, diff_rules(desk))
    once = stored(desk)

    diff = diff_rules(desk)
    apply_diff(desk, diff)

    assert [] == diff.orders
    assert once == stored(desk)


def test_a_selection_is_changed_and_nothing_else(desk: Desk) -> None:
    """Shown for some, done for fewer."""
    add(desk, "always -> tag A")

    diff = diff_rules(desk, [OrderId(name) for name in NAMES[:2]])
    apply_diff(desk, diff, [OrderId(NAMES[1]), OrderId("nobody")])

    assert (2, [[], ["A"], []]) == (diff.seen, tags(desk, *NAMES))


def test_R16_hand_edits_and_hand_removed_tags_are_kept_unless_switched(desk: Desk) -> None:
    """R16: the switch overrides both, and shows it first."""
    add(desk, "always -> tag A, service S")
    record = stored(desk)
    by_hand = record.model_copy(
        update={
            "removed_tags": ("A",),
            "handling": record.handling.model_copy(update={"service": "Mine"}),
        }
    )
    desk.repository.transact(lambda tx: tx.put_order(by_hand))
    only = [OrderId(NAMES[0])]

    kept = diff_rules(desk, only)
    switched = diff_rules(desk, only, over_hands=True)

    assert [((), 2)] == [(one.changes, one.kept) for one in kept.orders]
    assert {("tag", "", "A"), ("service", "Mine", "S")} == {
        (change.what, change.before, change.after) for change in switched.orders[0].changes
    }
    apply_diff(desk, kept)
    assert ([], "Mine") == (*tags(desk, NAMES[0]), stored(desk).handling.service)
    apply_diff(desk, diff_rules(desk, only, over_hands=True))
    assert (["A"], "S") == (*tags(desk, NAMES[0]), stored(desk).handling.service)


def opened(name: str, **changes: str) -> Purchase:
    """Make a purchase of an order that nobody knows the end of."""
    purchase = journal(PurchaseState.INTENT, PurchaseState.SENT)
    return purchase.model_copy(update={"order": order(id=OrderId(name)), **changes})


def test_R16_orders_with_an_open_purchase_are_skipped_and_named(desk: Desk) -> None:
    """R16: before the difference is shown, and when one was opened after."""
    add(desk, "always -> tag A")
    desk.repository.transact(lambda tx: tx.put_purchase(opened(NAMES[0])))
    diff = diff_rules(desk)
    second = opened(NAMES[1], id="p2")
    desk.repository.transact(lambda tx: tx.put_purchase(second))
    done = apply_diff(desk, diff)

    assert [(NAMES[0], Left.PURCHASE_OPEN)] == diff.skipped
    assert [(NAMES[1], Left.PURCHASE_OPEN)] == done.skipped
    assert [[], [], ["A"]] == tags(desk, *NAMES)


def test_an_order_that_changed_meanwhile_is_left_alone(desk: Desk) -> None:
    """What was not shown is not done: neither after the order changed, nor after it moved on."""
    add(desk, "lines >= 1 -> tag A")
    diff = diff_rules(desk)
    tagged = stored(desk, NAMES[0]).tagged("A", by="ann", at=NOW)
    shipped = landed(OrderStatus.SHIPPED, id=OrderId(NAMES[1]))
    desk.repository.transact(keeping(tagged, shipped))

    done = apply_diff(desk, diff)

    assert [(NAMES[0], Left.CHANGED), (NAMES[1], Left.MOVED_ON)] == done.skipped
    assert (1, tagged) == (done.applied, stored(desk, NAMES[0]))


def test_rules_that_changed_meanwhile_are_shown_again_first(desk: Desk) -> None:
    """An old difference is of no use."""
    rule = read_rule(desk, "always -> tag B")
    assert not isinstance(rule, Misread)
    add(desk, "always -> tag A")
    diff = diff_rules(desk)
    edit_rule(desk, "1", rule)

    done = apply_diff(desk, diff)

    assert (0, [Left.CHANGED] * 3) == (done.applied, [why for _, why in done.skipped])
    assert [[], [], []] == tags(desk, *NAMES)


def test_R23_a_buyer_stays_sealed_and_whole(desk: Desk) -> None:
    """R23: whether a rule asks of the buyer or not; only one that asks sees them."""
    named = stored(desk).order.model_copy(update={"ship_to": BUYER})
    with_buyer = stored(desk).model_copy(update={"order": named})
    desk.repository.transact(lambda tx: tx.put_order(with_buyer))
    add(desk, "city = Boston -> tag City")
    apply_diff(desk, diff_rules(desk))
    remove_rule(desk, "1")
    add(desk, 'recipient = "ada buyer" -> tag Ada')
    apply_diff(desk, diff_rules(desk))

    assert [["City", "Ada"], [], []] == tags(desk, *NAMES)
    assert BUYER == stored(desk).order.ship_to


def test_it_can_be_stopped_and_gone_on_with(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole orders are done or not; showing the difference again gives the rest."""
    monkeypatch.setattr(again, "CHUNK", 1)
    add(desk, "always -> tag A")
    told: list[tuple[int, int]] = []

    def stop_after_two(done: int, of: int) -> bool:
        told.append((done, of))
        return done < 2

    first = apply_diff(desk, diff_rules(desk), progress=stop_after_two)
    rest = diff_rules(desk)
    looking = diff_rules(desk, progress=lambda *_: False)

    assert (2, False, [(1, 3), (2, 3)]) == (first.applied, first.complete, told)
    assert [NAMES[2]] == [one.order_id for one in rest.orders]
    assert (1, False) == (looking.seen, looking.complete)
    assert apply_diff(desk, rest).complete
    assert [["A"]] * 3 == tags(desk, *NAMES)
    assert CHUNK > 1


def test_R17_a_broken_rule_is_named_and_the_others_are_reprocessed(shop: Shop) -> None:
    """R17: the difference says which did not run."""
    desk = shop.desk
    shop.imported()
    store = desk.repository.stores()[0]
    add(desk, f'"Broken": store = "{store.name}" -> tag A')
    add(desk, "always -> tag B")
    renamed = store.model_copy(update={"name": "Elsewhere"})
    desk.repository.transact(lambda tx: tx.put_store(renamed))

    diff = diff_rules(desk)

    assert ["Broken"] == [rule.name for rule in diff.broken]
    assert [("B", 1)] == [(group.change.after, group.orders) for group in diff.groups()]


def test_a_rule_is_tried_without_a_trace(desk: Desk) -> None:
    """On the orders of a filter, whatever other rules there are; a broken one on none."""
    add(desk, "always -> stop")
    tried = try_rule(desk, read(desk, "lines = 2 -> tag A"), parse_filter(desk, ""))
    none = try_rule(desk, read(desk, "lines = 3 -> tag A"), parse_filter(desk, "status:awaiting"))
    broken = try_rule(
        desk,
        read(desk, "always -> tag A").model_copy(update={"actions": ()}),
        parse_filter(desk, ""),
    )

    assert isinstance(tried, Tried)
    assert (8, 8, 8) == (tried.seen, len(tried.matched), len(tried.changes))
    assert isinstance(none, Tried)
    assert (3, ()) == (none.seen, none.matched)
    assert isinstance(broken, NotTried)
    assert [[]] * 3 == tags(desk, *NAMES)


def test_explaining_an_order_changes_nothing(desk: Desk) -> None:
    """Each rule, each criterion, each action, and what would change."""
    add(desk, "marketplace = Rithum -> tag A")
    add(desk, "lines = 2 -> tag B")
    before = stored(desk)

    told = explain_order(desk, OrderId(NAMES[0]))

    assert [False, True] == [one.matched for one in told.rules]
    assert [(None, False)] == [(one.seen, one.met) for one in told.rules[0].asked]
    assert [(2, True)] == [(one.seen, one.met) for one in told.rules[1].asked]
    assert ["B"] == [change.after for change in told.changes]
    assert before == stored(desk)
