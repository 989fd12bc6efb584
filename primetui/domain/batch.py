"""A batch: labels for many orders, bought one after another within what was agreed to (R21).

Every entry's step is on disk before its effect. What may have happened counts as spent, so a
batch never spends more than its limit, whatever becomes of an answer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NewType, Self

from pydantic import Field

from primetui.domain.label import LabelId
from primetui.domain.money import Money, total
from primetui.domain.rate import RateId
from primetui.domain.shipment import OrderId
from primetui.domain.value import Moment, Value
from primetui.domain.violations import Violation

BatchId = NewType("BatchId", str)


class EntryState(StrEnum):
    """How far an entry is."""

    QUEUED = "queued"
    """Rated and shown; nothing was begun."""
    BUYING = "buying"
    """About to be bought, or being bought; the order's journal knows how far."""
    BOUGHT = "bought"
    REFUSED = "refused"
    """Not bought: our own checks, a limit or a price spoke against it."""
    NOT_BOUGHT = "not-bought"
    """Certainly not bought: the outside world failed or refused."""
    UNKNOWN = "unknown"
    """Nobody knows yet whether it was bought: only settling it leads on."""
    SKIPPED = "skipped"
    """Nothing to buy: a label was there already, or the entry was given up."""


_RETRIED = {EntryState.QUEUED, EntryState.REFUSED, EntryState.NOT_BOUGHT, EntryState.SKIPPED}
_SETTLED = {EntryState.BOUGHT, EntryState.NOT_BOUGHT, EntryState.UNKNOWN, EntryState.SKIPPED}

_NEXT: Mapping[EntryState, set[EntryState]] = {
    EntryState.QUEUED: {*_RETRIED, EntryState.BUYING},
    EntryState.BUYING: {*_SETTLED, EntryState.QUEUED, EntryState.REFUSED},
    EntryState.UNKNOWN: _SETTLED,
    EntryState.REFUSED: _RETRIED,
    EntryState.NOT_BOUGHT: _RETRIED,
    EntryState.BOUGHT: set(),
    EntryState.SKIPPED: set(),
}
"""What is not known is never queued again; what was bought stays bought."""

RETRYABLE = frozenset({EntryState.REFUSED, EntryState.NOT_BOUGHT})
"""What certainly did not happen, and may be tried again."""

AT_STAKE = frozenset({EntryState.BUYING, EntryState.UNKNOWN, EntryState.BOUGHT})
"""What has cost money, or may have."""

UNFINISHED = frozenset({EntryState.QUEUED, EntryState.BUYING, EntryState.UNKNOWN})


class Why(StrEnum):
    """What spoke against a refused entry."""

    VIOLATIONS = "violations"
    DEARER = "dearer"
    """It costs more now than what was shown."""
    OVER_LABEL_LIMIT = "over-label-limit"
    OVER_BATCH_LIMIT = "over-batch-limit"
    OTHER = "other"
    """The entry's note says it."""


class Broken(Value):
    """A violation as it was found: its code and the facts its sentences speak of."""

    code: str
    words: dict[str, str] = Field(default_factory=dict)
    moments: dict[str, Moment] = Field(default_factory=dict)

    @classmethod
    def of(cls, violation: Violation) -> Self:
        """Write a violation down."""
        facts = violation.facts()
        moments = {name: fact for name, fact in facts.items() if isinstance(fact, datetime)}
        words = {n: "nothing" if f is None else str(f) for n, f in facts.items()}
        return cls(
            code=violation.code,
            words={name: word for name, word in words.items() if name not in moments},
            moments=moments,
        )


class Chosen(Value):
    """The offer that was shown for an order: buying it costs this much and no more."""

    rate_id: RateId
    """Blank when it must be rated anew before anything is bought."""
    carrier: str
    service: str
    arrives_by: Moment | None = None
    charge: Money


class Entry(Value):
    """One order of a batch, and what became of it."""

    order_id: OrderId
    state: EntryState = EntryState.QUEUED
    chosen: Chosen | None = None
    """What was shown and agreed to; None while it was never rated."""
    asked: Money | None = None
    """What it costs now, where that is more than what was shown."""
    paid: Money | None = None
    why: Why | None = None
    broken: tuple[Broken, ...] = ()
    note: str = ""
    """What was said about it outside, in one sentence."""
    label_id: LabelId | None = None
    tracking_id: str = ""
    journal_before: int = 0
    """How many journal entries the order had when buying began: later ones are this entry's."""
    rated_again: int = 0
    """How often a fresh look asked for other rates."""

    def step(self, state: EntryState, **changes: object) -> "Entry":
        """Go one step further; a step that the machine does not have is a fault of ours.

        What was said about the earlier state is forgotten.
        """
        if state not in _NEXT[self.state]:
            raise ValueError(f"an entry cannot go from {self.state} to {state}")
        forgotten = {"asked": None, "why": None, "broken": (), "note": ""}
        return self.model_copy(update={**forgotten, **changes, "state": state})

    def refused(self, why: Why, **changes: object) -> "Entry":
        """Refuse it."""
        return self.step(EntryState.REFUSED, why=why, **changes)

    @property
    def at_stake(self) -> Money | None:
        """What it has cost, or may have; None while it certainly cost nothing."""
        if self.state not in AT_STAKE:
            return None
        return self.paid or (self.chosen.charge if self.chosen else None)


class Limits(Value):
    """What may be spent, an amount a currency; where amounts are given, others are not allowed."""

    per_label: tuple[Money, ...] = ()
    in_all: tuple[Money, ...] = ()
    """Empty: what was shown is the limit."""

    def allow_label(self, charge: Money) -> bool:
        """Tell whether one label may cost so much."""
        return _within(charge, self.per_label)

    def allow_in_all(self, amount: Money) -> bool:
        """Tell whether everything in one currency may come to so much."""
        return _within(amount, self.in_all)


class Batch(Value):
    """Orders to be bought for, in the order in which they were given."""

    id: BatchId
    made_at: Moment
    made_by: str
    limits: Limits = Limits()
    entries: tuple[Entry, ...] = ()
    started_at: Moment | None = None
    """When its purchases were agreed to first; None for a mere plan."""

    def entry(self, order_id: OrderId) -> Entry:
        """Find the entry of an order that is in it."""
        return next(entry for entry in self.entries if entry.order_id == order_id)

    def put(self, changed: Entry) -> "Batch":
        """Replace the entry of an order."""
        entries = tuple(changed if e.order_id == changed.order_id else e for e in self.entries)
        return self.model_copy(update={"entries": entries})

    def of(self, *states: EntryState) -> tuple[Entry, ...]:
        """Give the entries in some states, in their order."""
        return tuple(entry for entry in self.entries if entry.state in states)

    @property
    def counts(self) -> Mapping[EntryState, int]:
        """Count the entries of each state."""
        return Counter(entry.state for entry in self.entries)

    @property
    def spent(self) -> tuple[Money, ...]:
        """Add up what was spent, and what may have been."""
        return total(entry.at_stake for entry in self.entries if entry.at_stake)

    @property
    def to_spend(self) -> tuple[Money, ...]:
        """Add up what the queued entries would cost at most."""
        return total(e.chosen.charge for e in self.of(EntryState.QUEUED) if e.chosen)

    @property
    def ceiling(self) -> tuple[Money, ...]:
        """Say what it can come to at most."""
        return total((*self.spent, *self.to_spend))

    def has_room(self, charge: Money) -> bool:
        """Tell whether so much more may be spent."""
        return self.limits.allow_in_all(_more(self.spent, charge))

    def within_limits(self) -> "Batch":
        """Refuse the queued entries for which no room is left once those before them are bought."""
        checked, spent = self, self.spent
        for entry in self.of(EntryState.QUEUED):
            if entry.chosen is None:
                continue
            charge = entry.chosen.charge
            if not self.limits.allow_label(charge):
                checked = checked.put(entry.refused(Why.OVER_LABEL_LIMIT))
            elif not self.limits.allow_in_all(_more(spent, charge)):
                checked = checked.put(entry.refused(Why.OVER_BATCH_LIMIT))
            else:
                spent = total((*spent, charge))
        return checked

    @property
    def is_open(self) -> bool:
        """Begun, and not at its end."""
        return self.started_at is not None and bool(self.of(*UNFINISHED))


def _within(amount: Money, limits: tuple[Money, ...]) -> bool:
    same = [limit for limit in limits if limit.currency == amount.currency]
    return not limits or (bool(same) and all(amount <= limit for limit in same))


def _more(spent: Iterable[Money], charge: Money) -> Money:
    """Add a charge to what was spent in its currency."""
    return sum((money for money in spent if money.currency == charge.currency), start=charge)
