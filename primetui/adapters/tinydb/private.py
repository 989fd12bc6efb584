"""Files for nobody but a home's people, safe on disk when a call returns."""

import fcntl
import os
import secrets
import time
from pathlib import Path
from typing import Final

from primetui.adapters.home import modes_in, sync_folder

ABANDONED_SECONDS: Final = 3600
"""No label takes an hour to write: a partial file this old has no writer any more."""


def make_file(path: Path) -> None:
    """Make an empty file, unless it is there."""
    try:
        descriptor = make_new(path)
    except FileExistsError:
        return
    os.close(descriptor)
    sync_folder(path.parent)


def make_new(path: Path) -> int:
    """Open a file that is not there yet, as closed as its folder whatever the umask."""
    mode = modes_in(path.parent).file
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, mode)
    os.fchmod(descriptor, mode)
    return descriptor


def write_file(path: Path, content: bytes, workshop: Path) -> None:
    """Put a whole file in place: after a crash it is there whole, or not at all.

    It is made in `workshop`, a folder on the same disk, and moved once it is complete.
    """
    partial = workshop / secrets.token_hex(16)
    descriptor = make_new(partial)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sweep(workshop: Path) -> None:
    """Remove what killed writers left half written over an hour ago: it may name a person."""
    for partial in workshop.glob("*"):
        try:
            age_seconds = time.time() - partial.lstat().st_mtime
        except FileNotFoundError:
            continue  # its writer is alive and has just put it in place
        if age_seconds > ABANDONED_SECONDS:
            partial.unlink(missing_ok=True)


def try_lock(descriptor: int) -> bool:
    """Take the kernel's lock of an open file unless somebody has it; the kernel frees the dead's."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
