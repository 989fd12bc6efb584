"""Who says what where: one document to stdout, sentences to stderr, a verdict as exit code."""

import errno
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from enum import IntEnum
from typing import Any, TextIO

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


def plain(text: str) -> str:
    """Make text safe for a terminal; everything that is printed comes through here."""
    if text.isascii() and text.isprintable():
        return text
    from primetui import present  # noqa: PLC0415 - loading all words would slow every start

    return present.plain(text)


class Voice:
    """Speaks for one run, as data or as words; nothing it says is obeyed by a terminal.

    A stdout that cannot be written never interrupts the work: what it should have shown is said
    on stderr instead. Where a run `only_reads`, a reader that left (`| head`) had enough.
    """

    def __init__(self, *, as_json: bool, only_reads: bool = False) -> None:
        self.as_json = as_json
        self._only_reads = only_reads
        self._lost: OSError | None = None

    def data(self, shape: Mapping[str, Any], lines: list[str]) -> None:
        """Print the run's result: the shape as JSON, or the lines."""
        for line in [json.dumps(shape, ensure_ascii=True)] if self.as_json else lines:
            self._put(line)

    def say(self, sentence: str) -> None:
        """Tell the person at the terminal something that is not data; a newline begins a line."""
        _write(sys.stderr, sentence)

    def failure(self, error: PrimeTUIError) -> Exit:
        """Report an error: a sentence on stderr, and with --json its kind on stdout."""
        code = exit_for(error)
        if self.as_json:
            kind = type(error).__name__
            self.data({"schema": 1, "error": {"kind": kind, "message": str(error)}}, [])
        self.say(f"primetui: {plain(str(error))}")
        return code

    def verdict(self, code: int) -> int:
        """Give the run's exit code: a mere question whose answer was lost is not done."""
        lost = self._only_reads and self._lost is not None and not self._reader_left
        return Exit.REFUSED_OUTSIDE if lost and code == Exit.DONE else code

    @property
    def _reader_left(self) -> bool:
        return self._only_reads and isinstance(self._lost, BrokenPipeError)

    def _put(self, line: str) -> None:
        if self._lost is None:
            self._lost = _write(sys.stdout, line)
            if self._lost is None:
                return
            if not self._reader_left:
                why = os.strerror(self._lost.errno or errno.EIO)
                self.say(f"primetui: stdout cannot be written ({why}); the rest is said here.")
        if not self._reader_left:
            self.say(line)


def _write(stream: TextIO | None, text: str) -> OSError | None:
    """Print text, safe line by line; a stream that does not take it is let go, and says why."""
    if stream is None:  # closed by whoever started us
        return OSError(errno.EBADF, os.strerror(errno.EBADF))
    try:
        print("\n".join(map(plain, text.split("\n"))), file=stream, flush=True)
    except OSError as error:
        let_go(stream)
        return error
    return None


def let_go(stream: TextIO) -> None:
    """Send nowhere what a stream still holds: at exit Python would fail on it once more."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
