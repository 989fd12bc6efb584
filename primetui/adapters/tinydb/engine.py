"""The document engine: documents in SQLite rows, written one transaction at a time.

The contract is strict serialisability; how is the engine's business. `transact(work)` may be
answered by another engine by running `work` more than once, so `work` calls nothing outside.
A write is on the disk when `transact` returns: the write-ahead log is synced by each commit.

Writers queue at a lock file before they reach SQLite, whose own waiting may starve one of them
for seconds. The kernel takes the lock back from a process that dies.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, TypeVar

from primetui.adapters.documents.rows import Document
from primetui.adapters.home import make_home, refuse_lookers, refuse_special
from primetui.adapters.tinydb import anchor, schema, shaping
from primetui.adapters.tinydb.faults import disk_in_words, locked, sqlite_in_words
from primetui.adapters.tinydb.mounts import refuse_network_disk
from primetui.adapters.tinydb.occupancy import occupy
from primetui.adapters.tinydb.private import make_file, try_lock
from primetui.adapters.tinydb.rows import Snapshot, Transaction
from primetui.adapters.tinydb.schema import Layout
from primetui.adapters.tinydb.watching import StoreWatch
from primetui.adapters.tinydb.where import EVERYTHING, Where

STORE_FILE: Final = "primetui.db"
QUEUE_FILE: Final = "primetui.lock"
PATIENCE_SECONDS: Final = 30.0
"""How long a writer queues: a transaction lasts milliseconds, so the holder must be suspended."""
_TURN_SECONDS: Final = 0.0005
_SCRUB_MILLISECONDS: Final = 2000
"""How long emptying the log waits for readers: they are done in milliseconds, or at a long read."""
_GUARDED: Final = (
    *(f"{STORE_FILE}{end}" for end in ("", "-wal", "-shm")),
    *(QUEUE_FILE, "labels", "locks", "seats"),
)
"""What nobody else may read, for a store to be opened."""

Answer = TypeVar("Answer")


class Engine:
    """A store file that any number of threads and processes read and write.

    Args:
        home: the folder that holds the store; made, closed to others, when it is not there.
        group: the Unix group that shares a home made now; one that is there must be its.
        layout: the tables with ids of their own and their indexes.
        patience_seconds: how long to queue behind another writer before saying so.
    """

    def __init__(
        self,
        home: Path,
        layout: Layout | None = None,
        *,
        group: str = "",
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.home = home
        self.layout = layout or Layout()
        self._fields = ""
        self._path = home / STORE_FILE
        self._patience_seconds = patience_seconds
        self._writer = threading.Lock()
        self._mine = threading.local()
        self._idle: list[sqlite3.Connection] = []
        self._closing = threading.Event()
        schema.refuse_old_sqlite()
        with disk_in_words(home):
            refuse_network_disk(home)
            make_home(home, group)
            refuse_special(home.iterdir())
            refuse_lookers(home, _GUARDED)
            self._occupied = occupy(home)
            make_file(self._path)
            make_file(home / QUEUE_FILE)
            schema.refuse_foreign_file(self._path)
            self._queue = os.open(home / QUEUE_FILE, os.O_RDWR | os.O_CLOEXEC)
        try:
            self._shape()
            self._refuse_older()
        except BaseException:
            self.close()
            raise

    def transact(self, work: Callable[[Transaction], Answer]) -> Answer:
        """Run reads and writes alone, all or nothing, safe on disk on return.

        `work` may be run again, so it does nothing but read and write documents. Inside a
        transaction of the same thread it becomes part of that one.
        """
        if (current := self._current()) is not None:
            return work(current)
        with self._turn(), self._borrowed() as connection:
            transaction = Transaction(connection, self.layout, self._fields)
            self._mine.transaction = transaction
            try:
                with connection:
                    connection.execute("BEGIN IMMEDIATE")
                    answer = work(transaction)
                    transaction.settle()
            finally:
                self._mine.transaction = None
            if transaction.wrote:
                anchor.drop(self._queue, transaction.wrote)
            return answer

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Hold one moment of the store for several reads; inside a transaction, see its writes."""
        if (current := self._current()) is not None:
            yield current
            return
        with self._borrowed() as connection:
            connection.execute("BEGIN")
            try:
                yield Snapshot(connection, self.layout)
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")

    def get(self, table: str, id_: str) -> Document | None:
        """Read one document as it is now."""
        with self.snapshot() as now:
            return now.get(table, id_)

    def find(self, table: str, where: Where = EVERYTHING) -> Iterator[tuple[str, Document]]:
        """Read ids and documents of a table as it is now, in order of arrival."""
        if (current := self._current()) is not None:
            # Its own writes may follow while the caller still reads: give what was there before.
            yield from list(current.find(table, where))
            return
        with self.snapshot() as now:
            yield from now.find(table, where)

    def count(self, table: str, where: Where = EVERYTHING) -> int:
        """Count a table's documents as it is now."""
        with self.snapshot() as now:
            return now.count(table, where)

    def tables(self) -> frozenset[str]:
        """Name the tables that hold a document now."""
        with self.snapshot() as now:
            return now.tables()

    @contextmanager
    def watch(self) -> Iterator[StoreWatch]:
        """Lend an eye that sees every commit, of this process and of others."""
        with sqlite_in_words(self.home):
            self._refuse_when_closed()
            connection = self._connect()
        with closing(connection):
            yield StoreWatch(connection, self._closing, self.home)

    def integrity(self) -> tuple[str, ...]:
        """Let SQLite examine every page; give its complaints, none when all is well."""
        with self._borrowed() as connection:
            rows = connection.execute("PRAGMA integrity_check(20)").fetchall()
        return tuple(line for (line,) in rows if line != "ok")

    def scrub(self, *, rewrite: bool = False) -> bool:
        """Empty the write-ahead log, and with `rewrite` the file's free space; False while read.

        What a transaction removes is zeroed in its pages; the log still has them as they were.
        """
        with self._turn(), self._borrowed() as connection:
            if rewrite:
                connection.execute("VACUUM")
            connection.execute(f"PRAGMA busy_timeout = {_SCRUB_MILLISECONDS}")
            try:
                busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout = {round(self._patience_seconds * 1000)}")
        return not busy

    def close(self) -> None:
        """Give everything back, after the writer at work; harmless when done twice."""
        with self._writer:
            if self._closing.is_set():
                return
            self._closing.set()
            os.close(self._queue)
            os.close(self._occupied)
        while (connection := self._take_idle()) is not None:
            connection.close()

    def _current(self) -> Transaction | None:
        return getattr(self._mine, "transaction", None)

    def _shape(self) -> None:
        with self._borrowed() as connection:
            fitting = shaping.fitting(connection, self.layout)
        if fitting is None:
            with self._turn(), self._borrowed() as connection:
                shaping.shape(connection, self.layout, self._path)
                fitting = shaping.fitting(connection, self.layout)
        self.layout = fitting or self.layout
        self._fields = self.layout.spelled()

    def _refuse_older(self) -> None:
        """Refuse a file that lacks changes which were acknowledged once."""
        dropped = anchor.read(self._queue)
        with self.snapshot() as now:
            revision = now.revision()
        if revision < dropped:
            raise anchor.older(self.home / QUEUE_FILE, revision, dropped)

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection to one thread at a time."""
        with sqlite_in_words(self.home):
            self._refuse_when_closed()
            connection = self._take_idle() or self._connect()
            try:
                yield connection
            finally:
                if self._closing.is_set():
                    connection.close()
                else:
                    self._idle.append(connection)

    def _refuse_when_closed(self) -> None:
        if self._closing.is_set():
            raise RuntimeError("the store is closed")

    def _take_idle(self) -> sqlite3.Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=self._patience_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA cell_size_check = ON")
        except UnicodeDecodeError:  # in SQLite's complaint about a name that is none any more
            connection.close()
            raise schema.damaged("the names in it") from None
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Queue for the right to write, among our threads and then among processes."""
        deadline = time.monotonic() + self._patience_seconds
        if not self._writer.acquire(timeout=self._patience_seconds):
            raise locked(self.home)
        try:
            self._refuse_when_closed()
            self._lock_queue(deadline)
            try:
                yield
            finally:
                fcntl.flock(self._queue, fcntl.LOCK_UN)
        finally:
            self._writer.release()

    def _lock_queue(self, deadline: float) -> None:
        while not try_lock(self._queue):
            if time.monotonic() > deadline:
                raise locked(self.home)
            self._closing.wait(_TURN_SECONDS)
