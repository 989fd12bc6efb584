"""Credentials in one file that only a home's people can read; never among the documents."""

import contextlib
import fcntl
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

from primetui.adapters.home import modes_in, refuse_special
from primetui.domain.store import StoreId
from primetui.errors import ConfigError
from primetui.ports import Credentials

_FIELDS = ("client_id", "client_secret", "refresh_token")


class FileSecrets:
    """A JSON file, 0600 or its group's 0660, replaced whole; one that others can read is refused."""

    def __init__(self, home: Path) -> None:
        self._path = home / "secrets.json"

    def get(self, store_id: StoreId) -> Credentials | None:
        """Read a store's credentials."""
        found = self._read().get(store_id)
        if found is None:
            return None
        return Credentials(
            client_id=found["client_id"],
            client_secret=SecretStr(found["client_secret"]),
            refresh_token=SecretStr(found["refresh_token"]),
        )

    def put(self, store_id: StoreId, credentials: Credentials) -> None:
        """Keep a store's credentials."""
        with self._alone():
            self._write(
                {
                    **self._read(),
                    store_id: {
                        "client_id": credentials.client_id,
                        "client_secret": credentials.client_secret.get_secret_value(),
                        "refresh_token": credentials.refresh_token.get_secret_value(),
                    },
                }
            )

    def remove(self, store_id: StoreId) -> None:
        """Forget a store's credentials."""
        with self._alone():
            left = {key: value for key, value in self._read().items() if key != store_id}
            self._write(left)

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            refuse_special((self._path,))
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ConfigError(f"{self._path} cannot be read: {error.strerror}.") from None
        with os.fdopen(descriptor, encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            allowed = modes_in(self._path.parent).file
            if mode & ~allowed & 0o077:
                raise ConfigError(
                    f"{self._path} can be read by others. Run: chmod {allowed:o} {self._path}; "
                    f"if others had access to it, renew the secrets in Seller Central."
                )
            return self._parsed(file.read())

    def _parsed(self, text: str) -> dict[str, dict[str, str]]:
        """Read the file's text; what is wrong is said without quoting it."""
        try:
            stores = json.loads(text)
            return {
                str(store_id): {field: str(kept[field]) for field in _FIELDS}
                for store_id, kept in stores.items()
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ConfigError(
                f"{self._path} is damaged. Move it away, then give each store its credentials: "
                "primetui stores edit STORE --credentials FILE"
            ) from None

    def _write(self, stores: dict[str, dict[str, str]]) -> None:
        """Replace the file whole: written aside, made durable, then moved into place."""
        aside = self._path.with_name(f".secrets.{os.getpid()}.tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        try:
            mode = modes_in(self._path.parent).file
            descriptor = os.open(aside, flags, mode)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                os.fchmod(file.fileno(), mode)
                json.dump(stores, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)
        except OSError as error:
            raise ConfigError(f"{self._path} cannot be written: {error.strerror}.") from None

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep two processes from replacing each other's file."""
        lock = self._path.with_name("secrets.lock")
        try:
            refuse_special((lock,))
            mode = modes_in(self._path.parent).file
            descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, mode)
            if os.fstat(descriptor).st_uid == os.geteuid():
                os.fchmod(descriptor, mode)
        except OSError as error:
            raise ConfigError(f"{lock} cannot be written: {error.strerror}.") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
