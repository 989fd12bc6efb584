"""The batch screen: everything before buying, one question, then progress order by order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final, final

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from primetui import present
from primetui.domain.batch import RETRYABLE, Batch, EntryState, Limits
from primetui.domain.money import Money
from primetui.domain.shipment import OrderId
from primetui.errors import PrimeTUIError
from primetui.ports import Desk
from primetui.tui import batch_commands, commands, deeds
from primetui.tui.batch_rows import COLUMNS, batch_rows, batch_totals, entry_details
from primetui.tui.batch_run import BatchRun
from primetui.tui.command import bindings
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.dialogs.form import Field, Form
from primetui.tui.room import Room
from primetui.tui.typed import typed_amounts
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.grid import Chooser, Grid
from primetui.tui.widgets.rows import ListedRows
from primetui.tui.widgets.words import line, lines
from primetui.tui.work import Failed, Work
from primetui.usecases.batch_control import Progress
from primetui.usecases.plan_batch import plan_batch
from primetui.usecases.run_batch import close_batch, limit_batch, retry_batch

LATEST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass
class BatchRated(Message):
    """A plan was made, or made anew."""

    batch: Batch


@dataclass
class RatingProgress(Message):
    """How far a plan is."""

    progress: Progress


@final
class PlanStopped(PrimeTUIError):
    """The operator left while rates were fetched; nothing of it is kept."""


class BatchScreen(Room):
    """Totals above, the orders, and the reasons for the one under the cursor below."""

    OFFERS: ClassVar = (
        batch_commands.RunBatch,
        batch_commands.PauseBatch,
        batch_commands.StopBatch,
        batch_commands.RetryBatch,
        batch_commands.SettleBatch,
        batch_commands.LimitBatch,
        batch_commands.DropBatch,
        commands.Back,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work, what: Batch | tuple[OrderId, ...]) -> None:
        super().__init__(desk, work)
        self._batch = what if isinstance(what, Batch) else None
        self._wanted = () if isinstance(what, Batch) else what
        self._rating: BatchRun | None = None
        """Under way while rates are fetched."""

    def furnish(self) -> ComposeResult:
        """Give the totals, the orders and the reasons."""
        yield Static(id="deadline")
        yield Chooser(COLUMNS)
        with VerticalScroll(id="details", can_focus=False):
            yield Static()

    def on_mount(self) -> None:
        """Rate the orders at once, where that is still to be done."""
        self.grid.focus()
        if self._wanted:
            self._rate(
                lambda run: plan_batch(self.desk, self._by_urgency(), Limits(), run),
                f"Fetching rates for {present.count(len(self._wanted), 'order')}",
            )

    @property
    def grid(self) -> Grid:
        """The orders."""
        return self.query_one(Grid)

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """Show the batch as it is on disk now."""
        if self._batch is None:
            self.headline(f"Batch of {present.count(len(self._wanted), 'order')}")
            return
        batch = self._batch = self.desk.repository.batch(self._batch.id) or self._batch
        summary = Span(f"  {present.batch_summary(batch)}", Tone.MUTED)
        self.headline(f"Batch of {present.count(len(batch.entries), 'order')}", summary)
        self.query_one("#deadline", Static).update(line(*batch_totals(batch)))
        self.grid.show(ListedRows(batch_rows(batch, self.zone)))
        self.explain()

    def beat(self) -> None:
        """Say what the run is doing."""
        if (run := self._run) is not None:
            self.bar.busy = _doing(run)

    @on(Grid.CursorMoved)
    def explain(self) -> None:
        """Say why, and what to do about it."""
        if self._batch is not None and (row_id := self.grid.cursor_id) is not None:
            entry = self._batch.entry(OrderId(row_id))
            words = lines(entry_details(self._batch, entry, self.zone))
            self.query_one("#details Static", Static).update(words)

    # --- Rates --------------------------------------------------------------------------------

    def _by_urgency(self) -> list[OrderId]:
        """Put what must leave first at the head of the batch."""

        def ship_by(order_id: OrderId) -> datetime:
            record = self.desk.repository.order(order_id)
            return (record and record.order.ship_by.latest) or LATEST

        return sorted(self._wanted, key=lambda order_id: (ship_by(order_id), order_id))

    def _rate(self, job: Callable[[BatchRun], Batch], doing: str) -> None:
        def told(progress: Progress) -> None:
            if run.stopping:
                raise PlanStopped("Stopped: nothing was bought, and no plan was kept.")
            self.post_message(RatingProgress(progress))

        run = self._rating = BatchRun(told)
        self.read(lambda: BatchRated(job(run)), doing)
        self.refresh_bindings()

    def on_rating_progress(self, message: RatingProgress) -> None:
        """Show how far it is."""
        if self._rating is not None:
            self.bar.busy = f"{present.batch_progress(message.progress)}. Esc leaves."

    def on_batch_rated(self, message: BatchRated) -> None:
        """Show it; nothing is bought yet."""
        self._rating = None
        self._batch = batch = message.batch
        queued, refused = len(batch.of(EntryState.QUEUED)), len(batch.of(*RETRYABLE))
        words = f"{present.count(queued, 'label')} can be bought, {refused:,} not."
        self.bar.tell(words, Tone.WARN if refused else Tone.GOOD)
        self.look_again()

    def on_failed(self, message: Failed) -> None:
        """Say so."""
        self._rating = None
        super().on_failed(message)

    def action_back(self) -> None:
        """Go back; a plan under way is given up, a run goes on."""
        if self._rating is not None:
            self._rating.stop()
        super().action_back()

    def action_retry_batch(self) -> None:
        """Rate anew what certainly was not bought."""
        if (batch := self._batch) is not None:
            self._rate(lambda run: retry_batch(self.desk, batch.id, run), "Fetching rates again")

    # --- Buying -------------------------------------------------------------------------------

    @property
    def _run(self) -> BatchRun | None:
        """The run of this batch in this console, if there is one."""
        run = self.work.control(deeds.batching(self._batch)) if self._batch else None
        return run if isinstance(run, BatchRun) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something."""
        if (needs := _NEEDS.get(action)) is None:
            return super().check_action(action, parameters)
        if self._batch is None or self._rating is not None:
            return False
        running = self._run
        if action in _WHILE_RUNNING:
            return running is not None and not running.stopping
        return running is None and bool(self._batch.of(*needs))

    def action_run_batch(self) -> None:
        """Ask once, then buy."""
        if (batch := self._batch) is None:
            return
        labels = present.count(len(batch.of(EntryState.QUEUED)), "label")
        question = f"Buy {labels} for {present.sums(batch.to_spend)}?"
        limit = present.sums(batch.limits.in_all or batch.ceiling)
        details = [f"Spent so far: {present.sums(batch.spent)}. Never more than {limit} in all."]
        if refused := len(batch.of(*RETRYABLE)):
            details.append(f"{present.count(refused, 'order')} cannot be bought and stay out.")
        self.app.push_screen(Confirm(question, *details), self._agreed)

    def _agreed(self, yes: bool | None) -> None:  # noqa: FBT001 - the dialog's result is its answer
        if yes and self._batch is not None:
            deeds.buy_batch(self.desk, self.work, self._batch)
            self.bar.busy = "Buying. Esc leaves; it goes on all the same."
            self.refresh_bindings()

    def action_pause_batch(self) -> None:
        """Hold, or go on."""
        if (run := self._run) is not None:
            run.turn_pause()
            self.beat()

    def action_stop_batch(self) -> None:
        """Stop after the current order."""
        if (run := self._run) is not None:
            run.stop()
            self.beat()
            self.refresh_bindings()

    def action_settle_batch(self) -> None:
        """Find out about what is open."""
        if self._batch is not None:
            deeds.settle_open(self.desk, self.work, self._batch)

    def action_drop_batch(self) -> None:
        """Ask once, then give up what is queued."""
        if (batch := self._batch) is None:
            return
        queued = present.count(len(batch.of(EntryState.QUEUED)), "queued order")
        question = Confirm(f"Give up {queued}?", "What was bought stays bought.")
        self.app.push_screen(question, lambda yes: self._drop(batch) if yes else None)

    def _drop(self, batch: Batch) -> None:
        self.read(lambda: deeds.BatchEnded(close_batch(self.desk, batch.id)), "Giving up")

    def on_batch_ended(self, message: deeds.BatchEnded) -> None:
        """Say where the batch stands now."""
        self.hear(message)

    # --- The limit ----------------------------------------------------------------------------

    def action_limit_batch(self) -> None:
        """Ask for the limits."""
        if (batch := self._batch) is None:
            return
        known = tuple(amount.currency for amount in batch.ceiling)
        example = f"12.50 {known[0] if known else 'USD'}"
        fields = [
            Field("in_all", "The whole batch may cost", _typed(batch.limits.in_all), example),
            Field("per_label", "A label may cost", _typed(batch.limits.per_label), example),
        ]

        def read(typed: Mapping[str, str]) -> Limits:
            return Limits(**{key: typed_amounts(text, known) for key, text in typed.items()})

        guide = "Empty: what is shown is the limit. Lower ones refuse what is above them."
        self.app.push_screen(Form("Limits of this batch", fields, read, guide), self._limit)

    def _limit(self, limits: Limits | None) -> None:
        if (batch := self._batch) is not None and limits is not None:
            self.read(lambda: BatchRated(limit_batch(self.desk, batch.id, limits)), "Keeping")


def _typed(amounts: tuple[Money, ...]) -> str:
    return " + ".join(f"{amount.amount} {amount.currency}" for amount in amounts)


def _doing(run: BatchRun) -> str:
    """Say what a run is doing, and what the operator wished."""
    if run.stopping:
        return "Stopping after the current order; its answer is written down first."
    if run.paused:
        return "Paused after the current order. p goes on, x stops."
    return present.batch_progress(run.progress) if run.progress else "Buying"


_OPEN: Final = (EntryState.BUYING, EntryState.UNKNOWN)
_NEEDS: Final[Mapping[str, tuple[EntryState, ...]]] = {
    batch_commands.RunBatch.action(): (EntryState.QUEUED,),
    batch_commands.PauseBatch.action(): (),
    batch_commands.StopBatch.action(): (),
    batch_commands.RetryBatch.action(): tuple(RETRYABLE),
    batch_commands.SettleBatch.action(): _OPEN,
    batch_commands.LimitBatch.action(): (EntryState.QUEUED, *RETRYABLE),
    batch_commands.DropBatch.action(): (EntryState.QUEUED,),
}
"""In which states an entry must be for a command to have something to do."""
_WHILE_RUNNING: Final = frozenset(
    {batch_commands.PauseBatch.action(), batch_commands.StopBatch.action()}
)
