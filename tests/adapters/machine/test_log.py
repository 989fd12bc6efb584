"""The log: one line an event, from any number of processes, kept as long as a log must be."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from primetui.adapters.machine.clock import SetClock
from primetui.adapters.machine.log import FileLog, Room
from primetui.errors import RepositoryError
from tests.domain.made import NOW

YEAR = timedelta(days=366)
ROOMY = Room(file_bytes=1_000_000, files=3, kept=YEAR)
TIGHT = Room(file_bytes=200, files=3, kept=YEAR)

WRITER = """
import sys
from pathlib import Path
from primetui.adapters.machine.clock import SystemClock
from primetui.adapters.machine.log import FileLog, Room
from datetime import timedelta
room = Room(file_bytes=2000, files=1000, kept=timedelta(days=366))
log = FileLog(Path(sys.argv[1]), SystemClock(), room)
for number in range(200):
    log.write("test", sys.argv[2], number=number)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a home."""
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


def lines(home: Path) -> list[Any]:
    """Read every line of every file, oldest file first."""
    files = sorted((home / "logs").glob("primetui-*.log"))
    files += [home / "logs" / "primetui.log"]
    return [json.loads(line) for file in files for line in file.read_text("ascii").splitlines()]


def test_a_line_says_when_what_by_whom(home: Path) -> None:
    """It is one JSON object, with the facts that were given."""
    FileLog(home, SetClock(NOW), ROOMY).write("worker.import", "ann", added=3, failed=False)

    (line,) = lines(home)
    assert line.pop("pid") > 0
    assert {
        "at": NOW.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "event": "worker.import",
        "by": "ann",
        "added": 3,
        "failed": False,
    } == line


@pytest.mark.parametrize(
    "hostile",
    ["a\nb", "\x1b[2J", "\x7f", "\x9b31m", "é\u202e", "\ud800", "\0", '"},{"', "x" * 9000],
)
def test_nothing_in_it_is_obeyed_by_a_terminal(home: Path, hostile: str) -> None:
    """Whatever the words, a line is one line of printable ASCII, and not a page long."""
    FileLog(home, SetClock(NOW), ROOMY).write("test", hostile)
    content = (home / "logs" / "primetui.log").read_bytes()

    assert content.endswith(b"\n")
    assert content[:-1].decode("ascii").isprintable()
    assert hostile[:500] == lines(home)[0]["by"]
    assert len(content) < 4000


@pytest.mark.parametrize(("folder", "file"), [(0o700, 0o600), (0o2770, 0o660)])
def test_the_same_people_read_it_as_the_home(home: Path, folder: int, file: int) -> None:
    """A private home has a private log, a group's home its group's log."""
    home.chmod(folder)
    FileLog(home, SetClock(NOW), TIGHT).write("test", "ann")
    logs = home / "logs"

    assert folder == logs.stat().st_mode & 0o7777
    assert {file} == {path.stat().st_mode & 0o7777 for path in logs.iterdir()}


@pytest.mark.parametrize(
    ("days_apart", "left"),
    [(0, 40), (9, 40), (10, 37), (100, 4), (400, 3)],
)
def test_a_file_is_dropped_when_it_is_old_and_there_are_enough(
    home: Path, days_apart: int, left: int
) -> None:
    """Of forty files put aside, those of the last 366 days stay, and never fewer than three."""
    clock = SetClock(NOW)
    log = FileLog(home, clock, TIGHT)
    words = "x" * 150
    log.write("test", words)
    for _ in range(40):
        clock.advance(timedelta(days=days_apart))
        log.write("test", words)

    aside = list((home / "logs").glob("primetui-*.log"))
    assert {True} == {path.stat().st_size <= TIGHT.file_bytes + 100 for path in aside}
    assert left == len(aside)


def test_several_processes_lose_no_line_and_tear_none(home: Path) -> None:
    """Four writers, files put aside all the while: every line is there, once, in its order."""
    names = ["ann", "ben", "cem", "dan"]
    running = [subprocess.Popen([sys.executable, "-c", WRITER, str(home), name]) for name in names]

    assert [0] * 4 == [process.wait(60) for process in running]
    for name in names:
        assert list(range(200)) == [x["number"] for x in lines(home) if x["by"] == name]


def test_a_log_that_cannot_be_written_says_so(home: Path) -> None:
    """A file where the folder should be is one sentence."""
    (home / "logs").write_text("in the way")

    with pytest.raises(RepositoryError, match=r"The log in .* fails"):
        FileLog(home, SetClock(NOW), ROOMY).write("test", "ann")


def test_a_link_in_its_place_is_not_followed(home: Path, tmp_path: Path) -> None:
    """Nobody is made to write to another file."""
    FileLog(home, SetClock(NOW), ROOMY).write("test", "ann")
    log = home / "logs" / "primetui.log"
    log.unlink()
    log.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(RepositoryError):
        FileLog(home, SetClock(NOW), ROOMY).write("test", "ann")
    assert not (tmp_path / "elsewhere").exists()
