"""Open the desk for one run of the command line."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from primetui import bootstrap, config, present
from primetui.cli.talk import Voice
from primetui.ports import Desk


def settings_of(arguments: argparse.Namespace) -> config.Settings:
    """Read the settings, flags first."""
    home, operator, group = (
        getattr(arguments, name, None) for name in ("home", "operator", "group")
    )
    return config.load(home=home, operator=operator, group=group)


@contextmanager
def desk_of(arguments: argparse.Namespace) -> Iterator[Desk]:
    """Open the desk and close it again; warn of every store that cannot be read.

    Whoever changes something does it under a name of their own: a ConfigError says whose it is.
    """
    with bootstrap.open_desk(settings_of(arguments)) as desk:
        for wrong in desk.repository.unreadable_stores():
            Voice(as_json=False).say(f"primetui: warning: {present.plain(wrong)}")
        if arguments.only_reads:
            yield desk
            return
        with desk.repository.seat(desk.operator):
            yield desk
