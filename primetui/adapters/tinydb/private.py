"""Folders and files that nobody but their owner may read, safe on disk when a call returns."""

import errno
import fcntl
import os
import secrets
import time
from pathlib import Path
from typing import Final

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
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


def write_file(path: Path, content: bytes, workshop: Path) -> None:
    """Put a whole file in place: after a crash it is there whole, or not at all.

    It is made in `workshop`, a folder on the same disk, and moved once it is complete.
    """
    partial = workshop / secrets.token_hex(16)
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
