"""After a restore: the documents are in the past, and nothing is bought before they have caught up.

What was bought after the backup was made is in no journal here. It shows in the marketplace's own
list of packages, which may be late: so every store is imported again, and the grace passes in
which a late listing can turn up, before the next label is bought (R21).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from primetui.domain.chore import Chore, Job, due_at
from primetui.domain.policy import Policy
from primetui.domain.shipment import OrderId, sold_on_amazon
from primetui.domain.store import StoreKind
from primetui.errors import ConfigError
from primetui.ports import Desk, Reads, Writes
from primetui.usecases.forget_buyers import Forgetting, due_orders, forget_buyers
from primetui.usecases.open_record import entry

NOTHING_SINCE: Final = "nothing bought since the backup"
"""How the audit log calls the word of somebody who looked."""


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


@dataclass(frozen=True, slots=True)
class InDoubt:
    """An order that may have a label no marketplace lists and no journal here knows of."""

    order_id: OrderId

    @property
    def reason(self) -> str:
        """Say why nothing is bought for it, and what to do."""
        return (
            "These documents were restored from a backup, and no marketplace lists the labels of "
            f"order {self.order_id}: one may have been bought since. Look in Amazon Shipping; if "
            "there is one, record it with label add, if not, say so: "
            f"primetui reconcile {self.order_id} --not-bought."
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


def waits(
    reads: Reads, policy: Policy, order_id: OrderId, now: datetime
) -> HeldBack | InDoubt | None:
    """Tell whether buying for one order waits because the documents were restored."""
    return held_back(reads, policy, now) or in_doubt(reads, policy, order_id)


def in_doubt(reads: Reads, policy: Policy, order_id: OrderId) -> InDoubt | None:
    """Tell whether a person must look for a label of this order before one is bought.

    An order of Amazon's is listed there with its packages, one placed after the restore has no
    past; a clock elsewhere may be ahead, by less than the grace.
    """
    restored = reads.chore(Job.RESTORE)
    if restored is None or sold_on_amazon(order_id):
        return None
    record = reads.sealed_order(order_id)
    if record is not None and record.order.purchased_at > restored.at + policy.answer_grace:
        return None
    answers = (one.at for one in reads.audit(order_id) if one.action == NOTHING_SINCE)
    return None if any(at >= restored.at for at in answers) else InDoubt(order_id)


def nothing_bought_since(desk: Desk, order_id: OrderId) -> bool:
    """Take somebody's word that an order in doubt has no label; False when it is in no doubt.

    Raises ConfigError while the grace runs: what was bought just before may not show yet.
    """
    if in_doubt(desk.repository, desk.policy, order_id) is None:
        return False
    restored, now = desk.repository.chore(Job.RESTORE), desk.clock.now()
    until = due_at(restored.at if restored else None, desk.policy.answer_grace, now)
    if until > now:
        raise ConfigError(f"It is too early to say: look again at {until:%H:%M} UTC.")
    said = f"{desk.operator} says: nothing was bought since the backup"
    desk.repository.transact(lambda tx: tx.log(entry(desk, NOTHING_SINCE, order_id, said)))
    return True
