"""Settings: flag before environment before file before default; an error names file and key."""

import getpass
import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from primetui.domain.policy import Policy
from primetui.domain.value import Value
from primetui.errors import ConfigError

SETTINGS_FILE = "settings.toml"


class Settings(Value):
    """What the merchant can set in `settings.toml` of the home directory."""

    home: Path
    """Where documents, labels and secrets are kept."""
    operator: str = Field(min_length=1, max_length=60)
    """Who is working: named in the journal, on leases and in the audit log."""
    answer_timeout_seconds: float = Field(default=60.0, gt=0, le=600)
    """How long the answer to a purchase or void may take; reconcile settles what takes longer."""
    answer_grace_minutes: float = Field(default=15.0, ge=15.0, le=1440)
    """How long an unknown purchase may still turn up; never shorter than an offer lives."""
    urgent_hours: float = Field(default=2.0, gt=0, le=72)
    """A ship-by time closer than this is shown as urgent."""
    animation: bool = False
    """Smooth scrolling and fades: pretty nearby, costly over a slow line."""

    @property
    def policy(self) -> Policy:
        """The part the core must know."""
        return Policy(
            answer_grace=timedelta(minutes=self.answer_grace_minutes),
            urgent=timedelta(hours=self.urgent_hours),
        )


def load(
    home: str | None = None,
    operator: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Read the settings; raises ConfigError for a file that cannot be read or a key unknown."""
    env = os.environ if environment is None else environment
    place = _place(home or env.get("PRIMETUI_HOME") or _default_home(env))
    path = place / SETTINGS_FILE
    values = _file(path)
    chosen = operator or env.get("PRIMETUI_OPERATOR") or values.pop("operator", None)
    values.pop("operator", None)
    try:
        return Settings(home=place, operator=str(chosen or _login(env)), **values)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else "?"
        raise ConfigError(f"{path}: {key}: {first['msg']}.") from None


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
