"""Labels, and the journal of purchases: an entry is on disk before money moves (R21)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from pydantic import Field

from primetui.domain.money import Money
from primetui.domain.order import Fulfillment, Order, OrderStatus
from primetui.domain.policy import Policy
from primetui.domain.rate import LabelSource, Rate
from primetui.domain.shipment import DocumentFormat, OrderId, Shipment
from primetui.domain.store import StoreId
from primetui.domain.value import Moment, Value

PurchaseId = NewType("PurchaseId", str)
PurchaseKey = NewType("PurchaseKey", str)
LabelId = NewType("LabelId", str)

MANUAL: Final = "manual"
"""The provider of a label that was bought elsewhere and typed in: nobody can be asked about it."""


class PurchaseState(StrEnum):
    """How far a purchase is. The first three are pending: none of them allows another purchase."""

    INTENT = "intent"
    """Written down; nothing was sent yet."""
    SENT = "sent"
    """About to be sent, or sent; no answer is written down."""
    UNKNOWN = "unknown"
    """Sent, and no answer that can be read came back."""
    POSTED = "posted"
    """Bought: there is a label."""
    VOIDED = "voided"
    """It certainly did not happen."""


_NEXT = {
    PurchaseState.INTENT: {PurchaseState.SENT, PurchaseState.VOIDED},
    PurchaseState.SENT: {PurchaseState.UNKNOWN, PurchaseState.POSTED, PurchaseState.VOIDED},
    PurchaseState.UNKNOWN: {PurchaseState.SENT, PurchaseState.POSTED, PurchaseState.VOIDED},
    PurchaseState.POSTED: set(),
    PurchaseState.VOIDED: set(),
}


class Step(Value):
    """One transition of a purchase: what, when, who, and why in words."""

    state: PurchaseState
    at: Moment
    by: str
    note: str = ""


class Purchase(Value):
    """A journal entry: what was to be bought, what was believed, and what became of it."""

    id: PurchaseId
    key: PurchaseKey
    """Sent along as the idempotency key: the provider knows a second sending by it."""
    order: Order
    """The order as it was cleared, without a person on it."""
    shipment: Shipment
    rate: Rate
    charge: Money
    """What was shown and agreed to."""
    steps: tuple[Step, ...] = Field(min_length=1)
    """The last one is the state."""
    label_id: LabelId | None = None
    notify_after: timedelta | None = Field(default=None, ge=timedelta(0))
    """How long after the label the marketplace is told of it; None is the store's setting.
    It means nothing for a label of Amazon's own (R10)."""

    @property
    def order_id(self) -> OrderId:
        """The order it is for."""
        return self.order.id

    @property
    def state(self) -> PurchaseState:
        """Where it stands."""
        return self.steps[-1].state

    @property
    def is_pending(self) -> bool:
        """Not settled: blocks every other purchase for the order."""
        return self.state not in {PurchaseState.POSTED, PurchaseState.VOIDED}

    @property
    def sent_at(self) -> Moment | None:
        """When it was (about to be) sent; None while it certainly was not."""
        return next((s.at for s in self.steps if s.state is PurchaseState.SENT), None)

    @property
    def last_sent_at(self) -> Moment | None:
        """When it was sent for the last time: a late listing counts from here."""
        return next((s.at for s in reversed(self.steps) if s.state is PurchaseState.SENT), None)

    @property
    def _ways(self) -> set[PurchaseState]:
        """Where it can go: a refusal of a second sending says nothing about the first one."""
        sent_again = any(s.state is PurchaseState.UNKNOWN for s in self.steps[:-1])
        if self.state is PurchaseState.SENT and sent_again:
            return _NEXT[self.state] - {PurchaseState.VOIDED}
        return _NEXT[self.state]

    def step(self, step: Step, label_id: LabelId | None = None) -> "Purchase":
        """Go one state further; a step that the machine does not have is a fault of ours."""
        if step.state not in self._ways:
            raise ValueError(f"a purchase cannot go from {self.state} to {step.state}")
        return self.model_copy(
            update={"steps": (*self.steps, step), "label_id": label_id or self.label_id}
        )


class LabelState(StrEnum):
    """A label's own life after the purchase."""

    LIVE = "live"
    VOIDING = "voiding"
    """A void was asked for and its answer is not known: still counts as live."""
    VOIDED = "voided"


_LABEL_NEXT = {
    LabelState.LIVE: {LabelState.VOIDING},
    LabelState.VOIDING: {LabelState.LIVE, LabelState.VOIDED, LabelState.VOIDING},
    LabelState.VOIDED: set[LabelState](),
}


class Refund(StrEnum):
    """What is known of a voided label's money; voided is not yet refunded."""

    NOT_ASKED = "not-asked"
    UNREPORTED = "unreported"
    """Asked for by the void; whoever sold the label does not report what comes of it."""
    PENDING = "pending"
    APPLIED = "applied"
    REJECTED = "rejected"


class LabelStep(Value):
    """One transition of a label: a void asked for, refused, or granted."""

    state: LabelState
    at: Moment
    by: str
    note: str = ""


class Document(Value):
    """A file of a label, kept under the hash of its bytes."""

    sha256: str
    format: DocumentFormat
    kind: str
    """LABEL, PACKSLIP, …"""
    size_bytes: int


class Label(Value):
    """A label that was bought."""

    id: LabelId
    purchase_id: PurchaseId
    order_id: OrderId
    source: LabelSource
    provider: str
    lender: StoreId | None = None
    """The store whose credentials bought it; None is the order's own."""
    shipment_id: str
    """The provider's id; blank when it is only known from the order's packages."""
    package_reference: str = ""
    """Our name of the package at the provider."""
    tracking_id: str
    carrier: str
    service: str
    charge: Money
    bought_at: Moment
    documents: tuple[Document, ...] = ()
    """Empty when the files could not be fetched yet."""
    state: LabelState = LabelState.LIVE
    voided_at: Moment | None = None
    refund: Refund = Refund.NOT_ASKED
    refund_seen_at: Moment | None = None
    """When whoever sold it was last asked about the money; None while that was never needed."""
    manifested_at: Moment | None = None
    """When it was put on the form its carrier signs; None while it is on none."""
    history: tuple[LabelStep, ...] = ()
    """What was asked and answered since it was bought."""

    def step(self, step: LabelStep) -> "Label":
        """Go one state further; a step that the machine does not have is a fault of ours."""
        if step.state not in _LABEL_NEXT[self.state]:
            raise ValueError(f"a label cannot go from {self.state} to {step.state}")
        voided = step.state is LabelState.VOIDED
        untold = voided and self.refund is Refund.NOT_ASKED
        return self.model_copy(
            update={
                "state": step.state,
                "voided_at": step.at if voided else self.voided_at,
                "refund": Refund.UNREPORTED if untold else self.refund,
                "history": (*self.history, step),
            }
        )

    def refunded(self, refund: Refund, at: datetime) -> "Label":
        """Take in what is said of the money of a label that was given back."""
        return self.model_copy(update={"refund": refund, "refund_seen_at": at})

    def is_refund_due(self, now: datetime, policy: Policy) -> bool:
        """Tell whether to ask again what became of the money; after long enough nobody asks."""
        if self.refund is not Refund.PENDING or self.voided_at is None:
            return False
        asked_at = self.refund_seen_at or self.voided_at
        return asked_at + policy.refund_every <= now < self.voided_at + policy.refund_patience

    @property
    def is_live(self) -> bool:
        """Counts as the order's label."""
        return self.state is not LabelState.VOIDED


def void_needed(order: Order, label: Label) -> bool:
    """Tell whether a live label serves an order that is cancelled, or is to be.

    Nothing is bought for such an order, so the wish came after the purchase. A void that was
    asked for needs no second mention.
    """
    if label.state is not LabelState.LIVE:
        return False
    cancelled = order.status is OrderStatus.CANCELLED or order.fulfillment is Fulfillment.CANCELLED
    return cancelled or order.wants_cancellation
