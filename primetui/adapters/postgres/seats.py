"""Who is at work: a row for each seat, and a lock on it that ends with its process's session."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final

import psycopg

from primetui.adapters.postgres.connections import Connection
from primetui.adapters.postgres.engine import PostgresEngine
from primetui.adapters.postgres.sessions import Session
from primetui.adapters.postgres.spelling import spelled, unspelled
from primetui.domain.shipment import OrderId
from primetui.ports import Presence

_PROCESS: Final = secrets.token_hex(8)
"""Tells this process from all others, on whatever machine."""
_TAKEN: Final = (
    "EXISTS(SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND (classid::bigint << 32) | objid::bigint = key)"
)
_SIT: Final = (
    "INSERT INTO seat(key, operator, order_id, since, process) VALUES(%s, %s, %s, %s, %s) "
    "ON CONFLICT (key) DO UPDATE SET order_id = excluded.order_id, since = excluded.since"
)


class PostgresSeat:
    """A seat that is taken."""

    def __init__(self, seats: "Seats", key: int, operator: str) -> None:
        self._seats = seats
        self._key = key
        self._operator = operator

    def at(self, order_id: OrderId | None) -> None:
        """Say which order the operator is on."""
        self._seats.sign(self._key, self._operator, order_id)


class Seats:
    """The seats at a database, in a session of this process.

    Args:
        engine: the database.
        now: tells since when an operator is on an order.
    """

    def __init__(self, engine: PostgresEngine, now: Callable[[], datetime]) -> None:
        self._now = now
        self._session = Session(engine.connections, self._begin)
        self._taken: set[int] = set()

    @contextmanager
    def take(self, operator: str) -> Iterator[PostgresSeat]:
        """Sit down, on no order yet, until the block or the session ends."""
        key = secrets.randbits(62)
        with self._session.living() as session:
            session.execute("SELECT pg_advisory_lock(%s)", (key,))
            self._taken.add(key)
            session.execute(f"DELETE FROM seat WHERE NOT {_TAKEN}")  # noqa: S608 - our own words
        seat = PostgresSeat(self, key, operator)
        try:
            seat.at(None)
            yield seat
        finally:
            self._taken.discard(key)
            with self._session.as_it_is() as left, suppress(psycopg.Error):
                if left is not None:
                    left.execute("SELECT pg_advisory_unlock(%s)", (key,))
                    left.execute("DELETE FROM seat WHERE key = %s", (key,))

    def sign(self, key: int, operator: str, order_id: OrderId | None) -> None:
        """Write down who sits there, and at which order."""
        at = None if order_id is None else spelled(order_id)
        signed = (key, spelled(operator), at, self._now().isoformat(), _PROCESS)
        with self._session.living() as session:
            session.execute(_SIT, signed)

    def present(self) -> tuple[Presence, ...]:
        """Name who is at work."""
        with self._session.living() as session:
            rows = session.execute(
                f"SELECT operator, order_id, since, process FROM seat WHERE {_TAKEN}"  # noqa: S608 - as above
            ).fetchall()
        found = [
            Presence(
                operator=unspelled(operator),
                order_id=None if order_id is None else OrderId(unspelled(order_id)),
                since=datetime.fromisoformat(since),
                here=process == _PROCESS,
            )
            for operator, order_id, since, process in rows
        ]
        return tuple(sorted(found, key=lambda seen: (seen.operator, seen.since)))

    def close(self) -> None:
        """End the session: who sat here is gone."""
        self._session.close()

    def _begin(self, session: Connection) -> None:
        """Sit down again where this process sat when its last session ended."""
        session.execute("SET synchronous_commit = off")
        for key in self._taken:
            session.execute("SELECT pg_advisory_lock(%s)", (key,))
