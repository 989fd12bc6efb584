"""What all screens of the console share: a desk, news, a footer, and a way back."""

from collections.abc import Callable
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from primetui.domain.shipment import OrderId
from primetui.errors import PrimeTUIError
from primetui.ports import Desk
from primetui.tui import commands, deeds
from primetui.tui.command import Command, bindings, offers
from primetui.tui.company import Entered
from primetui.tui.dialogs.help import HelpScreen
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.footer import Footer
from primetui.tui.widgets.status import MessageBar
from primetui.tui.widgets.words import line
from primetui.tui.work import Failed, Work

BEAT_SECONDS = 1.0


class Room(Screen[None]):
    """A screen that shows documents: it reads them anew whenever somebody changed one."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (commands.Back, commands.Help)
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work) -> None:
        super().__init__()
        self.desk = desk
        self.work = work
        self.zone = ZoneInfo("UTC")
        """The account's time zone, as of the last look at the documents."""
        self._looked = False
        self._deed_shown = ""

    # --- Layout -------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Put the title above and news and keys below the screen's own part."""
        yield Static(classes="title")
        yield from self.furnish()
        yield MessageBar()
        yield Footer()

    def furnish(self) -> ComposeResult:
        """Give the screen's own part."""
        raise NotImplementedError  # each room its own; the metaclass of a screen rules out ABC

    @property
    def bar(self) -> MessageBar:
        """Where news is told."""
        return self.query_one(MessageBar)

    def headline(self, title: str, *rest: Span | str) -> None:
        """Write the first line of the screen."""
        self.query_one(".title", Static).update(line(Span(title, Tone.STRONG), *rest))

    @property
    def is_furnished(self) -> bool:
        """Its parts stand: not before they are laid out, nor while they are taken down."""
        return self.is_mounted and bool(self.query(".title"))

    # --- Documents ----------------------------------------------------------------------------

    def look(self) -> None:
        """Show the documents as they are now."""
        raise NotImplementedError  # each room its own; the metaclass of a screen rules out ABC

    def beat(self) -> None:
        """Do what a second that passed asks for: countdowns, for one."""

    def on_order(self) -> OrderId | None:
        """Name the order the screen is about, for the others to see; None for none."""
        return None

    def on_mount(self) -> None:
        """Look; whoever changes a document later makes it look again."""
        self.set_interval(BEAT_SECONDS, self._beat)
        self.look_again()

    def on_screen_resume(self) -> None:
        """Look again after another screen was in front."""
        self.post_message(Entered(self.on_order()))
        if self._looked:
            self.refresh(layout=True)  # news told behind a dialog may take more lines than before
            self._show_deeds()
            self.look_again()

    def look_again(self) -> None:
        """Show the documents, or say why they cannot be read."""
        try:
            self._looked = True
            self.zone = self.desk.repository.account().zone
            self.look()
        except PrimeTUIError as error:
            self.bar.tell(str(error), Tone.BAD)
        self.refresh_bindings()

    def _beat(self) -> None:
        if not self.is_current:
            return
        try:
            self.beat()
            self._show_deeds()
        except PrimeTUIError as error:
            self.bar.tell(str(error), Tone.BAD)

    def _show_deeds(self) -> None:
        """Name what is under way, wherever it was begun, for as long as it lasts."""
        deeds_now = self.work.deeds
        if deeds_now and not self.bar.busy:
            self.bar.busy = self._deed_shown = f"{deeds_now[0]}…"
        elif not deeds_now and self._deed_shown and self.bar.busy == self._deed_shown:
            self.bar.busy = self._deed_shown = ""

    # --- Work ---------------------------------------------------------------------------------

    def read(self, job: Callable[[], Message], doing: str) -> None:
        """Run a job on a thread, turning the sign until its message comes."""
        self.bar.busy = f"{doing}…"
        self.work.read(job, doing=doing, to=self)

    def hear(self, outcome: Message) -> None:
        """Tell what came of a deed, wherever it was begun."""
        words, tone = deeds.news(outcome, self.zone)
        if words:
            self.bar.tell(words, tone)
        self.look_again()

    def on_failed(self, message: Failed) -> None:
        """Say what went wrong."""
        message.stop()
        self.bar.tell(str(message.error), Tone.BAD)
        self.look_again()

    # --- Ways out -----------------------------------------------------------------------------

    def action_back(self) -> None:
        """Go back."""
        self.app.pop_screen()

    def action_help(self) -> None:
        """List the keys."""
        self.app.push_screen(HelpScreen(list(offers(self))))
