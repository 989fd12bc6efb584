"""What is never cancelled: buying and voiding, started here and reported to the app."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from textual.message import Message

from primetui import present
from primetui.domain.batch import Batch, EntryState
from primetui.domain.money import Money
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.tui.batch_run import BatchRun
from primetui.tui.widgets.columns import Tone
from primetui.tui.work import Failed, Work
from primetui.usecases.purchase_label import Outcome, Purchased, Unresolved, purchase_label
from primetui.usecases.reconcile_purchases import Settlement, StillUnknown, reconcile_purchases
from primetui.usecases.run_batch import run_batch, settle_batch
from primetui.usecases.void_label import NotVoided, Voided, VoidUnresolved, void_label


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
    """Pending purchases were looked after."""

    settlements: tuple[Settlement, ...]


@dataclass
class BatchEnded(Message):
    """A batch came to its end, or to rest."""

    batch: Batch


def news(outcome: Message, zone: ZoneInfo) -> tuple[str, Tone]:
    """Say in one line what came of a deed."""
    match outcome:
        case PurchaseEnded(outcome=result):
            return _one_line(present.outcome(result, zone)), _TONES.get(type(result), Tone.BAD)
        case VoidEnded(outcome=result):
            return present.void_outcome(result), _TONES.get(type(result), Tone.BAD)
        case PurchasesSettled(settlements=found):
            words = " ".join(present.settlement(settlement, zone) for settlement in found)
            unknown = any(isinstance(settlement, StillUnknown) for settlement in found)
            return words or "Nothing to settle.", Tone.WARN if unknown else Tone.GOOD
        case BatchEnded(batch=batch):
            return f"Batch: {present.batch_summary(batch)}.", _batch_tone(batch)
        case Failed(error=error):
            return str(error), Tone.BAD
        case _:
            return "", Tone.PLAIN


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


def buy(desk: Desk, work: Work, order_id: OrderId, rate_id: str, max_charge: Money) -> None:
    """Start a purchase at no more than what was shown and agreed to."""

    def job() -> Message:
        outcome = purchase_label(desk, order_id, rate_id, max_charge=max_charge)
        return PurchaseEnded(order_id, outcome)

    work.deed(job, doing=buying(order_id))


def void(desk: Desk, work: Work, order_id: OrderId) -> None:
    """Start a void."""
    work.deed(lambda: VoidEnded(order_id, void_label(desk, order_id)), doing=voiding(order_id))


def batching(batch: Batch) -> str:
    """Name the run of a batch."""
    return f"Buying a batch of {present.count(len(batch.entries), 'order')} ({batch.id[:8]})"


def buy_batch(desk: Desk, work: Work, batch: Batch) -> None:
    """Start or resume a batch; it can be paused, and stopped between two orders."""
    run = BatchRun()
    work.deed(
        lambda: BatchEnded(run_batch(desk, batch.id, run)), doing=batching(batch), control=run
    )


def settle_open(desk: Desk, work: Work, batch: Batch) -> None:
    """Start finding out what became of a batch's open entries."""
    run = BatchRun()
    work.deed(
        lambda: BatchEnded(settle_batch(desk, batch.id, run)), doing=batching(batch), control=run
    )


def settle(desk: Desk, work: Work, only: OrderId | None = None) -> None:
    """Start looking after pending purchases."""
    work.deed(lambda: PurchasesSettled(reconcile_purchases(desk, only)), doing="Settling purchases")
