"""Which kind of disk a folder is on: SQLite's log needs one of this machine, not of a network."""

from pathlib import Path
from typing import Final

from primetui.adapters.plain import shown
from primetui.errors import ConfigError

MOUNTS: Final = Path("/proc/self/mountinfo")
_NETWORK: Final = ("nfs", "cifs", "smb", "afs", "ncp", "9p2000", "fuse.sshfs", "fuse.gluster")
"""How the names of network file systems begin, where Linux lists them."""


def refuse_network_disk(home: Path, mounts: Path = MOUNTS) -> None:
    """Refuse a home on a network disk: its machines would not see each other's locks and logs."""
    kind = disk_kind(home, mounts)
    if kind.startswith(_NETWORK):
        raise ConfigError(
            f"{shown(home)} is on a network disk ({shown(kind)}), which cannot hold the documents "
            "safely: choose a folder of this machine with --home, or keep them in PostgreSQL "
            "with PRIMETUI_DATABASE. Nothing was made."
        )


def disk_kind(folder: Path, mounts: Path = MOUNTS) -> str:
    """Name the file system a folder is on, or is to be on; "" where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    place = folder.resolve()
    kind, longest = "", -1
    for line in lines:
        # Numbers, a root, the mount point (its blanks in octal), options, a dash, the kind of disk.
        before, _, after = line.partition(" - ")
        point = Path(_spelled(before.split()[4]))
        if place.is_relative_to(point) and len(point.parts) >= longest:
            kind, longest = after.split()[0], len(point.parts)
    return kind


def _spelled(octal: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        octal = octal.replace(code, character)
    return octal
