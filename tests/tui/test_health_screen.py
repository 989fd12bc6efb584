"""The health screen: what the doctor says, with what must be done first."""

from primetui import bootstrap
from primetui.config import Settings
from primetui.tui.app import PrimeApp
from primetui.tui.connecting import Connector
from tests.shop import Shop
from tests.tui.seen import line_with, screen, until

SIZE = (110, 40)


async def test_what_is_not_met_stands_first_with_its_way_out(shop: Shop) -> None:
    """D opens it; its counts are the doctor's own; Esc goes back."""
    settings = Settings(home=shop.home, operator="tester")
    found = bootstrap.examine(settings, shop.clock)
    unmet = [finding for finding in found if finding.verdict.value == "not met"]
    connector = Connector(
        marketplace=bootstrap.marketplace, token_endpoint="", examine=lambda: found
    )
    console = PrimeApp(shop.desk, connector=connector)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "PrimeTUI")
        await pilot.press("D")
        await until(pilot, f"{len(unmet)} not met")
        first = next(line for line in screen(console) if line.strip()[:1] in {"✗", "?", "✓"})
        await pilot.press("escape")
        await until(pilot, "PrimeTUI")

        assert "" == line_with(console, "not met")

    assert unmet
    assert unmet[0].requirement.id in first


async def test_a_console_that_cannot_look_does_not_offer_it(shop: Shop, console: PrimeApp) -> None:
    """Without anything to look with, D does nothing."""
    assert shop.desk.repository.stores()
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "PrimeTUI")
        await pilot.press("D")
        await pilot.pause()

        assert "" != line_with(console, "PrimeTUI")
