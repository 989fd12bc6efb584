"""Writing a file where an operator asked for it."""

import os
from pathlib import Path
from typing import Final

from primetui.errors import ConfigError

PRIVATE: Final = 0o600
"""A label names a person: only its owner reads the file."""


def save(path: Path, content: bytes) -> Path:
    """Write a new file that only its owner reads; an existing one is left alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        raise ConfigError(f"{path} exists already: choose another name.") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be written: {_why(error)}.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        path.unlink()
        raise ConfigError(f"{path} cannot be written: {_why(error)}.") from None
    return path


def _why(error: OSError | ValueError) -> str:
    """Say why without the number and the path that Python adds."""
    words = error.strerror if isinstance(error, OSError) else str(error)
    return words or "unknown"
