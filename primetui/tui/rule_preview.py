"""Answers what a rule would match, from a thread of its own; of several questions the latest wins."""

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from threading import Event, Lock
from typing import Final

from textual.message import Message
from textual.message_pump import MessagePump

from primetui.domain.handling import RuleId
from primetui.domain.rules.model import Rule
from primetui.domain.rules.run import Change
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.tui.work import Work
from primetui.usecases.preview_rules import (
    Hits,
    OrderTable,
    blank_table,
    counting,
    filling,
    would_change,
)

SHOWN: Final = 30
"""Orders for which a preview says what would change."""
AGAIN_SECONDS: Final = 0.5
"""Between two answers to one question while the orders are still being laid out."""
REST: Final = 10
"""A table is laid out anew after so many times as long as it took: an import must not keep one busy."""
QUIET_SECONDS: Final = 1.0
"""Without a question, before hits are counted on."""
PATIENCE_SECONDS: Final = 10.0
"""How long the end of the thread is waited for."""


@dataclass
class Previewed(Message):
    """What a rule would match now."""

    rule: Rule
    seen: int
    """Orders that were looked at."""
    complete: bool
    """False: more orders are still being laid out."""
    matched: Sequence[OrderId] | None = None
    """None: it asks who the buyer is, which is not laid out."""
    changes: tuple[tuple[OrderId, tuple[Change, ...]], ...] = ()
    """For the first of those that match."""


@dataclass
class NowCounted(Message):
    """How many waiting orders each rule would match now."""

    now: Mapping[RuleId, int]


@dataclass
class HitsCounted(Message):
    """How often each rule fired."""

    hits: Mapping[RuleId, Hits]


@dataclass
class PreviewClosed(Message):
    """Nothing will be answered any more."""


@dataclass(slots=True)
class _Question:
    """One question, and how far it was answered."""

    rule: Rule
    to: MessagePump
    complete: bool = False
    """It was answered from all orders."""
    answered_at: float | None = None


class Preview:
    """Keeps the waiting orders laid out while the rule screens are open."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = Lock()
        self._called = Event()
        self._closing = Event()
        self._ended = Event()
        self._question: _Question | None = None
        self._counting: tuple[Sequence[Rule], MessagePump] | None = None
        self._laid_out_at = 0.0
        self._took = 0.0
        self._asked_at = -QUIET_SECONDS
        self._ended.set()
        self._hits_ended = Event()
        self._hits_ended.set()

    # --- The screens ask ----------------------------------------------------------------------

    def start(self, work: Work, to: MessagePump) -> None:
        """Begin to lay the orders out."""
        self._ended.clear()
        work.read(self._run, doing="preview rules", to=to)

    def count_hits(self, work: Work, to: MessagePump) -> None:
        """Count how often rules fired, on a thread of its own: it reads every stored order."""
        if self._hits_ended.is_set():
            self._hits_ended.clear()
            work.read(self._count_hits, doing="count what rules did", to=to)

    def ask(self, rule: Rule | None, to: MessagePump) -> None:
        """Ask what a rule would match; None takes the last question back."""
        with self._lock:
            self._question = None if rule is None else _Question(rule, to)
            self._asked_at = time.monotonic()
        self._called.set()

    def count(self, rules: Sequence[Rule], to: MessagePump) -> None:
        """Ask how many orders each rule would match now."""
        with self._lock:
            self._counting = (rules, to)
        self._called.set()

    def close(self) -> None:
        """End the threads: the documents may be closed afterwards."""
        self._closing.set()
        self._called.set()
        self._ended.wait(PATIENCE_SECONDS)
        self._hits_ended.wait(PATIENCE_SECONDS)

    # --- The thread answers -------------------------------------------------------------------

    def _run(self) -> Message:
        try:
            with closing(self._tables()) as tables:
                for table in tables:
                    if self._closing.is_set():
                        break
                    self._answer(table)
        finally:
            self._ended.set()
        return PreviewClosed()

    def _tables(self) -> Generator[OrderTable, None, None]:
        """Give the table at every chance to answer: while it grows, while counting, when called."""
        whole: OrderTable | None = None
        while True:
            self._called.clear()
            if whole is None or self._is_stale(whole):
                whole = yield from self._lay_out(whole)
            yield whole
            yield from self._count(whole)
            self._called.wait()

    def _lay_out(self, before: OrderTable | None) -> Generator[OrderTable, None, OrderTable]:
        """Make another table; until it is complete the one before answers, if there is one."""
        began = time.monotonic()
        table = blank_table(self._desk)
        for _ in filling(self._desk, table):
            yield before or table
        self._laid_out_at = time.monotonic()
        self._took = self._laid_out_at - began
        return table

    def _is_stale(self, table: OrderTable) -> bool:
        rested = time.monotonic() - self._laid_out_at > REST * self._took
        return rested and self._desk.repository.revision() != table.revision

    def _answer(self, table: OrderTable) -> None:
        with self._lock:
            asked = self._question
        if asked is None or not _is_due(asked, table):
            return
        asked.answered_at, asked.complete = time.monotonic(), table.complete
        answer = self._previewed(asked.rule, table)
        with self._lock:
            latest = asked is self._question
        if latest:
            asked.to.post_message(answer)

    def _previewed(self, rule: Rule, table: OrderTable) -> Previewed:
        seen = len(table.ids)
        if not table.can_show(rule):
            return Previewed(rule, seen, table.complete)
        matched = table.matches(rule, self._desk.clock.now())
        changes = would_change(self._desk, rule, matched[:SHOWN])
        return Previewed(rule, seen, table.complete, matched, changes)

    def _count(self, table: OrderTable) -> Generator[OrderTable, None, None]:
        """Count, giving way to questions between two steps."""
        with self._lock:
            asked, self._counting = self._counting, None
        if asked is None:
            return
        rules, to = asked
        now: dict[RuleId, int] = {}
        for rule in rules:
            if table.can_show(rule):
                now[rule.id] = len(table.matches(rule, self._desk.clock.now()))
            yield table
        to.post_message(NowCounted(now))

    def _is_typed_in(self) -> bool:
        """Tell whether somebody waits for answers: counting gives way to them."""
        return time.monotonic() - self._asked_at < QUIET_SECONDS

    def _count_hits(self) -> Message:
        hits: dict[RuleId, Hits] = {}
        try:
            with closing(counting(self._desk, hits)) as steps:
                for _ in steps:
                    while self._is_typed_in() and not self._closing.is_set():
                        self._closing.wait(QUIET_SECONDS)
                    if self._closing.is_set():
                        break
        finally:
            self._hits_ended.set()
        return HitsCounted(hits)


def _is_due(asked: _Question, table: OrderTable) -> bool:
    """Tell whether a question wants an answer: its first, a better one, or the final one."""
    if asked.answered_at is None:
        return True
    if asked.complete:
        return False
    return table.complete or time.monotonic() - asked.answered_at > AGAIN_SECONDS
