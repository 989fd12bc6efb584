"""TinyDB's public behaviours, each run on stock TinyDB, which defines them, and on ours."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tinydb import Query, TinyDB, where
from tinydb.operations import add, decrement, delete, increment, subtract
from tinydb.operations import set as set_field
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.table import DocumentDB, DocumentTable

BIRDS = [
    {"name": "Owl", "eggs": 3, "seen": [{"by": "ann", "n": 2}, {"by": "bob", "n": 9}]},
    {"name": "Tit", "eggs": 9, "seen": [], "at": {"town": {"zip": "02108"}}},
    {"name": "Jay", "eggs": 5, "seen": [{"by": "ann", "n": 1}], "at": None},
    {"name": "Emu", "eggs": 9, "colours": ["grey", "brown"]},
]
B = Query()


@pytest.fixture(params=["rows", "stock"])
def db(request: pytest.FixtureRequest, engine: Engine) -> TinyDB:
    """Open a TinyDB, ours or stock, with four birds in its default table."""
    opened: TinyDB = (
        DocumentDB(engine) if request.param == "rows" else TinyDB(storage=MemoryStorage)
    )
    opened.insert_multiple(BIRDS)
    return opened


def names(documents: Any) -> list[str]:
    """Name the birds of an answer."""
    return [document["name"] for document in documents]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (B.eggs < 5, ["Owl"]),
        (B.eggs <= 5, ["Owl", "Jay"]),
        (B.eggs > 5, ["Tit", "Emu"]),
        (B.eggs >= 5, ["Tit", "Jay", "Emu"]),
        (B["eggs"] == 5, ["Jay"]),
        (B.name != "Owl", ["Tit", "Jay", "Emu"]),
        (B.at.town.zip == "02108", ["Tit"]),
        (B["at"]["town"].exists(), ["Tit"]),
        (B.at.exists(), ["Tit", "Jay"]),
        (B.seen.any(B.by == "ann"), ["Owl", "Jay"]),
        (B.seen.all(B.by == "ann"), ["Tit", "Jay"]),
        (B.seen.any((B.by == "ann") & (B.n > 1)), ["Owl"]),
        (B.colours.any(["brown", "blue"]), ["Emu"]),
        (B.colours.all(["brown", "blue"]), []),
        (B.colours.all(["brown"]), ["Emu"]),
        (B.name.one_of(["Owl", "Emu", "Kea"]), ["Owl", "Emu"]),
        (B.name.matches("t|j", flags=re.IGNORECASE), ["Tit", "Jay"]),
        (B.name.matches("i"), []),
        (B.name.search("i"), ["Tit"]),
        (B.eggs.test(lambda n, low, high: low < n < high, 2, 6), ["Owl", "Jay"]),
        (B.eggs.map(lambda n: n % 2).test(bool), ["Owl", "Tit", "Jay", "Emu"]),
        (B.name.map(str.upper) == "OWL", ["Owl"]),
        (B.fragment({"eggs": 9, "name": "Emu"}), ["Emu"]),
        (B.noop(), ["Owl", "Tit", "Jay", "Emu"]),
        (~(B.eggs == 9), ["Owl", "Jay"]),
        (~B.at.exists() & (B.eggs == 9), ["Emu"]),
        ((B.eggs == 3) | ((B.eggs == 9) & B.at.exists()), ["Owl", "Tit"]),
        (where("at")["town"].exists(), ["Tit"]),
        (lambda bird: bird["name"] > "N", ["Owl", "Tit"]),
    ],
)
def test_every_kind_of_query(db: TinyDB, query: Any, expected: list[str]) -> None:
    """It searches, counts, gets, is contained, updates and removes the same documents."""
    assert expected == names(db.search(query))
    assert expected == names(db.search(query))
    assert len(expected) == db.count(query)
    assert bool(expected) == db.contains(query)
    found: Any = db.get(query)
    assert expected[:1] == ([] if found is None else [found["name"]])
    ids = db.update({"hit": True}, query)
    assert expected == names(db.search(B.hit == True))  # noqa: E712 - TinyDB's way of asking
    assert ids == db.remove(query)
    assert len(BIRDS) - len(expected) == len(db)


def test_a_query_without_a_path_is_refused(db: TinyDB) -> None:
    """A question about nothing is a fault of the caller's."""
    with pytest.raises(ValueError, match="Query has no path"):
        db.search(Query() == 5)
    with pytest.raises(RuntimeError, match="Empty query was evaluated"):
        db.search(Query())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (add("eggs", 2), 5),
        (subtract("eggs", 2), 1),
        (increment("eggs"), 4),
        (decrement("eggs"), 2),
        (set_field("eggs", "many"), "many"),
        (delete("eggs"), None),
        (lambda bird: bird.update(eggs=bird["eggs"] * 2), 6),
        ({"eggs": {"n": 0}}, {"n": 0}),
    ],
)
def test_every_kind_of_update(db: TinyDB, change: Any, expected: Any) -> None:
    """Operations, functions and fields change what is found and nothing else."""
    assert [1] == db.update(change, B.name == "Owl")
    assert [expected, 9, 5, 9] == [bird.get("eggs") for bird in db]


def test_inserting_many(db: TinyDB) -> None:
    """A generator, documents with numbers among plain ones; all or nothing."""
    assert [5, 6] == db.insert_multiple({"name": name} for name in ("Kea", "Roc"))
    assert [20, 21] == db.insert_multiple(
        [Document({"name": "Auk"}, 20), Document({"name": "Moa"}, 21)]
    )
    with pytest.raises(ValueError, match="Document with ID 20 already exists"):
        db.insert_multiple([Document({"name": "Pie"}, 30), Document({"name": "Pip"}, 20)])

    assert ["Kea", "Roc", "Auk", "Moa"] == names(db.all()[4:8])
    assert [] == db.insert_multiple([])


def test_updating_many_ways_at_once(db: TinyDB) -> None:
    """Each update has its condition, and a document that meets two is changed twice."""
    assert [1, 1, 2, 3, 4] == sorted(
        db.update_multiple([({"big": True}, B.eggs > 0), (increment("eggs"), B.name == "Owl")])
    )
    assert [4, 9, 5, 9] == [bird["eggs"] for bird in db.search(B.big == True)]  # noqa: E712 - as above


def test_upserting(db: TinyDB) -> None:
    """By query or by number; what is not there comes last."""
    assert [2, 4] == db.upsert({"rare": True}, B.eggs == 9)
    assert [5] == db.upsert({"name": "Kea"}, B.name == "Kea")
    assert [1] == db.upsert(Document({"eggs": 1}, 1))
    assert [9] == db.upsert(Document({"name": "Roc"}, 9))
    assert [10] == db.upsert({"name": "Auk"}, B.name == "Auk")
    with pytest.raises(ValueError, match="doc_id"):
        db.upsert({"name": "Moa"})

    assert ["Owl", "Tit", "Jay", "Emu", "Kea", "Roc", "Auk"] == names(db)
    assert {"name": "Owl", "eggs": 1, "seen": BIRDS[0]["seen"]} == db.get(doc_id=1)


def test_reading_by_number(db: TinyDB) -> None:
    """One or several, in the table's order; unknown numbers are none."""
    assert [2, 3] == [bird.doc_id for bird in db.get(doc_ids=[3, 2, 99])]
    assert [] == db.get(doc_ids=[])
    assert (True, False) == (db.contains(doc_id=4), db.contains(doc_id=99))
    with pytest.raises(RuntimeError, match="You have to pass"):
        db.contains()


def test_removing(db: TinyDB) -> None:
    """By query, by number, all at once; the numbers go on until the table is emptied whole."""
    assert [2] == db.remove(B.name == "Tit")
    assert [1, 4] == db.remove(doc_ids=[1, 4, 99])
    assert [] == db.remove(B.name == "Tit")
    assert db.insert({"name": "Kea"}) == 5
    db.truncate()

    assert (0, [], False) == (len(db), db.all(), db.contains(B.name.exists()))
    assert db.insert({"name": "Roc"}) == 1


def test_tables(db: TinyDB) -> None:
    """Each has documents and numbers of its own; the default table is the database's face."""
    nests = db.table("nests")
    nests.insert({"name": "tree"})

    assert nests is db.table("nests")
    assert ("nests", 1, 4) == (nests.name, len(nests), len(db))
    assert names(db.table(db.default_table_name)) == names(db) == names(iter(db))
    assert {"_default", "nests"} == db.tables()
    db.drop_table("nests")
    db.drop_table("never was")
    assert {"_default"} == db.tables()
    assert db.table("nests").insert({}) == 1
    db.drop_tables()
    assert set() == db.tables()
    assert (0, 1) == (len(db), db.insert({}))


def test_hostile_names_of_tables(db: TinyDB) -> None:
    """A table may be called anything."""
    for name in ("", "a b", "'; DROP TABLE doc; --", "é\0", "orders2", "doc"):
        db.table(name).insert({"in": name})

    for name in ("", "a b", "'; DROP TABLE doc; --", "é\0", "orders2", "doc"):
        assert [{"in": name}] == db.table(name).all()


@pytest.mark.parametrize("size", [0, 1, 30, None])
def test_the_size_of_the_query_cache_changes_no_answer(db: TinyDB, size: int | None) -> None:
    """It may be given, emptied, and none be kept."""
    table = db.table("cached", cache_size=size)
    table.insert_multiple(BIRDS)
    for _ in range(2):
        assert ["Tit", "Emu"] == names(table.search(B.eggs == 9))
        table.clear_cache()
    table.update({"eggs": 9}, B.name == "Owl")

    assert ["Owl", "Tit", "Emu"] == names(table.search(B.eggs == 9))


class Bird(Document):
    """A document class of a user's own."""

    @property
    def shout(self) -> str:
        """Say its name loudly."""
        return str(self["name"]).upper()


@pytest.mark.parametrize("base", [Table, DocumentTable])
def test_document_classes_of_ones_own(base: type[Table], engine: Engine) -> None:
    """Every answer is made of them."""
    table_class = type("Birds", (base,), {"document_class": Bird})
    stock = base is Table
    db: TinyDB = TinyDB(storage=MemoryStorage) if stock else DocumentDB(engine)
    table = table_class(db.storage, "birds")
    table.insert(BIRDS[0])
    found = [table.all()[0], table.get(doc_id=1), table.search(B.eggs == 3)[0], *table]

    assert ["OWL"] * 4 == [bird.shout for bird in found]


@pytest.mark.parametrize("base", [Table, DocumentTable])
def test_id_classes_of_ones_own(base: type[Table], engine: Engine) -> None:
    """Text may be an id, as soon as the documents bring theirs."""
    table_class = type("Named", (base,), {"document_id_class": str})
    stock = base is Table
    db: TinyDB = TinyDB(storage=MemoryStorage) if stock else DocumentDB(engine)
    table: Any = table_class(db.storage, "birds")
    table.insert(Document(BIRDS[0], "owl/1"))  # type: ignore[arg-type] # a text id
    table.upsert(Document({"name": "Kea"}, "7"))  # type: ignore[arg-type] # same

    assert {"owl/1": "Owl", "7": "Kea"} == {bird.doc_id: bird["name"] for bird in table}
    assert ["owl/1"] == table.remove(B.name == "Owl")


@pytest.mark.parametrize("base", [TinyDB, DocumentDB])
def test_a_table_class_and_a_default_table_of_ones_own(base: type[TinyDB], engine: Engine) -> None:
    """A database class says what its tables are and which is the default."""
    table_class = Table if base is TinyDB else DocumentTable
    own_table = type("Own", (table_class,), {"document_class": Bird})
    own: Any = type("OwnDB", (base,), {"table_class": own_table, "default_table_name": "birds"})
    db = own(storage=MemoryStorage) if base is TinyDB else own(engine)
    db.insert(BIRDS[1])

    assert {"birds"} == db.tables()
    assert ["TIT"] == [bird.shout for bird in db]


def test_leaving_the_block_closes(db: TinyDB) -> None:
    """A database is a context manager, and its storage is at hand."""
    with db as opened:
        assert opened is db
        assert db.storage.read()["_default"]["1"]["name"] == "Owl"


def test_what_is_found_is_numbered_and_counts_as_a_dict(db: TinyDB) -> None:
    """A document is a dict with a number."""
    (owl,) = db.search(B.name == "Owl")

    assert isinstance(owl, Document)
    assert (1, BIRDS[0]) == (owl.doc_id, dict(owl))


def test_a_failing_function_is_the_callers(db: TinyDB) -> None:
    """What a query's function raises is not swallowed."""

    def fail(_: object) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.search(B.eggs.test(fail))
    with pytest.raises(ZeroDivisionError):
        db.update(fail, B.name == "Owl")


def iterated(db: TinyDB) -> Iterator[str]:
    """Name birds while they are removed."""
    for bird in db:
        db.remove(doc_ids=[bird.doc_id])
        yield bird["name"]


def test_a_loop_may_remove_what_it_reads(engine: Engine) -> None:
    """Ours holds one moment for a loop; stock TinyDB in memory would stumble."""
    db = DocumentDB(engine)
    db.insert_multiple(BIRDS)

    assert ["Owl", "Tit", "Jay", "Emu"] == list(iterated(db))
    assert len(db) == 0
