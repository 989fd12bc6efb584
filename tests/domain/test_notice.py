"""The outbox entry: when it is due, how long it waits, and that it never tells of two packages."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.domain.label import LabelId, LabelState, void_needed
from primetui.domain.notice import Notice, NoticeState, is_listed, notice_of, pause, reference_of
from primetui.domain.order import Fulfillment, OrderStatus
from primetui.domain.policy import Policy
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import ItemId, PackedItem
from tests.domain.made import NOW, SECOND, draft, item, label, listed, order, packed

POLICY = Policy()
MINUTE = timedelta(minutes=1)
QUEUED, SENT, VERIFIED, FAILED, WITHDRAWN = NoticeState
WAYS = {
    *((QUEUED, after) for after in NoticeState),
    (SENT, SENT),
    (SENT, VERIFIED),
    (SENT, FAILED),
    (SENT, WITHDRAWN),
    (FAILED, QUEUED),
    (FAILED, VERIFIED),
    (FAILED, WITHDRAWN),
}


def notice(**changes: object) -> Notice:
    """Make a notice of a label of another carrier, due at once."""
    made = notice_of(label(source=LabelSource.CARRIER), order(), draft())
    assert made is not None
    return made.model_copy(update=changes)


@pytest.mark.parametrize("source", LabelSource)
def test_R10_only_a_label_that_amazon_did_not_sell_has_a_notice(source: LabelSource) -> None:
    """R10: Amazon knows of its own labels; of any other it must be told."""
    made = notice_of(label(source=source), order(), draft())

    assert (source is LabelSource.CARRIER) is (made is not None)


def test_R10_a_notice_says_what_the_label_is() -> None:
    """R10: everything that is to be told is in it, and it is due when the delay is over."""
    sold = label(source=LabelSource.CARRIER)

    made = notice_of(sold, order(), draft(), delay=timedelta(hours=2))

    assert made is not None
    assert ("l1", "l1", "1Z1", "UPS", sold.bought_at) == (
        made.id,
        made.label_id,
        made.tracking_id,
        made.carrier,
        made.shipped_at,
    )
    assert (
        PackedItem(item_id=ItemId("11"), quantity=1),
        PackedItem(item_id=ItemId("22"), quantity=2),
    ) == made.items
    assert sold.bought_at + timedelta(hours=2) == made.due_at == made.next_at


def test_R10_a_notice_tells_of_what_is_left_or_what_is_packed() -> None:
    """R10: what was shipped before is not told again, and a packed box tells of its contents."""
    partly = order(items=(item(quantity=3, quantity_shipped=2), item(id=ItemId("22"), quantity=0)))
    left = notice_of(label(source=LabelSource.CARRIER), partly, draft())
    boxed = notice_of(
        label(source=LabelSource.CARRIER), order(), draft(packages=(packed(("22", 2)),))
    )

    assert left is not None
    assert boxed is not None
    assert (PackedItem(item_id=ItemId("11"), quantity=1),) == left.items
    assert (PackedItem(item_id=ItemId("22"), quantity=2),) == boxed.items


@pytest.mark.parametrize(
    ("offset", "due"), [(-SECOND, False), (0 * SECOND, True), (SECOND, True)], ids=str
)
@pytest.mark.parametrize("state", NoticeState)
def test_R10_a_notice_is_due_from_its_very_second_on(
    state: NoticeState, offset: timedelta, *, due: bool
) -> None:
    """R10: a second before nothing is done; at it and after it, if it goes on by itself."""
    waiting = notice(state=state, next_at=NOW)

    assert (due and state in {QUEUED, SENT}) is waiting.is_due(NOW + offset)


@pytest.mark.parametrize(
    ("tries", "minutes"),
    [(0, 1), (1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (1000, 60), (10**9, 60)],
)
def test_R10_the_pause_doubles_up_to_its_cap(tries: int, minutes: int) -> None:
    """R10: a minute, two, four, … and never more than an hour, however long it goes on."""
    assert minutes * MINUTE == pause(tries, POLICY)


@pytest.mark.parametrize(
    ("wait", "expected"),
    [(None, MINUTE), (59 * SECOND, MINUTE), (MINUTE, MINUTE), (61 * SECOND, 61 * SECOND)],
)
def test_R10_a_longer_wish_of_the_marketplace_is_honoured(
    wait: timedelta | None, expected: timedelta
) -> None:
    """R10: a Retry-After beyond our own pause counts, a shorter one does not."""
    until = None if wait is None else NOW + wait

    off = notice().begin(NOW, POLICY).put_off("Throttled.", until=until)

    assert (QUEUED, NOW + expected, "Throttled.") == (off.state, off.next_at, off.reason)


def test_R10_a_sending_is_counted_before_it_is_made() -> None:
    """R10: a sender that dies leaves a notice that is sent again later, and known to be."""
    begun = notice().begin(NOW, POLICY)

    assert (False, True) == (notice().may_be_known, begun.may_be_known)
    assert (QUEUED, 1, NOW + MINUTE) == (begun.state, begun.attempts, begun.next_at)


@pytest.mark.parametrize(("looks", "state"), [(0, SENT), (1, SENT), (2, FAILED)])
def test_R10_a_package_that_stays_away_was_dropped(looks: int, state: NoticeState) -> None:
    """R10: two looks in vain wait for another, the third gives it to a person with the reason."""
    looked = notice(state=SENT, looks=looks).missing(NOW, POLICY, "Dropped.")

    assert (state, looks + 1) == (looked.state, looked.looks)
    assert ("Dropped." if state is FAILED else "") == looked.reason
    assert (NOW + POLICY.notice_look_after == looked.next_at) is (state is SENT)


def test_R10_an_unreadable_order_is_no_look() -> None:
    """R10: not being able to look says nothing about the package."""
    unseen = notice(state=SENT, looks=2).unseen(NOW, POLICY, "No answer.")

    assert (SENT, 2, "No answer.") == (unseen.state, unseen.looks, unseen.reason)
    assert NOW + POLICY.notice_look_after == unseen.next_at


def test_R10_a_person_may_send_it_again_under_another_name() -> None:
    """R10: asked for by hand it is due at once, waits shortly again, and stays the same package."""
    stuck = notice(state=FAILED, attempts=9, tries=9, next_at=NOW + timedelta(days=1), reason="No.")

    again = stuck.retry(NOW, "Evri")

    assert (QUEUED, "Evri", "", NOW) == (again.state, again.carrier, again.reason, again.next_at)
    assert NOW + MINUTE == again.begin(NOW, POLICY).next_at
    assert (stuck.reference, 9) == (again.reference, again.attempts)
    assert stuck.carrier == stuck.retry(NOW).carrier


def go(start: Notice, to: NoticeState) -> Notice:
    """Take the step that leads to a state."""
    if to is QUEUED:
        return start.retry(NOW)
    if to is SENT and start.state is SENT:
        return start.unseen(NOW, POLICY, "")
    if to is SENT:
        return start.sent(NOW, POLICY)
    if to is VERIFIED:
        return start.verified()
    return start.fail("x") if to is FAILED else start.withdraw("x")


@pytest.mark.parametrize(("before", "after"), tuple(product(NoticeState, NoticeState)))
def test_R10_only_these_ways_exist(before: NoticeState, after: NoticeState) -> None:
    """R10: what is verified or withdrawn stays so; what was taken is not sent by itself again."""
    start = notice(state=before)
    if (before, after) in WAYS:
        assert after is go(start, after).state
    else:
        with pytest.raises(ValueError, match=f"from {before} to {after}"):
            go(start, after)


@given(st.text())
def test_R10_a_reference_is_a_positive_number_and_always_the_same(id_: str) -> None:
    """R10: Amazon takes positive numbers only, and the same one again is an edit."""
    reference = reference_of(LabelId(id_))

    assert reference == reference_of(LabelId(id_))
    assert 100_000_000 <= int(reference) <= 999_999_999
    assert reference == str(int(reference))


def test_R10_labels_have_references_of_their_own() -> None:
    """R10: a thousand labels, a thousand numbers."""
    assert 1000 == len({reference_of(LabelId(f"label-{n}")) for n in range(1000)})


@pytest.mark.parametrize("attempts", [0, 1])
def test_R10_a_relabelled_order_keeps_a_number_the_marketplace_may_know(attempts: int) -> None:
    """R10: the new tracking replaces the old one; a notice nobody heard of leaves no trace."""
    first = notice(state=WITHDRAWN, attempts=attempts)
    second = label(id=LabelId("l2"), source=LabelSource.CARRIER, tracking_id="1Z2")

    made = notice_of(second, order(), draft(), earlier=(first,))

    assert made is not None
    assert (first.reference if attempts else reference_of(second.id)) == made.reference


@pytest.mark.parametrize(
    ("tracking_id", "status", "found"),
    [
        ("1Z1", "PENDING", True),
        ("1z 1 ", "DELIVERED", True),
        ("1Z1", "CANCELLED", False),
        ("1Z12", "PENDING", False),
        ("", "PENDING", False),
    ],
)
def test_R10_a_package_is_found_however_its_number_is_written(
    tracking_id: str, status: str, *, found: bool
) -> None:
    """R10: blanks and small letters do not hide it; a cancelled or another one is not it."""
    shown = order(packages=(listed(tracking_id=tracking_id, status=status),))

    assert found is is_listed(notice(), shown)


@pytest.mark.parametrize(
    ("facts", "needed"),
    [
        ({}, False),
        ({"status": OrderStatus.SHIPPED}, False),
        ({"status": OrderStatus.SHIPPED, "fulfillment": Fulfillment.CANCELLED}, True),
        ({"status": OrderStatus.CANCELLED}, True),
        ({"cancellation_requested": True}, True),
        ({"items": (item(cancellation_requested=True),)}, True),
    ],
)
@pytest.mark.parametrize("state", LabelState)
def test_R18_a_live_label_of_a_cancelled_order_needs_a_void(
    facts: dict[str, object], state: LabelState, *, needed: bool
) -> None:
    """R18: only a live label does; one whose void was asked for is being dealt with."""
    expected = needed and state is LabelState.LIVE

    assert expected is void_needed(order(**facts), label(state=state))
