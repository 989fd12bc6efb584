"""What this machine gives: the time, secrets, new names."""

from datetime import datetime
from typing import Protocol

from pydantic import SecretStr

from primetui.domain.store import StoreId
from primetui.domain.value import Value


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Give the moment it is, with a time zone."""
        ...


class Credentials(Value):
    """The keys of a private, self-authorised SP-API app; never shown, never in a document."""

    client_id: str
    client_secret: SecretStr
    refresh_token: SecretStr


class Secrets(Protocol):
    """Where credentials are kept: not among the documents."""

    def get(self, store_id: StoreId) -> Credentials | None:
        """Read a store's credentials."""
        ...

    def put(self, store_id: StoreId, credentials: Credentials) -> None:
        """Keep a store's credentials."""
        ...

    def remove(self, store_id: StoreId) -> None:
        """Forget a store's credentials."""
        ...


class Names(Protocol):
    """Where new ids come from: random in use, countable in tests."""

    def new(self) -> str:
        """Give a name nobody had before."""
        ...
