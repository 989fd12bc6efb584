"""One run of a batch, between the thread that does it and the screen that shows it."""

from collections.abc import Callable
from threading import Event

from primetui.usecases.batch_control import Progress


class BatchRun:
    """What the operator wishes and what the batch is doing; each side reads the other's word.

    `told` hears of progress on the batch's thread; while a batch is only planned it may raise.
    """

    def __init__(self, told: Callable[[Progress], object] | None = None) -> None:
        self._told = told
        self._stop = Event()
        self._going = Event()
        self._going.set()
        self.progress: Progress | None = None

    # --- The batch asks -----------------------------------------------------------------------

    def go_on(self) -> bool:
        """Hold while paused; False once a stop is wished for."""
        self._going.wait()
        return not self._stop.is_set()

    def wait(self, seconds: float) -> None:
        """Let time pass; a stop cuts it short."""
        self._stop.wait(seconds)

    def tell(self, progress: Progress) -> None:
        """Take word of progress."""
        self.progress = progress
        if self._told is not None:
            self._told(progress)

    # --- The operator asks --------------------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Whether it holds, or will after the current order."""
        return not self._going.is_set() and not self.stopping

    @property
    def stopping(self) -> bool:
        """Whether it ends after the current order."""
        return self._stop.is_set()

    def turn_pause(self) -> None:
        """Pause, or go on."""
        if self._going.is_set():
            self._going.clear()
        else:
            self._going.set()

    def stop(self) -> None:
        """End after the current order, paused or not."""
        self._stop.set()
        self._going.set()
