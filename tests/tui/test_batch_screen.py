"""The batch screen: totals and refusals first, one question, progress, pause, stop, resume (R21)."""

import asyncio

import pytest
from textual.pilot import Pilot

from primetui.domain.batch import Batch, EntryState, Limits
from primetui.domain.shipment import OrderId
from primetui.tui.app import PrimeApp
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.screens.batch import BatchScreen
from primetui.tui.screens.orders import OrdersScreen
from primetui.tui.widgets.grid import Grid
from primetui.usecases.import_orders import import_orders
from primetui.usecases.plan_batch import plan_batch
from primetui.usecases.run_batch import run_batch
from tests.shop import Shop
from tests.tui.seen import line_with, screen, until, until_gone
from tests.watching import Watcher

SIZE = (80, 24)


def kept(shop: Shop) -> Batch:
    """Read the one batch there is."""
    (batch,) = shop.desk.repository.batches()
    return batch


def live(shop: Shop, batch: Batch) -> list[int]:
    """Count what the sandbox sold and was not given back, order by order."""
    return [shop.truth(entry.order_id)["live_labels"] for entry in batch.entries]


async def to_batch(pilot: Pilot[None], count: int) -> None:
    """Mark the first orders and open their batch."""
    await pilot.press("g", *["space"] * count, "B")
    await until(pilot, "can be bought,")


async def test_marks_open_a_batch_with_totals_and_refusals_before_buying(
    shop: Shop, console: PrimeApp
) -> None:
    """Two to buy, one cancelled meanwhile: sum, limit and reasons stand there; nothing is sold."""
    first = shop.imported(ship_by="+2d")
    urgent = shop.imported(ship_by="+1d")
    bad = shop.imported(constraints=["signatureConfirmation"], ship_by="+3d")
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, first)
        assert "B Batch" not in screen(console)[-1]
        await pilot.press("space")
        assert "B Batch" in screen(console)[-1]
        await pilot.press("space", "space", "B")
        await until(pilot, "2 labels can be bought, 1 not.")
        batch = kept(shop)
        await pilot.press("G")
        reason = await until(pilot, "→ ")

        assert [urgent, first, bad] == [entry.order_id for entry in batch.entries]
        assert f"To buy 2 for {batch.to_spend[0].amount} USD" in screen(console)[1]
        assert f"Limit {batch.to_spend[0].amount} USD" in screen(console)[1]
        assert "✗" in line_with(console, bad)
        assert "Not bought: PRM" in line_with(console, bad)
        assert reason
        assert "Buy all" in screen(console)[-1]
        assert 0 == shop.calls("purchaseShipment")
        assert all(len(line) <= 80 for line in screen(console))


async def test_one_question_buys_them_all(shop: Shop, console: PrimeApp) -> None:
    """Enter, y: each gets one label and its own outcome; the news counts them."""
    ids = [shop.imported() for _ in range(3)]
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, ids[0])
        await to_batch(pilot, 3)
        asked = kept(shop).to_spend[0].amount
        await pilot.press("enter")
        question = await until(pilot, "Buy 3 labels for")
        await pilot.press("y")
        await until(pilot, "✓ Batch: 3 bought.")

        assert f"{asked} USD" in question
        assert [1, 1, 1] == live(shop, kept(shop))
        assert all("✓" in line_with(console, order_id) for order_id in ids)
        assert all("Bought: " in line_with(console, order_id) for order_id in ids)
        assert "Buy all" not in screen(console)[-1]


@pytest.mark.parametrize("key", ["n", "enter", "escape"])
async def test_any_answer_but_yes_buys_nothing(shop: Shop, console: PrimeApp, key: str) -> None:
    """A second Enter is not a yes, and a plan alone does not nag."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, order_id)
        await to_batch(pilot, 1)
        await pilot.press("enter")
        await until(pilot, "Buy 1 label for")
        asked = isinstance(console.screen, Confirm)
        await pilot.press(key)
        await pilot.pause(0.2)

        assert asked
        assert isinstance(console.screen, BatchScreen)
        assert 0 == shop.calls("purchaseShipment")
        assert () == shop.desk.repository.open_batches()


async def test_R21_pause_holds_and_stop_ends_after_the_current_order(
    shop: Shop, console: PrimeApp
) -> None:
    """Paused, nothing more is sold; stopped, the rest stays queued, and Enter goes on with it."""
    ids = [shop.imported() for _ in range(3)]
    shop.fault("purchaseShipment", "slow", delay_seconds=1.5)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, ids[0])
        await to_batch(pilot, 3)
        await pilot.press("enter", "y")
        await until(pilot, "…")
        await pilot.press("p")
        await until(pilot, "Paused after the current order.")
        await until(pilot, "Bought: ")
        await asyncio.sleep(0.5)
        while_paused = shop.calls("purchaseShipment")
        await pilot.press("x")
        await until(pilot, "Batch: 2 queued, 1 bought.")
        await pilot.press("enter", "y")
        await until(pilot, "Batch: 3 bought.")

        assert 1 == while_paused
        assert [1, 1, 1] == live(shop, kept(shop))


async def test_R21_esc_leaves_a_run_that_goes_on_and_B_comes_back_to_it(
    shop: Shop, console: PrimeApp
) -> None:
    """At home its name stands in the bar; B shows it, with its keys."""
    ids = [shop.imported() for _ in range(2)]
    shop.fault("purchaseShipment", "slow", delay_seconds=2)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, ids[0])
        await to_batch(pilot, 2)
        await pilot.press("enter", "y")
        await until(pilot, "Esc leaves; it goes on")
        await pilot.press("escape")
        await until(pilot, "Buying a batch of 2 orders")
        home = isinstance(console.screen, OrdersScreen)
        await pilot.press("B")
        await until(pilot, "p Pause")
        await until(pilot, "Batch: 2 bought.")

        assert home
        assert [1, 1] == live(shop, kept(shop))


async def test_R21_quitting_finishes_the_current_order_and_leaves_the_rest_queued(
    shop: Shop, console: PrimeApp
) -> None:
    """Q waits for one order, not for the batch; the next console offers what is left."""
    ids = [shop.imported() for _ in range(3)]
    shop.fault("purchaseShipment", "slow", delay_seconds=5)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, ids[0])
        await to_batch(pilot, 3)
        await pilot.press("enter", "y")
        await until(pilot, "Esc leaves; it goes on")
        await pilot.press("q")
        await until(pilot, "Finishing before PrimeTUI closes…")
        for _ in range(500):
            if console._exit:
                break
            await asyncio.sleep(0.02)
        assert console._exit
    assert {EntryState.BOUGHT: 1, EntryState.QUEUED: 2} == dict(kept(shop).counts)

    again = PrimeApp(shop.desk)
    async with again.run_test(size=SIZE) as pilot:
        await until(pilot, "! A batch of 3 orders is unfinished: B goes on with it.")
        await pilot.press("B")
        await until(pilot, "To buy 2 for")
        await pilot.press("enter", "y")
        await until(pilot, "Batch: 3 bought.")
    assert [1, 1, 1] == live(shop, kept(shop))


async def test_quitting_does_not_wait_for_a_paused_batch(shop: Shop, console: PrimeApp) -> None:
    """A pause ends with the console."""
    ids = [shop.imported() for _ in range(2)]
    shop.fault("purchaseShipment", "slow", delay_seconds=1)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, ids[0])
        await to_batch(pilot, 2)
        await pilot.press("enter", "y", "p")
        await until(pilot, "Paused after the current order.")
        await pilot.press("q")
        for _ in range(500):
            if console._exit:
                break
            await asyncio.sleep(0.02)
        assert console._exit
    console.finish()
    assert 1 == len(kept(shop).of(EntryState.QUEUED))


async def test_R21_what_a_crash_left_open_is_offered_and_settled_first(
    shop: Shop, console: PrimeApp
) -> None:
    """An entry without an answer: x finds the label; nothing is bought twice."""
    order_id = shop.imported()
    batch = plan_batch(shop.desk, [order_id], Limits(), Watcher())
    shop.fault("purchaseShipment", "lost_after_effect")
    run_batch(shop.desk, batch.id, Watcher())
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, f"{order_id}: it was bought")
        await until(pilot, "1 batch unfinished: B")
        await pilot.press("B")
        await until(pilot, "Not yet known whether it was bought.")
        footer = screen(console)[-1]
        await pilot.press("x")
        await until(pilot, "✓ Batch: 1 bought.")

        assert "x Settle" in footer
        assert "Buy all" not in footer
        assert "Retry" not in footer
        assert [1] == live(shop, batch)


async def test_what_was_not_bought_says_why_and_r_tries_it_again(
    shop: Shop, console: PrimeApp
) -> None:
    """Amazon's words stand in the row's details; r rates it anew, Enter buys it."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "expired_offer")
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, order_id)
        await to_batch(pilot, 1)
        await pilot.press("enter", "y")
        await until(pilot, "✗ Batch: 1 not bought.")
        words = line_with(console, order_id)
        await pilot.press("r")
        await until(pilot, "1 label can be bought, 0 not.")
        await pilot.press("enter", "y")
        await until(pilot, "✓ Batch: 1 bought.")

        assert "Not bought. " in words
        assert [1] == live(shop, kept(shop))


async def test_a_limit_is_typed_and_refuses_what_is_above_it(shop: Shop, console: PrimeApp) -> None:
    """A cent: everything is refused with the limit named; what is no amount is said to be none."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, order_id)
        await to_batch(pilot, 1)
        await pilot.press("l", *"much", "ctrl+s")
        await until(pilot, "✗ 'much' is not an amount: write 12.50 USD.")
        await pilot.press("home", "ctrl+k", *"0.01", "ctrl+s")
        await until(pilot, "0 labels can be bought, 1 not.")

        assert "the limit of 0.01 USD" in " ".join(" ".join(screen(console)).split())
        assert "Limit 0.01 USD" in screen(console)[1]
        assert "Buy all" not in screen(console)[-1]


async def test_giving_up_ends_the_batch(shop: Shop, console: PrimeApp) -> None:
    """d, y: what was queued is skipped with a name, and nothing is offered any more."""
    ids = [shop.imported() for _ in range(2)]
    batch = plan_batch(shop.desk, ids, Limits(), Watcher())
    run_batch(shop.desk, batch.id, Watcher(turns=1))
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "is unfinished")
        await pilot.press("B")
        await until(pilot, "To buy 1 for")
        await pilot.press("d", "y")
        await until(pilot, "Given up by tester.")
        await pilot.press("escape")
        await pilot.pause(0.2)

        assert "B Batch" not in screen(console)[-1]
        assert 1 == shop.calls("purchaseShipment")


async def test_leaving_while_rates_are_fetched_keeps_no_plan(shop: Shop, console: PrimeApp) -> None:
    """Esc gives the plan up between two orders."""
    ids = [shop.imported() for _ in range(3)]
    shop.fault("getRates", "slow", delay_seconds=1)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, ids[0])
        await pilot.press("g", "space", "space", "space", "B")
        await until(pilot, "Fetching rates")
        await pilot.press("escape")
        await asyncio.sleep(1.5)

        assert isinstance(console.screen, OrdersScreen)
        assert () == shop.desk.repository.batches()
        assert shop.calls("getRates") == 1


async def test_marks_outlive_a_change_by_somebody_else(shop: Shop, console: PrimeApp) -> None:
    """An import behind the screen does not take the marks off; another list does."""
    order_id = shop.imported()
    shop.imported(status="SHIPPED")
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, order_id)
        await pilot.press("space")
        newer = shop.story()
        shop.clock.advance(minutes=5)
        import_orders(shop.desk)
        await until(pilot, newer)
        grid = console.screen.query_one(Grid)
        after = grid.marks
        await pilot.press("tab")
        await until_gone(pilot, order_id)

        assert frozenset({order_id}) == after
        assert frozenset[OrderId]() == grid.marks
