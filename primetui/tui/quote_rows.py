"""Rows of the purchase screen: every rate, allowed and cheapest first, then what is refused."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.text import Text

from primetui import present
from primetui.domain.constraints import refused_by_provider
from primetui.domain.rate import IneligibleService, Rate
from primetui.tui.facts import violation_lines
from primetui.tui.widgets.columns import Cell, Column, Row, Span, Tone
from primetui.tui.widgets.words import Hung, Lines, line, lines
from primetui.usecases.get_rates import Quote, Quotes

REFUSED: Final = "refused:"
"""Begins the ids of rows that are no rates: services the provider itself refuses."""

COLUMNS: Final = (
    Column("verdict", "", 2),
    Column("charge", "Price", 10, right=True),
    Column("service", "Service", 18, flex=2),
    Column("arrives", "Arrives by", 12),
    Column("spare", "To spare", 12),
    Column("badges", "Protection", 12, flex=1, rank=1),
)


def quote_rows(quotes: Quotes, deliver_by: datetime | None, zone: ZoneInfo) -> list[Row]:
    """Make a row of every rate, and of every service that was named only to be refused."""
    rates = [_quote(quote, deliver_by, zone) for quote in quotes.quotes]
    refused = [_ineligible(number, service) for number, service in enumerate(quotes.ineligible)]
    return rates + refused


def quote_details(quotes: Quotes, row_id: str | None, zone: ZoneInfo) -> Lines:
    """Say everything about the row under the cursor: reasons, ways out, protections."""
    if row_id is not None and row_id.startswith(REFUSED):
        return _refusal(quotes.ineligible[int(row_id.removeprefix(REFUSED))], zone)
    quote = next((quote for quote in quotes.quotes if quote.rate.id == row_id), None)
    return lines(_details(quote, zone) if quote else ())


def _quote(quote: Quote, deliver_by: datetime | None, zone: ZoneInfo) -> Row:
    rate = quote.rate
    verdict = Span("✓", Tone.GOOD) if quote.allowed else Span("✗", Tone.BAD)
    name = Span(_name(rate), Tone.PLAIN if quote.allowed else Tone.MUTED)
    return Row(
        rate.id,
        (
            (verdict, Span("!", Tone.WARN)) if quote.allowed and quote.violations else (verdict,),
            (Span(present.money(quote.charge)),),
            (name,),
            (Span(present.short_moment(rate.promise.arrives_by, zone)),),
            _spare(rate, deliver_by),
            tuple(_badges(rate)),
        ),
    )


def _name(offered: Rate | IneligibleService) -> str:
    return present.service_name(offered.carrier, offered.service)


def _spare(rate: Rate, deliver_by: datetime | None) -> Cell:
    """Say how long before the deliver-by time it arrives, or how late it is."""
    arrives = rate.promise.arrives_by
    if arrives is None or deliver_by is None:
        return (Span("unknown", Tone.WARN),)
    words = present.time_left(deliver_by, arrives)
    return (Span(words, Tone.BAD if arrives > deliver_by else Tone.PLAIN),)


def _badges(rate: Rate) -> Iterator[Span]:
    for benefit in rate.benefits:
        tone = Tone.GOOD if benefit.included else Tone.MUTED
        yield Span(present.badge(benefit) + " ", tone)


def _ineligible(number: int, service: IneligibleService) -> Row:
    name = Span(_name(service), Tone.MUTED)
    none = (Span("–", Tone.MUTED),)
    said = (Span("refused", Tone.BAD),)
    return Row(f"{REFUSED}{number}", ((Span("✗", Tone.BAD),), none, (name,), none, said, none))


def _details(quote: Quote, zone: ZoneInfo) -> Iterator[Text | Hung]:
    rate = quote.rate
    arrives = present.moment(rate.promise.arrives_by, zone)
    yield line(Span(_name(rate), Tone.STRONG), f"  arrives by {arrives}")
    yield from violation_lines(quote.violations, zone)
    for benefit in rate.benefits:
        if not benefit.included:
            yield line(Span(present.without_protection(benefit), Tone.MUTED))


def _refusal(service: IneligibleService, zone: ZoneInfo) -> Lines:
    said = violation_lines(refused_by_provider(service), zone)
    return lines([line(Span(f"✗ {_name(service)}", Tone.BAD)), *said])
