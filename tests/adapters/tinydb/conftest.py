"""Stores of their own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.schema import Layout
from primetui.adapters.tinydb.table import DocumentDB

LAYOUT = Layout(indexes={"orders": (("status",), ("place", "state"))})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Name a folder that is not there yet."""
    return tmp_path / "home"


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    """Open a store with one keyed, indexed table."""
    engine = Engine(home, LAYOUT)
    yield engine
    engine.close()


@pytest.fixture
def db(engine: Engine) -> DocumentDB:
    """Give TinyDB's face of the store."""
    return DocumentDB(engine)
