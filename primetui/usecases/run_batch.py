"""Run a batch: buy its queued entries one after another, each step on disk before its effect (R21).

Every purchase goes through `purchase_label`, with the entry's shown charge as its limit. An
entry that a crash left in the middle is settled by reconcile first: nothing is bought blind.
"""

from typing import Final

from primetui.domain.batch import (
    RETRYABLE,
    Batch,
    BatchId,
    Entry,
    EntryState,
    Limits,
    Why,
)
from primetui.domain.clearance import Refusal
from primetui.domain.label import Label, Purchase
from primetui.domain.violations import RateExpired, RateForAnotherShipment
from primetui.errors import Busy, ConfigError
from primetui.ports import Desk, Writes
from primetui.usecases.batch_control import Activity, Control
from primetui.usecases.open_record import entry as audit_entry
from primetui.usecases.open_record import open_record
from primetui.usecases.plan_batch import hold, keep, progress, rate_entries, rate_entry, violated
from primetui.usecases.purchase_label import (
    NotBought,
    Outcome,
    OverLimit,
    Purchased,
    Unresolved,
    purchase_label,
)
from primetui.usecases.reconcile_purchases import StillUnknown, reconcile_purchases

MOST_RATINGS: Final = 3
"""How often an entry is rated anew for a fresh look that found its rate stale."""

MOST_UNKNOWN_IN_A_ROW: Final = 3
"""After so many answers that never came, one after another, a batch stops by itself."""


def run_batch(desk: Desk, batch_id: BatchId, control: Control) -> Batch:
    """Buy what is queued, in order, until it is done or `control` says to stop.

    Raises Busy while somebody else runs the batch. An error of the repository ends the run;
    running it again goes on from what is on disk.
    """
    with desk.repository.lease(batch_id, desk.operator):
        batch = keep(desk, batch_id, lambda tx, kept: _begun(desk, tx, kept))
        batch = _settle(desk, batch, control)
        unknown_in_a_row = 0
        while unknown_in_a_row < MOST_UNKNOWN_IN_A_ROW and control.go_on():
            queued = batch.of(EntryState.QUEUED)
            if not queued:
                break
            batch = _advance(desk, batch, queued[0], control)
            lost = batch.entry(queued[0].order_id).state is EntryState.UNKNOWN
            unknown_in_a_row = unknown_in_a_row + 1 if lost else 0
        desk.repository.transact(
            lambda tx: tx.log(audit_entry(desk, "batch rests", detail=batch_id))
        )
        return batch


def settle_batch(desk: Desk, batch_id: BatchId, control: Control) -> Batch:
    """Find out what became of entries whose outcome is not known; buys nothing."""
    with desk.repository.lease(batch_id, desk.operator):
        batch = keep(desk, batch_id, lambda _, kept: kept)
        return _settle(desk, batch, control)


def retry_batch(
    desk: Desk, batch_id: BatchId, control: Control, limits: Limits | None = None
) -> Batch:
    """Rate anew and queue again what certainly did not happen; buys nothing.

    What is not known is settled first, and stays out while it is not. Whatever `control` raises
    leaves the batch as it was.
    """
    with desk.repository.lease(batch_id, desk.operator):
        batch = keep(desk, batch_id, lambda _, kept: _limited(kept, limits))
        batch = _settle(desk, batch, control)
        rated = rate_entries(desk, batch, batch.of(*RETRYABLE), control).within_limits()

        def write(tx: Writes, _: Batch) -> Batch:
            tx.log(audit_entry(desk, "batch retried", detail=batch_id))
            return rated

        return keep(desk, batch_id, write)


def limit_batch(desk: Desk, batch_id: BatchId, limits: Limits) -> Batch:
    """Set what may be spent; what is queued above it is refused, and retry asks for it again."""
    with desk.repository.lease(batch_id, desk.operator):
        return keep(desk, batch_id, lambda _, kept: _limited(kept, limits).within_limits())


def close_batch(desk: Desk, batch_id: BatchId) -> Batch:
    """Give up what is queued; what is not known stays to be settled."""
    with desk.repository.lease(batch_id, desk.operator):

        def write(tx: Writes, batch: Batch) -> Batch:
            for entry in batch.of(EntryState.QUEUED):
                note = f"Given up by {desk.operator}."
                batch = batch.put(entry.step(EntryState.SKIPPED, note=note))
            tx.log(audit_entry(desk, "batch given up", detail=batch_id))
            return batch

        return keep(desk, batch_id, write)


def _begun(desk: Desk, tx: Writes, batch: Batch) -> Batch:
    tx.log(audit_entry(desk, "batch run", detail=batch.id))
    return batch.model_copy(update={"started_at": batch.started_at or desk.clock.now()})


def _limited(batch: Batch, limits: Limits | None) -> Batch:
    return batch if limits is None else batch.model_copy(update={"limits": limits})


def _write(desk: Desk, batch: Batch, entry: Entry) -> Batch:
    return keep(desk, batch.id, lambda _, kept: kept.put(entry))


# --- Buying -----------------------------------------------------------------------------------


def _advance(desk: Desk, batch: Batch, entry: Entry, control: Control) -> Batch:
    """Take one queued entry as far as it goes now."""
    control.tell(progress(batch, entry, Activity.BUYING))
    if _is_stale(desk, entry):
        fresh = _rated_again(desk, batch, entry, control)
        if fresh.state is EntryState.QUEUED and fresh.chosen == entry.chosen:
            return batch
        batch, entry = _write(desk, batch, fresh), fresh
    if entry.state is not EntryState.QUEUED:
        return batch
    batch = keep(desk, batch.id, lambda tx, kept: _claimed(tx, kept, entry))
    entry = batch.entry(entry.order_id)
    if entry.state is not EntryState.BUYING:
        return batch
    ended, wait_seconds = _buy(desk, entry)
    batch = _write(desk, batch, ended)
    if wait_seconds > 0:
        hold(batch, ended, control, wait_seconds)
    return batch


def _is_stale(desk: Desk, entry: Entry) -> bool:
    """Tell whether the shown offer is gone, over, or for another draft."""
    offers = desk.repository.offers(entry.order_id)
    rate = offers.rate(entry.chosen.rate_id) if offers and entry.chosen else None
    if rate is None or rate.expires_at <= desk.clock.now():
        return True
    try:
        shipment = open_record(desk, entry.order_id).shipment
    except ConfigError:
        return False
    return rate.shipment_fingerprint != shipment.fingerprint


def _rated_again(desk: Desk, batch: Batch, entry: Entry, control: Control) -> Entry:
    """Rate an entry anew; what became dearer than what was shown is not agreed to."""
    fresh = rate_entry(desk, batch, entry, control)
    shown = entry.chosen.charge if entry.chosen else None
    if fresh.state is not EntryState.QUEUED or fresh.chosen is None or fresh.chosen == entry.chosen:
        return fresh
    asked = fresh.chosen.charge
    if shown is None or asked.currency != shown.currency or shown < asked:
        return entry.refused(Why.DEARER, asked=asked)
    return fresh


def _claimed(tx: Writes, batch: Batch, entry: Entry) -> Batch:
    """Write down that an entry is being bought, if the limit has room for its charge."""
    charge = entry.chosen.charge if entry.chosen else None
    if charge is None or not batch.has_room(charge):
        return batch.put(entry.refused(Why.OVER_BATCH_LIMIT))
    if not batch.limits.allow_label(charge):
        return batch.put(entry.refused(Why.OVER_LABEL_LIMIT))
    journal = len(tx.purchases(entry.order_id))
    return batch.put(entry.step(EntryState.BUYING, journal_before=journal))


def _buy(desk: Desk, entry: Entry) -> tuple[Entry, float]:
    """Buy at no more than was shown; give what became of it and the pause the provider asks for."""
    if entry.chosen is None:
        raise ValueError("an entry that was never rated is not bought")
    rate_id, charge = entry.chosen.rate_id, entry.chosen.charge
    try:
        outcome = purchase_label(desk, entry.order_id, rate_id, max_charge=charge)
    except Busy as busy:
        return entry.step(EntryState.NOT_BOUGHT, note=str(busy)), 0.0
    except ConfigError as error:
        return entry.refused(Why.OTHER, note=str(error)), 0.0
    return _ended(desk, entry, outcome), getattr(outcome, "wait_seconds", 0.0)


def _ended(desk: Desk, entry: Entry, outcome: Outcome) -> Entry:
    """Say what an outcome means for the entry; a pause that is asked for leaves it queued."""
    match outcome:
        case Purchased(label=label):
            return _labelled(desk, entry, label)
        case Unresolved(reason=reason):
            return entry.step(EntryState.UNKNOWN, note=reason)
        case OverLimit(charge=charge):
            return entry.refused(Why.DEARER, asked=charge)
        case Refusal():
            return _refused(entry, outcome)
        case NotBought(reason=reason, wait_seconds=seconds):
            state = EntryState.QUEUED if seconds > 0 else EntryState.NOT_BOUGHT
            return entry.step(state, note=reason)


def _refused(entry: Entry, refusal: Refusal) -> Entry:
    """Refuse an entry, unless only its rate is stale: then it is rated anew."""
    stale = all(isinstance(x, RateExpired | RateForAnotherShipment) for x in refusal.blocking)
    if not stale or entry.chosen is None or entry.rated_again >= MOST_RATINGS:
        return violated(entry, refusal.violations)
    anew = entry.chosen.model_copy(update={"rate_id": ""})
    return entry.step(EntryState.QUEUED, chosen=anew, rated_again=entry.rated_again + 1)


def _labelled(desk: Desk, entry: Entry, label: Label) -> Entry:
    """Take a label as bought by this entry if its purchase began after the entry's own."""
    ours = {purchase.id for purchase in _later(desk, entry)}
    named = {"label_id": label.id, "tracking_id": label.tracking_id}
    if label.purchase_id in ours:
        return entry.step(EntryState.BOUGHT, paid=label.charge, **named)
    return entry.step(EntryState.SKIPPED, **named)


def _later(desk: Desk, entry: Entry) -> tuple[Purchase, ...]:
    """Give the order's purchases that began after the entry's buying did."""
    return desk.repository.purchases(entry.order_id)[entry.journal_before :]


# --- Settling ---------------------------------------------------------------------------------


def _settle(desk: Desk, batch: Batch, control: Control) -> Batch:
    """Settle what a crash, or an answer that never came, left open."""
    for entry in batch.of(EntryState.BUYING, EntryState.UNKNOWN):
        control.tell(progress(batch, entry, Activity.SETTLING))
        settled = reconcile_purchases(desk, entry.order_id)
        open_still = next((s for s in settled if isinstance(s, StillUnknown)), None)
        if open_still is not None:
            further = entry.step(EntryState.UNKNOWN, note=open_still.reason)
        else:
            further = _as_the_journal_says(desk, entry)
        batch = _write(desk, batch, further)
    return batch


def _as_the_journal_says(desk: Desk, entry: Entry) -> Entry:
    """Read from the order's journal, all of it settled, what became of an entry."""
    later = _later(desk, entry)
    labels = desk.repository.labels(entry.order_id)
    ours = {purchase.label_id for purchase in later}
    bought = next((label for label in labels if label.id in ours), None)
    if bought is None:
        bought = next((label for label in reversed(labels) if label.is_live), None)
    if bought is not None:
        return _labelled(desk, entry, bought)
    if entry.state is EntryState.BUYING and not any(p.sent_at for p in later):
        return entry.step(EntryState.QUEUED)
    note = later[-1].steps[-1].note if later else "The earlier purchase was not made either."
    return entry.step(EntryState.NOT_BOUGHT, note=note)
