"""Rate limits kept on our side: one token bucket an operation, corrected by what answers say."""

import math
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from primetui.errors import Throttled

FASTEST_PER_SECOND: Final = 10_000.0
"""A limit above this in an answer is nonsense and is not believed."""

LONGEST_PAUSE_SECONDS: Final = 3600.0
"""A server that asks for more is asked again after this: a slip of its clock is not a ban."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How time passes: for real, or as fast as a test wants it."""

    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], object] = threading.Event().wait
    """Waits so many seconds; by default for an event that never comes."""
    jitter: Callable[[], float] = random.random
    """A number from 0 up to 1, so that many consoles do not knock in step."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a server's documentation allows for one operation."""

    per_second: float
    burst: int
    patience_seconds: float = 10.0
    """How long a caller is kept waiting before it is told to come back later."""


@dataclass(slots=True)
class _Bucket:
    """Calls that may be made at once, refilled as time passes; below zero they are promised."""

    limit: Limit
    per_second: float
    calls: float
    at: float

    def refill(self, now: float) -> None:
        """Add what has become free since the last look."""
        gained = max(0.0, now - self.at) * self.per_second
        self.calls = min(float(self.limit.burst), self.calls + gained)
        self.at = now

    def wait_seconds(self, slack_seconds: float) -> float:
        """Say how long until a whole call has been free for a while."""
        return max(0.0, (1.0 - self.calls) / self.per_second + slack_seconds)


class Throttle:
    """Makes callers wait their turn, from any thread.

    Two calls may arrive closer together than they were sent: `slack_seconds` is by how much
    without the second being one too many. It shifts calls, and costs nothing of the rate.
    """

    def __init__(
        self,
        service: str,
        limits: Mapping[str, Limit],
        pace: Pace | None = None,
        *,
        slack_seconds: float = 0.0,
    ) -> None:
        self._slack_seconds = slack_seconds
        self._service = service
        self._pace = pace or Pace()
        self._lock = threading.Lock()
        now = self._pace.monotonic()
        self._buckets = {
            name: _Bucket(limit, limit.per_second, float(limit.burst), now)
            for name, limit in limits.items()
        }

    def wait(self, operation: str) -> None:
        """Wait until the operation may be called; Throttled when that is too long to wait."""
        bucket = self._buckets.get(operation)
        if bucket is None:
            return
        with self._lock:
            bucket.refill(self._pace.monotonic())
            seconds = bucket.wait_seconds(self._slack_seconds)
            if seconds > bucket.limit.patience_seconds:
                raise Throttled(self._sentence(operation, seconds), seconds)
            bucket.calls -= 1.0
        if seconds > 0.0:
            self._pace.pause(seconds)

    def learn(self, operation: str, per_second: str | None) -> None:
        """Believe the limit an answer states, rather than any table."""
        bucket = self._buckets.get(operation)
        rate = _number(per_second)
        if bucket is None or rate is None or not 0.0 < rate <= FASTEST_PER_SECOND:
            return
        with self._lock:
            bucket.refill(self._pace.monotonic())
            bucket.per_second = rate

    def refused(self, operation: str, retry_after: str | None) -> Throttled:
        """Take note that the server asked for a pause; give the error that says so."""
        wish = _number(retry_after)
        if wish is not None:
            wish = min(wish, LONGEST_PAUSE_SECONDS)
        bucket = self._buckets.get(operation)
        if bucket is None:
            seconds = wish if wish is not None and wish >= 0.0 else 1.0
            return Throttled(self._sentence(operation, seconds), seconds)
        with self._lock:
            bucket.refill(self._pace.monotonic())
            seconds = wish if wish is not None and wish >= 0.0 else 1.0 / bucket.per_second
            bucket.calls = min(bucket.calls, 1.0 - seconds * bucket.per_second)
        return Throttled(self._sentence(operation, seconds), seconds)

    def _sentence(self, operation: str, seconds: float) -> str:
        return (
            f"{self._service} asks for a pause before the next {operation}: "
            f"try again in {math.ceil(seconds)} s."
        )


def _number(text: str | None) -> float | None:
    """Read a header's number; anything else is no number."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
