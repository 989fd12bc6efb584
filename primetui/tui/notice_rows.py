"""Rows of the outbox: one notice each, with where it stands and when it goes on."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from primetui import present
from primetui.domain.notice import Notice, NoticeState
from primetui.ports import Desk
from primetui.tui.widgets.columns import Cell, Column, LiveCell, Row, Span, Tone
from primetui.tui.widgets.words import Hung, line

COLUMNS: Final = (
    Column("state", "", 1),
    Column("order", "Order", 19),
    Column("next", "Next", 10),
    Column("sent", "Sent", 4, rank=1, right=True),
    Column("carrier", "Carrier", 7, flex=1),
    Column("tracking", "Tracking", 12, flex=2),
    Column("standing", "State", 20, flex=2),
)

SIGNS: Final = {
    NoticeState.QUEUED: Span("·", Tone.MUTED),
    NoticeState.SENT: Span("…", Tone.PRIME),
    NoticeState.VERIFIED: Span("✓", Tone.GOOD),
    NoticeState.FAILED: Span("✗", Tone.BAD),
    NoticeState.WITHDRAWN: Span("–", Tone.MUTED),
}


def notice_rows(notices: tuple[Notice, ...], desk: Desk, zone: ZoneInfo) -> list[Row]:
    """Make a row of each notice."""
    return [_row(notice, desk, zone) for notice in notices]


def _row(notice: Notice, desk: Desk, zone: ZoneInfo) -> Row:
    standing = present.notice_standing(notice, desk.clock.now(), zone)
    return Row(
        notice.id,
        (
            (SIGNS[notice.state],),
            (Span(notice.order_id),),
            _next(notice, desk),
            (Span(f"{notice.attempts}×"),),
            (Span(notice.carrier),),
            (Span(notice.tracking_id),),
            (Span(standing, Tone.BAD if notice.state is NoticeState.FAILED else Tone.PLAIN),),
        ),
    )


def _next(notice: Notice, desk: Desk) -> LiveCell:
    def cell() -> Cell:
        return (Span(present.notice_next(notice, desk.clock.now())),)

    return cell


def notice_details(notice: Notice, desk: Desk, zone: ZoneInfo) -> Iterator[Hung]:
    """Say everything about the notice under the cursor, the reason first."""
    now = desk.clock.now()
    sign = SIGNS[notice.state]
    standing = f"{present.notice_standing(notice, now, zone)}. {notice.reason}".rstrip()
    yield Hung(line(Span(f"{sign.text} {standing}", sign.tone)), 2)
    if notice.state is NoticeState.FAILED:
        yield Hung(line("  → r sends it again; c sends it under another name of the carrier."), 4)
    name = present.service_name(notice.carrier, notice.service)
    yield Hung(line(Span("Label      ", Tone.MUTED), f"{name} {notice.tracking_id}"), 11)
    due = present.moment(notice.due_at, zone)
    yield Hung(line(Span("Due        ", Tone.MUTED), f"{due}; sent {notice.attempts}×"), 11)
    if notice.is_open:
        again = f"{present.moment(notice.next_at, zone)}, by itself while the console is open"
        yield Hung(line(Span("Next       ", Tone.MUTED), again), 11)
    yield Hung(line(Span("Package    ", Tone.MUTED), notice.reference), 11)
