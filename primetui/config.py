"""Settings: flag before environment before file before default; an error names file and key."""

import getpass
import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator

from primetui.domain.branding import typed_email
from primetui.domain.policy import Policy
from primetui.domain.value import Value
from primetui.errors import ConfigError

SETTINGS_FILE = "settings.toml"
SMTP_PASSWORD_FILE: Final = "smtp.password"  # noqa: S105 - a file's name
_DATABASES: Final = ("postgresql://", "postgres://")
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class Security(StrEnum):
    """How the line to a mail server is kept from listeners."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_PORTS: Final[dict[str, int]] = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


class Smtp(Value):
    """The mail server that sends confirmation messages (R12): the table `[smtp]`."""

    host: str = Field(min_length=1)
    security: Security = Security.STARTTLS
    """`none` is for a server on this very machine."""
    port: int = Field(default=0, ge=0, le=2**16 - 1)
    """0 is the usual one of the security chosen: 587, 465 or 25."""
    user: str = ""
    """Who logs in; blank where the server asks nobody."""
    sender: str = ""
    """Who the message is from; blank is the user."""
    password_file: Path
    """Holds the password on its first line; readable by its owner alone."""
    timeout_seconds: float = Field(default=30.0, gt=0, le=300)
    """How long sending a message may take."""

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: Any) -> Any:
        """Fill in what follows from the rest."""
        if not isinstance(given, dict):
            return given
        filled = {**given, "sender": given.get("sender") or given.get("user", "")}
        usual = _PORTS.get(str(given.get("security", Security.STARTTLS)))
        return filled if given.get("port") or usual is None else {**filled, "port": usual}

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.security is Security.NONE and self.host not in _LOOPBACK:
            raise ValueError("security 'none' is for a server on this machine alone")
        if not (self.user.isascii() and self.user.isprintable()):
            raise ValueError("user: it holds a letter that no login of SMTP takes")
        try:
            typed_email(self.sender)
        except ConfigError as error:
            raise ValueError(f"sender (or user): {error}") from None
        return self


class Settings(Value):
    """What the merchant can set in `settings.toml` of the home directory."""

    home: Path
    """Where documents, labels and secrets are kept."""
    operator: str = Field(min_length=1, max_length=60)
    """Who is working: named in the journal, on leases and in the audit log."""
    group: str = ""
    """The Unix group that shares a home made now; a home that is there must be its already."""
    answer_timeout_seconds: float = Field(default=60.0, gt=0, le=600)
    """How long the answer to a purchase or void may take; reconcile settles what takes longer."""
    answer_grace_minutes: float = Field(default=15.0, ge=15.0, le=1440)
    """How long an unknown purchase may still turn up; never shorter than an offer lives."""
    label_api: Literal["auto", "shipping-v2", "merchant-fulfillment"] = "auto"
    """Which of Amazon's APIs sells Buy Shipping labels; auto goes by the marketplace."""
    printer_dpi: Literal[203, 300] | None = None
    """What the label printer draws; None asks for no dots in particular."""
    urgent_hours: float = Field(default=2.0, gt=0, le=72)
    """A ship-by time closer than this is shown as urgent."""
    animation: bool = False
    """Smooth scrolling and fades: pretty nearby, costly over a slow line."""
    database: SecretStr | None = None
    """`postgresql://…`: keep the documents on that server; blank keeps them in the home."""
    key_file: str = ""
    """Where the key lies that opens buyers' addresses; blank is beside the home: HOME.key."""
    key_command: tuple[str, ...] = ()
    """Instead of a file: the command, word by word, that prints the key."""
    key_keyring: bool = False
    """Instead of a file: this system's keyring, with the extra `primetui[keyring]`."""
    log_megabytes: float = Field(default=5.0, ge=0.01, le=1000)
    """A log file that reaches this is put aside."""
    log_files: int = Field(default=20, ge=1, le=10_000)
    """Log files put aside that are kept; those of the last twelve months are kept in any case."""
    smtp: Smtp | None = None
    """Sends confirmation messages; without it none can be sent."""

    @field_validator("database", mode="after")
    @classmethod
    def _known_database(cls, given: SecretStr | None) -> SecretStr | None:
        """Refuse what is no address of PostgreSQL's, without quoting it: it may hold a password."""
        url = given.get_secret_value().strip() if given else ""
        if url and not is_database(url):
            raise ValueError("it is no address of PostgreSQL's: postgresql://user@host/database")
        return SecretStr(url) if url else None

    @property
    def policy(self) -> Policy:
        """The part the core must know."""
        return Policy(
            answer_grace=timedelta(minutes=self.answer_grace_minutes),
            urgent=timedelta(hours=self.urgent_hours),
        )


def is_database(text: str) -> bool:
    """Tell whether a text is meant as the address of a PostgreSQL database."""
    return text.startswith(_DATABASES)


def has_password(url: str) -> bool:
    """Tell whether the address of a database holds a password, or cannot be read at all."""
    try:
        parts = urlsplit(url)
        return bool(parts.password) or "password" in parse_qs(parts.query)
    except ValueError:
        return True


def load(
    home: str | None = None,
    operator: str | None = None,
    group: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Read the settings; raises ConfigError for a file that cannot be read or a key unknown."""
    env = os.environ if environment is None else environment
    place = _place(home or env.get("PRIMETUI_HOME") or _default_home(env))
    path = place / SETTINGS_FILE
    values = _file(path)
    chosen = operator or env.get("PRIMETUI_OPERATOR") or values.pop("operator", None)
    values.pop("operator", None)
    if shared := group or env.get("PRIMETUI_GROUP"):
        values["group"] = shared
    if env.get("PRIMETUI_DATABASE"):
        values["database"] = env["PRIMETUI_DATABASE"]
    if env.get("PRIMETUI_KEY_FILE"):
        values["key_file"] = env["PRIMETUI_KEY_FILE"]
    _name_password_file(values.get("smtp"), place, env)
    try:
        return Settings(home=place, operator=str(chosen or _login(env)), **values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "?"
        raise ConfigError(f"{path}: {key}: {first['msg']}.") from None


def _name_password_file(smtp: object, place: Path, env: Mapping[str, str]) -> None:
    """Choose where the mail server's password is: environment, file, or the usual place."""
    if isinstance(smtp, dict):
        named = env.get("PRIMETUI_SMTP_PASSWORD_FILE") or smtp.get("password_file")
        smtp["password_file"] = place / Path(str(named or SMTP_PASSWORD_FILE)).expanduser()


def _place(typed: str) -> Path:
    try:
        return Path(typed).expanduser().absolute()
    except (RuntimeError, OSError, ValueError) as error:
        raise ConfigError(f"{typed!r} is no folder: {error}.") from None


def _default_home(env: Mapping[str, str]) -> str:
    """Follow the XDG base directory specification: data, not configuration or cache."""
    data = env.get("XDG_DATA_HOME") or "~/.local/share"
    return f"{data}/primetui"


def _login(env: Mapping[str, str]) -> str:
    try:
        return env.get("USER") or getpass.getuser()
    except (OSError, KeyError):
        return "operator"


def _file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from None
    known = set(Settings.model_fields) - {"home"}
    for key in values:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(sorted(known))}."
            raise ConfigError(f"{path}: {key!r} is not a setting.{hint}")
    return values
