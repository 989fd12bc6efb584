"""Engines on databases of their own, with the patience of a test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from primetui.adapters.postgres.address import Address
from primetui.adapters.postgres.engine import PostgresEngine
from primetui.adapters.postgres.schema import Layout
from tests.postgres import Cluster, cluster

LAYOUT = Layout(indexes={"orders": (("status",), ("ship_to", "country"))})

Opener = Callable[..., PostgresEngine]


@pytest.fixture
def server() -> Cluster:
    """Give the cluster of this process."""
    return cluster()


@pytest.fixture
def database(server: Cluster) -> str:
    """Make an empty database and give its name."""
    return server.database_name()


@pytest.fixture
def opener(server: Cluster, database: str) -> Iterator[Opener]:
    """Give what opens the same database again and again, as several machines would."""
    opened: list[PostgresEngine] = []

    def open_again(**changes: Any) -> PostgresEngine:
        given: dict[str, Any] = {"address": Address(server.url(database)), "layout": LAYOUT}
        opened.append(PostgresEngine(**(given | {"patience_seconds": 2.0} | changes)))
        return opened[-1]

    yield open_again
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(opener: Opener) -> PostgresEngine:
    """Open a store that holds nothing yet."""
    return opener()
