"""Moving the documents between stores: all of them, once, whatever interrupts it."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import SecretStr

from primetui.adapters.documents.codec import from_document
from primetui.adapters.documents.kinds import KEYS, LABELS, ORDERS
from primetui.adapters.documents.moving import BATCH, Mark, Marked, Movable, Moved, move, stay
from primetui.adapters.documents.rows import decode
from primetui.adapters.machine.clock import SetClock
from primetui.adapters.postgres.address import Address
from primetui.adapters.postgres.moving import DatabasePlace
from primetui.adapters.postgres.repository import LAYOUT as DATABASE_LAYOUT
from primetui.adapters.tinydb.moving import HomePlace
from primetui.adapters.tinydb.repository import LAYOUT as HOME_LAYOUT
from primetui.domain.label import Label, LabelId, PurchaseState
from primetui.domain.order import Landing, OrderRecord, OrderStatus
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.errors import ConfigError, RepositoryError
from primetui.ports import AuditEntry, OrderQuery, Paper, Writes
from tests.domain.made import BUYER, NOW, ORDER_ID, draft, journal, label, order, store
from tests.postgres import a_database
from tests.repositories import POSTGRES, TINYDB, AnyRepository, opener_on
from tests.simulation.crash import Crash, Fragile, Fuse

HOSTILE = OrderId("111'; DROP TABLE doc; --\x1b[2J\"é\0")
POSTED = (PurchaseState.INTENT, PurchaseState.SENT, PurchaseState.POSTED)


class End:
    """A store to move from or to, and ways to look at it.

    Args:
        home: a home folder, or where the key of a database lies.
        url: of the database, where it is one.
    """

    def __init__(self, home: Path, url: SecretStr | None = None) -> None:
        self._home = home
        self._url = url
        self._opener = opener_on(home, url)

    def place(self) -> Movable:
        """Open it as the mover does."""
        if self._url is None:
            return HomePlace(self._home, HOME_LAYOUT)
        return DatabasePlace(Address(self._url), DATABASE_LAYOUT)

    def open(self) -> AnyRepository:
        """Open it as everybody does."""
        return self._opener(SetClock(NOW))


Pair = tuple[End, End]


@pytest.fixture(params=[(TINYDB, POSTGRES), (POSTGRES, TINYDB)], ids="-to-".join)
def ends(request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    """Give a store to move from and one to move to; both open with one key."""
    there = {TINYDB: lambda: End(tmp_path / "home"), POSTGRES: lambda: database(tmp_path)}
    source, target = request.param
    return there[source](), there[target]()


def database(folder: Path) -> End:
    """Make a database whose key lies where the home's does."""
    return End(folder / "home", a_database())


def full(end: End, orders: int = 3) -> None:
    """Keep what a merchant has: buyers, labels with files, a journal, an outbox, a log."""

    def keep(tx: Writes) -> None:
        tx.put_store(store())
        for id_ in (*(OrderId(str(number)) for number in range(orders)), ORDER_ID, HOSTILE):
            tx.put_order(record(id_))
            tx.log(AuditEntry(at=NOW, by="ann", action="import", order_id=id_, detail="é\x1b"))
        tx.put_purchase(journal(*POSTED).model_copy(update={"label_id": LabelId("l1")}))

    with closing(end.open()) as repository:
        repository.transact(keep)
        paper = Paper(format=DocumentFormat.PDF, kind="LABEL", content=b"%PDF Ada")
        document = repository.keep_paper(ORDER_ID, paper)
        repository.transact(lambda tx: tx.put_label(label(documents=(document,))))
        with repository.seat("ann"):
            pass


def record(id_: OrderId) -> OrderRecord:
    """Make an order as we keep it."""
    landing = Landing(status=OrderStatus.AWAITING_SHIPMENT, why="Not Prime.", at=NOW)
    facts = order(id=id_, ship_to=BUYER)
    return OrderRecord(order=facts, landing=landing, shipment=draft(order_id=id_))


def contents(end: End) -> tuple[object, ...]:
    """Read everything as everybody does; all is well with it."""
    with closing(end.open()) as repository:
        found = repository.check()
        assert () == found.problems
        (bought,) = repository.labels(ORDER_ID)
        rows = repository.order_rows(OrderQuery(), 0, 9999)
        return (
            found.counts,
            repository.stores(),
            [repository.order(row.id) for row in rows],
            rows,
            repository.purchases(ORDER_ID),
            repository.audit(),
            [repository.read_paper(ORDER_ID, document) for document in bought.documents],
        )


def moved(source: End, target: End, fuse: Fuse | None = None) -> Moved:
    """Move; a fuse makes the mover die somewhere on the way."""
    with ExitStack() as closing_:
        places: list[Any] = [
            closing_.enter_context(closing(one.place())) for one in (source, target)
        ]
        if fuse is not None:
            places = [Fragile(place, fuse) for place in places]
        return move(cast("Movable", places[0]), cast("Movable", places[1]), lambda _, __: None)


def test_everything_arrives_as_it_was(ends: Pair) -> None:
    """Documents, their order, the grid, label files and the buyers in them: nothing differs."""
    source, target = ends
    full(source)
    before = contents(source)

    done = moved(source, target)

    assert before == contents(target)
    assert (1, 0) == (done.papers, done.missing_papers)


def test_there_and_back_is_identical(ends: Pair) -> None:
    """Every document and file has the hash it had, and work goes on where it was."""
    source, target = ends
    full(source)
    before = contents(source)

    there = moved(source, target)
    back = moved(target, source)
    again = moved(source, target)

    assert there == back == again
    assert before == contents(target)


def test_nobody_goes_on_with_what_was_left(ends: Pair) -> None:
    """A new start is refused with the way; a program that was open all the time cannot write."""
    source, target = ends
    full(source)
    with closing(source.open()) as still_open:
        moved(source, target)

        with pytest.raises(RepositoryError, match=r"were moved to .*: work there, by the setting"):
            still_open.transact(lambda tx: tx.put_order(record(OrderId("late"))))
        with pytest.raises(ConfigError, match=r"were moved to .*: work there, by the setting"):
            source.open()

        moved(target, source)
        still_open.transact(lambda tx: tx.put_order(record(OrderId("late"))))
    with pytest.raises(ConfigError, match="were moved to"):
        target.open()


def test_what_changed_elsewhere_comes_back(ends: Pair) -> None:
    """What was left behind is old: it is replaced whole, removed documents and all."""
    source, target = ends
    full(source)
    moved(source, target)
    with closing(target.open()) as repository:
        repository.transact(lambda tx: tx.remove_store(store().id))
        repository.transact(lambda tx: tx.put_store(store(name="Another")))
        repository.transact(lambda tx: tx.put_order(record(OrderId("new"))))
        repository.remove_papers(ORDER_ID)
        repository.transact(lambda tx: tx.put_label(label(documents=())))
    changed = contents(target)

    moved(target, source)

    assert changed == contents(source)


def held(end: End) -> tuple[int, bytes | None]:
    """Count the order keys a place holds, and read the one label file as it lies there."""
    with closing(end.place()) as place, place.moment() as (now, _):
        (text,) = [text for _, text in now.texts(LABELS)]
        bought = from_document(Label, "l1", decode(LABELS, "l1", text))
        return now.count(KEYS), place.paper(ORDER_ID, bought.documents[0])


def test_R23_what_was_left_opens_no_buyer_any_more(ends: Pair) -> None:
    """R23: who is forgotten in the new place is so in the old one, with the key still there."""
    source, target = ends
    full(source)
    before = held(source)

    done = moved(source, target)

    assert before == held(target)
    assert (5, (0, None)) == (before[0], held(source))
    assert done.scrubbed
    with closing(source.place()) as place, place.moment() as (now, _):
        assert 5 == now.count(ORDERS)


def test_R23_a_place_that_an_earlier_primetui_left_is_emptied_when_asked(ends: Pair) -> None:
    """R23: the same move once more; work at the new place is not touched."""
    source, target = ends
    full(source)
    with closing(source.place()) as place, place.moment() as (now, _):
        keys = [(id_, decode(KEYS, id_, text)) for id_, text in now.texts(KEYS)]
    moved(source, target)
    with closing(source.place()) as place:
        for id_, key in keys:
            place.change(lambda tx, _, id_=id_, key=key: tx.put(KEYS, id_, key))  # type: ignore[misc] # bound now
    with closing(target.open()) as repository:
        repository.transact(lambda tx: tx.put_order(record(OrderId("new"))))
    before = contents(target)

    moved(source, target)

    assert (0, None) == held(source)
    assert before == contents(target)


def test_R23_a_place_is_not_emptied_for_one_of_somebody_else(ends: Pair) -> None:
    """R23: where nothing of what was moved is there any more, the old place is the last one."""
    source, target = ends
    full(source)
    moved(source, target)
    with closing(target.open()) as repository:
        repository.transact(lambda tx: tx.remove_store(store().id))

    assert "holds none of the stores" in refused(source, target)


def test_the_log_goes_on_where_it_was(ends: Pair) -> None:
    """Ids of the log begin with the revision: at home they must not begin anew."""
    source, target = ends
    full(source)
    with closing(source.open()) as repository:
        for number in range(30):
            repository.transact(lambda tx, n=number: tx.log(said(f"before {n}")))  # type: ignore[misc] # bound now
        before = len(repository.audit())
    moved(source, target)

    with closing(target.open()) as repository:
        for number in range(30):
            repository.transact(lambda tx, n=number: tx.log(said(f"after {n}")))  # type: ignore[misc] # bound now
        actions = [one.action for one in repository.audit()]

    assert before + 30 == len(actions)
    assert [f"after {number}" for number in range(30)] == actions[-30:]


def said(action: str) -> AuditEntry:
    """Make a line of the log."""
    return AuditEntry(at=NOW, by="ann", action=action)


DEATHS = (*range(0, 30, 2), *range(30, 120, 9))
"""The touches at which the mover dies: most of what it does is in the first thirty."""


def test_a_move_that_was_interrupted_anywhere_is_gone_on_with(tmp_path: Path) -> None:
    """The mover dies before or after anything it does; the next one ends it, and nothing differs."""
    finished = 0
    ends: Pair = (End(tmp_path / "home"), database(tmp_path))
    full(ends[0], orders=BATCH // 250)
    before = contents(ends[0])
    for touch in DEATHS:
        source, target = ends
        fuse = Fuse()
        fuse.crash_at(touch)
        try:
            moved(source, target, fuse)
            finished += 1
        except Crash:
            for end in ends:
                assert_refused_or_whole(end, before)
            moved(source, target)
        assert before == contents(target)
        ends = (target, source)

    assert finished
    assert finished < len(DEATHS)


def assert_refused_or_whole(end: End, before: tuple[object, ...]) -> None:
    """Ask that nobody can work on half of the documents."""
    try:
        found = contents(end)
    except ConfigError:
        return
    except ValueError:
        found = ()  # not begun: there is no label yet
    assert found in (before, ())


def test_a_move_can_be_given_up(ends: Pair) -> None:
    """Back at work where one was; the next move begins by replacing what it finds."""
    source, target = ends
    full(source)
    with closing(source.place()) as place:
        with pytest.raises(ConfigError, match=r"No move from .* was begun"):
            stay(place)
        place.mark(Marked(Mark.LEAVING, "elsewhere"))
        stay(place)
        assert place.marked() is None

    with closing(source.open()) as repository:
        repository.transact(lambda tx: tx.put_order(record(OrderId("new"))))
    before = contents(source)
    moved(source, target)

    assert before == contents(target)


def refused(source: End, target: End) -> str:
    """Try to move and give what is said."""
    with pytest.raises(ConfigError) as refusal:
        moved(source, target)
    return str(refusal.value)


def test_a_store_with_documents_of_its_own_is_not_written_over(ends: Pair) -> None:
    """Two merchants' documents do not become one's."""
    source, target = ends
    full(source)
    full(target)
    before = contents(target)

    assert "holds documents of its own" in refused(source, target)
    assert before == contents(target)
    assert before == contents(source)


def test_a_move_is_not_begun_twice_in_two_ways(ends: Pair, tmp_path: Path) -> None:
    """What was left, or is on its way elsewhere, is no source; what is being filled is no target."""
    source, target = ends
    other = End(tmp_path / "other")
    full(source)
    moved(source, target)

    assert "were moved to" in refused(source, other)
    with closing(target.place()) as place:
        place.mark(Marked(Mark.LEAVING, "elsewhere"))
    assert "are being moved to elsewhere" in refused(target, source)
    with closing(target.place()) as place, closing(other.place()) as another:
        place.mark(None)
        another.mark(Marked(Mark.ARRIVING, "elsewhere"))
    assert "is being filled with the documents of elsewhere" in refused(target, other)
    assert "in" in refused(target, target)


def test_a_difference_is_found_and_nobody_works_on_it(ends: Pair) -> None:
    """A store that does not keep what it was given is never taken into use."""
    source, target = ends
    full(source)

    class Forgetful:
        """Loses the purchases it is given."""

        def __init__(self, place: Movable) -> None:
            self._place = place

        def __getattr__(self, name: str) -> Any:
            return getattr(self._place, name)

        def change(self, work: Callable[..., None]) -> None:
            """Lose what is in the journal."""
            if getattr(work, "_table", "") != "purchases":
                self._place.change(work)

    with (
        closing(source.place()) as here,
        closing(target.place()) as there,
        pytest.raises(RepositoryError, match=r"\(look at purchases\): nobody can work on either"),
    ):
        move(here, cast("Movable", Forgetful(there)), lambda _, __: None)

    for end in ends:
        with pytest.raises(ConfigError):
            end.open()
