"""The rate: in time, fresh, for this very draft, and buyable as it is."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from primetui.domain.constraints import Candidate, violations
from primetui.domain.order import Prime
from primetui.domain.promise import end_of_day
from primetui.domain.rate import Benefit, LabelSource, ServiceLimits
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId
from primetui.domain.value import Window
from primetui.domain.violations import Severity
from tests.domain.made import (
    DELIVER_BY,
    FETCHED,
    NOW,
    SECOND,
    SHIP_BY,
    box,
    candidate,
    codes,
    draft,
    item,
    order,
    paper,
    promised,
    rate,
    signing,
    until,
)

ORDINARY = {"prime": Prime.NO, "programs": ()}
ZERO = timedelta(0)
MINUTE = timedelta(minutes=1)


def blocking(asked: Candidate) -> set[str]:
    """Name what stops a purchase."""
    return {x.code for x in violations(asked) if x.severity is Severity.BLOCKS}


@pytest.mark.parametrize("source", list(LabelSource))
@pytest.mark.parametrize(("offset", "late"), [(-SECOND, False), (ZERO, False), (SECOND, True)])
def test_R5_deliver_by_boundary(offset: timedelta, *, late: bool, source: LabelSource) -> None:
    """R5 R20: equality passes, a second later blocks Prime; whoever sells the label."""
    offered = {"promise": promised(DELIVER_BY + offset), "source": source}
    expected = {"PRM201"} if late else set()

    assert expected == codes(candidate(rate_=offered))
    assert expected == blocking(candidate(rate_=offered))
    assert expected == codes(candidate(ORDINARY, rate_=offered))
    assert set() == blocking(candidate(ORDINARY, rate_=offered))


@pytest.mark.parametrize("delivery", [Window(), Window(earliest=NOW)])
def test_R5_an_unknown_arrival_is_late(delivery: Window) -> None:
    """R5: without a latest arrival nothing is proven: Prime is blocked, others are warned."""
    unknown = {"promise": promised().model_copy(update={"delivery": delivery})}

    assert {"PRM202"} == blocking(candidate(rate_=unknown))
    assert {"PRM202"} == codes(candidate(ORDINARY, rate_=unknown))
    assert set() == blocking(candidate(ORDINARY, rate_=unknown))


@pytest.mark.parametrize(
    ("pickup", "expected"),
    [
        (Window(), set()),
        (Window(earliest=SHIP_BY - SECOND), set()),
        (Window(earliest=SHIP_BY), set()),
        (Window(earliest=SHIP_BY + SECOND), {"PRM207"}),
        (until(SHIP_BY), set()),
        (until(SHIP_BY + SECOND), {"PRM207"}),
        (Window(earliest=SHIP_BY, latest=SHIP_BY + timedelta(hours=2)), set()),
        (Window(earliest=SHIP_BY + SECOND, latest=SHIP_BY + timedelta(hours=2)), {"PRM207"}),
    ],
)
def test_R5_pickup_boundary(pickup: Window, expected: set[str]) -> None:
    """R5: a carrier that takes the parcel after ship-by is late even if it arrives in time."""
    offered = {"promise": promised(pickup=pickup)}

    assert expected == blocking(candidate(rate_=offered))
    assert expected == codes(candidate(ORDINARY, rate_=offered))
    assert set() == blocking(candidate(ORDINARY, rate_=offered))


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (-SECOND, {"PRM203"}),
        (ZERO, set()),
        (8 * MINUTE - SECOND, set()),
        (8 * MINUTE - timedelta(microseconds=1), set()),
        (8 * MINUTE, {"PRM203"}),
        (8 * MINUTE + SECOND, {"PRM203"}),
        (10 * MINUTE, {"PRM203"}),
    ],
)
def test_R6_rate_expiry_boundary(age: timedelta, expected: set[str]) -> None:
    """R6: a rate is bought on for eight minutes; one from the future is not trusted either."""
    assert expected == codes(candidate(now=FETCHED + age))


@pytest.mark.parametrize("fold", [0, 1])
def test_R6_expiry_when_clocks_go_back(fold: int) -> None:
    """R6: eight minutes are eight minutes in the night when a local hour happens twice."""
    new_york = ZoneInfo("America/New_York")
    fetched = datetime(2026, 11, 1, 1, 55, tzinfo=new_york, fold=fold)
    lives = rate(fetched_at=fetched).expires_at - rate(fetched_at=fetched).fetched_at
    elapsed = rate(fetched_at=fetched).expires_at.timestamp() - fetched.timestamp()

    assert timedelta(minutes=8) == lives
    assert 480 == elapsed


def test_R5_deliver_by_when_clocks_go_back() -> None:
    """R5: half past one the second time is after quarter to two the first time."""
    new_york = ZoneInfo("America/New_York")
    first = datetime(2026, 11, 1, 1, 45, tzinfo=new_york, fold=0)
    second = datetime(2026, 11, 1, 1, 30, tzinfo=new_york, fold=1)

    late = candidate({"deliver_by": until(first)}, rate_={"promise": promised(second)})
    early = candidate({"deliver_by": until(second)}, rate_={"promise": promised(first)})

    assert {"PRM201"} == codes(late)
    assert set() == codes(early)


def test_R5_a_date_without_a_time_is_its_end_at_the_destination() -> None:
    """R5: a carrier's date means the end of that day where the parcel goes."""
    deliver_by = until(datetime(2026, 3, 6, 7, 59, 59, tzinfo=ZoneInfo("UTC")))
    in_los_angeles = end_of_day(date(2026, 3, 5), ZoneInfo("America/Los_Angeles"))
    in_honolulu = end_of_day(date(2026, 3, 5), ZoneInfo("Pacific/Honolulu"))

    equal = candidate({"deliver_by": deliver_by}, rate_={"promise": promised(in_los_angeles)})
    later = candidate({"deliver_by": deliver_by}, rate_={"promise": promised(in_honolulu)})

    assert set() == codes(equal)
    assert {"PRM201"} == codes(later)


@pytest.mark.parametrize(
    "changes",
    [
        {"ship_from": None},
        {"packages": (box(insured=rate().charge),)},
        {"packages": (box(), box())},
        {"confirmation": Confirmation.NONE},
        {"document_format": DocumentFormat.ZPL},
        {"combined_with": (OrderId("112"),)},
    ],
)
def test_R18_any_edit_of_the_draft_needs_new_rates(changes: dict[str, Any]) -> None:
    """R18: a rate holds for exactly the draft it was asked for."""
    edited = Candidate(order(), draft(**changes), rate(), NOW)

    assert "PRM206" in codes(edited)
    assert "PRM206" not in codes(candidate(draft_=changes))


@pytest.mark.parametrize(
    ("order_id", "shipment_id", "rate_id"), [("A", "B", "B"), ("B", "A", "B"), ("B", "B", "A")]
)
def test_R18_order_draft_and_rate_are_of_one_order(
    order_id: str, shipment_id: str, rate_id: str
) -> None:
    """R18: a draft or a rate of another order buys nothing for this one."""
    shipment = draft(order_id=OrderId(shipment_id))
    mixed = Candidate(
        order(id=OrderId(order_id)), shipment, rate(shipment, order_id=OrderId(rate_id)), NOW
    )

    assert {"PRM206"} == codes(mixed)


@pytest.mark.parametrize(
    ("required", "chosen", "offered", "expected"),
    [
        (Confirmation.NONE, None, (), set()),
        (Confirmation.NONE, Confirmation.NONE, (), set()),
        (Confirmation.NONE, Confirmation.SIGNATURE, (), {"PRM205"}),
        (Confirmation.NONE, Confirmation.SIGNATURE, (Confirmation.DELIVERY,), {"PRM205"}),
        (Confirmation.NONE, Confirmation.SIGNATURE, (Confirmation.SIGNATURE,), set()),
        (Confirmation.NONE, Confirmation.SIGNATURE, (Confirmation.IDENTITY,), set()),
        (Confirmation.SIGNATURE, None, (Confirmation.SIGNATURE,), {"PRM303"}),
        (
            Confirmation.SIGNATURE,
            Confirmation.DELIVERY,
            (Confirmation.DELIVERY, Confirmation.SIGNATURE),
            {"PRM303"},
        ),
        (Confirmation.SIGNATURE, Confirmation.SIGNATURE, (Confirmation.SIGNATURE,), set()),
        (Confirmation.SIGNATURE, Confirmation.ADULT_SIGNATURE, (Confirmation.IDENTITY,), set()),
        (Confirmation.DELIVERY, Confirmation.DELIVERY, (), {"PRM205"}),
    ],
)
def test_R5_confirmation_at_the_door(
    required: Confirmation,
    chosen: Confirmation | None,
    offered: tuple[Confirmation, ...],
    expected: set[str],
) -> None:
    """R5: what Amazon demands at the door is chosen, and what is chosen is offered."""
    asked = candidate(
        {"items": (item(required_confirmation=required),)},
        {"confirmation": chosen},
        {"confirmations": tuple(signing(level) for level in offered)},
    )

    assert expected == codes(asked)


@pytest.mark.parametrize(
    ("offered", "expected"), [((), {"PRM205"}), ((signing(Confirmation.NONE),), set())]
)
def test_R5_a_confirmation_that_must_be_named(offered: tuple[Any, ...], expected: set[str]) -> None:
    """R5: a service that wants a confirmation named must offer one that will do."""
    asked = candidate(rate_={"confirmation_needed": True, "confirmations": offered})

    assert expected == codes(asked)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"documents": ()}, {"PRM210"}),
        ({"documents": (paper(types=("PACKSLIP",)),)}, {"PRM210"}),
        ({"documents": (paper(format=DocumentFormat.ZPL),)}, set()),
        ({"extra_inputs_needed": True}, {"PRM211"}),
        ({"benefits": (Benefit(name="CLAIMS_PROTECTED", included=False),)}, {"PRM212"}),
        ({"benefits": (Benefit(name="CLAIMS_PROTECTED", included=True),)}, set()),
        ({"benefits": (Benefit(name="A_NEW_ONE", included=False),)}, set()),
    ],
)
def test_R22_buyable_as_it_is(changes: dict[str, Any], expected: set[str]) -> None:
    """R22: a rate that asks for what PrimeTUI cannot give is refused in words."""
    assert expected == codes(candidate(rate_=changes))


def test_R6_missing_protection_only_warns() -> None:
    """R6: a label without protection against claims may be bought."""
    bare = {"benefits": (Benefit(name="CLAIMS_PROTECTED", included=False),)}

    assert set() == blocking(candidate(rate_=bare))


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (ServiceLimits(), set()),
        (ServiceLimits(max_grams=Decimal(1000)), set()),
        (ServiceLimits(max_grams=Decimal("999.9")), {"PRM208"}),
        (ServiceLimits(max_longest_mm=Decimal(300)), set()),
        (ServiceLimits(max_longest_mm=Decimal("299.9")), {"PRM209"}),
        (ServiceLimits(max_length_and_girth_mm=Decimal(900)), set()),
        (ServiceLimits(max_length_and_girth_mm=Decimal("899.9")), {"PRM209"}),
        (ServiceLimits(max_grams=Decimal(0)), {"PRM208"}),
    ],
)
def test_R5_service_limits_boundary(limits: ServiceLimits, expected: set[str]) -> None:
    """R5: a package exactly at a service's limit passes, anything above is refused."""
    assert expected == codes(candidate(rate_={"limits": limits}))


def test_R5_a_limit_message_never_contradicts_itself() -> None:
    """R5: rounding never shows a package at or below the limit it breaks."""
    limits = ServiceLimits(max_grams=Decimal("999.6"), max_longest_mm=Decimal("299.7"))

    for found in violations(candidate(rate_={"limits": limits})):
        facts = found.facts()
        size = facts.get("grams", facts.get("size"))
        assert isinstance(size, int)
        assert isinstance(facts["limit"], int)
        assert size > facts["limit"]


def test_R5_without_a_rate_only_the_order_and_draft_are_asked() -> None:
    """R5: the worklist asks before any rate is known and hears nothing of rates."""
    asked = candidate(rate_={"documents": (), "extra_inputs_needed": True})

    assert {"PRM210", "PRM211"} == codes(asked)
    assert set() == codes(Candidate(asked.order, asked.shipment, None, NOW))
