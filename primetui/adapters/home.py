"""Who may look into a home: its owner alone, or one Unix group; the folder itself says which.

A home is 0700 with files of 0600, or, made for a group, 2770 with files of 0660, whatever the
umask. What is made inside follows the folder it is made in. A home that anybody else can read is
not opened.
"""

import errno
import grp
import os
import shlex
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from primetui.adapters.plain import shown
from primetui.errors import ConfigError

_OTHERS: Final = 0o007
_GROUP: Final = 0o070


class Modes(NamedTuple):
    """The permissions of what is made in a home."""

    folder: int
    file: int


PRIVATE: Final = Modes(folder=0o700, file=0o600)
SHARED: Final = Modes(folder=0o2770, file=0o660)


def modes_in(folder: Path) -> Modes:
    """Tell what permissions a folder's new files and folders get: a group's folder shares them."""
    mode = folder.stat().st_mode
    return SHARED if mode & stat.S_ISGID and mode & _GROUP == _GROUP else PRIVATE


def make_home(home: Path, group: str = "") -> None:
    """Make a home that is not there, for its owner or for a group; an OSError when it cannot be.

    One that is there stays as it is; when it is not that group's, a ConfigError says how to
    make it so.
    """
    if home.is_dir():
        if group:
            _refuse_other_group(home, group)
        return
    if group:
        _make_shared(home, _group_id(group))
    else:
        make_folder(home)


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents, as closed as the folder they are made in."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    _make(folder, modes_in(folder.parent).folder)


def refuse_lookers(home: Path, names: Iterable[str]) -> None:
    """Refuse a home that somebody else can read, itself or one of the named things in it."""
    stranger = _GROUP | _OTHERS if modes_in(home) is PRIVATE else _OTHERS
    for path in (home, *(home / name for name in names)):
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        if found.st_mode & stranger:
            taken = "go-rwx" if stranger & _GROUP else "o-rwx"
            raise ConfigError(
                f"{shown(path)} can be read by others. Run: "
                f"chmod -R {taken} {shown(shlex.quote(str(home)))}; if others had access to it, "
                "renew the secrets of every store."
            )


def refuse_special(paths: Iterable[Path]) -> None:
    """Refuse what is neither a file nor a folder: to open a pipe waits for ever."""
    for path in paths:
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            continue
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise ConfigError(
                f"{shown(path)} is no regular file: move it out of the way. Nothing was changed."
            )


def sync_folder(folder: Path) -> None:
    """Make the names inside a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make(folder: Path, mode: int) -> None:
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        if folder.is_dir():
            return  # another process was first
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
    folder.chmod(mode)
    sync_folder(folder.parent)


def _make_shared(folder: Path, group_id: int) -> None:
    """Make a folder and its missing parents for a group: its members must get through to it."""
    if folder.is_dir():
        return
    _make_shared(folder.parent, group_id)
    _make(folder, PRIVATE.folder)
    os.chown(folder, -1, group_id)
    folder.chmod(SHARED.folder)


def _group_id(group: str) -> int:
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        raise ConfigError(
            f"This system knows no group {shown(group)}: make it, or set PRIMETUI_GROUP to another."
        ) from None


def _refuse_other_group(home: Path, group: str) -> None:
    if modes_in(home) is SHARED and home.stat().st_gid == _group_id(group):
        return
    place, name = shlex.quote(str(home)), shlex.quote(group)
    raise ConfigError(
        f"{shown(home)} is not shared with the group {shown(group)}. Run: "
        f"chgrp -R {shown(name)} {shown(place)} && chmod -R u=rwX,g=rwX,o= {shown(place)} "
        f"&& find {shown(place)} -type d -exec chmod g+s {{}} +"
    )
