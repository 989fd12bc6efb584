"""A batch: steps that exist, money at stake, limits to the cent (R21)."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.domain.batch import (
    AT_STAKE,
    RETRYABLE,
    Batch,
    BatchId,
    Broken,
    Chosen,
    Entry,
    EntryState,
    Limits,
    Why,
)
from primetui.domain.money import Money
from primetui.domain.rate import RateId
from primetui.domain.shipment import OrderId
from primetui.domain.violations import ArrivesTooLate, WeightMissing
from tests.domain.made import DELIVER_BY, NOW, usd

Q, BUYING, BOUGHT, REFUSED, NOT, UNKNOWN, SKIPPED = EntryState
ALLOWED = {
    Q: {Q, BUYING, REFUSED, NOT, SKIPPED},
    BUYING: {Q, BOUGHT, REFUSED, NOT, UNKNOWN, SKIPPED},
    UNKNOWN: {UNKNOWN, BOUGHT, NOT, SKIPPED},
    REFUSED: {Q, REFUSED, NOT, SKIPPED},
    NOT: {Q, REFUSED, NOT, SKIPPED},
    BOUGHT: set(),
    SKIPPED: set(),
}


def chosen(charge: Money) -> Chosen:
    """Make an offer as it was shown."""
    return Chosen(rate_id=RateId("r1"), carrier="UPS", service="Ground", charge=charge)


def an_entry(number: int = 1, state: EntryState = Q, charge: str | Money = "8.40") -> Entry:
    """Make an entry that was rated."""
    money = usd(charge) if isinstance(charge, str) else charge
    return Entry(order_id=OrderId(f"order-{number}"), state=state, chosen=chosen(money))


def a_batch(*entries: Entry, limits: Limits | None = None) -> Batch:
    """Make a batch."""
    return Batch(
        id=BatchId("b1"),
        made_at=NOW,
        made_by="ann",
        limits=limits or Limits(),
        entries=entries,
    )


@pytest.mark.parametrize(("start", "end"), list(product(EntryState, EntryState)))
def test_R21_an_entry_takes_only_steps_that_exist(start: EntryState, end: EntryState) -> None:
    """What is not known is never queued again, and nothing is bought but by way of buying."""
    entry = an_entry(state=start)

    if end in ALLOWED[start]:
        assert end is entry.step(end).state
    else:
        with pytest.raises(ValueError, match="cannot go"):
            entry.step(end)


def test_R21_only_what_certainly_did_not_happen_may_be_tried_again() -> None:
    """Of all ends, only a refusal and a purchase that was not made lead back to the queue."""
    ends = {s for s in EntryState if s not in {Q, BUYING}}

    assert {REFUSED, NOT} == RETRYABLE == {s for s in ends if Q in ALLOWED[s]}


def test_a_step_forgets_what_was_said_of_the_state_before() -> None:
    """An entry that was refused and is queued again has no reason any more; its offer stays."""
    refused = an_entry().refused(Why.DEARER, asked=usd("9.00"), note="dearer")

    assert an_entry() == refused.step(Q)


@pytest.mark.parametrize("state", EntryState)
def test_R21_what_may_have_happened_counts_as_spent(state: EntryState) -> None:
    """Buying and unknown count with what was shown, bought with what was paid, others not."""
    entry = an_entry(state=state)
    paid = entry.model_copy(update={"paid": usd("8.00")})

    assert (usd("8.40") if state in AT_STAKE else None) == entry.at_stake
    assert (usd("8.00") if state in AT_STAKE else None) == paid.at_stake


@pytest.mark.parametrize(
    ("spent", "charge", "fits"),
    [
        ("10.00", "4.99", True),
        ("10.00", "5.00", True),
        ("10.00", "5.01", False),
        ("15.00", "0.00", True),
        ("15.01", "0.00", False),
    ],
)
@pytest.mark.parametrize("state", sorted(AT_STAKE))
def test_the_limit_holds_to_the_cent(
    state: EntryState, spent: str, charge: str, *, fits: bool
) -> None:
    """A cent below and the very limit fit; a cent above does not, whatever the money at stake."""
    limits = Limits(in_all=(usd("15.00"),))
    batch = a_batch(an_entry(1, state, spent), limits=limits)

    assert fits is batch.has_room(usd(charge))


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        ((), True),
        ((usd("8.40"),), True),
        ((usd("8.39"),), False),
        ((Money(amount=Decimal(99), currency="GBP"),), False),
        ((Money(amount=Decimal(1), currency="GBP"), usd("8.40")), True),
    ],
)
def test_a_limit_in_one_currency_allows_nothing_in_another(
    limits: tuple[Money, ...], *, fits: bool
) -> None:
    """Where limits are given, a currency without one has none to spend; for a label and in all."""
    given_limits = Limits(per_label=limits, in_all=limits)

    assert fits is given_limits.allow_label(usd("8.40"))
    assert fits is a_batch(limits=given_limits).has_room(usd("8.40"))


def test_a_plan_refuses_what_no_room_is_left_for_in_the_order_given() -> None:
    """Earlier entries come first; one too dear is refused, a cheaper one after it may fit."""
    entries = [an_entry(n, charge=c) for n, c in enumerate(["6.00", "5.00", "4.00", "0.01"])]

    planned = a_batch(*entries, limits=Limits(in_all=(usd("10.00"),))).within_limits()

    assert [Q, REFUSED, Q, REFUSED] == [entry.state for entry in planned.entries]
    assert {Why.OVER_BATCH_LIMIT} == {entry.why for entry in planned.of(REFUSED)}
    assert (usd("10.00"),) == planned.to_spend == planned.ceiling


def test_totals_are_one_sum_a_currency() -> None:
    """Pounds and dollars are not added."""
    pounds = Money(amount=Decimal("3.10"), currency="GBP")
    batch = a_batch(an_entry(1), an_entry(2, BOUGHT, pounds), an_entry(3, UNKNOWN))

    assert (pounds, usd("8.40")) == batch.spent
    assert (usd("8.40"),) == batch.to_spend
    assert (pounds, usd("16.80")) == batch.ceiling
    assert {Q: 1, BOUGHT: 1, UNKNOWN: 1} == dict(batch.counts)


@pytest.mark.parametrize("state", EntryState)
def test_a_batch_is_open_once_begun_and_until_nothing_is_left(state: EntryState) -> None:
    """A mere plan is not unfinished; what is queued, being bought or not known is."""
    plan = a_batch(an_entry(state=state))

    assert not plan.is_open
    assert (state in {Q, BUYING, UNKNOWN}) is plan.model_copy(update={"started_at": NOW}).is_open


def test_a_violation_is_kept_with_its_facts() -> None:
    """Code, words and moments are there to say it again, in a document too."""
    late = Broken.of(ArrivesTooLate(arrives_by=NOW, deliver_by=DELIVER_BY))

    assert "PRM201" == late.code
    assert {"arrives_by": NOW, "deliver_by": DELIVER_BY} == late.moments
    assert late == Broken.model_validate_json(late.model_dump_json())
    assert {"number": "2"} == Broken.of(WeightMissing(number=2)).words


charges = st.decimals(min_value=0, max_value=50, places=2)


@given(
    limit=charges,
    turns=st.lists(st.tuples(charges, st.sampled_from([BOUGHT, UNKNOWN, NOT, Q])), max_size=30),
)
def test_R21_whatever_becomes_of_entries_the_limit_is_never_passed(
    limit: Decimal, turns: list[tuple[Decimal, EntryState]]
) -> None:
    """Bought, lost or refused in any order: what may have been spent stays within the limit."""
    batch = a_batch(
        *(an_entry(n, charge=usd(str(charge))) for n, (charge, _) in enumerate(turns)),
        limits=Limits(in_all=(usd(str(limit)),)),
    )
    for entry, (charge, end) in zip(batch.entries, turns, strict=True):
        if batch.has_room(usd(str(charge))):
            batch = batch.put(entry.step(BUYING).step(end))

        assert all(money <= usd(str(limit)) for money in batch.spent)
