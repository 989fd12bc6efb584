"""What this machine gives: the time, secrets, new names, a way to send a message."""

from datetime import datetime
from typing import Protocol

from pydantic import SecretStr

from primetui.domain.branding import Message
from primetui.domain.store import StoreId
from primetui.domain.value import Value
from primetui.errors import ConfigError


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


class Mailer(Protocol):
    """Who sends a message for us."""

    def send(self, message: Message) -> None:
        """Hand a message over, once. May raise a ConfigError or a PortError."""
        ...


class NoMailer:
    """Stands where no mail server is set, and says how to set one."""

    def send(self, message: Message) -> None:  # noqa: ARG002 - nobody can take it
        """Refuse."""
        raise ConfigError(
            "No mail server is set: write [smtp] with host, user and security into settings.toml "
            "(see Configuration in the README)."
        )
