"""What every Repository must do with batches: keep them whole, find the open ones, lease them."""

from collections.abc import Callable

import pytest

from primetui.domain.batch import Batch, BatchId, Broken, Entry, EntryState, Limits, Why
from primetui.domain.label import LabelId
from primetui.domain.shipment import OrderId
from primetui.domain.violations import ArrivesTooLate
from primetui.errors import Busy
from primetui.ports import Repository, Writes
from tests.domain.made import DELIVER_BY, NOW, ORDER_ID, usd
from tests.domain.test_batch import a_batch, an_entry

Opener = Callable[[], Repository]

HOSTILE = OrderId("111'; DROP TABLE doc; --\x1b[2J\"é\0")


def named(id_: str, *states: EntryState, started: bool = True) -> Batch:
    """Make a batch with entries in these states."""
    entries = (an_entry(number, state) for number, state in enumerate(states))
    return a_batch(*entries).model_copy(
        update={"id": BatchId(id_), "started_at": NOW if started else None}
    )


def test_there_is_no_batch_at_first(repository: Repository) -> None:
    """New documents hold none."""
    assert repository.batch(BatchId("b1")) is None
    assert () == repository.batches() == repository.open_batches()


def test_a_batch_comes_back_as_it_was_kept(opener: Opener) -> None:
    """Every field of every entry is read back equal, by another process too."""
    late = Broken.of(ArrivesTooLate(arrives_by=NOW, deliver_by=DELIVER_BY))
    full = Entry(
        order_id=HOSTILE,
        state=EntryState.REFUSED,
        chosen=an_entry().chosen,
        asked=usd("9.10"),
        paid=usd("8.40"),
        why=Why.VIOLATIONS,
        broken=(late,),
        note="é\x1b[2J",
        label_id=LabelId("l1"),
        tracking_id="1Z1",
        journal_before=2,
        rated_again=1,
    )
    limits = Limits(per_label=(usd("10.00"),), in_all=(usd("99.99"),))
    batch = a_batch(full, an_entry(), limits=limits).model_copy(update={"started_at": NOW})

    opener().transact(lambda tx: tx.put_batch(batch))

    assert batch == opener().batch(batch.id)
    assert (batch,) == opener().batches()
    assert 1 == opener().check().counts["batches"]
    assert () == opener().check().problems


@pytest.mark.parametrize("state", EntryState)
@pytest.mark.parametrize("started", [True, False])
def test_open_batches_are_those_begun_with_something_left(
    repository: Repository, state: EntryState, *, started: bool
) -> None:
    """Whatever it was before: its last writing decides."""
    before = named("b1", EntryState.QUEUED, started=True)
    batch = named("b1", EntryState.BOUGHT, state, started=started)
    repository.transact(lambda tx: tx.put_batch(before))
    repository.transact(lambda tx: tx.put_batch(batch))

    expected = (batch,) if batch.is_open else ()

    assert expected == repository.open_batches()
    assert (batch,) == repository.batches()


def test_batches_come_oldest_first(repository: Repository) -> None:
    """By their first writing, however often they change."""
    first, second = named("z", EntryState.QUEUED), named("a", EntryState.UNKNOWN)
    repository.transact(lambda tx: tx.put_batch(first))
    repository.transact(lambda tx: tx.put_batch(second))
    changed = named("z", EntryState.BUYING)
    repository.transact(lambda tx: tx.put_batch(changed))

    assert (changed, second) == repository.batches() == repository.open_batches()


def test_a_transaction_reads_its_own_batch_and_leaves_nothing_when_it_fails(
    repository: Repository,
) -> None:
    """All or nothing."""
    batch = named("b1", EntryState.QUEUED)

    def fail(tx: Writes) -> None:
        tx.put_batch(batch)
        assert batch == tx.batch(batch.id)
        assert (batch,) == tx.open_batches() == tx.batches()
        raise KeyError("change of mind")

    with pytest.raises(KeyError, match="change of mind"):
        repository.transact(fail)

    assert () == repository.batches()


def test_a_batch_is_leased_like_an_order(opener: Opener) -> None:
    """Who comes second hears of the first; the batch's orders are free."""
    one, two = opener(), opener()

    with (
        one.lease(BatchId("b1"), "ann"),
        two.lease(ORDER_ID, "bob"),
        pytest.raises(Busy, match="ann"),
        two.lease(BatchId("b1"), "bob"),
    ):
        pass
