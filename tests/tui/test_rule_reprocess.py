"""Explaining rules on an order, and reprocessing waiting orders by a difference shown first."""

import pytest
from textual.pilot import Pilot

from primetui.domain.order import OrderStatus
from primetui.domain.shipment import OrderId
from primetui.ports import Writes
from primetui.tui.app import PrimeApp
from primetui.tui.screens.order import OrderScreen
from primetui.usecases.reprocess_rules import apply_diff, diff_rules
from tests.domain.made import item
from tests.shop import Shop
from tests.tui.seen import line_with, paste, screen, until, until_gone
from tests.usecases.test_manage_rules import add
from tests.usecases.test_run_rules import keeping, landed

SIZE = (80, 24)


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """Keep ten waiting orders of one to ten units, and two rules that were added later."""
    orders = [
        landed(
            OrderStatus.AWAITING_SHIPMENT,
            id=OrderId(f"111-{n}"),
            items=(item(quantity=n + 1, sku=f"MUG-{n}"),),
        )
        for n in range(10)
    ]
    shop.desk.repository.transact(keeping(*orders))
    add(shop.desk, '"Big": quantity > 7 -> tag Big')
    add(shop.desk, '"Ground": quantity > 3 -> service "UPS Ground"')
    return shop


def tagged(shop: Shop) -> list[str]:
    """Name the orders that have the tag."""
    orders = [shop.desk.repository.order(OrderId(f"111-{n}")) for n in range(10)]
    return [one.order.id for one in orders if one and any(t.name == "Big" for t in one.tags)]


def served(shop: Shop) -> int:
    """Count the orders whose service a rule set."""
    orders = [shop.desk.repository.order(OrderId(f"111-{n}")) for n in range(10)]
    return sum(one is not None and one.handling.service == "UPS Ground" for one in orders)


async def to_reprocess(pilot: Pilot[None]) -> None:
    """Open the difference from the orders."""
    await until(pilot, "PrimeTUI")
    await pilot.press("R")
    await until(pilot, "Automation rules")
    await pilot.press("r")
    await until(pilot, "of 10 orders would change")


async def test_R16_nothing_is_done_before_it_was_shown_and_asked(
    waiting: Shop, console: PrimeApp
) -> None:
    """R16: equal changes are counted; a no changes nothing, a yes just what was shown."""
    async with console.run_test(size=SIZE) as pilot:
        await to_reprocess(pilot)
        await until(pilot, "tag Big put on")
        shown = screen(console)
        rows = [" ".join(text.strip("▌").split()) for text in shown]
        await pilot.press("a")
        await until(pilot, "Change 7 orders?")
        await pilot.press("n")
        await until_gone(pilot, "Change 7 orders?")
        before = (tagged(waiting), served(waiting))
        await pilot.press("a")
        await until(pilot, "Change 7 orders?")
        await pilot.press("y")
        await until(pilot, "✓ 7 orders changed.")
        await until(pilot, "The rules would change nothing.")

        assert any("7 of 10 orders would change · counted by change" in text for text in shown)
        assert "7 × service: blank → UPS Ground Ground" in rows
        assert "3 × tag Big put on Big" in rows
        assert ([], 0) == before
        assert (["111-7", "111-8", "111-9"], 7) == (tagged(waiting), served(waiting))


async def test_a_selection_is_done_and_the_rest_stays(waiting: Shop, console: PrimeApp) -> None:
    """Enter shows one change's orders; only marked ones change, each as a whole."""
    async with console.run_test(size=SIZE) as pilot:
        await to_reprocess(pilot)
        await pilot.press("G", "enter")
        await until(pilot, "only tag Big put on")
        await until(pilot, "111-7")
        listed = [text for text in screen(console) if text[3:7] == "111-"]
        await pilot.press("g", "space", "a")
        await until(pilot, "Change 1 order?")
        await pilot.press("y")
        await until(pilot, "✓ 1 order changed.")
        await until(pilot, "6 of 10 orders would change")

        assert 3 == len(listed)
        assert (["111-7"], 1) == (tagged(waiting), served(waiting))


async def test_a_filter_narrows_what_is_listed_and_what_is_done(
    waiting: Shop, console: PrimeApp
) -> None:
    """Part of an order, a change or a rule; Esc takes it off again."""
    async with console.run_test(size=SIZE) as pilot:
        await to_reprocess(pilot)
        await pilot.press("tab", "slash")
        await paste(pilot, "111-9")
        await pilot.press("enter")
        await until_gone(pilot, "111-8")
        await pilot.press("a")
        await until(pilot, "Change 1 order?")
        await pilot.press("y")
        await until(pilot, "✓ 1 order changed.")

        assert ["111-9"] == tagged(waiting)


async def test_hands_are_kept_unless_switched(waiting: Shop, console: PrimeApp) -> None:
    """A tag that a hand took off stays off; o shows what would come back, and no sooner."""
    apply_diff(waiting.desk, diff_rules(waiting.desk))

    def by_hand(tx: Writes) -> None:
        record = tx.order(OrderId("111-9"))
        assert record is not None
        tx.put_order(record.model_copy(update={"tags": (), "removed_tags": ("Big",)}))

    waiting.desk.repository.transact(by_hand)
    async with console.run_test(size=SIZE) as pilot:
        await to_reprocess(pilot)
        await until(pilot, "The rules would change nothing.")
        await pilot.press("o")
        await until(pilot, "1 of 10 orders would change")

        assert line_with(console, "tag Big put on")
        assert line_with(console, "also what hands set")


async def test_explain_tells_each_criterion_and_each_action(
    waiting: Shop, console: PrimeApp
) -> None:
    """Yes or no, the value seen, what became of the actions, what would change now."""
    add(waiting.desk, '"Later": quantity > 3 -> service FedEx')
    async with console.run_test(size=(100, 40)) as pilot:
        await until(pilot, "PrimeTUI")
        await pilot.press("slash", *"111", "minus", "4", "enter")
        await until_gone(pilot, "111-3")
        await pilot.press("enter")
        await until(pilot, "Order 111-4")
        assert isinstance(console.screen, OrderScreen)
        await pilot.press("R")
        await until(pilot, "Rules and order 111-4")
        shown = "\n".join(screen(console))

        assert "1 Big  does not match" in shown
        assert "no   quantity > 7  seen: 5" in shown
        assert "✓ 2 Ground  matches" in shown
        assert 'service "UPS Ground": overridden by Later' in shown
        assert "service FedEx: stands" in shown
        assert "service: blank → FedEx  (Later)" in shown
