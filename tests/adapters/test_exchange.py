"""Export and import: a JSON file that stock TinyDB opens, and from which all comes back."""

import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB, where

from primetui.adapters.documents.exchange import export, take_in
from primetui.adapters.documents.kinds import CHORES
from primetui.adapters.documents.rows import WritableRows
from primetui.adapters.documents.tinyjson import TinyJsonWriter, documents_in
from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.moving import HomePlace
from primetui.adapters.tinydb.repository import LAYOUT, DocumentRepository
from primetui.adapters.tinydb.table import DocumentDB
from primetui.domain.chore import Chore, Job
from primetui.domain.label import LabelId, PurchaseState
from primetui.domain.order import Landing, OrderRecord, OrderStatus
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError, RepositoryError
from primetui.ports import AuditEntry, OrderQuery, Writes
from tests.cli.program import Console
from tests.domain.made import BUYER, NOW, draft, journal, label, order, store
from tests.tampering import spoil
from tests.vaults import vault_of

HOSTILE = OrderId("111'; DROP TABLE doc; --\x1b[2J\"é")
POSTED = (PurchaseState.INTENT, PurchaseState.SENT, PurchaseState.POSTED)


def record(id_: str) -> OrderRecord:
    """Make an order as we keep it."""
    return OrderRecord(
        order=order(id=OrderId(id_), ship_to=BUYER),
        landing=Landing(status=OrderStatus.AWAITING_SHIPMENT, why="Not Prime.", at=NOW),
        shipment=draft(order_id=OrderId(id_)),
    )


def fill(tx: Writes) -> None:
    """Keep something of most kinds, the journal and a label included."""
    tx.put_store(store())
    for id_ in ("111-1", "111-2", HOSTILE):
        tx.put_order(record(id_))
    bought = journal(*POSTED).model_copy(
        update={"order_id": OrderId("111-1"), "label_id": LabelId("l1")}
    )
    tx.put_purchase(bought)
    tx.put_label(label(order_id=OrderId("111-1")))
    tx.log(AuditEntry(at=NOW, by="ann", action="import"))


def opened(home: Path) -> DocumentRepository:
    """Open a home; all of these share one key."""
    return DocumentRepository(home, SetClock(NOW), vault_of(home.parent / "one"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Fill a home, and a numbered table of an operator's own in it."""
    home = tmp_path / "home"
    with closing(opened(home)) as repository:
        repository.transact(fill)
        notes = DocumentDB(repository.engine).table("notes")
        notes.insert_multiple([{"_id": "mine", "note": n} for n in range(3)])
        notes.remove(doc_ids=[2])
    return home


def silent(_: int, __: int) -> None:
    """Tell nobody how far it is."""


def exported(home: Path) -> str:
    """Export a home."""
    out = io.StringIO()
    with closing(HomePlace(home, LAYOUT)) as place:
        export(place, out.write, silent)
    return out.getvalue()


@contextmanager
def text_of(text: str) -> Iterator[Callable[[int], str]]:
    """Open a text."""
    yield io.StringIO(text).read


def imported(text: str, home: Path) -> dict[str, int]:
    """Import into a home."""
    with closing(HomePlace(home, LAYOUT)) as place:
        return take_in(place, partial(text_of, text), silent, at=NOW, by="ann")


def changed(text: str, change: Callable[[Any], object]) -> str:
    """Change an export as a hand would."""
    whole = json.loads(text)
    change(whole)
    return json.dumps(whole)


def contents(home: Path) -> dict[str, list[tuple[str, Any]]]:
    """Read all documents of a home, in order; not what was done to it as a whole."""
    with closing(HomePlace(home, LAYOUT)) as place, place.moment() as (now, _):
        return {table: list(now.find(table)) for table in sorted(now.tables() - {CHORES})}


def test_all_comes_back(home: Path, tmp_path: Path) -> None:
    """Documents in their order, the grid, sealed buyers, and ids that go on where they were."""
    counts = imported(exported(home), tmp_path / "new")

    assert contents(home) == contents(tmp_path / "new")
    assert {table: len(found) for table, found in contents(home).items()} == counts
    with closing(opened(home)) as old, closing(opened(tmp_path / "new")) as new:
        for query in (OrderQuery(), OrderQuery(status=OrderStatus.AWAITING_SHIPMENT, text="mug")):
            assert old.order_rows(query, 0, 9) == new.order_rows(query, 0, 9)
        assert old.order(HOSTILE) == new.order(HOSTILE) == record(HOSTILE)
        assert new.revision() >= old.revision()
        new.transact(lambda tx: tx.log(AuditEntry(at=NOW, by="bob", action="later")))
        assert ["import", "later"] == [entry.action for entry in new.audit()]
        assert 4 == DocumentDB(new.engine).table("notes").insert({})


def test_R21_what_was_taken_in_is_marked_as_restored(home: Path, tmp_path: Path) -> None:
    """R21: now, by whom, and of what time the file is: what was bought since is not in it."""
    imported(exported(home), tmp_path / "new")

    with closing(opened(tmp_path / "new")) as new:
        said = "an export, its last entry of 2026-03-03 15:00:00 UTC"
        assert Chore(job=Job.RESTORE, at=NOW, by="ann", detail=said) == new.chore(Job.RESTORE)


def test_the_file_says_the_same_again(home: Path, tmp_path: Path) -> None:
    """Exporting what was imported gives the same tables."""
    text = exported(home)
    imported(text, tmp_path / "new")

    again = json.loads(exported(tmp_path / "new"))
    del again[CHORES]
    assert json.loads(text).keys() == again.keys()
    assert {**json.loads(text), "primetui": 0} == {**again, "primetui": 0}


def test_stock_tinydb_opens_it(home: Path, tmp_path: Path) -> None:
    """Plain TinyDB reads, searches and numbers what is in it; ids lie beside the fields."""
    (tmp_path / "x.json").write_text(exported(home), encoding="utf-8")
    with closing(TinyDB(tmp_path / "x.json")) as db:
        orders, notes = db.table("orders"), db.table("notes")
        (found,) = orders.search(where("_id") == "111-2")

        assert {"orders", "notes", "stores", "labels", "audit"} < db.tables()
        assert (3, 2, "Mug") == (len(orders), found.doc_id, found["order"]["items"][0]["title"])
        assert [(1, 0), (3, 2)] == [(note.doc_id, note["note"]) for note in notes]
        assert 4 == orders.insert({})


def test_no_buyer_is_in_it(home: Path) -> None:
    """What is sealed stays sealed."""
    text = exported(home)

    assert not [
        word for word in ("Ada Buyer", "Elm Street", "6175550123", "ada@example") if word in text
    ]


def test_a_file_that_stock_tinydb_wrote_is_taken(tmp_path: Path) -> None:
    """Tables without ids of ours, in the shape TinyDB gives them."""
    with closing(TinyDB(tmp_path / "x.json")) as db:
        db.insert_multiple([{"a": "é"}, {"b": [1, None, {"c": "\ud800"}]}])
        db.table("empty").insert({})
    text = (tmp_path / "x.json").read_text(encoding="utf-8")

    assert {"_default": 2, "empty": 1} == imported(text, tmp_path / "home")
    assert contents(tmp_path / "home") == {
        "_default": [("1", {"a": "é"}), ("2", {"b": [1, None, {"c": "\ud800"}]})],
        "empty": [("1", {})],
    }


def newer(whole: Any) -> None:
    """Say that a newer PrimeTUI wrote it."""
    whole["primetui"]["1"]["schema"] = 99


def newer_document(whole: Any) -> None:
    """Put a document of a newer PrimeTUI in it."""
    whole["orders"]["2"]["schema"] = 99


def misfit(whole: Any) -> None:
    """Make two documents unreadable, and one another's."""
    whole["orders"]["1"]["order"]["prime"] = "perhaps\x1b"
    whole["stores"]["1"] = {"_id": "us"}
    whole["orders"]["2"]["_id"] = "other"


def doubled(whole: Any) -> None:
    """Have a document twice."""
    whole["orders"]["9"] = whole["orders"]["1"]


def robbed(whole: Any) -> None:
    """Take a purchase out."""
    del whole["purchases"]["1"]


def robbed_of_a_table(whole: Any) -> None:
    """Take all purchases out."""
    del whole["purchases"]


def unsaid(whole: Any) -> None:
    """Let it not say what it is."""
    whole["primetui"]["1"] = {}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (newer, "The file follows schema 99, of a newer PrimeTUI"),
        (newer_document, "OrderRecord 111-2 follows schema 99, of a newer PrimeTUI"),
        (misfit, "orders other holds another one's document"),
        (misfit, r"OrderRecord 111-1 cannot be read \(look at order.prime\)"),
        (misfit, "Store us does not say which schema"),
        (doubled, "orders 111-1 is there twice"),
        (robbed, "does not hold what it says it does"),
        (robbed_of_a_table, "does not hold what it says it does"),
        (unsaid, "does not say what it is an export of"),
    ],
)
def test_what_is_not_right_is_named_and_nothing_is_imported(
    home: Path, tmp_path: Path, change: Callable[[Any], object], words: str
) -> None:
    """All or nothing, with the first of the bad documents by name."""
    with pytest.raises(ConfigError, match=words) as refusal:
        imported(changed(exported(home), change), tmp_path / "new")

    assert str(refusal.value).isprintable()
    assert {} == contents(tmp_path / "new")


def test_a_home_that_holds_something_is_left_alone(home: Path) -> None:
    """Nothing is mixed: which purchase would count?"""
    before = contents(home)

    with pytest.raises(ConfigError, match="holds documents of its own"):
        imported(exported(home), home)

    assert before == contents(home)


def test_a_damaged_document_ends_an_export(home: Path) -> None:
    """Better no file than one that lacks an order."""
    spoil(home, "UPDATE doc SET body = '{}' WHERE tbl = 'orders' AND id = '111-2'")

    with pytest.raises(RepositoryError, match="orders 111-2 is damaged"):
        exported(home)


def test_memory_stays_flat(tmp_path: Path) -> None:
    """A file is read and written document by document."""

    def pad(tx: WritableRows, _: object) -> None:
        for n in range(4000):
            tx.put("notes", str(n), {"pad": "x" * 2000})

    with closing(HomePlace(tmp_path / "home", LAYOUT)) as place:
        place.change(pad)
        tracemalloc.start()
        with (tmp_path / "x.json").open("w", encoding="ascii") as out:
            export(place, out.write, silent)
        _, writing = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        with (tmp_path / "x.json").open(encoding="utf-8") as stream:
            found = sum(1 for _ in documents_in(stream.read))
        _, reading = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert found == 4001
    assert max(writing, reading) < 1_000_000 < (tmp_path / "x.json").stat().st_size / 8


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
documents = st.dictionaries(st.text(max_size=5), json_values, max_size=3)
stores = st.dictionaries(
    st.text(max_size=5), st.dictionaries(st.text(max_size=5), documents, max_size=3), max_size=3
)


class Pieces:
    """A text that comes in pieces of a few characters, whatever is asked for."""

    def __init__(self, text: str, size: int) -> None:
        self._text = io.StringIO(text)
        self._size = size

    def read(self, _: int) -> str:
        """Give the next piece."""
        return self._text.read(self._size)


def read_back(text: str, size: int) -> dict[str, dict[str, Any]]:
    """Read a file piece by piece."""
    found: dict[str, dict[str, Any]] = {}
    for table, id_, document in documents_in(Pieces(text, size).read):
        found.setdefault(table, {})[id_] = document
    return found


@given(store=stores, indent=st.sampled_from([None, 0, 4]), size=st.integers(1, 40))
def test_it_is_read_as_json_reads_it(store: Any, indent: int | None, size: int) -> None:
    """However it is laid out, in pieces of whatever size."""
    whole = {table: documents for table, documents in store.items() if documents}

    assert repr(whole) == repr(read_back(json.dumps(store, indent=indent), size))
    assert repr(whole) == repr(read_back(json.dumps(store, ensure_ascii=False), size))


@given(store=stores, size=st.integers(1, 40))
def test_it_is_written_as_json_reads_it(store: Any, size: int) -> None:
    """What is written is JSON, and read back the same."""
    out = io.StringIO()
    writer = TinyJsonWriter(out.write)
    for table, documents in store.items():
        writer.begin(table)
        for id_, document in documents.items():
            writer.document(id_, json.dumps(document))
    writer.finish()

    assert repr(store) == repr(json.loads(out.getvalue()))
    whole = {table: documents for table, documents in store.items() if documents}
    assert repr(whole) == repr(read_back(out.getvalue(), size))


WHOLE = '{"a": {"1": {"x": [1, "}"]}, "2": {}}}'


@pytest.mark.parametrize("end", range(len(WHOLE)))
def test_a_file_that_was_cut_short_is_refused(end: int) -> None:
    """Wherever it ends."""
    with pytest.raises(ConfigError, match="is no JSON file of TinyDB"):
        read_back(WHOLE[:end], 7)


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "7", "null", '{"a": []}', '{"a": {"1": []}}', '{"a": {"1": 7}}', "{1: {}}"),
        *(WHOLE + "x", WHOLE + WHOLE, '{"a" {}}', '{"a": {"1": {} "2": {}}}', '{"a": {"1" {}}}'),
        '{"a": {"1": ' + '{"x":' * 100_000,
    ],
)
def test_what_is_no_such_file_is_refused(text: str) -> None:
    """Other JSON, or none; and no depth breaks us."""
    with pytest.raises(ConfigError, match="is no JSON file of TinyDB"):
        read_back(text, 1000)


def test_the_command_line_exports_and_imports(home: Path, tmp_path: Path) -> None:
    """The file is its owner's alone and is not written over; both verbs count by kind."""
    file = tmp_path / "x.json"
    there = Console(home).json("db", "export", str(file))
    again = Console(home).run("db", "export", str(file))
    here = Console(tmp_path / "new").json("db", "import", str(file))
    missing = Console(tmp_path / "third").run("db", "import", str(tmp_path / "none"))

    assert there["counts"] == here["counts"]
    assert (3, str(file)) == (here["counts"]["orders"], here["file"])
    assert 0o600 == file.stat().st_mode & 0o777
    assert (2, True) == (again.code, "is there already: choose another name" in again.err)
    assert (2, True) == (missing.code, "cannot be read: No such file" in missing.err)


def test_a_failed_export_leaves_no_file(home: Path, tmp_path: Path) -> None:
    """Half a file could be taken for a whole one."""
    spoil(home, "UPDATE doc SET body = '{}' WHERE tbl = 'orders' AND id = '111-2'")

    ran = Console(home).run("db", "export", str(tmp_path / "x.json"))

    assert (2, False) == (ran.code, (tmp_path / "x.json").exists())
