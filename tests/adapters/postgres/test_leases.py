"""A lease ends with its session, and who has lost one writes nothing over its next holder (R21)."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from primetui.adapters.postgres.engine import PostgresEngine
from primetui.adapters.postgres.leases import Leases
from primetui.errors import Busy, RepositoryError
from tests.adapters.postgres.conftest import Opener
from tests.adapters.postgres.test_engine import FIRST, put, read
from tests.postgres import Cluster

NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)

Counter = Callable[[], tuple[PostgresEngine, Leases]]


@pytest.fixture
def desks(opener: Opener) -> Iterator[Counter]:
    """Give what opens an operator's engine and leases, again and again."""
    opened: list[Leases] = []

    def open_again() -> tuple[PostgresEngine, Leases]:
        engine = opener()
        opened.append(Leases(engine, lambda: NOW))
        return engine, opened[-1]

    yield open_again
    for leases in opened:
        leases.close()


def cut_leases(server: Cluster, database: str) -> int:
    """End every session that holds a lease, as a cut line would; count them."""
    with closing(server.connect(database)) as hand:
        row = hand.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM (SELECT DISTINCT pid FROM pg_locks "
            "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()) AS holders"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_R21_who_has_lost_a_lease_to_another_writes_nothing(
    desks: Counter, server: Cluster, database: str
) -> None:
    """R21: the line broke, Bob took the order: Ann's next step is refused, and says why."""
    (ann_engine, ann), (bob_engine, bob) = desks(), desks()

    with ann.hold("114-1", "ann"):
        put(ann_engine)
        assert 1 == cut_leases(server, database)
        with bob.hold("114-1", "bob"):
            put(bob_engine, document={"status": "bob"})
            with pytest.raises(RepositoryError, match="the hold on 114-1, which somebody else"):
                put(ann_engine)
        with pytest.raises(RepositoryError, match="nothing more was written down"):
            put(ann_engine)

    assert {"status": "bob"} == read(bob_engine)
    put(ann_engine)


def test_R21_a_lease_that_was_lost_to_nobody_goes_on(
    desks: Counter, server: Cluster, database: str
) -> None:
    """R21: when nobody acted meanwhile there is nothing to protect: the purchase is written down."""
    (engine, leases), (_, other) = desks(), desks()

    with leases.hold("114-1", "ann"):
        assert 1 == cut_leases(server, database)
        put(engine)
        with leases.hold("114-2", "ann"):
            put(engine, "2")
    with other.hold("114-1", "bob"):
        assert FIRST == read(engine, "2")


def test_a_lease_is_taken_anew_after_a_restart_of_the_server(
    desks: Counter, server: Cluster
) -> None:
    """The session of the leases is opened again when it has ended."""
    engine, leases = desks()
    with leases.hold("114-1", "ann"):
        server.restart()
    with leases.hold("114-1", "ann"):
        put(engine)

    assert FIRST == read(engine)


def test_R21_the_lease_of_a_killed_process_is_free(desks: Counter) -> None:
    """R21: nobody has to wait for an operator who is dead."""
    _, leases = desks()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with desks()[1].hold("114-1", "the dead"):
            os.write(writing, b"held")
            signal.pause()
    os.read(reading, 4)
    with pytest.raises(Busy) as busy, leases.hold("114-1", "ann"):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    os.close(writing)

    for _ in range(100):
        try:
            with leases.hold("114-1", "ann"):
                break
        except Busy:
            signal.sigtimedwait([], 0.01)
    else:
        pytest.fail("the dead still hold it after a second")

    assert ("the dead", "2026-03-03 15:00 UTC") == (busy.value.holder, busy.value.since)


def test_a_lease_leaves_nothing_behind(desks: Counter, server: Cluster, database: str) -> None:
    """A million orders bought are not a million rows."""
    _, leases = desks()
    for number in range(3):
        with leases.hold(str(number), "ann"):
            pass
    with closing(server.connect(database)) as hand:
        left = hand.execute("SELECT count(*) FROM primetui.lease").fetchone()
        locks = hand.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()

    assert ((0,), (0,)) == (left, locks)


def test_R21_sessions_that_are_not_our_own_are_refused(
    desks: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R21: behind a pooler that shares sessions two operators would hold the same lock."""
    engine, leases = desks()
    with engine.connections.borrowed():
        pass
    (shared,) = engine.connections._idle
    monkeypatch.setattr(engine.connections, "fresh", lambda: shared)

    with (
        pytest.raises(RepositoryError, match="does not keep its sessions apart"),
        leases.hold("114-1", "ann"),
    ):
        pass
