"""The last revision that was acknowledged, kept outside the store: a witness of lost changes.

SQLite takes a log that was cut short, or whose checksums fail, for one that ends there. Then the
store is older than what was told to somebody; so is a copy of last week in its place.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final
from zlib import crc32

from primetui.adapters.plain import shown
from primetui.errors import RepositoryError

_LENGTH: Final = 40


def drop(descriptor: int, revision: int) -> None:
    """Write a revision down once it is on disk; the holder of the writers' lock does."""
    with suppress(OSError):  # the change itself is safe: it must not be told as one that failed
        os.pwrite(descriptor, _signed(revision), 0)


def read(descriptor: int) -> int:
    """Read the last revision that was written down; 0 where nothing can be read."""
    content = os.pread(descriptor, _LENGTH, 0)
    digits = content[:20]
    return int(digits) if digits.isdigit() and content == _signed(int(digits)) else 0


def weigh(home: Path, queue_file: str) -> None:
    """Forget what was acknowledged: for whoever puts an older store in place knowingly."""
    with (home / queue_file).open("r+b") as stream:
        stream.truncate(0)


def older(path: Path, revision: int, dropped: int) -> RepositoryError:
    """Make the error for a store that was newer once."""
    return RepositoryError(
        f"The store in {shown(path.parent)} has lost its last {dropped - revision} changes (it is "
        f"at {revision}, and was at {dropped}): its log was cut short, or an older copy is in its "
        "place. Put your last backup in its place with primetui db restore; to go on with what "
        f"is left, remove {shown(path)} and run: primetui reconcile. Nothing was changed."
    )


def _signed(revision: int) -> bytes:
    digits = f"{revision:020d}".encode()
    return b"%s %08x\n" % (digits, crc32(digits))
