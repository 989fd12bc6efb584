"""What lies in a home under a file's name and is no file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from primetui.adapters.machine.keys import FileKeys
from primetui.adapters.machine.secrets import FileSecrets
from primetui.domain.store import StoreId
from primetui.errors import ConfigError
from tests.cli.program import Console

US = StoreId("us")


@pytest.mark.parametrize(
    "name", ["primetui.db", "primetui.db-wal", "primetui.lock", "open.lock", "secrets.json"]
)
def test_a_pipe_in_the_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    """To open one waits for ever, so it is named instead, and stays as it is."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    os.mkfifo(home / name, 0o600)

    refused = Console(home).process("orders")

    expected = f"{home / name} is no regular file: move it out of the way. Nothing was changed."
    assert (2, True) == (refused.code, expected in refused.err)
    assert [name] == [path.name for path in home.iterdir()]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("key", lambda path: FileKeys(path, path.parent / "home").read()),
        ("secrets.json", lambda path: FileSecrets(path.parent).remove(US)),
        ("secrets.lock", lambda path: FileSecrets(path.parent).remove(US)),
    ],
)
def test_a_pipe_in_the_place_of_a_secret_is_refused(
    tmp_path: Path, name: str, read: Callable[[Path], object]
) -> None:
    """Wherever the key lies, and whichever home the documents are in."""
    os.mkfifo(tmp_path / name, 0o600)

    with pytest.raises(ConfigError, match=f"{name} is no regular file"):
        read(tmp_path / name)
