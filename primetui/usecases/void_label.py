"""Void: give a label back, and open the order for another one."""

from dataclasses import dataclass

from primetui.domain.label import Document, Label, LabelState
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.errors import ConfigError, NotDone, Unsure
from primetui.ports import Desk, Writes
from primetui.usecases.open_record import entry, less_voided, live_label, standing, store_of


@dataclass(frozen=True, slots=True)
class Voided:
    """Given back; the refund follows in the provider's own time."""

    label: Label


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


def void_label(desk: Desk, order_id: OrderId) -> Voided | NotVoided | VoidUnresolved:
    """Void the live label of an order; asking again after an unknown answer is safe."""
    with desk.repository.lease(order_id, desk.operator):
        label = live_label(desk.repository.labels(order_id))
        if label is None:
            raise ConfigError(f"Order {order_id} has no label to void.")
        if not label.shipment_id:
            reason = "It was found by its tracking id only: void it in Seller Central."
            return NotVoided(label, reason)
        return _void(desk, label)


def fetch_papers(desk: Desk, label: Label, wanted: DocumentFormat) -> Label:
    """Fetch the files of a label again, keep them, and give the label that has them."""
    record = desk.repository.order(label.order_id)
    if record is None:
        raise ConfigError(f"There is no order {label.order_id} here.")
    provider = desk.provider(store_of(desk.repository, record))
    papers = provider.papers(label, wanted)
    kept: tuple[Document, ...] = tuple(desk.repository.keep_paper(paper) for paper in papers)

    def write(tx: Writes) -> Label:
        current = next((x for x in tx.labels(label.order_id) if x.id == label.id), label)
        known = {document.sha256 for document in current.documents}
        added = tuple(document for document in kept if document.sha256 not in known)
        whole = current.model_copy(update={"documents": (*current.documents, *added)})
        tx.put_label(whole)
        return whole

    return desk.repository.transact(write)


def _void(desk: Desk, label: Label) -> Voided | NotVoided | VoidUnresolved:
    """Write the wish down, ask, write the answer down."""
    record = desk.repository.order(label.order_id)
    if record is None:
        raise ConfigError(f"There is no order {label.order_id} here.")
    provider = desk.provider(store_of(desk.repository, record))
    asked = _put(desk, label, LabelState.VOIDING, "void asked")
    try:
        provider.void(asked)
    except NotDone as error:
        return NotVoided(_put(desk, asked, LabelState.LIVE, f"void refused: {error}"), str(error))
    except Unsure as error:
        return VoidUnresolved(asked, str(error))
    return Voided(_put(desk, asked, LabelState.VOIDED, "label voided"))


def _put(desk: Desk, label: Label, state: LabelState, words: str) -> Label:
    """Write a label's new state; a voided one reopens its order where it had landed."""
    voided_at = desk.clock.now() if state is LabelState.VOIDED else None
    changed = label.model_copy(update={"state": state, "voided_at": voided_at})

    def write(tx: Writes) -> None:
        tx.put_label(changed)
        tx.log(entry(desk, words.split(":", maxsplit=1)[0], label.order_id, words))
        record = tx.order(label.order_id)
        if record is not None and state is LabelState.VOIDED:
            labels = tx.labels(label.order_id)
            seen = less_voided(record.order, labels)
            landed = seen.model_copy(update={"status": record.landing.status})
            tx.put_order(record.model_copy(update={"order": standing(record, landed, labels)}))

    desk.repository.transact(write)
    return changed
