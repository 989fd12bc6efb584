"""Rows of the batch screen: one order each, with its price and where it stands."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from primetui import present
from primetui.domain.batch import Batch, Entry, EntryState
from primetui.domain.money import Money
from primetui.tui.widgets.columns import Column, Row, Span, Tone
from primetui.tui.widgets.words import Hung, line

COLUMNS: Final = (
    Column("state", "", 1),
    Column("order", "Order", 19),
    Column("charge", "Price", 11, right=True),
    Column("outcome", "Where it stands", 30, flex=1),
)

SIGNS: Final = {
    EntryState.QUEUED: Span("·", Tone.MUTED),
    EntryState.BUYING: Span("…", Tone.PRIME),
    EntryState.BOUGHT: Span("✓", Tone.GOOD),
    EntryState.REFUSED: Span("✗", Tone.BAD),
    EntryState.NOT_BOUGHT: Span("✗", Tone.BAD),
    EntryState.UNKNOWN: Span("!", Tone.WARN),
    EntryState.SKIPPED: Span("–", Tone.MUTED),
}


def batch_rows(batch: Batch, zone: ZoneInfo) -> list[Row]:
    """Make a row of each entry."""
    return [_row(batch, entry, zone) for entry in batch.entries]


def batch_totals(batch: Batch) -> Iterator[Span]:
    """Say what is to be bought, what was spent, and the limit."""
    queued = len(batch.of(EntryState.QUEUED))
    yield Span("To buy ", Tone.MUTED)
    yield Span(f"{queued:,} for {present.sums(batch.to_spend)}", Tone.STRONG)
    yield Span("  Spent ", Tone.MUTED)
    yield Span(present.sums(batch.spent))
    yield Span("  Limit ", Tone.MUTED)
    yield Span(present.sums(batch.limits.in_all or batch.ceiling))
    if batch.limits.per_label:
        yield Span(f", {present.sums(batch.limits.per_label)} a label")


def entry_details(batch: Batch, entry: Entry, zone: ZoneInfo) -> Iterator[Hung]:
    """Say everything about the entry under the cursor."""
    words = present.batch_entry(entry, batch.limits, zone)
    yield Hung(line(SIGNS[entry.state], Span(f" {words}")), 2)
    if entry.chosen and entry.state is EntryState.QUEUED:
        arrives = present.moment(entry.chosen.arrives_by, zone)
        yield Hung(line(f"  Arrives by {arrives}. It costs this much or it is not bought."), 2)
    for broken in entry.broken:
        yield Hung(line(Span(f"  → {present.broken_remedy(broken, zone)}", Tone.MUTED)), 4)


def _row(batch: Batch, entry: Entry, zone: ZoneInfo) -> Row:
    charge = _charge(entry)
    return Row(
        entry.order_id,
        (
            (SIGNS[entry.state],),
            (Span(entry.order_id),),
            (Span(present.money(charge) if charge else "–"),),
            (Span(_words(batch, entry, zone)),),
        ),
    )


def _charge(entry: Entry) -> Money | None:
    return entry.paid or (entry.chosen.charge if entry.chosen else None)


def _words(batch: Batch, entry: Entry, zone: ZoneInfo) -> str:
    """Write the outcome so that its first words say it; the details hold the rest."""
    chosen = entry.chosen
    name = present.service_name(chosen.carrier, chosen.service) if chosen else ""
    if entry.state is EntryState.QUEUED:
        return f"Queued: {name}. {present.plain(entry.note)}" if entry.note else f"Queued: {name}"
    if entry.state is EntryState.BUYING:
        return f"Being bought: {name}"
    if entry.state is EntryState.BOUGHT:
        return f"Bought: {present.plain(entry.tracking_id)}, {name}"
    return present.batch_entry(entry, batch.limits, zone)
