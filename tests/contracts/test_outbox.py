"""What every Repository must do for the outbox and for voids nobody saw the answer of."""

from collections.abc import Callable

import pytest

from primetui.domain.label import LabelId, LabelState, Refund
from primetui.domain.notice import Notice, NoticeId, NoticeState, notice_of
from primetui.domain.order import Fulfillment, Landing, OrderRecord, OrderStatus
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import OrderId
from primetui.ports import OrderQuery, Repository, Writes
from tests.domain.made import NOW, ORDER_ID, draft, journal, label, order
from tests.domain.test_purchase import INTENT, POSTED, SENT

Opener = Callable[[], Repository]
HOSTILE = OrderId("111'; DROP TABLE doc; --\x1b[2J\"é\0")


def notice(number: int = 1, order_id: OrderId = ORDER_ID, **changes: object) -> Notice:
    """Make a notice of another carrier's label."""
    sold = label(id=LabelId(f"l{number}"), source=LabelSource.CARRIER)
    made = notice_of(sold, order(id=order_id), draft())
    assert made is not None
    return made.model_copy(update=changes)


@pytest.mark.parametrize("order_id", [ORDER_ID, HOSTILE])
def test_R10_a_notice_comes_back_as_it_was_kept(opener: Opener, order_id: OrderId) -> None:
    """R10: another process reads what this one wrote, whatever the order is called."""
    kept = notice(order_id=order_id, tracking_id="1Z\x1b[2J é")
    opener().transact(lambda tx: tx.put_notice(kept))
    later = opener()

    assert (kept,) == later.notices(order_id) == later.pending_notices()
    assert () == later.notices(OrderId("999"))


@pytest.mark.parametrize("state", NoticeState)
def test_R10_the_outbox_holds_what_is_not_done(repository: Repository, state: NoticeState) -> None:
    """R10: queued, sent and failed are in it; verified and withdrawn are not."""
    repository.transact(lambda tx: tx.put_notice(notice()))
    repository.transact(lambda tx: tx.put_notice(notice(state=state)))

    done = state in {NoticeState.VERIFIED, NoticeState.WITHDRAWN}

    assert done is not bool(repository.pending_notices())
    assert [state] == [one.state for one in repository.notices(ORDER_ID)]


def test_R10_one_label_has_one_notice_however_often_it_is_put(repository: Repository) -> None:
    """R10: the second writing replaces the first, and the oldest stays first."""

    def keep(tx: Writes) -> None:
        tx.put_notice(notice(1))
        tx.put_notice(notice(2))
        tx.put_notice(notice(1, attempts=1))

    repository.transact(keep)

    assert [("l1", 1), ("l2", 0)] == [(n.id, n.attempts) for n in repository.notices(ORDER_ID)]


def test_R10_a_transaction_sees_its_own_notice_and_may_take_it_back(repository: Repository) -> None:
    """R10: a label that is not kept in the end leaves no notice either."""

    def fail(tx: Writes) -> None:
        tx.put_notice(notice())
        assert 1 == len(tx.notices(ORDER_ID)) == len(tx.pending_notices())
        raise KeyError("change of mind")

    with pytest.raises(KeyError):
        repository.transact(fail)

    assert () == repository.notices(ORDER_ID)


@pytest.mark.parametrize("state", LabelState)
def test_R21_only_voids_without_an_answer_are_unsettled(
    repository: Repository, state: LabelState
) -> None:
    """R21: a label whose void is out is found by its state; live and voided ones are not."""
    repository.transact(lambda tx: tx.put_label(label(state=state)))

    found = repository.voiding_labels()

    assert ([label(state=state)] if state is LabelState.VOIDING else []) == list(found)


@pytest.mark.parametrize("state", LabelState)
def test_R9_a_label_stands_until_it_is_voided(repository: Repository, state: LabelState) -> None:
    """R9: a manifest is made of what stands, also while a void is out."""
    repository.transact(lambda tx: tx.put_label(label(state=state)))

    assert (state is not LabelState.VOIDED) is bool(repository.live_labels())


@pytest.mark.parametrize("refund", Refund)
def test_R9_only_a_pending_refund_of_a_voided_label_is_asked_after(
    repository: Repository, refund: Refund
) -> None:
    """R9: what was applied, refused, or is told by nobody is settled for us."""
    voided = label(state=LabelState.VOIDED, voided_at=NOW, refund=refund)
    alive = label(id=LabelId("l2"), refund=refund)

    def keep(tx: Writes) -> None:
        tx.put_label(voided)
        tx.put_label(alive)

    repository.transact(keep)

    found = repository.refunding_labels()

    assert ([voided] if refund is Refund.PENDING else []) == list(found)


@pytest.mark.parametrize(
    ("fulfillment", "state", "warned"),
    [
        (Fulfillment.SHIPPED, LabelState.LIVE, False),
        (Fulfillment.CANCELLED, LabelState.LIVE, True),
        (Fulfillment.CANCELLED, LabelState.VOIDED, False),
    ],
)
def test_R18_a_row_warns_of_a_label_that_must_be_voided(
    repository: Repository, fulfillment: Fulfillment, state: LabelState, *, warned: bool
) -> None:
    """R18: the grid shows it as soon as the order or its label is kept."""
    landing = Landing(status=OrderStatus.AWAITING_SHIPMENT, why="Not Prime.", at=NOW)
    kept = order(status=OrderStatus.SHIPPED, fulfillment=fulfillment)

    def keep(tx: Writes) -> None:
        tx.put_order(OrderRecord(order=kept, landing=landing, shipment=draft()))
        tx.put_label(label(state=state))

    repository.transact(keep)

    (row,) = repository.order_rows(OrderQuery(), 0, 1)
    assert warned is ("void needed" in row.warnings)


def sold(tx: Writes, source: LabelSource) -> None:
    """Keep a posted purchase with its label."""
    tx.put_purchase(journal(INTENT, SENT, POSTED).model_copy(update={"label_id": LabelId("l1")}))
    tx.put_label(label(source=source))


@pytest.mark.parametrize(
    ("source", "told", "problems"),
    [
        (LabelSource.CARRIER, True, ()),
        (LabelSource.CARRIER, False, ("Label l1 has no notice.",)),
        (LabelSource.BUY_SHIPPING, False, ()),
        (LabelSource.BUY_SHIPPING, True, ("Label l1 needs no notice and has one.",)),
        (LabelSource.AMAZON_SHIPPING, False, ()),
    ],
)
def test_R10_the_check_finds_a_label_nobody_is_told_of(
    repository: Repository, source: LabelSource, problems: tuple[str, ...], *, told: bool
) -> None:
    """R10: exactly the labels that Amazon did not sell have a notice."""

    def keep(tx: Writes) -> None:
        sold(tx, source)
        if told:
            tx.put_notice(notice().model_copy(update={"id": NoticeId("l1")}))

    repository.transact(keep)

    assert problems == repository.check().problems
