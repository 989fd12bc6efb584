"""Opening a store: its version, its owner's eyes only, and disks that say no, in words."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from primetui.adapters.tinydb.engine import Engine
from primetui.errors import RepositoryError

ROOT = Path(__file__).parents[3]


def files_of(home: Path) -> dict[str, bytes]:
    """Read every byte under a folder."""
    return {str(p.relative_to(home)): p.read_bytes() for p in home.rglob("*") if p.is_file()}


def stored(home: Path, *statements: str) -> Path:
    """Make a store, then change it with plain SQL, as another program would."""
    Engine(home).close()
    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return home


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o277])
def test_nobody_else_may_look(tmp_path: Path, mask: int) -> None:
    """Folders are 0700 and files 0600 from the start, whatever the umask."""
    home = tmp_path / "a" / "b"
    before = os.umask(mask)
    try:
        with closing(Engine(home)) as engine:
            engine.transact(lambda tx: tx.put("orders", "1", {}))
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.rglob("*")}
    finally:
        os.umask(before)

    assert modes == {
        "a": 0o700,
        "b": 0o700,
        "primetui.db": 0o600,
        "primetui.db-shm": 0o600,
        "primetui.db-wal": 0o600,
        "primetui.lock": 0o600,
        "open.lock": 0o600,
    }


def test_a_store_says_which_layout_it_has(home: Path) -> None:
    """The file carries our mark and the number of its layout."""
    Engine(home).close()
    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        pragmas = {
            name: raw.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("user_version", "application_id", "journal_mode")
        }

    assert pragmas == {"user_version": 2, "application_id": 0x5052494D, "journal_mode": "wal"}


def test_writes_are_synced_and_erased_for_good(engine: Engine) -> None:
    """Every connection syncs each commit and overwrites what it removes."""
    with engine.snapshot() as now:
        pragmas = {
            name: now._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "secure_delete")
        }

    assert pragmas == {"synchronous": 2, "secure_delete": 1}


def test_a_store_of_a_newer_primetui_is_refused_untouched(home: Path) -> None:
    """Both layouts are named, what to do is said, and not one byte changes."""
    stored(home, "PRAGMA user_version = 7")
    before = files_of(home)

    with pytest.raises(RepositoryError) as refusal:
        Engine(home)

    assert str(refusal.value) == (
        f"The store in {home} has layout 7, made by a newer PrimeTUI; this one reads up to "
        "layout 2: install the newer PrimeTUI. Nothing was changed."
    )
    assert before == files_of(home)


def test_a_newer_layout_still_in_the_log_is_refused_too(home: Path) -> None:
    """A version that has not reached the file's header yet counts all the same."""
    Engine(home).close()
    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        raw.execute("PRAGMA user_version = 7")
        raw.commit()

        with pytest.raises(RepositoryError, match="has layout 7, made by a newer PrimeTUI"):
            Engine(home)


@pytest.mark.parametrize(
    "content",
    [b"x", b"SQLite format 3\0", b"<html>" + b" " * 200, b"\0" * 4096],
    ids=["one byte", "cut short", "html", "zeros"],
)
def test_a_file_that_is_no_store_is_refused_untouched(home: Path, content: bytes) -> None:
    """Something else under our name is left as it is."""
    home.mkdir(mode=0o700)
    (home / "primetui.db").write_bytes(content)
    (home / "primetui.db").chmod(0o600)

    with pytest.raises(RepositoryError, match="is not a PrimeTUI store: put your last backup"):
        Engine(home)

    assert content == (home / "primetui.db").read_bytes()


def test_another_programs_database_is_refused_untouched(home: Path) -> None:
    """A SQLite file that is not ours is left as it is."""
    home.mkdir(mode=0o700)
    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        raw.execute("CREATE TABLE theirs(x)")
        raw.commit()
    (home / "primetui.db").chmod(0o600)
    before = (home / "primetui.db").read_bytes()

    with pytest.raises(RepositoryError, match="belongs to another program"):
        Engine(home)

    assert before == (home / "primetui.db").read_bytes()


def test_a_damaged_store_is_said_to_be_damaged(home: Path) -> None:
    """Pages that make no sense end in one line with what to do."""
    with closing(Engine(home)) as engine:
        for n in range(200):
            engine.transact(lambda tx, n=n: tx.put("orders", str(n), {"pad": "x" * 500}))  # type: ignore[misc] # a default binds the loop's value
    stored(home)
    with (home / "primetui.db").open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * 40_960)

    with pytest.raises(RepositoryError, match=r"is damaged .*put your last backup in its place"):
        list(Engine(home).find("orders"))


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file where the folder should be gives one line that names it and the way out."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(RepositoryError) as refusal:
        Engine(tmp_path / "file" / "home")

    assert str(refusal.value) == (
        f"PrimeTUI cannot use {tmp_path / 'file' / 'home'} (Not a directory): make that "
        "folder yours to read and write, or choose another with --home. Nothing was changed."
    )


def test_an_old_sqlite_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python whose SQLite lacks what we need is refused before anything is made."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))

    with pytest.raises(RepositoryError, match=r"PrimeTUI needs 3\.37\.0 or newer"):
        Engine(home)

    assert not home.exists()


def test_a_hostile_folder_name_moves_no_cursor(tmp_path: Path) -> None:
    """Control characters in a path are spelled out."""
    (tmp_path / "a\x1b[2J").write_text("")

    with pytest.raises(RepositoryError, match=r"a\\x1b\[2J") as refusal:
        Engine(tmp_path / "a\x1b[2J" / "home")

    assert str(refusal.value).isprintable()


def test_a_home_of_somebody_else_is_named(tmp_path: Path) -> None:
    """Without the right to write we say whose move it is, and leave everything as it was."""
    Engine(tmp_path / "home").close()
    before = files_of(tmp_path / "home")

    said = spoken(
        """
        import os, sys
        from pathlib import Path
        from primetui.adapters.tinydb.engine import Engine
        from primetui.errors import RepositoryError
        home = Path(sys.argv[1])
        home.chmod(0o500)
        (home / "primetui.db").chmod(0o400)
        os.chdir(home.parent)
        if os.getuid() == 0:
            for folder in home.parents:
                folder.chmod(folder.stat().st_mode | 0o055)
            os.setuid(65534)
        try:
            Engine(home)
        except RepositoryError as error:
            print(error)
        """,
        tmp_path / "home",
    )

    assert said.startswith(f"PrimeTUI cannot use {tmp_path / 'home'} (Permission denied): ")
    assert said.count("\n") == 1
    assert before == files_of(tmp_path / "home")


def test_a_full_disk_is_named_and_loses_nothing(tmp_path: Path) -> None:
    """When the disk is full, what was acknowledged stays and the rest never happened."""
    mounted = [
        "unshare",
        "-rm",
        "sh",
        "-c",
        'mount -t tmpfs -o size=300k,mode=700 x "$0" && exec "$@"',
    ]
    if shutil.which("unshare") is None or run([*mounted, tmp_path, "true"]).returncode:
        pytest.skip("this system lets nobody mount a small disk for the test")

    said = spoken(
        """
        import sys
        from pathlib import Path
        from primetui.adapters.tinydb.engine import Engine
        from primetui.errors import RepositoryError
        engine = Engine(Path(sys.argv[1]))
        acknowledged = 0
        try:
            while acknowledged < 10_000:
                engine.transact(lambda tx: tx.put("orders", str(acknowledged), {"pad": "x" * 900}))
                acknowledged += 1
        except RepositoryError as error:
            print(error)
        print(0 < acknowledged == engine.count("orders"), engine.integrity())
        """,
        tmp_path,
        prefix=[*mounted, str(tmp_path)],
    )

    assert said == (
        f"There is no room left under {tmp_path}: free some space, then do it again. "
        "Nothing was half written.\nTrue ()\n"
    )


def run(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a command from the checkout."""
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def spoken(script: str, home: Path, prefix: Sequence[str] = ()) -> str:
    """Run a script on a home in a process of its own; give what it prints."""
    done = run([*prefix, sys.executable, "-c", textwrap.dedent(script), home])
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
