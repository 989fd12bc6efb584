"""Where the master keys lie: made once, for nobody else's eyes, outside the home (R23)."""

import os
import stat
import subprocess
import sys
import threading
from base64 import b64encode
from pathlib import Path
from types import ModuleType

import pytest

from primetui.adapters.documents.vault import MasterKey
from primetui.adapters.home import make_folder
from primetui.adapters.machine.keys import (
    CommandKeys,
    FileKeys,
    KeyringKeys,
    keys_of,
    parse_keys,
    write_keys,
)
from primetui.errors import ConfigError

ROOT = Path(__file__).parents[3]
ONE, TWO = MasterKey("k1", bytes(range(32))), MasterKey("k2", bytes(32))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a home of one owner."""
    make_folder(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def keys(home: Path) -> FileKeys:
    """Give the keys beside the home."""
    return FileKeys(home.with_name("home.key"), home)


def mode(path: Path) -> int:
    """Tell the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_is_made_beside_the_home_for_its_owner_alone(home: Path) -> None:
    """Whatever the umask; 32 random bytes, kept from then on."""
    earlier = os.umask(0)
    try:
        (made,) = keys_of(home).add()
    finally:
        os.umask(earlier)

    assert 0o600 == mode(home.with_name("home.key"))
    assert 32 == len(made.secret)
    assert (made,) == keys_of(home).read()
    assert ["home", "home.key"] == sorted(path.name for path in home.parent.iterdir())


def test_no_key_is_made_by_looking(keys: FileKeys, home: Path) -> None:
    """Reading where there is none finds none."""
    assert () == keys.read()
    assert not home.with_name("home.key").exists()


def test_of_many_who_make_a_key_none_loses_theirs(keys: FileKeys, home: Path) -> None:
    """What one has sealed with its own must open after all the others made one too."""
    start = threading.Barrier(8)
    found: list[MasterKey] = []

    def make() -> None:
        start.wait()
        found.append(FileKeys(home.with_name("home.key"), home).add()[0])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 8 == len({key.id for key in found})
    assert set(found) == set(keys.read())


def test_a_new_key_comes_first_and_old_ones_go_when_told(keys: FileKeys, home: Path) -> None:
    """The first one wraps; the named ones stay."""
    (first,) = keys.add()
    second = keys.add()[0]
    third = keys.add()[0]
    assert (third, second, first) == keys.read()

    keys.drop(frozenset({first.id}))

    assert (third, first) == keys.read()
    assert 0o600 == mode(home.with_name("home.key"))


@pytest.mark.parametrize("access", [0o640, 0o604, 0o660, 0o644, 0o620, 0o602, 0o610])
def test_a_key_that_others_can_use_is_refused_with_the_remedy(
    keys: FileKeys, home: Path, access: int
) -> None:
    """Neither the group nor anybody else may read or write it."""
    keys.add()
    path = home.with_name("home.key")
    path.chmod(access)

    with pytest.raises(ConfigError) as refusal:
        keys.read()

    assert str(refusal.value) == (
        f"{path} can be read by others. Run: chmod 600 {path}; if others had access to it, "
        "renew the key: primetui db rotate-key"
    )


def test_in_a_home_of_a_group_the_key_is_the_groups(home: Path, keys: FileKeys) -> None:
    """Its members read it, whoever made it; others still may not."""
    home.chmod(0o2770)
    path = home.with_name("home.key")
    keys.add()
    assert (0o660, home.stat().st_gid) == (mode(path), path.stat().st_gid)
    assert 1 == len(keys.read())

    path.chmod(0o664)
    with pytest.raises(ConfigError, match="chmod 660"):
        keys.read()


@pytest.mark.parametrize("where", ["home/the.key", "home/deep/the.key", "home/../home/the.key"])
def test_a_key_inside_the_home_is_refused(home: Path, where: str) -> None:
    """Whoever copies the home would have it; nothing is made there."""
    inside = FileKeys(home.parent / where, home)

    with pytest.raises(ConfigError, match="lies inside the home"):
        inside.read()
    with pytest.raises(ConfigError, match="lies inside the home"):
        inside.add()
    assert list(home.rglob("*")) == []


def test_a_key_inside_by_a_link_is_refused(home: Path, tmp_path: Path) -> None:
    """The folder that was named may lead into the home."""
    (tmp_path / "outside").symlink_to(home)

    with pytest.raises(ConfigError, match="lies inside the home"):
        FileKeys(tmp_path / "outside" / "the.key", home).read()


def test_a_link_in_the_keys_place_is_not_followed(keys: FileKeys, home: Path) -> None:
    """Somebody else's file is no key of ours."""
    (home.parent / "other").write_text(write_keys((ONE,)), encoding="ascii")
    home.with_name("home.key").symlink_to(home.parent / "other")

    with pytest.raises(ConfigError, match="cannot be read"):
        keys.read()


JUNK = [
    "k1",
    "k1 ?",
    f"k1 {b64encode(bytes(31)).decode()}",
    f"k1 {b64encode(bytes(33)).decode()}",
    f"k1 {b64encode(bytes(32)).decode()} more",
    f"k;1 {b64encode(bytes(32)).decode()}",
    f"{'k' * 41} {b64encode(bytes(32)).decode()}",
]


@pytest.mark.parametrize("junk", JUNK)
def test_a_line_that_is_no_key_is_named_and_not_quoted(junk: str) -> None:
    """By its number: what it says may be half a secret."""
    with pytest.raises(ConfigError) as refusal:
        parse_keys(write_keys((ONE,)) + junk, "the file")

    assert str(refusal.value).startswith("Line 2 of the file is no key")
    assert junk.rsplit(maxsplit=1)[-1] not in str(refusal.value)


def test_two_keys_of_one_id_are_refused() -> None:
    """Which one opens is not certain."""
    with pytest.raises(ConfigError, match="Two keys in the file have one id"):
        parse_keys(write_keys((ONE, MasterKey("k1", bytes(32)))), "the file")


@pytest.mark.parametrize("keys_", [(), (ONE,), (ONE, TWO)])
def test_keys_round_trip(keys_: tuple[MasterKey, ...]) -> None:
    """Blank lines do not count."""
    assert keys_ == parse_keys(f"\n{write_keys(keys_)}\n \n", "here")


def test_bytes_that_are_no_text_are_no_keys(keys: FileKeys, home: Path) -> None:
    """A key file that is something else is said to be."""
    path = home.with_name("home.key")
    path.write_bytes(b"\xff\xfe")
    path.chmod(0o600)

    with pytest.raises(ConfigError, match="holds no keys"):
        keys.read()


def test_a_place_that_cannot_be_written_is_said(home: Path) -> None:
    """The file cannot be made where a file stands in for its folder."""
    (home.parent / "file").write_bytes(b"")

    with pytest.raises(ConfigError, match="cannot be"):
        FileKeys(home.parent / "file" / "the.key", home).add()


# --- A command ------------------------------------------------------------------------------------


def printing(text: str, code: int = 0) -> CommandKeys:
    """Name a command that prints a text."""
    program = f"import sys; sys.stdout.write({text!r}); sys.exit({code})"
    return CommandKeys((sys.executable, "-c", program))


def test_a_command_prints_the_keys() -> None:
    """Word by word, never through a shell."""
    assert (ONE, TWO) == printing(write_keys((ONE, TWO))).read()


@pytest.mark.parametrize(
    ("keys_", "words"),
    [
        (printing("", 3), "exit 3"),
        (printing("nonsense"), "Line 1 of what"),
        (CommandKeys(("/nowhere/at-all", "--secret=abc")), "No such file"),
    ],
)
def test_a_command_that_gives_none_is_said_without_its_arguments(
    keys_: CommandKeys, words: str
) -> None:
    """They may hold a secret; the name of the program is enough."""
    with pytest.raises(ConfigError) as refusal:
        keys_.read()

    assert words in str(refusal.value)
    assert "secret" not in str(refusal.value)
    assert "import sys" not in str(refusal.value)


def test_a_command_makes_no_key() -> None:
    """Whoever keeps them adds one; the words say how."""
    with pytest.raises(ConfigError, match="Put a line `ID BASE64` of 32 random bytes first"):
        printing("").add()


def test_a_command_hears_no_keyboard() -> None:
    """It cannot wait for what nobody will type."""
    program = "import sys; sys.exit(0 if sys.stdin.read() == '' else 1)"

    assert () == CommandKeys((sys.executable, "-c", program)).read()


# --- A keyring ------------------------------------------------------------------------------------


class Ring(ModuleType):
    """Stands in for the keyring library, which is not installed where these tests run."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, name: str) -> str | None:
        """Give what is kept."""
        self._refuse()
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, text: str) -> None:
        """Keep it."""
        self._refuse()
        self.kept[service, name] = text

    def _refuse(self) -> None:
        if self.locked:
            raise Locked("the collection of Ada Buyer is locked")


class Locked(Exception):
    """What the library raises."""


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    """Install a keyring."""
    made = Ring()
    errors = ModuleType("keyring.errors")
    errors.KeyringError = Locked  # type: ignore[attr-defined] # as the library does
    monkeypatch.setitem(sys.modules, "keyring", made)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return made


def test_a_keyring_keeps_the_keys_of_each_home(ring: Ring, home: Path) -> None:
    """Added, read, dropped, under the home's own path."""
    keys_ = KeyringKeys(home)
    assert () == keys_.read()
    (first,) = keys_.add()
    second, _ = keys_.add()
    keys_.drop(frozenset())

    assert (second,) == keys_.read()
    assert first != second
    assert [("primetui", str(home))] == list(ring.kept)
    assert () == KeyringKeys(home.parent).read()


def test_a_locked_keyring_is_said(ring: Ring, home: Path) -> None:
    """In our words: the library's own may name anything."""
    ring.locked = True

    with pytest.raises(ConfigError, match=r"does not answer \(Locked\): unlock it") as refusal:
        KeyringKeys(home).read()
    assert "Ada" not in str(refusal.value)


def test_a_missing_keyring_library_is_said(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """With the words that install it."""
    monkeypatch.setitem(sys.modules, "keyring", None)

    with pytest.raises(ConfigError, match=r"pip install 'primetui\[keyring\]'"):
        KeyringKeys(home).read()


# --- The choice -----------------------------------------------------------------------------------


def test_one_place_is_chosen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beside the home unless another is set; systemd's folder may be named in it."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials/primetui")

    assert str(home.with_name("home.key")) == keys_of(home).place
    assert "/etc/the.key" == keys_of(home, file="/etc/the.key").place
    inside = "$CREDENTIALS_DIRECTORY/primetui.key"
    assert "/run/credentials/primetui/primetui.key" == keys_of(home, file=inside).place
    assert "what pass prints (key_command)" == keys_of(home, command=("pass", "show")).place
    assert "keyring" in keys_of(home, keyring=True).place


@pytest.mark.parametrize("chosen", [{"file": "relative.key"}, {"file": "/k", "keyring": True}])
def test_a_choice_that_is_none_is_refused(home: Path, chosen: dict[str, object]) -> None:
    """A place that depends on where one stands, or two at once."""
    with pytest.raises(ConfigError, match="key_file"):
        keys_of(home, **chosen)  # type: ignore[arg-type] # a table of keyword arguments


def test_starting_loads_no_cryptography() -> None:
    """Most runs seal nothing: they do not pay for it."""
    program = (
        "import sys; import primetui.bootstrap, primetui.cli; "
        "print([name for name in sys.modules if name.startswith('cryptography')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "[]\n" == ran.stdout


def test_R23_a_key_file_that_other_homes_may_use_keeps_every_key(tmp_path: Path) -> None:
    """R23: one home that exchanges its key must not close the buyers of another."""
    mine = keys_of(tmp_path / "mine", file=str(tmp_path / "shared.key"))
    (old,) = mine.add()
    new, _ = mine.add()

    mine.drop(frozenset())

    assert (new, old) == keys_of(tmp_path / "other", file=str(tmp_path / "shared.key")).read()
    own = keys_of(tmp_path / "mine")
    own.add()
    (first, *_) = own.add()
    own.drop(frozenset())
    assert (first,) == own.read()
