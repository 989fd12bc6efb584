"""Being asked to stop by a signal: heard at once, obeyed where the work allows it."""

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType


class StopSign:
    """Up once a signal came. Waiting for it ends when it goes up."""

    def __init__(self, heard: int) -> None:
        self._heard = heard

    def is_up(self) -> bool:
        """Tell whether to stop."""
        return self.wait(0.0)

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until it is up; tell which it was."""
        ready, _, _ = select.select([self._heard], [], [], seconds)
        return bool(ready)


@contextmanager
def stop_sign(announcement: str) -> Iterator[StopSign]:
    """Take SIGINT and SIGTERM for a wish to stop, announced once; afterwards they act as before.

    The handler writes to descriptors and does nothing else: it may run in the middle of a print.
    """
    heard, hear = os.pipe()
    sign = StopSign(heard)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if not sign.is_up():
            os.write(hear, b"!")
            if sys.stderr is not None:
                with suppress(OSError, ValueError):
                    os.write(sys.stderr.fileno(), f"{announcement}\n".encode())

    wishes = (signal.SIGINT, signal.SIGTERM)
    before = {wish: signal.signal(wish, stop) for wish in wishes}
    try:
        yield sign
    finally:
        for wish, handler in before.items():
            signal.signal(wish, handler)
        os.close(heard)
        os.close(hear)
