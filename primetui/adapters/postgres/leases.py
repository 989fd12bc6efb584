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
from primetui.adapters.postgres.faults import is_lost, postgres_in_words
from primetui.adapters.postgres.rows import Transaction
from primetui.adapters.postgres.spelling import spelled, unspelled
from primetui.errors import Busy, RepositoryError

_SIGN: Final = (
    "INSERT INTO lease(key, fence, holder, since) VALUES(%s, %s, %s, %s) ON CONFLICT (key) DO "
    "UPDATE SET fence = excluded.fence, holder = excluded.holder, since = excluded.since"
)
_PROBE: Final = 0x5052494E
"""An advisory lock that two sessions try at once, to see that the server really keeps them apart."""


class Leases:
    """Advisory locks, one per order being bought, of one session that this process keeps open.

    Args:
        engine: the database; its transactions are guarded by the leases their thread holds.
        now: tells the time that is shown to whoever comes second.
    """

    def __init__(self, engine: PostgresEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._alone = threading.Lock()
        self._session: Connection | None = None
        self._held: dict[int, tuple[str, str]] = {}
        """Who of this process holds what: a session would lend itself the same lock twice."""

    @contextmanager
    def hold(self, held: str, holder: str) -> Iterator[None]:
        """Hold an order; raises Busy with the holder's name and since when."""
        key, fence = _key(held), secrets.randbits(62)
        with postgres_in_words(self._engine.name), self._alone:
            self._take(key, fence, holder)
        try:
            with self._engine.guarded(lambda tx: _prove(tx, key, fence, held)):
                yield
        finally:
            with self._alone:
                self._give_back(key, fence)

    def close(self) -> None:
        """End the session, and every lease with it."""
        with self._alone:
            if self._session is not None:
                self._session.close()

    def _take(self, key: int, fence: int, holder: str) -> None:
        if key in self._held:
            raise Busy(*self._held[key])
        session = self._living_session()
        since = f"{self._now().astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        if not _ask(session, "SELECT pg_try_advisory_lock(%s)", key):
            raise _busy(session, key)
        try:
            session.execute(_SIGN, (key, fence, spelled(holder), since))
        except BaseException:
            _unlock(session, key)
            raise
        self._held[key] = (shown(holder), since)

    def _give_back(self, key: int, fence: int) -> None:
        """Free a lease; should that fail, the session is at its end, and so is the lease."""
        self._held.pop(key, None)
        session = self._session
        if session is not None and not is_lost(session):
            with suppress(psycopg.Error):
                session.execute("DELETE FROM lease WHERE key = %s AND fence = %s", (key, fence))
            _unlock(session, key)

    def _living_session(self) -> Connection:
        """Give the session of the leases; a new one where the old one has ended."""
        if self._session is not None and not is_lost(self._session):
            with suppress(psycopg.OperationalError):
                self._session.execute("SELECT 1")
                return self._session
        if self._session is not None:
            self._session.close()
        self._session = self._engine.connections.fresh()
        # The fence is written before anything the lease protects: the log's order is enough.
        self._session.execute("SET synchronous_commit = off")
        self._refuse_shared_sessions(self._session)
        return self._session

    def _refuse_shared_sessions(self, session: Connection) -> None:
        """Refuse a server, or a pooler before it, whose sessions are not ours alone."""
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
