"""The orders screen: what must leave first, found by keys alone."""

from datetime import timedelta

import pytest

from primetui.domain.order import OrderStatus
from primetui.domain.shipment import OrderId
from primetui.ports import OrderQuery
from primetui.tui.app import PrimeApp
from primetui.tui.screens.order import OrderScreen
from primetui.tui.screens.orders import OrdersScreen
from primetui.tui.screens.purchase import PurchaseScreen
from primetui.tui.widgets.grid import Grid
from tests.shop import Shop
from tests.tui.seen import line_with, screen, until, until_gone

SIZE = (80, 24)


def rows(console: PrimeApp) -> list[str]:
    """Read the ids on screen, top to bottom."""
    return [line.split()[0] for line in _after_countdown(console)]


def _after_countdown(console: PrimeApp) -> list[str]:
    lines = [line[16:] for line in screen(console)[3:-2]]
    return [line for line in lines if line[:3].isdigit()]


async def test_without_a_store_the_way_to_one_is_shown(empty_shop: Shop) -> None:
    """A console on an empty home says what to do next, and the key does it."""
    console = PrimeApp(empty_shop.desk)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "No store is connected yet.")

        assert "s  go to the stores" in line_with(console, "go to the stores")

        await pilot.press("s")
        await until(pilot, "Stores  account")


async def test_an_import_brings_the_orders_and_says_how_many(shop: Shop) -> None:
    """From no orders to a list, by one key."""
    shop.story()
    shop.story(programs=[])
    shop.clock.advance(minutes=5)
    console = PrimeApp(shop.desk)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "No orders yet.")
        await pilot.press("i")
        await until(pilot, "✓ 2 new orders, 0 updated.")

        assert "[Awaiting Shipment 2]" in screen(console)[1]
        assert 2 == len(rows(console))


async def test_an_import_that_fails_says_which_store_and_why(shop: Shop) -> None:
    """A store that cannot be reached is named; nothing is lost."""
    shop.fault("searchOrders", "error_503", nth="every")
    console = PrimeApp(shop.desk)
    async with console.run_test(size=SIZE) as pilot:
        await pilot.press("i")
        line = await until(pilot, "✗ ")

        assert "Northwind Prime US" in line


async def test_the_most_urgent_order_comes_first_and_counts_down(
    shop: Shop, console: PrimeApp
) -> None:
    """Late says so, urgent has a sign, and time goes on while nobody presses a key."""
    later = shop.imported(ship_by="+2d")
    urgent = shop.imported(ship_by="+90m")
    late = shop.imported(ship_by="+1m")
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, late)

        assert [late, urgent, later] == rows(console)
        assert "late 4m" in line_with(console, late)
        assert "! 1h" in line_with(console, urgent)
        assert "!" not in line_with(console, later)[:15]

        shop.clock.advance(hours=2)
        await until(pilot, "late 2h")

        assert "late" in line_with(console, urgent)


@pytest.mark.parametrize(
    ("story", "note"),
    [
        ({"programs": ["PRIME", "SOMETHING_NEW"]}, "! unknown word"),
        ({"constraints": ["signatureConfirmation"]}, "! confirmation needed"),
    ],
)
async def test_what_stands_in_the_way_is_noted_in_the_row(
    shop: Shop, console: PrimeApp, story: dict[str, object], note: str
) -> None:
    """A row that cannot simply be bought says so without being opened."""
    order_id = shop.imported(**story)
    async with console.run_test(size=SIZE) as pilot:
        line = await until(pilot, order_id)

        assert note[:9] in line


async def test_tab_goes_through_the_lists_that_hold_orders(shop: Shop, console: PrimeApp) -> None:
    """Each status has its count; the one shown stands in brackets; empty ones are passed by."""
    shop.imported()
    shipped = shop.imported(status="SHIPPED")
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "[Awaiting Shipment 1]  Shipped 1  All 2")
        await pilot.press("tab")
        await until(pilot, "Awaiting 1 [Shipped 1]  All 2")

        assert [shipped] == rows(console)

        await pilot.press("l")
        await until(pilot, "[All orders 2]")

        assert 2 == len(rows(console))

        await pilot.press("l")
        await until(pilot, "[Awaiting Shipment 1]")
        await pilot.press("h")
        await until(pilot, "[All orders 2]")


async def test_a_filter_narrows_as_it_is_typed_and_esc_takes_it_off(
    shop: Shop, console: PrimeApp
) -> None:
    """Words and fields, the same ones as on the command line."""
    prime = shop.imported(title="Blue mug")
    other = shop.imported(title="Blue mug", programs=[])
    lamp = shop.imported(title="Lamp")
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, lamp)
        await pilot.press("/", *"mug")
        await until_gone(pilot, lamp)

        assert {prime, other} == set(rows(console))

        await pilot.press(*" prime:yes", "enter")
        await until_gone(pilot, other)

        assert [prime] == rows(console)
        assert isinstance(console.focused, Grid)

        await pilot.press("escape")
        await until(pilot, lamp)


async def test_a_filter_word_that_is_not_known_is_named_with_the_nearest(
    shop: Shop, console: PrimeApp
) -> None:
    """The list stays as it was, and the complaint goes when the word is right."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, order_id)
        await pilot.press("/", *"status:awaitin")
        await until(pilot, "! status:awaitin is not known")
        await pilot.press("g")
        await until_gone(pilot, "is not known")

        assert [order_id] == rows(console)


async def test_a_filter_that_finds_nothing_says_how_to_get_out(
    shop: Shop, console: PrimeApp
) -> None:
    """An empty list is explained."""
    shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await pilot.press("/", *"nothing like it", "enter")
        await until(pilot, "No order here matches the filter.")

        assert "Esc  take the filter off" in line_with(console, "take the filter off")


async def test_enter_opens_and_esc_comes_back_to_the_same_row(
    shop: Shop, console: PrimeApp
) -> None:
    """There is a way back, and the cursor is where it was."""
    orders = [shop.imported(ship_by=f"+{n}d") for n in (1, 2, 3)]
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, orders[2])
        await pilot.press("j", "enter")
        await until(pilot, f"Order {orders[1]}")
        opened = isinstance(console.screen, OrderScreen)
        await pilot.press("escape")
        await until(pilot, orders[0])

        assert opened
        assert isinstance(console.screen, OrdersScreen)
        assert line_with(console, orders[1]).startswith("▌")


async def test_another_operators_change_shows_by_itself(shop: Shop, console: PrimeApp) -> None:
    """What is written elsewhere is on this screen within about a second."""
    shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "[Awaiting Shipment 1]")
        added = shop.imported()
        await until(pilot, "[Awaiting Shipment 2]")

        assert added in rows(console)


async def test_chosen_orders_are_read_afresh(shop: Shop, console: PrimeApp) -> None:
    """Marked ones, all at once; what changed at the marketplace shows."""
    first, second = (shop.imported(ship_by=f"+{n}d") for n in (1, 2))
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, second)
        shop.control("orders", {"request_cancellation": [first, second]})
        await pilot.press("space", "space", "f")
        await until(pilot, "✓ Read 2 orders afresh.")

        assert "! buyer asks" in line_with(console, first)
        assert "! buyer asks" in line_with(console, second)


async def test_a_view_only_order_can_be_looked_at_and_nothing_more(
    empty_shop: Shop,
) -> None:
    """R2: buying asks nobody; the reason and the way out stand there."""
    shop = empty_shop
    shop.connect(connected_at=shop.clock.now() - timedelta(days=2000))
    order_id = shop.imported()
    console = PrimeApp(shop.desk)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "Pending 1")
        await pilot.press("tab")
        await until(pilot, order_id)
        before = shop.calls("getRates")
        await pilot.press("b")
        await until(pilot, "PRM102")

        assert isinstance(console.screen, PurchaseScreen)
        assert before == shop.calls("getRates")
        assert "Import Amazon Prime Orders" in " ".join(screen(console))
        assert "Buy this" not in screen(console)[-1]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50), (60, 15)])
async def test_it_fits_every_terminal(shop: Shop, console: PrimeApp, size: tuple[int, int]) -> None:
    """From small to large nothing is pushed off: id, countdown and footer are always there."""
    order_id = shop.imported()
    async with console.run_test(size=size) as pilot:
        line = await until(pilot, order_id)
        lines = screen(console)

        assert "1d" in line[:16] or "h" in line[:16]
        assert "? Help" in lines[-1]
        assert all(len(line) <= size[0] for line in lines)


async def test_the_list_of_every_status_shows_the_same_orders_as_the_store(
    shop: Shop, console: PrimeApp
) -> None:
    """What is on the screen is what is kept."""
    ids = [shop.imported(ship_by=f"+{n}d") for n in range(1, 6)]
    query = OrderQuery(status=OrderStatus.AWAITING_SHIPMENT)
    kept = [OrderId(row.id) for row in shop.desk.repository.order_rows(query, 0, 10)]
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, ids[-1])

        assert kept == rows(console)
