"""Keep working: what a home does by itself, each thing when it is due, one step at a time.

When something was done last is read from the documents wherever they say it, so that a worker, a
timer and a console on one home do not do it twice.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import final

from primetui.domain.chore import Job, due_at, is_due
from primetui.domain.store import Store, StoreId, StoreKind
from primetui.errors import PrimeTUIError, RepositoryError
from primetui.ports import Desk
from primetui.usecases.forget_buyers import Forgetting, forget_due
from primetui.usecases.import_orders import Imported, import_orders
from primetui.usecases.look_after import LookedAfter, look_after, open_orders
from primetui.usecases.purge_orders import Purged, purge_orders


class Task(StrEnum):
    """What a worker does."""

    LOOK_AFTER = "look-after"
    """Settle unknown purchases and voids, tell the marketplaces, look whether they know."""
    IMPORT = "import"
    FORGET = "forget"
    """Forget the buyers whose time is over (R23)."""
    PURGE = "purge"
    """Remove the orders that are too old to be kept (R23)."""


Result = Imported | LookedAfter | Forgetting | Purged | PrimeTUIError
"""What a step came to; an error is one step's own and ends no other."""

Step = Callable[[], Result]


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done, and what came of it."""

    task: Task
    result: Result

    @property
    def failed(self) -> bool:
        """It could not be done, or not to its end."""
        if isinstance(self.result, Imported):
            return bool(self.result.failure)
        return isinstance(self.result, PrimeTUIError)

    @property
    def is_news(self) -> bool:
        """Something changed, or could not be done: worth a line in the log."""
        match self.result:
            case Imported(report=report, failure=failure):
                return bool(failure or report.added or report.updated or report.errors)
            case LookedAfter():
                return self.result.is_news
            case Forgetting(outcomes=outcomes):
                return bool(outcomes)
            case Purged(orders=orders, waits=waits):
                return bool(orders or waits)
            case PrimeTUIError():
                return True


@final
class Stopped(PrimeTUIError):
    """The worker was asked to stop; what was done by then is kept."""


class Worker:
    """Does what is due on one home.

    Args:
        desk: what it works with.
        asked_to_stop: asked between two steps, and between two pages of an import; never in the
            middle of anything that must be written down.
        tasks: what of it to do; somebody else does the rest.
        begun: told of every step before it is done.
    """

    def __init__(
        self,
        desk: Desk,
        asked_to_stop: Callable[[], bool],
        tasks: Iterable[Task] = Task,
        *,
        begun: Callable[[Task], object] = lambda _task: None,
    ) -> None:
        self._desk = desk
        self._asked_to_stop = asked_to_stop
        self._tasks = frozenset(tasks)
        self._begun = begun
        self._looked_at: datetime | None = None
        self._tried: dict[StoreId | Job, datetime] = {}
        """When what was tried last, also where that could not be written down."""
        self._told: frozenset[str] = frozenset()
        """What is wrong with stores, so that it is said once and not each minute."""

    def round(self) -> Iterator[Done]:
        """Do all that is due now, money first; whatever fails, the rest is done."""
        yield from self._do(Task.LOOK_AFTER, self._looks())
        yield from self._do(Task.IMPORT, self._imports())
        yield from self._do(Task.FORGET, self._chore(Job.FORGET, self._forget))
        yield from self._do(Task.PURGE, self._chore(Job.PURGE, partial(purge_orders, self._desk)))

    def next_at(self) -> datetime:
        """Tell when something is due again; in a minute at the latest, since things change."""
        now, policy = self._desk.clock.now(), self._desk.policy
        soonest = [due_at(self._looked_at, policy.look_every, now)]
        try:
            soonest += [self._import_at(store, now) for store in self._active_stores()]
            soonest += [self._chore_at(job, now) for job in (Job.FORGET, Job.PURGE)]
        except RepositoryError:
            return now + policy.look_every
        return min(*soonest, now + policy.look_every)

    def _do(self, task: Task, steps: Iterator[Step]) -> Iterator[Done]:
        while task in self._tasks and not self._asked_to_stop():
            try:
                step = next(steps, None)
                if step is None:
                    return
                self._begun(task)
                result = step()
            except Stopped:
                return
            except PrimeTUIError as error:
                result = error
            yield Done(task, result)

    def _looks(self) -> Iterator[Step]:
        """Look after each order that something is open of."""
        now = self._desk.clock.now()
        if not is_due(self._looked_at, self._desk.policy.look_every, now):
            return
        self._looked_at = now
        for order_id in open_orders(self._desk):
            yield partial(look_after, self._desk, order_id)

    def _imports(self) -> Iterator[Step]:
        """Import each store nobody has imported of late; ask again once its turn has come."""
        for listed in self._active_stores():
            store, now = self._desk.repository.store(listed.id), self._desk.clock.now()
            if store is not None and store.active and self._import_at(store, now) <= now:
                self._tried[store.id] = now
                yield partial(self._import, store)
        unreadable = frozenset(self._desk.repository.unreadable_stores())
        for wrong in unreadable - self._told:
            yield partial(RepositoryError, f"{wrong} Its orders are not imported.")
        self._told = unreadable

    def _chore(self, job: Job, do: Step) -> Iterator[Step]:
        """Do a chore, unless somebody has done it of late."""
        now = self._desk.clock.now()
        if self._chore_at(job, now) <= now:
            self._tried[job] = now
            yield do

    def _forget(self) -> Forgetting:
        return forget_due(self._desk, self._stop_between)

    def _import(self, store: Store) -> Imported:
        (done,) = import_orders(self._desk, store.id, progress=self._stop_between)
        return done

    def _stop_between(self, *_seen: object) -> None:
        """Stop between two pages, or two orders."""
        if self._asked_to_stop():
            raise Stopped("Stopped; what was done by then is kept.")

    def _active_stores(self) -> list[Store]:
        """List the stores to import; a manual one's orders come when somebody brings a file."""
        stores = self._desk.repository.stores()
        return [one for one in stores if one.active and one.kind is not StoreKind.MANUAL]

    def _import_at(self, store: Store, now: datetime) -> datetime:
        """Tell when a store is to be imported again, by whoever imported it last."""
        every = self._desk.policy.import_every
        imported_at = store.last_import.at if store.last_import else None
        return max(due_at(last, every, now) for last in (imported_at, self._tried.get(store.id)))

    def _chore_at(self, job: Job, now: datetime) -> datetime:
        """Tell when a chore is to be done again, by whoever did it last."""
        policy = self._desk.policy
        every = policy.forget_every if job is Job.FORGET else policy.purge_every
        done = self._desk.repository.chore(job)
        lasts = (done.at if done else None, self._tried.get(job))
        return max(due_at(last, every, now) for last in lasts)
