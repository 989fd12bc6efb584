"""Who has a home open: everybody at once, or one alone who is about to put another in its place."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from primetui.adapters.plain import shown
from primetui.adapters.tinydb.private import make_file
from primetui.errors import RepositoryError

OPEN_FILE: Final = "open.lock"


def occupy(home: Path) -> int:
    """Have a home open beside others, until the descriptor is closed or the process dies.

    It comes before anything in the home is opened for good: whoever is let in afterwards finds
    the home that is to stay.
    """
    descriptor = _lock(home, fcntl.LOCK_SH)
    if descriptor is None:
        raise RepositoryError(f"A backup is being restored to {shown(home)}: wait until it is.")
    return descriptor


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Have a home to oneself; a RepositoryError says so when anybody has it open."""
    descriptor = _lock(home, fcntl.LOCK_EX)
    if descriptor is None:
        raise RepositoryError(
            f"Somebody has {shown(home)} open: end every console, worker and command on it, then "
            "restore again. Nothing was changed."
        )
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(home: Path, kind: int) -> int | None:
    """Open and lock the file that bears the name now; None when others hold it."""
    path = home / OPEN_FILE
    while True:
        make_file(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        if os.path.samestat(path.stat(), os.fstat(descriptor)):
            return descriptor
        os.close(descriptor)  # another home took the place of this one just now
