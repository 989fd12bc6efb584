"""Export and import: all documents as a JSON file that stock TinyDB opens, and back.

TinyDB numbers documents, ours have ids: in the file each of ours carries its id beside its fields.
What is sealed stays sealed, and opens where the master key is. Label files are not in it.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import datetime
from typing import Any, Final, Protocol

from primetui.adapters.documents.codec import DOCUMENT_SCHEMA, from_document, to_document
from primetui.adapters.documents.kinds import (
    AUDIT,
    CHORES,
    KINDS,
    LABELS,
    ORDERS,
    PURCHASES,
    key_of,
)
from primetui.adapters.documents.moving import BATCH, Movable, Progress
from primetui.adapters.documents.projection import grid_row
from primetui.adapters.documents.rows import Rows, WritableGrid, WritableRows, decode, encode
from primetui.adapters.documents.tinyjson import TinyJsonWriter, documents_in
from primetui.adapters.plain import shown
from primetui.domain.chore import Chore, Job
from primetui.domain.label import Label, Purchase
from primetui.domain.order import OrderRecord
from primetui.errors import ConfigError, RepositoryError
from primetui.ports import AuditEntry

ABOUT: Final = "primetui"
"""The table that tells of the export itself."""
ID: Final = "_id"
_LONG: Final = 16
_NAMED: Final = 5
"""How many bad documents a refusal names."""


class Source(Protocol):
    """A text that can be read from its beginning again."""

    def __call__(self) -> AbstractContextManager[Callable[[int], str]]:
        """Open it; gives what reads the next so many characters."""
        ...


def export(source: Movable, write: Callable[[str], object], tell: Progress) -> dict[str, int]:
    """Write every document of one moment; give how many of each table."""
    writer = TinyJsonWriter(write)
    with source.moment() as (now, _):
        counts = {table: now.count(table) for table in sorted(now.tables())}
        about = {"schema": DOCUMENT_SCHEMA, "revision": source.revision(), "tables": counts}
        writer.begin(ABOUT)
        writer.document("1", encode(about))
        done = 0
        for table in counts:
            writer.begin(table)
            for id_, text in _lines(now, table):
                writer.document(id_, text)
                done += 1
                if done % BATCH == 0:
                    tell(done, sum(counts.values()))
    writer.finish()
    return counts


def _lines(now: Rows, table: str) -> Iterator[tuple[str, str]]:
    """Give a table's documents as the file has them: ours numbered, with their id inside."""
    with closing(now.texts(table)) as texts:
        for number, (id_, text) in enumerate(texts, start=1):
            if not text.startswith("{"):
                decode(table, id_, text)  # says what is wrong with it
            if table not in KINDS:
                yield id_, text
                continue
            rest = text[1:] if text == "{}" else f",{text[1:]}"
            yield str(number), f"{{{json.dumps(ID)}:{json.dumps(id_)}{rest}"


def take_in(
    target: Movable, source: Source, tell: Progress, *, at: datetime, by: str
) -> dict[str, int]:
    """Read a file into a store that holds nothing yet: all of it, or nothing.

    It is marked as restored, `at` this moment and `by` this operator: what was bought after the
    export is in no journal, so that buying waits as after any restore (R21).
    Raises a ConfigError for a file that is no such export, one of a newer PrimeTUI, and
    documents that cannot be read, of which it names some.
    """
    with target.moment() as (now, _):
        if now.tables():
            raise ConfigError(
                f"{target.name} holds documents of its own: import into an empty home. "
                "Nothing was changed."
            )
    imported = _Import(source, tell, Chore(job=Job.RESTORE, at=at, by=by))
    target.change(imported)
    target.mark(None, imported.revision)
    return dict(imported.counts)


class _Import:
    """One reading of a file, in one transaction, which may be run again."""

    def __init__(self, source: Source, tell: Progress, restored: Chore) -> None:
        self._source = source
        self._restored = restored
        self._tell = tell
        self.counts: Counter[str] = Counter()
        self.revision = 0
        self._problems: list[str] = []
        self._told: dict[str, int] = {}
        self._newest: datetime | None = None
        """When the last thing was done that the audit log in the file tells of."""

    def __call__(self, tx: WritableRows, grid: WritableGrid) -> None:
        """Read everything; a ConfigError takes all of it back."""
        self.counts.clear()
        self._problems.clear()
        self._told, self.revision, self._newest = {}, 0, None
        with self._source() as read:
            for table, id_, document in documents_in(read):
                if table == ABOUT:
                    self._learn(document)
                else:
                    self._put(tx, table, id_, document)
        self._refuse_problems()
        self._refuse_missing()
        mark = self._restored.model_copy(update={"detail": f"an export, {_words(self._newest)}"})
        tx.put(CHORES, mark.job, to_document(mark))
        with closing(tx.texts(ORDERS)) as orders:
            draw(tx, grid, (id_ for id_, _ in orders))

    def _learn(self, about: dict[str, Any]) -> None:
        schema, revision, told = (about.get(name) for name in ("schema", "revision", "tables"))
        if type(schema) is not int or type(revision) is not int or not isinstance(told, dict):
            raise ConfigError("The file does not say what it is an export of.")
        if schema > DOCUMENT_SCHEMA:
            raise ConfigError(
                f"The file follows schema {schema}, of a newer PrimeTUI; this one reads up to "
                f"{DOCUMENT_SCHEMA}: install the newer PrimeTUI. Nothing was changed."
            )
        self._told = told
        self.revision = max(self.revision, revision)

    def _put(self, tx: WritableRows, table: str, id_: str, document: dict[str, Any]) -> None:
        kind = KINDS.get(table)
        if kind is not None:
            id_ = str(document.pop(ID, id_))
            try:
                value = from_document(kind, id_, document)
            except RepositoryError as error:
                self._problems.append(str(error))
                return
            if key_of(value) not in {id_, None}:
                self._problems.append(f"{table} {shown(id_)} holds another one's document.")
            if isinstance(value, AuditEntry):
                self._newest = max(self._newest or value.at, value.at)
        if tx.text(table, id_) is not None:
            self._problems.append(f"{table} {shown(id_)} is there twice.")
        if table == AUDIT:
            self.revision = max(self.revision, _revision_in(id_))
        tx.put(table, id_, document)
        self.counts[table] += 1
        if self.counts.total() % BATCH == 0:
            self._tell(self.counts.total(), sum(self._told.values()))

    def _refuse_problems(self) -> None:
        if self._problems:
            more = len(self._problems) - _NAMED
            raise ConfigError(
                " ".join(self._problems[:_NAMED])
                + (f" And {more} more." if more > 0 else "")
                + " Nothing was imported."
            )

    def _refuse_missing(self) -> None:
        """Refuse an export from which documents were taken out: keys and journal belong together."""
        if self._told not in ({}, dict(self.counts)):
            raise ConfigError(
                "The file does not hold what it says it does: export it again. "
                "Nothing was imported."
            )


def _words(newest: datetime | None) -> str:
    return f"its last entry of {newest:%Y-%m-%d %H:%M:%S} UTC" if newest else "of no journal"


def _revision_in(id_: str) -> int:
    """Read the revision that an entry of the audit log was written in; later ones go on there."""
    digits = id_.partition(".")[0]
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < _LONG else 0


def draw(tx: WritableRows, grid: WritableGrid, orders: Iterable[str]) -> None:
    """Make the grid's rows of these orders anew from the documents."""
    for id_ in orders:
        document = tx.get(ORDERS, id_)
        if document is None:
            continue
        record = from_document(OrderRecord, id_, document)
        labels = tuple(
            from_document(Label, label_id, found)
            for label_id, found in tx.near(LABELS, "order_id", (id_,))
            if found.get("order_id") == id_
        )
        purchases = tuple(
            from_document(Purchase, purchase_id, found)
            for purchase_id, found in tx.near(PURCHASES, "order_id", (id_,))
            if found.get("order_id") == id_
        )
        grid.put(grid_row(record, labels, purchases))
