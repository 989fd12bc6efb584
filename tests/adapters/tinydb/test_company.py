"""Company of other processes: their changes are seen soon, and the dead have no seat."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.seats import Seats
from primetui.domain.shipment import OrderId
from tests.domain.made import NOW

ROOT = Path(__file__).parents[3]
CHANGES = 20

WRITER = """
import sys, time
from pathlib import Path
from primetui.adapters.tinydb.engine import Engine

engine = Engine(Path(sys.argv[1]))
print("open", flush=True)
for line in sys.stdin:
    engine.transact(lambda tx: tx.put("orders", "1", {"written": line}))
    print(time.monotonic(), flush=True)
engine.close()
"""

OPERATOR = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from primetui.adapters.tinydb.seats import Seats

with Seats(Path(sys.argv[1]), lambda: datetime(2026, 3, 3, 15, tzinfo=UTC)).take("bob") as seat:
    seat.at("111-1")
    print("seated", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another(script: str, home: Path) -> Iterator[subprocess.Popen[str]]:
    """Run another process on a home, from its first word on."""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        heard(process)
        yield process
        process.kill()


def heard(process: subprocess.Popen[str]) -> str:
    """Hear the next line of another process."""
    assert process.stdout is not None
    return process.stdout.readline()


def ask(process: subprocess.Popen[str]) -> None:
    """Let another process go on."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_a_change_by_another_process_is_seen_within_100_ms(home: Path) -> None:
    """From the commit there to the answer here, as the middle of twenty on this busy machine."""
    delays = []
    with closing(Engine(home)) as engine, another(WRITER, home) as writer, engine.watch() as watch:
        watch.wait(0.0)
        for _ in range(CHANGES):
            ask(writer)
            assert watch.wait(10.0)
            seen = time.monotonic()
            delays.append(seen - float(heard(writer)))
            assert engine.get("orders", "1") == {"written": "go\n"}

    assert statistics.median(delays) < 0.1


def test_tidying_up_the_file_is_no_change(engine: Engine) -> None:
    """Emptying the log or rewriting the file changes no document, and wakes nobody."""
    engine.transact(lambda tx: tx.put("orders", "1", {}))
    with engine.watch() as watch, closing(engine._connect()) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("VACUUM")
        assert not watch.wait(0.1)


def test_closing_the_store_ends_a_wait(engine: Engine) -> None:
    """Waiting at a store that is closed is a fault of ours, said at once."""
    with engine.watch() as watch:
        engine.close()
        with pytest.raises(RuntimeError, match="the store is closed"):
            watch.wait(60.0)
    with pytest.raises(RuntimeError, match="the store is closed"), engine.watch():
        pass


def test_the_dead_have_no_seat(home: Path) -> None:
    """An operator is seen from another process until theirs dies; then their file goes too."""
    Engine(home).close()
    seats = Seats(home, lambda: NOW)
    with another(OPERATOR, home) as operator:
        (bob,) = seats.present()
        operator.kill()
        operator.wait()

        assert ("bob", OrderId("111-1"), False) == (bob.operator, bob.order_id, bob.here)
        assert seats.present() == ()
        assert list((home / "seats").iterdir()) == []


@pytest.mark.parametrize("nonsense", [b"", b"{", b"[]", b"\xff" * 5000, b'{"operator": "x"}'])
def test_a_seat_that_cannot_be_read_is_not_shown(home: Path, nonsense: bytes) -> None:
    """A file that says nothing hides no other seat, and is not swept while somebody holds it."""
    Engine(home).close()
    seats = Seats(home, lambda: NOW)
    with seats.take("ann"):
        (path,) = (home / "seats").iterdir()
        with seats.take("bob") as bob:
            path.write_bytes(nonsense)
            bob.at(OrderId("1"))

            assert ["bob"] == [found.operator for found in seats.present()]
            assert path.exists()
