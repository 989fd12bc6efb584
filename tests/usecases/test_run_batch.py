"""Running a batch: one after another, within the limit, honest about every order (R18, R21)."""

from decimal import Decimal

import pytest

from primetui.domain.batch import Batch, EntryState, Limits, Why
from primetui.domain.money import Money, total
from primetui.domain.shipment import OrderId
from primetui.errors import Busy
from primetui.ports import Writes
from primetui.usecases.batch_control import Activity
from primetui.usecases.plan_batch import plan_batch
from primetui.usecases.reconcile_purchases import reconcile_purchases
from primetui.usecases.run_batch import (
    close_batch,
    limit_batch,
    retry_batch,
    run_batch,
    settle_batch,
)
from tests.shop import Shop
from tests.watching import Watcher, states


def planned(shop: Shop, count: int = 3, limits: Limits | None = None) -> Batch:
    """Plan a batch of orders that can be bought for."""
    ids = [shop.imported() for _ in range(count)]
    return plan_batch(shop.desk, ids, limits or Limits(), Watcher())


def live(shop: Shop, batch: Batch) -> list[int]:
    """Count what the sandbox sold and was not given back, order by order."""
    return [shop.truth(entry.order_id)["live_labels"] for entry in batch.entries]


def change(shop: Shop, batch: Batch, order_id: OrderId, state: EntryState, **more: object) -> None:
    """Leave an entry as a crash would have left it on disk."""

    def write(tx: Writes) -> None:
        kept = tx.batch(batch.id)
        assert kept is not None
        changed = kept.entry(order_id).model_copy(update={"state": state, **more})
        started = kept.put(changed).model_copy(update={"started_at": shop.clock.now()})
        tx.put_batch(started)

    shop.desk.repository.transact(write)


def test_R21_every_queued_order_gets_one_label(shop: Shop) -> None:
    """In order, at the price shown, each with its tracking id; what was spent is what was shown."""
    batch = planned(shop)
    watcher = Watcher()

    done = run_batch(shop.desk, batch.id, watcher)

    assert ["bought"] * 3 == states(done)
    assert [1, 1, 1] == live(shop, done)
    assert batch.ceiling == done.spent
    assert [e.order_id for e in batch.entries] == watcher.orders(Activity.BUYING)
    labels = [shop.desk.repository.labels(entry.order_id)[0] for entry in done.entries]
    assert [label.tracking_id for label in labels] == [e.tracking_id for e in done.entries]
    assert total(label.charge for label in labels) == done.spent
    assert done == shop.desk.repository.batch(batch.id)
    assert () == shop.desk.repository.open_batches()
    assert () == shop.desk.repository.check().problems
    assert 3 == shop.calls("getOrder") == shop.calls("purchaseShipment")


def test_running_it_again_buys_nothing(shop: Shop) -> None:
    """A batch that is done stays as it is."""
    batch = planned(shop, 2)
    done = run_batch(shop.desk, batch.id, Watcher())

    again = run_batch(shop.desk, batch.id, Watcher())

    assert done.entries == again.entries
    assert 2 == shop.calls("purchaseShipment")


@pytest.mark.parametrize(("more", "bought"), [("-0.01", 1), ("0.00", 2), ("0.01", 2)])
def test_R21_the_limit_in_all_holds_to_the_cent_while_buying(
    shop: Shop, more: str, bought: int
) -> None:
    """The limit counts when an entry is begun, even if the plan knew a higher one."""
    batch = planned(shop, 2)
    (sum_,) = batch.ceiling
    limit = Money(amount=sum_.amount + Decimal(more), currency=sum_.currency)

    def lower(tx: Writes) -> None:
        tx.put_batch(batch.model_copy(update={"limits": Limits(in_all=(limit,))}))

    shop.desk.repository.transact(lower)
    done = run_batch(shop.desk, batch.id, Watcher())

    assert bought == len(done.of(EntryState.BOUGHT)) == shop.calls("purchaseShipment")
    assert [Why.OVER_BATCH_LIMIT] * (2 - bought) == [e.why for e in done.of(EntryState.REFUSED)]
    assert all(spent <= limit for spent in done.spent)


def test_R21_stop_ends_after_the_current_order_and_resume_goes_on(shop: Shop) -> None:
    """What is left stays queued, the batch is open, and running it again buys the rest."""
    batch = planned(shop)

    stopped = run_batch(shop.desk, batch.id, Watcher(turns=1))
    assert ["bought", "queued", "queued"] == states(stopped)
    assert (stopped,) == shop.desk.repository.open_batches()

    done = run_batch(shop.desk, batch.id, Watcher())
    assert ["bought"] * 3 == states(done)
    assert [1, 1, 1] == live(shop, done)


@pytest.mark.parametrize("which", ["per_label", "in_all"])
def test_a_lower_limit_refuses_what_is_queued_and_a_higher_one_lets_it_be_retried(
    shop: Shop, which: str
) -> None:
    """Between plan and run: nothing above the limit stays queued, whoever set it."""
    batch = planned(shop, 1)
    (charge,) = batch.to_spend
    cent = Money(amount=Decimal("0.01"), currency=charge.currency)

    low = limit_batch(shop.desk, batch.id, Limits(**{which: (cent,)}))
    still_low = retry_batch(shop.desk, batch.id, Watcher())
    limit_batch(shop.desk, batch.id, Limits(**{which: (charge,)}))
    high = retry_batch(shop.desk, batch.id, Watcher())

    assert ["refused"] == states(low) == states(still_low)
    assert ["queued"] == states(high)
    assert 0 == shop.calls("purchaseShipment")


@pytest.mark.parametrize(
    ("operation", "kind", "options", "expected", "sold"),
    [
        ("getOrder", "error_500", {"times": 3}, "not-bought", 0),
        ("getOrder", "html", {"times": 3}, "not-bought", 0),
        ("purchaseShipment", "expired_offer", {}, "not-bought", 0),
        ("purchaseShipment", "lost_after_effect", {}, "unknown", 1),
        ("purchaseShipment", "lost_before_effect", {}, "unknown", 0),
        ("purchaseShipment", "reset", {"after_effect": True}, "unknown", 1),
        ("purchaseShipment", "error_500", {}, "unknown", 0),
        ("purchaseShipment", "truncated", {}, "unknown", 1),
        ("purchaseShipment", "garbled", {}, "unknown", 1),
        ("purchaseShipment", "html", {}, "unknown", 0),
        ("purchaseShipment", "expired_token", {}, "bought", 1),
    ],
)
def test_R21_a_fault_is_one_orders_outcome(
    shop: Shop, operation: str, kind: str, options: dict[str, object], expected: str, sold: int
) -> None:
    """Bought, not bought or not known, as it was; the next order is bought all the same."""
    batch = planned(shop, 2)
    shop.fault(operation, kind, **options)

    done = run_batch(shop.desk, batch.id, Watcher())

    assert [expected, "bought"] == states(done)
    assert [sold, 1] == live(shop, done)
    assert bool(done.entries[0].note) is (expected != "bought")
    stake = {"unknown", "bought"}
    assert (expected in stake) is (done.entries[0].at_stake is not None)


@pytest.mark.parametrize("operation", ["getOrder", "purchaseShipment"])
def test_R18_a_pause_that_is_asked_for_is_no_error(shop: Shop, operation: str) -> None:
    """The entry waits as long as the server wishes, says so, and is bought once."""
    batch = planned(shop, 2)
    times = 3 if operation == "getOrder" else 1
    shop.fault(operation, "throttle", retry_after=0.2, times=times)
    watcher = Watcher()

    done = run_batch(shop.desk, batch.id, watcher)

    assert ["bought", "bought"] == states(done)
    assert [1, 1] == live(shop, done)
    assert [batch.entries[0].order_id] == watcher.orders(Activity.WAITING)
    assert [0.2] == watcher.waited


def test_a_stop_during_a_pause_leaves_the_order_queued(shop: Shop) -> None:
    """Nothing was bought, nothing failed: resume goes on with it."""
    batch = planned(shop, 1)
    shop.fault("getOrder", "throttle", retry_after=0.1, times=3)

    stopped = run_batch(shop.desk, batch.id, Watcher(turns=1))

    assert ["queued"] == states(stopped)
    assert ["bought"] == states(run_batch(shop.desk, batch.id, Watcher()))


def test_an_expired_offer_is_rated_anew_and_bought_at_the_same_price(shop: Shop) -> None:
    """Nine minutes later the shown rate is gone; one that costs no more is what was agreed to."""
    batch = planned(shop, 2)
    shop.clock.advance(minutes=9)

    done = run_batch(shop.desk, batch.id, Watcher())

    assert ["bought", "bought"] == states(done)
    assert batch.ceiling == done.spent
    assert batch.entries[0].chosen != done.entries[0].chosen


def test_what_became_dearer_asks_again(shop: Shop) -> None:
    """A re-rate above the shown charge is refused with both; retry shows it, run buys it."""
    batch = planned(shop, 1)
    entry = batch.entries[0]
    assert entry.chosen is not None
    now = entry.chosen.charge
    cheaper = Money(amount=now.amount - Decimal("0.01"), currency=now.currency)
    shown = entry.chosen.model_copy(update={"charge": cheaper})
    change(shop, batch, entry.order_id, EntryState.QUEUED, chosen=shown)
    shop.clock.advance(minutes=9)

    refused = run_batch(shop.desk, batch.id, Watcher())
    assert (Why.DEARER, now) == (refused.entries[0].why, refused.entries[0].asked)
    assert 0 == shop.calls("purchaseShipment")

    again = retry_batch(shop.desk, batch.id, Watcher())
    assert (now,) == again.to_spend
    assert 0 == shop.calls("purchaseShipment")
    assert ["bought"] == states(run_batch(shop.desk, batch.id, Watcher()))


def test_a_live_offer_that_costs_more_than_was_shown_asks_again(shop: Shop) -> None:
    """The shown charge is the limit of the purchase itself too."""
    batch = planned(shop, 1)
    entry = batch.entries[0]
    assert entry.chosen is not None
    less = Money(amount=Decimal("0.01"), currency=entry.chosen.charge.currency)
    shown = entry.chosen.model_copy(update={"charge": less})
    change(shop, batch, entry.order_id, EntryState.QUEUED, chosen=shown)

    done = run_batch(shop.desk, batch.id, Watcher())

    assert (Why.DEARER, entry.chosen.charge) == (done.entries[0].why, done.entries[0].asked)
    assert 0 == shop.calls("purchaseShipment")


def test_R18_an_order_cancelled_since_the_plan_is_refused_with_its_reason(shop: Shop) -> None:
    """The fresh look of each purchase sees it; the others are bought."""
    batch = planned(shop, 2)
    shop.control("orders", {"cancel": [batch.entries[0].order_id]})

    done = run_batch(shop.desk, batch.id, Watcher())

    assert ["refused", "bought"] == states(done)
    assert "PRM103" in [broken.code for broken in done.entries[0].broken]
    assert [0, 1] == live(shop, done)


def test_R8_an_order_changed_since_the_plan_is_rated_anew(shop: Shop) -> None:
    """A rate that prices another state of the order is replaced before anything is bought."""
    batch = planned(shop, 1)
    shop.clock.advance(seconds=30)
    shop.control("orders", {"readdress": {batch.entries[0].order_id: {"city": "Elsewhere"}}})

    done = run_batch(shop.desk, batch.id, Watcher())

    assert ["bought"] == states(done)
    assert 1 == done.entries[0].rated_again
    assert 1 == shop.calls("purchaseShipment")


def test_R21_an_order_bought_by_hand_meanwhile_is_skipped(shop: Shop) -> None:
    """It has its label; that one is not the batch's money."""
    batch = planned(shop, 2)
    shop.buy(batch.entries[0].order_id)

    done = run_batch(shop.desk, batch.id, Watcher())

    assert ["skipped", "bought"] == states(done)
    assert [1, 1] == live(shop, done)
    assert done.entries[1].paid is not None
    assert (done.entries[1].paid,) == done.spent


def test_R21_two_operators_on_one_batch(shop: Shop) -> None:
    """Who comes second hears who runs it and since when, and can do nothing to it."""
    batch = planned(shop, 1)
    with shop.desk.repository.lease(batch.id, "ann"):
        for act in (run_batch, settle_batch, retry_batch):
            with pytest.raises(Busy, match="ann"):
                act(shop.desk, batch.id, Watcher())
        with pytest.raises(Busy, match="ann"):
            close_batch(shop.desk, batch.id)

    assert ["queued"] == states(batch)
    assert batch == shop.desk.repository.batch(batch.id)


def test_R21_an_order_somebody_else_is_buying_is_left_alone(shop: Shop) -> None:
    """The entry names them; it may be tried again, and then it has its label."""
    batch = planned(shop, 2)
    with shop.desk.repository.lease(batch.entries[0].order_id, "bob"):
        done = run_batch(shop.desk, batch.id, Watcher())

    assert ["not-bought", "bought"] == states(done)
    assert "bob" in done.entries[0].note
    shop.buy(batch.entries[0].order_id)
    assert ["skipped", "bought"] == states(retry_batch(shop.desk, batch.id, Watcher()))


def test_R21_retry_takes_only_what_certainly_did_not_happen(shop: Shop) -> None:
    """Not bought is queued again; not known is settled first and stays out while it is not."""
    batch = planned(shop, 3)
    shop.fault("purchaseShipment", "lost_before_effect")
    shop.control("faults", [{"operation": "purchaseShipment", "kind": "expired_offer", "nth": 2}])
    done = run_batch(shop.desk, batch.id, Watcher())
    assert ["unknown", "not-bought", "bought"] == states(done)
    shop.fault("getOrder", "error_500", times=3)

    again = retry_batch(shop.desk, batch.id, Watcher())

    assert ["unknown", "queued", "bought"] == states(again)
    assert ["bought", "bought", "bought"] == states(run_batch(shop.desk, batch.id, Watcher()))
    assert [1, 1, 1] == live(shop, again)


def test_R21_an_unknown_entry_is_settled_by_reading_never_by_buying(shop: Shop) -> None:
    """Settling adopts the label Amazon sold; it is the batch's money."""
    batch = planned(shop, 1)
    shop.fault("purchaseShipment", "lost_after_effect")
    run_batch(shop.desk, batch.id, Watcher())

    settled = settle_batch(shop.desk, batch.id, Watcher())

    assert ["bought"] == states(settled)
    assert [1] == live(shop, settled)
    assert batch.ceiling == settled.spent


def test_R21_what_reconcile_settled_elsewhere_is_read_from_the_journal(shop: Shop) -> None:
    """Somebody else settled the purchase: the batch learns it."""
    batch = planned(shop, 1)
    shop.fault("purchaseShipment", "lost_after_effect")
    run_batch(shop.desk, batch.id, Watcher())
    reconcile_purchases(shop.desk)

    assert ["bought"] == states(settle_batch(shop.desk, batch.id, Watcher()))


def test_R21_an_entry_begun_but_never_sent_is_bought_on_resume(shop: Shop) -> None:
    """The crash came between writing the entry down and asking: nothing had happened."""
    batch = planned(shop, 1)
    change(shop, batch, batch.entries[0].order_id, EntryState.BUYING)
    watcher = Watcher()

    done = run_batch(shop.desk, batch.id, watcher)

    assert [Activity.SETTLING, Activity.BUYING] == [p.activity for p in watcher.heard]
    assert ["bought"] == states(done)
    assert [1] == live(shop, done)


def test_R21_an_entry_bought_but_not_written_down_is_not_bought_again(shop: Shop) -> None:
    """The crash came after the label was journalled: resume reads it there."""
    batch = planned(shop, 1)
    shop.buy(batch.entries[0].order_id)
    change(shop, batch, batch.entries[0].order_id, EntryState.BUYING, journal_before=0)

    done = run_batch(shop.desk, batch.id, Watcher())

    assert ["bought"] == states(done)
    assert 1 == shop.calls("purchaseShipment")
    assert batch.ceiling == done.spent


def test_answers_that_never_come_stop_the_batch(shop: Shop) -> None:
    """After three in a row something is wrong out there: what is left stays queued."""
    batch = planned(shop, 5)
    shop.fault("purchaseShipment", "lost_before_effect", nth="every")

    done = run_batch(shop.desk, batch.id, Watcher())

    assert ["unknown"] * 3 + ["queued"] * 2 == states(done)


def test_giving_up_leaves_what_was_bought_and_what_is_not_known(shop: Shop) -> None:
    """Queued entries are skipped with the operator's name; the batch is over."""
    batch = planned(shop, 2)
    run_batch(shop.desk, batch.id, Watcher(turns=1))

    closed = close_batch(shop.desk, batch.id)

    assert ["bought", "skipped"] == states(closed)
    assert "Given up by tester." == closed.entries[1].note
    assert not closed.is_open
    said = [entry.action for entry in shop.desk.repository.audit()]
    assert {"batch planned", "batch run", "batch rests", "batch given up"} <= set(said)
