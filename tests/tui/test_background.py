"""What the console does by itself: imports when they are due, quietly, until it is paused."""

import pytest

from primetui.tui import background
from primetui.tui.app import PrimeApp
from tests.shop import Shop
from tests.tui.seen import line_with, until

SIZE = (120, 30)


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask what is due ten times a second."""
    monkeypatch.setattr(background, "LOOK_SECONDS", 0.1)


async def test_orders_come_by_themselves_once_they_are_due(shop: Shop) -> None:
    """The first import at the start, the next after three minutes and not before."""
    shop.story()
    shop.clock.advance(minutes=5)
    console = PrimeApp(shop.desk, by_itself=True)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "[Awaiting Shipment 1]")
        await until(pilot, "imported Mon 23")
        calls = shop.calls("searchOrders")
        second = shop.story()
        await pilot.pause(0.5)

        assert calls == shop.calls("searchOrders")
        assert "" == line_with(console, second)

        shop.clock.advance(seconds=181)
        await until(pilot, second)


async def test_a_failed_import_stands_in_the_title_until_one_succeeds(shop: Shop) -> None:
    """It says when and where to look; what is typed or told meanwhile is left alone."""
    shop.fault("searchOrders", "error_503", nth="every")
    console = PrimeApp(shop.desk, by_itself=True)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "✗ import failed Mon 23")
        shop.control("faults", [])
        shop.clock.advance(seconds=181)
        await until(pilot, "imported Mon 23")


async def test_a_paused_console_imports_nothing_until_it_goes_on(shop: Shop) -> None:
    """P pauses and says so; P again catches up at once."""
    console = PrimeApp(shop.desk, by_itself=True)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "imported Mon 23")
        await pilot.press("P")
        await until(pilot, "paused: P goes on")
        shop.clock.advance(seconds=181)
        order_id = shop.story()
        calls = shop.calls("searchOrders")
        await pilot.pause(0.5)

        assert calls == shop.calls("searchOrders")

        shop.clock.advance(minutes=5)
        await pilot.press("P")
        await until(pilot, order_id)
