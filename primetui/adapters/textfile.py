"""Text files of a merchant's: written whole or not at all, for their owner's eyes."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from primetui.adapters.home import PRIVATE, sync_folder
from primetui.adapters.plain import shown
from primetui.errors import ConfigError


@contextmanager
def new_text(path: Path) -> Iterator[Callable[[str], object]]:
    """Write a file that is not there yet, safe on disk afterwards; on any error it is gone."""
    try:
        descriptor = os.open(
            path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, PRIVATE.file
        )
    except FileExistsError:
        raise ConfigError(f"{shown(path)} is there already: choose another name.") from None
    except OSError as error:
        raise ConfigError(f"{shown(path)} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            os.fchmod(descriptor, PRIVATE.file)
            yield stream.write
            stream.flush()
            os.fsync(descriptor)
        sync_folder(path.parent)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise ConfigError(f"{shown(path)} cannot be written: {error.strerror}.") from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def old_text(path: Path) -> Iterator[Callable[[int], str]]:
    """Read a text file from its beginning."""
    try:
        with path.open(encoding="utf-8") as stream:
            yield stream.read
    except UnicodeDecodeError:
        raise ConfigError(f"{shown(path)} is no text in UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{shown(path)} cannot be read: {error.strerror}.") from None
