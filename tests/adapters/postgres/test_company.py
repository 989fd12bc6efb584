"""Watches and seats over a line that may break: nothing is overlooked, and the dead are gone."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from primetui.adapters.postgres.engine import PostgresEngine
from primetui.adapters.postgres.seats import Seats
from primetui.domain.shipment import OrderId
from primetui.errors import RepositoryError
from tests.adapters.postgres.conftest import Opener
from tests.adapters.postgres.test_engine import put
from tests.adapters.postgres.test_leases import cut_leases
from tests.postgres import Cluster

NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
SOON_SECONDS = 5.0

Chairs = Callable[[], Seats]


@pytest.fixture
def chairs(opener: Opener) -> Iterator[Chairs]:
    """Give what opens the seats of a database again and again."""
    opened: list[Seats] = []

    def open_again() -> Seats:
        opened.append(Seats(opener(), lambda: NOW))
        return opened[-1]

    yield open_again
    for seats in opened:
        seats.close()


def test_a_change_during_a_restart_is_not_overlooked(
    engine: PostgresEngine, server: Cluster
) -> None:
    """What was announced while the line was down is told as soon as it is up."""
    with engine.watch() as watch:
        put(engine)
        server.restart()
        put(engine, "2")
        assert watch.wait(SOON_SECONDS)
        assert not watch.wait(0.05)
        put(engine, "3")
        assert watch.wait(SOON_SECONDS)


def test_a_restart_alone_is_no_change(engine: PostgresEngine, server: Cluster) -> None:
    """Nobody changed a document, so nobody is woken."""
    with engine.watch() as watch:
        server.restart()
        assert not watch.wait(0.3)


def test_a_watch_of_a_server_that_is_gone_says_so(engine: PostgresEngine, server: Cluster) -> None:
    """Waiting for nothing would look like peace; it watches again once the server is back."""
    with engine.watch() as watch:
        server.stop()
        try:
            for _ in range(2):
                with pytest.raises(RepositoryError, match="see that the server runs"):
                    watch.wait(0.3)
        finally:
            server.start()
        put(engine)
        assert watch.wait(SOON_SECONDS)


def test_a_change_is_seen_within_a_tenth_of_a_second(opener: Opener) -> None:
    """The best of five is far below; the worst is the machine's."""
    one, two = opener(), opener()
    seen: list[float] = []
    with one.watch() as watch:
        for number in range(5):
            put(two, str(number))
            start = time.perf_counter()
            assert watch.wait(SOON_SECONDS)
            seen.append(time.perf_counter() - start)

    assert min(seen) < 0.1


def test_the_seat_of_a_killed_process_is_empty(chairs: Chairs) -> None:
    """Nobody is shown at work who is dead, and the next to sit down sweeps their row."""
    seats = chairs()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with chairs().take("the dead") as seat:
            seat.at(OrderId("114-1"))
            os.write(writing, b"here")
            signal.pause()
    os.read(reading, 4)
    assert [("the dead", "114-1")] == [(one.operator, one.order_id) for one in seats.present()]
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    os.close(writing)

    deadline = time.monotonic() + SOON_SECONDS
    while seats.present() and time.monotonic() < deadline:
        signal.sigtimedwait([], 0.01)

    assert () == seats.present()


def test_who_lost_the_line_sits_down_again(chairs: Chairs, server: Cluster, database: str) -> None:
    """A session that ended takes the seat with it only until it is renewed."""
    ann, bob = chairs(), chairs()
    with ann.take("ann") as seat:
        seat.at(OrderId("114-1"))
        cut_leases(server, database)
        assert () == bob.present()

        assert ["114-1"] == [one.order_id for one in ann.present()]
        assert ["114-1"] == [one.order_id for one in bob.present()]

    assert () == bob.present()


def test_a_seat_leaves_no_row(chairs: Chairs, server: Cluster, database: str) -> None:
    """Who stands up, and who died before the next one sat down, is swept away."""
    with closing(server.connect(database)) as hand:
        seats = chairs()
        hand.execute("INSERT INTO primetui.seat VALUES(7, 'long gone', NULL, '', '')")
        with seats.take("ann"):
            left = hand.execute("SELECT operator FROM primetui.seat").fetchall()
        nobody = hand.execute("SELECT operator FROM primetui.seat").fetchall()

    assert ([("ann",)], []) == (left, nobody)
