"""Keep working: each thing when it is due, once for all who work on the home, whatever fails."""

from datetime import timedelta
from operator import methodcaller

import pytest

from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.domain.chore import Chore, Job
from primetui.domain.notice import NoticeState
from primetui.errors import RepositoryError
from primetui.ports import Desk
from primetui.usecases.import_orders import import_orders, refresh_order
from primetui.usecases.keep_working import Done, Task, Worker
from primetui.usecases.look_after import LookedAfter
from primetui.usecases.manage_stores import add_manual_store
from tests.shop import Shop
from tests.usecases.outbox import recorded


def worker(desk: Desk) -> Worker:
    """Employ a worker nobody asks to stop, on a home whose chores somebody has just done."""
    done_chores(desk)
    return Worker(desk, lambda: False)


def done_chores(desk: Desk) -> None:
    """Have the hourly and the daily chore done."""
    for job in (Job.FORGET, Job.PURGE):
        chore = Chore(job=job, at=desk.clock.now(), by="ann")
        desk.repository.transact(methodcaller("put_chore", chore))


def engine_of(shop: Shop) -> Engine:
    """Reach for the documents themselves, to break one."""
    assert isinstance(shop.desk.repository, DocumentRepository)
    return shop.desk.repository.engine


def did(done: list[Done]) -> list[tuple[Task, bool]]:
    """Say what was done, and whether it failed."""
    return [(one.task, one.failed) for one in done]


@pytest.mark.parametrize(
    ("minutes", "imports"),
    [(0.0, 0), (2.99, 0), (3.0, 2), (60.0, 2), (-2.99, 0), (-3.0, 2), (-600.0, 2)],
)
def test_a_store_is_imported_every_three_minutes_by_whoever_it_was_last(
    shop: Shop, minutes: float, imports: int
) -> None:
    """What a console imported is not imported again; a clock that was set does not stop it."""
    import_orders(shop.desk)
    shop.clock.advance(minutes=minutes)
    done = list(worker(shop.desk).round())

    assert [(Task.IMPORT, False)] * imports == did(done)


def test_what_was_missed_is_made_up_for_once(shop: Shop) -> None:
    """After a night asleep each store is imported once, not once for each round missed."""
    working = worker(shop.desk)
    list(working.round())
    shop.clock.advance(hours=9)
    done_chores(shop.desk)
    first, second = list(working.round()), list(working.round())

    assert [(Task.IMPORT, False)] * 2 == did(first)
    assert [] == did(second)


def test_R21_an_unknown_purchase_is_settled_before_anything_is_imported(shop: Shop) -> None:
    """R21: money first, once a minute, and only what is open is asked about."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "lost_after_effect")
    shop.buy(order_id)
    working = worker(shop.desk)
    shop.clock.advance(minutes=3)
    done = list(working.round())
    shop.clock.advance(seconds=59)
    asked = shop.calls("getOrder")
    nothing_more = list(working.round())

    assert [Task.LOOK_AFTER, Task.IMPORT, Task.IMPORT] == [one.task for one in done]
    assert isinstance(done[0].result, LookedAfter)
    assert 1 == len(done[0].result.purchases)
    assert [] == nothing_more
    assert asked == shop.calls("getOrder")
    assert 1 == len(shop.truth(order_id)["labels"])


def test_R10_a_notice_is_told_and_verified_without_anybody_there(shop: Shop) -> None:
    """R10: a label bought elsewhere is confirmed, and looked for until it is listed."""
    order_id = recorded(shop)
    working = worker(shop.desk)
    for _ in range(30):
        list(working.round())
        shop.clock.advance(minutes=1)

    assert [NoticeState.VERIFIED] == [one.state for one in shop.desk.repository.notices(order_id)]
    assert 1 == shop.calls("confirmShipment")


def test_one_store_that_fails_stops_no_other(shop: Shop) -> None:
    """The first store's failure is told, the second is imported, and both wait their turn."""
    shop.desk.secrets.remove(shop.desk.repository.stores()[0].id)
    working = worker(shop.desk)
    done = list(working.round())
    again = list(working.round())

    assert [(Task.IMPORT, True), (Task.IMPORT, False)] == did(done)
    assert done[0].is_news
    assert [] == again


def test_a_store_whose_import_cannot_be_written_down_waits_its_turn_too(shop: Shop) -> None:
    """A full disk does not turn the worker into a storm of requests."""
    working = worker(shop.desk)
    list(working.round())
    forgotten = shop.desk.repository.stores()[0].model_copy(update={"last_import": None})
    shop.desk.repository.transact(lambda tx: tx.put_store(forgotten))
    again = list(working.round())

    assert [] == again
    assert working.next_at() > shop.clock.now()


def test_asked_to_stop_between_two_steps_it_does_no_more(shop: Shop) -> None:
    """The step under way is done to its end; the next is not begun."""
    stopping: list[bool] = []
    working = Worker(shop.desk, lambda: bool(stopping))
    done = []
    for one in working.round():
        done.append(one)
        stopping.append(True)

    assert [(Task.IMPORT, False)] == did(done)
    assert [False, True] == [store.last_import is None for store in shop.desk.repository.stores()]


def test_asked_to_stop_while_importing_it_stops_at_the_next_page(shop: Shop) -> None:
    """What was read is kept, nothing is told as failed, and the import is due at once again."""
    order_id = shop.story()
    shop.clock.advance(minutes=5)
    asked: list[int] = []

    def on_the_second_look() -> bool:
        asked.append(1)
        return len(asked) > 2

    done = list(Worker(shop.desk, on_the_second_look).round())

    assert [] == done
    assert shop.desk.repository.order(order_id) is not None
    assert [None, None] == [store.last_import for store in shop.desk.repository.stores()]


def test_an_inactive_store_is_not_imported(shop: Shop) -> None:
    """R13: it imports nothing, by itself neither."""
    for store in shop.desk.repository.stores():
        off = store.model_copy(update={"active": False})
        shop.desk.repository.transact(methodcaller("put_store", off))

    assert [] == list(worker(shop.desk).round())


def test_a_home_without_stores_has_nothing_to_do(empty_shop: Shop) -> None:
    """Nothing fails, and it looks again in a minute."""
    working = worker(empty_shop.desk)

    assert [] == list(working.round())
    assert empty_shop.clock.now() + timedelta(minutes=1) == working.next_at()


def test_a_store_that_cannot_be_read_is_told_once(shop: Shop) -> None:
    """Its orders would be missed in silence; said each minute it would drown the rest."""
    engine_of(shop).transact(lambda tx: tx.put("stores", "broken", {"schema": 1}))
    working = worker(shop.desk)
    first = [one for one in working.round() if isinstance(one.result, RepositoryError)]
    second = [one for one in working.round() if isinstance(one.result, RepositoryError)]

    assert 1 == len(first)
    assert "orders are not imported" in str(first[0].result)
    assert [] == second


def test_an_import_that_brought_nothing_is_no_news(shop: Shop) -> None:
    """The log holds what changed, not that nothing did."""
    list(worker(shop.desk).round())
    shop.clock.advance(minutes=3)
    done = list(worker(shop.desk).round())

    assert [False, False] == [one.is_news for one in done]


def chores(shop: Shop) -> list[Task]:
    """Name the chores that a round did."""
    done = Worker(shop.desk, lambda: False).round()
    return [one.task for one in done if one.task in {Task.FORGET, Task.PURGE}]


@pytest.mark.parametrize(
    ("minutes", "done"),
    [
        (0, []),
        (59, []),
        (60, [Task.FORGET]),
        (24 * 60 - 1, [Task.FORGET]),
        (24 * 60, [Task.FORGET, Task.PURGE]),
        (-59, []),
        (-60, [Task.FORGET]),
    ],
)
def test_R23_buyers_are_forgotten_hourly_and_old_orders_removed_daily(
    empty_shop: Shop, minutes: int, done: list[Task]
) -> None:
    """R23: by the time anybody did it last; at the first round of a home both."""
    first = chores(empty_shop)
    empty_shop.clock.advance(minutes=minutes)

    assert [Task.FORGET, Task.PURGE] == first
    assert done == chores(empty_shop)


def test_R23_a_buyer_whose_time_is_over_is_forgotten_by_itself(shop: Shop) -> None:
    """R23: thirty days after the delivery nobody knows the buyer, and it is worth a line."""
    order_id = shop.imported()
    refresh_order(shop.desk, order_id, with_address=True)
    shop.clock.advance(days=40)
    (news,) = [one for one in Worker(shop.desk, lambda: False).round() if one.task is Task.FORGET]
    record = shop.desk.repository.order(order_id)

    assert record is not None
    assert record.forgotten_at is not None
    assert news.is_news


def test_R23_a_chore_that_fails_is_not_tried_again_at_once(empty_shop: Shop) -> None:
    """R23: it is told, the next round is in a minute at the most, and not this moment."""
    engine = engine_of(empty_shop)
    engine.transact(lambda tx: tx.put("keys", "x", {"schema": 1, "forget_after": "2000"}))
    engine.transact(lambda tx: tx.put("orders", "x", {"schema": 1}))
    working = Worker(empty_shop.desk, lambda: False)
    first = [one for one in working.round() if one.failed]
    second = [one for one in working.round() if one.failed]

    assert [Task.FORGET] == [one.task for one in first]
    assert [] == second
    assert working.next_at() > empty_shop.clock.now()


def test_a_manual_store_is_asked_for_nothing(empty_shop: Shop) -> None:
    """Its orders come when somebody brings a file: no import of it is ever due, or fails."""
    add_manual_store(empty_shop.desk, "Stall")
    empty_shop.clock.advance(days=1)
    done_chores(empty_shop.desk)

    assert [] == list(Worker(empty_shop.desk, lambda: False).round())


def test_a_worker_does_the_tasks_it_is_given_and_names_each_before_it(shop: Shop) -> None:
    """A console leaves the looking after to somebody else, and shows what is under way."""
    begun: list[Task] = []
    working = Worker(shop.desk, lambda: False, {Task.FORGET, Task.IMPORT}, begun=begun.append)
    done = [one.task for one in working.round()]

    assert [Task.IMPORT, Task.IMPORT, Task.FORGET] == done
    assert begun == done
