"""What is never cancelled: what costs money or tells a marketplace, reported to the app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from textual.message import Message

from primetui import present
from primetui.domain.batch import Batch, EntryState
from primetui.domain.money import Money
from primetui.domain.notice import NoticeState
from primetui.domain.shipment import OrderId
from primetui.errors import PrimeTUIError
from primetui.ports import Desk
from primetui.present import rules
from primetui.tui.batch_run import BatchRun
from primetui.tui.widgets.columns import Tone
from primetui.tui.work import Failed, Work
from primetui.usecases.after_failure import stopped_purchase, stopped_void
from primetui.usecases.answer_purchase import answer_purchase
from primetui.usecases.confirm_shipments import Handled, confirm_shipments, retry_notices
from primetui.usecases.look_after import LookedAfter, look_after
from primetui.usecases.purchase_label import Outcome, Purchased, Unresolved, purchase_label
from primetui.usecases.reconcile_purchases import Settlement, StillUnknown, reconcile_purchases
from primetui.usecases.record_label import TypedLabel, record_label
from primetui.usecases.reprocess_rules import Reprocessed
from primetui.usecases.run_batch import run_batch, settle_batch
from primetui.usecases.void_label import (
    NotVoided,
    Voided,
    VoidOutcome,
    VoidUnresolved,
    settle_voids,
    void_label,
)


@dataclass
class PurchaseEnded(Message):
    """A purchase came to its end."""

    order_id: OrderId
    outcome: Outcome


@dataclass
class VoidEnded(Message):
    """A void came to its end."""

    order_id: OrderId
    outcome: Voided | NotVoided | VoidUnresolved


@dataclass
class PurchasesSettled(Message):
    """Pending purchases and voids were asked after."""

    settlements: tuple[Settlement, ...]
    voids: tuple[VoidOutcome, ...] = ()


@dataclass
class OpenLookedAfter(Message):
    """What is open was looked after, without anybody asking for it."""

    result: LookedAfter


@dataclass
class NoticesHandled(Message):
    """The outbox was worked."""

    results: tuple[Handled, ...]


@dataclass
class LabelRecorded(Message):
    """A label bought elsewhere was recorded, or refused."""

    order_id: OrderId
    outcome: Outcome


@dataclass
class RulesReprocessed(Message):
    """What a difference showed was done, or a part of it."""

    result: Reprocessed


@dataclass
class BatchBroken(Message):
    """A batch stopped with an error."""

    error: PrimeTUIError


@dataclass
class BatchEnded(Message):
    """A batch came to its end, or to rest."""

    batch: Batch


def news(outcome: Message, zone: ZoneInfo) -> tuple[str, Tone]:
    """Say in one line what came of a deed; blank when nothing worth telling did."""
    match outcome:
        case PurchaseEnded(outcome=result):
            return _one_line(present.outcome(result, zone)), _tone(result)
        case VoidEnded(outcome=result):
            return present.void_outcome(result), _tone(result)
        case LabelRecorded(outcome=result):
            return _one_line(present.recorded(result, zone)), _tone(result)
        case BatchEnded() | BatchBroken():
            return _batch_news(outcome)
        case Failed(doing=doing, error=error):
            return present.stopped(doing, error), Tone.BAD
        case _:
            return _news_of_many(outcome, zone)


def _batch_news(outcome: BatchEnded | BatchBroken) -> tuple[str, Tone]:
    if isinstance(outcome, BatchBroken):
        return present.stopped_batch(outcome.error), Tone.BAD
    return f"Batch: {present.batch_summary(outcome.batch)}.", _batch_tone(outcome.batch)


def _news_of_many(outcome: Message, zone: ZoneInfo) -> tuple[str, Tone]:
    """Say what came of a deed about whatever was open."""
    match outcome:
        case PurchasesSettled(settlements=found, voids=voids):
            words = [present.settlement(settlement, zone) for settlement in found]
            words += [f"{void.label.order_id}: {present.void_outcome(void)}" for void in voids]
            unknown = any(isinstance(x, StillUnknown | VoidUnresolved) for x in (*found, *voids))
            return " ".join(words) or "Nothing to settle.", Tone.WARN if unknown else Tone.GOOD
        case OpenLookedAfter(result=result):
            failed = any(notice.state is NoticeState.FAILED for notice in result.notices)
            return present.looked_after(result, zone), Tone.WARN if failed else Tone.GOOD
        case NoticesHandled(results=results):
            words = [
                f"{x.notice.order_id}: {x.busy or present.notice_news(x.notice)}" for x in results
            ]
            return " ".join(words) or "Nothing is due.", _notices_tone(results)
        case RulesReprocessed(result=result):
            told = rules.reprocessed(result)
            return told, Tone.WARN if result.skipped or not result.complete else Tone.GOOD
        case _:
            return "", Tone.PLAIN


def _tone(result: object) -> Tone:
    return _TONES.get(type(result), Tone.BAD)


def _notices_tone(results: tuple[Handled, ...]) -> Tone:
    """Bad news outweighs what is put off, and that the good."""
    if any(x.notice.state is NoticeState.FAILED for x in results):
        return Tone.BAD
    waits = any(x.busy or x.notice.state is NoticeState.QUEUED for x in results)
    return Tone.WARN if waits else Tone.GOOD


_TONES: Final[dict[type[object], Tone]] = {
    Purchased: Tone.GOOD,
    Unresolved: Tone.WARN,
    Voided: Tone.GOOD,
    VoidUnresolved: Tone.WARN,
}
"""What is neither good news nor open is bad news."""


def _batch_tone(batch: Batch) -> Tone:
    """Bad news outweighs what is open, and that the good."""
    if batch.of(EntryState.NOT_BOUGHT, EntryState.REFUSED):
        return Tone.BAD
    return Tone.WARN if batch.is_open else Tone.GOOD


def _one_line(words: str) -> str:
    return " ".join(words.split())


def buying(order_id: OrderId) -> str:
    """Name the purchase for an order."""
    return f"Buying the label for {order_id}"


def voiding(order_id: OrderId) -> str:
    """Name the void for an order."""
    return f"Voiding the label of {order_id}"


def answering(order_id: OrderId) -> str:
    """Name the answer for an order's purchase."""
    return f"Writing down your answer for {order_id}"


def recording(order_id: OrderId) -> str:
    """Name the recording of a label bought elsewhere."""
    return f"Recording the label for {order_id}"


LOOKING: Final = "Looking after what is open"


def buy(desk: Desk, work: Work, order_id: OrderId, rate_id: str, max_charge: Money) -> None:
    """Start a purchase at no more than what was shown and agreed to."""

    def job() -> Message:
        try:
            outcome = purchase_label(desk, order_id, rate_id, max_charge=max_charge)
        except PrimeTUIError as error:
            return PurchaseEnded(order_id, stopped_purchase(desk, order_id, error))
        return PurchaseEnded(order_id, outcome)

    work.deed(job, doing=buying(order_id))


def void(desk: Desk, work: Work, order_id: OrderId) -> None:
    """Start a void."""

    def job() -> Message:
        try:
            return VoidEnded(order_id, void_label(desk, order_id))
        except PrimeTUIError as error:
            outcome = stopped_void(desk, order_id, error)
            return VoidEnded(order_id, outcome) if outcome else Failed(voiding(order_id), error)

    work.deed(job, doing=voiding(order_id))


def batching(batch: Batch) -> str:
    """Name the run of a batch."""
    return f"Buying a batch of {present.count(len(batch.entries), 'order')} ({batch.id[:8]})"


def buy_batch(desk: Desk, work: Work, batch: Batch) -> None:
    """Start or resume a batch; it can be paused, and stopped between two orders."""
    run = BatchRun()
    work.deed(
        lambda: _batch(lambda: run_batch(desk, batch.id, run)), doing=batching(batch), control=run
    )


def settle_open(desk: Desk, work: Work, batch: Batch) -> None:
    """Start finding out what became of a batch's open entries."""
    run = BatchRun()
    work.deed(
        lambda: _batch(lambda: settle_batch(desk, batch.id, run)),
        doing=batching(batch),
        control=run,
    )


def _batch(job: Callable[[], Batch]) -> Message:
    try:
        return BatchEnded(job())
    except PrimeTUIError as error:
        return BatchBroken(error)


def settle(desk: Desk, work: Work, only: OrderId | None = None) -> None:
    """Start asking after pending purchases and voids."""

    def job() -> Message:
        return PurchasesSettled(reconcile_purchases(desk, only), settle_voids(desk, only))

    work.deed(job, doing="Settling purchases")


def answer(desk: Desk, work: Work, order_id: OrderId, tracking_id: str | None) -> None:
    """Write down what an operator found: a tracking number, or None for not bought."""

    def job() -> Message:
        return PurchasesSettled((answer_purchase(desk, order_id, tracking_id=tracking_id),))

    work.deed(job, doing=answering(order_id))


def look_after_open(desk: Desk, work: Work) -> None:
    """Start looking after what is open."""
    work.deed(lambda: OpenLookedAfter(look_after(desk)), doing=LOOKING)


def record(desk: Desk, work: Work, order_id: OrderId, typed: TypedLabel) -> None:
    """Start recording a label bought elsewhere, and tell the marketplace if that is due."""

    def job() -> Message:
        outcome = record_label(desk, order_id, typed)
        if isinstance(outcome, Purchased) and not outcome.already:
            confirm_shipments(desk, order_id)
        return LabelRecorded(order_id, outcome)

    work.deed(job, doing=recording(order_id))


def send_due(desk: Desk, work: Work) -> None:
    """Start telling the marketplaces what is due."""
    work.deed(lambda: NoticesHandled(confirm_shipments(desk)), doing="Telling the marketplaces")


def retry_notice(desk: Desk, work: Work, order_id: OrderId, carrier: str | None = None) -> None:
    """Start telling the marketplace of one order again, perhaps under another carrier's name."""

    def job() -> Message:
        retry_notices(desk, order_id, carrier=carrier)
        return NoticesHandled(confirm_shipments(desk, order_id))

    work.deed(job, doing=f"Telling the marketplace of {order_id}")
