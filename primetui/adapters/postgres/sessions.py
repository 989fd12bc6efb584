"""A session of our own: what is held in it, the server frees when it ends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg

from primetui.adapters.postgres.connections import Connection, Connections
from primetui.adapters.postgres.faults import is_lost, postgres_in_words


class Session:
    """A connection kept open for its locks, used by one thread at a time, renewed when it ends.

    Args:
        connections: opens it when it is first asked for.
        begun: told of each new session before anybody uses it.
    """

    def __init__(self, connections: Connections, begun: Callable[[Connection], None]) -> None:
        self._connections = connections
        self._begun = begun
        self._alone = threading.Lock()
        self._connection: Connection | None = None

    @contextmanager
    def living(self) -> Iterator[Connection]:
        """Lend the session; a new one where the old one has ended."""
        with postgres_in_words(self._connections.address.name), self._alone:
            if self._connection is None or not _answers(self._connection):
                self._connection = self._renewed()
            yield self._connection

    @contextmanager
    def as_it_is(self) -> Iterator[Connection | None]:
        """Lend the session if it has not ended; who gives something back needs no new one."""
        with self._alone:
            lost = self._connection is None or is_lost(self._connection)
            yield None if lost else self._connection

    def close(self) -> None:
        """End the session, and everything held in it."""
        with self._alone:
            self._end()

    def _renewed(self) -> Connection:
        self._end()
        connection = self._connections.fresh()
        try:
            self._begun(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _answers(connection: Connection) -> bool:
    if not is_lost(connection):
        with suppress(psycopg.OperationalError):
            connection.execute("SELECT 1")
            return True
    return False
