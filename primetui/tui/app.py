"""The console: one desk, its screens, and the promise that a purchase is always finished."""

import traceback
from typing import ClassVar, Final

from rich.text import Text
from textual.app import App
from textual.message import Message

from primetui.errors import PrimeTUIError
from primetui.ports import Desk, Seat
from primetui.present import plain
from primetui.tui import commands, deeds, theme
from primetui.tui.background import Background
from primetui.tui.command import Palette, bindings
from primetui.tui.company import Changed, Entered, Watcher
from primetui.tui.connecting import Connector
from primetui.tui.dialogs.finishing import Finishing
from primetui.tui.room import Room
from primetui.tui.screens.orders import OrdersScreen
from primetui.tui.work import Crashed, DeedEnded, Failed, Work

APOLOGY: Final = (
    "PrimeTUI met a mistake of its own and stopped. Nothing is lost: a purchase that was under "
    "way is in the journal, and `primetui reconcile` settles it."
)


class PrimeApp(App[None]):
    """Holds the screens; leaves only when no purchase or void is under way."""

    TITLE = "PrimeTUI"
    CSS_PATH = "primetui.tcss"
    COMMANDS: ClassVar = {Palette}
    OFFERS: ClassVar = (commands.Quit,)
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(
        self,
        desk: Desk,
        *,
        animate: bool = False,
        connector: Connector | None = None,
        seat: Seat | None = None,
        by_itself: bool = False,
    ) -> None:
        super().__init__()
        self.desk = desk
        self.work = Work(self)
        self.animation_level = "full" if animate else "none"
        self._connector = connector
        self._seat = seat
        self._watcher = Watcher(desk, self.post_message)
        self._background = Background(desk, self.post_message) if by_itself else None
        self._last_words: list[str] = []
        """What came of the deeds that were waited for, to be said after the console closed."""

    def finish(self) -> None:
        """Wait for what is under way, however the console ended; the desk may be closed then."""
        self._let_go()
        self.work.wait()

    def on_mount(self) -> None:
        """Dress up and show the orders."""
        theme.dress(self)
        self._watcher.start()
        if self._background is not None:
            self._background.start()
        self.push_screen(OrdersScreen(self.desk, self.work, self._connector, self._background))

    def on_unmount(self) -> None:
        """Let go of the documents."""
        self._let_go()

    def _let_go(self) -> None:
        """End what runs beside the screens; the documents may be closed afterwards."""
        self._watcher.close()
        if self._background is not None:
            self._background.close()

    def on_changed(self, _message: Changed) -> None:
        """Show what somebody changed; a screen that is not in front looks when it comes back."""
        if isinstance(self.screen, Room) and self.screen.is_furnished:
            self.screen.look_again()

    def on_entered(self, message: Entered) -> None:
        """Let the others see where the operator is."""
        if self._seat is None:
            return
        try:
            self._seat.at(message.order_id)
        except PrimeTUIError as error:
            self._tell(Failed("show the others where you are", error))

    async def action_quit(self) -> None:
        """Leave, once nothing is under way that costs money."""
        if self.work.deeds:
            self.work.hurry()
            self.push_screen(Finishing(self.work))
        else:
            self.exit()

    def on_deed_ended(self, message: DeedEnded) -> None:
        """Tell the screen in front, whichever began it; or leave, if that was waited for."""
        if not isinstance(self.screen, Finishing):
            self._tell(message.outcome)
            return
        words, _ = deeds.news(message.outcome, self.desk.repository.account().zone)
        self._last_words.append(words)
        if not self.work.deeds:
            self.exit(message="\n".join(plain(line) for line in self._last_words if line))

    def _tell(self, outcome: Message) -> None:
        rooms = [s for s in self.screen_stack if isinstance(s, Room) and s.is_mounted]
        if rooms:
            rooms[-1].hear(outcome)

    def on_crashed(self, message: Crashed) -> None:
        """Stop with the traceback of a mistake of ours: it must not pass for an answer."""
        if message.error is not None:
            raise message.error

    def _fatal_error(self) -> None:
        """Stop on a mistake of ours: where it happened, without the values at hand.

        Textual would print the local variables, and with them addresses and keys.
        """
        lines = [plain(line) for line in traceback.format_exc().splitlines()]
        self._exit_renderables.append(Text("\n".join([*lines, "", APOLOGY])))
        self._close_messages_no_wait()
