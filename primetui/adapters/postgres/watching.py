"""An eye on the database: each commit that changes a document is announced with its revision."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from typing import Final

import psycopg

from primetui.adapters.postgres.connections import Connection, Connections
from primetui.adapters.postgres.faults import is_lost, postgres_in_words
from primetui.adapters.postgres.schema import CHANNEL

_SLICE_SECONDS: Final = 0.25
"""How long to wait at once: who closes the store does not wait longer for this one."""


class ChangeWatch:
    """Listens for the changes of all programs on a connection of its own.

    Args:
        connections: opens the connection, and again should it end.
        closing: set when the store is closed.
    """

    def __init__(self, connections: Connections, closing: Event) -> None:
        self._connections = connections
        self._closing = closing
        self._connection = self._listen()
        self._revision = self._ask()

    def wait(self, seconds: float) -> bool:
        """Wait until anybody has changed a document, at most so many seconds."""
        deadline = time.monotonic() + seconds
        with postgres_in_words(self._connections.address.name):
            while not self._closing.is_set():
                left = deadline - time.monotonic()
                if self._has_changed(max(0.0, min(left, _SLICE_SECONDS))):
                    return True
                if left <= 0:
                    return False
        raise RuntimeError("the store is closed")

    def close(self) -> None:
        """Listen no more."""
        self._connection.close()

    def _has_changed(self, seconds: float) -> bool:
        """Listen a while; what was said while the line was down is in the revision."""
        try:
            told = [int(note.payload) for note in self._hear(seconds)]
            if not any(revision > self._revision for revision in told):
                return False
            revision = self._ask()
        except psycopg.OperationalError:
            self._connection.close()
            self._connection = self._listen()
            revision = self._ask()
        before, self._revision = self._revision, revision
        return revision != before

    def _hear(self, seconds: float) -> Iterator[psycopg.Notify]:
        if is_lost(self._connection):
            raise psycopg.OperationalError("the line was down")
        return self._connection.notifies(timeout=seconds, stop_after=1)

    def _listen(self) -> Connection:
        connection = self._connections.fresh()
        connection.execute(f"LISTEN {CHANNEL}")
        return connection

    def _ask(self) -> int:
        row = self._connection.execute("SELECT rev FROM meta").fetchone()
        return 0 if row is None else int(row[0])


@contextmanager
def watching(connections: Connections, closing: Event) -> Iterator[ChangeWatch]:
    """Keep an eye on the documents."""
    with postgres_in_words(connections.address.name):
        watch = ChangeWatch(connections, closing)
    try:
        yield watch
    finally:
        with suppress(psycopg.Error):
            watch.close()
