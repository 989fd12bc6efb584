"""All words for people: what the console and the command line say, in one wording for both."""

import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.batch import Batch, Broken, Entry, EntryState, Limits, Why
from primetui.domain.clearance import Refusal
from primetui.domain.label import Label, LabelState, Purchase, PurchaseState
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.money import Money
from primetui.domain.rate import Benefit
from primetui.domain.violations import CATALOGUE, Severity, Violation
from primetui.errors import ConfigError
from primetui.ports import AuditEntry
from primetui.usecases.batch_control import Activity, Progress
from primetui.usecases.purchase_label import (
    NotBought,
    Outcome,
    OverLimit,
    Purchased,
    Unresolved,
)
from primetui.usecases.reconcile_purchases import Dropped, Found, Settlement, StillUnknown
from primetui.usecases.void_label import NotVoided, Voided, VoidUnresolved

MAX_MARKS: Final = 3
"""Combining marks kept on one letter: more only paint over the neighbours."""

_UNSHOWABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = frozenset({"\u200d", "\ufe0e", "\ufe0f"})
"""Emoji glue: without it the parts stand side by side, and their width is known."""


def plain(text: str, limit: int = 0) -> str:
    """Make text from outside safe for a terminal, a log line or a file name's label.

    Controls, escapes, bidirectional overrides, zero-width and unassigned characters become
    visible stand-ins; letters of every script and emoji stay. A `limit` above zero cuts with an
    ellipsis, counted in characters.
    """
    safe = text.isascii() and text.isprintable()
    shown = text if safe else "".join(_shown(text))
    return f"{shown[: limit - 1]}…" if limit and len(shown) > limit else shown


def _shown(text: str) -> list[str]:
    out: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if char in _JOINERS or marks > MAX_MARKS:
            continue
        out.append(_stand_in(char) if category in _UNSHOWABLE else char)
    return out


def _stand_in(char: str) -> str:
    code = ord(char)
    if code < 0x20:  # noqa: PLR2004 - the C0 controls have pictures of their own
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"‹{code:04X}›"  # noqa: PLR2004 - DEL


# --- figures ----------------------------------------------------------------------------------

_NO_CENTS: Final = frozenset({"JPY", "KRW"})


def money(amount: Money) -> str:
    """Write an amount with its currency after it: `12.40 USD`."""
    if amount.currency in _NO_CENTS and amount.amount == amount.amount.to_integral_value():
        return f"{amount.amount:,.0f} {amount.currency}"
    places = max(2, -int(amount.amount.as_tuple().exponent))
    return f"{amount.amount:,.{min(places, 4)}f} {amount.currency}"


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant in local words, to the minute: `Wed 25 Nov 14:05 EST`."""
    if at is None:
        return "unknown"
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M} {local.tzname()}"


def day(at: datetime | None, zone: ZoneInfo) -> str:
    """Write the calendar date of an instant that may be years ago: `2024-03-01`."""
    return "unknown" if at is None else f"{at.astimezone(zone):%Y-%m-%d}"


def short_moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant for a narrow column: `Wed 25 14:05`."""
    if at is None:
        return "unknown"
    local = at.astimezone(zone)
    return f"{local:%a} {local.day:2} {local:%H:%M}"


def time_left(until: datetime | None, now: datetime) -> str:
    """Write how long is left, coarser the longer it is; what has passed says so."""
    if until is None:
        return "no date"
    left = until - now
    if left < timedelta(0):
        return f"late {_span(-left)}"
    return _span(left)


def _span(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d {hours:02}h"
    if hours:
        return f"{hours}h {minutes:02}m"
    return f"{minutes}m {seconds:02}s"


def weight(value: Weight | None) -> str:
    """Write a weight in grams or kilograms."""
    if value is None:
        return "no weight"
    if value.grams >= 1000:  # noqa: PLR2004 - a kilogram
        return f"{_short(value.grams / 1000)} kg"
    return f"{_short(value.grams)} g"


def size(value: Dimensions | None) -> str:
    """Write a box in centimetres."""
    if value is None:
        return "no size"
    sides = (value.length_mm, value.width_mm, value.height_mm)
    return " × ".join(_short(side / 10) for side in sides) + " cm"


def _short(value: Decimal) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text or "0"


def count(number: int, word: str) -> str:
    """Write a number with its noun: `1 order`, `3 orders`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


# --- verdicts ---------------------------------------------------------------------------------


def message(violation: Violation, zone: ZoneInfo) -> str:
    """Say what is wrong."""
    return _filled(violation.message, violation, zone)


def remedy(violation: Violation, zone: ZoneInfo) -> str:
    """Say the way out."""
    return _filled(violation.remedy, violation, zone)


def violation_line(violation: Violation, zone: ZoneInfo) -> str:
    """Say what is wrong with its code and weight: `PRM201 blocks: …`."""
    return f"{violation.code} {violation.severity}: {message(violation, zone)}"


def broken_line(broken: Broken, zone: ZoneInfo) -> str:
    """Say what was wrong with its code, from what was written down: `PRM201: …`."""
    kind = next((kind for kind in CATALOGUE if kind.code == broken.code), None)
    facts: dict[str, object] = {**broken.words, **broken.moments}
    words = {name: _word(fact, zone) for name, fact in facts.items()}
    try:
        return f"{broken.code}: {kind.message.format_map(words)}" if kind else plain(broken.code)
    except KeyError:  # written by an older PrimeTUI, whose sentence spoke of other facts
        return f"{broken.code}: see explain {broken.code}."


def _filled(template: str, violation: Violation, zone: ZoneInfo) -> str:
    words = {name: _word(fact, zone) for name, fact in violation.facts().items()}
    return template.format_map(words)


def _word(fact: object, zone: ZoneInfo) -> str:
    if isinstance(fact, datetime):
        return moment(fact, zone)
    return plain(str(fact)) if fact is not None else "nothing"


def service_name(carrier: str, service: str) -> str:
    """Name a service once: many carriers repeat their own name in it."""
    if service.casefold().startswith(carrier.casefold()):
        return plain(service)
    return f"{plain(carrier)} {plain(service)}"


def explain(code: str) -> str:
    """Tell what a violation code means, why it is, and what to do; ConfigError if unknown."""
    kind = next((k for k in CATALOGUE if k.code.casefold() == code.strip().casefold()), None)
    if kind is None:
        known = ", ".join(k.code for k in CATALOGUE)
        raise ConfigError(f"{plain(code)!r} is no violation code. Known: {known}.")
    why = " ".join((kind.__doc__ or "").split())
    return (
        f"{kind.code} ({kind.rule}) {kind.__name__}\n"
        f"Says: {_blank(kind.message)}\nWhy: {why}\nWhat to do: {_blank(kind.remedy)}"
    )


def _blank(template: str) -> str:
    """Show where a template's facts go: `{ship_by}` becomes `<ship by>`."""
    return template.replace("{", "<").replace("}", ">").replace("_", " ")


def refusal(verdict: Refusal, zone: ZoneInfo) -> str:
    """Say why the gate refuses, each reason with its way out."""
    return "\n".join(
        f"{violation_line(x, zone)} {remedy(x, zone)}"
        for x in verdict.violations
        if x.severity is Severity.BLOCKS
    )


def outcome(result: Outcome, zone: ZoneInfo) -> str:
    """Say what came of a purchase: bought, not bought, or not yet known."""
    match result:
        case Purchased(label=label, already=True):
            return f"Bought before, nothing bought now: {label_line(label)}."
        case Purchased(label=label):
            return f"Bought: {label_line(label)}."
        case NotBought(reason=reason):
            return f"Not bought. {plain(reason)}"
        case OverLimit(charge=charge, limit=limit):
            return f"Not bought: it costs {money(charge)}, the limit is {money(limit)}."
        case Unresolved(reason=reason):
            return f"Not yet known whether it was bought. {plain(reason)} Run reconcile."
        case Refusal():
            return f"Not bought: refused.\n{refusal(result, zone)}"


def settlement(result: Settlement, zone: ZoneInfo) -> str:
    """Say what became of a purchase that was not settled."""
    order_id = result.purchase.order_id
    match result:
        case Found(label=label):
            return f"{order_id}: it was bought: {label_line(label)}."
        case Dropped(reason=reason):
            return f"{order_id}: it was not bought. {plain(reason)}"
        case StillUnknown(reason=reason, ask_again_at=at):
            again = f" Ask again after {moment(at, zone)}." if at else ""
            return f"{order_id}: not yet known whether it was bought. {plain(reason)}{again}"


def void_outcome(result: Voided | NotVoided | VoidUnresolved) -> str:
    """Say what came of a void."""
    match result:
        case Voided(label=label):
            return f"Voided: {plain(label.tracking_id)}. The refund follows in the provider's time."
        case NotVoided(reason=reason):
            return f"Not voided: the label is still live. {plain(reason)}"
        case VoidUnresolved(reason=reason):
            return f"Not yet known whether it was voided; void again to find out. {plain(reason)}"


def sums(amounts: tuple[Money, ...]) -> str:
    """Write totals, one a currency: `81.20 USD + 3.10 GBP`."""
    return " + ".join(money(amount) for amount in amounts) or "nothing"


def batch_entry(entry: Entry, limits: Limits, zone: ZoneInfo) -> str:
    """Say where one order of a batch stands: bought, not bought, not yet known, or not begun."""
    chosen = entry.chosen
    offer = (
        f"{service_name(chosen.carrier, chosen.service)}, {money(chosen.charge)}" if chosen else ""
    )
    note = plain(entry.note)
    if entry.state is EntryState.REFUSED:
        return f"Not bought: {_batch_refusal(entry, limits, zone)}"
    tracking = plain(entry.tracking_id)
    return {
        EntryState.QUEUED: f"{offer}. {note}" if note else offer,
        EntryState.BUYING: f"Being bought: {offer}",
        EntryState.BOUGHT: f"Bought: {offer}, tracking {tracking}",
        EntryState.UNKNOWN: f"Not yet known whether it was bought. {note}",
        EntryState.NOT_BOUGHT: f"Not bought. {note}",
        EntryState.SKIPPED: note or f"Has its label already: tracking {tracking}",
    }[entry.state]


def _batch_refusal(entry: Entry, limits: Limits, zone: ZoneInfo) -> str:
    shown = money(entry.chosen.charge) if entry.chosen else "nothing"
    match entry.why:
        case Why.DEARER:
            asked = money(entry.asked) if entry.asked else "more"
            return f"it costs {asked} now, {shown} was shown. Retry shows the new price."
        case Why.OVER_LABEL_LIMIT:
            return f"it costs {shown}, the limit for a label is {sums(limits.per_label)}."
        case Why.OVER_BATCH_LIMIT:
            return f"it costs {shown}, and the limit of {sums(limits.in_all)} has no room for it."
        case Why.VIOLATIONS:
            return " ".join(broken_line(broken, zone) for broken in entry.broken)
        case _:
            return plain(entry.note)


def batch_summary(batch: Batch) -> str:
    """Count the entries of a batch by state: `2 bought, 1 refused`."""
    counts = ((state, batch.counts.get(state, 0)) for state in EntryState)
    return ", ".join(f"{number:,} {state.replace('-', ' ')}" for state, number in counts if number)


def batch_progress(progress: Progress) -> str:
    """Say what a batch is doing."""
    place = f"{progress.number:,} of {progress.count:,}, {plain(progress.order_id)}"
    match progress.activity:
        case Activity.RATING:
            return f"Fetching rates: {place}"
        case Activity.SETTLING:
            return f"Finding out what became of {place}"
        case Activity.BUYING:
            return f"Buying {place}, at the pace the provider allows"
        case Activity.WAITING:
            return f"Waiting {ceil(progress.wait_seconds)} s, as the provider asks: {place}"


def label_line(label: Label) -> str:
    """Name a label in one line."""
    name = service_name(label.carrier, label.service)
    return f"{name}, tracking {plain(label.tracking_id)}, {money(label.charge)}"


def audit_line(entry: AuditEntry, zone: ZoneInfo) -> str:
    """Write who did what in one line."""
    order = f"  {plain(entry.order_id)}" if entry.order_id else ""
    detail = f"  {plain(entry.detail)}" if entry.detail else ""
    return f"{moment(entry.at, zone)}  {plain(entry.by)}  {plain(entry.action)}{order}{detail}"


_LABEL_WORDS: Final = {
    LabelState.LIVE: "live",
    LabelState.VOIDING: "void asked, answer not known",
    LabelState.VOIDED: "voided",
}

_PURCHASE_WORDS: Final = {
    PurchaseState.INTENT: "written down, not sent",
    PurchaseState.SENT: "sent, no answer yet",
    PurchaseState.UNKNOWN: "sent, answer not known: reconcile",
    PurchaseState.POSTED: "bought",
    PurchaseState.VOIDED: "not bought",
}


def label_state(label: Label) -> str:
    """Name the state of a label."""
    return _LABEL_WORDS[label.state]


def purchase_state(purchase: Purchase) -> str:
    """Name the state of a purchase."""
    return _PURCHASE_WORDS[purchase.state]


_BENEFIT_WORDS: Final = {
    "CLAIMS_PROTECTED": "claims",
    "OTDR_PROTECTED": "on-time",
    "FBM_SHIP_PLUS": "Ship+",
}


def badge(benefit: Benefit) -> str:
    """Name a protection with a sign that needs no colour: `+claims`, `-on-time`."""
    name = _BENEFIT_WORDS.get(benefit.name, plain(benefit.name).lower().replace("_", " "))
    return f"{'+' if benefit.included else '-'}{name}"
