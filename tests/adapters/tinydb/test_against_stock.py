"""Random queries and changes: our table and stock TinyDB give the same answers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import Query, TinyDB, where
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.narrowing import narrow
from primetui.adapters.tinydb.schema import Layout
from primetui.adapters.tinydb.table import DocumentDB

LAYOUT = Layout(indexes={"orders": (("status",), ("place", "state"))})
INDEXED = LAYOUT.indexed("orders")

HOSTILE = ["", "a", "A", "é", "a\0", "a\0b", "'; --", '"', "\ud800", "1", "true", "null", "a" * 300]
scalars = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(["a\0", "a\0b", "\ud800"]),
    st.sampled_from([0, 1, -1, 2**53 + 1, 2**60, 2**63 - 1, 2**63, -(2**63), 2**70]),
    st.booleans(),
    st.none(),
    st.sampled_from([0.0, -0.0, 1.0, 1.5, 1e22, 2.0**60, 1e-320]),
)
numbers = st.lists(st.integers(1, 6), max_size=3, unique=True)
ids = st.sampled_from(["1", "01", "é", "a'b", "", "\0"])
paths = st.sampled_from(["status", "status", "place.state", "note"])


def field(path: str) -> Query:
    """Start a query at a dotted path; hypothesis cannot print a Query, but it can print text."""
    query = Query()
    for part in path.split("."):
        query = query[part]
    return query


def documents(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Give documents with some of the fields that queries ask for."""
    place = st.one_of(values, st.fixed_dictionaries({}, optional={"state": values}))
    return st.fixed_dictionaries({}, optional={"status": values, "place": place, "note": values})


def queries(values: st.SearchStrategy[Any]) -> st.SearchStrategy[QueryInstance]:
    """Give queries on indexed fields and others, simple ones and joined ones."""
    equals = st.builds(lambda path, value: field(path) == value, paths, values)
    leaves = st.one_of(
        equals,
        equals.map(lambda query: query & query),
        equals.map(lambda query: query | query),
        st.builds(lambda path, value: field(path) != value, paths, values),
        st.builds(lambda path, some: field(path).one_of(some), paths, st.lists(values, max_size=3)),
        st.builds(lambda path: field(path).exists(), paths),
        st.builds(lambda path, value: field(path).map(str) == str(value), paths, values),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda a, b: a & b, inner, inner),
            st.builds(lambda a, b: a | b, inner, inner),
            st.builds(lambda a: ~a, inner),
        ),
        max_leaves=3,
    )


@st.composite
def scripts(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Give steps over a handful of values, so that queries meet what they ask for."""
    pool = st.sampled_from(draw(st.lists(scalars, min_size=1, max_size=2)))
    values = st.one_of(pool, pool, st.lists(pool, max_size=2), st.dictionaries(st.just("x"), pool))
    step = st.one_of(
        st.tuples(st.just("upsert"), ids, documents(values)),
        st.tuples(st.just("update"), queries(values), documents(values)),
        st.tuples(st.just("remove"), queries(values)),
        st.tuples(st.just("search"), queries(values)),
        st.tuples(st.just("insert"), st.lists(documents(values), max_size=3)),
        st.tuples(st.just("upsert by query"), documents(values), queries(values)),
        st.tuples(st.just("update all"), documents(values)),
        st.tuples(st.just("note"), queries(values)),
        st.tuples(st.just("update many"), st.lists(st.tuples(documents(values), queries(values)))),
        st.tuples(st.just("update some"), documents(values), numbers),
        st.tuples(st.just("remove some"), numbers),
        st.tuples(st.just("get some"), numbers, queries(values)),
        st.tuples(st.just("truncate")),
    )
    return draw(st.lists(step, min_size=2, max_size=8))


@pytest.fixture(scope="module")
def ours() -> Iterator[DocumentDB]:
    """Open one store for all examples; each starts by emptying it."""
    with TemporaryDirectory() as folder, DocumentDB(Engine(Path(folder), LAYOUT)) as db:
        yield db


def note(document: Any) -> None:
    """Change a document as an operation does."""
    document["note"] = [document.get("note")]


def shown(documents: Any) -> list[Any]:
    """Give numbers and contents, in order."""
    return [(document.doc_id, document) for document in documents]


DEEDS: dict[str, Callable[..., Any]] = {
    "upsert": lambda o, _, id_, document: o.upsert(Document(document, doc_id=id_)),
    "update": lambda o, _, query, changes: o.update(changes, query),
    "remove": lambda o, _, query: o.remove(query),
    "search": lambda o, _, query: (shown(o.search(query)), o.count(query)),
    "insert": lambda _, n, some: [n.insert(one) for one in some[:1]] + n.insert_multiple(some),
    "upsert by query": lambda _, n, document, query: n.upsert(document, query),
    "update all": lambda o, n, changes: (o.update(changes), n.update(changes)),
    "note": lambda o, n, query: (o.update(note, query), n.update(note, query)),
    "update many": lambda o, n, pairs: (o.update_multiple(pairs), n.update_multiple(pairs)),
    "update some": lambda _, n, changes, some: n.update(changes, doc_ids=some),
    "remove some": lambda _, n, some: n.remove(doc_ids=some),
    "get some": lambda _, n, some, query: (
        [n.get(doc_ids=some), n.get(query), n.contains(query)],
        [(n.get(doc_id=one), n.contains(doc_id=one)) for one in some],
        (shown(n.search(query)), shown(n), len(n)),
    ),
    "truncate": lambda _, n: n.truncate(),
}
"""Each deed on the orders, which have text ids, and on a table that numbers its documents."""


def do(db: Any, step: tuple[Any, ...]) -> Any:
    """Do one step and give all that can be seen of it."""
    deed, *given = step
    return DEEDS[deed](db.table("orders"), db.table("numbered"), *given)


class TextIds(Table):
    """Stock table with text ids."""

    document_id_class = str  # type: ignore[assignment] # TinyDB's documented customisation


class StockTextIds(TinyDB):
    """Stock TinyDB whose orders have text ids."""

    def table(self, name: str, **options: Any) -> Table:
        """Give access to one table."""
        if name == "orders" and name not in self._tables:
            self._tables[name] = TextIds(self.storage, name, **options)
        return super().table(name, **options)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(script=scripts())
def test_we_answer_as_stock_tinydb_does(ours: DocumentDB, script: list[tuple[Any, ...]]) -> None:
    """Whatever is asked and written, results, ids, order and contents are the same."""
    ours.drop_tables()
    stock = StockTextIds(storage=MemoryStorage)
    for step in script:
        assert repr(do(stock, step)) == repr(do(ours, step))
        everything = where("never").exists() | ~where("never").exists()
        assert repr(do(stock, ("search", everything))) == repr(do(ours, ("search", everything)))


@pytest.mark.parametrize(
    ("query", "narrows"),
    [
        (where("status") == "a", True),
        (where("place").state == "a", True),
        (where("status") == True, True),  # noqa: E712 - TinyDB's way of asking
        (where("status") == 2**63 - 1, True),
        (where("status").one_of(["a", 1]), True),
        ((where("status") == "a") & (where("note") == "b"), True),
        ((where("status") == "a") | (where("place").state == "b"), True),
        ((where("status") == "a") | (where("note") == "b"), False),
        (~(where("status") == "a"), False),
        (where("note") == "a", False),
        (where("status") == "a\0b", False),
        (where("status") == "\ud800", False),
        (where("status") == 1.5, False),
        (where("status") == None, False),  # noqa: E711 - TinyDB's way of asking
        (where("status") == 2**63, False),
        (where("status") == ["a"], False),
        (where("status").one_of(["a", None]), False),
        (where("status").map(str) == "a", False),
        (bool, False),
    ],
)
def test_only_what_sql_can_answer_is_narrowed(query: Any, narrows: bool) -> None:  # noqa: FBT001 - a table's column
    """An index is asked where SQLite and Python agree about equality, and nowhere else."""
    assert narrows is (narrow(query, INDEXED) is not None)
