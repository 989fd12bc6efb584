"""What was bought for an order, what is open, and who did what to it: latest first."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from rich.text import Text

from primetui import present
from primetui.domain.label import Label, LabelState, Purchase
from primetui.domain.notice import Notice, NoticeState
from primetui.ports import AuditEntry
from primetui.tui.facts import SIGN_CELLS, heading, problem
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import Hung, line
from primetui.usecases.check_order import Checked

STEP_CELLS: Final = 4


def open_lines(checked: Checked, zone: ZoneInfo) -> Iterator[Text | Hung]:
    """Say first what costs money until somebody acts: an unknown purchase, a void that is due."""
    if checked.pending is not None:
        said = present.pending_purchase(checked.pending, zone)
        yield from problem("!", Tone.WARN, said, present.purchase_remedy(checked.pending))
    label = checked.label
    if label is not None and checked.void_needed:
        yield from problem("✗", Tone.BAD, f"{_capital(present.void_needed(label))}.", _way(label))
    elif label is not None and label.state is LabelState.VOIDING:
        yield Hung(line(Span(f"! {present.voiding_label(label)}", Tone.WARN)), SIGN_CELLS)


def _way(label: Label) -> str:
    if label.shipment_id or label.source.is_amazon is False:
        return present.VOID_REMEDY
    return "It was found by its tracking id only: void it in Seller Central."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def bought_lines(checked: Checked, zone: ZoneInfo) -> Iterator[Text | Hung]:
    """Write every label with its life, every purchase with its steps, latest first."""
    if checked.labels or checked.purchases:
        yield heading("Labels and purchases")
    for label in reversed(checked.labels):
        yield _label(label, zone)
        for step in reversed(label.history):
            yield _step(present.label_step(step, zone))
    for notice in reversed(checked.notices):
        yield _notice(notice, zone)
    for purchase in reversed(checked.purchases):
        yield _purchase(purchase, zone)
        for taken in reversed(purchase.steps):
            yield _step(present.purchase_step(taken, zone))


def history_lines(done: tuple[AuditEntry, ...], zone: ZoneInfo) -> Iterator[Text | Hung]:
    """Write who did what, latest first."""
    if done:
        yield heading("Who did what, latest first")
    for entry in reversed(done):
        yield Hung(line(present.audit_step(entry, zone)), STEP_CELLS)


def _step(words: str) -> Hung:
    return Hung(line(Span(f"    {words}", Tone.MUTED)), 2 * STEP_CELLS)


def _label(label: Label, zone: ZoneInfo) -> Hung:
    sign, tone = ("✓", Tone.GOOD) if label.is_live else ("–", Tone.MUTED)
    if label.state is LabelState.VOIDING:
        sign, tone = "!", Tone.WARN
    when = present.moment(label.bought_at, zone)
    money = f"; {words}" if (words := present.refund(label)) else ""
    said = f"{sign} {present.label_state(label)}: {present.label_line(label)}, {when}{money}"
    return Hung(line(Span(said, tone)), SIGN_CELLS)


def _notice(notice: Notice, zone: ZoneInfo) -> Hung:
    failed = notice.state is NoticeState.FAILED
    sign, tone = ("✗", Tone.BAD) if failed else ("·", Tone.MUTED)
    said = f"{sign} marketplace {present.notice_line(notice, zone)}"
    return Hung(line(Span(said, tone)), SIGN_CELLS)


def _purchase(purchase: Purchase, zone: ZoneInfo) -> Hung:
    last = purchase.steps[-1]
    tone = Tone.WARN if purchase.is_pending else Tone.MUTED
    sign = "!" if purchase.is_pending else "·"
    service = present.service_name(purchase.rate.carrier, purchase.rate.service)
    state, price = present.purchase_state(purchase), present.money(purchase.charge)
    said = f"{sign} {state}: {service}, {price}, {present.moment(last.at, zone)}, {last.by}"
    return Hung(line(Span(said, tone)), SIGN_CELLS)
