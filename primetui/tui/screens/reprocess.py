"""Reprocess Automation Rules: what would change in waiting orders, then all of it, a part, nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input, Static

from primetui import present
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.present import rules as words
from primetui.tui import commands, deeds, rule_commands
from primetui.tui.command import bindings
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.room import Room
from primetui.tui.rule_diff import COLUMNS, DiffView
from primetui.tui.screens.order import OrderScreen
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.empty import Empty
from primetui.tui.widgets.grid import Grid
from primetui.tui.widgets.words import Hung, line, lines
from primetui.tui.work import Failed, Work
from primetui.usecases.reprocess_rules import Diff, apply_diff, diff_rules


@dataclass
class DiffMade(Message):
    """The difference was worked out, or as much of it as was wished for."""

    view: DiffView


@dataclass
class DiffProgress(Message):
    """How many orders were looked at, or changed, and of how many (0: not known)."""

    done: int
    of: int


class Stopper:
    """Ends work between two chunks of orders; what is done stays done."""

    def __init__(self, told: Callable[[int, int], object]) -> None:
        self._told = told
        self._stop = Event()

    def stop(self) -> None:
        """Ask it to end as soon as it safely can."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to."""
        return self._stop.is_set()

    def progress(self, done: int, of: int) -> bool:
        """Take word of progress; False is the wish to stop."""
        self._told(done, of)
        return not self.stopping


class ReprocessScreen(Room):
    """The difference, counted or order by order; nothing is done before it was shown."""

    OFFERS: ClassVar = (
        rule_commands.StopReprocess,
        rule_commands.ApplyChanges,
        rule_commands.NextView,
        rule_commands.FilterChanges,
        rule_commands.OverHands,
        rule_commands.LookAgain,
        commands.Back,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work) -> None:
        super().__init__(desk, work)
        self._over_hands = False
        self._stopper: Stopper | None = None
        """Of what is under way: working the difference out, or doing it."""
        self._view: DiffView | None = None

    def furnish(self) -> ComposeResult:
        """Give the filter, the list and the whole of what the cursor stands on."""
        yield Static(id="matching")
        yield Input(placeholder="part of an order, a change or a rule", id="narrow")
        yield Grid(COLUMNS)
        with VerticalScroll(id="details", can_focus=False):
            yield Static()
        yield Empty()

    def on_mount(self) -> None:
        """Work the difference out."""
        self._field.display = self.query_one(Empty).display = False
        self.grid.focus()
        self.action_look_again()

    def on_unmount(self) -> None:
        """Leave no work behind that nobody looks at; what is being applied goes on."""
        if self._stopper is not None and not self.work.deeds:
            self._stopper.stop()

    @property
    def grid(self) -> Grid:
        """The list."""
        return self.query_one(Grid)

    @property
    def _field(self) -> Input:
        return self.query_one("#narrow", Input)

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """Say what the list is about; it is worked out anew only when asked."""
        hands = "also what hands set" if self._over_hands else "what hands set is kept"
        self.headline("Reprocess Automation Rules", Span(f"  {hands}", Tone.MUTED))

    def action_look_again(self) -> None:
        """Work the difference out, on a thread."""
        if self._stopper is not None:
            return
        stopper = self._stopper = Stopper(lambda n, of: self.post_message(DiffProgress(n, of)))
        over_hands, zone = self._over_hands, self.zone

        def job() -> Message:
            diff = diff_rules(self.desk, over_hands=over_hands, progress=stopper.progress)
            return DiffMade(DiffView(diff, zone))

        self.read(job, "Putting the rules to the waiting orders")
        self.refresh_bindings()

    def on_diff_progress(self, message: DiffProgress) -> None:
        """Count up."""
        if self._stopper is not None and not self._stopper.stopping:
            of = f" of {message.of:,}" if message.of else ""
            self.bar.busy = f"{message.done:,}{of} orders. Esc stops."

    def on_diff_made(self, message: DiffMade) -> None:
        """Show the difference."""
        self._stopper = None
        self._view = message.view
        self._view.typed = self._field.value
        self.bar.busy = ""
        for rule in message.view.diff.broken:
            self.bar.tell(f"Rule {words.rule_name(rule)} is broken and did not run.", Tone.WARN)
        self._list()

    def _list(self) -> None:
        if (view := self._view) is None:
            return
        self.query_one("#matching", Static).update(line(Span(_summary(view), Tone.STRONG)))
        self.grid.show(view.source())
        nothing = not view.diff.changed and not view.diff.skipped
        self.query_one(Empty).display = nothing
        self.grid.display = self.query_one("#details").display = not nothing
        if nothing:
            self.query_one(Empty).explain(
                "The rules would change nothing.",
                ("o", "let them change what hands set, too"),
                ("Esc", "go back to the rules"),
            )
        elif self.focused is None:
            self.grid.focus()
        self.explain()

    @on(Grid.CursorMoved)
    def explain(self) -> None:
        """Write out in full what the cursor stands on."""
        row = self.grid.cursor_row
        told = [Hung(line(*row.cell(n)), 2) for n in range(len(COLUMNS))] if row else []
        self.query_one("#details Static", Static).update(lines(told))
        self.refresh_bindings()

    # --- Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something; one thing at a time."""
        if not self.is_mounted:
            return False
        if action == rule_commands.StopReprocess.action():
            return self._stopper is not None
        if action == rule_commands.ApplyChanges.action():
            there = self._view is not None and bool(self._view.diff.changed)
            return there and self._stopper is None and not self.work.deeds
        if action in _NEED_REST:
            return self._stopper is None
        return super().check_action(action, parameters)

    def action_stop_reprocess(self) -> None:
        """Stop between two chunks."""
        if self._stopper is not None:
            self._stopper.stop()
            self.bar.busy = "Stopping after the orders at hand…"

    def action_back(self) -> None:
        """Go back a step: from the filter, from one change's orders, from the screen."""
        view = self._view
        if self._field.display:
            self._field.value = ""
            self._field.display = False
            self.grid.focus()
        elif view is not None and view.by_order:
            view.by_order, view.only = False, None
            self._list()
        else:
            super().action_back()

    def action_next_view(self) -> None:
        """Turn between changes and orders."""
        if (view := self._view) is not None:
            view.by_order, view.only = not view.by_order, None
            self._list()

    @on(Grid.Opened)
    def open_row(self, event: Grid.Opened) -> None:
        """Show the orders of a change; of an order, everything."""
        if (view := self._view) is None:
            return
        if view.by_order:
            self.app.push_screen(OrderScreen(self.desk, self.work, OrderId(event.row_id)))
        else:
            view.only, view.by_order = view.change_of(event.row_id), True
            self._list()

    def action_filter_changes(self) -> None:
        """Open the filter."""
        self._field.display = True
        self.set_focus(self._field)

    @on(Input.Changed, "#narrow")
    def narrow(self, event: Input.Changed) -> None:
        """Narrow the list."""
        if self._view is not None:
            self._view.typed = event.value
            self._list()

    @on(Input.Submitted, "#narrow")
    def settle_filter(self) -> None:
        """Go back to the list, keeping the filter."""
        self._field.display = bool(self._field.value)
        self.set_focus(self.grid)

    def action_over_hands(self) -> None:
        """Switch whether hands are heeded, and work it out again."""
        self._over_hands = not self._over_hands
        self.look()
        self.action_look_again()

    # --- Doing it -----------------------------------------------------------------------------

    def action_apply_changes(self) -> None:
        """Ask, then do what is chosen: whole orders, each all of its changes or none."""
        if (view := self._view) is None:
            return
        chosen = view.orders_of(self.grid.marks) if self.grid.marks else view.listed_ids()
        if not chosen:
            self.bar.tell("No order is chosen that would change.", Tone.WARN)
            return
        question = f"Change {present.count(len(chosen), 'order')}?"
        said = "Each order is changed whole. Orders that moved on meanwhile are left alone."
        diff = view.diff

        def apply(yes: bool | None) -> None:  # noqa: FBT001 - the dialog's result is its answer
            if yes:
                self._apply(diff, chosen)

        self.app.push_screen(Confirm(question, said), apply)

    def _apply(self, diff: Diff, chosen: tuple[OrderId, ...]) -> None:
        stopper = self._stopper = Stopper(lambda n, of: self.post_message(DiffProgress(n, of)))
        self.work.deed(
            lambda: deeds.RulesReprocessed(
                apply_diff(self.desk, diff, chosen, progress=stopper.progress)
            ),
            doing=f"change {present.count(len(chosen), 'order')}",
            control=stopper,
        )
        self.refresh_bindings()

    def hear(self, outcome: Message) -> None:
        """Say what came of it, and show what is left."""
        if isinstance(outcome, deeds.RulesReprocessed | Failed):
            self._stopper = None
        super().hear(outcome)
        if isinstance(outcome, deeds.RulesReprocessed):
            self.action_look_again()

    def on_failed(self, message: Failed) -> None:
        """Let it be tried again."""
        self._stopper = None
        super().on_failed(message)


def _summary(view: DiffView) -> str:
    """Say how much would change, and what of it is listed."""
    diff = view.diff
    said = f"{len(diff.changed):,} of {present.count(diff.seen, 'order')} would change"
    said += f"; {len(diff.skipped):,} left alone" if diff.skipped else ""
    said += f"; {len(diff.unreadable):,} cannot be read" if diff.unreadable else ""
    said += "" if diff.complete else "; stopped before the end"
    only = "" if view.only is None else f" · only {words.change(view.only, view.zone)}"
    return said + (" · order by order" if view.by_order else " · counted by change") + only


_NEED_REST: Final = frozenset({rule_commands.OverHands.action(), rule_commands.LookAgain.action()})
"""What waits until nothing is under way."""
