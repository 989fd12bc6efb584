"""Labels in words: what they are, what became of a void, what the marketplace was told."""

from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.label import MANUAL, Label, LabelState, Refund
from primetui.domain.notice import Notice, NoticeState
from primetui.present.figures import moment, money, plain, service_name
from primetui.usecases.confirm_shipments import Handled
from primetui.usecases.void_label import NotVoided, Voided, VoidUnresolved


def label_line(label: Label) -> str:
    """Name a label in one line."""
    name = service_name(label.carrier, label.service)
    return f"{name}, tracking {plain(label.tracking_id)}, {money(label.charge)}"


_LABEL_WORDS: Final = {
    LabelState.LIVE: "live",
    LabelState.VOIDING: "void asked, answer not known",
    LabelState.VOIDED: "voided",
}


def label_state(label: Label) -> str:
    """Name the state of a label."""
    return _LABEL_WORDS[label.state]


_REFUND_WORDS: Final = {
    Refund.NOT_ASKED: "",
    Refund.UNREPORTED: "refund asked, not reported by this way: look in Seller Central",
    Refund.PENDING: "refund pending",
    Refund.APPLIED: "refunded",
    Refund.REJECTED: "refund refused",
}


def refund(label: Label) -> str:
    """Say what is known of a voided label's money; blank while nobody asked for it."""
    if label.refund is Refund.UNREPORTED and label.provider == MANUAL:
        return "refund: ask for it where the label was bought"
    return _REFUND_WORDS[label.refund]


def refund_news(label: Label) -> str:
    """Say what came of the money of a label that was given back a while ago."""
    return f"{_REFUND_WORDS[label.refund]}: {money(label.charge)} for {plain(label.tracking_id)}."


def void_outcome(result: Voided | NotVoided | VoidUnresolved) -> str:
    """Say what came of a void."""
    match result:
        case Voided(label=label, told=told):
            words = f"Voided: {plain(label.tracking_id)}; {refund(label)}."
            return f"{words} {_TOLD}" if told else words
        case NotVoided(reason=reason):
            return f"Not voided: the label is still live. {plain(reason)}"
        case VoidUnresolved(reason=reason):
            return f"Not yet known whether it was voided; void again to find out. {plain(reason)}"


_TOLD: Final = (
    "The marketplace was told of it and cannot be made to forget it: a new label's tracking "
    "takes its place."
)


def void_needed(label: Label) -> str:
    """Say that a label has no order any more to go with."""
    return f"void needed: the order is cancelled or is to be, and {label_line(label)} is live"


def bought_before(label: Label, zone: ZoneInfo) -> str:
    """Say what an earlier label cost, before another one is bought on top of it."""
    at = moment(label.voided_at, zone)
    return f"voided {at}: {label_line(label)}; {refund(label)}; a new label costs on top of it"


_NOTICE_WORDS: Final = {
    NoticeState.QUEUED: "to be told",
    NoticeState.SENT: "told, not listed yet",
    NoticeState.VERIFIED: "told and listed",
    NoticeState.FAILED: "needs a person",
    NoticeState.WITHDRAWN: "withdrawn",
}


def notice_state(notice: Notice) -> str:
    """Name the state of a notice."""
    return _NOTICE_WORDS[notice.state]


def notice_line(notice: Notice, zone: ZoneInfo) -> str:
    """Say what the marketplace is told of a label, when next, and why not yet."""
    words = [f"{notice_state(notice)}: {plain(notice.carrier)} {plain(notice.tracking_id)}"]
    if notice.is_open:
        words.append(f"next {moment(notice.next_at, zone)}")
    if notice.attempts:
        words.append(f"sent {notice.attempts}×")
    if notice.reason:
        words.append(plain(notice.reason))
    return "; ".join(words)


def handled(result: Handled, zone: ZoneInfo) -> str:
    """Say what became of a notice in this round."""
    line = f"{plain(result.notice.order_id)}: {notice_line(result.notice, zone)}"
    return f"{line}; {plain(result.busy)}" if result.busy else line


def source(label: Label) -> str:
    """Say who tells the marketplace of a label, and when (R10)."""
    if not label.source.is_known_of(label.order_id):
        return "the marketplace is told by PrimeTUI"
    return "Amazon knew of it at once by itself; no delay applies"
