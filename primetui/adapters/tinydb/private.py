"""Folders and files that nobody but their owner may read, safe on disk when a call returns."""

import errno
import fcntl
import os
import secrets
from pathlib import Path
from typing import Final

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
PARTIAL: Final = ".partial"
"""How the name of a file ends while it is being written."""
ABANDONED_SECONDS: Final = 3600
"""No label takes an hour to write: a partial file this old has no writer any more."""


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents, closed to everybody else whatever the umask."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(mode=FOLDER_MODE)
    except FileExistsError:
        if folder.is_dir():
            return  # another process was first
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
    folder.chmod(FOLDER_MODE)
    sync_folder(folder.parent)


def make_file(path: Path) -> None:
    """Make an empty file, unless it is there."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, FILE_MODE)
    except FileExistsError:
        return
    try:
        os.fchmod(descriptor, FILE_MODE)
    finally:
        os.close(descriptor)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names inside a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(path: Path, content: bytes) -> None:
    """Put a whole file in place: after a crash it is there whole, or not at all."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(8)}{PARTIAL}")
    descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(descriptor, FILE_MODE)
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sweep_partials(folder: Path, *, now: float) -> int:
    """Remove what killed writers left half written over an hour ago; say how many there were.

    `now` is in seconds since 1970, the clock of file times.
    """
    left = [p for p in folder.glob(f"*{PARTIAL}") if now - p.lstat().st_mtime > ABANDONED_SECONDS]
    for partial in left:
        partial.unlink(missing_ok=True)
    return len(left)


def try_lock(descriptor: int) -> bool:
    """Take the kernel's lock of an open file unless somebody has it; the kernel frees the dead's."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
