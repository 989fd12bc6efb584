"""The whole program in a real terminal of 80 by 24: keys in, bytes out."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

COLUMNS, LINES = 80, 24
PATIENCE_SECONDS = 30
ALLOWED = re.compile(
    rb"\x1b\[[0-9;:]*[mHJK]"  # colours, cursor, erase
    rb"|\x1b\[[<>=?]?[0-9;]*[hlucqtnp$]+"  # modes, the keyboard protocol, questions about them
    rb"|\x1b\][0-9]+;[a-z]*\x07"  # the mouse pointer's shape
    rb"|\x1bP[+$=]?[^\x1b]*\x1b\\"  # questions about abilities, asked by the library
    rb"|[\r\n]"
)
"""What the console itself sends; everything else that is no text came from outside."""


class Terminal:
    """A pseudo-terminal with the program in it, and the screen it draws."""

    def __init__(
        self, *arguments: str, kind: str = "xterm-256color", colours: str = "truecolor"
    ) -> None:
        self._fd, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.raw = b""
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "primetui", *arguments],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env={**os.environ, "TERM": kind, "COLORTERM": colours},
            start_new_session=True,
        )
        os.close(inside)

    def press(self, keys: str) -> None:
        """Send keys as a terminal does."""
        os.write(self._fd, keys.encode())

    def read(self, seconds: float) -> None:
        """Take in what comes within a time."""
        if select.select([self._fd], [], [], seconds)[0]:
            try:
                new = os.read(self._fd, 1 << 16)
            except OSError:  # the program closed its side
                new = b""
            self.raw += new
            self._stream.feed(new)

    def settle(self) -> None:
        """Read until nothing has come for a while, so that no sequence is cut in two."""
        size = -1
        while size != len(self.raw):
            size = len(self.raw)
            self.read(0.4)

    def filter(self, words: str) -> None:
        """Type a filter and go to what it finds."""
        self.press("/")
        self.until("words, prime:yes, store:Name")
        self.press(words)
        self.until(words)
        self.press("\r")
        self.until("Enter Open")

    @property
    def lines(self) -> list[str]:
        """Read the screen."""
        return [line.rstrip() for line in self._screen.display]

    def until(self, words: str) -> str:
        """Wait for words to be on the screen; give their line."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            found = next((line for line in self.lines if words in line), None)
            if found is not None:
                return found
            self.read(0.1)
        raise AssertionError(f"{words!r} never appeared on:\n" + "\n".join(self.lines))

    def wait(self) -> int:
        """Wait for the program to end by itself; give its exit code."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self._process.poll() is None and time.monotonic() < end:
            self.read(0.1)
        return self._process.wait(timeout=1)

    def close(self) -> None:
        """End the program if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._fd)


@pytest.fixture
def demo() -> Iterator[Terminal]:
    """Run the demo."""
    terminal = Terminal("demo")
    yield terminal
    terminal.close()


def test_the_demo_goes_from_start_to_a_saved_label_by_keys_alone(
    demo: Terminal, tmp_path: Path
) -> None:
    """At 80 by 24, without a mouse: find an order, see its rates, buy, preview, save, void, quit."""
    demo.until("[Awaiting Shipment")
    demo.filter("prime:yes steel")
    demo.press("b")
    demo.until("may be bought, cheapest first.")
    demo.press("\r")
    demo.until("Arrives by")
    demo.until("y Yes")
    demo.press("y")
    demo.until("Label of ")
    demo.until("✓ live")
    demo.press("p")
    demo.until("The picture came.")
    demo.press("s")
    demo.until("Save the label")
    demo.read(0.5)
    demo.press("\x1b[H\x0b")
    demo.settle()
    demo.press(str(tmp_path / "label.pdf"))
    demo.settle()
    demo.press("\r")
    demo.until("✓ Saved as")
    demo.press("v")
    demo.until("Void the label")
    demo.press("y")
    demo.until("– voided")
    demo.press("q")

    assert 0 == demo.wait()
    assert (tmp_path / "label.pdf").read_bytes().startswith(b"%PDF")


def test_no_byte_from_outside_commands_the_terminal(demo: Terminal) -> None:
    """Walking over hostile orders, the raw output holds only sequences that are ours."""
    demo.until("[Awaiting Shipment")
    while not any("[All orders" in line for line in demo.lines):
        for key in ("G", "\t"):
            demo.press(key)
            demo.read(0.5)
            demo.read(0.2)
    demo.until("[")
    demo.filter("alternate")
    demo.press("\r")
    demo.until("Landed in")
    demo.press("\x1b")
    demo.until("[All orders")
    demo.press("q")
    demo.wait()
    demo.settle()
    rest = ALLOWED.sub(b"", demo.raw).decode()

    assert [] == sorted({char for char in rest if not char.isprintable()})
    assert 1 == demo.raw.count(b"\x1b[?1049h")


def test_sixteen_colours_are_enough() -> None:
    """Where the terminal has few colours no other is sent, and the words are all there."""
    terminal = Terminal("demo", kind="xterm", colours="")
    try:
        terminal.until("[Awaiting Shipment")
        terminal.until("? Help")
    finally:
        terminal.close()

    assert [] == re.findall(rb"\x1b\[(?:[0-9;]*;)?[34]8;[25];", terminal.raw)
