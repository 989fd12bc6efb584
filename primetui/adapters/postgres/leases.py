"""Leases: one operator at a time per order, freed by the server when their session ends.

A lease is an advisory lock of a session that does nothing else. A session may end without its
holder's knowledge: the server was restarted, the line was cut. So each holding has a fence of its
own, written down where every transaction of the holder's thread looks first: who has lost a lease
that somebody else took meanwhile writes nothing any more (R21).
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

import psycopg

from primetui.adapters.plain import shown
from primetui.adapters.postgres.connections import Connection
from primetui.adapters.postgres.engine import PostgresEngine
from primetui.adapters.postgres.rows import Transaction
from primetui.adapters.postgres.sessions import Session
from primetui.adapters.postgres.spelling import spelled, unspelled
from primetui.errors import Busy, RepositoryError

_SIGN: Final = (
    "INSERT INTO lease(key, fence, holder, since) VALUES(%s, %s, %s, %s) ON CONFLICT (key) DO "
    "UPDATE SET fence = excluded.fence, holder = excluded.holder, since = excluded.since"
)
_PROBE: Final = 0x5052494E
"""A lock that two sessions try at once, to see that the server really keeps them apart."""


class Leases:
    """Advisory locks, one per order being bought, of one session that this process keeps open.

    Args:
        engine: the database; its transactions are guarded by the leases their thread holds.
        now: tells the time that is shown to whoever comes second.
    """

    def __init__(self, engine: PostgresEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._session = Session(engine.connections, self._begin)
        self._choosing = threading.Lock()
        self._held: dict[int, tuple[str, str]] = {}
        """Who of this process holds what: a session would lend itself the same lock twice."""

    @contextmanager
    def hold(self, held: str, holder: str) -> Iterator[None]:
        """Hold an order; raises Busy with the holder's name and since when."""
        key, fence = _key(held), secrets.randbits(62)
        since = f"{self._now().astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        self._choose(key, shown(holder), since)
        try:
            with self._session.living() as session:
                _take(session, key, (fence, spelled(holder), since))
            try:
                with self._engine.guarded(lambda tx: _prove(tx, key, fence, held)):
                    yield
            finally:
                self._give_back(key, fence)
        finally:
            del self._held[key]

    def close(self) -> None:
        """End the session, and every lease with it."""
        self._session.close()

    def _choose(self, key: int, holder: str, since: str) -> None:
        """Let one thread of this process go for a lease."""
        with self._choosing:
            if key in self._held:
                raise Busy(*self._held[key])
            self._held[key] = (holder, since)

    def _give_back(self, key: int, fence: int) -> None:
        """Free a lease; should that fail, the session is at its end, and so is the lease."""
        with self._session.as_it_is() as session:
            if session is not None:
                with suppress(psycopg.Error):
                    session.execute("DELETE FROM lease WHERE key = %s AND fence = %s", (key, fence))
                _unlock(session, key)

    def _begin(self, session: Connection) -> None:
        """Make a new session fit for leases; refuse one that is shared with others.

        A fence is written before anything its lease protects, so it need not be on disk first.
        """
        session.execute("SET synchronous_commit = off")
        _ask(session, "SELECT pg_advisory_lock(%s)", _PROBE)
        try:
            with self._engine.connections.borrowed() as other:
                if _ask(other, "SELECT pg_try_advisory_lock(%s)", _PROBE):
                    _unlock(other, _PROBE)
                    raise RepositoryError(
                        f"{self._engine.name} does not keep its sessions apart, so two operators "
                        "could buy one label twice: connect to PostgreSQL itself, not through a "
                        "pooler that shares sessions."
                    )
        finally:
            _unlock(session, _PROBE)


def _take(session: Connection, key: int, signed: tuple[int, str, str]) -> None:
    """Take the lock and sign for it; raises Busy when somebody has it."""
    if not _ask(session, "SELECT pg_try_advisory_lock(%s)", key):
        raise _busy(session, key)
    try:
        session.execute(_SIGN, (key, *signed))
    except BaseException:
        _unlock(session, key)
        raise


def _prove(tx: Transaction, key: int, fence: int, held: str) -> None:
    """Refuse a transaction of a thread whose lease somebody else has taken meanwhile."""
    if tx.execute("SELECT fence FROM lease WHERE key = %s FOR SHARE", (key,)) != [(fence,)]:
        raise RepositoryError(
            f"The line to the store broke, and with it the hold on {shown(held)}, which somebody "
            "else has had since: nothing more was written down. Look at it again."
        )


def _busy(session: Connection, key: int) -> Busy:
    """Read who holds the lease; it may be in the making, and then it is somebody."""
    row = session.execute("SELECT holder, since FROM lease WHERE key = %s", (key,)).fetchone()
    if row is None:
        return Busy("another operator", "a moment ago")
    return Busy(shown(unspelled(row[0])), shown(row[1]))


def _ask(session: Connection, question: str, key: int) -> bool:
    row = session.execute(question, (key,)).fetchone()
    return row is not None and bool(row[0])


def _unlock(session: Connection, key: int) -> None:
    with suppress(psycopg.Error):
        session.execute("SELECT pg_advisory_unlock(%s)", (key,))


def _key(held: str) -> int:
    """Give the number of an order's lock: eight bytes of its hash, as the server's signed number."""
    digest = sha256(b"primetui lease\0" + held.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], signed=True)
