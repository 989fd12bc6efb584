"""The buyer on the order screen: a place, until somebody asks; then for that screen alone (R23)."""

import pytest
from textual.pilot import Pilot

from primetui.domain.address import Address
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError
from primetui.tui.app import PrimeApp
from primetui.usecases.forget_buyers import forget_named
from primetui.usecases.show_buyer import show_buyer
from tests.shop import Shop
from tests.tui.seen import line_with, screen, until, until_gone

SIZE = (100, 50)


async def to_order(pilot: Pilot[None], order_id: OrderId) -> None:
    """Open the first order."""
    await until(pilot, order_id)
    await pilot.press("enter")
    await until(pilot, "Landed in")


def known(shop: Shop, order_id: OrderId) -> Address:
    """Read whom an order goes to, as it is kept."""
    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert record.order.ship_to is not None
    return record.order.ship_to


async def test_R23_the_buyer_is_shown_when_asked_and_hidden_when_left(
    shop: Shop, console: PrimeApp
) -> None:
    """U fetches the address and shows it with its end; Esc and back show the place alone."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await until(pilot, "not read: buyer data")
        await pilot.press("u")
        await until(pilot, "Shown until you press u")
        buyer = known(shop, order_id)
        shown = "\n".join(screen(console))
        await pilot.press("escape")
        await until(pilot, "PrimeTUI")
        await pilot.press("enter")
        await until(pilot, "u shows the rest, kept until")
        hidden = "\n".join(screen(console))
        log = [entry.action for entry in shop.desk.repository.audit(order_id)]

    assert all(words in shown for words in (buyer.name, buyer.line1, buyer.postal_code))
    assert "forgotten " in shown
    assert buyer.city in hidden
    assert not any(words in hidden for words in (buyer.name, buyer.line1))
    assert 1 == log.count("buyer shown")


async def test_R23_u_hides_what_it_showed_and_a_dialog_does_too(
    shop: Shop, console: PrimeApp
) -> None:
    """The same key takes it away; so does anything that stands in front."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await pilot.press("u")
        await until(pilot, "Shown until you press u")
        name = known(shop, order_id).name
        await until(pilot, name)
        await pilot.press("u")
        await until_gone(pilot, name)
        await pilot.press("u")
        await until(pilot, name)
        await pilot.press("w", "escape")
        await until_gone(pilot, name)


async def test_R23_a_buyer_is_forgotten_after_one_question(shop: Shop, console: PrimeApp) -> None:
    """N leaves them; y forgets for good, and neither key is offered any more."""
    order_id = shop.imported()
    show_buyer(shop.desk, order_id)
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await pilot.press("U")
        await until(pilot, f"Forget the buyer of {order_id}?")
        await pilot.press("n")
        await until(pilot, "u shows the rest")
        await pilot.press("U")
        await until(pilot, "y Yes")
        await pilot.press("y")
        await until(pilot, "Ship to       forgotten Mon 23 Nov")
        record = shop.desk.repository.order(order_id)

        assert record is not None
        assert record.order.ship_to is None
        assert "u Buyer" not in line_with(console, "? Help")


def test_R23_nobody_is_fetched_again_after_they_were_forgotten(shop: Shop) -> None:
    """Asking is refused in words, and the marketplace is not asked."""
    order_id = shop.imported()
    forget_named(shop.desk, [order_id])
    asked = shop.calls("getOrder")
    with pytest.raises(ConfigError, match="forgotten, and is not taken in again"):
        show_buyer(shop.desk, order_id)

    assert asked == shop.calls("getOrder")


def test_R23_a_buyer_who_is_here_is_not_fetched_again(shop: Shop) -> None:
    """The second look asks the marketplace nothing and is logged all the same."""
    order_id = shop.imported()
    first = show_buyer(shop.desk, order_id)
    asked = shop.calls("getOrder")
    second = show_buyer(shop.desk, order_id)
    log = [entry.action for entry in shop.desk.repository.audit(order_id)]

    assert first == second
    assert asked == shop.calls("getOrder")
    assert 2 == log.count("buyer shown")
    assert first.address.name not in repr(first)
