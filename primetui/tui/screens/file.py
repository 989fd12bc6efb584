"""The file screen: what a file of orders would bring, what its columns mean, and its import."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from primetui import present
from primetui.domain.columns import OrderField
from primetui.domain.store import StoreId
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.ports.tables import Table
from primetui.tui import commands, file_commands
from primetui.tui.command import bindings
from primetui.tui.dialogs.form import Field, Form
from primetui.tui.file_tables import (
    COLUMN_COLUMNS,
    FAULT_COLUMNS,
    ORDER_COLUMNS,
    FileTable,
    column_key,
    column_rows,
    fault_rows,
    order_rows,
)
from primetui.tui.importing import ImportProgress, ImportStopped
from primetui.tui.room import Room
from primetui.tui.typed import typed_word
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.grid import Chooser, Grid
from primetui.tui.widgets.rows import ListedRows
from primetui.tui.widgets.words import line, lines
from primetui.tui.work import Failed, Work
from primetui.usecases.import_file import FileImport, import_file

OpenFile = Callable[[str, str | None], AbstractContextManager[Table]]
TABLES: Final = tuple(FileTable)


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """A file, and how it is encoded where somebody said so."""

    path: str
    encoding: str | None


@dataclass
class FileRead(Message):
    """A file was read, or imported."""

    header: tuple[str, ...]
    done: FileImport | None
    trouble: str
    """Why it cannot be imported as it is."""
    preview: bool


class FileScreen(Room):
    """A line about the file, and three tables of which one is in front."""

    OFFERS: ClassVar = (
        file_commands.KeepFile,
        file_commands.MeanColumn,
        file_commands.NextTable,
        file_commands.PreviousTable,
        file_commands.OtherFile,
        commands.StopImport,
        commands.Back,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work, store_id: StoreId, open_file: OpenFile) -> None:
        super().__init__(desk, work)
        self._store_id = store_id
        self._open_file = open_file
        self._file: ChosenFile | None = None
        self._said: dict[str, OrderField] = {}
        """What was said of columns since the file was chosen."""
        self._read: FileRead | None = None
        self._table = FileTable.ORDERS
        self._stop: Event | None = None

    def furnish(self) -> ComposeResult:
        """Give the line and the tables."""
        yield Static(id="deadline")
        yield Chooser(ORDER_COLUMNS, id=FileTable.ORDERS.name.lower())
        yield Chooser(COLUMN_COLUMNS, id=FileTable.COLUMNS.name.lower())
        yield Chooser(FAULT_COLUMNS, id=FileTable.FAULTS.name.lower())

    def on_mount(self) -> None:
        """Ask for the file."""
        self._show()
        self.action_other_file()

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """Name the store and the file."""
        store = self.desk.repository.store(self._store_id)
        name = Path(self._file.path).name if self._file else "no file yet"
        words = f"  {name} into {store.name if store else 'a store that was removed'}"
        done = self._read.done if self._read else None
        form = f"  ·  {present.file_form(done.form)}" if done else ""
        self.headline("File", Span(words + form, Tone.MUTED))

    def _grid(self, table: FileTable) -> Grid:
        return self.query_one(f"#{table.name.lower()}", Grid)

    def _show(self) -> None:
        """Fill the tables, and put one in front."""
        read = self._read
        done = read.done if read else None
        rows = {
            FileTable.ORDERS: order_rows(done.sample if done else (), self.zone),
            FileTable.COLUMNS: column_rows(read.header if read else (), done),
            FileTable.FAULTS: fault_rows(done.faults if done else ()),
        }
        for table in TABLES:
            self._grid(table).show(ListedRows(rows[table]))
            self._grid(table).display = table is self._table
        self._grid(self._table).focus()
        names = (
            Span(f"[{x}]  ", Tone.STRONG) if x is self._table else Span(f" {x}   ") for x in TABLES
        )
        self.query_one("#deadline", Static).update(lines([line(*names, Span(self._sum()))]))
        self.refresh_bindings()

    def _sum(self) -> str:
        """Say what the file would bring."""
        done = self._read.done if self._read else None
        if done is None:
            return ""
        report, faults = done.report, present.count(len(done.faults), "error")
        more = f", the first {len(done.sample)} shown" if len(done.sample) < report.seen else ""
        return f"{present.count(report.seen, 'order')}, {report.added:,} new{more}; {faults}"

    # --- Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something."""
        ready = self._read is not None and self._stop is None
        match action:
            case "stop_import":
                return self._stop is not None
            case "keep_file":
                return ready and self._read is not None and self._read.done is not None
            case "mean_column":
                return ready and self._table is FileTable.COLUMNS
            case "other_file":
                return self._stop is None
            case _:
                return super().check_action(action, parameters)

    def action_next_table(self) -> None:
        """Show the next table."""
        self._turn(1)

    def action_previous_table(self) -> None:
        """Show the table before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        self._table = TABLES[(TABLES.index(self._table) + by) % len(TABLES)]
        self._show()

    def action_other_file(self) -> None:
        """Ask for a file."""
        self.app.push_screen(_file_form(self._file), self._choose)

    def _choose(self, chosen: ChosenFile | None) -> None:
        if chosen is not None:
            self._file, self._read, self._said = chosen, None, {}
            self._table = FileTable.ORDERS
            self._run(preview=True)
        elif self._file is None:
            self.action_back()

    @on(Grid.Opened)
    def action_mean_column(self) -> None:
        """Ask what the column under the cursor means."""
        row_id = self._grid(FileTable.COLUMNS).cursor_id
        if self._table is not FileTable.COLUMNS or self._read is None or row_id is None:
            return
        header = self._read.header
        key = column_key(header, row_id)

        def mean(field: OrderField | None) -> None:
            if field is not None:
                self._said[key] = field
                self._run(preview=True)

        self.app.push_screen(_meaning_form(header[int(row_id)], self._said.get(key)), mean)

    def action_keep_file(self) -> None:
        """Import it."""
        self._run(preview=False)

    def action_stop_import(self) -> None:
        """Stop between two orders."""
        if self._stop is not None:
            self._stop.set()

    # --- Reading ------------------------------------------------------------------------------

    def _run(self, *, preview: bool) -> None:
        """Read the file on a thread, keeping its orders unless it is a preview."""
        if self._file is None:
            return
        file, said, stop = self._file, dict(self._said), Event()
        self._stop = stop

        def progress(seen: int) -> None:
            if stop.is_set():
                raise ImportStopped("Stopped: what was read by then is kept.")
            self.post_message(ImportProgress(Path(file.path).name, seen))

        def job() -> Message:
            with self._open_file(file.path, file.encoding) as table:
                try:
                    done = import_file(
                        self.desk, self._store_id, table, said, preview=preview, progress=progress
                    )
                except ConfigError as error:  # its columns: they can be named here
                    return FileRead(table.header, None, str(error), preview)
                return FileRead(table.header, done, done.failure, preview)

        self.read(job, "Reading the file" if preview else "Importing the file")
        self.refresh_bindings()

    def on_import_progress(self, message: ImportProgress) -> None:
        """Show how far it is."""
        if self._stop is not None:
            read = present.count(message.seen, "order")
            self.bar.busy = f"{message.store}: {read} read. Esc stops."

    def on_file_read(self, message: FileRead) -> None:
        """Show what it holds, or say what it brought."""
        self._stop = None
        self._read = message
        if message.trouble:
            self._table = FileTable.COLUMNS if message.done is None else self._table
            self.bar.tell(message.trouble, Tone.BAD)
        elif message.preview:
            self.bar.tell("Nothing is imported yet: i imports it, Tab shows columns and errors.")
        else:
            self.bar.tell(*_brought(message.done))
        self._show()
        self.look_again()

    def on_failed(self, message: Failed) -> None:
        """Be ready for another file."""
        self._stop = None
        super().on_failed(message)


def _brought(done: FileImport | None) -> tuple[str, Tone]:
    """Say what an import brought."""
    if done is None:
        return "", Tone.PLAIN
    report = done.report
    words = f"Imported: {present.count(report.added, 'new order')}, {report.updated:,} updated"
    if not done.faults:
        return f"{words}.", Tone.GOOD
    return f"{words}; {present.count(len(done.faults), 'error')}: Tab shows them.", Tone.WARN


def _file_form(chosen: ChosenFile | None) -> Form[ChosenFile]:
    """Ask for a file."""
    fields = [
        Field("path", "File", chosen.path if chosen else "", "~/Downloads/orders.csv"),
        Field("encoding", "Encoding, if its letters are wrong", example="utf-8, cp1252, shift_jis"),
    ]

    def read(typed: Mapping[str, str]) -> ChosenFile:
        if not typed["path"]:
            raise ConfigError("The file is missing.")
        path = Path(typed["path"]).expanduser()
        if not path.is_file():
            raise ConfigError(f"There is no file {typed['path']}.")
        return ChosenFile(str(path), typed["encoding"] or None)

    guide = "CSV or TSV with a line of column names. It is shown before anything is imported.\n"
    return Form("Import a file of orders", fields, read, guide)


def _meaning_form(name: str, known: OrderField | None) -> Form[OrderField]:
    """Ask what a column means."""
    words = ", ".join(field.value for field in OrderField)
    field = Field(
        "field", "It holds", known.value if known else "", "order-id, quantity, ignore, …"
    )

    def read(typed: Mapping[str, str]) -> OrderField:
        return typed_word(OrderField, typed["field"], "field of an order")

    return Form(f"Column {name}", [field], read, f"One of: {words}\n")
