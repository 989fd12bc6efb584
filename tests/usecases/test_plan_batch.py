"""Planning a batch: what would be bought, what not and why, before anything is (R2, R5, R21)."""

from decimal import Decimal

import pytest

from primetui.domain.batch import EntryState, Limits, Why
from primetui.domain.money import Money
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError
from primetui.usecases.batch_control import Activity, Progress
from primetui.usecases.plan_batch import find_batch, plan_batch
from tests.shop import Shop
from tests.watching import Watcher, states

CENT = Decimal("0.01")


def test_a_plan_names_the_cheapest_and_every_refusal_and_buys_nothing(shop: Shop) -> None:
    """One that can be bought, one cancelled, one view only, one with a label, one unknown here."""
    good = shop.imported()
    cancelled = shop.imported(status="CANCELLED")
    labelled = shop.imported()
    shop.buy(labelled)
    calls = shop.calls("purchaseShipment")
    ids = [good, cancelled, labelled, OrderId("000-0000000-0000000"), good]

    batch = plan_batch(shop.desk, ids, Limits(), Watcher())

    assert ["queued", "refused", "skipped", "refused"] == states(batch)
    cheapest = shop.quotes(good).allowed[0]
    assert batch.entries[0].chosen is not None
    assert cheapest.charge == batch.entries[0].chosen.charge
    assert (cheapest.charge,) == batch.ceiling
    assert "PRM103" in [broken.code for broken in batch.entries[1].broken]
    assert "Import first" in batch.entries[3].note
    assert calls == shop.calls("purchaseShipment")
    assert batch == shop.desk.repository.batch(batch.id)
    assert not shop.desk.repository.open_batches()


def test_R2_what_is_view_only_is_refused_without_a_call(empty_shop: Shop) -> None:
    """A Prime order in Pending Fulfillment is refused in batches too."""
    early = {"connected_at": empty_shop.clock.now().replace(year=2020)}
    empty_shop.connect(**early)
    order_id = empty_shop.imported()

    batch = plan_batch(empty_shop.desk, [order_id], Limits(), Watcher())

    assert ["PRM102"] == [broken.code for broken in batch.entries[0].broken]
    assert 0 == empty_shop.calls("getRates")


@pytest.mark.parametrize(("more", "queued"), [(-CENT, 0), (Decimal(0), 1), (CENT, 1)])
@pytest.mark.parametrize("which", ["per_label", "in_all"])
def test_a_limit_is_applied_to_the_cent_before_buying(
    shop: Shop, which: str, more: Decimal, queued: int
) -> None:
    """A cent below the charge refuses it, the charge itself and a cent above let it pass."""
    order_id = shop.imported()
    charge = shop.quotes(order_id).allowed[0].charge
    limit = Money(amount=charge.amount + more, currency=charge.currency)

    batch = plan_batch(shop.desk, [order_id], Limits(**{which: (limit,)}), Watcher())

    assert queued == len(batch.of(EntryState.QUEUED))
    why = Why.OVER_LABEL_LIMIT if which == "per_label" else Why.OVER_BATCH_LIMIT
    assert (None if queued else why) == batch.entries[0].why


@pytest.mark.parametrize("kind", ["html", "error_500", "truncated", "garbled"])
def test_rates_that_do_not_come_leave_the_others_alone(shop: Shop, kind: str) -> None:
    """The entry says that nothing was bought and why; the next order is rated."""
    ids = [shop.imported(), shop.imported()]
    shop.fault("getRates", kind, times=3)

    batch = plan_batch(shop.desk, ids, Limits(), Watcher())

    assert ["not-bought", "queued"] == states(batch)
    assert batch.entries[0].note.startswith("No rates could be fetched.")


def test_a_pause_that_is_asked_for_is_waited_for(shop: Shop) -> None:
    """Throttling is no error of any entry: the wait is told of, and the rates come after it."""
    order_id = shop.imported()
    shop.fault("getRates", "throttle", retry_after=0.2, times=3)
    watcher = Watcher()

    batch = plan_batch(shop.desk, [order_id], Limits(), watcher)

    assert ["queued"] == states(batch)
    assert [order_id] == watcher.orders(Activity.WAITING)
    assert [0.2] == watcher.waited


def test_progress_is_told_and_may_cancel_it(shop: Shop) -> None:
    """Each order is named before it is rated; what the callback raises leaves no plan behind."""
    ids = [shop.imported() for _ in range(3)]

    def give_up(progress: Progress) -> None:
        if progress.number == 2:
            raise KeyboardInterrupt

    watcher = Watcher()
    watcher.on_tell = give_up
    with pytest.raises(KeyboardInterrupt):
        plan_batch(shop.desk, ids, Limits(), watcher)

    assert [(1, 3), (2, 3)] == [(p.number, p.count) for p in watcher.heard]
    assert ids[:2] == watcher.orders(Activity.RATING)
    assert () == shop.desk.repository.batches()


def test_a_batch_is_found_by_how_its_id_begins(shop: Shop) -> None:
    """Typing a few letters is enough; none or several say so."""
    order_id = shop.imported()
    one = plan_batch(shop.desk, [order_id], Limits(), Watcher())
    plan_batch(shop.desk, [order_id], Limits(), Watcher())

    assert one == find_batch(shop.desk, one.id) == find_batch(shop.desk, one.id[:12])
    with pytest.raises(ConfigError, match="No batch"):
        find_batch(shop.desk, "nothing")
    with pytest.raises(ConfigError, match="More than one"):
        find_batch(shop.desk, "")
    with pytest.raises(ConfigError, match="at least one order"):
        plan_batch(shop.desk, [], Limits(), Watcher())
