"""Who says what where: one document to stdout, sentences to stderr, a verdict as exit code."""

import json
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from primetui.errors import Busy, ConfigError, PrimeTUIError, RepositoryError, Unsure


class Exit(IntEnum):
    """The verdict of a run; scripts rely on it."""

    DONE = 0
    REFUSED_OUTSIDE = 1
    USAGE = 2
    VIOLATIONS = 3
    UNRESOLVED = 4
    INTERRUPTED = 130


SEVEREST_FIRST = (Exit.UNRESOLVED, Exit.VIOLATIONS, Exit.REFUSED_OUTSIDE, Exit.USAGE, Exit.DONE)
"""Of several orders' verdicts, the one that needs a person most is the run's."""


def severest(verdicts: list[Exit]) -> Exit:
    """Choose the verdict of a run over several orders."""
    return next((v for v in SEVEREST_FIRST if v in verdicts), Exit.DONE)


def exit_for(error: PrimeTUIError) -> Exit:
    """Choose the exit code for an error that ended a run."""
    if isinstance(error, Unsure | Busy):
        return Exit.UNRESOLVED
    if isinstance(error, ConfigError | RepositoryError):
        return Exit.USAGE
    return Exit.REFUSED_OUTSIDE


class Voice:
    """Speaks for one run, as data or as words."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def data(self, shape: Mapping[str, Any], lines: list[str]) -> None:
        """Print the run's result: the shape as JSON, or the lines."""
        if self.as_json:
            print(json.dumps(shape, ensure_ascii=True), flush=True)  # noqa: T201 - stdout is data
        else:
            for line in lines:
                print(line, flush=True)  # noqa: T201 - same

    def say(self, sentence: str) -> None:
        """Tell the person at the terminal something that is not data."""
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - stderr is talk

    def failure(self, error: PrimeTUIError) -> Exit:
        """Report an error: a sentence on stderr, and with --json its kind on stdout."""
        code = exit_for(error)
        if self.as_json:
            kind = type(error).__name__
            self.data({"schema": 1, "error": {"kind": kind, "message": str(error)}}, [])
        self.say(f"primetui: {error}")
        return code
