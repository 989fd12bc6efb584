"""Several operators on one home, by the command line."""

import grp
import os
import stat
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.program import Console, Ran

ROOT = Path(__file__).parents[2]


def test_a_name_is_one_persons(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user of the system changes nothing under it, and may read; the way out is said."""
    assert console.run("import").code == 0
    monkeypatch.setattr("os.geteuid", lambda: 54321)

    refused, read = console.run("import"), console.run("orders")

    assert (2, 0) == (refused.code, read.code)
    assert "choose another name with --operator" in refused.err
    console.operator = "another"
    assert console.run("import").code == 0


def test_a_group_shares_a_new_home(tmp_path: Path) -> None:
    """Named once on the command line; an unknown one is refused before anything is made."""
    group = grp.getgrgid(os.getgid()).gr_name
    shared, refused = Console(tmp_path / "home"), Console(tmp_path / "other")

    assert shared.run("orders", "--group", group).code == 0
    assert 0o2770 == stat.S_IMODE(shared.home.stat().st_mode)
    assert (2, False) == (refused.run("orders", "--group", "no such").code, refused.home.exists())


PROGRAM_OF_A_USER = """
import os, sys
user, team = int(sys.argv[1]), int(sys.argv[2])
from primetui.cli import run
run([*sys.argv[3:], "--home", sys.argv[3 + sys.argv[3:].index("--home") + 1] + "-of-root"])
print("-" * 9, file=sys.stderr, flush=True)
os.setgroups([team])
os.setgid(team)
os.setuid(user)
os.umask(0o007)
sys.exit(run(sys.argv[3:]))
"""


def run_as(user: int, team: int, *words: str) -> Ran:
    """Run a verb as another user of this system, of a group.

    It runs once as root, elsewhere: a user may not get through to Python's own files.
    """
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM_OF_A_USER, str(user), str(team), *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr.rpartition("-" * 9)[2])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as two users")
@pytest.mark.parametrize(
    "words",
    [
        ("buy", "111-1", "--cheapest", "--max-charge", "500", "--yes"),
        ("void", "111-1", "--yes"),
        ("reconcile",),
        ("import",),
    ],
    ids=lambda words: words[0],
)
def test_two_users_do_not_act_under_one_name(words: tuple[str, ...]) -> None:
    """On a home that a group shares the second is refused, and may do it under another name."""
    team = 54321
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "home"
        home.mkdir()
        os.chown(home, 12345, team)
        home.chmod(0o2770)
        at = (*words, "--home", str(home), "--operator")

        first, second, renamed = (
            run_as(user, team, *at, name)
            for user, name in ((12345, "ann"), (12346, "ann"), (12346, "bob"))
        )

    refusal = "The operator ann is 12345, a user of this system: choose another name"
    assert (2, True) == (second.code, refusal in second.err)
    assert [False, False] == [refusal in ran.err for ran in (first, renamed)]
    assert (first.code, first.err) == (renamed.code, renamed.err)
