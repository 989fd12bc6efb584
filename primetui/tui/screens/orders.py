"""The orders screen, where the console starts: what must leave, and how much time is left."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from primetui import present
from primetui.domain.batch import Batch
from primetui.domain.shipment import OrderId
from primetui.domain.store import Store
from primetui.errors import ConfigError, RepositoryError
from primetui.ports import Desk, OrderQuery, OrderSort
from primetui.present.company import at_work, import_state
from primetui.tui import commands, deeds, house_commands, outbox_commands, rule_commands
from primetui.tui.background import Background
from primetui.tui.command import bindings
from primetui.tui.company import others
from primetui.tui.connecting import Connector
from primetui.tui.importing import ImportingRoom
from primetui.tui.lookout import Lookout
from primetui.tui.order_rows import COLUMNS, STATUS, OrderRows
from primetui.tui.screens.batch import BatchScreen
from primetui.tui.screens.health import Examine, HealthScreen
from primetui.tui.screens.order import OrderScreen
from primetui.tui.screens.outbox import OutboxScreen
from primetui.tui.screens.purchase import PurchaseScreen
from primetui.tui.screens.rules import RulesScreen
from primetui.tui.screens.stores import StoresScreen
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.empty import Empty
from primetui.tui.widgets.grid import Grid
from primetui.tui.widgets.tabs import StatusTabs
from primetui.tui.widgets.words import line
from primetui.tui.work import Work
from primetui.usecases.find_orders import parse_filter
from primetui.usecases.import_orders import refresh_order
from primetui.usecases.keep_working import Task

SORTS: Final = tuple(OrderSort)
PAUSE_SECONDS: Final = 0.12
"""Between two letters: a list of a hundred thousand is not searched for each."""


@dataclass
class OrdersRefreshed(Message):
    """Orders were read afresh."""

    count: int


class OrdersScreen(ImportingRoom):
    """Tabs by status, a filter line, and the virtual grid of orders."""

    OFFERS: ClassVar = (
        commands.BuyLabel,
        commands.BatchOrders,
        commands.NextList,
        commands.PreviousList,
        commands.FilterOrders,
        commands.ImportOrders,
        commands.ShowStores,
        outbox_commands.ShowOutbox,
        rule_commands.ShowRules,
        commands.RefreshOrders,
        commands.SettlePurchases,
        commands.SortOrders,
        house_commands.PauseImports,
        house_commands.ShowHealth,
        commands.StopImport,
        commands.ClearFilter,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(
        self,
        desk: Desk,
        work: Work,
        connector: Connector | None,
        background: Background | None = None,
    ) -> None:
        super().__init__(desk, work)
        self.background = background
        self._connector = connector
        self._sort = OrderSort.SHIP_BY
        self._words = ""
        """The filter as typed."""
        self._complaint = ""
        self._pause: Timer | None = None
        """Runs out when nobody has typed for a moment."""
        self._query = OrderQuery()

    def furnish(self) -> ComposeResult:
        """Give tabs, filter and grid."""
        yield StatusTabs()
        yield Static(id="company")
        yield Lookout(self.desk, self.work)
        yield Input(placeholder="words, prime:yes, store:Name, tag:Name, sort:-deliver-by")
        yield Grid(COLUMNS)
        yield Empty()

    def on_mount(self) -> None:
        """Start on the grid, the filter put away, with word of a batch that was left unfinished."""
        self._field.display = False
        self.grid.focus()
        self._offer_open_batch()

    @property
    def grid(self) -> Grid:
        """The orders."""
        return self.query_one(Grid)

    @property
    def is_filtered(self) -> bool:
        """Whether there is a filter to take off."""
        return bool(self._words) or self._field.has_focus

    @property
    def examine(self) -> Examine | None:
        """What looks at the installation, where anything can."""
        return self._connector.examine if self._connector is not None else None

    @property
    def _field(self) -> Input:
        return self.query_one(Input)

    @property
    def _tabs(self) -> StatusTabs:
        return self.query_one(StatusTabs)

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """Count and list the orders as they are now."""
        self._tabs.show(self.desk.repository.status_counts())
        stores = self.desk.repository.stores()
        names = ", ".join(store.name for store in stores) or "no store yet"
        words = f"  {names}  ·  {self.desk.operator}"
        self.headline("PrimeTUI", *self._import_state(stores), Span(words, Tone.MUTED))
        self._name_others()
        self._list()
        self.query_one(Lookout).show(self.zone)

    def _import_state(self, stores: Sequence[Store]) -> Iterator[Span]:
        """Say how the imports in the background stand."""
        if (background := self.background) is not None:
            words = import_state(
                importing=background.doing is Task.IMPORT,
                paused=background.paused,
                failed_at=background.failed_at,
                last=max((s.last_import.at for s in stores if s.last_import), default=None),
                zone=self.zone,
            )
            yield Span(f"  {words}  ·", Tone.BAD if background.failed_at else Tone.MUTED)

    def action_pause_imports(self) -> None:
        """Pause, or go on."""
        if (background := self.background) is not None:
            background.turn()
            self.bar.tell("Imports are paused." if background.paused else "Imports go on.")
            self.look_again()

    def _name_others(self) -> None:
        """Say who else is at work, in a line that is there only while somebody is."""
        words = at_work(others(self.desk.repository.presence()), self.zone)
        company = self.query_one("#company", Static)
        company.display = bool(words)
        company.update(line(Span("@ ", Tone.PRIME), Span(f"At work too: {words}")))

    def beat(self) -> None:
        """Count down, and say what is open."""
        self.grid.tick()
        self.query_one(Lookout).show(self.zone)

    def _list(self) -> None:
        """Ask for the orders of the list and filter at hand."""
        start = OrderQuery(status=self._tabs.status, sort=self._sort)
        shown = self._query
        try:
            self._query = parse_filter(self.desk, self._words, start)
        except ConfigError as error:
            self._complain(str(error))
            return
        self._complain("")
        self.grid.hide(*() if self._query.status is None else (STATUS.key,))
        self.grid.sort = (self._query.sort.value, self._query.descending)
        near = self.grid.cursor
        rows = OrderRows(self.desk, self._query, near=near, trouble=self._trouble)
        self.grid.show(rows, marks=shown == self._query)
        self._explain_emptiness()

    def _complain(self, words: str) -> None:
        """Say what is wrong with the filter, and stop saying so once it is right."""
        if words or self._complaint:
            self.bar.tell(words, Tone.WARN if words else Tone.PLAIN)
        self._complaint = words

    def _trouble(self, words: str) -> None:
        self.call_later(self.bar.tell, words, Tone.BAD)

    def _explain_emptiness(self) -> None:
        empty, grid = self.query_one(Empty), self.grid
        empty.display = not grid.row_count
        grid.display = bool(grid.row_count)
        if grid.row_count:
            if self.focused is None:
                grid.focus()
            return
        if not self.desk.repository.stores():
            empty.explain("No store is connected yet.", ("s", "go to the stores, then a: add one"))
        elif not self._tabs.total:
            empty.explain("No orders yet.", ("i", "import them"), ("s", "look at the stores"))
        elif self._words:
            empty.explain(
                "No order here matches the filter.",
                ("Esc", "take the filter off"),
                ("Tab", "look at the next list"),
            )
        else:
            empty.explain(
                "No order stands here.", ("Tab", "look at the next list"), ("i", "import")
            )

    # --- Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something."""
        needs = _NEEDS.get(action)
        if needs is None:
            return super().check_action(action, parameters)
        return self.is_mounted and needs(self)

    def action_next_list(self) -> None:
        """Show the next status."""
        self._turn(1)

    def action_previous_list(self) -> None:
        """Show the previous status."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        self._tabs.turn(by)
        self.grid.move(0)
        self.look_again()

    def action_sort_orders(self) -> None:
        """Sort by the next thing."""
        self._sort = SORTS[(SORTS.index(self._sort) + 1) % len(SORTS)]
        self.look_again()
        self.bar.tell(f"Sorted by {self._sort.value.replace('_', ' ')}.")

    def action_filter_orders(self) -> None:
        """Open the filter line."""
        self._field.display = True
        self.set_focus(self._field)

    def action_clear_filter(self) -> None:
        """Put the filter away."""
        self._field.value = self._words = ""
        self._field.display = False
        self.grid.focus()
        self.look_again()

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Narrow the list when the typing pauses."""
        self._words = event.value
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_SECONDS, self.look_again)

    @on(Input.Submitted)
    def settle_filter(self) -> None:
        """Go back to the list, keeping the filter."""
        self.look_again()
        self._field.display = bool(self._words)
        self.set_focus(self.grid)

    @on(Grid.Opened)
    def open_order(self, event: Grid.Opened) -> None:
        """Open an order."""
        self.app.push_screen(OrderScreen(self.desk, self.work, OrderId(event.row_id)))

    def action_buy_label(self) -> None:
        """Fetch the rates of the order under the cursor."""
        if (row_id := self.grid.cursor_id) is not None:
            self.app.push_screen(PurchaseScreen(self.desk, self.work, OrderId(row_id)))

    @property
    def open_batch(self) -> Batch | None:
        """The batch that was begun last and is not at its end."""
        return next(reversed(self.desk.repository.open_batches()), None)

    def _offer_open_batch(self) -> None:
        """Say that a batch was left unfinished; documents that cannot be read say so elsewhere."""
        with suppress(RepositoryError):
            if batch := self.open_batch:
                size = present.count(len(batch.entries), "order")
                self.bar.tell(f"A batch of {size} is unfinished: B goes on with it.", Tone.WARN)

    def action_batch_orders(self) -> None:
        """Plan a batch of the marked orders, or open the one that is unfinished."""
        marked = tuple(OrderId(row_id) for row_id in self.grid.marks)
        if marked:
            self.grid.action_unmark_all()
            self.app.push_screen(BatchScreen(self.desk, self.work, marked))
        elif batch := self.open_batch:
            self.app.push_screen(BatchScreen(self.desk, self.work, batch))

    @on(Grid.MarksChanged)
    def offer_batch(self) -> None:
        """Offer a batch once something is marked."""
        self.refresh_bindings()

    def action_show_stores(self) -> None:
        """Go to the stores."""
        self.app.push_screen(StoresScreen(self.desk, self.work, self._connector))

    def action_show_health(self) -> None:
        """Go to the health of the installation."""
        if (examine := self.examine) is not None:
            self.app.push_screen(HealthScreen(self.desk, self.work, examine))

    def action_show_outbox(self) -> None:
        """Go to the outbox."""
        self.app.push_screen(OutboxScreen(self.desk, self.work))

    def action_show_rules(self) -> None:
        """Go to the automation rules."""
        self.app.push_screen(RulesScreen(self.desk, self.work))

    def action_import_orders(self) -> None:
        """Import all active stores."""
        self.start_import()

    def action_refresh_orders(self) -> None:
        """Read the chosen orders afresh."""
        chosen = [OrderId(row_id) for row_id in self.grid.chosen]

        def job() -> Message:
            for order_id in chosen:
                refresh_order(self.desk, order_id)
            return OrdersRefreshed(len(chosen))

        self.read(job, f"Reading {present.count(len(chosen), 'order')} afresh")

    def on_orders_refreshed(self, message: OrdersRefreshed) -> None:
        """Show them."""
        self.bar.tell(f"Read {present.count(message.count, 'order')} afresh.", Tone.GOOD)
        self.look_again()

    def action_settle_purchases(self) -> None:
        """Find out about purchases without an answer."""
        deeds.settle(self.desk, self.work)


def _can_batch(screen: OrdersScreen) -> bool:
    return bool(screen.grid.marks) or screen.open_batch is not None


def _can_settle(screen: OrdersScreen) -> bool:
    repository = screen.desk.repository
    return bool(repository.pending_purchases() or repository.voiding_labels())


_NEEDS: Final[Mapping[str, Callable[[OrdersScreen], bool]]] = {
    commands.BuyLabel.action(): lambda screen: screen.grid.row_count > 0,
    commands.RefreshOrders.action(): lambda screen: screen.grid.row_count > 0,
    commands.ClearFilter.action(): lambda screen: screen.is_filtered,
    commands.BatchOrders.action(): _can_batch,
    commands.SettlePurchases.action(): _can_settle,
    house_commands.PauseImports.action(): lambda screen: screen.background is not None,
    house_commands.ShowHealth.action(): lambda screen: screen.examine is not None,
}
"""What each command needs to do anything."""
