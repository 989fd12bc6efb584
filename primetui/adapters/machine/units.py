"""Units of systemd that run the worker for one user: as a service, or round by round."""

import sys
from importlib.resources import files
from pathlib import Path
from typing import Final

from primetui.adapters.plain import shown
from primetui.errors import ConfigError

_DATA: Final = files("primetui").joinpath("data", "systemd")
NAMES: Final = ("primetui-worker.service", "primetui-round.service", "primetui-round.timer")


def write_units(into: Path, home: Path, operator: str) -> tuple[Path, ...]:
    """Write the units into a folder, for this program, home and operator; gives the files."""
    program = f"{quoted(sys.executable)} -m primetui"
    words = {"@COMMAND@": program, "@HOME@": quoted(str(home)), "@OPERATOR@": quoted(operator)}
    try:
        into.mkdir(parents=True, exist_ok=True)
        return tuple(_write(into / name, name, words) for name in NAMES)
    except OSError as error:
        raise ConfigError(f"{shown(into)} cannot be written: {error.strerror}.") from None


def quoted(word: str) -> str:
    """Write a word so that systemd takes it as it is: no variable, no specifier, no second word."""
    if not word.isprintable():
        raise ConfigError(f"{shown(word)} cannot stand in a unit of systemd: choose a plain name.")
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"'


def _write(path: Path, name: str, words: dict[str, str]) -> Path:
    text = _DATA.joinpath(name).read_text(encoding="utf-8")
    for mark, word in words.items():
        text = text.replace(mark, word)
    path.write_text(text, encoding="utf-8")
    return path
