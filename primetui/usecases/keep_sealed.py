"""Keep what names a buyer sealed: write older documents anew, and exchange the master key (R23)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from primetui.domain.chore import Chore, Job
from primetui.ports import Desk
from primetui.usecases.open_record import entry

Progress = Callable[[int, int], None]
"""Told how many are done, of how many; may raise to stop between two batches."""

T = TypeVar("T")

BATCH: Final = 500
"""Documents written in one transaction: others wait for it a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What writing older documents anew came to."""

    documents: int
    problems: tuple[str, ...]
    """Each document that stays as it is, and why, in a sentence."""
    scrubbed: bool
    """Whether the copies in the clear are gone from log and free space too."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What exchanging the master key came to."""

    orders: int
    problems: tuple[str, ...]
    """Each order that needs an older key, and why, in a sentence."""
    old_keys_needed: int
    """How many orders keep an older key from being removed."""


def seal_everything(desk: Desk, progress: Progress = lambda _done, _all: None) -> Sealed:
    """Write every document of an older schema anew, then leave no copy in the clear.

    Stopped halfway it can be begun again, while others go on working.
    """
    old = desk.repository.outdated()
    problems: list[str] = []
    for done, batch in _batches(old):
        problems += desk.repository.upgrade(batch)
        progress(done, len(old))
    if old:
        count = f"{len(old) - len(problems)} documents"
        desk.repository.transact(lambda tx: tx.log(entry(desk, "documents sealed", detail=count)))
    return Sealed(len(old), tuple(problems), desk.repository.scrub(rewrite=True))


def rotate_key(desk: Desk, progress: Progress = lambda _done, _all: None) -> Exchanged:
    """Put a new master key in place of the old one, order by order, while others go on working.

    Stopped halfway it is gone on with the next time; the old key stays until nothing needs it.
    """
    orders = desk.repository.renew_key()
    # Before an old key goes: whatever happens then, earlier back-ups are not taken for good.
    chore = Chore(job=Job.ROTATE, at=desk.clock.now(), by=desk.operator)
    desk.repository.transact(lambda tx: tx.put_chore(chore))
    problems: list[str] = []
    for done, batch in _batches(orders):
        problems += desk.repository.rewrap(batch)
        progress(done, len(orders))
    needed = desk.repository.drop_old_keys()
    desk.repository.transact(lambda tx: tx.log(entry(desk, "key exchanged")))
    return Exchanged(len(orders), tuple(problems), needed)


def _batches(things: Sequence[T]) -> Iterator[tuple[int, Sequence[T]]]:
    """Cut into batches; each with how many there are up to its end."""
    for start in range(0, len(things), BATCH):
        batch = things[start : start + BATCH]
        yield start + len(batch), batch
