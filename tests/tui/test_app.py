"""The console as a whole: what it prints when it stops on a mistake of ours."""

import subprocess
import sys
from pathlib import Path

import pytest

from primetui.tui.app import PrimeApp
from tests.shop import Shop
from tests.tui.seen import until

PROGRAM = """
from primetui.tui.app import PrimeApp

def stumble():
    refresh_token = "Atzr|very-secret"
    raise ValueError("\\x1b[2J" + str(len(refresh_token)))

PrimeApp.on_mount = lambda self: stumble()
app = PrimeApp(None)
app.run(headless=True)
app.finish()
raise SystemExit(app.return_code)
"""


def test_a_mistake_of_ours_is_told_without_values_and_without_escapes(tmp_path: Path) -> None:
    """The traceback says where; it holds no local variable and nothing a terminal obeys."""
    program = tmp_path / "stumbling.py"
    program.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, timeout=60, check=False
    )
    said = done.stdout + done.stderr

    assert 1 == done.returncode
    assert "ValueError: ␛[2J16" in said
    assert "primetui reconcile" in said
    assert "very-secret" not in said
    assert "\x1b[2J" not in said


async def test_what_was_waited_for_is_told_after_the_console_closed(
    shop: Shop, console: PrimeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    """Quitting in the middle of a purchase: the last line says what it came to."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "slow", delay_seconds=1)
    async with console.run_test(size=(80, 24)) as pilot:
        await until(pilot, order_id)
        await pilot.press("b")
        await until(pilot, "may be bought")
        await pilot.press("enter", "y")
        await until(pilot, "Esc leaves")
        await pilot.press("q")
        await until(pilot, "Finishing before")
        while console.work.deeds:
            await pilot.pause(0.05)
        await pilot.pause()

    said = "".join(capsys.readouterr())
    assert "Bought" in said
    assert shop.truth(order_id)["labels"][0]["tracking"] in said
