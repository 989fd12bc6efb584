"""`db check`: every page, document, label file and grid row examined, each fault in a sentence."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from primetui.adapters.documents.codec import from_document
from primetui.adapters.documents.kinds import (
    KEYS,
    KINDS,
    LABELS,
    NOTICES,
    OFFERS,
    ORDERS,
    PURCHASES,
    key_of,
)
from primetui.adapters.documents.papers import name_of
from primetui.adapters.documents.projection import grid_row
from primetui.adapters.documents.reads import DocumentReads
from primetui.adapters.documents.rows import Grid, Rows, decode
from primetui.adapters.documents.vault import KeyMissing, Vault
from primetui.adapters.plain import shown
from primetui.domain.label import Document, Label, Purchase, PurchaseState
from primetui.domain.notice import Notice
from primetui.domain.order import OrderRecord
from primetui.domain.shipment import OrderId
from primetui.domain.value import Value
from primetui.errors import RepositoryError
from primetui.ports import OrderQuery, RepositoryCheck

V = TypeVar("V", bound=Value)

Referred = frozenset[tuple[OrderId, str]]
"""The label files that labels name: an order and a file's name."""


class Papers(Protocol):
    """The files of labels."""

    def read_paper(self, order_id: OrderId, document: Document) -> bytes:
        """Read a file back; one that is gone or whose bytes changed is a RepositoryError."""
        ...


def examine(
    moment: AbstractContextManager[tuple[Rows, Grid]],
    papers: Papers,
    vault: Vault,
    complaints: Callable[[], tuple[str, ...]],
    strays: Callable[[Referred], Iterable[str]] = lambda _referred: (),
) -> RepositoryCheck:
    """Examine everything; a fault is named, and the examination goes on where it can.

    Args:
        moment: holds one moment of the store.
        papers: the label files.
        vault: opens the buyers.
        complaints: what the store's own engine finds wrong with its pages.
        strays: says what lies about that none of the label files is.
    """
    found = _Findings()
    try:
        found.problems += complaints()
        with moment as (now, grid):
            _Examination(now, grid, papers, vault, found).run()
        found.notes += strays(frozenset(found.files))
    except RepositoryError as error:
        found.problems.append(str(error))
    return RepositoryCheck(
        counts=found.counts,
        pending_purchases=len(found.pending),
        problems=tuple(found.problems),
        unsettled=tuple(dict.fromkeys(map(OrderId, found.pending))),
        notes=tuple(found.notes),
    )


@dataclass(slots=True)
class _Findings:
    """What was found so far."""

    counts: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(KINDS, 0)))
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    """Orders with a purchase that is not settled, once for each."""
    files: set[tuple[OrderId, str]] = field(default_factory=set)
    """Label files that a label names."""


@dataclass(frozen=True, slots=True)
class _Bought:
    """What is remembered of a purchase or a label to compare one with the other."""

    order_id: str
    counterpart: str | None
    counts: bool
    """A purchase that is posted; a label that is live."""


class _Examination:
    """One moment of the store under examination, and what was found so far."""

    def __init__(
        self,
        now: Rows,
        grid: Grid,
        papers: Papers,
        vault: Vault,
        found: _Findings,
    ) -> None:
        self._now = now
        self._grid = grid
        self._papers = papers
        self._vault = vault
        self._found = found
        self._counts, self._problems = found.counts, found.problems
        self._purchases: dict[str, _Bought] = {}
        self._labels: dict[str, _Bought] = {}
        self._to_be_told: set[str] = set()
        """Labels that Amazon does not know of by itself."""
        self._ordered: set[str] = set()
        self._missing_keys: set[str] = set()
        """What is said of each master key that is not there, once for all it would open."""

    def run(self) -> None:
        """Look at everything once."""
        self._others()
        self._journal()
        self._label_files()
        self._journal_against_labels()
        self._outbox_against_labels()
        self._orders()
        self._left_behind()
        self._problems += sorted(self._missing_keys)

    def _others(self) -> None:
        for table, kind in KINDS.items():
            if table not in {ORDERS, PURCHASES, LABELS, NOTICES}:
                for _ in self._values(table, kind):
                    pass
        for table in self._now.tables() - KINDS.keys():
            self._counts[table] = self._now.count(table)

    def _journal(self) -> None:
        for purchase in self._values(PURCHASES, Purchase):
            posted = purchase.state is PurchaseState.POSTED
            bought = _Bought(purchase.order_id, purchase.label_id, posted)
            self._purchases[purchase.id] = bought
            if purchase.is_pending:
                self._found.pending.append(purchase.order_id)
        self._refuse_doubles(self._found.pending, "purchases that are not settled")

    def _label_files(self) -> None:
        for label in self._values(LABELS, Label):
            self._labels[label.id] = _Bought(label.order_id, label.purchase_id, label.is_live)
            if not label.source.is_known_of(label.order_id):
                self._to_be_told.add(label.id)
            for document in label.documents:
                with self._problem_of(f"Label of order {shown(label.order_id)}: "):
                    self._found.files.add((label.order_id, name_of(document)))
                    self._papers.read_paper(label.order_id, document)
        live = [label.order_id for label in self._labels.values() if label.counts]
        self._refuse_doubles(live, "live labels")

    def _journal_against_labels(self) -> None:
        """Ask that each posted purchase has its label, and each label its posted purchase."""
        for id_, purchase in self._purchases.items():
            label = self._labels.get(purchase.counterpart or "")
            if purchase.counts and (label is None or label.counterpart != id_):
                self._problems.append(
                    f"Order {shown(purchase.order_id)}: purchase {shown(id_)} is posted, "
                    "and its label is missing."
                )
        for id_, sold in self._labels.items():
            posted = self._purchases.get(sold.counterpart or "")
            if posted is None or not posted.counts or posted.counterpart != id_:
                self._problems.append(
                    f"Order {shown(sold.order_id)}: label {shown(id_)} has no posted purchase."
                )

    def _outbox_against_labels(self) -> None:
        """Ask that exactly the labels Amazon did not sell are told aloud (R10), and of no other."""
        loud, silent = set[str](), set[str]()
        for notice in self._values(NOTICES, Notice):
            (silent if notice.silent else loud).add(str(notice.label_id))
        for id_ in sorted(self._to_be_told ^ loud | silent - self._labels.keys()):
            why = "has no notice" if id_ in self._to_be_told else "needs no notice and has one"
            self._problems.append(f"Label {shown(id_)} {why}.")

    def _left_behind(self) -> None:
        """Name what belongs to an order that is not here."""
        for table, what in ((OFFERS, "offers"), (KEYS, "a buyer's key")):
            with closing(self._now.texts(table)) as texts:
                alone = [id_ for id_, _ in texts if id_ not in self._ordered]
            self._found.notes += [f"There is no order {shown(id_)}, but {what}." for id_ in alone]

    def _orders(self) -> None:
        reads = DocumentReads(self._now, self._vault)
        for record in self._values(ORDERS, OrderRecord):
            id_ = record.order.id
            self._ordered.add(id_)
            with self._problem_of():
                self._vault.verify(self._now, id_, record.order.sealed)
            try:
                made = grid_row(record, reads.labels(id_), reads.purchases(id_))
            except RepositoryError:
                continue  # a label or purchase that cannot be read: named already
            if made != self._grid.row(id_):
                self._problems.append(f"Order {shown(id_)}: its row of the grid is out of date.")
        rows = self._grid.count(OrderQuery())
        if rows != self._counts[ORDERS]:
            self._problems.append(f"The grid has {rows} rows for {self._counts[ORDERS]} orders.")

    def _values(self, table: str, kind: type[V]) -> Iterator[V]:
        """Read a table's documents one by one; one that cannot be read is a problem."""
        with closing(self._now.texts(table)) as texts:
            for id_, text in texts:
                self._counts[table] += 1
                try:
                    value = from_document(kind, id_, decode(table, id_, text))
                except RepositoryError as error:
                    self._problems.append(str(error))
                    continue
                if key_of(value) not in {id_, None}:
                    self._problems.append(f"{table} {shown(id_)} holds another one's document.")
                yield value

    @contextmanager
    def _problem_of(self, what: str = "") -> Iterator[None]:
        """Take an error for a problem, and go on."""
        try:
            yield
        except KeyMissing as error:
            self._missing_keys.add(str(error))
        except RepositoryError as error:
            self._problems.append(f"{what}{error}")

    def _refuse_doubles(self, order_ids: list[str], what: str) -> None:
        self._problems += [
            f"Order {shown(id_)} has {number} {what}; there may be one."
            for id_, number in Counter(order_ids).items()
            if number > 1
        ]
