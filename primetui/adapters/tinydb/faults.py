"""What disks and SQLite complain about, said in one line with what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from primetui.adapters.plain import shown
from primetui.errors import RepositoryError

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
MOVED: Final = "moved: "
"""How the refusal begins that a store is marked with whose documents were moved elsewhere."""
_PRIMARY_CODE: Final = 0xFF
"""SQLite's extended codes carry the primary one in their lowest byte."""

_NO_TEXT: Final = "Could not decode to UTF-8"
"""How Python complains of a text that is none, without a code of SQLite's."""

_MESSAGES: Final = {
    sqlite3.SQLITE_FULL: "There is no room left under {home}: free some space, then do it again. "
    "Nothing was half written.",
    sqlite3.SQLITE_BUSY: "Another program keeps the store in {home} locked: look for a suspended "
    "PrimeTUI, let it go on or end it, then do it again. Nothing was changed.",
    sqlite3.SQLITE_CORRUPT: "The store in {home} is damaged ({reason}): keep a copy of that folder "
    "as it is, then put your last backup in its place.",
    sqlite3.SQLITE_IOERR: "The disk under {home} fails ({reason}): check it, then do it again. "
    "Nothing was half written.",
    sqlite3.SQLITE_CANTOPEN: "PrimeTUI cannot use {home} ({reason}): make that folder yours "
    "to read and write, or choose another with --home. Nothing was changed.",
}
_SAME_AS: Final = {
    sqlite3.SQLITE_LOCKED: sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_PROTOCOL: sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_NOTADB: sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_READONLY: sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM: sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_AUTH: sqlite3.SQLITE_CANTOPEN,
}


@contextmanager
def sqlite_in_words(home: Path) -> Iterator[None]:
    """Turn SQLite's complaints about the file in `home` into a RepositoryError.

    Our own mistakes in using SQLite keep their type: they are bugs, not news for the merchant.
    """
    try:
        yield
    except sqlite3.Error as error:
        if str(error).startswith(MOVED):
            raise RepositoryError(shown(str(error).removeprefix(MOVED))) from None
        code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
        if str(error).startswith(_NO_TEXT):
            code = sqlite3.SQLITE_CORRUPT
        message = _MESSAGES.get(_SAME_AS.get(code, code))
        if message is None:
            raise
        raise RepositoryError(message.format(home=shown(home), reason=shown(error))) from error


@contextmanager
def disk_in_words(home: Path) -> Iterator[None]:
    """Turn the system's complaints about files under `home` into a RepositoryError."""
    try:
        yield
    except OSError as error:
        code = sqlite3.SQLITE_FULL if error.errno in _NO_ROOM else sqlite3.SQLITE_CANTOPEN
        if error.errno == errno.EIO:
            code = sqlite3.SQLITE_IOERR
        reason = error.strerror or type(error).__name__
        message = _MESSAGES[code].format(home=shown(home), reason=shown(reason))
        raise RepositoryError(message) from error


def locked(home: Path) -> RepositoryError:
    """Make the error for a lock nobody gives back."""
    return RepositoryError(_MESSAGES[sqlite3.SQLITE_BUSY].format(home=shown(home)))
