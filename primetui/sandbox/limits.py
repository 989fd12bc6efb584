"""Amazon's usage plans: one token bucket per seller and operation, refilled by the sandbox's time."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UsagePlan:
    """How many calls a second an operation allows for good, and how many at once."""

    rate: float
    burst: int


@dataclass(slots=True)
class _Bucket:
    """The calls left, as of a moment."""

    left: float
    filled: datetime


class Limits:
    """The buckets of every seller; a call takes one token or is turned away."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def take(self, key: tuple[str, str], plan: UsagePlan, now: datetime) -> bool:
        """Take a token for (seller, operation); False when the bucket is empty."""
        bucket = self._buckets.setdefault(key, _Bucket(plan.burst, now))
        passed = max(0.0, (now - bucket.filled).total_seconds())
        bucket.left = min(float(plan.burst), bucket.left + passed * plan.rate)
        bucket.filled = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True
