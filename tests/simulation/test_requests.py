"""What leaves for the server: one purchase a press, and the journal a step ahead of each (R21)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from primetui.domain.label import PurchaseState
from primetui.sandbox.faults import Kind
from tests.simulation.deeds import Deeds
from tests.simulation.town import Town

ALWAYS_OVER_SOCKETS = [kind for kind in Kind if kind is not Kind.SLOW]
LOOKED_AT_ONLY = ("getOrder", "getAccessToken", "getShipmentDocuments")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Open a town without sockets, in which a minute's silence takes no time."""
    opened = Town(tmp_path / "home")
    yield opened
    opened.close()


def press(town: Town, faults: list[dict[str, Any]], deed: str = "buy old") -> None:
    """Let an order come in, fetch its rates, then do something while the line is at fault."""
    deeds = Deeds(town)
    order_id = town.arrive()
    town.later(300)
    for name in ("import", "rates"):
        town.do(0, deeds.named(name, order_id))
    if deed == "void":
        town.do(0, deeds.named("buy old", order_id))
    town.sandbox.tell("faults", faults)
    town.do(0, deeds.named(deed, order_id))


def every(operation: str, kind: Kind, **options: object) -> dict[str, Any]:
    """Arm a fault at every call."""
    return {"operation": operation, "kind": kind.value, "nth": "every", **options}


@pytest.mark.parametrize("after_effect", [False, True])
@pytest.mark.parametrize("kind", ALWAYS_OVER_SOCKETS)
def test_R21_no_fault_makes_the_line_send_a_purchase_twice(
    tmp_path: Path, kind: Kind, *, after_effect: bool
) -> None:
    """Counted at the server, over sockets: one request; two under one key for a stale token."""
    town = Town(tmp_path / "home", http=True)
    try:
        press(town, [every("purchaseShipment", kind, after_effect=after_effect)])

        expected = 2 if kind is Kind.EXPIRED_TOKEN else 1
        assert expected == town.sandbox.calls("purchaseShipment")
        assert len(town.bodies) == 1
    finally:
        town.close()


@pytest.mark.parametrize("deed", ["buy old", "void"])
@pytest.mark.parametrize("after_effect", [False, True])
def test_R21_nor_does_a_silence_longer_than_our_patience(
    town: Town, deed: str, *, after_effect: bool
) -> None:
    """A purchase, or a void, that is not answered in time is asked for once."""
    operation = "cancelShipment" if deed == "void" else "purchaseShipment"
    slow = every(operation, Kind.SLOW, delay_seconds=300, after_effect=after_effect)

    press(town, [slow], deed)
    town.later(600)

    assert town.sandbox.calls(operation) == 1


@pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.EXPIRED_TOKEN])
def test_no_fault_makes_the_line_send_a_void_twice(town: Town, kind: Kind) -> None:
    """A void is not repeated by the line either: that is for the operator to ask."""
    press(town, [every("cancelShipment", kind, delay_seconds=300)], "void")

    assert town.sandbox.calls("cancelShipment") == 1


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("operation", LOOKED_AT_ONLY)
def test_R21_a_fault_elsewhere_sends_no_second_purchase(
    town: Town, operation: str, kind: Kind
) -> None:
    """What goes wrong around a purchase never repeats the purchase itself."""
    press(town, [every(operation, kind, delay_seconds=300)])

    assert town.sandbox.calls("purchaseShipment") <= 1


def test_R21_every_state_is_on_disk_before_the_next_thing_happens(town: Town) -> None:
    """Seen by another reader at every touch: nothing, intent, sent, posted, in that order."""
    deeds = Deeds(town)
    order_id = town.arrive()
    town.later(300)
    for name in ("import", "rates"):
        town.do(0, deeds.named(name, order_id))
    seen: list[PurchaseState | None] = []

    def look() -> None:
        journal = town.eyes.purchases(order_id)
        state = journal[-1].state if journal else None
        if [state] != seen[-1:]:
            seen.append(state)
        town.fuses[0].interrupt_at(0, look)

    town.fuses[0].interrupt_at(0, look)
    town.do(0, deeds.named("buy old", order_id))

    expected = [None, PurchaseState.INTENT, PurchaseState.SENT, PurchaseState.POSTED]
    assert expected == seen
