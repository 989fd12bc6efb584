"""Moving the documents to another store: all of them, once, and no work on what was left behind.

The source is closed to changes first, by a mark that the store itself enforces, so that nothing
is lost between the copy and the end. Every step can be done again: a move that was interrupted
is gone on with by asking for it once more. Both sides are counted and hashed before the mark at
the source says that its documents are elsewhere now. Then the source's order keys and label files
are destroyed: who is forgotten in the new place must not be readable in the one that was left.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Final, Protocol, TypeVar

from primetui.adapters.documents.codec import from_document
from primetui.adapters.documents.kinds import KEYS, LABELS, ORDERS, STORES
from primetui.adapters.documents.rows import Grid, Rows, WritableGrid, WritableRows, decode, encode
from primetui.adapters.documents.upgrade import outdated
from primetui.adapters.plain import shown
from primetui.domain.label import Document, Label
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError, RepositoryError

BATCH: Final = 500
"""Documents written in one transaction."""

_PAPERS: Final = "label files"

T = TypeVar("T")
Digests = dict[str, tuple[int, str]]
"""How many, and the hash of all in their order, by table."""
Progress = Callable[[int, int], None]
"""Told how many documents of how many are there."""


class Mark(StrEnum):
    """What a store that is not to be worked on is marked with."""

    LEAVING = "leaving"
    """Its documents are being moved elsewhere."""
    LEFT = "left"
    """Its documents are elsewhere now."""
    ARRIVING = "arriving"
    """It is being filled."""


_WORDS: Final = {
    Mark.LEAVING: "The documents of {here} are being moved to {there}: wait for that, or begin it "
    "again if it was interrupted. Nothing was changed.",
    Mark.LEFT: "The documents of {here} were moved to {there}: work there, by the setting "
    "database. Nothing was changed.",
    Mark.ARRIVING: "{here} is being filled with the documents of {there}: wait for that, or begin "
    "it again if it was interrupted. Nothing was changed.",
}


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark, and the other store of the move."""

    mark: Mark
    other: str

    def words(self, here: str) -> str:
        """Say why nobody can work on the documents here."""
        return _WORDS[self.mark].format(here=here, there=self.other)

    def text(self) -> str:
        """Write it down."""
        return json.dumps([self.mark, self.other])

    @classmethod
    def of(cls, text: str) -> "Marked":
        """Read it back."""
        mark, other = json.loads(text)
        return cls(Mark(mark), str(other))


class Movable(Protocol):
    """A store as whoever moves its documents sees it. Every call may raise a RepositoryError."""

    name: str
    """Where it is, for people and for the other store's mark."""

    def marked(self) -> Marked | None:
        """Read the mark; None where everybody may work."""
        ...

    def mark(self, marked: Marked | None, revision: int = 0) -> None:
        """Mark the store, or let everybody work; its revision is at least this one afterwards.

        Ids of the audit log begin with the revision: one that went back would name two entries.
        """
        ...

    def moment(self) -> AbstractContextManager[tuple[Rows, Grid]]:
        """Hold one moment of the documents."""
        ...

    def revision(self) -> int:
        """Give the number of the last change."""
        ...

    def change(self, work: Callable[[WritableRows, WritableGrid], None]) -> None:
        """Change documents alone, all or nothing, whatever the mark says."""
        ...

    def paper(self, order_id: OrderId, document: Document) -> bytes | None:
        """Read a label's file as it lies there, sealed; None when it is gone."""
        ...

    def keep_paper(self, order_id: OrderId, document: Document, sealed: bytes) -> None:
        """Keep a sealed file."""
        ...

    def remove_papers(self, order_id: OrderId) -> None:
        """Remove all files of an order."""
        ...

    def scrub(self) -> bool:
        """Leave no trace of what was removed; False while somebody reads an older moment."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, counted and hashed on both sides."""

    documents: int
    papers: int
    missing_papers: int
    """Files that labels name and that were gone before."""
    digest: str
    """SHA-256 over every document and file in order."""
    scrubbed: bool
    """Whether no trace is left of the buyers' keys in the place that was left."""


def move(source: Movable, target: Movable, tell: Progress) -> Moved:
    """Move every document and label file; a RepositoryError where the two then differ.

    Asked again for a place that was left, it only destroys what is left there of buyers.
    Raises a ConfigError, with nothing changed, for stores that cannot be source or target.
    """
    _prepare(source, target)
    if source.marked() != Marked(Mark.LEFT, target.name):
        _carry(source, target, tell)
        source.mark(Marked(Mark.LEFT, target.name))
    # From here on the source is not read any more: whoever goes on begins here.
    scrubbed = _shred(source)
    if target.marked() is not None:
        target.mark(None)
    there = _digests(target)
    documents = sum(count for table, (count, _) in there.items() if table != _PAPERS)
    digest = sha256(repr(sorted(there.items())).encode()).hexdigest()
    return Moved(documents, *_papers(target), digest, scrubbed)


def _carry(source: Movable, target: Movable, tell: Progress) -> None:
    """Copy everything and compare it."""
    if target.marked() is None:
        target.mark(Marked(Mark.ARRIVING, source.name), source.revision())
    source.mark(Marked(Mark.LEAVING, target.name))
    _copy(source, target, tell)
    here, there = _digests(source), _digests(target)
    if here != there:
        # Documents that were removed and came back lie in another order: begin with nothing.
        _clear(target)
        _copy(source, target, tell)
        there = _digests(target)
    _refuse_different(here, there, source.name, target.name)


def _shred(source: Movable) -> bool:
    """Destroy the order keys and label files of a place that was left; its documents stay."""
    with source.moment() as (now, _):
        keys = [(KEYS, id_) for id_, _ in _texts(now, KEYS)]
        owners = {label.order_id for label in _labels(now)}
    for order_id in owners:
        source.remove_papers(order_id)
    for some in _batches(keys):
        source.change(partial(_remove, some))
    return source.scrub()


def _papers(place: Movable) -> tuple[int, int]:
    """Count the label files, and those that are missing."""
    with place.moment() as (now, _):
        there = [
            place.paper(label.order_id, document) is not None
            for label in _labels(now)
            for document in label.documents
        ]
    return there.count(True), there.count(False)


def stay(source: Movable) -> None:
    """Give up a move that was begun: everybody may work on the source again."""
    marked = source.marked()
    if marked is None or marked.mark is not Mark.LEAVING:
        raise ConfigError(f"No move from {source.name} was begun and not finished.")
    source.mark(None)


def _prepare(source: Movable, target: Movable) -> None:
    """Refuse stores that cannot be moved from or to; empty one that was left earlier."""
    if source.name == target.name:
        raise ConfigError(f"The documents are in {source.name} already.")
    going, coming = source.marked(), target.marked()
    resumed = coming == Marked(Mark.ARRIVING, source.name)
    if coming is None and going == Marked(Mark.LEFT, target.name):
        _refuse_stranger(source, target)
        return
    if going not in {None, Marked(Mark.LEAVING, target.name)} and not (
        resumed and going == Marked(Mark.LEFT, target.name)
    ):
        refuse_marked(going, source.name)
    if coming is not None and coming.mark is not Mark.LEFT and not resumed:
        refuse_marked(coming, target.name)
    with source.moment() as (now, _):
        if outdated(now):
            raise ConfigError("Some documents are an older PrimeTUI's: run primetui db migrate.")
    if coming is not None and coming.mark is Mark.LEFT:
        target.mark(Marked(Mark.ARRIVING, source.name), source.revision())
        _clear(target)
    elif coming is None:
        _refuse_full(target)


def refuse_marked(marked: Marked | None, name: str) -> None:
    """Refuse a store that nobody may work on now."""
    if marked is not None:
        raise ConfigError(marked.words(name))


def _refuse_full(target: Movable) -> None:
    with target.moment() as (now, _):
        if now.tables():
            raise ConfigError(
                f"{target.name} holds documents of its own: choose an empty one. "
                "Nothing was changed."
            )


def _refuse_stranger(source: Movable, target: Movable) -> None:
    """Refuse to empty a place for one that is none of the same merchant's any more."""
    with source.moment() as (before, _), target.moment() as (now, _):
        stores = {id_ for id_, _ in _texts(before, STORES)}
        kept = {id_ for id_, _ in _texts(now, STORES)}
    if not stores & kept:
        raise ConfigError(
            f"{target.name} holds none of the stores that were moved there from {source.name}. "
            "Nothing was changed."
        )


def _clear(target: Movable) -> None:
    with target.moment() as (now, _):
        names = [(table, id_) for table in now.tables() for id_, _ in _texts(now, table)]
        owners = {label.order_id for label in _labels(now)}
    for order_id in owners:
        target.remove_papers(order_id)
    for some in _batches(names):
        target.change(partial(_remove, some))


def _remove(names: list[tuple[str, str]], tx: WritableRows, grid: WritableGrid) -> None:
    for table, id_ in names:
        tx.delete(table, id_)
        if table == ORDERS:
            grid.remove(OrderId(id_))


def _copy(source: Movable, target: Movable, tell: Progress) -> None:
    """Copy what the target lacks or has otherwise, and remove what it has too much."""
    with source.moment() as (now, grid):
        total = sum(now.count(table) for table in now.tables())
        done = 0
        for table in sorted(now.tables()):
            with closing(now.texts(table)) as texts:
                for some in _batches(texts):
                    target.change(_Batch(table, some, grid))
                    done += len(some)
                    tell(done, total)
        extra = _extra(now, target)
    for some in _batches(extra):
        target.change(partial(_remove, some))
    _copy_papers(source, target)


def _extra(now: Rows, target: Movable) -> list[tuple[str, str]]:
    with target.moment() as (there, _):
        return [
            (table, id_)
            for table in sorted(there.tables())
            for id_, _ in _texts(there, table)
            if now.get(table, id_) is None
        ]


class _Batch:
    """Some documents of a table on their way, with their rows of the grid."""

    def __init__(self, table: str, texts: list[tuple[str, str]], grid: Grid) -> None:
        self._table = table
        self._documents = [(id_, decode(table, id_, text)) for id_, text in texts]
        self._rows = [grid.row(OrderId(id_)) for id_, _ in texts] if table == ORDERS else []

    def __call__(self, tx: WritableRows, grid: WritableGrid) -> None:
        """Write what is not there yet."""
        for id_, document in self._documents:
            if tx.get(self._table, id_) != document:
                tx.put(self._table, id_, document)
        for row in self._rows:
            if row is not None and grid.row(row.row.id) != row:
                grid.put(row)


def _copy_papers(source: Movable, target: Movable) -> None:
    with source.moment() as (now, _):
        for label in _labels(now):
            for document in label.documents:
                sealed = source.paper(label.order_id, document)
                if sealed is not None and target.paper(label.order_id, document) != sealed:
                    target.keep_paper(label.order_id, document, sealed)


def _refuse_different(here: Digests, there: Digests, source: str, target: str) -> None:
    """Refuse two stores that are not the same in every table and every file."""
    different = [name for name in sorted(here | there) if here.get(name) != there.get(name)]
    if different:
        raise RepositoryError(
            f"{target} does not hold what {source} does (look at "
            f"{', '.join(map(shown, different))}): nobody can work on either until it does. "
            "Begin again, or go back with --stay."
        )


def _digests(place: Movable) -> Digests:
    """Count and hash each table in its order, and the files that its labels name."""
    with place.moment() as (now, _):
        found = {table: _digest(now, table) for table in now.tables()}
        papers = [
            sha256(place.paper(label.order_id, document) or b"").hexdigest()
            for label in _labels(now)
            for document in label.documents
        ]
    return found | {_PAPERS: (len(papers), sha256(repr(papers).encode()).hexdigest())}


def _digest(now: Rows, table: str) -> tuple[int, str]:
    count, digest = 0, sha256()
    for id_, text in _texts(now, table):
        count += 1
        digest.update(encode({"id": id_, "document": decode(table, id_, text)}).encode())
    return count, digest.hexdigest()


def _labels(now: Rows) -> Iterator[Label]:
    for id_, text in _texts(now, LABELS):
        yield from_document(Label, id_, decode(LABELS, id_, text))


def _texts(now: Rows, table: str) -> Iterator[tuple[str, str]]:
    with closing(now.texts(table)) as texts:
        yield from texts


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while some := list(islice(rest, BATCH)):
        yield some
