"""What PostgreSQL complains about, said in one line with what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg import errors

from primetui.adapters.plain import shown
from primetui.errors import RepositoryError

Again = (errors.SerializationFailure, errors.DeadlockDetected)
"""The server asks to run the transaction once more: two of them were in each other's way."""

MOVED_STATE: Final = "PTM01"
"""The code of our own refusal, in the database itself, of changes to documents that were moved."""

_AWAY: Final = (
    "{name} is not to be reached just now ({reason}): see that the server runs, then do it again. "
    "Nothing was changed."
)
_MESSAGES: Final = {
    "28": "{name} does not let PrimeTUI in ({reason}): look at user and password in the database "
    "setting or in PGPASSFILE.",
    "3D": "There is no such database ({reason}): make it with createdb, encoding UTF8.",
    "42501": "{name}: PrimeTUI's user has no right to do this ({reason}): let the database's owner "
    "run PrimeTUI once, or grant it the schema primetui. Nothing was changed.",
    "25006": "{name} can only be read just now ({reason}): give the address of the server that "
    "takes writes. Nothing was changed.",
    "25P03": "{name} gave up a change that took too long. Nothing was changed: do it again.",
    "55P03": "Another program keeps {name} locked: look for a suspended PrimeTUI, let it go on or "
    "end it, then do it again. Nothing was changed.",
    "53300": "{name} has no connection left ({reason}): close some programs or raise its "
    "max_connections. Nothing was changed.",
    "53": "{name} has run out of room ({reason}): free some of the server's disk or memory, then "
    "do it again. Nothing was half written.",
    "XX": "{name} is damaged ({reason}): keep a copy of its server's files as they are, then "
    "restore your last backup.",
    "58": "The disk under {name} fails ({reason}): check the server, then do it again. Nothing was "
    "half written.",
    "57": _AWAY,
    "08": _AWAY,
}
"""What to say, by the beginning of the server's code; the first that fits."""


@contextmanager
def postgres_in_words(name: str) -> Iterator[None]:
    """Turn PostgreSQL's complaints about the database `name` into a RepositoryError.

    Our own mistakes in using it keep their type: they are bugs, not news for the merchant.
    """
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate == MOVED_STATE:
            raise RepositoryError(shown(error.diag.message_primary)) from None
        message = _message(error)
        if message is None:
            raise
        raise RepositoryError(
            message.format(name=f"The store in {name}", reason=_reason(error))
        ) from None


def in_doubt(name: str) -> RepositoryError:
    """Make the error for a change whose answer was lost and cannot be asked for."""
    return RepositoryError(
        f"The store in {name} went away while a change was being kept, and does not say whether it "
        "was: either all of it is kept or nothing. Look at the order again once the server runs."
    )


def is_lost(connection: psycopg.Connection) -> bool:
    """Tell whether a connection has ended, so that what it was doing did not happen."""
    return connection.closed or connection.broken


def _message(error: psycopg.Error) -> str | None:
    if error.sqlstate is not None:
        return next(
            (_MESSAGES[code] for code in _MESSAGES if error.sqlstate.startswith(code)), None
        )
    # The client's own complaints carry no code: no server, no answer, no such user.
    return _AWAY if isinstance(error, psycopg.OperationalError) else None


def _reason(error: psycopg.Error) -> str:
    """Give the server's own words on one line; they name users and hosts, never a password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL:" in line or "failed:" in line]
    return shown((telling or lines or [type(error).__name__])[0])
