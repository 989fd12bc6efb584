"""Who may look into a home: its owner, or its group, and nobody else."""

import grp
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from primetui.adapters.home import make_folder, make_home, modes_in
from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.locks import Leases
from primetui.adapters.tinydb.mounts import disk_kind, refuse_network_disk
from primetui.adapters.tinydb.private import write_file
from primetui.errors import ConfigError
from tests.domain.made import NOW

ROOT = Path(__file__).parents[3]
OUR_GROUP = grp.getgrgid(os.getgid()).gr_name


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Make things under a umask."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[bool, set[int]]:
    """Gather the permissions of everything in a home, of folders (True) and of files."""
    found: dict[bool, set[int]] = {True: set(), False: set()}
    for path in (folder, *folder.rglob("*")):
        found[path.is_dir()].add(stat.S_IMODE(path.stat().st_mode))
    return found


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o277])
@pytest.mark.parametrize(
    ("group", "expected"),
    [("", {True: {0o700}, False: {0o600}}), (OUR_GROUP, {True: {0o2770}, False: {0o660}})],
    ids=["private", "shared"],
)
def test_everything_in_a_home_is_as_open_as_the_home(
    tmp_path: Path, mask: int, group: str, expected: dict[bool, set[int]]
) -> None:
    """Store, log, locks and label files are the owner's, or the group's, whatever the umask."""
    home = tmp_path / "above" / "home"
    with umask(mask), closing(Engine(home, group=group)) as engine:
        engine.transact(lambda tx: tx.put("orders", "1", {}))
        make_folder(home / "labels" / "making")
        write_file(home / "labels" / "1.pdf", b"%PDF", home / "labels" / "making")
        with Leases(home, SetClock(NOW).now).hold("1", "ann"):
            found = modes(tmp_path / "above")

    assert expected == found


def test_a_home_of_a_group_stays_one(tmp_path: Path) -> None:
    """Whoever opens it next need not name the group."""
    Engine(tmp_path / "home", group=OUR_GROUP).close()
    Engine(tmp_path / "home").close()
    Engine(tmp_path / "home", group=OUR_GROUP).close()

    assert modes(tmp_path / "home")[True] == {0o2770}


def test_a_private_home_is_not_shared_by_the_way(tmp_path: Path) -> None:
    """Naming a group for a home that is not its ends in the commands that would share it."""
    home = tmp_path / "my home"
    Engine(home).close()

    with pytest.raises(ConfigError) as refusal:
        Engine(home, group=OUR_GROUP)

    place = f"'{home}'"
    assert str(refusal.value) == (
        f"{home} is not shared with the group {OUR_GROUP}. Run: chgrp -R {OUR_GROUP} {place} "
        f"&& chmod -R u=rwX,g=rwX,o= {place} && find {place} -type d -exec chmod g+s {{}} +"
    )
    run = str(refusal.value).partition("Run: ")[2]
    subprocess.run(["/bin/sh", "-c", run], check=True)
    Engine(home, group=OUR_GROUP).close()


def test_an_unknown_group_is_named(tmp_path: Path) -> None:
    """Nothing is made for a group that the system does not know."""
    with pytest.raises(ConfigError, match="This system knows no group n\\\\x1bobody"):
        Engine(tmp_path / "home", group="n\x1bobody")

    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("group", "name", "mode", "mended"),
    [
        ("", "", 0o755, "chmod -R go-rwx"),
        ("", "", 0o750, "chmod -R go-rwx"),
        ("", "", 0o701, "chmod -R go-rwx"),
        ("", "primetui.db", 0o644, "chmod -R go-rwx"),
        ("", "primetui.db", 0o660, "chmod -R go-rwx"),
        ("", "primetui.lock", 0o602, "chmod -R go-rwx"),
        (OUR_GROUP, "", 0o2775, "chmod -R o-rwx"),
        (OUR_GROUP, "primetui.db", 0o664, "chmod -R o-rwx"),
    ],
)
def test_a_home_that_others_can_read_is_refused(
    tmp_path: Path, group: str, name: str, mode: int, mended: str
) -> None:
    """The refusal names the file and the command; after the command the home opens."""
    home = tmp_path / "home"
    Engine(home, group=group).close()
    (home / name).chmod(mode)

    with pytest.raises(ConfigError) as refusal:
        Engine(home)

    assert str(refusal.value) == (
        f"{home / name} can be read by others. Run: {mended} {home}; if others had access to it, "
        "renew the secrets of every store."
    )
    subprocess.run([*mended.split(), home], check=True)
    Engine(home).close()


def test_a_folder_follows_the_one_it_is_made_in(tmp_path: Path) -> None:
    """A group's folder has folders of the group; any other folder has private ones."""
    make_home(tmp_path / "shared", OUR_GROUP)
    for above in ("shared", "open"):
        make_folder(tmp_path / above)
    (tmp_path / "open").chmod(0o755)
    for above in ("shared", "open"):
        make_folder(tmp_path / above / "inner" / "most")

    assert modes_in(tmp_path / "shared" / "inner" / "most") == (0o2770, 0o660)
    assert modes_in(tmp_path / "open" / "inner" / "most") == (0o700, 0o600)


OPERATOR = """
import os, sys
from pathlib import Path
from tempfile import TemporaryDirectory
from primetui.adapters.tinydb.engine import Engine
from primetui.errors import PrimeTUIError
home, user, groups = Path(sys.argv[1]), int(sys.argv[2]), [int(n) for n in sys.argv[3].split()]
os.chdir("/")
os.setgroups(groups)
os.setgid(user)
os.setuid(user)
os.umask(int(sys.argv[4], 8))
try:
    engine = Engine(home)
    engine.transact(lambda tx: tx.put("orders", str(user), {}))
    print(engine.count("orders"))
    engine.close()
except PrimeTUIError as error:
    print(error)
"""


def operator(home: Path, user: int, *groups: int, mask: str = "077") -> str:
    """Write to a home as another user of this system, of certain groups; give what it says."""
    done = subprocess.run(
        [sys.executable, "-c", OPERATOR, home, str(user), " ".join(map(str, groups)), mask],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder that everybody gets through; pytest closes its own whenever another starts."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as two users")
def test_two_users_of_one_group_share_a_home(open_folder: Path) -> None:
    """What one of them made the other can write, in any order; a stranger is turned away."""
    team = 54321
    home = open_folder / "home"
    home.mkdir()
    os.chown(home, 12345, team)
    home.chmod(0o2770)

    said = [operator(home, user, team, mask=mask) for user, mask in ((12345, "077"), (12346, "0"))]
    again = operator(home, 12345, team)
    stranger = operator(home, 12347)

    assert ["1\n", "2\n", "2\n"] == [*said, again]
    assert stranger.startswith(f"PrimeTUI cannot use {home} (Permission denied)")
    assert modes(home)[False] == {0o660}


MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv rw shared:2 - nfs4 server:/srv rw
31 30 8:2 / /srv/local\040disk rw shared:3 master:1 - xfs /dev/sdb rw
32 22 0:41 / /mnt rw - fuse.sshfs me@host:/ rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/primetui", "ext4"),
        ("/srv", "nfs4"),
        ("/srv/home", "nfs4"),
        ("/srvhome", "ext4"),
        ("/srv/local disk/home", "xfs"),
        ("/mnt/home", "fuse.sshfs"),
    ],
)
def test_the_disk_of_a_folder_is_known(tmp_path: Path, folder: str, kind: str) -> None:
    """The longest mount point above a folder says which file system it is on."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.lstrip(), encoding="utf-8")

    assert kind == disk_kind(Path(folder), mounts)
    if kind in {"nfs4", "fuse.sshfs"}:
        with pytest.raises(ConfigError, match=r"is on a network disk .*PRIMETUI_DATABASE"):
            refuse_network_disk(Path(folder), mounts)
    else:
        refuse_network_disk(Path(folder), mounts)


def test_a_system_that_lists_no_mounts_is_trusted(tmp_path: Path) -> None:
    """Where nothing tells the disk's kind, none is refused."""
    assert disk_kind(tmp_path, tmp_path / "missing") == ""
    refuse_network_disk(tmp_path, tmp_path / "missing")
