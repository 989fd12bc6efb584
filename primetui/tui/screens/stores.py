"""The stores screen: connections, their last import, and the settings that decide landing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from primetui import present
from primetui.domain.store import SecretState, Store, StoreId, secret_state
from primetui.errors import PrimeTUIError
from primetui.ports import Credentials, Desk
from primetui.tui import commands, store_commands
from primetui.tui.command import bindings
from primetui.tui.connecting import Connector, add_form, edit_form, renewal_form
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.facts import fact
from primetui.tui.importing import ImportingRoom
from primetui.tui.widgets.columns import Cell, Column, Row, Span, Tone
from primetui.tui.widgets.empty import Empty
from primetui.tui.widgets.grid import Chooser, Grid
from primetui.tui.widgets.rows import ListedRows
from primetui.tui.widgets.words import Hung, line, lines
from primetui.tui.work import Work
from primetui.usecases.manage_stores import (
    NewStore,
    StoreChanges,
    add_store,
    edit_store,
    remove_store,
    try_store,
)
from primetui.usecases.renew_credentials import renew_credentials

COLUMNS: Final = (
    Column("name", "Store", 16, flex=2),
    Column("active", "Active", 8),
    Column("prime", "Prime orders land in", 20),
    Column("import", "Last import", 24, flex=1),
)
SETTING: Final = "Import Amazon Prime Orders into Awaiting Shipment"


@dataclass
class StoreNews(Message):
    """Something was done to a store."""

    words: str


class StoresScreen(ImportingRoom):
    """Stores above, everything about the one under the cursor below."""

    OFFERS: ClassVar = (
        commands.AddStore,
        commands.ImportStore,
        commands.TogglePrime,
        commands.ToggleActive,
        commands.EditStore,
        store_commands.RenewCredentials,
        commands.TryStore,
        commands.RemoveStore,
        commands.StopImport,
        commands.Back,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work, connector: Connector | None) -> None:
        super().__init__(desk, work)
        self._connector = connector

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
    def _store(self) -> Store | None:
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
        return Row(store.id, ((Span(store.name),), active, _lands(store), self._imported(store)))

    def _imported(self, store: Store) -> Cell:
        report = store.last_import
        if report is None:
            return (Span("never: i imports", Tone.WARN),)
        when = present.short_moment(report.at, self.zone)
        if report.errors:
            return (Span(f"✗ {when} {present.count(len(report.errors), 'error')}", Tone.BAD),)
        return (Span(f"✓ {when} {present.count(report.seen, 'order')}", Tone.GOOD),)

    @on(Grid.CursorMoved)
    def explain(self) -> None:
        """Write down everything about the store under the cursor."""
        store = self._store
        words = lines(self._details(store) if store else ())
        self.query_one("#details Static", Static).update(words)
        self.refresh_bindings()

    def _details(self, store: Store) -> Iterator[Text | Hung]:
        yield from self._last_import(store)
        yield fact("Kind", f"{store.kind}, marketplace {store.marketplace_id}")
        yield fact("Connected", present.day(store.connected_at, self.zone))
        yield fact("Client secret", self._secret(store))
        switch = "on" if store.import_prime_awaiting else "off"
        yield fact("Setting", f"{SETTING}: ", Span(switch, Tone.STRONG))
        place = store.ship_from
        where = (
            f"{place.line1}, {place.city} {place.region} {place.country}" if place else "missing"
        )
        yield fact("Ship from", where if place else Span("✗ missing: e sets it", Tone.BAD))
        package = store.default_package
        if package is not None:
            measures = f"{present.weight(package.weight)}, {present.size(package.dimensions)}"
            yield fact("Usual package", measures)

    def _secret(self, store: Store) -> Span:
        now = self.desk.clock.now()
        age, state = present.secret_age(store, now), secret_state(store, now)
        if state is SecretState.FRESH:
            return Span(age)
        return Span(f"✗ {age}; c renews it", Tone.WARN if state is SecretState.DUE else Tone.BAD)

    def _last_import(self, store: Store) -> Iterator[Text | Hung]:
        report = store.last_import
        if report is None:
            return
        counts = f"{report.seen:,} read, {report.added:,} new, {report.updated:,} updated"
        yield fact("Last import", f"{present.moment(report.at, self.zone)}: {counts}")
        for error in report.errors:
            yield line(Span(f"✗ {error}", Tone.BAD))
        if report.errors:
            yield line("  → i imports again: nothing that failed is skipped.")

    # --- Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something."""
        if action == commands.AddStore.action():
            return self._connector is not None
        if action in _NEED_A_STORE and not (self.is_mounted and self.grid.row_count):
            return False
        return super().check_action(action, parameters)

    def action_import_store(self) -> None:
        """Import this store's orders."""
        if (store := self._store) is not None:
            self.start_import(store.id)

    def action_toggle_prime(self) -> None:
        """Turn the setting over."""
        if (store := self._store) is not None:
            on_now = not store.import_prime_awaiting
            words = f"{SETTING}: {'on' if on_now else 'off'}, for imports from now on."
            self._edit(store.id, StoreChanges(import_prime_awaiting=on_now), words)

    def action_toggle_active(self) -> None:
        """Switch the store on or off."""
        if (store := self._store) is not None:
            words = "It imports nothing now." if store.active else "It imports again."
            self._edit(store.id, StoreChanges(active=not store.active), words)

    def action_edit_store(self) -> None:
        """Ask for the ship-from address and the usual package."""
        if (store := self._store) is not None:

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
        if (store := self._store) is None:
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
        if (store := self._store) is not None:
            store_id = store.id

            def job() -> Message:
                opened = ", ".join(try_store(self.desk, store_id))
                return StoreNews(f"The credentials work; they open {opened}.")

            self.read(job, "Trying the credentials")

    def action_add_store(self) -> None:
        """Ask for a new store."""
        if self._connector is not None:
            self.app.push_screen(add_form(self._connector, self.zone), self._add)

    def _add(self, new: NewStore | None) -> None:
        if new is None:
            return

        def job() -> Message:
            store = add_store(self.desk, new)
            return StoreNews(f"Connected {store.name}. i imports its orders.")

        self.read(job, "Trying the credentials")

    def action_remove_store(self) -> None:
        """Ask, then forget it."""
        if (store := self._store) is None:
            return
        store_id, name = store.id, store.name

        def job() -> Message:
            remove_store(self.desk, store_id)
            return StoreNews(f"Removed {name}.")

        def remove(yes: bool | None) -> None:  # noqa: FBT001 - the dialog's result is its answer
            if yes:
                self.read(job, "Removing")

        words = "Its credentials are forgotten; its orders and labels stay."
        self.app.push_screen(Confirm(f"Remove the store {name}?", words), remove)

    def on_store_news(self, message: StoreNews) -> None:
        """Tell it."""
        self.bar.tell(message.words, Tone.GOOD)
        self.look_again()


def _lands(store: Store) -> Cell:
    """Say whether the setting is on; without it the connect date decides."""
    if store.import_prime_awaiting:
        return (Span("Awaiting Shipment"),)
    return (Span("by connect date", Tone.MUTED),)


_NEED_A_STORE: Final = frozenset(
    command.action()
    for command in (
        commands.ImportStore,
        commands.TogglePrime,
        commands.ToggleActive,
        commands.EditStore,
        store_commands.RenewCredentials,
        commands.TryStore,
        commands.RemoveStore,
    )
)
