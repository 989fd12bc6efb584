"""Run one command line and give its exit code."""

import argparse
import io
import sys
from collections.abc import Sequence

from primetui.cli.arguments import parser, refuse_unusable
from primetui.cli.talk import Exit, Voice, let_go
from primetui.errors import PrimeTUIError


def run(words: Sequence[str]) -> int:
    """Parse, do, and say; every failure PrimeTUI knows becomes one sentence and a code."""
    _write_any_letter()
    try:
        arguments = parser().parse_args(words)
    except SystemExit as leaving:
        _end_of_help()
        return leaving.code if isinstance(leaving.code, int) else Exit.USAGE
    voice = Voice(as_json=bool(getattr(arguments, "json", False)), only_reads=arguments.only_reads)
    code = _code(arguments, voice)
    if not arguments.only_reads:
        # What a mere question needs not load, and neither does a mistyped command.
        from primetui.cli.logbook import note  # noqa: PLC0415

        note(arguments, voice, code)
    return code


def _code(arguments: argparse.Namespace, voice: Voice) -> int:
    try:
        refuse_unusable(arguments)
        return voice.verdict(int(arguments.verb(arguments, voice)))
    except PrimeTUIError as error:
        return voice.failure(error)
    except KeyboardInterrupt:
        voice.say("primetui: interrupted.")
        return Exit.INTERRUPTED


def _write_any_letter() -> None:
    """Write a letter that the terminal's encoding lacks as its number, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _end_of_help() -> None:
    """Write out what the help left in the buffer; a reader that left needs no more of it."""
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except OSError:
            let_go(sys.stdout)
