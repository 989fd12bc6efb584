"""What lies about in a home is named: it is untidy and harmless, or somebody else can read it."""

import fcntl
import os
from pathlib import Path

import pytest

from primetui.adapters.documents.papers import name_of
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.papers import PaperFiles
from primetui.adapters.tinydb.strays import strays, too_open
from primetui.domain.label import Document
from primetui.domain.shipment import DocumentFormat
from tests.domain.made import ORDER_ID

OURS = Document(sha256="a" * 64, format=DocumentFormat.PDF, kind="LABEL", size_bytes=1)
NOBODYS = Document(sha256="b" * 64, format=DocumentFormat.PDF, kind="LABEL", size_bytes=1)


def make(path: Path, content: bytes = b"") -> None:
    """Make a file that its owner alone reads."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o600)


def test_a_tidy_home_has_nothing_to_name(engine: Engine, home: Path) -> None:
    """Label files that labels name, and what is being made, belong there."""
    PaperFiles(home).keep(ORDER_ID, OURS, b"sealed")
    make(home / "labels" / "making" / "half")
    engine.transact(lambda tx: tx.put("orders", "1", {}))

    assert [] == list(strays(home, frozenset({(ORDER_ID, name_of(OURS))})))
    assert [] == list(too_open(home))


def test_a_label_file_that_no_label_names_is_named(engine: Engine, home: Path) -> None:
    """Sealed or as schema 1 kept it."""
    assert engine.home == home
    PaperFiles(home).keep(ORDER_ID, OURS, b"sealed")
    PaperFiles(home).keep(ORDER_ID, NOBODYS, b"sealed")
    make(home / "labels" / name_of(NOBODYS))
    found = list(strays(home, frozenset({(ORDER_ID, name_of(OURS))})))

    assert 2 == len(found)
    assert all("belongs to no label" in one for one in found)
    assert all("b" * 64 in one for one in found)


def test_leases_of_the_dead_are_counted_and_those_of_the_living_not(
    engine: Engine, home: Path
) -> None:
    """The kernel has let go of them: they are only files."""
    assert engine.home == home
    make(home / "locks" / "left")
    held = os.open(home / "locks" / "left", os.O_RDWR)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        living = list(strays(home, frozenset()))
    finally:
        os.close(held)
    make(home / "locks" / "other")
    make(home / "seats" / "one")

    assert [] == living
    assert [
        "2 leases of a process that was killed.",
        "1 seat of a process that was killed.",
    ] == list(strays(home, frozenset()))


def test_what_a_killed_backup_or_restore_left_is_named(engine: Engine, home: Path) -> None:
    """It may hold a whole copy of the documents."""
    assert engine.home == home
    make(home / ".backup-x" / "primetui.db")
    make(home.with_name(f".{home.name}.restoring-x") / "primetui.db")

    assert 2 == len(
        [one for one in strays(home, frozenset()) if "or of one that was killed" in one]
    )


def test_a_log_that_has_grown_is_named(engine: Engine, home: Path) -> None:
    """Its size in words."""
    assert engine.home == home
    with (home / "primetui.db-wal").open("r+b") as log:
        size = log.seek(0, os.SEEK_END)
        log.truncate(70 * 1024 * 1024)
        found = list(strays(home, frozenset()))
        log.truncate(size)

    assert ["SQLite's log has grown to 70 MB: end what has been reading for long."] == found


@pytest.mark.parametrize(
    ("home_mode", "mode", "named"),
    [
        (0o700, 0o600, False),
        (0o700, 0o640, True),
        (0o700, 0o604, True),
        (0o700, 0o601, True),
        (0o2770, 0o660, False),
        (0o2770, 0o664, True),
    ],
)
def test_what_others_can_read_is_named_with_the_way_to_mend_it(
    home: Path, home_mode: int, mode: int, *, named: bool
) -> None:
    """Others than the owner, or than the group of a group's home."""
    home.mkdir()
    home.chmod(home_mode)
    make(home / "notes.txt")
    (home / "notes.txt").chmod(mode)
    (home / "link").symlink_to(home / "notes.txt")

    assert [named] * int(named) == ["chmod" in one and "notes" in one for one in too_open(home)]
