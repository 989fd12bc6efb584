"""Forget buyers: by the clock, by order, by request; whole, once, and for good (R23)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from primetui.domain.address import Address
from primetui.domain.chore import Job
from primetui.domain.retention import forget_after
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.errors import ConfigError, RepositoryError
from primetui.usecases.forget_buyers import (
    Forgotten,
    Waits,
    due_orders,
    forget_due,
    forget_named,
)
from primetui.usecases.import_orders import import_orders, refresh_order
from primetui.usecases.purchase_label import Purchased
from primetui.usecases.purge_orders import old_orders, purge_orders
from primetui.usecases.void_label import fetch_papers
from tests.shop import Shop


def bought(shop: Shop, **told: object) -> OrderId:
    """Buy a label for an order whose address is known, with its papers."""
    order_id = shop.imported(**told)
    refresh_order(shop.desk, order_id, with_address=True)
    assert isinstance(shop.buy(order_id), Purchased)
    return order_id


def buyer(shop: Shop, order_id: OrderId) -> Address:
    """Read whom an order goes to."""
    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert record.order.ship_to is not None
    return record.order.ship_to


def wait_until_due(shop: Shop, order_id: OrderId, *, seconds: float = 0) -> None:
    """Let time pass until an order's buyer must be forgotten."""
    record = shop.desk.repository.order(order_id)
    assert record is not None
    late = forget_after(record.order) - shop.clock.now() + timedelta(seconds=seconds)
    shop.clock.advance(seconds=late.total_seconds())


def contents(home: Path) -> bytes:
    """Read every byte of a home."""
    return b"\n".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def wrapped_key(home: Path, order_id: OrderId) -> bytes:
    """Read the wrapped key of an order as it lies on disk."""
    with closing(sqlite3.connect(home / "primetui.db")) as db:
        (text,) = db.execute(
            "SELECT json_extract(body, '$.wrapped') FROM doc WHERE tbl = 'keys' AND id = ?",
            (order_id,),
        ).fetchone()
    return str(text).encode()


@pytest.mark.parametrize(("seconds", "due"), [(-1.0, 0), (0.0, 1), (1.0, 1)])
def test_R23_the_clock_forgets_thirty_days_after_delivery(
    shop: Shop, seconds: float, due: int
) -> None:
    """A second before nothing is touched; from then on nobody can be named."""
    order_id = bought(shop)
    wait_until_due(shop, order_id, seconds=seconds)

    assert due == len(due_orders(shop.desk))
    done = forget_due(shop.desk)

    assert (due, True) == (len(done.outcomes), done.scrubbed)
    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert due == (record.order.ship_to is None) == (record.forgotten_at is not None)
    chore = shop.desk.repository.chore(Job.FORGET)
    assert chore is not None
    assert (shop.clock.now(), f"{due} forgotten") == (chore.at, chore.detail)


def test_R23_what_is_forgotten_is_nowhere_any_more(shop: Shop) -> None:
    """Address, files, offers and the key: gone from documents, log, free pages and folders."""
    order_id, other = bought(shop), bought(shop)
    key = wrapped_key(shop.home, order_id)
    assert key in contents(shop.home)
    (label,) = shop.desk.repository.labels(order_id)
    folder_count = len(list((shop.home / "labels").glob("*/*.sealed")))

    done = forget_named(shop.desk, [order_id])

    assert ((Forgotten(order_id),), True) == (done.outcomes, done.scrubbed)
    assert key not in contents(shop.home)
    assert wrapped_key(shop.home, other) in contents(shop.home)
    assert 0 == (shop.home / "primetui.db-wal").stat().st_size
    assert folder_count > len(list((shop.home / "labels").glob("*/*.sealed"))) > 0
    repository = shop.desk.repository
    record = repository.order(order_id)
    assert record is not None
    assert (None, "") == (record.order.ship_to, record.order.sealed)
    assert repository.offers(order_id) is None
    (kept,) = repository.labels(order_id)
    assert ((), label.tracking_id) == (kept.documents, kept.tracking_id)
    with pytest.raises(RepositoryError, match="is missing"):
        repository.read_paper(order_id, label.documents[0])
    assert "buyer forgotten" == repository.audit(order_id)[-1].action
    assert () == repository.check().problems
    assert buyer(shop, other).name


def test_R23_forgetting_twice_is_forgetting_once(shop: Shop) -> None:
    """The second time nothing is written to the log, and it says that there was nothing."""
    order_id = bought(shop)
    forget_named(shop.desk, [order_id])
    lines = len(shop.desk.repository.audit())

    done = forget_named(shop.desk, [order_id, order_id])

    assert (Forgotten(order_id, already=True),) == done.outcomes
    assert lines == len(shop.desk.repository.audit())


def test_R23_a_forgotten_buyer_is_never_taken_in_again(shop: Shop) -> None:
    """Neither an import, nor a look at the order with its address, nor its label's files."""
    order_id = bought(shop)
    forget_named(shop.desk, [order_id])
    (label,) = shop.desk.repository.labels(order_id)

    shop.clock.advance(minutes=5)
    import_orders(shop.desk)
    refresh_order(shop.desk, order_id, with_address=True)
    with pytest.raises(ConfigError, match="buyer was forgotten"):
        fetch_papers(shop.desk, label, DocumentFormat.PNG)

    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert record.order.ship_to is None
    assert () == shop.desk.repository.due_buyers(shop.clock.now() + timedelta(days=400))


def test_R23_an_order_with_an_open_purchase_waits_and_is_named(shop: Shop) -> None:
    """Its label may still come; the others are forgotten."""
    order_id, other = shop.imported(), bought(shop)
    shop.fault("purchaseShipment", "lost_after_effect")
    shop.buy(order_id)
    assert shop.desk.repository.pending_purchases()

    done = forget_named(shop.desk, [order_id, other])

    waits, forgotten = done.outcomes
    assert isinstance(waits, Waits)
    assert (order_id, "not settled" in waits.reason) == (waits.order_id, True)
    assert Forgotten(other) == forgotten


def test_R23_an_order_somebody_works_on_waits_and_is_named(shop: Shop) -> None:
    """A purchase in progress is never disturbed."""
    order_id = bought(shop)
    with shop.desk.repository.lease(order_id, "bob"):
        (waits,) = forget_named(shop.desk, [order_id]).outcomes

    assert isinstance(waits, Waits)
    assert "bob" in waits.reason
    assert buyer(shop, order_id).name


def test_an_order_that_is_not_here_forgets_nobody(shop: Shop) -> None:
    """A slip of the finger is said before anything is erased."""
    order_id = bought(shop)

    with pytest.raises(ConfigError, match="no order nope here"):
        forget_named(shop.desk, [order_id, OrderId("nope")])

    assert buyer(shop, order_id).name


@contextmanager
def stops_after(number: int) -> Iterator[list[int]]:
    """Stop forgetting between two orders."""
    seen: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        yield seen
    assert number == len(seen)


def test_R23_forgetting_that_was_stopped_is_gone_on_with(shop: Shop) -> None:
    """What was done is done; the rest is still due."""
    orders = {bought(shop), bought(shop), bought(shop)}
    for order_id in orders:
        wait_until_due(shop, order_id)
    assert orders == set(due_orders(shop.desk))

    with stops_after(1) as seen:

        def stop(count: int) -> None:
            seen.append(count)
            raise KeyboardInterrupt

        forget_due(shop.desk, stop)

    assert 2 == len(due_orders(shop.desk))
    assert 2 == len(forget_due(shop.desk).outcomes)
    assert () == due_orders(shop.desk)


def test_R23_files_whose_order_was_half_forgotten_are_due_again(shop: Shop) -> None:
    """Stopped after the files and before the documents, the next run does it."""
    order_id = bought(shop)
    wait_until_due(shop, order_id)
    shop.desk.repository.remove_papers(order_id)

    assert (Forgotten(order_id),) == forget_due(shop.desk).outcomes
    assert () == shop.desk.repository.check().problems


def test_an_old_copy_that_is_being_read_is_said(shop: Shop) -> None:
    """Then it is not claimed that the log is empty; the next run empties it."""
    order_id = bought(shop)
    with closing(sqlite3.connect(shop.home / "primetui.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM doc").fetchone()
        done = forget_named(shop.desk, [order_id])
        assert ((Forgotten(order_id),), False) == (done.outcomes, done.scrubbed)

    assert forget_named(shop.desk, [order_id]).scrubbed


# --- Eighteen months ------------------------------------------------------------------------------


def old_by(shop: Shop, order_id: OrderId, *, seconds: float) -> None:
    """Let time pass until an order may be kept no longer."""
    record = shop.desk.repository.order(order_id)
    assert record is not None
    late = record.order.purchased_at + timedelta(days=546, seconds=seconds) - shop.clock.now()
    shop.clock.advance(seconds=late.total_seconds())


@pytest.mark.parametrize(("seconds", "old"), [(-1.0, 0), (0.0, 1)])
def test_R23_after_eighteen_months_nothing_of_an_order_is_left(
    shop: Shop, seconds: float, old: int
) -> None:
    """Not a second earlier; its files go with it."""
    order_id = bought(shop)
    old_by(shop, order_id, seconds=seconds)
    repository = shop.desk.repository
    assert old == len(old_orders(shop.desk))

    purged = purge_orders(shop.desk)

    assert (old, ()) == (len(purged.orders), purged.waits)
    assert old == (repository.order(order_id) is None)
    assert 1 - old == len(repository.labels(order_id)) == len(repository.purchases(order_id))
    assert old == (list((shop.home / "labels").glob("*/*.sealed")) == [])
    assert () == repository.check().problems
    assert old_orders(shop.desk) == ()


def test_R23_an_order_too_old_to_be_kept_is_not_imported(shop: Shop) -> None:
    """What was removed does not come back because the marketplace still tells of it."""
    order_id = bought(shop)
    before = shop.clock.now() - timedelta(days=1)
    old_by(shop, order_id, seconds=0)
    purge_orders(shop.desk)
    for store in shop.desk.repository.stores():
        anew = store.model_copy(update={"imported_until": before})
        shop.desk.repository.transact(lambda tx, anew=anew: tx.put_store(anew))  # type: ignore[misc] # binds the loop's value

    done = import_orders(shop.desk)

    assert sum(one.report.seen for one in done) > 0

    assert shop.desk.repository.order(order_id) is None


def test_R23_the_audit_log_is_kept_for_more_than_a_year(shop: Shop) -> None:
    """Twelve months and longer, without a buyer; then its oldest lines go."""
    order_id = bought(shop)
    name = buyer(shop, order_id).name
    lines = len(shop.desk.repository.audit())
    shop.clock.advance(days=366)
    purge_orders(shop.desk)
    kept = shop.desk.repository.audit()
    assert lines == len(kept)
    assert not [line for line in kept if name in line.model_dump_json()]

    shop.clock.advance(days=181)
    purged = purge_orders(shop.desk)

    assert lines == purged.audit_lines
    assert ["old orders removed"] == [line.action for line in shop.desk.repository.audit()]


def test_R23_an_order_of_old_with_an_open_purchase_waits(shop: Shop) -> None:
    """Money that is not accounted for is not removed."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "lost_after_effect")
    shop.buy(order_id)
    old_by(shop, order_id, seconds=0)

    purged = purge_orders(shop.desk)

    assert ((), [order_id]) == (purged.orders, [one.order_id for one in purged.waits])
    assert shop.desk.repository.order(order_id) is not None
