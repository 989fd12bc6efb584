"""Open the desk for one run of the command line."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from primetui import bootstrap, config
from primetui.ports import Desk


def settings_of(arguments: argparse.Namespace) -> config.Settings:
    """Read the settings, flags first."""
    home = getattr(arguments, "home", None)
    return config.load(home=home, operator=getattr(arguments, "operator", None))


@contextmanager
def desk_of(arguments: argparse.Namespace) -> Iterator[Desk]:
    """Open the desk and close it again."""
    with bootstrap.open_desk(settings_of(arguments)) as desk:
        yield desk
