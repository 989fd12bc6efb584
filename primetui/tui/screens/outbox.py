"""The outbox: what the marketplaces are still to be told of labels that they did not sell."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from primetui import present
from primetui.domain.notice import Notice, NoticeState
from primetui.tui import commands, deeds, outbox_commands
from primetui.tui.command import bindings
from primetui.tui.manifesting import ManifestRoom
from primetui.tui.notice_rows import COLUMNS, notice_details, notice_rows
from primetui.tui.recording import carrier_form
from primetui.tui.screens.order import OrderScreen
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.empty import Empty
from primetui.tui.widgets.grid import Chooser, Grid
from primetui.tui.widgets.rows import ListedRows
from primetui.tui.widgets.words import lines
from primetui.usecases.confirm_shipments import outbox


class OutboxScreen(ManifestRoom):
    """The queue, and everything about the notice under the cursor below."""

    OFFERS: ClassVar = (
        outbox_commands.RetryNotice,
        outbox_commands.RenameCarrier,
        outbox_commands.SendDue,
        outbox_commands.OpenOrder,
        outbox_commands.MakeManifest,
        commands.Back,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    _notices: tuple[Notice, ...] = ()

    def furnish(self) -> ComposeResult:
        """Give the queue and the details."""
        yield Chooser(COLUMNS)
        with VerticalScroll(id="details", can_focus=False):
            yield Static()
        yield Empty()

    def on_mount(self) -> None:
        """Start on the queue."""
        self.grid.focus()

    @property
    def grid(self) -> Grid:
        """The queue."""
        return self.query_one(Grid)

    @property
    def _notice(self) -> Notice | None:
        """The notice under the cursor."""
        return next((n for n in self._notices if n.id == self.grid.cursor_id), None)

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """Show the queue as it is now, or what belongs here."""
        self._notices = outbox(self.desk)
        waiting = f"  {present.count(len(self._notices), 'notice')}, oldest first"
        self.headline("Outbox", Span(waiting if self._notices else "", Tone.MUTED))
        self.grid.show(ListedRows(notice_rows(self._notices, self.desk, self.zone)))
        self.grid.display = self.query_one("#details").display = bool(self._notices)
        empty = self.query_one(Empty)
        empty.display = not self._notices
        if not self._notices:
            empty.explain(
                "Nothing waits: every marketplace knows what it must know.",
                ("", "Labels bought elsewhere stand here until they are listed."),
                ("", "Amazon knows of its own labels by itself."),
                ("e", "on an order: record a label bought elsewhere"),
            )
        elif self.focused is None:
            self.grid.focus()
        self.explain()

    def beat(self) -> None:
        """Count down."""
        self.grid.tick()
        self.explain()

    @on(Grid.CursorMoved)
    def explain(self) -> None:
        """Say why, and what to do about it."""
        notice = self._notice
        words = lines(notice_details(notice, self.desk, self.zone) if notice else ())
        self.query_one("#details Static", Static).update(words)
        self.refresh_bindings()

    # --- Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something."""
        if not self.is_mounted:
            return False
        notice = self._notice
        if action == outbox_commands.SendDue.action():
            now = self.desk.clock.now()
            return not self.work.deeds and any(n.is_due(now) for n in self._notices)
        if action == outbox_commands.OpenOrder.action():
            return notice is not None
        if action in {
            outbox_commands.RetryNotice.action(),
            outbox_commands.RenameCarrier.action(),
        }:
            unsent = {NoticeState.QUEUED, NoticeState.FAILED}
            return not self.work.deeds and notice is not None and notice.state in unsent
        return super().check_action(action, parameters)

    def action_open_order(self) -> None:
        """Show its order."""
        if (notice := self._notice) is not None:
            self.app.push_screen(OrderScreen(self.desk, self.work, notice.order_id))

    def action_send_due(self) -> None:
        """Send what is due."""
        deeds.send_due(self.desk, self.work)

    def action_retry_notice(self) -> None:
        """Send it now."""
        if (notice := self._notice) is not None:
            deeds.retry_notice(self.desk, self.work, notice.order_id)

    def action_rename_carrier(self) -> None:
        """Ask for another name, then send it under that."""
        if (notice := self._notice) is None:
            return
        order_id = notice.order_id

        def send(carrier: str | None) -> None:
            if carrier is not None:
                deeds.retry_notice(self.desk, self.work, order_id, carrier)

        self.app.push_screen(carrier_form(notice.carrier), send)
