"""Leases: one operator at a time per order, freed by the kernel when their process dies."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from primetui.adapters.home import make_folder
from primetui.adapters.plain import shown
from primetui.adapters.tinydb.faults import disk_in_words
from primetui.adapters.tinydb.private import make_new, try_lock
from primetui.errors import Busy

FOLDER: Final = "locks"
_LONGEST: Final = 1000
"""Bytes read of who holds a lease: a name and a time, not a novel."""


class Leases:
    """Locked files, one per order being bought; a file's name is the hash of the order's id.

    Args:
        home: the folder of the store; locks lie in a folder of their own inside.
        now: tells the time that is shown to whoever comes second.
    """

    def __init__(self, home: Path, now: Callable[[], datetime]) -> None:
        self._home = home
        self._folder = home / FOLDER
        self._now = now

    @contextmanager
    def hold(self, order_id: str, holder: str) -> Iterator[None]:
        """Hold an order; raises Busy with the holder's name and since when."""
        name = sha256(order_id.encode("utf-8", "surrogatepass")).hexdigest()
        path = self._folder / name
        with disk_in_words(self._home):
            make_folder(self._folder)
            descriptor = _lock(path)
        try:
            with disk_in_words(self._home):
                _sign(descriptor, holder, self._now())
            yield
        finally:
            # Removed while still locked: whoever opened the old file sees that it is gone.
            # Should it stay, it is in nobody's way: the lock is the kernel's.
            with suppress(OSError):
                path.unlink()
            os.close(descriptor)


def is_there(path: Path, descriptor: int) -> bool:
    """Tell whether an open file still bears its name: whoever held it before may have removed it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _lock(path: Path) -> int:
    """Open and lock the file that bears this name now; its predecessor may have been removed."""
    while True:
        descriptor = _open(path)
        locked = try_lock(descriptor)
        if locked and is_there(path, descriptor):
            return descriptor
        busy = None if locked else _busy(descriptor)
        os.close(descriptor)
        if busy is not None:
            raise busy


def _open(path: Path) -> int:
    """Open a lock file, made or found; what another's death left may be gone a moment later."""
    while True:
        with suppress(FileExistsError):
            return make_new(path)
        with suppress(FileNotFoundError):
            return os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)


def _sign(descriptor: int, holder: str, since: datetime) -> None:
    os.ftruncate(descriptor, 0)
    text = json.dumps({"holder": holder, "since": f"{since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"})
    os.pwrite(descriptor, text.encode(), 0)


def _busy(descriptor: int) -> Busy:
    """Read who holds the lease; the file may be in the making, and then it is somebody."""
    try:
        signed = json.loads(os.pread(descriptor, _LONGEST, 0))
        return Busy(shown(signed["holder"]), shown(signed["since"]))
    except (ValueError, KeyError, TypeError):
        return Busy("another operator", "a moment ago")
