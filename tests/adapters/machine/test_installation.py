"""What the machine tells: the log's lines, swaps, homes put aside, a server's line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from primetui.adapters.machine.clock import SetClock
from primetui.adapters.machine.installation import (
    asides,
    in_clear,
    log_facts,
    open_swaps,
    requirements,
)
from primetui.adapters.machine.log import FileLog, Room
from primetui.usecases.examine_installation import LogFacts
from tests.domain.made import NOW

ROOM = Room(file_bytes=300, files=50, kept=timedelta(days=366))
STRANGE = '{"at": "2026-01-01T00:00:00Z", "event": "x", "by": "y", "pid": 1, "who": "a@b.example"}'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a home."""
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


def test_every_line_of_our_own_log_is_ours(home: Path) -> None:
    """Those in files put aside count too; the oldest says since when."""
    clock = SetClock(NOW)
    for number in range(10):
        FileLog(home, clock, ROOM).write("test", "ann", number=number)
        clock.advance(timedelta(days=1))

    assert LogFacts(oldest=NOW, lines=10, strange=0) == log_facts(home)


@pytest.mark.parametrize("line", ["Ada Abara, 1 Main Street", "{}", "[]", "\xff", STRANGE, ""])
def test_a_line_that_is_none_of_ours_is_strange(home: Path, line: str) -> None:
    """So is one with an e-mail address in it."""
    FileLog(home, SetClock(NOW), ROOM).write("test", "ann")
    with (home / "logs" / "primetui.log").open("a", encoding="latin-1") as log:
        log.write(f"{line}\n")
    found = log_facts(home)

    assert (2, 1) == (found.lines, found.strange)


def test_a_home_without_a_log_has_no_lines(home: Path) -> None:
    """Nothing was done yet."""
    assert LogFacts(oldest=None, lines=0, strange=0) == log_facts(home)


@pytest.mark.parametrize(
    ("table", "swaps"),
    [
        ("Filename Type Size Used Priority\n", ()),
        ("Filename Type\n/dev/sda2 partition 1 0 -2\n", ("/dev/sda2",)),
        ("Filename Type\n/swapfile file 1 0 -2\n/dev/zram0 partition 1 0 5\n", ("/swapfile",)),
        ("Filename Type\n/dev/dm-1 partition 1 0 -2\n", ()),
        ("", ()),
    ],
)
def test_swaps_in_the_clear_are_named(tmp_path: Path, table: str, swaps: tuple[str, ...]) -> None:
    """Memory itself, and what is mapped by an encrypting layer, is not."""
    (tmp_path / "swaps").write_text(table)

    assert swaps == open_swaps(tmp_path / "swaps")


def test_a_system_without_a_list_of_swaps_does_not_tell(tmp_path: Path) -> None:
    """That is not the same as none."""
    assert open_swaps(tmp_path / "nowhere") is None


def test_homes_put_aside_are_found_with_their_time(home: Path) -> None:
    """Others of a similar name are not."""
    (home.parent / "home.before-20261123T101112.000013Z").mkdir()
    (home.parent / "home.before-lunch").mkdir()
    ((_, at),) = asides(home)

    assert datetime(2026, 11, 23, 10, 11, 12, 13, tzinfo=UTC) == at


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("", ""),
        ("postgresql:///primetui", ""),
        ("postgresql://ada:secret@localhost/primetui", ""),
        ("postgresql://ada:secret@[::1]:5432/primetui", ""),
        ("postgresql://ada:secret@db.example.com/primetui", "db.example.com"),
        ("postgresql://ada@db.example.com/primetui?sslmode=prefer", "db.example.com"),
        ("postgresql://ada@db.example.com/primetui?sslmode=disable", "db.example.com"),
        ("postgresql://ada@db.example.com/primetui?sslmode=require", ""),
        ("postgresql://ada@db.example.com/primetui?x=1&sslmode=verify-full", ""),
    ],
)
def test_a_server_elsewhere_must_be_spoken_to_under_tls(address: str, named: str) -> None:
    """Its name is told, never its password."""
    assert named == in_clear(address)


def test_every_requirement_says_what_by_whom_and_since_when() -> None:
    """Each id is there once."""
    found = requirements()

    assert len(found) == len({one.id for one in found})
    assert all(one.text and one.source and one.since for one in found)
