"""The stores screen: connections of every kind, their last import, and what decides landing."""

from collections.abc import Mapping
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from primetui import present
from primetui.domain.branding import EmailState
from primetui.domain.store import Store, StoreId, StoreKind
from primetui.errors import PrimeTUIError
from primetui.ports import Credentials, Desk
from primetui.tui import commands, store_commands
from primetui.tui.command import bindings
from primetui.tui.connecting import Connector, add_form, renewal_form, rithum_form
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.dialogs.kind import KindOfStore
from primetui.tui.screens.file import FileScreen
from primetui.tui.store_forms import SETTING, NewManual, edit_form, manual_form
from primetui.tui.store_pages import TABS, StoreView, Tab, store_page
from primetui.tui.store_room import StoreNews, StoreRoom
from primetui.tui.widgets.columns import Cell, Column, Row, Span, Tone
from primetui.tui.widgets.empty import Empty
from primetui.tui.widgets.grid import Chooser, Grid
from primetui.tui.widgets.rows import ListedRows
from primetui.tui.work import Work
from primetui.usecases.manage_stores import (
    NewStore,
    StoreChanges,
    add_manual_store,
    connect_store,
    edit_store,
    remove_store,
    try_store,
)
from primetui.usecases.renew_credentials import renew_credentials

COLUMNS: Final = (
    Column("name", "Store", 18, flex=2),
    Column("kind", "Kind", 7),
    Column("active", "Active", 6),
    Column("prime", "Prime lands in", 17),
    Column("import", "Last import", 25, flex=1),
)
KINDS: Final[Mapping[StoreKind, str]] = {
    StoreKind.AMAZON: "Amazon",
    StoreKind.RITHUM: "Rithum",
    StoreKind.MANUAL: "Manual",
}


class StoresScreen(StoreRoom):
    """Stores above, below everything about the one under the cursor, page by page."""

    OFFERS: ClassVar = (
        store_commands.SetEmail,
        store_commands.SendConfirmation,
        store_commands.TypeCode,
        store_commands.ChooseLender,
        store_commands.TurnBuyShipping,
        store_commands.TurnAmazonShipping,
        store_commands.MapClass,
        store_commands.UnmapClass,
        store_commands.ShowErrors,
        store_commands.NextTab,
        store_commands.PreviousTab,
        store_commands.ImportFile,
        commands.ImportStore,
        commands.AddStore,
        commands.TogglePrime,
        commands.ToggleActive,
        commands.EditStore,
        store_commands.RenewCredentials,
        commands.TryStore,
        commands.RemoveStore,
        store_commands.EditAccount,
        commands.StopImport,
        commands.Back,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work, connector: Connector | None) -> None:
        super().__init__(desk, work)
        self._connector = connector
        self._page: Tab = Tab.SETTINGS
        """The page that was asked for last; a store without it shows its first."""

    def furnish(self) -> ComposeResult:
        """Give the list and the details."""
        yield Chooser(COLUMNS)
        with VerticalScroll(id="details", can_focus=False):
            yield Static()
        yield Empty()

    def on_mount(self) -> None:
        """Start on the first store."""
        self.grid.focus()

    @property
    def grid(self) -> Grid:
        """The stores."""
        return self.query_one(Grid)

    @property
    def store(self) -> Store | None:
        """The store under the cursor."""
        row_id = self.grid.cursor_id
        return self.desk.repository.store(StoreId(row_id)) if row_id is not None else None

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """List the stores as they are now."""
        stores = self.desk.repository.stores()
        account = self.desk.repository.account()
        carriers = ", ".join(sorted(account.amazon_carriers)) or "no carrier of Amazon's connected"
        words = f"  account {account.country}, {account.time_zone}; {carriers}"
        self.headline("Stores", Span(words, Tone.MUTED))
        self.grid.show(ListedRows([self._row(store) for store in stores]))
        self.grid.display = self.query_one("#details").display = bool(stores)
        empty = self.query_one(Empty)
        empty.display = not stores
        if unreadable := self.desk.repository.unreadable_stores():
            self.bar.tell(" ".join(unreadable), Tone.BAD)
        if not stores:
            how = "connect one" if self._connector else "leave, then: primetui stores add"
            empty.explain("No store is connected yet.", ("a" if self._connector else "q", how))
        elif self.focused is None:
            self.grid.focus()
        self.explain()

    def _row(self, store: Store) -> Row:
        active: Cell = (Span("✓ yes", Tone.GOOD),) if store.active else (Span("– no", Tone.WARN),)
        kind = (Span(KINDS[store.kind]),)
        name = (Span(store.name),)
        return Row(store.id, (name, kind, active, _lands(store), self._imported(store)))

    def _imported(self, store: Store) -> Cell:
        report = store.last_import
        if report is None:
            key = "f" if store.kind is StoreKind.MANUAL else "i"
            return (Span(f"never: {key} imports", Tone.WARN),)
        when = present.short_moment(report.at, self.zone)
        if report.errors:
            return (Span(f"✗ {when} {present.count(len(report.errors), 'error')}", Tone.BAD),)
        return (Span(f"✓ {when} {present.count(report.seen, 'order')}", Tone.GOOD),)

    @on(Grid.CursorMoved)
    def explain(self) -> None:
        """Write down the page about the store under the cursor."""
        details, store = self.query_one("#details Static", Static), self.store
        if store is None:
            details.update("")
        else:
            repository = self.desk.repository
            now = self.desk.clock.now()
            view = StoreView(store, repository.stores(), repository.account(), now)
            details.update(store_page(view, self.tab))
        self.refresh_bindings()

    @property
    def tab(self) -> Tab:
        """The page that is shown."""
        store = self.store
        tabs = TABS[store.kind] if store is not None else (Tab.SETTINGS,)
        return self._page if self._page in tabs else tabs[0]

    def action_next_tab(self) -> None:
        """Show the next page."""
        self._turn_page(1)

    def action_previous_tab(self) -> None:
        """Show the page before."""
        self._turn_page(-1)

    def _turn_page(self, by: int) -> None:
        if (store := self.store) is not None:
            tabs = TABS[store.kind]
            self._page = tabs[(tabs.index(self.tab) + by) % len(tabs)]
            self.explain()

    # --- Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something."""
        if action == commands.AddStore.action():
            return self._connector is not None
        if action in _NEED_A_STORE and not (self.is_mounted and self.grid.row_count):
            return False
        return self._is_for_this(action) and super().check_action(action, parameters) is True

    def _is_for_this(self, action: str) -> bool:
        """Tell whether an action is for this kind of store, and for the page that is shown."""
        store = self.store if action in _FOR_KINDS or action in _ON_PAGES else None
        if store is None:
            return action not in _ON_PAGES
        if action == store_commands.ShowErrors.action():
            return store.last_import is not None and bool(store.last_import.errors)
        if action in _ON_PAGES:
            return self.tab is _ON_PAGES[action] and _is_ready(store, action)
        return store.kind in _FOR_KINDS[action]

    def action_import_store(self) -> None:
        """Import this store's orders."""
        if (store := self.store) is not None:
            self.start_import(store.id)

    def action_import_file(self) -> None:
        """Ask for a file and show what it holds."""
        store, connector = self.store, self._connector
        if store is not None and connector is not None and connector.open_file is not None:
            screen = FileScreen(self.desk, self.work, store.id, connector.open_file)
            self.app.push_screen(screen)

    def action_toggle_prime(self) -> None:
        """Turn the setting over."""
        if (store := self.store) is not None:
            on_now = not store.import_prime_awaiting
            words = f"{SETTING}: {'on' if on_now else 'off'}, for imports from now on."
            self._edit(store.id, StoreChanges(import_prime_awaiting=on_now), words)

    def action_toggle_active(self) -> None:
        """Switch the store on or off."""
        if (store := self.store) is not None:
            words = "It imports nothing now." if store.active else "It imports again."
            self._edit(store.id, StoreChanges(active=not store.active), words)

    def action_edit_store(self) -> None:
        """Ask for the ship-from address and the usual package."""
        if (store := self.store) is not None:

            def keep(changes: StoreChanges | None) -> None:
                if changes is not None:
                    self._edit(store.id, changes, "Kept.")

            self.app.push_screen(edit_form(store), keep)

    def _edit(self, store_id: StoreId, changes: StoreChanges, words: str) -> None:
        def job() -> Message:
            edit_store(self.desk, store_id, changes)
            return StoreNews(words)

        self.read(job, "Keeping")

    def action_renew_credentials(self) -> None:
        """Ask for new credentials; the secrets that are kept are not shown."""
        if (store := self.store) is None:
            return
        store_id, name = store.id, store.name

        def renew(typed: Credentials | None) -> None:
            if typed is None:
                return

            def job() -> Message:
                renew_credentials(self.desk, store_id, typed)
                return StoreNews(f"Renewed the credentials of {name}; it stays the same store.")

            self.read(job, "Trying the credentials")

        try:
            kept = self.desk.secrets.get(store_id)
        except PrimeTUIError as error:
            self.bar.tell(str(error), Tone.BAD)
        else:
            self.app.push_screen(renewal_form(store, kept.client_id if kept else ""), renew)

    def action_try_store(self) -> None:
        """Try its credentials."""
        if (store := self.store) is not None:
            store_id = store.id

            def job() -> Message:
                opened = ", ".join(try_store(self.desk, store_id))
                return StoreNews(f"The credentials work; they open {opened}.")

            self.read(job, "Trying the credentials")

    def action_add_store(self) -> None:
        """Ask for the kind of a new store."""
        self.app.push_screen(KindOfStore(), self._ask_for)

    def _ask_for(self, kind: StoreKind | None) -> None:
        """Ask for what such a store needs."""
        if kind is StoreKind.MANUAL:
            self.ask(manual_form(), self._add_manual, "Keeping")
        elif kind is not None and self._connector is not None:
            form = rithum_form if kind is StoreKind.RITHUM else add_form
            self.ask(form(self._connector, self.zone), self._connect, "Trying the credentials")

    def _connect(self, new: NewStore) -> StoreNews:
        done = connect_store(self.desk, new)
        words = f"Connected {done.store.name}. i imports its orders."
        if done.lender is None:
            return StoreNews(words)
        return StoreNews(f"{words} {present.lender_changed(done.lender)}", Tone.WARN)

    def _add_manual(self, new: NewManual) -> StoreNews:
        store = add_manual_store(self.desk, new.name, new.ship_from, new.package)
        return StoreNews(f"Added {store.name}. f imports a file of orders.")

    def action_remove_store(self) -> None:
        """Ask, then forget it."""
        if (store := self.store) is None:
            return
        store_id, name = store.id, store.name

        def job() -> Message:
            change = remove_store(self.desk, store_id)
            if change is None:
                return StoreNews(f"Removed {name}.")
            return StoreNews(f"Removed {name}. {present.lender_changed(change)}", Tone.WARN)

        def remove(yes: bool | None) -> None:  # noqa: FBT001 - the dialog's result is its answer
            if yes:
                self.read(job, "Removing")

        words = "Its credentials are forgotten; its orders and labels stay."
        self.app.push_screen(Confirm(f"Remove the store {name}?", words), remove)


def _lands(store: Store) -> Cell:
    """Say whether the setting is on; without it the connect date decides."""
    if store.kind is not StoreKind.AMAZON:
        return (Span("–", Tone.MUTED),)
    if store.import_prime_awaiting:
        return (Span("Awaiting Shipment"),)
    return (Span("by connect date", Tone.MUTED),)


def _is_ready(store: Store, action: str) -> bool:
    """Tell whether a branding e-mail, or a mapping, is as far as an action takes it."""
    state = store.branding.state if store.branding is not None else None
    match action:
        case "send_confirmation":
            return state in {EmailState.UNVERIFIED, EmailState.SENT}
        case "type_code":
            return state is EmailState.SENT
        case "unmap_class":
            return bool(store.carrier_classes)
        case _:
            return True


_NEED_A_STORE: Final = frozenset(
    command.action()
    for command in (
        commands.ImportStore,
        commands.TogglePrime,
        commands.ToggleActive,
        commands.EditStore,
        store_commands.RenewCredentials,
        store_commands.NextTab,
        store_commands.PreviousTab,
        commands.TryStore,
        commands.RemoveStore,
    )
)

_CONNECTED: Final = frozenset({StoreKind.AMAZON, StoreKind.RITHUM})
_FOR_KINDS: Final[Mapping[str, frozenset[StoreKind]]] = {
    commands.ImportStore.action(): _CONNECTED,
    commands.TryStore.action(): _CONNECTED,
    store_commands.RenewCredentials.action(): _CONNECTED,
    commands.TogglePrime.action(): frozenset({StoreKind.AMAZON}),
    store_commands.ImportFile.action(): frozenset({StoreKind.MANUAL}),
}
"""Which kinds of store a command is for."""
_ON_PAGES: Final[Mapping[str, Tab]] = {
    store_commands.SetEmail.action(): Tab.BRANDING,
    store_commands.SendConfirmation.action(): Tab.BRANDING,
    store_commands.TypeCode.action(): Tab.BRANDING,
    store_commands.ChooseLender.action(): Tab.LENDER,
    store_commands.TurnBuyShipping.action(): Tab.CARRIERS,
    store_commands.TurnAmazonShipping.action(): Tab.CARRIERS,
    store_commands.MapClass.action(): Tab.CLASSES,
    store_commands.UnmapClass.action(): Tab.CLASSES,
    store_commands.ShowErrors.action(): Tab.IMPORT,
}
"""On which page a command is offered."""
