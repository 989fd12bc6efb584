"""Taking a home's place: in one step, whole or not at all, and never one that cannot be moved."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.restore import exchange_by_turns, replacing
from primetui.errors import ConfigError, RepositoryError

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def names(folder: Path) -> list[str]:
    """List a folder."""
    return sorted(path.name for path in folder.iterdir())


def fail_half_way(home: Path) -> None:
    """Find a backup damaged after some of it was unpacked."""
    with replacing(home, NOW) as place:
        (place.folder / "half").touch()
        raise RepositoryError("It is damaged.")


def test_a_home_is_replaced_and_kept_aside(engine: Engine, home: Path) -> None:
    """The new one bears the name, the old one another that says when."""
    engine.close()
    with replacing(home, NOW) as place:
        (place.folder / "new").touch()
        place.take_place()

    assert ["new"] == names(home)
    assert "primetui.db" in names(place.aside)
    assert ["home", "home.before-20261123T150000.000000Z"] == names(home.parent)


def test_whatever_goes_wrong_before_that_changes_nothing(engine: Engine, home: Path) -> None:
    """Only the folder in the making goes."""
    engine.close()
    inode = home.stat().st_ino
    with pytest.raises(RepositoryError, match="damaged"):
        fail_half_way(home)

    assert inode == home.stat().st_ino
    assert ["home"] == names(home.parent)


@pytest.mark.parametrize("mode", [0o700, 0o2770])
def test_the_new_home_is_open_to_the_same_people(tmp_path: Path, mode: int) -> None:
    """A group's home stays its group's."""
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, -1, os.getgid())
    home.chmod(mode)
    with replacing(home, NOW) as place:
        place.take_place()

    assert mode == home.stat().st_mode & 0o7777


def test_a_link_is_not_replaced(tmp_path: Path) -> None:
    """What it points to would stay where it is."""
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "home").symlink_to(tmp_path / "real")

    with pytest.raises(ConfigError, match="a link or a disk"), replacing(tmp_path / "home", NOW):
        pass
    assert ["home", "real"] == names(tmp_path)


def test_a_system_that_cannot_exchange_at_once_does_it_by_turns(tmp_path: Path) -> None:
    """It comes to the same; one that fails half way leaves the old one in its place."""
    for name in ("one", "other"):
        (tmp_path / name / name).mkdir(parents=True)
    exchange_by_turns(tmp_path / "one", tmp_path / "other")
    changed = names(tmp_path / "one"), names(tmp_path / "other")
    with pytest.raises(FileNotFoundError):
        exchange_by_turns(tmp_path / "gone", tmp_path / "other")

    assert (["other"], ["one"]) == changed
    assert ["one"] == names(tmp_path / "other")
