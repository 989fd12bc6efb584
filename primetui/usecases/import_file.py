"""Import a file of orders into a manual store: good rows are kept, bad ones named (R14, R22)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.columns import Columns, OrderField, columns, normal
from primetui.domain.order import Order
from primetui.domain.order_file import (
    Fault,
    OrderRow,
    continues,
    contradictions,
    order_of,
    read_row,
    with_items,
)
from primetui.domain.shipment import OrderId
from primetui.domain.store import ImportReport, Store, StoreId, StoreKind
from primetui.errors import ConfigError
from primetui.ports import Desk, Writes
from primetui.ports.tables import Table, TableFault, TableForm, TableRow
from primetui.usecases.import_orders import keep_orders
from primetui.usecases.open_record import entry

TOGETHER: Final = 200
"""Orders kept in one transaction."""
SHOWN: Final = 10
"""Orders that a preview shows."""
MOST_FAULTS: Final = 10_000
"""Faults after which it is not such a file, or its columns are wrong."""
KEPT_FAULTS: Final = 100
"""Of which so many are kept with the store."""
AMAZON_ORDER: Final = re.compile(r"\d{3}-\d{7}-\d{7}")
"""An id that is the same order wherever it comes from; any other may be in use twice."""

Progress = Callable[[int], None]
"""Told how many orders have been read so far; may raise to cancel."""


@dataclass(frozen=True, slots=True)
class FileImport:
    """What an import of one file came to, or would come to."""

    store: Store
    form: TableForm
    columns: Columns
    report: ImportReport
    """Its errors are the first of them; `faults` has all."""
    faults: tuple[Fault, ...]
    sample: tuple[Order, ...]
    """The first orders that were read."""
    failure: str = ""
    """Why it stopped; what had been read by then is kept."""


@dataclass(slots=True)
class _Run:
    """One reading of a file."""

    desk: Desk
    store: Store
    columns: Columns
    zone: ZoneInfo
    at: datetime
    preview: bool
    progress: Progress | None
    faults: list[Fault] = field(default_factory=list)
    doubts: dict[OrderId, list[Fault]] = field(default_factory=dict)
    """What is wrong with an order's rows, wherever in the file they stand."""
    waiting: dict[OrderId, Order] = field(default_factory=dict)
    """Orders to be kept in the next transaction."""
    lines: dict[OrderId, int] = field(default_factory=dict)
    """Where each of those was read."""
    sample: dict[OrderId, Order] = field(default_factory=dict)
    read_before: set[OrderId] = field(default_factory=set)
    """Orders of this file that wait no more: all that grows with a file, a word an order."""
    seen: int = 0
    added: int = 0
    updated: int = 0

    def read(self, table: Table) -> None:
        """Read all rows; those of one order that stand together are put together."""
        group: list[OrderRow] = []
        for one in table.rows():
            row = self._understood(one)
            if row is None:
                continue
            if group and group[0].order_id != row.order_id:
                self._put_together(group)
                group = []
            group.append(row)
        if group:
            self._put_together(group)
        self._keep()

    def report(self, failure: str) -> ImportReport:
        """Sum up."""
        sentences = [fault.sentence for fault in self.faults[:KEPT_FAULTS]]
        return ImportReport(
            at=self.at,
            seen=self.seen,
            added=self.added,
            updated=self.updated,
            errors=(*([failure] if failure else []), *sentences),
        )

    def _understood(self, one: TableRow | TableFault) -> OrderRow | None:
        if isinstance(one, TableFault):
            self._note(Fault(one.line, "", one.expected))
            return None
        row = read_row(one.line, one.cells, self.columns, self.zone)
        if isinstance(row, Fault):
            self._note(row)
            return None
        return row

    def _note(self, fault: Fault, order_id: OrderId | None = None) -> None:
        self.faults.append(fault)
        if order_id is not None:
            self.doubts.setdefault(order_id, []).append(fault)
        if len(self.faults) > MOST_FAULTS:
            raise ConfigError(
                f"More than {MOST_FAULTS:,} cells cannot be read: look at the columns with --preview."
            )

    def _put_together(self, rows: list[OrderRow]) -> None:
        """Make one order of its rows, and of those that stood elsewhere in the file."""
        order_id = rows[0].order_id
        for fault in [
            *(f for row in rows for f in row.faults),
            *contradictions(rows, self.columns),
        ]:
            self._note(fault, order_id)
        order = order_of(rows, self.store, self.doubts.get(order_id, ()), self.at)
        earlier = self._of_this_file(order_id)
        if earlier is not None:
            self._wait(self._continued(earlier, order, rows[0].line), rows[0].line)
        elif order is not None and order_id not in self.read_before:
            self.seen += 1
            self._wait(order, rows[0].line)

    def _of_this_file(self, order_id: OrderId) -> Order | None:
        """Find an order of which the same file had a row before."""
        if order_id in self.waiting:
            return self.waiting[order_id]
        if order_id not in self.read_before or self.preview:
            return None
        record = self.desk.repository.order(order_id)
        ours = record is not None and record.order.store_id == self.store.id
        return record.order if record is not None and ours else None

    def _continued(self, earlier: Order, later: Order | None, line: int) -> Order:
        """Add rows that stand apart to their order; what they say of it must be the same."""
        if later is not None:
            told = {item.id: item for item in earlier.items}
            other = [item for item in later.items if told.get(item.id, item) != item]
            if other or not continues(earlier, later):
                expected = "the same order facts, address and items as above"
                self._note(Fault(line, "", expected), earlier.id)
        items = later.items if later is not None else ()
        return with_items(earlier, items, self.doubts.get(earlier.id, ()))

    def _wait(self, order: Order, line: int) -> None:
        self.waiting[order.id] = order
        self.lines[order.id] = line
        if order.id in self.sample or len(self.sample) < SHOWN:
            self.sample[order.id] = order
        if len(self.waiting) >= TOGETHER:
            self._keep()

    def _keep(self) -> None:
        """Keep what waits, or count what would be."""
        settled = [self._settled(order) for order in self.waiting.values()]
        ours = [order for order, _ in settled if order is not None]
        self.read_before.update(self.waiting)
        self.waiting = {}
        if self.preview:
            self.added += sum(order is not None and is_new for order, is_new in settled)
        elif ours:
            kept, refused = keep_orders(self.desk, self.store, ours, self.at)
            self.added += sum(how == "added" for how in kept.values())
            self.updated += sum(how == "updated" for how in kept.values())
            left_out = [order for order in ours if order.id not in kept]
            for order, words in zip(left_out, refused, strict=True):
                self._note(Fault(self.lines[order.id], "", f"an order that can be kept: {words}"))
        self.lines = {}
        if self.progress:
            self.progress(self.seen)

    def _settled(self, order: Order) -> tuple[Order | None, bool]:
        """See an order beside what is kept under its id; tell whether it is new.

        None for one whose id belongs to another store's, unless the id is Amazon's (R14). An
        order that says nothing new keeps the time it was said first.
        """
        record = self.desk.repository.order(order.id)
        if record is None:
            return order, True
        kept = record.order
        if kept.store_id != self.store.id and not AMAZON_ORDER.fullmatch(order.id):
            taken = f"an id of its own; {order.id} is an order of another store"
            self._note(Fault(self.lines[order.id], "", taken))
            return None, False
        ours = {"status": kept.status, "fetched_at": kept.fetched_at, "updated_at": kept.updated_at}
        known = order if record.forgotten_at is None else order.without_buyer()
        if known.model_copy(update=ours) != kept:
            return order, False
        return order.model_copy(update={"updated_at": kept.updated_at}), False


def import_file(
    desk: Desk,
    store_id: StoreId,
    table: Table,
    said: Mapping[str, OrderField],
    *,
    preview: bool = False,
    progress: Progress | None = None,
) -> FileImport:
    """Import a table's orders into a manual store; a preview changes nothing.

    What is said of columns is kept with the store for its next file. Raises ConfigError for
    another kind of store, or columns that hold no orders.
    """
    store = _manual(desk, store_id)
    meant = columns(table.header, _of_header(store.columns, table) | dict(said))
    run = _Run(
        desk,
        store,
        meant,
        zone=desk.repository.account().zone,
        at=desk.clock.now(),
        preview=preview,
        progress=progress,
    )
    failure = ""
    try:
        run.read(table)
    except ConfigError as error:
        failure = str(error)
    report = run.report(failure)
    if not preview:
        store = desk.repository.transact(lambda tx: _close(desk, tx, store, said, report))
    faults, sample = tuple(run.faults), tuple(run.sample.values())
    return FileImport(store, table.form, meant, report, faults, sample, failure)


def _manual(desk: Desk, store_id: StoreId) -> Store:
    store = desk.repository.store(store_id)
    if store is None:
        raise ConfigError(f"The store {store_id!r} was removed.")
    if store.kind is not StoreKind.MANUAL:
        raise ConfigError(
            f"{store.name!r} is not a manual store: its orders come from {store.kind}. Add one for "
            "files: primetui stores add --manual NAME"
        )
    if not store.active:
        raise ConfigError(f"An inactive store imports nothing: {store.name}. Activate it first.")
    return store


def _of_header(kept: Mapping[str, OrderField], table: Table) -> dict[str, OrderField]:
    """Take of what was said of earlier files what this one has a column for."""
    names = {normal(name) for name in table.header}
    return {name: meaning for name, meaning in kept.items() if name in names}


def _close(
    desk: Desk, tx: Writes, store: Store, said: Mapping[str, OrderField], report: ImportReport
) -> Store:
    """Write down how it went, and what the columns mean; a store removed meanwhile stays so."""
    current = tx.store(store.id)
    if current is None:
        return store
    kept = current.changed(last_import=report, columns={**current.columns, **said})
    tx.put_store(kept)
    counts = f"{report.seen} seen, {report.added} added, {report.updated} updated"
    tx.log(entry(desk, "import", detail=f"{store.id}: {counts}, from a file"))
    return kept
