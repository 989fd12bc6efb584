"""TinyDB's face: its TinyDB, Table and Query as their users know them, over our rows.

TinyDB builds every public method of a table on three hooks: read the table, update the table,
next id. Overriding those three gives all of it one row per document, indexes, transactions and
several processes. There is no query cache: another process may have written.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from copy import copy
from typing import Any, Self

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document as TinyDocument
from tinydb.table import Table
from tinydb.utils import LRUCache

from primetui.adapters.documents.rows import Document, decode, encode
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.narrowing import narrow
from primetui.adapters.tinydb.rows import Transaction
from primetui.adapters.tinydb.where import EVERYTHING, Where


class NoCache(LRUCache[Any, Any]):
    """A query cache that forgets at once."""

    def set(self, key: Any, value: Any) -> None:
        """Keep nothing: the next search must see what others have written."""


class EngineStorage(Storage):
    """The whole store in TinyDB's terms, for the few methods that ask for all of it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Give every document of every table; None when there is none."""
        with self.engine.snapshot() as now:
            return {table: dict(now.find(table)) for table in sorted(now.tables())} or None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Make the store hold these tables and nothing else."""

        def replace(tx: Transaction) -> None:
            for table in tx.tables():
                tx.clear(table)
            for table, documents in data.items():
                for id_, document in documents.items():
                    tx.put(table, id_, document)

        self.engine.transact(replace)

    def close(self) -> None:
        """Give the files back."""
        self.engine.close()


class Rows(Mapping[str, Document]):
    """A table's documents as TinyDB wants to read them: loaded when looked at, never kept."""

    def __init__(self, engine: Engine, table: str, where: Where) -> None:
        self._engine = engine
        self._table = table
        self._where = where

    def __getitem__(self, id_: str) -> Document:
        document = self._engine.get(self._table, id_)
        if document is None:
            raise KeyError(id_)
        return document

    def __iter__(self) -> Iterator[str]:
        return (id_ for id_, _ in self._engine.find(self._table, self._where))

    def __len__(self) -> int:
        return self._engine.count(self._table, self._where)

    def items(self) -> Iterator[tuple[str, Document]]:  # type: ignore[override] # a view would need every document at once
        """Load the documents one by one, all from the same moment."""
        return self._engine.find(self._table, self._where)


class Draft(MutableMapping[Any, Document]):
    """A table being updated: loads what is looked at, writes back what has changed.

    TinyDB changes documents in place, so each loaded one is compared with its stored text.
    """

    def __init__(self, tx: Transaction, table: "DocumentTable") -> None:
        self._tx = tx
        self._name = table.name
        self._as_id = table.document_id_class
        self._where = table.where
        self._stored: dict[str, str] = {}
        self._loaded: dict[str, Document | None] = {}

    def __contains__(self, id_: object) -> bool:
        key = str(id_)
        if key in self._loaded:
            return self._loaded[key] is not None
        return self._text(key) is not None

    def __getitem__(self, id_: Any) -> Document:
        key = str(id_)
        if key not in self._loaded:
            text = self._text(key)
            self._loaded[key] = None if text is None else decode(self._name, key, text)
        document = self._loaded[key]
        if document is None:
            raise KeyError(id_)
        return document

    def __setitem__(self, id_: Any, document: Document) -> None:
        if isinstance(id_, int):
            self._tx.saw_id(self._name, id_)
        self._loaded[str(id_)] = document

    def __delitem__(self, id_: Any) -> None:
        self._loaded[str(id_)] = None

    def __iter__(self) -> Iterator[Any]:
        self.flush()
        self._stored = dict(self._tx.texts(self._name, self._where))
        return iter([self._as_id(key) for key in self._stored])

    def __len__(self) -> int:
        self.flush()
        return self._tx.count(self._name, self._where)

    def clear(self) -> None:
        """Remove every document."""
        self._stored.clear()
        self._loaded.clear()
        self._tx.clear(self._name, self._where)

    def flush(self) -> None:
        """Write what has changed."""
        for key, document in self._loaded.items():
            if document is None:
                self._tx.delete(self._name, key)
            elif encode(document) != self._text(key):
                self._tx.put(self._name, key, document)
        self._stored.clear()
        self._loaded.clear()

    def _text(self, key: str) -> str | None:
        return self._stored[key] if key in self._stored else self._tx.text(self._name, key)


class DocumentTable(Table):
    """A TinyDB table of rows, which numbers its documents as TinyDB does."""

    query_cache_class = NoCache
    where = EVERYTHING
    """The rows this view is limited to."""

    _next_id: int | None  # type: ignore[assignment] # TinyDB declares it by its first value

    @property
    def engine(self) -> Engine:
        """The engine underneath."""
        storage = self.storage
        if not isinstance(storage, EngineStorage):
            raise TypeError("a DocumentTable lives on an EngineStorage")
        return storage.engine

    def insert(self, document: Mapping[str, Any]) -> Any:
        """Insert a document; its number is taken and used in one transaction."""
        return self.engine.transact(lambda _: super(DocumentTable, self).insert(document))

    def search(self, cond: QueryLike) -> list[TinyDocument]:
        """Search, through an index where the query names one."""
        return Table.search(self._narrowed(cond), cond)

    def get(self, cond: QueryLike | None = None, doc_id: Any = None, doc_ids: Any = None) -> Any:
        """Get one document by query or id, or several by ids."""
        view = self
        if doc_ids is not None:
            ids = json.dumps([str(id_) for id_ in doc_ids])
            view = self._limited(Where("id IN (SELECT value FROM json_each(?))", (ids,)))
        elif doc_id is None and cond is not None:
            view = self._narrowed(cond)
        return Table.get(view, cond, doc_id, doc_ids)

    def update(
        self,
        fields: Mapping[str, Any] | Callable[[MutableMapping[Any, Any]], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[Any] | None = None,
    ) -> list[Any]:
        """Update documents, through an index where the query names one."""
        view = self._narrowed(cond) if doc_ids is None else self
        return Table.update(view, fields, cond, doc_ids)

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[Any]:
        """Update or insert, in one transaction."""
        return self.engine.transact(lambda _: super(DocumentTable, self).upsert(document, cond))

    def remove(
        self, cond: QueryLike | None = None, doc_ids: Iterable[Any] | None = None
    ) -> list[Any]:
        """Remove documents, through an index where the query names one."""
        view = self._narrowed(cond) if doc_ids is None else self
        return Table.remove(view, cond, doc_ids)

    def _narrowed(self, cond: QueryLike | None) -> Self:
        if cond is None:
            return self
        where = narrow(cond, self.engine.layout.indexed(self.name))
        return self if where is None else self._limited(where)

    def _limited(self, where: Where) -> Self:
        view = copy(self)
        view.where = where
        return view

    def _read_table(self) -> Rows:  # type: ignore[override] # TinyDB only reads it
        return Rows(self.engine, self.name, self.where)

    def _update_table(self, updater: Callable[[Any], object]) -> None:
        def work(tx: Transaction) -> None:
            draft = Draft(tx, self)
            updater(draft)
            draft.flush()

        self.engine.transact(work)

    def _get_next_id(self) -> Any:
        def take(tx: Transaction) -> int:
            number = tx.next_id(self.name, at_least=self._next_id or 1)
            self._next_id = number + 1
            return number

        return self.engine.transact(take)


class KeyedTable(DocumentTable):
    """A TinyDB table whose documents come with text ids: an order's own number, say."""

    document_id_class = str  # type: ignore[assignment] # TinyDB's documented customisation

    def _get_next_id(self) -> Any:
        raise ValueError(f"Documents of {self.name} have ids of their own: insert a Document")


class DocumentDB(TinyDB):
    """A TinyDB over an engine; closing it closes the engine."""

    table_class = DocumentTable

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        super().__init__(storage=lambda: EngineStorage(engine))

    def table(self, name: str, **options: Any) -> Table:
        """Give access to one table."""
        if name not in self._tables and self.engine.layout.has(name):
            self._tables[name] = KeyedTable(self.storage, name, **options)
        return super().table(name, **options)

    def tables(self) -> set[str]:
        """Name the tables that hold a document."""
        return set(self.engine.tables())

    def drop_tables(self) -> None:
        """Remove every document of every table."""
        self.storage.write({})
        self._tables.clear()

    def drop_table(self, name: str) -> None:
        """Remove every document of one table."""
        self._tables.pop(name, None)
        self.engine.transact(lambda tx: tx.clear(name))
