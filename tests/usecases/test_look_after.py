"""Look after what is open: by itself, only when a look could settle something, never noise."""

from primetui.domain.label import PurchaseState
from primetui.domain.notice import NoticeState
from primetui.errors import Busy, RepositoryError
from primetui.usecases.after_failure import stopped_purchase, stopped_void
from primetui.usecases.look_after import (
    LookedAfter,
    StillOpen,
    is_anything_open,
    look_after,
    still_open,
)
from primetui.usecases.purchase_label import NotBought, Unresolved
from primetui.usecases.reconcile_purchases import Dropped, Found
from primetui.usecases.void_label import NotVoided, Voided, VoidUnresolved, void_label
from tests.shop import Shop
from tests.usecases.outbox import notice, recorded

DISK = RepositoryError("The disk is full.")


def test_R21_a_lost_answer_is_found_by_itself(shop: Shop) -> None:
    """The label turns up, is written down once, and nothing is open any more."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "lost_after_effect")
    shop.buy(order_id)
    before = still_open(shop.desk)
    result = look_after(shop.desk)

    assert StillOpen(purchases=1) == before
    assert [Found] == [type(one) for one in result.purchases]
    assert StillOpen() == still_open(shop.desk)
    assert 1 == len(shop.desk.repository.labels(order_id))
    assert LookedAfter() == look_after(shop.desk)


def test_what_stays_open_is_no_news(shop: Shop) -> None:
    """R21: within the grace nothing is concluded and nothing told; after it, it is dropped."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "lost_before_effect")
    shop.buy(order_id)
    shop.clock.advance(minutes=11)
    early = look_after(shop.desk)
    shop.clock.advance(minutes=16)
    late = look_after(shop.desk)

    assert not early.is_news
    assert [Dropped] == [type(one) for one in late.purchases]
    assert PurchaseState.VOIDED is shop.desk.repository.purchases(order_id)[-1].state
    assert [] == shop.truth(order_id)["labels"]


def test_a_void_without_an_answer_is_asked_again(shop: Shop) -> None:
    """Asking again changes nothing more, and brings the answer."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", "lost_after_effect")
    void_label(shop.desk, order_id)
    before = still_open(shop.desk)
    result = look_after(shop.desk)

    assert StillOpen(voids=1) == before
    assert [Voided] == [type(one) for one in result.voids]
    assert not is_anything_open(shop.desk)


def test_R10_a_notice_is_told_when_due_and_its_end_is_news(shop: Shop) -> None:
    """Taken is not news; listed is. In between nothing is worth a look."""
    order_id = recorded(shop)
    due = still_open(shop.desk)
    taken = look_after(shop.desk)
    waits = is_anything_open(shop.desk)
    shop.clock.advance(minutes=11)
    listed = look_after(shop.desk)

    assert StillOpen(due_notices=1) == due
    assert not taken.is_news
    assert not waits
    assert [NoticeState.VERIFIED] == [one.state for one in listed.notices]
    assert NoticeState.VERIFIED is notice(shop, order_id).state


def test_a_notice_in_need_of_a_person_is_not_looked_at_again(shop: Shop) -> None:
    """It is counted, so that it can be shown; a look would not help it."""
    recorded(shop)
    shop.desk.repository.transact(
        lambda tx: tx.put_notice(tx.pending_notices()[0].fail("Refused."))
    )

    assert StillOpen(failed_notices=1) == still_open(shop.desk)
    assert not is_anything_open(shop.desk)


def test_a_held_order_is_left_alone(shop: Shop) -> None:
    """Somebody is at it: no news, and nothing is done to it."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "lost_after_effect")
    shop.buy(order_id)
    with shop.desk.repository.lease(order_id, "bob"):
        result = look_after(shop.desk)

    assert not result.is_news
    assert PurchaseState.UNKNOWN is shop.desk.repository.purchases(order_id)[-1].state


def test_a_purchase_that_stopped_is_judged_by_the_journal(shop: Shop) -> None:
    """R21: nothing in the journal is not bought; a sending without its answer is not known."""
    fresh, sent = shop.imported(), shop.imported()
    shop.fault("purchaseShipment", "lost_after_effect")
    shop.buy(sent)
    busy = Busy("bob", "2026-11-23 15:00 UTC")

    assert NotBought(str(DISK)) == stopped_purchase(shop.desk, fresh, DISK)
    assert NotBought(str(busy)) == stopped_purchase(shop.desk, fresh, busy)
    assert isinstance(stopped_purchase(shop.desk, sent, DISK), Unresolved)
    assert isinstance(stopped_purchase(shop.desk, sent, busy), Unresolved)


def test_a_void_that_stopped_is_judged_by_the_label(shop: Shop) -> None:
    """Live is not voided; asked without an answer is not known; without a label, neither."""
    none, live, asked = shop.imported(), shop.imported(), shop.imported()
    shop.buy(live)
    shop.buy(asked)
    shop.fault("cancelShipment", "lost_before_effect")
    void_label(shop.desk, asked)

    assert stopped_void(shop.desk, none, DISK) is None
    assert isinstance(stopped_void(shop.desk, live, DISK), NotVoided)
    assert isinstance(stopped_void(shop.desk, asked, DISK), VoidUnresolved)
