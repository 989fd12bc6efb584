"""Every implementation of a port that must pass the contract suites."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.ports import Repository
from tests.domain.made import NOW

Opener = Callable[[], Repository]


@pytest.fixture(params=["tinydb"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Give what opens the same documents again and again, as several processes would."""
    assert request.param == "tinydb"
    opened: list[Repository] = []

    def open_again() -> Repository:
        opened.append(DocumentRepository(tmp_path / "home", SetClock(NOW)))
        return opened[-1]

    yield open_again
    for repository in opened:
        repository.close()


@pytest.fixture
def repository(opener: Opener) -> Repository:
    """Open documents that hold nothing yet."""
    return opener()
