"""Two people on one home, each in a real process: a terminal, and somebody else."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from primetui.ports import OrderQuery
from primetui.usecases.import_orders import refresh_order
from tests.shop import Shop
from tests.tui.test_company import colleague
from tests.tui.test_terminal import Terminal

CLAIM = """
from pathlib import Path
from primetui import bootstrap
from primetui.adapters.tinydb import repository
from primetui.config import Settings

repository.person = lambda: "zoe"
with bootstrap.open_desk(Settings(home=Path({home!r}), operator="ada")) as desk:
    with desk.repository.seat("ada"):
        pass
"""
"""Sits down as ada in the name of another user of the system."""


@pytest.fixture
def open_console(shop: Shop) -> Iterator[Terminal]:
    """Run the console on the shop's home, with one order in it."""
    refresh_order(shop.desk, shop.imported(), with_address=True)
    terminal = Terminal("--home", str(shop.home), "--operator", "ada")
    yield terminal
    terminal.close()


def test_a_change_and_a_person_show_in_a_running_terminal(
    shop: Shop, open_console: Terminal
) -> None:
    """Ben comes, moves to the order, weighs it and leaves; ada sees each without a key."""
    order_id = shop.desk.repository.order_rows(OrderQuery(), 0, 1)[0].id
    open_console.until(order_id)
    with colleague(shop.home) as ben:
        open_console.until("At work too: ben")
        ben.tell("at", order_id)
        open_console.until(f"ben on {order_id}")
        open_console.press("\r")
        open_console.until("is on it too")
        ben.tell("weigh", order_id, "4321g")
        open_console.until("4.32 kg")
        assert [f"['{order_id}']"] == ben.tell("look")
    open_console.press("\x1b")
    open_console.until("[Awaiting Shipment")
    open_console.press("q")

    assert 0 == open_console.wait()


def test_R23_no_byte_of_a_buyer_reaches_the_terminal_unasked(
    shop: Shop, open_console: Terminal
) -> None:
    """List, order and rates hold none; u shows them; what the shell shows afterwards does not."""
    order_id = shop.desk.repository.order_rows(OrderQuery(), 0, 1)[0].id
    record = shop.desk.repository.order(order_id)
    assert record is not None
    buyer = record.order.ship_to
    assert buyer is not None
    open_console.until(order_id)
    open_console.press("\r")
    open_console.until("Programs")
    open_console.press("b")
    open_console.until("cheapest first")
    open_console.press("\x1b")
    open_console.until("Programs")
    open_console.settle()
    before = _words(open_console.raw)
    open_console.press("u")
    open_console.until(buyer.line1)
    open_console.press("\x1b")
    open_console.until("[Awaiting Shipment")
    open_console.press("q")
    code = open_console.wait()
    open_console.settle()
    after = _words(open_console.raw.split(b"\x1b[?1049l")[-1])

    assert 0 == code
    for private in (buyer.name, buyer.line1, buyer.postal_code):
        assert private not in before
        assert private not in after


def test_a_name_that_is_another_persons_is_said_before_anything_is_drawn(shop: Shop) -> None:
    """In words with the way out, and exit code 2."""
    program = CLAIM.format(home=str(shop.home))
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    terminal = Terminal("--home", str(shop.home), "--operator", "ada")
    try:
        code = terminal.wait()
        terminal.settle()
    finally:
        terminal.close()
    said = " ".join(" ".join(terminal.lines).split())

    assert 2 == code
    assert "The operator ada is zoe, a user of this system" in said
    assert "--operator" in said
    assert b"\x1b[?1049h" not in terminal.raw


def _words(raw: bytes) -> str:
    """Take the control sequences out of a terminal's bytes."""
    return re.sub(rb"\x1b\[[0-9;:?<=>]*[a-zA-Z]", b"", raw).decode("utf-8", "replace")
