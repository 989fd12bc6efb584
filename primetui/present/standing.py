"""Where things stand, in words: done, not done, or not yet known and what is done about it."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.clearance import Refusal
from primetui.domain.label import Label, LabelState, LabelStep, Purchase, PurchaseState, Step
from primetui.domain.notice import Notice, NoticeState
from primetui.errors import Busy, ConfigError, NotDone, PrimeTUIError
from primetui.ports import AuditEntry
from primetui.present.figures import count, moment, money, plain, service_name, time_left
from primetui.present.labels import label_line, notice_state, refund_news, void_outcome
from primetui.present.purchases import outcome, settlement
from primetui.present.verdicts import refusal
from primetui.usecases.look_after import LookedAfter, StillOpen
from primetui.usecases.purchase_label import Outcome, Purchased


def still_open(found: StillOpen, again_at: datetime | None, zone: ZoneInfo) -> str:
    """Say in one line what is not known yet, and when it is looked at again; blank for nothing."""
    unknown = []
    if found.purchases:
        unknown.append(f"{count(found.purchases, 'purchase')} not yet known")
    if found.voids:
        unknown.append(f"{count(found.voids, 'void')} not yet known")
    parts = [", ".join(unknown)] if unknown else []
    if unknown and again_at is not None:
        parts = [f"{parts[0]}: looking again at {again_at.astimezone(zone):%H:%M}"]
    if found.failed_notices:
        parts.append(f"{count(found.failed_notices, 'notice')} in need of a person: n")
    if found.batches:
        several = "batches" if found.batches > 1 else "batch"
        parts.append(f"{found.batches:,} {several} unfinished: B")
    return ". ".join(parts)


def looked_after(result: LookedAfter, zone: ZoneInfo) -> str:
    """Say what a look changed."""
    words = [settlement(one, zone) for one in result.purchases]
    words += [f"{plain(one.label.order_id)}: {void_outcome(one)}" for one in result.voids]
    words += [f"{plain(one.order_id)}: {refund_news(one)}" for one in result.refunds]
    words += [f"{plain(one.order_id)}: {notice_news(one)}" for one in result.notices]
    return " ".join(words)


def notice_news(notice: Notice) -> str:
    """Say what came of a notice."""
    name = f"{plain(notice.carrier)} {plain(notice.tracking_id)}"
    match notice.state:
        case NoticeState.VERIFIED:
            return f"the marketplace lists {name}."
        case NoticeState.WITHDRAWN:
            return f"the marketplace is not told of {name}. {plain(notice.reason)}"
        case NoticeState.FAILED:
            return f"the marketplace was not told of {name}. {plain(notice.reason)}"
        case NoticeState.SENT:
            return f"the marketplace took {name}; it is looked up later."
        case NoticeState.QUEUED:
            return f"not yet known to the marketplace: {name}. {plain(notice.reason)}"


def notice_next(notice: Notice, now: datetime) -> str:
    """Say in how long something is done about a notice: `in 5m 00s`."""
    if not notice.is_open:
        return "–"
    return "now" if notice.is_due(now) else f"in {time_left(notice.next_at, now)}"


def notice_standing(notice: Notice, now: datetime, zone: ZoneInfo) -> str:
    """Say where a notice stands, and until when it is held back."""
    if notice.state is NoticeState.QUEUED and not notice.may_be_known and notice.due_at > now:
        return f"held back until {moment(notice.due_at, zone)}"
    return notice_state(notice)


def pending_purchase(purchase: Purchase, zone: ZoneInfo) -> str:
    """Say that a purchase is not settled, whose it is, and since when."""
    last = purchase.steps[-1]
    name = service_name(purchase.rate.carrier, purchase.rate.service)
    what = f"{name}, {money(purchase.charge)}"
    if purchase.state is PurchaseState.UNKNOWN:
        return f"Not yet known whether it was bought: {what}. {plain(last.note)}".rstrip()
    by, since = plain(last.by), moment(last.at, zone)
    return f"Purchase in progress by {by} since {since}: {what}."


def purchase_remedy(purchase: Purchase) -> str:
    """Say what is done about a purchase that is not settled."""
    if purchase.state is PurchaseState.UNKNOWN:
        return "It is looked at again by itself. x asks now; a tells what you found yourself."
    return "Wait for it. If nobody is at it any more, x settles it."


VOID_REMEDY: Final = "v gives it back; the refund follows in the provider's own time."
VOIDING: Final = "Not yet known whether it was voided; it counts as live. x asks again."

_STEP_WORDS: Final = {
    PurchaseState.INTENT: "written down",
    PurchaseState.SENT: "sent",
    PurchaseState.UNKNOWN: "not known",
    PurchaseState.POSTED: "bought",
    PurchaseState.VOIDED: "not bought",
}
_LABEL_STEP_WORDS: Final = {
    LabelState.LIVE: "live again",
    LabelState.VOIDING: "void asked",
    LabelState.VOIDED: "voided",
}


def purchase_step(step: Step, zone: ZoneInfo) -> str:
    """Write one step of a purchase: when, who, what, why."""
    return _step(step.at, step.by, _STEP_WORDS[step.state], step.note, zone)


def label_step(step: LabelStep, zone: ZoneInfo) -> str:
    """Write one step of a label's life: when, who, what, why."""
    word = _LABEL_STEP_WORDS[step.state]
    return _step(step.at, step.by, word, "" if step.note == word else step.note, zone)


def audit_step(entry: AuditEntry, zone: ZoneInfo) -> str:
    """Write what was done to the order at hand."""
    return _step(entry.at, entry.by, entry.action, entry.detail, zone)


def _step(at: datetime, by: str, what: str, why: str, zone: ZoneInfo) -> str:
    words = f"{moment(at, zone)}  {plain(by)}  {plain(what)}"
    return f"{words}: {plain(why)}" if why else words


def recorded(result: Outcome, zone: ZoneInfo) -> str:
    """Say what came of recording a label that was bought elsewhere."""
    match result:
        case Purchased(label=label, already=False):
            return f"Recorded: {label_line(label)}."
        case Refusal():
            return f"Not recorded: refused.\n{refusal(result, zone)}"
        case _:
            return outcome(result, zone)


def stopped(doing: str, error: PrimeTUIError) -> str:
    """Say of a deed that ended in an error whether it was done."""
    if isinstance(error, Busy | ConfigError | NotDone):
        return f"Not done: {plain(doing)}. {plain(str(error))}"
    about = "Not yet known what came of it; the journal settles it, nothing is bought twice"
    return f"{about}: {plain(doing)}. {plain(str(error))}"


def stopped_batch(error: PrimeTUIError) -> str:
    """Say of a batch that ended in an error what is bought of it."""
    if isinstance(error, Busy):
        return f"Nothing was bought here: another operator is at it. {plain(str(error))}"
    about = "The batch stopped: each order below says bought, not bought, or not yet known"
    return f"{about}. {plain(str(error))}"


def voiding_label(label: Label) -> str:
    """Say that nobody knows yet what came of a void."""
    return f"{VOIDING} {label_line(label)}"
