"""The purchase screen: every rate with its verdict, one question, and never two labels."""

import asyncio

import pytest
from textual.pilot import Pilot

from primetui.domain.label import PurchaseState
from primetui.domain.shipment import OrderId
from primetui.tui.app import PrimeApp
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.screens.label import LabelScreen
from primetui.tui.screens.orders import OrdersScreen
from primetui.tui.screens.purchase import PurchaseScreen
from tests.shop import Shop
from tests.tui.seen import line_with, screen, until

SIZE = (100, 30)


async def to_rates(pilot: Pilot[None], order_id: OrderId) -> None:
    """Go from the orders to an order's rates."""
    await until(pilot, order_id)
    await pilot.press("b")
    await until(pilot, "may be bought, cheapest first.")


def live_labels(shop: Shop, order_id: OrderId) -> int:
    """Count what the sandbox sold for an order and was not given back."""
    return sum(label["live"] for label in shop.truth(order_id)["labels"])


async def test_rates_stand_allowed_and_cheapest_first(shop: Shop, console: PrimeApp) -> None:
    """Price, arrival against promise and badges in each row; the refused come last."""
    order_id = shop.imported(deliver_by="+2d")
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        marks = [line[3] for line in screen(console) if line[3:4] in {"✓", "✗"}]
        allowed = [line for line in screen(console) if line[3:4] == "✓"]
        prices = [float(line[5:16].split()[0]) for line in allowed]

        assert marks == sorted(marks)
        assert {"✓", "✗"} == set(marks)
        assert prices == sorted(prices)
        assert all("+claims" in line or "-claims" in line for line in allowed)
        assert "Deliver by" in screen(console)[1]
        assert "Offers 8m 00s" in screen(console)[1]


async def test_a_refused_rate_says_why_and_the_way_out_and_cannot_be_bought(
    shop: Shop, console: PrimeApp
) -> None:
    """R5: under it stand code, both times and what to do; Enter does nothing."""
    order_id = shop.imported(deliver_by="+2d")
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        while "PRM201" not in " ".join(screen(console)):
            await pilot.press("j")
        await pilot.press("enter")

        assert "must be delivered by" in _said(console)
        assert "→ Choose a service that is in time" in _said(console)
        assert "Buy this" not in screen(console)[-1]
        assert isinstance(console.screen, PurchaseScreen)
        assert 0 == shop.calls("purchaseShipment")


def _said(console: PrimeApp) -> str:
    return " ".join(" ".join(screen(console)).split())


async def test_buying_asks_once_and_ends_on_the_label(shop: Shop, console: PrimeApp) -> None:
    """Enter, y: one label, recorded, at the price that was shown."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        price = screen(console)[3][5:16].strip()
        await pilot.press("enter")
        question = await until(pilot, "Buy ")
        await pilot.press("y")
        await until(pilot, f"Label of {order_id}")
        await until(pilot, "✓ Bought: ")

        assert price in " ".join(screen(console))
        assert "?" in question or "?" in _said(console)
        assert isinstance(console.screen, LabelScreen)
        assert 1 == live_labels(shop, order_id)
        assert 1 == len(shop.desk.repository.labels(order_id))


@pytest.mark.parametrize("key", ["n", "enter", "escape"])
async def test_any_answer_but_yes_buys_nothing(shop: Shop, console: PrimeApp, key: str) -> None:
    """A second Enter is not a yes."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        await pilot.press("enter", key)
        await pilot.pause(0.2)

        assert isinstance(console.screen, PurchaseScreen)
        assert 0 == shop.calls("purchaseShipment")
        assert () == shop.desk.repository.purchases(order_id)


async def test_leaving_during_a_purchase_does_not_stop_it(shop: Shop, console: PrimeApp) -> None:
    """R21: Esc goes home; the label is bought, recorded and told of there."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "slow", delay_seconds=1.5)
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        await pilot.press("enter", "y")
        await until(pilot, "it is finished all the same")
        during = screen(console)[-1]
        await pilot.press("escape")
        left = isinstance(console.screen, OrdersScreen)
        await until(pilot, "✓ Bought: ")

        assert "Buy this" not in during
        assert "Rates" not in during
        assert left
        assert isinstance(console.screen, OrdersScreen)
        assert 1 == live_labels(shop, order_id)
        assert PurchaseState.POSTED is shop.desk.repository.purchases(order_id)[0].state


async def test_quitting_during_a_purchase_waits_until_it_is_recorded(
    shop: Shop, console: PrimeApp
) -> None:
    """R21: q says what it waits for, and the console closes by itself afterwards."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "slow", delay_seconds=1.5)
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        await pilot.press("enter", "y")
        await until(pilot, "it is finished all the same")
        await pilot.press("q")
        await until(pilot, "Finishing before PrimeTUI closes…")
        waiting_for = line_with(console, "Buying the label for")
        for _ in range(500):
            if console._exit:
                break
            await asyncio.sleep(0.02)

        assert order_id in waiting_for
        assert console._exit
    assert PurchaseState.POSTED is shop.desk.repository.purchases(order_id)[0].state
    assert 1 == len(shop.desk.repository.labels(order_id))


async def test_one_may_stay_after_all(shop: Shop, console: PrimeApp) -> None:
    """Esc on the waiting screen keeps the console open; the purchase is told of."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "slow", delay_seconds=5)
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        await pilot.press("enter", "y")
        await until(pilot, "it is finished all the same")
        await pilot.press("q")
        await until(pilot, "Finishing before PrimeTUI closes…")
        await pilot.press("escape")
        await until(pilot, f"Label of {order_id}")

        assert not console._exit


async def test_amazons_own_refusal_is_shown_and_nothing_is_bought(
    shop: Shop, console: PrimeApp
) -> None:
    """R6: our passing check does not overrule Amazon; its words stand in the bar."""
    order_id = shop.imported(refuses=True)
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        await pilot.press("enter", "y")
        line = await until(pilot, "✗ Not bought.")

        assert "not compatible" in line
        assert isinstance(console.screen, PurchaseScreen)
        assert 0 == live_labels(shop, order_id)


async def test_a_lost_answer_blocks_a_second_purchase_until_it_is_settled(
    shop: Shop, console: PrimeApp
) -> None:
    """R21: the screen says it is not known, Enter buys nothing more, x finds the label."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "lost_after_effect")
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        await pilot.press("enter", "y")
        await until(pilot, "! Not yet known whether it was bought.")
        await pilot.press("enter", "y")
        await until(pilot, "An earlier purchase for this order is not settled yet.")
        once = shop.calls("purchaseShipment")
        await pilot.press("x")
        await until(pilot, f"✓ {order_id}: it was bought")

        assert 1 == once
        assert 1 == live_labels(shop, order_id)
        assert 1 == len(shop.desk.repository.labels(order_id))


async def test_rates_that_cannot_be_fetched_say_why_and_r_tries_again(
    shop: Shop, console: PrimeApp
) -> None:
    """An error is shown where the rates would be, and the way on is in the footer."""
    order_id = shop.imported()
    shop.fault("getRates", "error_500", nth="every")
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, order_id)
        await pilot.press("b")
        await until(pilot, "✗ ")
        shop.control("faults", [])

        assert "r Rates" in screen(console)[-1]

        await pilot.press("r")
        await until(pilot, "may be bought, cheapest first.")


async def test_expired_offers_say_so_and_are_not_bought(shop: Shop, console: PrimeApp) -> None:
    """After eight minutes the question's answer is a refusal before any call."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        shop.clock.advance(minutes=9)
        await until(pilot, "expired: r fetches new ones")
        await until(pilot, "PRM203")

        assert "Buy this" not in screen(console)[-1]

        await pilot.press("enter")

        assert not isinstance(console.screen, Confirm)
        assert 0 == shop.calls("purchaseShipment")


async def test_another_weight_fetches_other_rates(shop: Shop, console: PrimeApp) -> None:
    """A rate for an earlier draft is worth nothing; a wrong weight is refused in words."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_rates(pilot, order_id)
        before = screen(console)[3][5:16]
        await pilot.press("w")
        await until(pilot, f"Package of {order_id}")
        await pilot.press("home", "ctrl+k", *"heavy", "ctrl+s")
        await until(pilot, "✗ 'heavy' is not a weight: write 800g, 1.2kg, 12oz or 2lb.")
        await pilot.press("home", "ctrl+k", *"4.5kg", "ctrl+s")
        await until(pilot, "may be bought, cheapest first.")
        record = shop.desk.repository.order(order_id)

        assert record is not None
        assert record.shipment.packages[0].weight is not None
        assert 4500 == record.shipment.packages[0].weight.grams
        assert before != screen(console)[3][5:16]
