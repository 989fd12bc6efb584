"""Chores: what a home does by itself again and again, when it was done last, and when it is due."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from primetui.domain.value import Moment, Value

WorkerId = NewType("WorkerId", str)
"""What a worker holds while it works."""

THE_WORKER: Final = WorkerId("the worker of this home")
"""There is one: whoever holds it does the chores."""


class Job(StrEnum):
    """What is written down each time it is done."""

    FORGET = "forget"
    """Buyers whose time is over were forgotten (R23)."""
    PURGE = "purge"
    """Orders older than Amazon lets anybody keep were removed (R23)."""
    BACKUP = "backup"
    RESTORE = "restore"
    ROTATE = "rotate"
    """The master key was exchanged: what was sealed by the one before needs that one."""


class Chore(Value):
    """A job as it was done last; holds no person."""

    job: Job
    at: Moment
    by: str
    detail: str = ""


def is_due(last: datetime | None, every: timedelta, now: datetime) -> bool:
    """Tell whether something that was done last at `last` is to be done again.

    A last time far in the future is not believed: the clock has been set back since, and waiting
    until it is past would stop the work for as long.
    """
    return last is None or abs(now - last) >= every


def due_at(last: datetime | None, every: timedelta, now: datetime) -> datetime:
    """Give the moment it is due, now when it is due already."""
    return now if last is None or is_due(last, every, now) else last + every
