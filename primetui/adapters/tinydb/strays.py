"""What lies about in a home: files nobody needs, locks of the dead, permissions too wide."""

import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from primetui.adapters.documents.check import Referred
from primetui.adapters.home import PRIVATE, modes_in
from primetui.adapters.plain import shown
from primetui.adapters.tinydb.backup import SETTINGS
from primetui.adapters.tinydb.engine import STORE_FILE
from primetui.adapters.tinydb.faults import disk_in_words
from primetui.adapters.tinydb.locks import FOLDER as LOCKS
from primetui.adapters.tinydb.papers import FOLDER, SEALED, WORKSHOP
from primetui.adapters.tinydb.private import try_lock
from primetui.adapters.tinydb.seats import FOLDER as SEATS

LARGE_LOG_BYTES: Final = 64 * 1024 * 1024
"""SQLite's log folds itself in at 4 MB; where it is this long somebody reads without end."""


def strays(home: Path, referred: Referred) -> Iterator[str]:
    """Say what lies about, in a sentence each."""
    with disk_in_words(home):
        yield from _files(home, referred)
        yield from _locks(home)
        yield from _leftovers(home)
        yield from _log(home)


def too_open(home: Path) -> Iterator[str]:
    """Name what in a home others can read: its owner or its group alone may.

    The settings are written with an editor, which knows nothing of this: the folder guards them.
    """
    private = modes_in(home) is PRIVATE
    strangers = stat.S_IRWXO | (stat.S_IRWXG if private else 0)
    with disk_in_words(home):
        for path in (home, *home.rglob("*")):
            mode = path.lstat().st_mode
            if mode & strangers and not stat.S_ISLNK(mode) and path != home / SETTINGS:
                taken = "go-rwx" if private else "o-rwx"
                yield f"{shown(path)} can be read by others: chmod {taken} {shown(path)}"


def _files(home: Path, referred: Referred) -> Iterator[str]:
    """Name the label files that no label names."""
    sealed = {f"{_folder(order_id)}/{name}{SEALED}" for order_id, name in referred}
    known = sealed | {name for _, name in referred}
    labels = home / FOLDER
    for path in sorted(labels.rglob("*")):
        name = str(path.relative_to(labels))
        if path.is_file() and name not in known and not name.startswith(f"{WORKSHOP}/"):
            yield f"The label file {shown(name)} belongs to no label."


def _folder(order_id: str) -> str:
    return sha256(order_id.encode("utf-8", "surrogatepass")).hexdigest()


def _locks(home: Path) -> Iterator[str]:
    """Count the lock files whose process is gone: the kernel has let go of them long ago."""
    for folder, what in ((LOCKS, "lease"), (SEATS, "seat")):
        dead = sum(_is_free(path) for path in (home / folder).glob("*"))
        if dead:
            yield f"{dead} {what}{'s' if dead > 1 else ''} of a process that was killed."


def _is_free(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return try_lock(file.fileno())
    except OSError:
        return False  # gone meanwhile, or not ours to look at


def _leftovers(home: Path) -> Iterator[str]:
    """Name what a killed backup or restore left."""
    left = [*home.glob(".backup-*"), *home.parent.glob(f".{home.name}.restoring-*")]
    for path in sorted(left):
        yield f"{shown(path)} is of a backup or restore under way, or of one that was killed."


def _log(home: Path) -> Iterator[str]:
    log = home / f"{STORE_FILE}-wal"
    if log.exists() and log.stat().st_size > LARGE_LOG_BYTES:
        size = log.stat().st_size // (1024 * 1024)
        yield f"SQLite's log has grown to {size} MB: end what has been reading for long."
