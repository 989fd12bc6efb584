"""The README's pictures: the running console, its keys pressed, each screen drawn as it stands."""

import asyncio
import re
import time
from pathlib import Path
from typing import Final

from textual.pilot import Pilot

from primetui.domain.order import OrderStatus, Prime
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError
from primetui.ports import Desk, OrderQuery
from primetui.tui.app import PrimeApp
from primetui.usecases.check_order import Checked, check_order

SIZE: Final = (104, 30)
"""Columns and rows: wide enough for a README, narrow enough to be read in it."""

FONT: Final = "DejaVu Sans Mono"
PATIENCE_SECONDS: Final = 20.0
ZOOM: Final = 1.4
MANY_ORDERS: Final = 500
RULE: Final = "prime = yes and quantity > 1 -> tag Double, confirmation signature"


def render(desk: Desk, into: Path) -> list[Path]:
    """Draw every picture into a folder, from a desk whose time stands still and orders are in.

    Raises ConfigError when the extra `primetui[screenshots]` is not installed.
    """
    try:
        import resvg_py  # noqa: PLC0415 - an extra that only this needs
    except ImportError:
        raise ConfigError(
            "Pictures need an extra: pip install 'primetui[screenshots]', and the font "
            f"{FONT} on this machine."
        ) from None
    drawings = asyncio.run(_drawings(desk))
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name, svg in drawings.items():
        path = into / f"{name}.png"
        path.write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=_own_font(svg), zoom=ZOOM)))
        written.append(path)
    return written


async def _drawings(desk: Desk) -> dict[str, str]:
    """Walk through the console and draw each screen; gives SVG by name."""
    troubled, easy = _troubled(desk), _easy(desk)
    app = PrimeApp(desk)
    drawn: dict[str, str] = {}
    async with app.run_test(size=SIZE) as pilot:
        await _until(pilot, "Awaiting Shipment")
        drawn["orders"] = await _draw(pilot)
        await pilot.press("question_mark")
        drawn["help"] = await _draw(pilot)
        await pilot.press("escape")
        await _open(pilot, troubled)
        await _until(pilot, "PRM")
        drawn["order"] = await _draw(pilot)
        await pilot.press("escape", "escape")
        drawn |= await _rules(pilot)
        await pilot.press("g", *(["space"] * 9), "B")
        await _until(pilot, "can be bought,")
        drawn["batch"] = await _draw(pilot)
        await pilot.press("escape")
        await _open(pilot, easy)
        await pilot.press("b")
        await _until(pilot, "may be bought")
        await _to_a_refused_rate(pilot)
        drawn["purchase"] = await _draw(pilot)
        await pilot.press("g", "enter")
        await _until(pilot, "Buy ")
        await pilot.press("y")
        await _until(pilot, "Bought")
        await pilot.press("p")
        drawn["label"] = await _draw(pilot)
        await pilot.press("escape", "escape", "escape", "s")
        await _until(pilot, "last import")
        drawn["stores"] = await _draw(pilot)
        drawn |= await _pages_of_a_store(pilot)
    return drawn


async def _rules(pilot: Pilot[None]) -> dict[str, str]:
    """Write a rule, see what it would match, and what the rules would change."""
    drawn: dict[str, str] = {}
    await pilot.press("R")
    await _until(pilot, "There is no rule yet")
    await pilot.press("p")
    await _until(pilot, "Added")
    await pilot.press("a", *RULE)
    await _until(pilot, "waiting orders match now")
    await _until(pilot, "Double put on")
    drawn["rule"] = await _draw(pilot)
    await pilot.press("enter")
    await _until(pilot, "Kept")
    await pilot.press("r")
    await _until(pilot, "would change · counted")
    await pilot.press("tab")
    await _until(pilot, "order by order")
    drawn["reprocess"] = await _draw(pilot)
    await pilot.press("escape", "escape")
    await _until(pilot, "Automation rules")
    await pilot.press("escape")
    return drawn


async def _pages_of_a_store(pilot: Pilot[None]) -> dict[str, str]:
    """Set a branding e-mail, and see who lends and why."""
    drawn: dict[str, str] = {}
    await pilot.press("tab", "m")
    await _until(pilot, "Branding e-mail of")
    await pilot.press(*"shipping@example.com", "enter")
    await _until(pilot, "not verified")
    drawn["branding"] = await _draw(pilot)
    await pilot.press("tab")
    await _until(pilot, "[Lender]")
    drawn["lender"] = await _draw(pilot)
    return drawn


async def _open(pilot: Pilot[None], order_id: OrderId) -> None:
    """Find an order by its id and open it."""
    await pilot.press("slash", *order_id, "enter")
    await _until(pilot, order_id)
    await pilot.press("enter")


async def _to_a_refused_rate(pilot: Pilot[None]) -> None:
    """Put the cursor on the first refused rate, whose reasons then stand below the list."""
    for _ in range(MANY_ORDERS):
        if "PRM201" in _words(pilot):
            return
        await pilot.press("j")


async def _draw(pilot: Pilot[None]) -> str:
    await pilot.wait_for_scheduled_animations()
    await pilot.pause(0.3)
    return pilot.app.export_screenshot(title="PrimeTUI")


async def _until(pilot: Pilot[None], words: str) -> None:
    """Wait until words stand on the screen; a picture of something else is refused."""
    end = time.monotonic() + PATIENCE_SECONDS
    while words.casefold() not in _words(pilot).casefold():
        if time.monotonic() > end:
            raise ConfigError(f"The console never showed {words!r}:\n{_words(pilot)}")
        await pilot.pause(0.02)


def _words(pilot: Pilot[None]) -> str:
    strips = pilot.app.screen._compositor.render_strips()  # noqa: SLF001 - Pilot shows no text
    return "\n".join(strip.text for strip in strips)


def _all_prime(desk: Desk) -> list[Checked]:
    query = OrderQuery(status=OrderStatus.AWAITING_SHIPMENT, prime=Prime.YES)
    rows = desk.repository.order_rows(query, 0, MANY_ORDERS)
    return [check_order(desk, row.id) for row in rows]


def _troubled(desk: Desk) -> OrderId:
    """Choose the order with the most to say."""
    return max(_all_prime(desk), key=lambda c: len(c.blocking)).record.order.id


def _easy(desk: Desk) -> OrderId:
    """Choose the most urgent order with nothing wrong: some services are too slow for it."""
    easy = [c for c in _all_prime(desk) if not c.blocking]
    return min(easy, key=lambda c: str(c.record.order.deliver_by.latest)).record.order.id


def _own_font(svg: str) -> str:
    """Name a font of this machine where the drawing would fetch one from the network."""
    without = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    return without.replace("Fira Code", FONT).replace("FiraCode", FONT)
