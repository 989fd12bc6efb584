"""Void: give a label back, and open the order for another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from primetui.domain.label import MANUAL, Document, Label, LabelState, LabelStep
from primetui.domain.notice import NoticeState
from primetui.domain.order import Fulfillment, OrderStatus
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.domain.store import Store
from primetui.errors import (
    ConfigError,
    NotDone,
    PortError,
    RepositoryError,
    Throttled,
    Unauthorized,
    Unreachable,
    Unsure,
)
from primetui.ports import Desk, Writes
from primetui.usecases.combine_orders import box_of, held
from primetui.usecases.open_record import entry, less_voided, live_label, sold_with, standing
from primetui.usecases.settle_refunds import with_refund

_LEARNT_NOTHING: Final = (Throttled, Unreachable, Unauthorized)
"""Refusals that say nothing about a void that was asked for before."""


@dataclass(frozen=True, slots=True)
class Voided:
    """Given back; the refund follows in the provider's own time."""

    label: Label
    told: bool = False
    """The marketplace may have heard of this label, and cannot be made to forget it."""


@dataclass(frozen=True, slots=True)
class NotVoided:
    """Certainly not given back: the label lives on, and why."""

    label: Label
    reason: str


@dataclass(frozen=True, slots=True)
class VoidUnresolved:
    """Not known whether it was given back; it counts as live until a void succeeds."""

    label: Label
    reason: str


VoidOutcome = Voided | NotVoided | VoidUnresolved


def void_label(desk: Desk, order_id: OrderId) -> VoidOutcome:
    """Void the live label of an order; asking again after an unknown answer is safe."""
    record = desk.repository.order(order_id)
    box = box_of(desk.repository, record) if record else (order_id,)
    with held(desk, box):
        label = live_label(desk.repository.labels(order_id))
        if label is None:
            raise ConfigError(f"Order {order_id} has no label to void.")
        if label.provider == MANUAL:
            return _box_by_hand(desk, label, box)
        if not label.shipment_id:
            reason = "It was found by its tracking id only: void it in Seller Central."
            return NotVoided(label, reason)
        return void_held(desk, label)


def settle_voids(desk: Desk, only: OrderId | None = None) -> tuple[VoidOutcome, ...]:
    """Ask again for every void whose answer nobody saw: repeating a void changes nothing more."""
    found = desk.repository.voiding_labels()
    return tuple(_settle(desk, label) for label in found if only in {None, label.order_id})


def fetch_papers(desk: Desk, label: Label, wanted: DocumentFormat) -> Label:
    """Fetch the files of a label again, keep them, and give the label that has them."""
    if label.provider == MANUAL:
        raise ConfigError("This label was bought elsewhere: print it where it was bought.")
    _refuse_forgotten(desk, label)
    provider = desk.provider(sold_with(desk.repository, label), label.source, label.provider)
    papers = provider.papers(label, wanted)
    kept: tuple[Document, ...] = tuple(
        desk.repository.keep_paper(label.order_id, paper) for paper in papers
    )

    def write(tx: Writes) -> Label:
        current = next((x for x in tx.labels(label.order_id) if x.id == label.id), label)
        known = {document.sha256 for document in current.documents}
        added = tuple(document for document in kept if document.sha256 not in known)
        whole = current.model_copy(update={"documents": (*current.documents, *added)})
        tx.put_label(whole)
        return whole

    return desk.repository.transact(write)


def _refuse_forgotten(desk: Desk, label: Label) -> None:
    """Refuse to fetch what names a buyer that was forgotten since (R23)."""
    record = desk.repository.order(label.order_id)
    if record and record.forgotten_at and label.bought_at <= record.forgotten_at:
        raise ConfigError(
            "This order's buyer was forgotten, and its label names them: look in Seller Central."
        )


def _settle(desk: Desk, listed: Label) -> VoidOutcome:
    """Settle one void while holding its order; what cannot be asked stays as it is."""
    try:
        with desk.repository.lease(listed.order_id, desk.operator):
            labels = desk.repository.labels(listed.order_id)
            label = next(x for x in labels if x.id == listed.id)
            if label.state is LabelState.VOIDED:
                return Voided(label)
            if label.state is LabelState.LIVE:
                return NotVoided(label, label.history[-1].note if label.history else "")
            return void_held(desk, label)
    except (RepositoryError, ConfigError, PortError) as error:
        return VoidUnresolved(listed, str(error))


def void_held(desk: Desk, label: Label) -> VoidOutcome:
    """Void a label whose order is held: write the wish down, ask, write the answer down."""
    repeated = label.state is LabelState.VOIDING
    store = sold_with(desk.repository, label)
    try:
        asked = _put(desk, label, LabelState.VOIDING, "void asked")
    except RepositoryError as error:
        outcome = VoidUnresolved if repeated else NotVoided
        return outcome(label, f"Nothing was asked of the provider. {error}")
    try:
        return _ask(desk, store, asked, repeated=repeated)
    except RepositoryError as error:
        reason = f"It was asked for, but the answer could not be written down: ask again. {error}"
        return VoidUnresolved(asked, reason)


def _ask(desk: Desk, store: Store, asked: Label, *, repeated: bool) -> VoidOutcome:
    """Ask for the void and write the answer down."""
    try:
        provider = desk.provider(store, asked.source, asked.provider)
        provider.void(asked)
    except NotDone as error:
        if repeated:
            return _refused_again(desk, store, asked, error)
        return NotVoided(_put(desk, asked, LabelState.LIVE, f"void refused: {error}"), str(error))
    except Unsure as error:
        return VoidUnresolved(asked, str(error))
    return _voided(desk, with_refund(desk, asked, provider), "label voided")


def _refused_again(desk: Desk, store: Store, label: Label, error: NotDone) -> VoidOutcome:
    """Go by the order's packages: the refusal may come because the first void was carried out."""
    if isinstance(error, _LEARNT_NOTHING):
        return VoidUnresolved(label, str(error))
    try:
        order = desk.marketplace(store).order(label.order_id)
    except PortError as unread:
        return VoidUnresolved(label, f"{error} The order cannot be read: {unread}")
    ours = [p for p in order.packages if p.tracking_id == label.tracking_id]
    if not ours:
        return VoidUnresolved(label, f"{error} Amazon does not list its package.")
    if ours[-1] not in order.live_packages():
        provider = desk.provider(store, label.source, label.provider)
        seen = with_refund(desk, label, provider)
        return _voided(desk, seen, "label voided: Amazon lists its package as cancelled")
    return NotVoided(_put(desk, label, LabelState.LIVE, f"void refused: {error}"), str(error))


def _box_by_hand(desk: Desk, label: Label, box: Sequence[OrderId]) -> Voided:
    """Void a label that was typed in on every order of its box: it is one piece of paper (R7)."""
    voided = _by_hand(desk, label)
    told = voided.told
    for order_id in box:
        other = live_label(desk.repository.labels(order_id))
        if other and (other.provider, other.tracking_id) == (MANUAL, label.tracking_id):
            told |= _by_hand(desk, other).told
    return Voided(voided.label, told)


def _by_hand(desk: Desk, label: Label) -> Voided:
    """Take a label that was typed in for void: who sold it is known to the operator alone."""
    asked = label.step(_step(desk, LabelState.VOIDING, "void asked"))
    return _voided(desk, asked, "label voided: by hand, where it was bought")


def _voided(desk: Desk, label: Label, words: str) -> Voided:
    voided = _put(desk, label, LabelState.VOIDED, words)
    notices = desk.repository.notices(label.order_id)
    return Voided(voided, any(n.label_id == label.id and n.may_be_known for n in notices))


def _step(desk: Desk, state: LabelState, words: str) -> LabelStep:
    return LabelStep(state=state, at=desk.clock.now(), by=desk.operator, note=words)


def _put(desk: Desk, label: Label, state: LabelState, words: str) -> Label:
    """Write a label's new state; a voided one withdraws its notice and reopens its order."""
    changed = label.step(_step(desk, state, words))

    def write(tx: Writes) -> None:
        tx.put_label(changed)
        tx.log(entry(desk, words.split(":", maxsplit=1)[0], label.order_id, words))
        if state is LabelState.VOIDED:
            _withdraw(desk, tx, changed)
            _reopen(tx, changed)

    desk.repository.transact(write)
    return changed


def _withdraw(desk: Desk, tx: Writes, label: Label) -> None:
    """Tell nobody any more; what the marketplace lists already stays there until a relabel."""
    done = {NoticeState.VERIFIED, NoticeState.WITHDRAWN}
    for notice in tx.notices(label.order_id):
        if notice.label_id == label.id and notice.state not in done:
            tx.put_notice(notice.withdraw("Its label was voided."))
            tx.log(entry(desk, "notice withdrawn", label.order_id, f"package {notice.reference}"))


def _reopen(tx: Writes, label: Label) -> None:
    """Put the order back where it had landed, unless it is cancelled by now."""
    record = tx.order(label.order_id)
    if record is not None:
        labels = tx.labels(label.order_id)
        seen = less_voided(record.order, labels)
        cancelled = seen.fulfillment is Fulfillment.CANCELLED
        status = OrderStatus.CANCELLED if cancelled else record.landing.status
        landed = seen.model_copy(update={"status": status})
        tx.put_order(record.model_copy(update={"order": standing(record, landed, labels)}))
