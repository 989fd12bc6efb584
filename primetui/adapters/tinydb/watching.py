"""An eye on a store file: SQLite tells each connection cheaply that another has committed."""

import sqlite3
import time
from pathlib import Path
from threading import Event
from typing import Final

from primetui.adapters.tinydb.faults import sqlite_in_words

_LOOK_SECONDS: Final = 0.03
"""How often to look. A look costs some microseconds and reads no document."""


class StoreWatch:
    """Waits for commits by any connection of any process but its own one, which only looks.

    Args:
        connection: lent to the watch alone.
        closing: set when the store is closed.
        home: named when the file cannot be read.
    """

    def __init__(self, connection: sqlite3.Connection, closing: Event, home: Path) -> None:
        self._connection = connection
        self._closing = closing
        self._home = home
        self._version = self._ask("PRAGMA data_version")
        self._revision = self._ask("SELECT rev FROM meta")

    def wait(self, seconds: float) -> bool:
        """Wait until anybody has changed a document, at most so many seconds."""
        deadline = time.monotonic() + seconds
        while not self._closing.is_set():
            if self._has_changed():
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._closing.wait(min(left, _LOOK_SECONDS))
        raise RuntimeError("the store is closed")

    def _has_changed(self) -> bool:
        """Look; tidying up the file is a commit too, but leaves the revision as it was."""
        before = self._version, self._revision
        self._version = self._ask("PRAGMA data_version")
        if self._version != before[0]:
            self._revision = self._ask("SELECT rev FROM meta")
        return self._revision != before[1]

    def _ask(self, question: str) -> int:
        with sqlite_in_words(self._home):
            (answer,) = self._connection.execute(question).fetchone()
        return int(answer)
