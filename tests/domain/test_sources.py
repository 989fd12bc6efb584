"""One order from several stores (R14): whose facts count, what the others add, what stays closed."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.domain.landing import land
from primetui.domain.order import (
    STANDING,
    CustomField,
    Fulfillment,
    Order,
    OrderRecord,
    OrderStatus,
    Origin,
    Prime,
)
from primetui.domain.shipment import Confirmation
from primetui.domain.sources import is_news, joined, not_reopened, noted
from primetui.domain.store import Account, Store, StoreId, StoreKind
from primetui.domain.value import Window
from tests.domain.made import DELIVER_BY, NOW, SHIP_BY, draft, item, listed, order, store, until

AMAZON = store(id=StoreId("us"), kind=StoreKind.AMAZON)
RITHUM = store(id=StoreId("ca"), kind=StoreKind.RITHUM, marketplace_id="32001234")
SECOND_PROFILE = store(id=StoreId("ca2"), kind=StoreKind.RITHUM, marketplace_id="32005678")
FILE = store(id=StoreId("file"), kind=StoreKind.MANUAL)
LATER = NOW + timedelta(hours=1)


def from_rithum(**changes: Any) -> Order:
    """Make the order as Rithum has it: no promise, no programs, the buyer's wish in words."""
    given: dict[str, Any] = {
        "store_id": RITHUM.id,
        "programs": (),
        "deliver_by": Window(),
        "requested_service": "Amazon Prime Standard",
        "origin": Origin(
            own_id="5000001",
            account="7001",
            custom_fields=(CustomField(name="Bay", value="4"),),
        ),
        "sales_channel": "Amazon US",
    }
    return order(**given | changes)


def kept(first: Order, by: Store, **changes: Any) -> OrderRecord:
    """Make the record of an order that one store brought."""
    landing = land(first, by, Account(), now=NOW)
    return OrderRecord(
        order=first,
        landing=landing,
        shipment=draft(),
        sources=noted((), first, by, NOW),
        **changes,
    )


def test_R14_amazons_facts_take_the_place_of_rithums() -> None:
    """R14: promise, Prime and store become Amazon's; the requested service stays known."""
    record = kept(from_rithum(prime=Prime.UNKNOWN), RITHUM)

    together = joined(record, order(prime=Prime.YES), AMAZON, RITHUM)

    assert AMAZON.id == together.store_id
    assert (Prime.YES, ("PRIME",)) == (together.prime, together.programs)
    assert DELIVER_BY == together.deliver_by.latest
    assert together.requested_service == "Amazon Prime Standard"


@pytest.mark.parametrize("active", [True, False])
def test_R14_rithum_only_fills_in_what_amazon_left_blank(*, active: bool) -> None:
    """R14: an order that Amazon's store holds keeps every fact but a blank requested service."""
    native = order()
    holder = AMAZON.model_copy(update={"active": active})
    wrong = from_rithum(
        prime=Prime.NO,
        fulfillment=Fulfillment.UNKNOWN,
        ship_by=until(LATER),
        unrecognised=("ShippingStatus: Teleported",),
    )

    together = joined(kept(native, AMAZON), wrong, RITHUM, holder)

    wish = {"requested_service": "Amazon Prime Standard"}
    assert native.model_copy(update=wish) == together


def test_R14_of_two_equals_the_first_stays_while_it_is_active() -> None:
    """R14: two profiles never take an order from each other; an idle one gives it up."""
    record = kept(from_rithum(), RITHUM)
    theirs = from_rithum(store_id=SECOND_PROFILE.id, requested_service="Prime NextDay")
    idle = RITHUM.model_copy(update={"active": False})

    assert RITHUM.id == joined(record, theirs, SECOND_PROFILE, RITHUM).store_id
    assert SECOND_PROFILE.id == joined(record, theirs, SECOND_PROFILE, idle).store_id


def test_R14_a_removed_amazon_store_leaves_what_only_it_could_tell() -> None:
    """R14: Rithum takes the order over, and native flag, promise and demands at the door stay."""
    signed = item(required_confirmation=Confirmation.SIGNATURE)
    native = order(items=(signed,), service_level="NEXT_DAY", label_from=NOW)
    record = kept(native, AMAZON)

    taken = joined(record, from_rithum(prime=Prime.NO, items=(item(),)), RITHUM, None)

    assert RITHUM.id == taken.store_id
    assert (Prime.YES, ("PRIME",)) == (taken.prime, taken.programs)
    assert (SHIP_BY, DELIVER_BY) == (taken.ship_by.latest, taken.deliver_by.latest)
    assert (Confirmation.SIGNATURE, "NEXT_DAY") == (taken.required_confirmation, "NEXT_DAY")
    assert NOW == taken.label_from


def test_R14_a_native_unknown_is_no_answer_to_keep() -> None:
    """R14: what Amazon could not tell either is left to the words of the requested service."""
    record = kept(order(prime=Prime.UNKNOWN), AMAZON)

    assert Prime.YES is joined(record, from_rithum(), RITHUM, None).prime


def test_R14_each_source_is_written_down_once_with_when_it_came() -> None:
    """R14: the first sight stays, the last one moves, nobody's entry is lost."""
    first = noted((), order(), AMAZON, NOW)
    both = noted(first, from_rithum(), RITHUM, LATER)
    again = noted(both, order(updated_at=NOW), AMAZON, LATER)

    assert [AMAZON.id, RITHUM.id] == [one.store_id for one in again]
    assert [(NOW, LATER), (LATER, LATER)] == [(s.first_seen, s.last_seen) for s in again]
    assert both[1] == again[1]
    assert ("5000001", "7001", "Amazon US") == (
        again[1].origin.own_id,
        again[1].origin.account,
        again[1].site,
    )
    assert (CustomField(name="Bay", value="4"),) == again[1].origin.custom_fields


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("updated_at", "expected"),
    [(NOW - SECOND, False), (NOW, True), (NOW + SECOND, True)],
)
def test_R14_a_source_is_newer_only_than_itself(updated_at: Any, *, expected: bool) -> None:
    """R14: clocks of two stores are not compared; a store's own older page is no news."""
    record = kept(order(updated_at=NOW), AMAZON)

    assert expected is is_news(record, order(updated_at=updated_at))
    assert is_news(record, from_rithum(updated_at=updated_at))


def test_R14_a_record_from_before_sources_is_compared_by_its_order() -> None:
    """R14: a document that lists no source is news of the store its facts are of."""
    old = kept(order(updated_at=NOW), AMAZON).model_copy(update={"sources": ()})

    assert not is_news(old, order(updated_at=NOW - SECOND))
    assert is_news(old, from_rithum(updated_at=NOW - SECOND))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Fulfillment.SHIPPED, Fulfillment.SHIPPED),
        (Fulfillment.CANCELLED, Fulfillment.CANCELLED),
        (Fulfillment.PARTIALLY_SHIPPED, Fulfillment.PARTIALLY_SHIPPED),
        (Fulfillment.PENDING, Fulfillment.UNSHIPPED),
        (Fulfillment.UNKNOWN, Fulfillment.UNSHIPPED),
        (Fulfillment.HELD, Fulfillment.UNSHIPPED),
    ],
)
def test_R14_what_another_source_calls_closed_is_not_reopened(
    said: Fulfillment, expected: Fulfillment
) -> None:
    """R14: an order Rithum calls shipped stays so though Amazon still waits; with its package."""
    package = listed(tracking_id="1ZOTHER")
    sources = noted((), from_rithum(fulfillment=said, packages=(package,)), RITHUM, NOW)

    seen = not_reopened(order(), sources, frozenset(), (AMAZON.id, RITHUM.id))

    assert expected is seen.fulfillment
    assert STANDING[expected] is seen.status
    closed = said in {Fulfillment.SHIPPED, Fulfillment.CANCELLED, Fulfillment.PARTIALLY_SHIPPED}
    assert (("1ZOTHER",) if closed else ()) == tuple(p.tracking_id for p in seen.packages)


def test_R14_our_own_voided_label_closes_nothing() -> None:
    """R14: Rithum was told of a label we voided: the order is open, for one that counts."""
    told = from_rithum(fulfillment=Fulfillment.SHIPPED, packages=(listed(tracking_id="1ZVOID"),))
    sources = noted((), told, RITHUM, NOW)
    stores = (AMAZON.id, RITHUM.id)

    assert order() == not_reopened(order(), sources, frozenset({"1ZVOID"}), stores)
    assert OrderStatus.SHIPPED is not_reopened(order(), sources, frozenset(), stores).status


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Fulfillment.SHIPPED, Fulfillment.UNSHIPPED),
        (Fulfillment.PARTIALLY_SHIPPED, Fulfillment.UNSHIPPED),
        (Fulfillment.CANCELLED, Fulfillment.CANCELLED),
    ],
)
def test_R14_shipped_without_a_parcel_was_our_voided_label(
    said: Fulfillment, expected: Fulfillment
) -> None:
    """R14: Rithum heard of the label from Amazon and not of its void; a cancellation stands."""
    sources = noted((), from_rithum(fulfillment=said), RITHUM, NOW)
    stores = (AMAZON.id, RITHUM.id)

    assert expected is not_reopened(order(), sources, frozenset({"1Z"}), stores).fulfillment
    assert said is not_reopened(order(), sources, frozenset(), stores).fulfillment


def test_R14_a_removed_store_closes_nothing() -> None:
    """R14: what a store said that nobody can ask any more holds no order up."""
    sources = noted((), from_rithum(fulfillment=Fulfillment.SHIPPED), RITHUM, NOW)

    assert order() == not_reopened(order(), sources, frozenset(), (AMAZON.id,))


SAID = st.sampled_from(Fulfillment)


@given(amazon=SAID, rithum=SAID, amazon_first=st.booleans())
def test_R14_it_does_not_matter_who_comes_first(
    *, amazon: Fulfillment, rithum: Fulfillment, amazon_first: bool
) -> None:
    """R14: facts and standing are the same whichever of the two brought the order first."""
    native = order(fulfillment=amazon, status=STANDING[amazon])
    other = from_rithum(fulfillment=rithum, status=STANDING[rithum])
    stores = {AMAZON.id: AMAZON, RITHUM.id: RITHUM}

    def together(first: Order, second: Order) -> Order:
        record = kept(first, stores[first.store_id])
        after = joined(record, second, stores[second.store_id], stores[first.store_id])
        sources = noted(record.sources, second, stores[second.store_id], NOW)
        return not_reopened(after, sources, frozenset(), stores)

    one, two = together(native, other), together(other, native)

    assert one == two
    assert AMAZON.id == one.store_id
    assert (one if amazon_first else two).requested_service == "Amazon Prime Standard"


@pytest.mark.parametrize(
    ("incoming", "holder"), list(product([AMAZON, RITHUM, FILE], [AMAZON, RITHUM, FILE]))
)
def test_R14_amazon_knows_best_then_rithum_then_a_file(incoming: Store, holder: Store) -> None:
    """R14: facts move up to a better store and never down while that one is there."""
    rank = {StoreKind.AMAZON: 2, StoreKind.RITHUM: 1, StoreKind.MANUAL: 0}
    record = kept(order(store_id=holder.id), holder)

    leads = joined(record, order(store_id=incoming.id), incoming, holder).store_id

    better = rank[incoming.kind] > rank[holder.kind]
    assert (incoming.id if better else holder.id) == leads
