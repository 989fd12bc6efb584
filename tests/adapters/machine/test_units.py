"""Units of systemd: whatever the home is called, they start this program on it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from primetui.adapters.machine.units import NAMES, quoted, write_units
from primetui.errors import ConfigError

VERIFY = shutil.which("systemd-analyze")
HOSTILE = "home $HOME %h \"x\" 'y' \\n é;"


@pytest.mark.skipif(VERIFY is None, reason="systemd-analyze is not on this machine")
@pytest.mark.parametrize("home", ["home", HOSTILE])
def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path, home: str) -> None:
    """Each is verified as systemd itself reads it."""
    files = write_units(tmp_path / "units", tmp_path / home, "ada")
    assert VERIFY is not None
    done = subprocess.run(
        [VERIFY, "--user", "--man=no", "verify", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )
    complaints = [line for line in done.stderr.splitlines() if "primetui" in line]

    assert ([], 0) == (complaints, done.returncode)


def test_no_mark_is_left_in_them(tmp_path: Path) -> None:
    """Every place is filled, with this home and operator."""
    files = write_units(tmp_path, tmp_path / "home", "ada")
    text = "".join(file.read_text() for file in files)

    assert set(NAMES) == {file.name for file in files}
    assert "@" not in text
    assert 2 == text.count(f'--home "{tmp_path}/home" --operator "ada"')


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("plain", '"plain"'),
        ("two words", '"two words"'),
        ("50%", '"50%%"'),
        ("$HOME", '"$$HOME"'),
        ('say "x"', '"say \\"x\\""'),
        ("back\\slash", '"back\\\\slash"'),
    ],
)
def test_a_word_stays_what_it_is(word: str, written: str) -> None:
    """Nothing in it means anything to systemd."""
    assert written == quoted(word)


@pytest.mark.parametrize("word", ["a\nExecStart=/bin/sh", "\0", "\x1b[2J"])
def test_a_word_that_would_be_a_line_of_its_own_is_refused(word: str) -> None:
    """A name with a newline in it could order anything."""
    with pytest.raises(ConfigError):
        quoted(word)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file in its place is one sentence."""
    (tmp_path / "units").write_text("")

    with pytest.raises(ConfigError, match="cannot be written"):
        write_units(tmp_path / "units", tmp_path, "ada")
