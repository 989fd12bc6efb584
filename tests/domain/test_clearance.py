"""The gate: proof or all reasons, and no other way to the proof."""

import copy
import dataclasses
import pickle  # noqa: TID251 - shown not to work on a proof
from typing import Any

import pytest

from primetui.domain.clearance import ClearedShipment, Refusal, clear
from primetui.domain.order import OrderStatus, Prime
from primetui.domain.rate import Benefit
from primetui.domain.violations import Severity
from tests.domain.made import (
    DELIVER_BY,
    NOW,
    SECOND,
    box,
    candidate,
    draft,
    item,
    order,
    promised,
    rate,
    until,
)


def proof() -> ClearedShipment:
    """Clear the good candidate."""
    verdict = clear(order(), draft(), rate(), now=NOW)
    assert isinstance(verdict, ClearedShipment)
    return verdict


def test_R5_a_good_shipment_is_cleared() -> None:
    """R5: the proof names exactly what was asked about, and when."""
    asked_order, shipment, offer = order(), draft(), rate()
    verdict = clear(asked_order, shipment, offer, now=NOW)

    assert isinstance(verdict, ClearedShipment)
    assert verdict.order is asked_order
    assert verdict.shipment is shipment
    assert verdict.rate is offer
    assert NOW == verdict.cleared_at
    assert () == verdict.warnings


def test_R22_all_reasons_at_once() -> None:
    """R22: every broken constraint is reported together, the blocking ones first."""
    broken = candidate(
        {
            "status": OrderStatus.PENDING_FULFILLMENT,
            "cancellation_requested": True,
            "unrecognised": ("a: X", "b: Y"),
            "ship_by": until(NOW - SECOND),
        },
        {"packages": (box(weight=None, dimensions=None),), "ship_from": None},
        {
            "promise": promised(DELIVER_BY + SECOND, pickup=until(NOW)),
            "documents": (),
            "benefits": (Benefit(name="CLAIMS_PROTECTED", included=False),),
        },
        now=NOW + 480 * SECOND,
    )
    assert broken.rate is not None

    verdict = clear(broken.order, broken.shipment, broken.rate, now=broken.now)

    assert isinstance(verdict, Refusal)
    assert [
        "PRM102", "PRM104", "PRM112", "PRM112", "PRM109", "PRM301", "PRM302", "PRM401",
        "PRM201", "PRM213", "PRM207", "PRM203", "PRM210", "PRM212",
    ] == [x.code for x in verdict.violations]  # fmt: skip
    assert verdict.violations[:-1] == verdict.blocking


@pytest.mark.parametrize(
    "late",
    [
        {"promise": promised(DELIVER_BY + SECOND)},
        {"promise": promised(None)},
        {"benefits": (Benefit(name="CLAIMS_PROTECTED", included=False, reasons=("LATE",)),)},
    ],
)
def test_R5_warnings_travel_on(late: dict[str, Any]) -> None:
    """R5: what does not stop a purchase comes along with the proof."""
    verdict = clear(order(prime=Prime.NO, programs=()), draft(), rate(**late), now=NOW)

    assert isinstance(verdict, ClearedShipment)
    assert 1 == len(verdict.warnings)
    assert Severity.WARNS is verdict.warnings[0].severity


def test_R5_warnings_come_with_a_refusal_too() -> None:
    """R5: a refusal hides no warning, and its `blocking` holds none."""
    verdict = clear(
        order(prime=Prime.NO, programs=(), items=(item(cancellation_requested=True),)),
        draft(),
        rate(promise=promised(DELIVER_BY + SECOND)),
        now=NOW,
    )

    assert isinstance(verdict, Refusal)
    assert ["PRM104", "PRM201"] == [x.code for x in verdict.violations]
    assert ["PRM104"] == [x.code for x in verdict.blocking]


def test_R6_a_proof_cannot_be_made_by_hand() -> None:
    """R6: without the seal there is no proof, whatever stands in for it."""
    given: dict[str, Any] = {
        "order": order(), "shipment": draft(), "rate": rate(), "cleared_at": NOW, "warnings": (),
    }  # fmt: skip
    with pytest.raises(TypeError, match="seal"):
        ClearedShipment(**given)
    stand_ins: tuple[Any, ...] = (None, object(), True, ClearedShipment)
    for stand_in in stand_ins:
        with pytest.raises(TypeError, match="made by clear"):
            ClearedShipment(**given, seal=stand_in)


def test_R6_a_proof_cannot_be_altered() -> None:
    """R6: no field of a proof can be replaced, set, added or deleted."""
    cleared = proof()
    alias: Any = cleared

    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(cleared, rate=rate(charge={"amount": "1", "currency": "USD"}))  # type: ignore[call-arg]
    with pytest.raises(dataclasses.FrozenInstanceError):
        alias.rate = rate()
    with pytest.raises(dataclasses.FrozenInstanceError):
        del alias.rate
    with pytest.raises((dataclasses.FrozenInstanceError, AttributeError, TypeError)):
        alias.note = "bought"


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, pickle.dumps])
def test_R6_a_proof_holds_for_its_moment_only(way: Any) -> None:
    """R6: a proof cannot be copied, pickled or kept."""
    with pytest.raises(TypeError, match="clear again"):
        way(proof())


def test_R6_a_proof_has_no_kin() -> None:
    """R6: no subclass can leave the seal out."""
    with pytest.raises(TypeError, match="no kin"):
        type("Sneaky", (ClearedShipment,), {"__post_init__": lambda *_: None})
