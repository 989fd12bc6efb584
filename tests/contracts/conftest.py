"""Every implementation of a port that must pass the contract suites."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from primetui.adapters.machine.clock import SetClock
from primetui.ports import Repository
from tests.domain.made import NOW
from tests.repositories import KINDS, opener_of

Opener = Callable[[], Repository]


@pytest.fixture(params=KINDS)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Give what opens the same documents again and again, as several processes would."""
    opening = opener_of(request.param, tmp_path / "home")
    opened: list[Repository] = []

    def open_again() -> Repository:
        opened.append(opening(SetClock(NOW)))
        return opened[-1]

    yield open_again
    for repository in opened:
        repository.close()


@pytest.fixture
def repository(opener: Opener) -> Repository:
    """Open documents that hold nothing yet."""
    return opener()
