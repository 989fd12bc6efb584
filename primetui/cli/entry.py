"""Run one command line and give its exit code."""

import os
import sys
from collections.abc import Sequence

from primetui.cli.arguments import parser
from primetui.cli.talk import Exit, Voice
from primetui.errors import PrimeTUIError


def run(words: Sequence[str]) -> int:
    """Parse, do, and say; every failure PrimeTUI knows becomes one sentence and a code."""
    try:
        arguments = parser().parse_args(words)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else Exit.USAGE
    voice = Voice(as_json=bool(getattr(arguments, "json", False)))
    try:
        return int(arguments.verb(arguments, voice))
    except PrimeTUIError as error:
        return voice.failure(error)
    except KeyboardInterrupt:
        voice.say("primetui: interrupted.")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader of our stdout left (`| head`): keep Python from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
