"""Writing down in the home's log which verb was run, by whom, and with what verdict."""

import argparse
from typing import Final

from primetui import bootstrap
from primetui.cli.desk import settings_of
from primetui.cli.talk import Voice, plain
from primetui.errors import ConfigError, RepositoryError

_ON_NO_HOME: Final = frozenset({"console.demo", "console.sandbox", "console.screenshots"})


def note(arguments: argparse.Namespace, voice: Voice, code: int) -> None:
    """Write down a run that may have changed something; a log that fails changes no verdict.

    What was typed is not written down: it may name a person.
    """
    called = str(getattr(arguments.verb, "__name__", ""))
    if called in _ON_NO_HOME:
        return
    try:
        settings = settings_of(arguments)
        if settings.home.is_dir():
            bootstrap.open_log(settings).write(f"run {called}", settings.operator, exit=int(code))
    except ConfigError:
        return  # it has been said, and there is no home to write to
    except RepositoryError as error:
        voice.say(f"primetui: warning: {plain(str(error))}")
