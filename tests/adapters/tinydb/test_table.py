"""TinyDB's public face over rows: what its users know holds, several processes included."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tinydb import Query, TinyDB, where
from tinydb.operations import add, delete, increment
from tinydb.operations import set as set_field
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.table import DocumentDB, DocumentTable, KeyedTable

PEOPLE = [
    {"name": "Ada", "age": 36, "tags": ["x", "y"], "home": {"city": "London"}},
    {"name": "Bea", "age": 41, "tags": [], "home": {"city": "Paris"}},
    {"name": "Cy", "age": 36, "home": None},
]


def keyed(id_: str, **fields: object) -> Document:
    """Make a document with a text id, which TinyDB allows and its types do not know of."""
    text: Any = id_
    return Document(fields, doc_id=text)


@pytest.fixture(params=["rows", "stock"])
def table(request: pytest.FixtureRequest, engine: Engine) -> Table:
    """Give the same three people in our table and in TinyDB's own, which defines right."""
    db = DocumentDB(engine) if request.param == "rows" else TinyDB(storage=MemoryStorage)
    table: Table = db.table("people")
    table.insert_multiple(PEOPLE)
    return table


def test_inserting_numbers_documents(table: Table) -> None:
    """Numbers count up from one and are given back; a removed last number is not reused."""
    table.remove(doc_ids=[3])

    assert table.insert({"name": "Di"}) == 4
    assert [5, 6] == table.insert_multiple([{}, {}])
    assert [1, 2, 4, 5, 6] == [document.doc_id for document in table]


def test_inserting_under_a_number(table: Table) -> None:
    """A Document brings its own number; a taken one is refused and changes nothing."""
    assert table.insert(Document({"name": "Di"}, doc_id=9)) == 9
    assert table.insert({"name": "Ed"}) == 10
    with pytest.raises(ValueError, match="Document with ID 9 already exists"):
        table.insert(Document({"name": "Flo"}, doc_id=9))

    assert {"name": "Di"} == table.get(doc_id=9)


@pytest.mark.parametrize("bad", [[1, 2], "text", None])
def test_inserting_something_else(table: Table, bad: Any) -> None:
    """Only mappings are documents."""
    with pytest.raises(ValueError, match="not a Mapping"):
        table.insert(bad)


def test_getting(table: Table) -> None:
    """One by query, by number, several by number; None when there is none."""
    assert PEOPLE[0] == table.get(where("name") == "Ada")
    assert PEOPLE[1] == table.get(doc_id=2)
    assert PEOPLE[1:] == table.get(doc_ids=[3, 2, 77])
    assert table.get(doc_id=77) is None
    assert table.get(where("name") == "Zoe") is None
    with pytest.raises(RuntimeError, match="You have to pass"):
        table.get()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (where("age") == 36, ["Ada", "Cy"]),
        (where("age") != 36, ["Bea"]),
        (where("age") > 36, ["Bea"]),
        (where("home").city == "Paris", ["Bea"]),
        (where("tags").any(["y"]), ["Ada"]),
        (where("tags").all([]), ["Ada", "Bea"]),
        (where("name").matches("^[AB]"), ["Ada", "Bea"]),
        (where("name").search("e"), ["Bea"]),
        (where("name").one_of(["Cy", "Ada"]), ["Ada", "Cy"]),
        (where("home").exists() & (where("age") == 36), ["Ada", "Cy"]),
        ((where("name") == "Bea") | (where("name") == "Cy"), ["Bea", "Cy"]),
        (~(where("name") == "Bea"), ["Ada", "Cy"]),
        (where("name").test(lambda name: len(name) == 2), ["Cy"]),
        (where("name").map(str.lower) == "ada", ["Ada"]),
        (Query().fragment({"age": 36, "name": "Ada"}), ["Ada"]),
        (Query().noop(), ["Ada", "Bea", "Cy"]),
        (lambda document: document["age"] == 41, ["Bea"]),
    ],
)
def test_searching(table: Table, query: Any, expected: list[str]) -> None:
    """Every kind of query finds the same documents in the same order."""
    assert expected == [document["name"] for document in table.search(query)]
    assert len(expected) == table.count(query)
    assert table.contains(query)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"age": 1, "new": True}, {"age": 1, "new": True}),
        (delete("age"), {}),
        (increment("age"), {"age": 37}),
        (add("age", 4), {"age": 40}),
        (set_field("age", None), {"age": None}),
    ],
)
def test_updating(table: Table, change: Any, expected: dict[str, Any]) -> None:
    """Fields or an operation change the documents found, and those alone."""
    rest = {key: PEOPLE[0][key] for key in ("name", "tags", "home")}

    assert [1] == table.update(change, where("name") == "Ada")
    assert {**rest, **expected} == table.get(doc_id=1)
    assert PEOPLE[1:] == table.all()[1:]


def test_updating_by_number(table: Table) -> None:
    """Unknown numbers are skipped and not reported."""
    assert [2] == table.update({"age": 0}, doc_ids=[2, 77])
    assert [36, 0, 36] == [document["age"] for document in table]


def test_updating_by_number_and_query(table: Table) -> None:
    """Numbers win over a query, as in TinyDB."""
    assert [2] == table.update({"age": 0}, where("name") == "Ada", doc_ids=[2])


def test_updating_all_and_several(table: Table) -> None:
    """No condition means everybody; several updates run in one go."""
    assert [1, 2, 3] == table.update({"seen": True})
    assert [1, 3, 2] == sorted(
        table.update_multiple(
            [({"a": 1}, where("age") == 36), (delete("age"), where("age") == 41)]
        ),
        key=[1, 3, 2].index,
    )
    assert [1, None, 1] == [document.get("a") for document in table]


def test_a_failing_update_changes_nothing(engine: Engine) -> None:
    """An operation that fails half-way takes all of it back; TinyDB in memory would not."""
    table = DocumentDB(engine).table("people")
    table.insert_multiple(PEOPLE)

    with pytest.raises(KeyError, match="tags"):
        table.update(delete("tags"))

    assert table.all() == PEOPLE


def test_upserting(table: Table) -> None:
    """Update what is found, insert what is not."""
    assert [1, 3] == table.upsert({"age": 37}, where("age") == 36)
    assert [4] == table.upsert({"name": "Di"}, where("name") == "Di")
    assert [8] == table.upsert(Document({"name": "Ed"}, doc_id=8))
    with pytest.raises(ValueError, match="specify a doc_id"):
        table.upsert({"name": "Flo"})

    assert ["Ada", "Bea", "Cy", "Di", "Ed"] == [document["name"] for document in table]


def test_removing(table: Table) -> None:
    """By query, by number, or all with truncate, after which numbers start again."""
    assert [1, 3] == table.remove(where("age") == 36)
    assert [2] == table.remove(doc_ids=[2, 77])
    with pytest.raises(RuntimeError, match="truncate"):
        table.remove()
    table.insert({})
    table.truncate()

    assert len(table) == 0
    assert table.insert({}) == 1


def test_results_are_copies(engine: Engine) -> None:
    """Changing what a search gave changes nothing else, not even the next search."""
    table = DocumentDB(engine).table("people")
    table.insert_multiple(PEOPLE)
    table.search(where("name") == "Ada")[0]["home"]["city"] = "Rome"

    assert PEOPLE[0] == table.search(where("name") == "Ada")[0]


def test_iterating_while_writing(table: Table) -> None:
    """A loop over the table may write to it and still sees each document once."""
    seen = []
    for document in table.all():
        table.update({"seen": True}, doc_ids=[document.doc_id])
        seen.append(document["name"])

    assert seen == ["Ada", "Bea", "Cy"]


def test_another_handle_sees_every_change(db: DocumentDB, home: Path) -> None:
    """There is no stale cache: a search sees what another process has written."""
    query = where("status") == "Shipped"
    with closing(DocumentDB(Engine(home))) as other:
        assert [] == other.search(query)
        db.insert({"status": "Shipped"})

        assert [{"status": "Shipped"}] == other.search(query)
        assert other.insert({}) == 2
        assert db.insert({}) == 3


def test_tables_come_and_go(db: DocumentDB) -> None:
    """Tables are named while they hold something, and dropped one by one or all at once."""
    db.insert({"in": "_default"})
    db.table("people").insert({})
    db.table("dogs").insert({})

    assert db.tables() == {"_default", "people", "dogs"}
    db.drop_table("dogs")
    assert db.tables() == {"_default", "people"}
    assert len(db) == 1
    db.drop_tables()
    assert db.tables() == set()


def test_the_whole_store_in_tinydbs_terms(db: DocumentDB) -> None:
    """The storage underneath reads and writes everything, as any TinyDB storage."""
    db.table("people").insert({"name": "Ada"})
    db.table("orders").insert(keyed("111-1", status="x"))
    whole = db.storage.read()
    db.drop_tables()
    db.storage.write(whole or {})

    assert whole == {"orders": {"111-1": {"status": "x"}}, "people": {"1": {"name": "Ada"}}}
    assert db.storage.read() == whole


def test_a_keyed_table_has_text_ids(db: DocumentDB) -> None:
    """An order is kept under its own number, leading zeros and all."""
    orders: Any = db.table("orders")
    orders.insert(keyed("007", status="a"))
    orders.upsert(keyed("007", status="b"))
    orders.upsert(keyed("7", status="c"))

    assert isinstance(orders, KeyedTable)
    assert {"status": "b"} == orders.get(doc_id="007")
    assert ["007", "7"] == [str(document.doc_id) for document in orders]
    assert ["7"] == orders.remove(where("status") == "c")
    with pytest.raises(ValueError, match="Documents of orders have ids of their own"):
        orders.insert({"status": "d"})


def test_a_table_needs_its_storage() -> None:
    """Our table over another storage is a fault of ours, said at once."""
    with pytest.raises(TypeError, match="lives on an EngineStorage"):
        len(DocumentTable(TinyDB(storage=MemoryStorage).storage, "people"))
