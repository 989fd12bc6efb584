"""Open connections to one database, lent to one thread at a time.

A pool of its own of forty lines: the lines are few, threads come and go with the console's
workers, and a pool that tends its connections in the background would have threads to outlive a
fork, and would retry what only we know may be retried.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from primetui.adapters.postgres.address import Address
from primetui.adapters.postgres.faults import is_lost
from primetui.errors import ConfigError, RepositoryError

Connection = psycopg.Connection[tuple[Any, ...]]

SCHEMA: Final = "primetui"
"""The schema our tables lie in: whatever else the database holds is left alone."""
OLDEST_SERVER: Final = 130000
MOST_IDLE: Final = 4
"""Connections kept for the next thread; a server has a hundred for everybody."""


class Connections:
    """Connections to a database; each is set up as ours before anybody gets it.

    Args:
        address: where the database is.
        patience_seconds: how long a writer queues behind another before saying so.
    """

    def __init__(self, address: Address, patience_seconds: float) -> None:
        self.address = address
        self._settings = _settings(patience_seconds)
        self._idle: list[Connection] = []
        self._closed = False

    @contextmanager
    def borrowed(self) -> Iterator[Connection]:
        """Lend a connection; what comes back in the middle of something is not lent again."""
        connection = self._take_idle() or self.fresh()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def fresh(self) -> Connection:
        """Open a connection that nobody else gets; the caller closes it."""
        self._refuse_when_closed()
        connection = psycopg.connect(self.address.conninfo(), autocommit=True)
        try:
            self._refuse_unfit(connection)
            setting = ", ".join("set_config(%s, %s, false)" for _ in self._settings)
            words = [word for pair in self._settings.items() for word in pair]
            connection.execute(f"SELECT {setting}", words)
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close what nobody uses, and whatever comes back from now on."""
        self._closed = True
        while (connection := self._pop()) is not None:
            connection.close()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise RuntimeError("the store is closed")

    def _give_back(self, connection: Connection) -> None:
        at_rest = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        if self._closed or not at_rest or len(self._idle) >= MOST_IDLE:
            connection.close()
        else:
            self._idle.append(connection)

    def _take_idle(self) -> Connection | None:
        self._refuse_when_closed()
        while (connection := self._pop()) is not None:
            if not _has_news(connection):
                return connection
            connection.close()
        return None

    def _pop(self) -> Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _refuse_unfit(self, connection: Connection) -> None:
        """Refuse a server that could not keep our promises, or that was reached in the clear."""
        name = self.address.name
        if not self.address.is_local and not connection.pgconn.ssl_in_use:
            raise ConfigError(f"The line to {name} is not encrypted: add ?sslmode=verify-full.")
        if connection.info.server_version < OLDEST_SERVER:
            raise RepositoryError(
                f"{name} is older than PostgreSQL 13: PrimeTUI needs a newer one."
            )
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise RepositoryError(
                f"The database {name} is encoded in {encoding}: make one with "
                "createdb --encoding UTF8 --template template0."
            )


def _settings(patience_seconds: float) -> dict[str, str]:
    """Set a session up: what it must promise, and how long it may keep others waiting."""
    return {
        "search_path": f"{SCHEMA}, pg_temp",
        "synchronous_commit": "on",
        "client_min_messages": "warning",
        "timezone": "UTC",
        "lock_timeout": f"{patience_seconds * 1000:.0f}ms",
        # A suspended program must not keep all others from writing: the server lets go first.
        "idle_in_transaction_session_timeout": f"{patience_seconds * 600:.0f}ms",
        # The server, too, must notice soon that a machine with a lease has gone.
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
    }


def _has_news(connection: Connection) -> bool:
    """Tell, without a word to the server, whether an idle connection has ended meanwhile."""
    if is_lost(connection):
        return True
    news = select.poll()
    news.register(connection.fileno(), select.POLLIN)
    return bool(news.poll(0))
