"""Upkeep of a store, for every store alike: older documents made new, master keys exchanged."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from typing import TypeVar

from primetui.adapters.documents.codec import from_document
from primetui.adapters.documents.kinds import LABELS
from primetui.adapters.documents.moments import RepositoryReads
from primetui.adapters.documents.operators import OPERATORS, Operator
from primetui.adapters.documents.rows import WritableRows
from primetui.adapters.documents.upgrade import outdated, upgrade
from primetui.domain.label import Label
from primetui.domain.shipment import OrderId
from primetui.errors import RepositoryError
from primetui.ports import Outdated

T = TypeVar("T")


class RepositoryUpkeep(RepositoryReads):
    """The upkeep of a Repository, over whatever changes its documents all or nothing."""

    @abstractmethod
    def _change(self, work: Callable[[WritableRows], T]) -> T:
        """Run reads and writes of documents alone, all or nothing."""

    def _seal_papers(self, label: Label) -> None:
        """Seal what an older PrimeTUI kept open of a label's files; a store that never did is done."""

    def outdated(self) -> tuple[Outdated, ...]:
        """Name the documents that an older PrimeTUI wrote, table by table."""
        with self._moment() as (now, _):
            return outdated(now)

    def upgrade(self, old: Sequence[Outdated]) -> tuple[str, ...]:
        """Write documents as this PrimeTUI does, sealed; say of each that cannot be why."""
        labels = [one.id for one in old if one.table == LABELS]
        unsealed = _each(labels, self._seal_label)
        return unsealed + self._change(
            lambda tx: _each(old, lambda one: upgrade(tx, self._vault, one))
        )

    def renew_key(self) -> tuple[OrderId, ...]:
        """Begin to wrap with a new master key; name the orders that another one still opens."""
        return self._change(self._vault.renew)

    def rewrap(self, order_ids: Sequence[OrderId]) -> tuple[str, ...]:
        """Have the newest master key open these orders; say of each that cannot be why."""
        return self._change(
            lambda tx: _each(order_ids, lambda order_id: self._vault.rewrap(tx, order_id))
        )

    def drop_old_keys(self) -> int:
        """Remove the master keys that open nothing any more; count the orders that need another."""
        return self._change(self._vault.drop_old)

    def missing_keys(self) -> tuple[str, ...]:
        """Name the master keys that buyers need and that are not where keys are looked for."""
        with self._moment() as (now, _):
            return self._vault.missing_keys(now)

    def operators(self) -> Mapping[str, str]:
        """Give whose each operator's name is: the login of a user of the system."""
        with self._moment() as (now, _), closing(now.find(OPERATORS)) as found:
            known = [from_document(Operator, id_, document) for id_, document in found]
        return {one.name: one.person for one in known}

    def _seal_label(self, id_: str) -> None:
        with self._moment() as (now, _):
            document = now.get(LABELS, id_)
        if document is not None:
            self._seal_papers(from_document(Label, id_, document))


def _each(things: Iterable[T], do: Callable[[T], None]) -> tuple[str, ...]:
    """Do something to each thing; what cannot be done is named, and stops nothing else."""
    problems = []
    for thing in things:
        try:
            do(thing)
        except RepositoryError as error:
            problems.append(str(error))
    return tuple(problems)
