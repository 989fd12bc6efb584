"""Verbs that open something: the console, the demo, the sandbox, the pictures."""

import argparse
import json
import sys
from pathlib import Path

from primetui import bootstrap, present
from primetui.cli import shapes
from primetui.cli.desk import settings_of
from primetui.cli.talk import Exit, Voice
from primetui.errors import ConfigError
from primetui.sandbox.faults import parse_fault
from primetui.sandbox.server import RunningSandbox, serve

PROGRESS_EVERY = 5_000
"""Orders between two words of progress while a large demo is made."""


def console(arguments: argparse.Namespace, _voice: Voice) -> int:
    """Open the console on the merchant's own stores."""
    settings = settings_of(arguments)
    _terminal()
    with bootstrap.open_desk(settings) as desk:
        return bootstrap.run_console(desk, settings)


def demo(arguments: argparse.Namespace, voice: Voice) -> int:
    """Open the console on a private sandbox that is gone afterwards."""
    _terminal()
    voice.say("Starting a private sandbox: nothing here touches a real account or costs money.")

    def read(_store: str, seen: int) -> None:
        if seen % PROGRESS_EVERY == 0:
            voice.say(f"{present.count(seen, 'order')} read")

    with bootstrap.open_demo(arguments.orders, arguments.seed, read) as (desk, settings):
        return bootstrap.run_console(desk, settings)


def _terminal() -> None:
    """Refuse to draw a console into a pipe or a log."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError(
            "The console needs a terminal. In a script use the verbs: primetui --help"
        )


def sandbox(arguments: argparse.Namespace, voice: Voice) -> int:
    """Serve the sandbox until interrupted; one JSON line says where it is."""

    def ready(running: RunningSandbox) -> None:
        where = {"url": running.url, "control": running.control, "credentials": running.credentials}
        voice.data(where, [json.dumps(where)])  # the line that scripts wait for
        voice.say(f"The sandbox answers at {running.url}. Connect it in another terminal:")
        voice.say(f"  primetui stores add --sandbox {running.url}")

    serve(
        ready,
        arguments.port,
        seed=arguments.seed,
        orders=arguments.orders,
        limits=not arguments.no_limits,
        faults=[parse_fault(word) for word in arguments.fault],
    )
    return Exit.DONE


def screenshots(arguments: argparse.Namespace, voice: Voice) -> int:
    """Render the pictures of the README from a sandbox whose time stands still."""
    written = bootstrap.render_pictures(Path(arguments.into))
    voice.data(
        shapes.whole(pictures=[str(path) for path in written]), [str(path) for path in written]
    )
    return Exit.DONE
