"""Importing from a screen: with progress, and stopped by Esc between two pages."""

from dataclasses import dataclass
from threading import Event
from typing import final

from textual.message import Message

from primetui import present
from primetui.domain.store import StoreId
from primetui.errors import PrimeTUIError
from primetui.tui import commands
from primetui.tui.room import Room
from primetui.tui.widgets.columns import Tone
from primetui.tui.work import Failed
from primetui.usecases.import_orders import Imported, import_orders


@dataclass
class ImportProgress(Message):
    """How far an import is."""

    store: str
    seen: int


@dataclass
class ImportEnded(Message):
    """An import came to its end."""

    results: tuple[Imported, ...]


@final
class ImportStopped(PrimeTUIError):
    """The operator stopped it; what was read by then is kept."""


class ImportingRoom(Room):
    """A screen that can import; one import at a time."""

    _stop: Event | None = None

    def start_import(self, only: StoreId | None = None) -> None:
        """Import all active stores, or one."""
        stop = self._stop = Event()

        def progress(store: str, seen: int) -> None:
            if stop.is_set():
                raise ImportStopped("Stopped: what was read by then is kept.")
            self.post_message(ImportProgress(store, seen))

        self.read(lambda: ImportEnded(import_orders(self.desk, only, progress=progress)), "Import")
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a stop while importing, and an import while not."""
        if action == commands.StopImport.action():
            return self._stop is not None
        if action in {commands.ImportOrders.action(), commands.ImportStore.action()}:
            return self._stop is None
        return super().check_action(action, parameters)

    def action_stop_import(self) -> None:
        """Stop at the next page."""
        if self._stop is not None:
            self._stop.set()
            self.bar.busy = "Stopping after this page…"

    def on_import_progress(self, message: ImportProgress) -> None:
        """Show how far it is."""
        if self._stop is not None and not self._stop.is_set():
            read = present.count(message.seen, "order")
            self.bar.busy = f"Importing {message.store}: {read} read. Esc stops."

    def on_import_ended(self, message: ImportEnded) -> None:
        """Say what came."""
        self._stop = None
        words, tone = import_news(message.results)
        self.bar.tell(words, tone)
        self.look_again()

    def on_failed(self, message: Failed) -> None:
        """Be ready for another import."""
        self._stop = None
        super().on_failed(message)


def import_news(results: tuple[Imported, ...]) -> tuple[str, Tone]:
    """Say what an import brought, the failures first."""
    failures = [f"{r.store.name}: {r.failure}" for r in results if r.failure]
    reports = [r.report for r in results]
    added = present.count(sum(r.added for r in reports), "new order")
    updated = sum(r.updated for r in reports)
    unread = sum(len(r.errors) for r in reports)
    words = f"{added}, {updated:,} updated."
    if unread > 0:
        words += f" {present.count(unread, 'order')} could not be read: see the stores."
    if failures:
        return f"{' '.join(failures)} ({words})", Tone.BAD
    return words, Tone.WARN if unread > 0 else Tone.GOOD
