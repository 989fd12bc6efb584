"""Where the master keys lie: a file beside the home, the answer of a command, or a keyring.

They open the keys of orders, which open what names a buyer; so they lie outside the home, where
a copy of the home does not take them along.
"""

import binascii
import fcntl
import os
import re
import secrets
import stat
import subprocess
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from primetui.adapters.documents.cipher import KEY_BYTES
from primetui.adapters.documents.vault import MasterKey, MasterKeys
from primetui.adapters.home import SHARED, make_folder, modes_in, refuse_special, sync_folder
from primetui.adapters.plain import shown
from primetui.errors import ConfigError

_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}\Z")
_LONGEST: Final = 64 * 1024
"""Bytes read of a source: hundreds of keys, not a device without end."""
_PATIENCE_SECONDS: Final = 30
_BELIEVED_SECONDS: Final = 2
_OTHERS: Final = 0o007
_GROUP: Final = 0o070
_PRIVATE: Final = 0o600
_SERVICE: Final = "primetui"


def parse_keys(text: str, place: str) -> tuple[MasterKey, ...]:
    """Read lines of `ID BASE64`, 32 bytes each; what is wrong is said without quoting it."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    keys = tuple(_key(words, place, number) for number, words in enumerate(lines, 1))
    if len({key.id for key in keys}) != len(keys):
        raise ConfigError(f"Two keys in {place} have one id: remove the wrong one.")
    return keys


def write_keys(keys: tuple[MasterKey, ...]) -> str:
    """Write keys as lines."""
    return "".join(f"{key.id} {b64encode(key.secret).decode()}\n" for key in keys)


def new_key() -> MasterKey:
    """Make a key nobody had before."""
    return MasterKey(secrets.token_hex(4), secrets.token_bytes(KEY_BYTES))


def _key(words: list[str], place: str, number: int) -> MasterKey:
    try:
        id_, text = words
        secret = b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        id_, secret = "", b""
    if not _ID.match(id_) or len(secret) != KEY_BYTES:
        raise ConfigError(
            f"Line {number} of {place} is no key: each is an id, a space, and {KEY_BYTES} bytes "
            "in base64."
        )
    return MasterKey(id_, secret)


class FileKeys:
    """Keys in a file of their own that only the home's people can read; made when first needed.

    Args:
        path: the file; it may not lie inside the home.
        home: says who may read it: its owner, or its group.
        shared: other homes may open their buyers by it, so no key is ever removed from it.
    """

    def __init__(self, path: Path, home: Path, *, shared: bool = False) -> None:
        self._path = path
        self._home = home
        self._shared = shared

    @property
    def place(self) -> str:
        """Name the file."""
        return shown(self._path)

    def read(self) -> tuple[MasterKey, ...]:
        """Read the keys; a file that others can read, or inside the home, is refused."""
        self._refuse_inside()
        try:
            refuse_special((self._path,))
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ConfigError(f"{self.place} cannot be read: {error.strerror}.") from None
        with os.fdopen(descriptor, "rb") as file:
            self._refuse_readable(os.fstat(descriptor))
            return parse_keys(_ascii(file.read(_LONGEST), self.place), self.place)

    def add(self) -> tuple[MasterKey, ...]:
        """Make a key and put it first; of several who do so at once none loses theirs."""
        self._refuse_inside()
        with self._alone():
            made = (new_key(), *self.read())
            self._write(made)
        return made

    def drop(self, keep: frozenset[str]) -> None:
        """Remove all keys but the first and those named; none that another home may need."""
        if self._shared:
            return
        with self._alone():
            first, *others = self.read()
            self._write((first, *(key for key in others if key.id in keep)))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep others from replacing the file meanwhile; what goes wrong is said in words."""
        try:
            make_folder(self._path.parent)
            folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)
                yield
            finally:
                os.close(folder)
        except OSError as error:
            raise ConfigError(f"{self.place} cannot be written: {error.strerror}.") from None

    def _write(self, keys: tuple[MasterKey, ...]) -> None:
        """Put the whole file in place, durable on return."""
        aside = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        group = self._group()
        descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, _PRIVATE)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                if group is not None:
                    os.fchown(descriptor, -1, group)
                    os.fchmod(descriptor, SHARED.file)
                file.write(write_keys(keys))
                file.flush()
                os.fsync(descriptor)
            aside.replace(self._path)
        finally:
            aside.unlink(missing_ok=True)
        sync_folder(self._path.parent)

    def _group(self) -> int | None:
        """Give the Unix group that shares the home; None where it has one owner."""
        there = self._home.is_dir() and modes_in(self._home) is SHARED
        return self._home.stat().st_gid if there else None

    def _refuse_inside(self) -> None:
        if self._path.resolve().is_relative_to(self._home.resolve()):
            raise ConfigError(
                f"{self.place} lies inside the home: whoever copies the home would have the key. "
                "Move it out, and say where to in key_file."
            )

    def _refuse_readable(self, found: os.stat_result) -> None:
        shared = found.st_gid == self._group()
        if stat.S_IMODE(found.st_mode) & (_OTHERS if shared else _OTHERS | _GROUP):
            mode = "660" if shared else "600"
            raise ConfigError(
                f"{self.place} can be read by others. Run: chmod {mode} {self.place}; if others "
                "had access to it, renew the key: primetui db rotate-key"
            )


class CommandKeys:
    """Keys that a command prints, such as systemd-creds; who keeps them adds and removes them."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._said: tuple[float, tuple[MasterKey, ...]] | None = None

    @property
    def place(self) -> str:
        """Name the command; its arguments may say more than they should."""
        return f"what {shown(self._command[0])} prints (key_command)"

    def read(self) -> tuple[MasterKey, ...]:
        """Run the command and read what it prints; what it just said is not asked again.

        An examination of orders whose key is missing would run it once for each.
        """
        if self._said is None or time.monotonic() - self._said[0] > _BELIEVED_SECONDS:
            self._said = (time.monotonic(), self._asked())
        return self._said[1]

    def _asked(self) -> tuple[MasterKey, ...]:
        try:
            done = subprocess.run(  # noqa: S603 - the merchant's own setting, never through a shell
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            why = f"it did not end within {_PATIENCE_SECONDS} seconds"
            raise ConfigError(f"The key cannot be had from {self.place}: {why}.") from None
        except OSError as error:
            raise ConfigError(f"{self.place} cannot be had: {error.strerror}.") from None
        if done.returncode:
            raise ConfigError(f"The key cannot be had from {self.place}: exit {done.returncode}.")
        return parse_keys(_ascii(done.stdout, self.place), self.place)

    def add(self) -> tuple[MasterKey, ...]:
        """Refuse: a command only reads."""
        raise ConfigError(
            f"There is no new key in {self.place}. Put a line `ID BASE64` of {KEY_BYTES} random "
            "bytes first where it comes from, and try again."
        )

    def drop(self, keep: frozenset[str]) -> None:
        """Leave it to whoever keeps them."""


class KeyringKeys:
    """Keys in the operating system's keyring, which needs the extra primetui[keyring].

    Args:
        home: its path is the name they are kept under.
    """

    def __init__(self, home: Path) -> None:
        self._name = str(home)

    @property
    def place(self) -> str:
        """Name the entry."""
        return f"the keyring's entry {shown(self._name)} of {_SERVICE}"

    def read(self) -> tuple[MasterKey, ...]:
        """Read the entry."""
        text = self._asked(lambda ring: ring.get_password(_SERVICE, self._name))
        return parse_keys(text or "", self.place)

    def add(self) -> tuple[MasterKey, ...]:
        """Make a key and put it first."""
        self._keep((new_key(), *self.read()))
        return self.read()

    def drop(self, keep: frozenset[str]) -> None:
        """Remove all keys but the first and those named."""
        first, *others = self.read()
        self._keep((first, *(key for key in others if key.id in keep)))

    def _keep(self, keys: tuple[MasterKey, ...]) -> None:
        self._asked(lambda ring: ring.set_password(_SERVICE, self._name, write_keys(keys)))

    def _asked(self, ask: Callable[[Any], str | None]) -> str | None:
        """Ask the keyring; one that is not there, or locked, is said in words."""
        try:
            import keyring  # noqa: PLC0415 - an extra, for those who chose it
            from keyring.errors import KeyringError  # noqa: PLC0415 - as above
        except ImportError:
            raise ConfigError(
                "key_keyring needs the keyring library: pip install 'primetui[keyring]'."
            ) from None
        try:
            return ask(keyring)
        except KeyringError as error:
            raise ConfigError(
                f"The keyring does not answer ({type(error).__name__}): unlock it, or set key_file "
                "instead of key_keyring."
            ) from None


def keys_of(
    home: Path, *, file: str = "", command: tuple[str, ...] = (), keyring: bool = False
) -> MasterKeys:
    """Choose where the keys are; a file beside the home unless something else is set."""
    if sum(map(bool, (file, command, keyring))) > 1:
        raise ConfigError("Set one of key_file, key_command and key_keyring: there is one key.")
    if command:
        return CommandKeys(command)
    if keyring:
        return KeyringKeys(home)
    if file:
        return FileKeys(_path(file), home, shared=True)
    return FileKeys(default_key_file(home), home)


def default_key_file(home: Path) -> Path:
    """Name the file that the keys of a home are in when nothing else is set: beside it."""
    return home.with_name(f"{home.name}.key")


def _path(typed: str) -> Path:
    """Read a path; systemd gives credentials below $CREDENTIALS_DIRECTORY."""
    try:
        path = Path(os.path.expandvars(typed)).expanduser()
    except RuntimeError as error:
        raise ConfigError(f"key_file {shown(typed)} is no file: {error}.") from None
    if not path.is_absolute():
        raise ConfigError(f"key_file {shown(typed)} must be an absolute path.")
    return path


def _ascii(content: bytes, place: str) -> str:
    try:
        return content.decode("ascii")
    except UnicodeDecodeError:
        raise ConfigError(f"{place} holds no keys: each line is an id and base64.") from None
