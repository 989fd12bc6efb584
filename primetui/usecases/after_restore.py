"""After a restore: the documents are in the past, and nothing is bought before they have caught up.

What was bought after the backup was made is in no journal here. It shows in the marketplace's own
list of packages, which may be late: so every store is imported again, and the grace passes in
which a late listing can turn up, before the next label is bought (R21).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from primetui.domain.chore import Chore, Job, due_at
from primetui.domain.policy import Policy
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreKind
from primetui.ports import Desk, Reads, Writes
from primetui.usecases.forget_buyers import Forgetting, due_orders, forget_buyers
from primetui.usecases.open_record import entry


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Nothing may be bought yet after a restore."""

    until: datetime
    """The earliest moment at which it may."""
    not_imported: tuple[str, ...]
    """Names of stores that must be imported again before."""

    @property
    def reason(self) -> str:
        """Say why nothing is bought, and until when."""
        parts = [f"until {self.until:%H:%M} UTC"]
        if self.not_imported:
            parts.append(f"before these stores were imported again: {', '.join(self.not_imported)}")
        return (
            f"These documents were restored from a backup: nothing is bought "
            f"{' and '.join(parts)}. What was bought since may not be listed yet."
        )


def settle_in(desk: Desk, backup_made_at: datetime, forgotten: Iterable[OrderId]) -> Forgetting:
    """Mark restored documents as such, and forget again who was forgotten since, or is due."""
    stamp = f"the backup of {backup_made_at:%Y-%m-%d %H:%M:%S} UTC"
    chore = Chore(job=Job.RESTORE, at=desk.clock.now(), by=desk.operator, detail=stamp)

    def write(tx: Writes) -> None:
        tx.put_chore(chore)
        tx.log(entry(desk, "restored", detail=stamp))

    desk.repository.transact(write)
    named = dict.fromkeys((*forgotten, *due_orders(desk)))
    return forget_buyers(desk, named)


def held_back(reads: Reads, policy: Policy, now: datetime) -> HeldBack | None:
    """Tell whether buying waits because the documents were restored; None when it does not."""
    restored = reads.chore(Job.RESTORE)
    if restored is None:
        return None
    until = due_at(restored.at, policy.answer_grace, now)
    behind = tuple(
        store.name
        for store in reads.stores()
        if store.active
        and store.kind is not StoreKind.MANUAL
        and (store.last_import is None or store.last_import.at <= restored.at)
    )
    return HeldBack(until, behind) if behind or until > now else None
