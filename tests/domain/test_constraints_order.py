"""The order and its time: each constraint a second before, at and after its boundary."""

from datetime import timedelta
from typing import Any

import pytest

from primetui.domain.constraints import Candidate, violations
from primetui.domain.order import FulfilledBy, Fulfillment, OrderStatus, Prime
from primetui.domain.value import Window
from tests.domain.made import (
    DELIVER_BY,
    FETCHED,
    NOW,
    SECOND,
    SHIP_BY,
    candidate,
    codes,
    item,
    listed,
    promised,
    until,
)

ORDINARY = {"prime": Prime.NO, "programs": ()}


def test_R5_nothing_is_wrong_with_a_good_candidate() -> None:
    """R5: any carrier's service that is in time passes every constraint."""
    assert set() == codes(candidate())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"fulfilled_by": FulfilledBy.AMAZON}, {"PRM101"}),
        ({"fulfilled_by": FulfilledBy.AMAZON, "prime": Prime.NO}, {"PRM101"}),
        ({"programs": ("PRIME", "AMAZON_EASY_SHIP")}, {"PRM101"}),
        ({"programs": ("DELIVERY_BY_AMAZON",)}, {"PRM101"}),
        ({"programs": ("IN_STORE_PICK_UP",)}, {"PRM101"}),
        ({"programs": ("PRIME", "AMAZON_BUSINESS", "PREMIUM", "PREORDER")}, set()),
        ({"prime": Prime.UNKNOWN}, {"PRM111"}),
        (ORDINARY, set()),
    ],
)
def test_R5_only_our_own_orders(changes: dict[str, Any], expected: set[str]) -> None:
    """R5: the word PRIME alone does not make an order ours to ship."""
    assert expected == codes(candidate(changes))


@pytest.mark.parametrize("prime", list(Prime))
def test_R2_pending_fulfillment_is_view_only(prime: Prime) -> None:
    """R2: an order in Pending Fulfillment is refused with the reason, with a rate and without."""
    asked = candidate({"status": OrderStatus.PENDING_FULFILLMENT, "prime": prime})
    without_rate = Candidate(asked.order, asked.shipment, None, NOW)

    assert "PRM102" in codes(asked)
    assert "PRM102" in codes(without_rate)


@pytest.mark.parametrize(
    ("status", "fulfillment", "expected"),
    [
        (OrderStatus.AWAITING_SHIPMENT, Fulfillment.UNSHIPPED, set()),
        (OrderStatus.AWAITING_PAYMENT, Fulfillment.UNSHIPPED, {"PRM107"}),
        (OrderStatus.AWAITING_SHIPMENT, Fulfillment.PENDING, {"PRM107"}),
        (OrderStatus.AWAITING_SHIPMENT, Fulfillment.PENDING_AVAILABILITY, {"PRM107"}),
        (OrderStatus.ON_HOLD, Fulfillment.UNSHIPPED, {"PRM108"}),
        (OrderStatus.AWAITING_SHIPMENT, Fulfillment.UNFULFILLABLE, {"PRM108"}),
        (OrderStatus.CANCELLED, Fulfillment.UNSHIPPED, {"PRM103"}),
        (OrderStatus.AWAITING_SHIPMENT, Fulfillment.CANCELLED, {"PRM103"}),
        (OrderStatus.SHIPPED, Fulfillment.UNSHIPPED, {"PRM105"}),
        (OrderStatus.AWAITING_SHIPMENT, Fulfillment.SHIPPED, {"PRM105"}),
        (OrderStatus.AWAITING_SHIPMENT, Fulfillment.UNKNOWN, {"PRM112"}),
        (OrderStatus.PENDING_FULFILLMENT, Fulfillment.CANCELLED, {"PRM102", "PRM103"}),
    ],
)
def test_R18_where_the_order_stands(
    status: OrderStatus, fulfillment: Fulfillment, expected: set[str]
) -> None:
    """R18: whichever of our status and Amazon's is the stricter one decides."""
    assert expected == codes(candidate({"status": status, "fulfillment": fulfillment}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cancellation_requested": True}, {"PRM104"}),
        ({"items": (item(cancellation_requested=True), item(id="22"))}, {"PRM104"}),
        ({"cancellation_requested": True, "fulfillment": Fulfillment.CANCELLED}, {"PRM103"}),
        (ORDINARY | {"cancellation_requested": True}, {"PRM104"}),
    ],
)
def test_R18_cancellation(changes: dict[str, Any], expected: set[str]) -> None:
    """R18: a request to cancel stops the purchase until it is answered."""
    assert expected == codes(candidate(changes))


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ((), set()),
        ((listed(status="CANCELLED"),), set()),
        ((listed(status="cancelled"), listed(status="Canceled")), set()),
        ((listed(),), {"PRM106"}),
        ((listed(status=""),), {"PRM106"}),
        ((listed(status="A_NEW_WORD"),), {"PRM106"}),
        ((listed(status="CANCELLED"), listed(status="DELIVERED")), {"PRM106"}),
    ],
)
def test_R21_a_listed_package_blocks(packages: tuple[Any, ...], expected: set[str]) -> None:
    """R21: a package the marketplace lists blocks a label, unless it is certainly cancelled."""
    assert expected == codes(candidate({"packages": packages}))
    assert expected == codes(candidate(ORDINARY | {"packages": packages}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unrecognised": ("a: X", "b: Y")}, ["a: X", "b: Y"]),
        ({"programs": ("PRIME", "MOON_BASE")}, ["programs: MOON_BASE"]),
        (
            {"programs": ("MOON_BASE",), "unrecognised": ("programs: MOON_BASE",)},
            ["programs: MOON_BASE"],
        ),
        ({"fulfilled_by": FulfilledBy.UNKNOWN}, ["who ships the order"]),
        ({"fulfillment": Fulfillment.UNKNOWN}, ["how far the order is"]),
        ({"fulfillment": Fulfillment.UNKNOWN, "unrecognised": ("status: X",)}, ["status: X"]),
        (ORDINARY | {"unrecognised": ("a: X",)}, ["a: X"]),
    ],
)
def test_R22_an_unknown_word_blocks(changes: dict[str, Any], words: list[str]) -> None:
    """R22: what this version does not know blocks buying and is named once, Prime or not."""
    asked = candidate(changes)
    found = [x.facts()["word"] for x in violations(asked)]

    assert {"PRM112"} == codes(asked)
    assert words == found


@pytest.mark.parametrize(
    ("offset", "expected"), [(-SECOND, set()), (0 * SECOND, set()), (SECOND, {"PRM109"})]
)
def test_R5_ship_by_boundary(offset: timedelta, expected: set[str]) -> None:
    """R5: the ship-by second itself is still in time, for Prime and for any order."""
    now = SHIP_BY + offset
    fresh = {"fetched_at": now, "promise": promised(pickup=Window(earliest=SHIP_BY))}

    assert expected == codes(candidate(rate_=fresh, now=now))
    assert expected == codes(candidate(ORDINARY, rate_=fresh, now=now))


@pytest.mark.parametrize(
    ("offset", "expected"), [(-SECOND, {"PRM110"}), (0 * SECOND, set()), (SECOND, set())]
)
def test_R5_label_window_boundary(offset: timedelta, expected: set[str]) -> None:
    """R5: a label may be printed from the second the window opens, not before."""
    assert expected == codes(candidate({"label_from": NOW}, now=NOW + offset))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"deliver_by": until(None)}, {"PRM113"}),
        ({"ship_by": until(None)}, {"PRM114"}),
        ({"deliver_by": until(None), "prime": Prime.UNKNOWN}, {"PRM113", "PRM111"}),
        ({"ship_by": until(None), "prime": Prime.UNKNOWN}, {"PRM114", "PRM111"}),
        (ORDINARY | {"deliver_by": until(None), "ship_by": until(None)}, set()),
    ],
)
def test_R22_a_missing_time_is_no_proof(changes: dict[str, Any], expected: set[str]) -> None:
    """R22: a Prime order without both times blocks, since nothing can be proven to be in time."""
    assert expected == codes(candidate(changes))


@pytest.mark.parametrize(
    ("offset", "expected"), [(-SECOND, set()), (0 * SECOND, set()), (SECOND, {"PRM206"})]
)
def test_R18_an_order_that_changed_needs_new_rates(offset: timedelta, expected: set[str]) -> None:
    """R18: a rate that is older than the order's last change prices something else."""
    assert expected == codes(candidate({"updated_at": FETCHED + offset}))


def test_R22_not_knowing_counts_as_prime() -> None:
    """R22: an order that may be Prime is held to the Prime promise."""
    late = {"promise": promised(DELIVER_BY + SECOND)}

    blocking = {
        x.code
        for x in violations(candidate({"prime": Prime.UNKNOWN}, rate_=late))
        if x.severity == "blocks"
    }

    assert {"PRM111", "PRM201"} == blocking
