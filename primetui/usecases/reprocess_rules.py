"""Reprocess: show what the rules would change in stored orders, then do just that (R16)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.rules.model import Rule
from primetui.domain.rules.plan import Came
from primetui.domain.rules.run import Change, carried_out, differences, is_news
from primetui.domain.shipment import OrderId
from primetui.errors import RepositoryError
from primetui.ports import Desk, Reads, Writes
from primetui.usecases.open_record import entry
from primetui.usecases.run_rules import Runner, runner

CHUNK = 500
"""Orders written together: each is changed whole or not at all, whatever stops the rest."""

Progress = Callable[[int, int], bool]
"""Told how many orders are done, and of how many (0: not known yet); False is a wish to stop."""


class Left(StrEnum):
    """Why an order is left alone."""

    PURCHASE_OPEN = "purchase-open"
    MOVED_ON = "moved-on"
    """It does not await shipment any more."""
    CHANGED = "changed"
    """It or the rules changed since the difference was shown: show it again first."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class OrderDiff:
    """What the rules would change in one order."""

    order_id: OrderId
    changes: tuple[Change, ...]
    """Empty where only the record of which rules fired would change."""
    kept: int = 0
    """Actions that a hand's edit keeps from being done."""


@dataclass(frozen=True, slots=True)
class Group:
    """One and the same change in many orders."""

    change: Change
    orders: int


@dataclass(slots=True)
class Diff:
    """What the rules would change in the orders that await shipment."""

    at: datetime
    """When it was worked out: spans of time count from then, also when it is done."""
    over_hands: bool
    version: int
    """Of the rules."""
    seen: int = 0
    orders: list[OrderDiff] = field(default_factory=list)
    skipped: list[tuple[OrderId, Left]] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    broken: tuple[Rule, ...] = ()
    """Rules that are on and did not run."""
    complete: bool = True
    """False: somebody stopped it."""

    @property
    def changed(self) -> list[OrderDiff]:
        """The orders in which something would change."""
        return [one for one in self.orders if one.changes]

    def groups(self) -> tuple[Group, ...]:
        """Count equal changes, the most frequent first."""
        counted = Counter(change for one in self.orders for change in one.changes)
        return tuple(Group(change, number) for change, number in counted.most_common())


@dataclass(slots=True)
class Reprocessed:
    """What came of doing it."""

    applied: int = 0
    """Orders in which something changed."""
    skipped: list[tuple[OrderId, Left]] = field(default_factory=list)
    complete: bool = True


def diff_rules(
    desk: Desk,
    only: Iterable[OrderId] | None = None,
    *,
    over_hands: bool = False,
    progress: Progress | None = None,
) -> Diff:
    """Work out what the rules would change; nothing is written.

    `only` names the orders to look at; others do not count. `over_hands` lets rules change what
    hands set, and put on again what hands took off.
    """
    reads = desk.repository
    ready = runner(reads)
    diff = Diff(desk.clock.now(), over_hands, reads.rules().version)
    diff.broken = tuple(rule for rule, _ in ready.broken)
    chosen = None if only is None else frozenset(only)
    held_up = _open_purchases(reads)
    with_buyer = ready.program.asks_of_person
    with closing(reads.each_order(OrderStatus.AWAITING_SHIPMENT, with_buyer=with_buyer)) as found:
        for record in found:
            if isinstance(record, RepositoryError):
                diff.unreadable.append(str(record))
            elif chosen is None or record.order.id in chosen:
                _look_at(diff, ready, record, held_up)
                if progress and diff.seen % CHUNK == 0 and not progress(diff.seen, 0):
                    diff.complete = False
                    break
    return diff


def _look_at(diff: Diff, ready: Runner, record: OrderRecord, held_up: frozenset[OrderId]) -> None:
    diff.seen += 1
    plan = ready.plan(record, diff.at, over_hands=diff.over_hands)
    if not is_news(plan):
        return
    id_ = record.order.id
    if id_ in held_up:
        diff.skipped.append((id_, Left.PURCHASE_OPEN))
        return
    kept = sum(step.came is Came.KEPT for step in plan.steps)
    diff.orders.append(OrderDiff(id_, differences(plan), kept))


def apply_diff(
    desk: Desk,
    diff: Diff,
    only: Iterable[OrderId] | None = None,
    *,
    progress: Progress | None = None,
) -> Reprocessed:
    """Do what a difference shows, in all its orders or those named; each whole or not at all.

    An order that would now change in another way than shown is left alone and named. Stopped or
    killed, it is gone on with by showing the difference again: what is done shows none any more.
    """
    chosen = None if only is None else frozenset(only)
    wanted = [one for one in diff.orders if chosen is None or one.order_id in chosen]
    done = Reprocessed()
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        results = desk.repository.transact(lambda tx, chunk=chunk: _apply_all(tx, diff, chunk))  # type: ignore[misc] # binds the loop's value
        for one, left in zip(chunk, results, strict=True):
            if left is not None:
                done.skipped.append((one.order_id, left))
            elif one.changes:
                done.applied += 1
        if progress and not progress(start + len(chunk), len(wanted)):
            done.complete = start + len(chunk) == len(wanted)
            break
    _log(desk, done)
    return done


def _log(desk: Desk, done: Reprocessed) -> None:
    words = f"{done.applied} orders changed, {len(done.skipped)} left alone"
    desk.repository.transact(lambda tx: tx.log(entry(desk, "rules reprocessed", detail=words)))


def _apply_all(tx: Writes, diff: Diff, chunk: Sequence[OrderDiff]) -> list[Left | None]:
    """Change some orders together; say of each why it was left alone, if it was."""
    if tx.rules().version != diff.version:
        return [Left.CHANGED] * len(chunk)
    ready = runner(tx)
    held_up = _open_purchases(tx)
    return [
        Left.PURCHASE_OPEN if one.order_id in held_up else _apply(tx, ready, diff, one)
        for one in chunk
    ]


def _apply(tx: Writes, ready: Runner, diff: Diff, shown: OrderDiff) -> Left | None:
    asks = ready.program.asks_of_person
    record = tx.order(shown.order_id) if asks else tx.sealed_order(shown.order_id)
    if record is None or record.order.status is not OrderStatus.AWAITING_SHIPMENT:
        return Left.MOVED_ON
    plan = ready.plan(record, diff.at, over_hands=diff.over_hands)
    if differences(plan) != shown.changes:
        return Left.CHANGED
    tx.put_order(carried_out(plan))
    return None


def _open_purchases(reads: Reads) -> frozenset[OrderId]:
    return frozenset(purchase.order_id for purchase in reads.pending_purchases())
