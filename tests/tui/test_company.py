"""Others on the same documents: what they change is seen at once, and where they are."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from primetui.tui.app import PrimeApp
from primetui.tui.widgets.grid import Grid
from tests.shop import Shop
from tests.tui.seen import line_with, screen, until, until_gone

SIZE = (140, 30)
SOON_SECONDS = 1.0
PROGRAM = """
import sys
from pathlib import Path
from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.measures import Weight
from primetui.usecases.edit_shipment import Changes, edit_shipment

settings = Settings(home=Path(sys.argv[1]), operator=sys.argv[2])
with bootstrap.open_desk(settings) as desk, desk.repository.seat(settings.operator) as seat:
    for line in sys.stdin:
        verb, *words = line.split()
        if verb == "at":
            seat.at(words[0])
        elif verb == "weigh":
            edit_shipment(desk, words[0], Changes(weight=Weight.read(words[1])))
        else:
            print([one.order_id for one in desk.repository.presence() if not one.here])
        print("done", flush=True)
"""


class Colleague:
    """Another person's process on the same home."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def tell(self, *words: str) -> list[str]:
        """Have it do something; gives what it printed."""
        inward, outward = self._process.stdin, self._process.stdout
        assert inward is not None
        assert outward is not None
        inward.write(" ".join(words) + "\n")
        inward.flush()
        said = []
        while (line := outward.readline()) != "done\n":
            assert line, "the other process ended"
            said.append(line.strip())
        return said


@contextmanager
def colleague(home: Path, operator: str = "ben") -> Iterator[Colleague]:
    """Start another person's process; it ends with the block."""
    words = [sys.executable, "-c", PROGRAM, str(home), operator]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        one = Colleague(process)
        one.tell("look")
        yield one
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=30)


async def seconds_until(pilot: Pilot[None], words: str) -> float:
    """Wait for words; tell how long it took."""
    begun = time.monotonic()
    await until(pilot, words)
    return time.monotonic() - begun


async def test_what_another_desk_changes_is_on_the_screen_within_a_second(
    shop: Shop, console: PrimeApp
) -> None:
    """The order screen shows the new weight; nobody pressed a key."""
    order_id = shop.imported()
    with colleague(shop.home) as ben:
        async with console.run_test(size=SIZE) as pilot:
            await until(pilot, order_id)
            await pilot.press("enter")
            await until(pilot, "Landed in")
            ben.tell("weigh", order_id, "4321g")
            taken = await seconds_until(pilot, "4.32")

    assert taken < SOON_SECONDS


async def test_a_live_update_keeps_cursor_marks_and_what_is_typed(
    shop: Shop, console: PrimeApp
) -> None:
    """Three orders, the cursor on the last, one marked, a filter half typed: all stay."""
    order_ids = [shop.imported(ship_by=f"+{day}d", deliver_by="+9d") for day in (1, 2, 3)]
    with colleague(shop.home) as ben:
        async with console.run_test(size=SIZE) as pilot:
            await until(pilot, order_ids[2])
            await pilot.press("space", "G", "slash", *"prime:y")
            grid = console.screen.query_one(Grid)
            before = (grid.cursor_id, grid.marks)
            ben.tell("at", order_ids[1])
            await until(pilot, "@ At work too: ben on")
            ben.tell("weigh", order_ids[1], "700g")
            await pilot.pause(0.6)

            assert before == (grid.cursor_id, grid.marks)
            assert "prime:y" == console.screen.query_one(Input).value


async def test_who_else_is_on_an_order_is_named_in_the_list_and_on_the_order(
    shop: Shop, console: PrimeApp
) -> None:
    """Name and since when, whatever the name holds; gone as soon as they leave."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, order_id)

        assert "" == line_with(console, "At work too")

        with colleague(shop.home, "ben\u202e") as ben:
            ben.tell("at", order_id)
            await until(pilot, f"@ At work too: ben‹202E› on {order_id} since")
            await until(pilot, "Prime @ ben‹202E›")
            await pilot.press("enter")
            await until(pilot, "is on it too")
        await until_gone(pilot, "is on it too")

        assert "ben" not in " ".join(screen(console))


async def test_the_others_see_where_the_console_is(shop: Shop) -> None:
    """Its seat moves with the order opened, and back to none."""
    order_id = shop.imported()
    with colleague(shop.home) as ben, shop.desk.repository.seat("tester") as seat:
        console = PrimeApp(shop.desk, seat=seat)
        async with console.run_test(size=SIZE) as pilot:
            await until(pilot, "@ At work too: ben")
            seen = ben.tell("look")
            await pilot.press("enter")
            await until(pilot, "Landed in")
            seen += ben.tell("look")
            await pilot.press("escape")
            await until(pilot, "PrimeTUI")
            await pilot.pause()
            seen += ben.tell("look")

    assert ["[None]", f"['{order_id}']", "[None]"] == seen
