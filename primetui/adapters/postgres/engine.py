"""The document engine over PostgreSQL: one writer at a time, any number of readers.

The contract is strict serialisability. A writer locks `meta` before it takes its first look, so
that revisions are commits in their order, and what it reads nobody changes; the server still
watches over it at SERIALIZABLE, and what it will not let pass is run once more. Readers look at
one moment and wait for nobody.

A lost answer to a COMMIT is the one thing a client cannot know. Each transaction that writes
leaves its mark, a random number, in `meta`: after a lost answer the mark is looked for, behind
the lock that the lost transaction held, and then it is known.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Final, TypeVar

import psycopg

from primetui.adapters.postgres.address import Address
from primetui.adapters.postgres.connections import Connection, Connections
from primetui.adapters.postgres.faults import Again, in_doubt, is_lost, postgres_in_words
from primetui.adapters.postgres.rows import Snapshot, Transaction
from primetui.adapters.postgres.schema import CHANNEL, REMEMBERED, Layout, shape
from primetui.adapters.postgres.watching import ChangeWatch, watching
from primetui.errors import RepositoryError

_BEGIN: Final = "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE meta IN EXCLUSIVE MODE"
_COMMIT: Final = f"NOTIFY {CHANNEL}, '{{}}'; COMMIT"
_LOOK: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_ASK: Final = "BEGIN; LOCK TABLE meta IN SHARE MODE"
_FREE: Final = (
    "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'doc'::regclass",
    """SELECT NOT EXISTS(SELECT FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND
    backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid())""",
)
"""Whether this user may tidy up, and whether nobody still looks at an older moment."""
_TRIES: Final = 20
"""How often a change is run: with writers in a queue, the second time is rare already."""
PATIENCE_SECONDS: Final = 30.0
"""How long a writer queues: a transaction lasts milliseconds, so the holder must be suspended."""
_RECALL_SECONDS: Final = 10.0
"""How long to ask a server that is coming back what became of a change."""
_PAUSE_SECONDS: Final = 0.1

Answer = TypeVar("Answer")
Guard = Callable[[Transaction], None]
"""What must hold for a thread to write; raises where it does not."""


class _NotKept(Exception):
    """The connection was lost, and nothing was kept."""


class PostgresEngine:
    """A database that any number of threads, processes and machines read and write.

    Args:
        address: where it is.
        layout: the tables with their indexes.
        patience_seconds: how long to queue behind another writer, or to ask a server that went
            away what became of a change, before saying so.

    Opening raises a RepositoryError when it cannot be reached, or a newer PrimeTUI shaped it.
    """

    def __init__(
        self, address: Address, layout: Layout, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self.name = address.name
        self.layout = layout
        self.connections = Connections(address, patience_seconds)
        self._recall_seconds = min(patience_seconds, _RECALL_SECONDS)
        self._closing = threading.Event()
        self._mine = threading.local()
        try:
            with postgres_in_words(self.name), self.connections.borrowed() as connection:
                shape(connection, layout, self.name)
        except BaseException:
            self.close()
            raise

    def transact(self, work: Callable[[Transaction], Answer]) -> Answer:
        """Run reads and writes alone, all or nothing, safe on the server's disk on return.

        `work` may be run again, so it does nothing but read and write documents. Inside a
        transaction of the same thread it becomes part of that one.
        """
        if (current := self._current()) is not None:
            return work(current)
        for left in range(_TRIES - 1, -1, -1):
            try:
                with postgres_in_words(self.name), self.connections.borrowed() as connection:
                    return self._attempt(connection, work)
            except (*Again, _NotKept) as error:
                if not left:
                    raise RepositoryError(
                        f"The store in {self.name} did not take a change in {_TRIES} attempts "
                        f"({type(error).__name__}). Nothing was changed: do it again."
                    ) from error
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Hold one moment of the store for several reads; inside a transaction, see its writes."""
        if (current := self._current()) is not None:
            yield current
            return
        with postgres_in_words(self.name), self.connections.borrowed() as connection:
            connection.execute(_LOOK)
            try:
                yield Snapshot(connection, self.layout)
            finally:
                _end(connection)

    @contextmanager
    def guarded(self, guard: Guard) -> Iterator[None]:
        """Let this thread write only while `guard`, asked inside each transaction, lets it."""
        guards = self._guards()
        guards.append(guard)
        try:
            yield
        finally:
            guards.remove(guard)

    def complaints(self) -> tuple[str, ...]:
        """Ask the server what is wrong with the database's pages; none when all is well."""
        with self.snapshot() as now:
            ahead = now.execute("SELECT count(*) FROM doc WHERE rev > (SELECT rev FROM meta)")
            broken = now.execute(
                "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database "
                "WHERE datname = current_database()"
            )
        found = (
            (ahead, "documents are newer than the store's revision: it is not one whole backup"),
            (broken, "pages did not fit their checksums: look into the server's log"),
        )
        return tuple(f"{rows[0][0]} {what}." for rows, what in found if rows and rows[0][0])

    def watch(self) -> AbstractContextManager[ChangeWatch]:
        """Keep an eye on the documents, whoever writes."""
        return watching(self.connections, self._closing)

    def scrub(self, *, rewrite: bool = False) -> bool:
        """Free the room of what was removed, and with `rewrite` write every table anew.

        False while somebody reads an older moment. Only the tables' owner may tidy up: for
        everybody else the server does it by and by.
        """
        with postgres_in_words(self.name), self.connections.borrowed() as connection:
            may, free = (bool((connection.execute(ask).fetchone() or [0])[0]) for ask in _FREE)
            if may:
                connection.execute(f"VACUUM {'(FULL) ' if rewrite else ''}doc, grid, paper")
        return free

    def close(self) -> None:
        """Close every connection; harmless when done twice."""
        self._closing.set()
        self.connections.close()

    def _current(self) -> Transaction | None:
        return getattr(self._mine, "transaction", None)

    def _guards(self) -> list[Guard]:
        if not hasattr(self._mine, "guards"):
            self._mine.guards = []
        guards: list[Guard] = self._mine.guards
        return guards

    def _attempt(self, connection: Connection, work: Callable[[Transaction], Answer]) -> Answer:
        transaction = Transaction(connection, self.layout)
        self._mine.transaction = transaction
        try:
            connection.execute(_BEGIN)
            for guard in self._guards():
                guard(transaction)
            answer = work(transaction)
        except BaseException:
            _end(connection)
            raise
        finally:
            self._mine.transaction = None
        self._commit(connection, transaction)
        return answer

    def _commit(self, connection: Connection, transaction: Transaction) -> None:
        """Commit; where the answer is lost, find out, and say so where that is not possible."""
        if not transaction.written:
            _end(connection)
            return
        try:
            connection.execute(_COMMIT.format(transaction.written))
        except psycopg.Error as error:
            if not is_lost(connection):
                _end(connection)
                raise
            if not self._was_kept(transaction):
                raise _NotKept from error

    def _was_kept(self, transaction: Transaction) -> bool:
        """Look for the mark of a transaction whose answer was lost, as soon as the server is back.

        The lock waits for the lost transaction's own end, should the server still be at it.
        """
        deadline = time.monotonic() + self._recall_seconds
        pause = threading.Event()
        while True:
            try:
                with self.connections.borrowed() as connection:
                    return self._recall(connection, transaction)
            except psycopg.Error:
                if time.monotonic() > deadline:
                    raise in_doubt(self.name) from None
                pause.wait(_PAUSE_SECONDS)

    def _recall(self, connection: Connection, transaction: Transaction) -> bool:
        connection.execute(_ASK)
        try:
            row = connection.execute(
                "SELECT %s = ANY(marks), rev FROM meta", (transaction.mark,)
            ).fetchone()
        finally:
            _end(connection)
        kept, revision = row if row is not None else (False, 0)
        if not kept and revision >= transaction.written + REMEMBERED:
            raise in_doubt(self.name)  # so many came after it that its mark may be forgotten
        return bool(kept)


def _end(connection: Connection) -> None:
    """End a transaction that has nothing to keep; a connection that is gone ended it itself."""
    if not is_lost(connection):
        with suppress(psycopg.OperationalError):
            connection.execute("ROLLBACK")
