"""A home is open to many, or to one alone who puts another in its place."""

import os
from pathlib import Path

import pytest

from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.occupancy import alone, occupy
from primetui.errors import RepositoryError


def test_many_have_a_home_open_at_once(home: Path) -> None:
    """One more does not disturb the others."""
    engines = [Engine(home), Engine(home)]
    for engine in engines:
        engine.close()

    with alone(home):
        pass


def test_nobody_has_a_home_alone_that_another_has_open(engine: Engine, home: Path) -> None:
    """It says what to end; once that is closed it may be had alone."""
    with pytest.raises(RepositoryError, match="end every console"), alone(home):
        pass
    engine.close()
    with alone(home):
        pass


def test_nobody_opens_a_home_that_another_has_alone(engine: Engine, home: Path) -> None:
    """It says why; afterwards it opens."""
    engine.close()
    with alone(home), pytest.raises(RepositoryError, match="being restored"):
        Engine(home)
    Engine(home).close()


def test_who_is_let_in_holds_the_home_that_bears_the_name(engine: Engine, home: Path) -> None:
    """After another home took the place, its own lock is held and not the one moved away."""
    engine.close()
    with alone(home):
        home.rename(home.with_name("aside"))
        home.mkdir(mode=0o700)
    held = occupy(home)
    try:
        with alone(home.with_name("aside")):
            pass
        with pytest.raises(RepositoryError), alone(home):
            pass
    finally:
        os.close(held)
