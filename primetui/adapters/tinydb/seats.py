"""Who is at work: a locked file for each seat, whose lock the kernel drops when its process dies."""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from primetui.adapters.home import make_folder
from primetui.adapters.tinydb.faults import disk_in_words
from primetui.adapters.tinydb.locks import is_there
from primetui.adapters.tinydb.private import make_new, try_lock
from primetui.domain.shipment import OrderId
from primetui.ports import Presence

FOLDER: Final = "seats"
_LONGEST: Final = 4000
"""Bytes read of a seat: a name, an order's id, a time."""
_LOOKS: Final = 3
"""A seat may be read while it is written, which takes a moment; not three times in a row."""
_PROCESS: Final = secrets.token_hex(8)
"""Tells this process from all others, on whatever side of a container's wall."""


class FileSeat:
    """A seat in the making or taken: an open, locked file."""

    def __init__(self, descriptor: int, operator: str, now: Callable[[], datetime]) -> None:
        self._descriptor = descriptor
        self._operator = operator
        self._now = now

    def at(self, order_id: OrderId | None) -> None:
        """Say which order the operator is on."""
        signed = {
            "operator": self._operator,
            "order_id": order_id,
            "since": self._now().isoformat(),
            "process": _PROCESS,
        }
        content = json.dumps(signed).encode()
        # Never empty in between: who reads meanwhile takes the first document and no more.
        os.pwrite(self._descriptor, content, 0)
        os.ftruncate(self._descriptor, len(content))


class Seats:
    """The seats of a home, in a folder of their own.

    Args:
        home: the folder of the store.
        now: tells since when an operator is on an order.
    """

    def __init__(self, home: Path, now: Callable[[], datetime]) -> None:
        self._home = home
        self._folder = home / FOLDER
        self._now = now

    @contextmanager
    def take(self, operator: str) -> Iterator[FileSeat]:
        """Sit down, on no order yet, until the block or the process ends."""
        with disk_in_words(self._home):
            make_folder(self._folder)
            path, descriptor = self._locked()
            seat = FileSeat(descriptor, operator, self._now)
        try:
            with disk_in_words(self._home):
                seat.at(None)
            yield seat
        finally:
            with suppress(OSError):
                path.unlink()
            os.close(descriptor)

    def present(self) -> tuple[Presence, ...]:
        """Name who is at work, and sweep the seats of the dead."""
        with disk_in_words(self._home):
            paths = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
            found = [seen for path in paths if (seen := _look(path)) is not None]
        return tuple(sorted(found, key=lambda seen: (seen.operator, seen.since)))

    def _locked(self) -> tuple[Path, int]:
        """Make a file and lock it; one that was swept before it was locked is made anew."""
        while True:
            path = self._folder / secrets.token_hex(8)
            descriptor = make_new(path)
            if try_lock(descriptor) and is_there(path, descriptor):
                return path, descriptor
            os.close(descriptor)


def _look(path: Path) -> Presence | None:
    """Read a seat; None when nobody sits there any more."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if _is_free(descriptor):
            path.unlink(missing_ok=True)
            return None
        return _read(descriptor)
    finally:
        os.close(descriptor)


def _is_free(descriptor: int) -> bool:
    """Tell whether a seat's process is gone; two may ask at once and get the same answer."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(descriptor: int) -> Presence | None:
    for _ in range(_LOOKS):
        with suppress(ValueError, KeyError, TypeError):
            text = os.pread(descriptor, _LONGEST, 0).decode()
            signed: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
            return Presence(
                operator=str(signed["operator"]),
                order_id=None if signed["order_id"] is None else OrderId(signed["order_id"]),
                since=datetime.fromisoformat(signed["since"]),
                here=signed["process"] == _PROCESS,
            )
    return None
