"""Restoring: another home is made beside this one, and takes its place when it is whole."""

import ctypes
import errno
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from primetui.adapters.documents.kinds import KEYS, ORDERS
from primetui.adapters.documents.vault import MasterKey
from primetui.adapters.home import PRIVATE, make_home, modes_in, sync_folder
from primetui.adapters.plain import shown
from primetui.adapters.tinydb.backup import MANIFEST, Manifest, members, read_manifest, unpack
from primetui.adapters.tinydb.carrying import carry_purchases
from primetui.adapters.tinydb.engine import STORE_FILE
from primetui.adapters.tinydb.faults import disk_in_words
from primetui.adapters.tinydb.occupancy import alone
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError, RepositoryError

_CARRIED: Final = ("settings.toml", "secrets.json", "smtp.password", "logs")
"""What no restore takes back: it is not about orders, and newer here than in any backup."""
_EXCHANGE: Final = 2
"""renameat2: the two names change places in one step."""
_HERE: Final = -100
"""Paths are as they are."""


class Replacing:
    """A folder that is to be the home, and where the home it replaces will be kept.

    Args:
        home: the home there is.
        now: names the place where it will be kept.
    """

    def __init__(self, home: Path, now: datetime) -> None:
        self._home = home
        self.folder = home.with_name(f".{home.name}.restoring-{secrets.token_hex(8)}")
        self.aside = home.with_name(f"{home.name}.before-{now:%Y%m%dT%H%M%S.%fZ}")

    def unpack(self, file: Path, keys: tuple[MasterKey, ...]) -> Manifest:
        """Unpack a backup; one that is not whole is a RepositoryError."""
        found = b""
        names: set[str] = set()
        for name, part in members(file, keys):
            if name == MANIFEST:
                found = part.read()
            else:
                unpack(name, part, self.folder)
            names.add(name)
        if not found or STORE_FILE not in names:
            raise RepositoryError("The backup holds no store: take another one.")
        return read_manifest(found)

    def forgotten_since(self) -> tuple[OrderId, ...] | None:
        """Name the orders whose buyer this home has forgotten since the backup was made.

        Their orders are here and their keys only in the backup; a home that never had the order
        forgot nobody. None when it cannot tell: a home may be restored because it is damaged.
        """
        store = self._home / STORE_FILE
        if not store.exists() or not store.stat().st_size:
            return ()
        try:
            known = _ids(self.folder / STORE_FILE, KEYS)
            return tuple(sorted((known & _ids(store, ORDERS)) - _ids(store, KEYS)))
        except sqlite3.Error:
            return None

    def carry_purchases(self) -> None:
        """Take along what was bought since the backup, as far as this home can be read (R21)."""
        carry_purchases(self._home, self.folder)

    def carry_over(self) -> None:
        """Take along what is not in a backup, or newer in this home: credentials, settings, logs."""
        for name in _CARRIED:
            old, new = self._home / name, self.folder / name
            if old.is_dir():
                shutil.copytree(old, new, dirs_exist_ok=True)
                new.chmod(old.stat().st_mode & 0o7777)
            elif old.exists():
                shutil.copy2(old, new)

    def take_place(self) -> None:
        """Let the folder and the home change places, and put the home that was aside."""
        _exchange(self.folder, self._home)
        self.folder.rename(self.aside)
        sync_folder(self._home.parent)


@contextmanager
def replacing(home: Path, now: datetime) -> Iterator[Replacing]:
    """Have a home to oneself, and a folder beside it; on any error only the folder goes."""
    with disk_in_words(home):
        _refuse_mount(home)
        make_home(home)
        with alone(home):
            made = Replacing(home, now)
            _make_like(home, made.folder)
            try:
                yield made
            finally:
                if made.folder.exists():
                    shutil.rmtree(made.folder)


def _ids(store: Path, table: str) -> set[OrderId]:
    """Name the orders that a table of a store has a document of, in whatever layout it is."""
    with closing(sqlite3.connect(store)) as connection:
        query = "SELECT id FROM doc WHERE tbl = ? AND body IS NOT NULL"
        return {OrderId(id_) for (id_,) in connection.execute(query, (table,))}


def _make_like(home: Path, folder: Path) -> None:
    modes = modes_in(home)
    folder.mkdir(mode=PRIVATE.folder)
    os.chown(folder, -1, home.stat().st_gid)
    folder.chmod(modes.folder)


def _refuse_mount(home: Path) -> None:
    """Refuse a home that cannot be renamed: a disk of its own, or a name that only points to it."""
    if home.is_symlink() or os.path.ismount(home):
        raise ConfigError(
            f"{shown(home)} is a link or a disk of its own, which nothing can take the place of: "
            "restore to another folder with --home, and work there. Nothing was changed."
        )


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change names: in one step where the system can, else in two."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        paths = os.fsencode(one), os.fsencode(other)
        if not libc.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE):
            return
        if ctypes.get_errno() not in {errno.ENOSYS, errno.EINVAL}:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    exchange_by_turns(one, other)


def exchange_by_turns(one: Path, other: Path) -> None:
    """Let two folders change names on a system that cannot do it at once.

    Stopped in between, `other` is gone and stands beside `one` under a name that says so.
    """
    between = one.with_name(f"{one.name}.between")
    other.rename(between)
    try:
        one.rename(other)
    except OSError:
        between.rename(other)
        raise
    between.rename(one)
