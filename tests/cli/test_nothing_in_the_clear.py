"""Nobody's name in the clear: not in the home, not on stdout or stderr, not in the terminal (R23).

Every buyer of the sandbox is read with their address, labels are bought, and then all bytes are
searched for all that names a person. The place is no person: city, region and country are shown.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.address import Address
from primetui.domain.shipment import OrderId
from primetui.ports import OrderQuery
from primetui.usecases.import_orders import refresh_order
from tests.cli.program import Console
from tests.tui.test_terminal import Terminal

PERSONAL = sorted(Address.model_fields.keys() - {"city", "region", "country", "residential"})
SHORTEST = 5
"""Letters of a word that is no accident; a shorter one is in every file."""


@pytest.fixture
def people(console: Console) -> re.Pattern[bytes]:
    """Read every order with its address; give what finds any word of it."""
    found: set[str] = set()
    with bootstrap.open_desk(Settings(home=console.home, operator="tester")) as desk:
        for row in desk.repository.order_rows(OrderQuery(), 0, 100):
            record = refresh_order(desk, row.id, with_address=True)
            found |= words_of(record.order.ship_to)
        names = {one for store in desk.repository.stores() for one in words_of(store.ship_from)}
    found -= names
    assert len(found) > 100
    spelled = {form for word in found for form in (word, word.upper(), word.replace(" ", "+"))}
    escaped = {word.encode("unicode_escape") for word in spelled} | {w.encode() for w in spelled}
    either = b"|".join(re.escape(word) for word in sorted(escaped))
    return re.compile(rb"(?<![0-9A-Za-z])(?:" + either + rb")(?![0-9A-Za-z])")


def words_of(address: Address | None) -> set[str]:
    """Take what names a person from an address."""
    words = {str(getattr(address, name)) for name in PERSONAL} if address else set()
    return {word for word in words if len(word) >= SHORTEST}


def bought(console: Console) -> str:
    """Buy a label for an order that may be shipped."""
    for order in console.json("orders", "status:awaiting prime:yes")["orders"]:
        ran = console.run("buy", order["id"], "--cheapest", "--max-charge", "500", "--yes")
        if ran.code == 0:
            return str(order["id"])
    raise AssertionError("nothing could be bought")


def leaks(people: re.Pattern[bytes], home: Path) -> dict[str, set[bytes]]:
    """Search every file of a home, its names too."""
    found = {
        str(path.relative_to(home)): set(people.findall(path.name.encode() + path.read_bytes()))
        for path in home.rglob("*")
        if path.is_file()
    }
    return {name: words for name, words in found.items() if words}


def test_the_search_has_teeth(console: Console, people: re.Pattern[bytes], tmp_path: Path) -> None:
    """It finds what an open copy of an order would show."""
    with bootstrap.open_desk(Settings(home=console.home, operator="tester")) as desk:
        row = desk.repository.order_rows(OrderQuery(), 0, 1)[0]
        record = desk.repository.order(row.id)
    assert record is not None
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "order").write_text(record.model_dump_json(), encoding="utf-8")

    assert ["order"] == list(leaks(people, tmp_path / "copy"))


def test_R23_nobody_is_named_in_the_home_or_on_the_command_line(
    console: Console, people: re.Pattern[bytes]
) -> None:
    """While the log is full, after it was written back, and in all that the verbs print."""
    order_id = bought(console)
    verbs = [
        ("orders",),
        ("orders", order_id),
        ("check", order_id),
        ("rates", order_id),
        ("label", order_id),
        ("audit",),
        ("audit", order_id),
        ("import",),
        ("reconcile",),
        ("confirm", "--list"),
        ("stores", "list"),
        ("batch", "list"),
        ("forget", "--due", "--dry-run"),
        ("void", order_id, "--yes"),
        ("db", "check"),
    ]
    said = []
    for words in verbs:
        for more in ((), ("--json",)):
            ran = console.run(*words, *more)
            said.append((words, ran.out + ran.err))
    assert [] == [words for words, text in said if people.search(text.encode())]
    assert {} == leaks(people, console.home)

    console.json("db", "migrate")
    assert {} == leaks(people, console.home)


@pytest.fixture
def terminal(console: Console) -> Iterator[Terminal]:
    """Run the console on the home."""
    opened = Terminal("--home", str(console.home), "--operator", "tester")
    yield opened
    opened.close()


def press_until(terminal: Terminal, key: str, words: str) -> None:
    """Press a key until what it leads to is on the screen: the first may come too early."""
    terminal.settle()
    for _ in range(5):
        if any(words in line for line in terminal.lines):
            return
        terminal.press(key)
        terminal.settle()
    terminal.until(words)


def test_R23_nobody_is_named_in_the_terminal(
    console: Console, people: re.Pattern[bytes], terminal: Terminal
) -> None:
    """Walking over the orders, into one, to its label and its picture: no byte of it names one."""
    order_id = bought(console)
    terminal.until("[")
    terminal.press("\t")
    terminal.settle()
    while not any("[All orders" in line for line in terminal.lines):
        terminal.press("\t")
        terminal.settle()
    for key in ("G", "g"):
        terminal.press(key)
        terminal.settle()
    terminal.filter(order_id)
    press_until(terminal, "\r", f"Order {order_id}")
    press_until(terminal, "G", "Landed in")
    press_until(terminal, "p", "Label of ")
    terminal.press("p")
    terminal.until("The picture came.")
    terminal.settle()

    assert OrderId(order_id).encode() in terminal.raw
    assert [] == people.findall(terminal.raw)
    assert [] == people.findall("\n".join(terminal.lines).encode())
    assert {} == leaks(people, console.home)
