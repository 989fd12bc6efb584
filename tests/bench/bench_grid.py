"""Times the orders grid against Textual's stock DataTable, each in a pseudo-terminal of its own.

Run it as a script: `python tests/bench/bench_grid.py [ROWS ...]`; 10,000 and 100,000 by default.
First paint is from the start of the process to the first row on screen; a key is timed from
the press to the last byte of its repaint.
"""

import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.widgets import DataTable

from primetui.tui import theme
from primetui.tui.widgets.columns import Column, Row, Span
from primetui.tui.widgets.grid import Grid

LINES, COLUMNS = 50, 160
QUIET_SECONDS = 0.04
PATIENCE_SECONDS = 120
DOWNS = 100
CELLS = 8


def words(number: int) -> list[str]:
    """Make the text of one row."""
    return [f"{number:07d}", *(f"cell {number}.{cell}" for cell in range(1, CELLS))]


class Numbers:
    """Rows made when asked for."""

    def __init__(self, total: int) -> None:
        self._total = total

    def count(self) -> int:
        """Count the rows."""
        return self._total

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Make some rows."""
        return [Row(str(n), tuple((Span(word),) for word in words(n))) for n in range(start, stop)]

    def position(self, row_id: str) -> int:
        """Read the place from the name."""
        return int(row_id)


class Ours(App[None]):
    """The grid alone."""

    CSS_PATH = "../../primetui/tui/primetui.tcss"

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total = total

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Grid([Column(str(n), f"Column {n}", 16) for n in range(CELLS)])

    def on_mount(self) -> None:
        """Fill it."""
        theme.dress(self)
        grid = self.query_one(Grid)
        grid.show(Numbers(self._total))
        grid.focus()


class Stock(App[None]):
    """The stock table alone."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total = total

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Fill it."""
        table = self.query_one(DataTable)
        table.add_columns(*(f"Column {n}" for n in range(CELLS)))
        table.add_rows(words(n) for n in range(self._total))
        table.focus()


class Terminal:
    """A pseudo-terminal with one of the two in it."""

    def __init__(self, kind: str, total: int) -> None:
        self._fd, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._child = subprocess.Popen(
            [sys.executable, __file__, kind, str(total)],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(inside)

    def wait_for(self, text: bytes) -> float:
        """Read until a text is on screen; give the seconds it took."""
        start = time.perf_counter()
        seen = b""
        while text not in seen and time.perf_counter() - start < PATIENCE_SECONDS:
            if select.select([self._fd], [], [], 0.1)[0]:
                seen += os.read(self._fd, 1 << 16)
        return time.perf_counter() - start

    def drain(self) -> tuple[float, int]:
        """Read until it is quiet; give when the last byte came and how many there were."""
        start = last = time.perf_counter()
        size = 0
        wait = 2.0
        while select.select([self._fd], [], [], wait)[0]:
            size += len(os.read(self._fd, 1 << 16))
            last, wait = time.perf_counter(), QUIET_SECONDS
        return last - start, size

    def press(self, key: bytes) -> tuple[float, int]:
        """Press a key; give milliseconds and bytes of its repaint."""
        os.write(self._fd, key)
        seconds, size = self.drain()
        return seconds * 1000, size

    def close(self) -> None:
        """End the program in it."""
        self._child.kill()
        self._child.wait()
        os.close(self._fd)


def measure(kind: str, total: int) -> str:
    """Measure one of the two; give a line of the table."""
    terminal = Terminal(kind, total)
    first = terminal.wait_for(b"0000000")
    terminal.drain()
    downs = [terminal.press(b"\x1b[B") for _ in range(DOWNS)]
    pages = [terminal.press(b"\x1b[6~") for _ in range(10)]
    terminal.close()
    times = sorted(ms for ms, _ in downs)
    return (
        f"{kind:>6} {total:>9,} {first:>9.2f} {statistics.median(times):>9.1f} {times[-5]:>9.1f}"
        f" {statistics.mean(size for _, size in downs):>10,.0f}"
        f" {statistics.median(ms for ms, _ in pages):>9.1f}\n"
    )


def main(arguments: list[str]) -> None:
    """Run one of the two, or compare both."""
    if arguments and arguments[0] in {"ours", "stock"}:
        app = Ours if arguments[0] == "ours" else Stock
        app(int(arguments[1])).run()
        return
    sys.stdout.write(f"{COLUMNS}x{LINES}, {DOWNS} Down keys, 10 PgDn\n")
    sys.stdout.write("  grid      rows  paint s    key ms    p95 ms  bytes/key   page ms\n")
    for total in [int(word) for word in arguments] or [10_000, 100_000]:
        for kind in ("ours", "stock"):
            sys.stdout.write(measure(kind, total))
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
