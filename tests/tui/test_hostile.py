"""Hostile text: nothing a buyer or a marketplace wrote reaches the terminal as a command."""

import pytest

from primetui.domain.shipment import OrderId
from primetui.errors import Unreachable
from primetui.tui.app import PrimeApp
from primetui.tui.work import Failed
from tests.shop import Shop
from tests.tui.seen import screen, until

SIZE = (120, 40)
HOSTILE = {
    "title": "\x1b]0;owned\x07\x1b[2J Tea \u202eevil\u202c [bold red]tin[/] \u200b\u2066x\u2069",
    "sku": "\x9b31m\x1b[?1049h\x00[link=http://evil.test]sku[/link]",
    "town": ["\x1b[8mTown", "\u202eWA", "98101"],
    "level": "\x1b[5mSTANDARD",
}


def harmless(lines: list[str]) -> bool:
    """Tell whether nothing invisible and nothing obeyed by a terminal is in the lines."""
    return all(line.isprintable() for line in lines)


@pytest.fixture
def order_id(shop: Shop) -> OrderId:
    """Import an order whose every text is hostile."""
    return shop.imported(**HOSTILE)


@pytest.mark.parametrize("keys", ["", "enter", "b", "tab", "slash x", "enter w", "question_mark"])
async def test_every_screen_shows_hostile_text_as_text(
    order_id: OrderId, console: PrimeApp, keys: str
) -> None:
    """Controls, overrides and markup are seen, not obeyed, wherever the order is shown."""
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, order_id)
        await pilot.press(*keys.split())
        await pilot.pause(0.5)

        assert harmless(screen(console))


async def test_hostile_text_is_still_to_be_read(order_id: OrderId, console: PrimeApp) -> None:
    """Stand-ins show what was there, and markup is shown as it was written."""
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, order_id)
        await pilot.press("enter")
        await until(pilot, "[bold red]tin[/]")
        said = " ".join(screen(console))

        assert "␛]0;owned␇␛[2J Tea" in said
        assert "‹202E›evil‹202C›" in said


async def test_an_errors_own_words_are_shown_as_text(console: PrimeApp) -> None:
    """What a server wrote into an error is as foreign as a buyer's name."""
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "No orders yet.")
        console.screen.post_message(Failed("asking", Unreachable("\x1b[2J[b]gone[/b]")))
        line = await until(pilot, "✗ ␛[2J[b]gone[/b]")

        assert harmless([line])
