"""Where a PostgreSQL database is, what opens it, and how it is called without its password."""

import os
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from primetui.adapters.plain import shown
from primetui.errors import ConfigError

SAFE_MODES: Final = frozenset({"require", "verify-ca", "verify-full"})
"""What libpq calls a line that is encrypted or none at all."""

_LIVELINESS: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
"""A line that died without a word is noticed within half a minute, not after two hours."""


class Address:
    """A database's address; nothing that is shown of it holds a password.

    Args:
        url: `postgresql://user@host:port/database?sslmode=verify-full`. The password may be in
            it, or in the file that libpq reads (`PGPASSFILE`, `~/.pgpass`).
        environment: where libpq finds what the address leaves open.

    Raises ConfigError for what is no such address, and for another machine without TLS.
    """

    def __init__(self, url: SecretStr, environment: Mapping[str, str] | None = None) -> None:
        env = os.environ if environment is None else environment
        try:
            given = conninfo_to_dict(url.get_secret_value())
        except psycopg.Error:
            # libpq's own words would quote the address, and with it perhaps the password.
            raise ConfigError(
                "The database setting is no address of PostgreSQL's: "
                "postgresql://user@host:5432/database?sslmode=verify-full"
            ) from None
        self._given = {key: str(value) for key, value in given.items() if value is not None}
        self._hosts = _listed(self._given, "host", env.get("PGHOST", ""))
        self.is_local = all(map(_is_local, [*self._hosts, *_listed(self._given, "hostaddr", "")]))
        self._refuse_plain(env)

    @property
    def name(self) -> str:
        """Name the database for people: host and database, nothing secret."""
        database = self._given.get("dbname") or self._given.get("user") or "its database"
        return shown(f"{database} at {', '.join(filter(None, self._hosts)) or 'this machine'}")

    def conninfo(self) -> str:
        """Give what libpq opens; it may hold the password, so nobody shows it."""
        several = {"target_session_attrs": "read-write"} if len(self._hosts) > 1 else {}
        return make_conninfo("", **(_LIVELINESS | several | self._given | _OURS))

    def __repr__(self) -> str:
        """Show the name alone."""
        return f"Address({self.name!r})"

    def _refuse_plain(self, env: Mapping[str, str]) -> None:
        mode = self._given.get("sslmode") or env.get("PGSSLMODE", "")
        if not self.is_local and mode not in SAFE_MODES:
            raise ConfigError(
                f"The database {self.name} is on another machine, so its line must be encrypted: "
                "add ?sslmode=verify-full to its address (or require, where the server's "
                "certificate is its own)."
            )


_OURS: Final = {"application_name": "primetui", "client_encoding": "UTF8"}


def _listed(given: Mapping[str, str], key: str, otherwise: str) -> list[str]:
    """Split a list of hosts as libpq does; an empty one is this machine's socket."""
    return [host.strip() for host in (given.get(key) or otherwise).split(",")]


def _is_local(host: str) -> bool:
    """Tell whether a host is a socket or loopback, which no line leaves."""
    if not host or host.startswith(("/", "@")) or host.casefold() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
