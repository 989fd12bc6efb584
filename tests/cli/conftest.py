"""A sandbox in its own process, and homes connected to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from primetui.sandbox.server import start
from tests.cli.program import Console, running_sandbox


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """Run one sandbox for every test that does not break it."""
    with running_sandbox("--orders", "60", "--no-limits") as url:
        yield url


@pytest.fixture
def own_sandbox_url() -> Iterator[str]:
    """Run a sandbox of Amazon for one test alone, on a thread: another Python takes a second."""
    with start(seed=1, orders=60, limits=False, rithum=False) as sandbox:
        yield sandbox.url


@pytest.fixture
def console(tmp_path: Path, own_sandbox_url: str) -> Console:
    """Connect a home to a sandbox of its own, with its orders imported."""
    connected = Console(tmp_path / "home", own_sandbox_url)
    connected.json("stores", "add", "--sandbox", own_sandbox_url)
    connected.json("import")
    return connected


@pytest.fixture
def console_of_nothing(tmp_path: Path) -> Console:
    """Give a home that is connected to nothing."""
    return Console(tmp_path / "home")
