"""Lines that must not type-check: each marked one names the complaint it must raise.

`test_cannot_buy_uncleared.py` runs mypy on this file; nothing here is ever executed.
"""

import dataclasses
from datetime import datetime

from primetui.domain.clearance import ClearedShipment, Refusal, clear
from primetui.domain.label import PurchaseKey
from primetui.domain.order import Order
from primetui.domain.rate import Rate
from primetui.domain.shipment import Shipment
from primetui.ports import Bought, LabelProvider


def the_one_way(
    provider: LabelProvider, order: Order, shipment: Shipment, rate: Rate, now: datetime
) -> Bought | Refusal:
    """Read the verdict, then buy: this is how it is done, and it type-checks."""
    verdict = clear(order, shipment, rate, now=now)
    if isinstance(verdict, Refusal):
        return verdict
    return provider.purchase(verdict, PurchaseKey("k"))


def without_the_gate(provider: LabelProvider, shipment: Shipment, rate: Rate) -> None:
    """Nothing but a proof buys a label."""
    provider.purchase(shipment, PurchaseKey("k"))  # refused: arg-type
    provider.purchase(rate, PurchaseKey("k"))  # refused: arg-type
    provider.purchase(None, PurchaseKey("k"))  # refused: arg-type


def without_reading_the_verdict(
    provider: LabelProvider, order: Order, shipment: Shipment, rate: Rate, now: datetime
) -> None:
    """A verdict may be a refusal, so it has to be read first."""
    provider.purchase(clear(order, shipment, rate, now=now), PurchaseKey("k"))  # refused: arg-type


def without_a_key(provider: LabelProvider, cleared: ClearedShipment) -> None:
    """A purchase has a key of its own kind: no plain string is taken for one."""
    provider.purchase(cleared)  # refused: call-arg
    provider.purchase(cleared, "k")  # refused: arg-type


def without_a_rate(order: Order, shipment: Shipment, now: datetime) -> None:
    """The gate judges a rate, at a moment that is named."""
    clear(order, shipment, None, now=now)  # refused: arg-type
    clear(order, shipment)  # refused: call-arg


def by_hand(order: Order, shipment: Shipment, rate: Rate, now: datetime) -> None:
    """A proof is not made by calling its class."""
    ClearedShipment(  # refused: call-arg
        order=order, shipment=shipment, rate=rate, cleared_at=now, warnings=()
    )
    ClearedShipment(
        order=order,
        shipment=shipment,
        rate=rate,
        cleared_at=now,
        warnings=(),
        seal=object(),  # refused: arg-type
    )


def by_altering(cleared: ClearedShipment, dearer: Rate) -> None:
    """A proof is for one rate, for good."""
    dataclasses.replace(cleared, rate=dearer)  # refused: call-arg
    cleared.rate = dearer  # refused: misc
    cleared.note = "bought"  # refused: attr-defined


class Sneaky(ClearedShipment):  # refused: misc
    """A proof has no kin."""
