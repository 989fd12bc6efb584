"""Fixtures that more than one folder of tests works with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shop import Shop, open_shop


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:  # noqa: ARG001 - its name is given
    """Run twice as many workers as cores: tests wait for sockets and disks as much as they work."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture
def empty_shop(tmp_path: Path) -> Iterator[Shop]:
    """Open a shop without any store connected."""
    with open_shop(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def shop(empty_shop: Shop) -> Shop:
    """Open a shop whose two stores are connected."""
    empty_shop.connect()
    return empty_shop
