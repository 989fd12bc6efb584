"""A file of orders is imported into a manual store: once, whole, and with its faults named."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from primetui import bootstrap
from primetui.domain.columns import OrderField, typed_columns
from primetui.domain.order import OrderRecord, OrderStatus, Prime
from primetui.domain.shipment import OrderId
from primetui.domain.store import Store
from primetui.errors import ConfigError
from primetui.ports import OrderQuery
from primetui.usecases.check_order import check_order
from primetui.usecases.import_file import TOGETHER, FileImport, import_file
from primetui.usecases.import_orders import import_orders
from primetui.usecases.manage_stores import (
    StoreChanges,
    add_manual_store,
    edit_store,
    remove_store,
)
from tests.shop import Shop

HEADER = "order-id,order-item-id,purchase-date,sku,quantity-purchased,is-prime,recipient-name"
FIRST = "A-1,1,2026-11-22,MUG,2,true,Ann Example"
SECOND = "A-2,2,2026-11-22,CUP,1,false,Bob Example"


class Files:
    """A shop with a manual store, and the folder its files are in."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop = shop
        self.desk = shop.desk
        self.folder = folder
        self.store = add_manual_store(shop.desk, "By hand")

    def read(self, *lines: str, said: tuple[str, ...] = (), **options: Any) -> FileImport:
        """Import a file of these lines, a minute after what was before."""
        path = self.folder / "orders.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        self.shop.clock.advance(minutes=1)
        with bootstrap.order_file(str(path)) as table:
            return import_file(self.desk, self.store.id, table, typed_columns(said), **options)

    def record(self, order_id: str) -> OrderRecord:
        """Read an order that must be there."""
        record = self.desk.repository.order(OrderId(order_id))
        assert record is not None
        return record

    def codes(self, order_id: str) -> set[str]:
        """Name what is wrong with an order."""
        return {found.code for found in check_order(self.desk, OrderId(order_id)).violations}

    def kept(self) -> Store:
        """Read the manual store."""
        store = self.desk.repository.store(self.store.id)
        assert store is not None
        return store

    def count(self) -> int:
        """Count the orders."""
        return self.desk.repository.count_orders(OrderQuery())


@pytest.fixture
def files(shop: Shop, tmp_path: Path) -> Files:
    """Open a shop for files."""
    return Files(shop, tmp_path)


def counts(done: FileImport) -> tuple[int, int, int, int]:
    """Give what was seen, added, updated and wrong."""
    report = done.report
    return report.seen, report.added, report.updated, len(done.faults)


def test_a_file_becomes_orders(files: Files) -> None:
    """They land where they can be shipped, untagged, and the store says how it went."""
    done = files.read(HEADER, FIRST, SECOND)

    assert (2, 2, 0, 0) == counts(done)
    first = files.record("A-1")
    assert (files.store.id, Prime.YES) == (first.order.store_id, first.order.prime)
    assert OrderStatus.AWAITING_SHIPMENT is first.order.status
    assert first.order.ship_to is not None
    assert "Ann Example" == first.order.ship_to.name
    assert () == first.tags
    assert Prime.NO is files.record("A-2").order.prime
    assert done.report == files.kept().last_import
    actions = [entry for entry in files.desk.repository.audit() if "from a file" in entry.detail]
    assert [("import", "tester")] == [(entry.action, entry.by) for entry in actions]


def test_R14_the_same_file_again_changes_nothing(files: Files) -> None:
    """R14: an order is one by its id, however often its file is read."""
    files.read(HEADER, FIRST, SECOND)
    before = files.record("A-1")

    assert (2, 0, 0, 0) == counts(files.read(HEADER, FIRST, SECOND))

    assert 2 == files.count()
    after = files.record("A-1")
    same = {"fetched_at": before.order.fetched_at}
    assert before.order == after.order.model_copy(update=same)
    assert before.landing == after.landing


@pytest.mark.parametrize(
    ("changed", "order_id", "updated"),
    [
        (FIRST.replace("MUG,2", "MUG,3"), "A-1", 1),
        (FIRST.replace("2026-11-22", "2026-11-20"), "A-1", 1),
        (FIRST.replace("2026-11-22", "2026-11-23"), "A-1", 1),
        (FIRST.replace("Ann", "Eve"), "A-1", 1),
        (FIRST.replace("true", ""), "A-1", 1),
    ],
)
def test_a_corrected_row_is_taken(files: Files, changed: str, order_id: str, updated: int) -> None:
    """Whatever was corrected, an earlier date too."""
    files.read(HEADER, FIRST, SECOND)
    before = files.record(order_id)

    assert (2, 0, updated, 0) == counts(files.read(HEADER, changed, SECOND))
    assert before.order != files.record(order_id).order
    assert (2, 0, 0, 0) == counts(files.read(HEADER, changed, SECOND))


def test_R22_a_row_that_cannot_be_read_blocks_its_order_and_no_other(files: Files) -> None:
    """R22: good rows are kept, the bad one is named, and the order says which row it is."""
    done = files.read(HEADER, FIRST, "A-1,2,2026-11-22,CUP,x,true,Ann Example", SECOND)

    assert (2, 2, 0, 1) == counts(done)
    assert ["line 3, column quantity-purchased: expected a whole number from 1 to 99,999."] == [
        fault.sentence for fault in done.faults
    ]
    assert list(done.report.errors) == [fault.sentence for fault in done.faults]
    assert ("line 3, column quantity-purchased",) == files.record("A-1").order.unrecognised
    assert "PRM112" in files.codes("A-1")
    assert "PRM112" not in files.codes("A-2")

    files.read(HEADER, FIRST, "A-1,2,2026-11-22,CUP,1,true,Ann Example", SECOND)
    assert () == files.record("A-1").order.unrecognised
    assert 2 == len(files.record("A-1").order.items)


BAD = "A-1,2,2026-11-22,CUP,x,true,Ann Example"
MORE = "A-1,3,2026-11-22,PEN,1,true,Ann Example"
OTHER = "A-1,3,2026-11-22,PEN,1,true,Eve Example"


@pytest.mark.parametrize(
    ("rows", "items", "doubted"),
    [
        ([FIRST, MORE], ["1", "3"], False),
        ([MORE, FIRST], ["3", "1"], False),
        ([FIRST, FIRST], ["1"], False),
        ([FIRST, BAD], ["1"], True),
        ([BAD, FIRST], ["1"], True),
        ([FIRST, BAD, MORE], ["1", "3"], True),
        ([BAD, FIRST, MORE], ["1", "3"], True),
        ([FIRST, MORE, BAD], ["1", "3"], True),
        ([FIRST, OTHER], ["1", "3"], True),
        ([FIRST, FIRST.replace("MUG,2", "MUG,3")], ["1"], True),
        ([FIRST, "A-1,too,short"], ["1"], True),
        (["A-1,too,short", FIRST], ["1"], True),
    ],
)
@pytest.mark.parametrize("between", [0, 1, TOGETHER])
def test_R22_rows_of_one_order_may_stand_apart(
    files: Files,
    rows: list[str],
    items: list[str],
    doubted: bool,  # noqa: FBT001 - a column of a table
    between: int,
) -> None:
    """R22: beside each other, or with transactions between; what is wrong is not forgotten."""
    filler = [f"B-{n},{n},2026-11-22,CUP,1,false,Bob" for n in range(between)]
    lines = [line for row in rows for line in (row, *filler)]

    done = files.read(HEADER, *lines)

    order = files.record("A-1").order
    assert items == [item.id for item in order.items]
    assert doubted == bool(order.unrecognised)
    assert doubted == bool(done.faults)
    assert 1 + between == done.report.seen == done.report.added == files.count()


def test_a_preview_changes_nothing(files: Files) -> None:
    """It says what would come: the columns, the first orders, what is new, what is wrong."""
    files.read(HEADER, FIRST)
    before, log = files.kept(), files.desk.repository.audit()

    done = files.read(HEADER, FIRST, SECOND, "A-3,3,x,CUP,1,,", SECOND, preview=True)

    assert (2, 1, 0, 1) == counts(done)
    assert ["A-1", "A-2"] == [order.id for order in done.sample]
    assert "quantity-purchased" == done.columns.name_of(OrderField.QUANTITY)
    assert (before, log, 1) == (files.kept(), files.desk.repository.audit(), files.count())


def test_what_is_said_of_columns_is_kept_for_the_next_file(files: Files) -> None:
    """Not by a preview; and a later file may lack such a column."""
    header = "No,When,Pieces,Article"
    row = "A-1,2026-11-22,2,MUG"
    said = ("No=order-id", "When=ordered-at", "Pieces=quantity", "Article=sku")

    files.read(header, row, said=said, preview=True)
    with pytest.raises(ConfigError, match="No column is known to hold"):
        files.read(header, row)
    assert (1, 1, 0, 0) == counts(files.read(header, row, said=said))
    assert (1, 0, 0, 0) == counts(files.read(header, row))
    assert (1, 1, 0, 0) == counts(files.read(HEADER, SECOND))
    assert (1, 0, 1, 0) == counts(files.read(header, row, said=("Article=item-id",)))
    assert OrderField.ITEM_ID is files.kept().columns["article"]


@pytest.mark.parametrize("own", ["A-1", "111-1111111-1111111"])
def test_an_order_of_another_manual_store_is_not_overwritten(files: Files, own: str) -> None:
    """R14: an Amazon order is one wherever it comes from; shops may number theirs alike."""
    amazons = "-" in own[2:]
    files.read(HEADER, FIRST.replace("A-1", own))
    first = files.store
    files.store = add_manual_store(files.desk, "Other")

    done = files.read(HEADER, FIRST.replace("A-1", own).replace("MUG,2", "PEN,9"), SECOND)

    assert (first.id, 2) == (
        files.record(own).order.store_id, files.record(own).order.items[0].quantity,
    )  # fmt: skip
    assert amazons == (not done.faults)
    assert 1 == done.report.added
    if not amazons:
        assert f"line 2: expected an id of its own; {own} is" in done.faults[0].sentence


def test_R14_amazons_own_facts_stand(files: Files) -> None:
    """R14: a file knows less of an Amazon order than Amazon, and brings no second one."""
    order_id = files.shop.imported()
    before = files.record(order_id)

    files.read(HEADER, FIRST.replace("A-1", order_id).replace("true", "false"))

    after = files.record(order_id)
    assert before.order.prime is after.order.prime is Prime.YES
    assert before.order.items == after.order.items
    assert {before.order.store_id, files.store.id} == {one.store_id for one in after.sources}


def test_R14_amazon_completes_an_order_that_came_from_a_file(files: Files) -> None:
    """R14: whichever comes first, it is one order with Amazon's facts."""
    order_id = files.shop.story()
    files.read(HEADER, FIRST.replace("A-1", order_id).replace("true", ""))
    assert Prime.UNKNOWN is files.record(order_id).order.prime

    files.shop.clock.advance(minutes=5)
    import_orders(files.desk)

    record = files.record(order_id)
    assert Prime.YES is record.order.prime
    assert record.order.store_id != files.store.id


def test_a_manual_store_is_not_asked_for_orders(files: Files) -> None:
    """An import of all stores leaves it out; of it alone it says where its orders come from."""
    assert files.store.id not in {done.store.id for done in import_orders(files.desk)}
    with pytest.raises(ConfigError, match="come from files: primetui import --file"):
        import_orders(files.desk, files.store.id)


def test_only_an_active_manual_store_takes_a_file(files: Files) -> None:
    """Another kind, an inactive one, one that was removed: in words, before a row is read."""
    manual = files.store
    files.store = files.desk.repository.stores()[0]
    with pytest.raises(ConfigError, match="is not a manual store"):
        files.read(HEADER, FIRST)
    files.store = manual
    edit_store(files.desk, manual.id, StoreChanges(active=False))
    with pytest.raises(ConfigError, match="inactive store imports nothing"):
        files.read(HEADER, FIRST)
    remove_store(files.desk, manual.id)
    with pytest.raises(ConfigError, match="was removed"):
        files.read(HEADER, FIRST)

    assert 0 == files.count()


def test_a_store_removed_meanwhile_stays_removed(files: Files) -> None:
    """What was read by then is kept; nothing brings the store back."""
    done = files.read(
        HEADER, FIRST, progress=lambda _seen: files.desk.repository.transact(
            lambda tx: tx.remove_store(files.store.id)
        ),
    )  # fmt: skip

    assert 1 == done.report.added
    assert files.desk.repository.store(files.store.id) is None


def test_an_import_can_be_stopped(files: Files) -> None:
    """What was kept stays, and the rest comes the next time."""
    rows = [f"B-{n},{n},2026-11-22,CUP,1,false,Bob" for n in range(450)]

    def stop(seen: int) -> None:
        if seen >= 400:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.read(HEADER, *rows, progress=stop)
    assert 400 == files.count()
    assert (450, 50, 0, 0) == counts(files.read(HEADER, *rows))


def test_a_file_that_breaks_off_keeps_what_was_read(files: Files) -> None:
    """And says that it is not whole."""
    path = files.folder / "broken.csv"
    rows = "\n".join(f"B-{n},{n},2026-11-22,CUP,1,false,Bob" for n in range(900))
    path.write_bytes(f"{HEADER}\n{rows}\n".encode() + b"B-x,\xff\xff")

    with bootstrap.order_file(str(path), "utf-8") as table:
        done = import_file(files.desk, files.store.id, table, {})

    assert "is not text in UTF-8 after line" in done.failure
    assert done.failure == done.report.errors[0]
    assert 0 < files.count() < 901
    assert done.report == files.kept().last_import


def test_R22_a_file_of_nothing_but_faults_is_given_up(files: Files) -> None:
    """R22: its columns are wrong; a store keeps a hundred of them, the answer has all."""
    done = files.read(HEADER, *["x y,,,,,,"] * 10_001)

    assert "look at the columns with --preview" in done.failure
    assert 10_001 == len(done.faults)
    kept = files.kept().last_import
    assert kept is not None
    assert 101 == len(kept.errors)
    assert 0 == files.count()


def test_no_person_stands_in_what_is_reported(files: Files) -> None:
    """R23: not in the faults, not in the store's report, not in the audit log."""
    swapped = HEADER.replace("sku", "x").replace("recipient-name", "sku")
    done = files.read(
        swapped.replace("quantity-purchased", "recipient-name").replace("x", "quantity-purchased"),
        "A-1,1,2026-11-22,Ann Example,Elm Street,maybe Ann,\x00Ann",
    )

    assert done.faults
    told = [
        *done.report.errors,
        *(e.detail for e in files.desk.repository.audit()),
        repr(done.faults),
    ]
    assert not [words for words in told if "Ann" in words or "Elm" in words]


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Path]:
    """Write a file of fourteen hundred orders."""
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for number in range(1400):
            file.write(f"C-{number},1,2026-11-22,MUG,1,true,Ann {number}\n")
    yield path
    path.unlink()


def test_memory_stays_flat(files: Files, many: Path) -> None:
    """As many orders again cost no more memory: what is read is let go."""
    peaks: list[int] = []

    def measure(_seen: int) -> None:
        peaks.append(tracemalloc.get_traced_memory()[0])

    tracemalloc.start()
    with bootstrap.order_file(str(many)) as table:
        done = import_file(files.desk, files.store.id, table, {}, progress=measure)
    tracemalloc.stop()

    assert 1400 == done.report.added
    early, late = max(peaks[1:3]), max(peaks[-2:])
    assert late < early * 1.25 + 500_000


def test_two_readings_at_one_moment_are_one(files: Files) -> None:
    """With a clock that stands still the second reading adds nothing of its own."""
    files.read(HEADER, FIRST)
    with bootstrap.order_file(str(files.folder / "orders.csv")) as table:
        done = import_file(files.desk, files.store.id, table, {})

    assert (0, 0) == (done.report.added, len(done.faults))
    assert 1 == files.count()
