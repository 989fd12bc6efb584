"""The journal of a purchase: a machine without a way back."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from primetui.domain.label import LabelId, Purchase, PurchaseState, Step
from tests.domain.made import NOW, SECOND, journal

INTENT, SENT, UNKNOWN, POSTED, VOIDED = PurchaseState
WAYS = {
    (INTENT, SENT),
    (INTENT, VOIDED),
    (SENT, UNKNOWN),
    (SENT, POSTED),
    (SENT, VOIDED),
    (UNKNOWN, SENT),
    (UNKNOWN, POSTED),
    (UNKNOWN, VOIDED),
}


def to(state: PurchaseState) -> Step:
    """Make the step into a state."""
    return Step(state=state, at=NOW + SECOND, by="bob", note="test")


@pytest.mark.parametrize(("before", "after"), tuple(product(PurchaseState, PurchaseState)))
def test_R21_only_these_ways_exist(before: PurchaseState, after: PurchaseState) -> None:
    """R21: a purchase goes from intent to an end, never away from one; only unknown is resent."""
    purchase = journal(before)
    if (before, after) in WAYS:
        assert after is purchase.step(to(after)).state
    else:
        with pytest.raises(ValueError, match=f"from {before} to {after}"):
            purchase.step(to(after))


def test_R21_a_refusal_of_a_second_sending_ends_nothing() -> None:
    """R21: refused when first sent is not bought; refused when sent again proves nothing."""
    again = journal(SENT).step(to(UNKNOWN)).step(to(SENT))

    assert VOIDED is journal(SENT).step(to(VOIDED)).state
    with pytest.raises(ValueError, match="from sent to voided"):
        again.step(to(VOIDED))
    assert VOIDED is again.step(to(UNKNOWN)).step(to(VOIDED)).state


@pytest.mark.parametrize(
    ("states", "pending", "sent"),
    [
        ((INTENT,), True, False),
        ((INTENT, SENT), True, True),
        ((INTENT, SENT, UNKNOWN), True, True),
        ((INTENT, SENT, POSTED), False, True),
        ((INTENT, SENT, VOIDED), False, True),
        ((INTENT, SENT, UNKNOWN, POSTED), False, True),
        ((INTENT, SENT, UNKNOWN, VOIDED), False, True),
        ((INTENT, VOIDED), False, False),
    ],
)
def test_R21_pending_until_settled(
    states: tuple[PurchaseState, ...], *, pending: bool, sent: bool
) -> None:
    """R21: a purchase blocks another one exactly until it is posted or voided."""
    purchase = journal(*states)

    assert pending is purchase.is_pending
    assert (NOW + SECOND if sent else None) == purchase.sent_at


@given(st.lists(st.sampled_from(PurchaseState), max_size=12))
def test_R21_no_walk_leaves_the_machine(wishes: list[PurchaseState]) -> None:
    """R21: whatever is tried in whatever order, steps only add up along the ways that exist."""
    purchase = journal(INTENT)
    for wish in wishes:
        before = purchase
        try:
            purchase = purchase.step(to(wish))
        except ValueError:
            resent = before.state is SENT and UNKNOWN in [step.state for step in before.steps]
            assert (before.state, wish) not in WAYS or (resent and wish is VOIDED)
            continue
        assert before.steps == purchase.steps[:-1]
        assert before.is_pending

    walked = [step.state for step in purchase.steps]
    assert set(pairwise(walked)) <= WAYS
    assert walked.count(INTENT) == 1
    assert purchase.is_pending == (purchase.state not in {POSTED, VOIDED})


def test_R21_a_step_says_who_when_and_why() -> None:
    """R21: the journal names operator, moment and reason, and keeps its label."""
    bought = journal(INTENT, SENT).step(to(POSTED), LabelId("l1"))

    assert ("bob", NOW + SECOND, "test") == (
        bought.steps[-1].by,
        bought.steps[-1].at,
        bought.steps[-1].note,
    )
    assert LabelId("l1") == bought.label_id
    assert bought.order_id == bought.order.id


def test_R21_a_step_changes_no_earlier_value() -> None:
    """R21: the entry before a step stays what it was."""
    before = journal(INTENT)
    before.step(to(SENT))

    assert journal(INTENT) == before


def test_R21_a_journal_is_never_empty() -> None:
    """R21: an entry without a state is not an entry."""
    with pytest.raises(ValidationError, match="at least 1 item"):
        Purchase.model_validate(journal(INTENT).model_dump() | {"steps": ()})
