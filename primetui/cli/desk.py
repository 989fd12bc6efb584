"""Open the desk for one run of the command line."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from primetui import bootstrap, config, present
from primetui.cli.talk import Voice
from primetui.ports import Desk


def settings_of(arguments: argparse.Namespace) -> config.Settings:
    """Read the settings, flags first."""
    home = getattr(arguments, "home", None)
    return config.load(home=home, operator=getattr(arguments, "operator", None))


@contextmanager
def desk_of(arguments: argparse.Namespace) -> Iterator[Desk]:
    """Open the desk and close it again; warn of every store that cannot be read."""
    with bootstrap.open_desk(settings_of(arguments)) as desk:
        for wrong in desk.repository.unreadable_stores():
            Voice(as_json=False).say(f"primetui: warning: {present.plain(wrong)}")
        yield desk
