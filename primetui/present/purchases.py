"""Purchases in words: bought, not bought, or not yet known; one by one and in batches."""

from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.batch import Batch, Entry, EntryState, Limits, Why
from primetui.domain.clearance import Refusal
from primetui.domain.label import Purchase, PurchaseState
from primetui.domain.money import Money
from primetui.present.figures import moment, money, plain, service_name
from primetui.present.labels import label_line
from primetui.present.verdicts import broken_line, refusal
from primetui.usecases.batch_control import Activity, Progress
from primetui.usecases.purchase_label import (
    NotBought,
    Outcome,
    OverLimit,
    Purchased,
    Unresolved,
)
from primetui.usecases.reconcile_purchases import Dropped, Found, Settlement, StillUnknown


def outcome(result: Outcome, zone: ZoneInfo) -> str:
    """Say what came of a purchase: bought, not bought, or not yet known."""
    match result:
        case Purchased(label=label, already=True):
            return f"Bought before, nothing bought now: {label_line(label)}."
        case Purchased(label=label):
            return f"Bought: {label_line(label)}."
        case NotBought(reason=reason):
            return f"Not bought. {plain(reason)}"
        case OverLimit(charge=charge, limit=limit):
            return f"Not bought: it costs {money(charge)}, the limit is {money(limit)}."
        case Unresolved(reason=reason):
            return f"Not yet known whether it was bought. {plain(reason)} Run reconcile."
        case Refusal():
            return f"Not bought: refused.\n{refusal(result, zone)}"


def settlement(result: Settlement, zone: ZoneInfo) -> str:
    """Say what became of a purchase that was not settled."""
    order_id = result.purchase.order_id
    match result:
        case Found(label=label):
            return f"{order_id}: it was bought: {label_line(label)}."
        case Dropped(reason=reason):
            return f"{order_id}: it was not bought. {plain(reason)}"
        case StillUnknown(reason=reason, ask_again_at=at):
            again = f" Ask again after {moment(at, zone)}." if at else ""
            return f"{order_id}: not yet known whether it was bought. {plain(reason)}{again}"


def sums(amounts: tuple[Money, ...]) -> str:
    """Write totals, one a currency: `81.20 USD + 3.10 GBP`."""
    return " + ".join(money(amount) for amount in amounts) or "nothing"


def batch_entry(entry: Entry, limits: Limits, zone: ZoneInfo) -> str:
    """Say where one order of a batch stands: bought, not bought, not yet known, or not begun."""
    chosen = entry.chosen
    offer = (
        f"{service_name(chosen.carrier, chosen.service)}, {money(chosen.charge)}" if chosen else ""
    )
    note = plain(entry.note)
    if entry.state is EntryState.REFUSED:
        return f"Not bought: {_batch_refusal(entry, limits, zone)}"
    tracking = plain(entry.tracking_id)
    return {
        EntryState.QUEUED: f"{offer}. {note}" if note else offer,
        EntryState.BUYING: f"Being bought: {offer}",
        EntryState.BOUGHT: f"Bought: {offer}, tracking {tracking}",
        EntryState.UNKNOWN: f"Not yet known whether it was bought. {note}",
        EntryState.NOT_BOUGHT: f"Not bought. {note}",
        EntryState.SKIPPED: note or f"Has its label already: tracking {tracking}",
    }[entry.state]


def _batch_refusal(entry: Entry, limits: Limits, zone: ZoneInfo) -> str:
    shown = money(entry.chosen.charge) if entry.chosen else "nothing"
    match entry.why:
        case Why.DEARER:
            asked = money(entry.asked) if entry.asked else "more"
            return f"it costs {asked} now, {shown} was shown. Retry shows the new price."
        case Why.OVER_LABEL_LIMIT:
            return f"it costs {shown}, the limit for a label is {sums(limits.per_label)}."
        case Why.OVER_BATCH_LIMIT:
            return f"it costs {shown}, and the limit of {sums(limits.in_all)} has no room for it."
        case Why.VIOLATIONS:
            return " ".join(broken_line(broken, zone) for broken in entry.broken)
        case _:
            return plain(entry.note)


def batch_summary(batch: Batch) -> str:
    """Count the entries of a batch by state: `2 bought, 1 refused`."""
    counts = ((state, batch.counts.get(state, 0)) for state in EntryState)
    return ", ".join(f"{number:,} {state.replace('-', ' ')}" for state, number in counts if number)


def batch_progress(progress: Progress) -> str:
    """Say what a batch is doing."""
    place = f"{progress.number:,} of {progress.count:,}, {plain(progress.order_id)}"
    match progress.activity:
        case Activity.RATING:
            return f"Fetching rates: {place}"
        case Activity.SETTLING:
            return f"Finding out what became of {place}"
        case Activity.BUYING:
            return f"Buying {place}, at the pace the provider allows"
        case Activity.WAITING:
            return f"Waiting {ceil(progress.wait_seconds)} s, as the provider asks: {place}"


_PURCHASE_WORDS: Final = {
    PurchaseState.INTENT: "written down, not sent",
    PurchaseState.SENT: "sent, no answer yet",
    PurchaseState.UNKNOWN: "sent, answer not known: reconcile",
    PurchaseState.POSTED: "bought",
    PurchaseState.VOIDED: "not bought",
}


def purchase_state(purchase: Purchase) -> str:
    """Name the state of a purchase."""
    return _PURCHASE_WORDS[purchase.state]
