"""Packing: what a box may hold, which orders may share one, and whom a Prime order shares with."""

from typing import Any

import pytest

from primetui.domain.address import Address
from primetui.domain.order import Fulfillment, Landing, Order, OrderRecord, OrderStatus, Prime
from primetui.domain.packing import (
    MOST_BOXES,
    combining_refused,
    is_split,
    joined,
    place_refused,
    read_box,
    split,
    split_refused,
)
from primetui.domain.shipment import OrderId, Package, Shipment
from primetui.domain.store import StoreId
from primetui.errors import ConfigError
from tests.domain.made import BUYER, NOW, box, draft, item, order, packed

OTHER = OrderId("111-0000001-0000002")
ORDINARY: dict[str, Any] = {"prime": Prime.NO, "programs": ()}


def ordinary(**changes: Any) -> Order:
    """Make an order that is not Prime."""
    return order(**ORDINARY | changes)


def record(made: Order, shipment: Shipment | None = None) -> OrderRecord:
    """Keep an order."""
    landing = Landing(status=OrderStatus.AWAITING_SHIPMENT, why="made", at=NOW)
    return OrderRecord(order=made, landing=landing, shipment=shipment or draft())


def refusals(made: Order, others: tuple[OrderId, ...] = (OTHER,), **drafted: Any) -> list[str]:
    """Name why an order may not be combined."""
    return [v.code for v in combining_refused(record(made, draft(**drafted)), others)]


@pytest.mark.parametrize(
    ("prime", "expected"), [(Prime.YES, ["PRM310"]), (Prime.UNKNOWN, ["PRM310"]), (Prime.NO, [])]
)
def test_R7_only_what_is_known_not_to_be_prime_is_split(prime: Prime, expected: list[str]) -> None:
    """R7: Amazon's flag decides; the word in the programs, like a tag, does not."""
    assert expected == [v.code for v in split_refused(order(prime=prime, programs=("PRIME",)))]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"prime": Prime.YES}, ["PRM311"]),
        ({"prime": Prime.UNKNOWN}, ["PRM311"]),
        ({"status": OrderStatus.PENDING_FULFILLMENT}, ["PRM102"]),
        ({"status": OrderStatus.AWAITING_PAYMENT}, ["PRM107"]),
        ({"status": OrderStatus.ON_HOLD}, ["PRM108"]),
        ({"status": OrderStatus.CANCELLED}, ["PRM103"]),
        ({"status": OrderStatus.SHIPPED}, ["PRM105"]),
        ({"fulfillment": Fulfillment.PARTIALLY_SHIPPED}, ["PRM314"]),
        ({"items": (item(quantity=2, quantity_shipped=1),)}, ["PRM314"]),
        ({"prime": Prime.YES, "status": OrderStatus.ON_HOLD}, ["PRM311", "PRM108"]),
    ],
)
def test_R7_only_whole_waiting_ordinary_orders_are_combined(
    changes: dict[str, Any], expected: list[str]
) -> None:
    """R7: Prime, not waiting, or partly gone: refused, with every reason at once."""
    assert expected == refusals(ordinary(**changes))


@pytest.mark.parametrize(
    ("drafted", "expected"),
    [
        ({"packages": (box(), box())}, ["PRM306"]),
        ({"combined_with": (OTHER,)}, []),
        ({"combined_with": (OrderId("112"),)}, ["PRM320"]),
        ({"combined_with": (OTHER, OrderId("112"))}, ["PRM320"]),
    ],
)
def test_R7_a_box_is_joined_whole_or_not(drafted: dict[str, Any], expected: list[str]) -> None:
    """R7: what lies in another box, or in two, comes out first; a box may grow."""
    assert expected == refusals(ordinary(), **drafted)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"ship_to": BUYER.model_copy(update={"name": "ADA  buyer", "line1": "9 Elm-Street"})}, ""),
        ({"ship_to": BUYER.model_copy(update={"phone": "1", "email": "x@example.com"})}, ""),
        ({"ship_to": BUYER.model_copy(update={"name": "Bob Buyer"})}, "another buyer"),
        ({"ship_to": BUYER.model_copy(update={"line1": "90 Elm Street"})}, "another buyer"),
        ({"ship_to": BUYER.model_copy(update={"postal_code": "02109"})}, "another buyer"),
        ({"ship_to": BUYER.model_copy(update={"country": "CA"})}, "another buyer"),
        ({"ship_to": None}, "nobody can tell"),
        ({"ship_to": Address(city="Boston", country="US")}, "nobody can tell"),
        ({"sealed": "1:abc"}, "nobody can tell"),
        ({"store_id": StoreId("uk")}, "another store"),
    ],
)
def test_R7_one_box_goes_from_one_store_to_one_place(changes: dict[str, Any], why: str) -> None:
    """R7: case, blanks and points do not make another place; a house number does."""
    first = ordinary(ship_to=BUYER)
    found = list(place_refused(first, ordinary(**{"id": OTHER, "ship_to": BUYER} | changes)))

    assert bool(why) is bool(found)
    assert all(why in one.why and one.other == first.id for one in found)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        (["11=1"], [{"11": 1}, {"22": 2}]),
        (["11=1", "22=2"], [{"11": 1}, {"22": 2}]),
        (["11=1,22=1"], [{"11": 1, "22": 1}, {"22": 1}]),
        (["22=1", "22=1"], [{"22": 1}, {"22": 1}, {"11": 1}]),
        (["22=1, 22=1"], [{"22": 2}, {"11": 1}]),
        (["MUG"], [{"11": 1}, {"22": 2}]),
        (["mug = 1", ""], [{"11": 1}, {"22": 2}]),
    ],
)
def test_R7_a_split_packs_every_unit_once(boxes: list[str], expected: list[dict[str, int]]) -> None:
    """R7: what no box names goes into one more; nobody has measured any of them."""
    made = ordinary(items=(item(), item(id="22", sku="CUP", quantity=2)))

    drafted = split(made, draft(), [read_box(made, text) for text in boxes])

    assert expected == [{p.item_id: p.quantity for p in one.items} for one in drafted.packages]
    assert {(None, None)} == {(one.weight, one.dimensions) for one in drafted.packages}
    assert is_split(drafted)
    assert (Package(),) == joined(drafted).packages
    assert not is_split(joined(drafted))


@pytest.mark.parametrize(
    ("boxes", "complaint"),
    [
        ([], "this makes 1"),
        (["11=1,22=2"], "this makes 1"),
        (["11=2"], "only 1 are left"),
        (["22=2", "22=1"], "only 0 are left"),
        (["33=1"], "is no item"),
        (["11=0"], "one of an item at least"),
        (["11=x"], "write SKU=2"),
        (["11=-1"], "write SKU=2"),
        (["11=²"], "write SKU=2"),
        (["11=9999999999"], "write SKU=2"),
        (["MUG"], "names several items"),
    ],
)
def test_R7_a_box_that_does_not_fit_is_said_so(boxes: list[str], complaint: str) -> None:
    """R7: too many, none of it, ambiguous, or everything in one package."""
    made = ordinary()

    with pytest.raises(ConfigError, match=complaint):
        split(made, draft(), [read_box(made, text) for text in boxes])


def test_R7_what_has_left_is_not_packed_again() -> None:
    """R7: two of three have gone: one is left to be packed."""
    made = ordinary(items=(item(quantity=3, quantity_shipped=2), item(id="22", sku="CUP")))

    with pytest.raises(ConfigError, match="only 1 are left"):
        split(made, draft(), [read_box(made, "11=2")])


@pytest.mark.parametrize(("count", "fits"), [(MOST_BOXES, True), (MOST_BOXES + 1, False)])
def test_R7_a_split_has_an_end(count: int, *, fits: bool) -> None:
    """R7: fifty packages, and not one more."""
    made = ordinary(items=(item(quantity=count),))
    boxes = [read_box(made, "11=1") for _ in range(count)]

    if fits:
        assert count == len(split(made, draft(), boxes).packages)
    else:
        with pytest.raises(ConfigError, match="this makes 51"):
            split(made, draft(), boxes)


def test_R7_a_split_that_packs_part_of_it_is_one() -> None:
    """R7: one package of some items is a split, one of everything is none."""
    assert is_split(draft(packages=(packed(("11", 1)),)))
    assert not is_split(draft())
