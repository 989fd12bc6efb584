"""What this machine tells about how data is looked after on it."""

import json
import re
import resource
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from primetui.adapters.machine.log import FILE, FOLDER
from primetui.usecases.examine_installation import LogFacts, Requirement

SWAPS: Final = Path("/proc/swaps")
_DATA: Final = files("primetui").joinpath("data", "dpp.toml")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w")
_OURS: Final = frozenset({"at", "event", "by", "pid"})
"""What each line of the log holds."""
_NEVER_IN_CLEAR: Final = ("/dev/zram", "/dev/dm-", "/dev/mapper/")
"""How swaps begin that are memory themselves, or usually encrypted."""
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_TLS: Final = frozenset({"require", "verify-ca", "verify-full"})
"""What a database address says when its client takes no line without TLS."""
_ASIDE: Final = re.compile(r"\.before-(\d{8}T\d{6}\.\d{6}Z)\Z")


def requirements() -> tuple[Requirement, ...]:
    """Read what is asked for from `primetui/data/dpp.toml`."""
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return tuple(Requirement.model_validate(one) for one in data["requirement"])


def log_facts(home: Path) -> LogFacts:
    """Read the whole log of a home, line by line."""
    folder, lines, strange = home / FOLDER, 0, 0
    oldest: datetime | None = None
    for path in [*sorted(folder.glob("primetui-*.log")), folder / FILE]:
        for text in _lines(path):
            lines += 1
            at = _moment(text)
            strange += at is None or _EMAIL.search(text) is not None
            oldest = min(oldest or at, at) if at else oldest
    return LogFacts(oldest=oldest, lines=lines, strange=strange)


def asides(home: Path) -> tuple[tuple[str, datetime], ...]:
    """Name the homes beside this one that a restore put aside, and when."""
    found = []
    for path in sorted(home.parent.glob(f"{home.name}.before-*")):
        if stamp := _ASIDE.search(path.name):
            at = datetime.strptime(stamp[1], "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
            found.append((str(path), at))
    return tuple(found)


def open_swaps(table: Path = SWAPS) -> tuple[str, ...] | None:
    """Name where memory may be swapped to in the clear; None where the system does not tell."""
    try:
        rows = table.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    except OSError:
        return None
    places = [row.split()[0] for row in rows if row.strip()]
    return tuple(place for place in places if not place.startswith(_NEVER_IN_CLEAR))


def in_clear(database: str) -> str:
    """Name the server of a database address that is elsewhere and need not speak TLS; else blank."""
    parts = urlsplit(database)
    host = parts.hostname or ""
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if not host or host in _HERE or options.get("sslmode") in _TLS:
        return ""
    return host


def dumps_core() -> bool:
    """Tell whether a crash of ours may write its memory to a file."""
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    return soft != 0


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as log:
            yield from log
    except OSError:
        return


def _moment(text: str) -> datetime | None:
    """Read when a line was written; None for one that is not ours."""
    try:
        said: Any = json.loads(text)
        if isinstance(said, dict) and said.keys() >= _OURS:
            return datetime.fromisoformat(str(said["at"])).astimezone(UTC)
    except ValueError:
        pass
    return None
