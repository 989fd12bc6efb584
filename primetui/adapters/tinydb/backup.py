"""Back-ups: the documents of one moment with their label files, sealed, in one file.

Inside the seal: what it is, the store file, the settings, the label files. The credentials are
not in it, and neither is the key: whoever steals a backup has nothing.
"""

import io
import json
import os
import re
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final

from primetui.adapters.documents.archive import Opener, Part, Sealer, is_archive, parts, put_part
from primetui.adapters.documents.vault import MasterKey
from primetui.adapters.home import make_folder, sync_folder
from primetui.adapters.plain import shown
from primetui.adapters.tinydb.engine import STORE_FILE
from primetui.adapters.tinydb.faults import disk_in_words, sqlite_in_words
from primetui.adapters.tinydb.papers import FOLDER
from primetui.adapters.tinydb.private import make_file, make_new
from primetui.errors import ConfigError, RepositoryError

MANIFEST: Final = "manifest.json"
SETTINGS: Final = "settings.toml"
_WORKSHOP: Final = ".backup-"
_LABEL: Final = r"labels/([0-9a-f]{64}/)?[0-9a-f]{64}\.[a-z]{1,8}(\.sealed)?"
_KNOWN: Final = re.compile(rf"(manifest\.json|primetui\.db|settings\.toml|{_LABEL})\Z")
"""What is in a backup: nothing else is ever unpacked."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    made_at: datetime
    revision: int
    """The store's, so that what was removed since can be told."""
    orders: int
    labels: int
    """Label files."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and read back."""

    manifest: Manifest
    key_id: str
    size_bytes: int


def back_up(home: Path, file: Path, key: MasterKey, now: datetime) -> Backup:
    """Back a home up into a file while others work on it; it is there whole, or not at all.

    What was written is read back before it takes its name. Raises a ConfigError for a place that
    a backup must not be in, a RepositoryError for a store that is damaged.
    """
    _refuse_place(home, file)
    partial = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with disk_in_words(file.parent), sqlite_in_words(home):
        descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as out, _snapshot(home) as store:
                manifest, sums = _pack(home, store, out, (key, now))
                out.flush()
                os.fsync(descriptor)
            _verify(partial, key, sums)
            size_bytes = partial.stat().st_size
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
        sync_folder(file.parent)
    return Backup(manifest, key.id, size_bytes)


def members(file: Path, keys: tuple[MasterKey, ...]) -> Iterator[tuple[str, Part]]:
    """Read a backup: each part's name and bytes, in order; what does not open is said."""
    with disk_in_words(file.parent), file.open("rb") as source:
        for name, part in parts(Opener(source, keys)):
            if not _KNOWN.match(name):
                raise RepositoryError(
                    f"The backup holds {shown(name)}, which this PrimeTUI does not know: restore "
                    "it with the newer one. Nothing was changed."
                )
            yield name, part


def read_manifest(text: bytes) -> Manifest:
    """Read what a backup holds."""
    said: dict[str, Any] = json.loads(text)
    return Manifest(
        made_at=datetime.fromisoformat(said["made_at"]),
        revision=int(said["revision"]),
        orders=int(said["orders"]),
        labels=int(said["labels"]),
    )


def _refuse_place(home: Path, file: Path) -> None:
    if not file.parent.is_dir():
        raise ConfigError(f"There is no folder {shown(file.parent)}: make it first.")
    if file.resolve().is_relative_to(home.resolve()):
        raise ConfigError("A backup inside the home goes when the home goes: put it elsewhere.")
    if file.is_dir():
        raise ConfigError(f"{shown(file)} is a folder: name a file.")
    if file.exists():
        with disk_in_words(file.parent), file.open("rb") as there:
            if not is_archive(there):
                raise ConfigError(f"{shown(file)} is there and is no backup: choose another name.")


@contextmanager
def _snapshot(home: Path) -> Iterator[Path]:
    """Copy the store as it is at one moment, writers going on, and examine the copy."""
    with tempfile.TemporaryDirectory(prefix=_WORKSHOP, dir=home) as workshop:
        copy = Path(workshop) / STORE_FILE
        make_file(copy)
        with (
            closing(sqlite3.connect(home / STORE_FILE, timeout=30)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)  # all pages in one step: one moment
            found = target.execute("PRAGMA integrity_check(5)").fetchall()
        if found != [("ok",)]:
            raise RepositoryError(
                f"The store in {shown(home)} is damaged ({shown(found[0][0])}): no backup was "
                "made. Keep your last one: primetui db check."
            )
        yield copy


def _pack(
    home: Path, store: Path, out: BinaryIO, stamp: tuple[MasterKey, datetime]
) -> tuple[Manifest, dict[str, str]]:
    """Write everything into the sealed stream; give each part's hash."""
    key, now = stamp
    labels = sorted(_labels(home, store))
    manifest = _manifest(store, now, len(labels))
    sealer = Sealer(out, key)
    said = json.dumps(asdict(manifest) | {"made_at": manifest.made_at.isoformat()}).encode("ascii")
    sums = {MANIFEST: put_part(sealer, MANIFEST, len(said), io.BytesIO(said))}
    named = [(STORE_FILE, store), (SETTINGS, home / SETTINGS)]
    for name, path in [*named, *((str(path.relative_to(home)), path) for path in labels)]:
        with suppress(FileNotFoundError), path.open("rb") as content:
            # No settings are kept; or the buyer was forgotten just now.
            size = os.fstat(content.fileno()).st_size
            sums[name] = put_part(sealer, name, size, content)
    sealer.finish()
    return manifest, sums


def _labels(home: Path, store: Path) -> Iterator[Path]:
    """Name the label files that belong to the documents of this moment."""
    with closing(sqlite3.connect(store)) as copy:
        rows = copy.execute("SELECT id FROM doc WHERE tbl = 'keys' AND body IS NOT NULL")
        ours = {sha256(id_.encode("utf-8", "surrogatepass")).hexdigest() for (id_,) in rows}
    for path in (home / FOLDER).glob("*"):
        if path.is_dir() and path.name in ours:
            yield from path.iterdir()
        elif path.is_file():
            yield path


def _manifest(store: Path, now: datetime, labels: int) -> Manifest:
    with closing(sqlite3.connect(store)) as copy:
        (revision,) = copy.execute("SELECT rev FROM meta").fetchone()
        query = "SELECT count(*) FROM doc WHERE tbl = 'orders' AND body IS NOT NULL"
        (orders,) = copy.execute(query).fetchone()
    return Manifest(now.astimezone(UTC), revision, orders, labels)


def _verify(file: Path, key: MasterKey, sums: dict[str, str]) -> None:
    """Read a backup back from the disk, as a restore would."""
    if sums != {name: part.sum() for name, part in members(file, (key,))}:
        raise RepositoryError("What was written is not what is on the disk: check the disk.")


def unpack(name: str, content: Part, into: Path) -> None:
    """Write one part of a backup below a folder, for the folder's people alone."""
    path = into / name
    make_folder(path.parent)
    with os.fdopen(make_new(path), "wb") as out:
        while piece := content.read():
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
