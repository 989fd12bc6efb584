"""Go on with an import that broke off: at the page it had come to, not at the first (R22).

A first import of Amazon's orders is given one page every three minutes. Where it had come to is
written down after each page that is kept; what is read twice changes nothing.
"""

from datetime import datetime, timedelta
from typing import Final

from primetui.domain.policy import Policy
from primetui.domain.store import ImportWalk, Store, StoreId
from primetui.ports import Desk, Writes

LIFE: Final = timedelta(hours=20)
"""How long a mark is gone on with; Amazon's end after a day."""


def begin_walk(store: Store, policy: Policy, now: datetime) -> ImportWalk:
    """Take up the walk that broke off, or begin where everything before has been read."""
    walk = store.import_walk
    if walk is not None and now - walk.begun_at < LIFE:
        return walk
    since = (
        store.imported_until - policy.import_overlap
        if store.imported_until
        else now - policy.first_import_reach
    )
    return ImportWalk(since=since, mark="", begun_at=now)


def go_on(walk: ImportWalk, mark: str, newest: datetime | None, *, had_errors: bool) -> ImportWalk:
    """Note the page that comes next; the last one has none."""
    return walk.model_copy(update={"mark": mark, "newest": newest, "had_errors": had_errors})


def keep_walk(desk: Desk, store_id: StoreId, walk: ImportWalk | None) -> None:
    """Write down where the walk goes on; one that has no next page needs no note."""
    wanted = walk if walk is not None and walk.mark else None

    def write(tx: Writes) -> None:
        store = tx.store(store_id)
        if store is not None:
            tx.put_store(store.model_copy(update={"import_walk": wanted}))

    before = desk.repository.store(store_id)
    if before is not None and before.import_walk != wanted:
        desk.repository.transact(write)
