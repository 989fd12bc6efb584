"""The log: what was done on a home, by whom and with what verdict; no person, no secret.

One JSON object a line, in ASCII: nothing in it is obeyed by a terminal. Any number of processes
write to it. A file that is full is put aside under the moment it was; those are dropped when
there are more than enough *and* they are older than a log must be kept.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from primetui.adapters.home import make_folder, modes_in
from primetui.adapters.plain import shown
from primetui.errors import RepositoryError
from primetui.ports import Clock

FOLDER: Final = "logs"
FILE: Final = "primetui.log"
_LOCK: Final = ".lock"
_STAMP: Final = "%Y%m%dT%H%M%S.%fZ"
_LONGEST: Final = 500
"""Letters of one fact: a log is no place for a page."""

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Room:
    """How much a log may hold."""

    file_bytes: int
    """A file that reaches this is put aside."""
    files: int
    """Files put aside that are kept whatever their age."""
    kept: timedelta
    """How long they are kept whatever their number."""


class FileLog:
    """The log of one home.

    Args:
        home: the folder; the log lies in one of its own inside, open to the same people.
        clock: tells when something was done.
        room: how much is kept.
    """

    def __init__(self, home: Path, clock: Clock, room: Room) -> None:
        self._folder = home / FOLDER
        self._clock = clock
        self._room = room

    def write(self, event: str, by: str, **facts: Fact) -> None:
        """Add a line; raises RepositoryError when it cannot be written."""
        now = self._clock.now().astimezone(UTC)
        at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = _line({"at": at, "event": event, "by": by, "pid": os.getpid(), **facts})
        try:
            make_folder(self._folder)
            with self._alone():
                self._make_room(len(line), now)
                self._append(line)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise RepositoryError(f"The log in {shown(self._folder)} fails: {why}.") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep others from putting a file aside while a line is written to it."""
        lock = self._open(self._folder / _LOCK, os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _append(self, line: bytes) -> None:
        log = self._open(self._folder / FILE, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(log, line)
        finally:
            os.close(log)

    def _open(self, path: Path, flags: int) -> int:
        """Open a file, made for the home's people whatever the umask."""
        mode = modes_in(self._folder).file
        opened = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
        found = os.fstat(opened)
        if found.st_uid == os.geteuid() and found.st_mode & 0o777 != mode:
            os.fchmod(opened, mode)
        return opened

    def _make_room(self, bytes_: int, now: datetime) -> None:
        """Put a file aside that is full, and drop what need not be kept any more."""
        log = self._folder / FILE
        if not log.exists() or log.stat().st_size + bytes_ <= self._room.file_bytes:
            return
        aside = self._folder / f"primetui-{now.strftime(_STAMP)}.log"
        while aside.exists():
            now += timedelta(microseconds=1)
            aside = self._folder / f"primetui-{now.strftime(_STAMP)}.log"
        log.rename(aside)
        oldest = f"primetui-{(now - self._room.kept).strftime(_STAMP)}.log"
        spare = sorted(self._folder.glob("primetui-*.log"))[: -self._room.files]
        for old in spare:
            if old.name < oldest:
                old.unlink()


def _line(facts: dict[str, Fact]) -> bytes:
    short = {
        name: fact[:_LONGEST] if isinstance(fact, str) else fact for name, fact in facts.items()
    }
    text = json.dumps(short, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("\x7f", "\\u007f").encode("ascii") + b"\n"
