"""The draft: whole, alone, one package, measured, from a complete address."""

from typing import Any

import pytest

from primetui.domain.constraints import Candidate
from primetui.domain.order import Fulfillment, Prime
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import OrderId
from tests.domain.made import NOW, WAREHOUSE, box, candidate, codes, draft, item, order, packed

ORDINARY = {"prime": Prime.NO, "programs": ()}
WHOLE = packed(("11", 1), ("22", 2))


@pytest.mark.parametrize(
    ("boxes", "prime", "ordinary"),
    [
        ((box(),), set(), set()),
        ((WHOLE,), set(), set()),
        ((packed(("22", 1), ("11", 1), ("22", 1)),), set(), set()),
        ((packed(("11", 1)),), {"PRM304"}, set()),
        ((packed(("11", 1), ("22", 1)),), {"PRM304"}, set()),
        ((packed(("11", 1), ("22", 3)),), {"PRM308"}, {"PRM308"}),
        ((packed(("11", 1), ("22", 2), ("33", 1)),), {"PRM308"}, {"PRM308"}),
        ((packed(("22", 3)),), {"PRM308", "PRM304"}, {"PRM308"}),
        ((), {"PRM307"}, {"PRM307"}),
    ],
)
def test_R7_a_prime_order_ships_whole(
    boxes: tuple[Any, ...], prime: set[str], ordinary: set[str]
) -> None:
    """R7: a Prime order is not split; no order is packed beyond what it wants."""
    assert prime == codes(candidate(draft_={"packages": boxes}))
    assert ordinary == codes(candidate(ORDINARY, {"packages": boxes}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"fulfillment": Fulfillment.PARTIALLY_SHIPPED}, {"PRM304"}),
        ({"items": (item(quantity=2, quantity_shipped=1),)}, {"PRM304"}),
        ({"items": (item(quantity_shipped=1), item(id="22"))}, {"PRM304"}),
        ({"items": (item(quantity=0), item(id="22"))}, set()),
        (ORDINARY | {"fulfillment": Fulfillment.PARTIALLY_SHIPPED}, set()),
        (ORDINARY | {"items": (item(quantity=2, quantity_shipped=1),)}, set()),
    ],
)
def test_R7_a_partly_shipped_prime_order_is_split(
    changes: dict[str, Any], expected: set[str]
) -> None:
    """R7: either Amazon's status or one shipped unit shows that a Prime order was split."""
    assert expected == codes(candidate(changes))


@pytest.mark.parametrize("others", [("112",), ("112", "113")])
@pytest.mark.parametrize(
    ("source", "ordinary"),
    [
        (LabelSource.BUY_SHIPPING, {"PRM312"}),
        (LabelSource.AMAZON_SHIPPING, {"PRM312"}),
        (LabelSource.CARRIER, set()),
    ],
)
def test_R7_a_prime_order_ships_alone(
    others: tuple[str, ...], source: LabelSource, ordinary: set[str]
) -> None:
    """R7: a Prime order is in no box with another; any other is, with a label bought elsewhere."""
    combined = {"combined_with": tuple(OrderId(x) for x in others)}

    assert {"PRM305"} == codes(candidate(draft_=combined, rate_={"source": source}))
    assert ordinary == codes(candidate(ORDINARY, combined, {"source": source}))
    assert set() == codes(candidate())


@pytest.mark.parametrize("prime", [Prime.YES, Prime.UNKNOWN])
def test_R7_a_split_found_out_to_be_of_a_prime_order_is_named(prime: Prime) -> None:
    """R7: all of it packed, in two boxes: that is a split too; until it is undone nothing is bought."""
    two = {"packages": (packed(("11", 1)), packed(("22", 2)))}

    assert {"PRM304", "PRM306"} == codes(candidate({"prime": prime}, two)) - {"PRM111"}
    assert {"PRM306"} == codes(candidate(ORDINARY, two))
    assert set() == codes(candidate(ORDINARY, two, {"source": LabelSource.CARRIER}))


@pytest.mark.parametrize(
    ("count", "source", "prime", "ordinary"),
    [
        (1, LabelSource.BUY_SHIPPING, set(), set()),
        (2, LabelSource.BUY_SHIPPING, {"PRM306"}, {"PRM306"}),
        (2, LabelSource.AMAZON_SHIPPING, {"PRM306"}, set()),
        (2, LabelSource.CARRIER, {"PRM306"}, set()),
    ],
)
def test_R9_one_package(
    count: int, source: LabelSource, prime: set[str], ordinary: set[str]
) -> None:
    """R9 R20: Buy Shipping takes one package of any order; other sources more, but not of Prime."""
    boxes, sold_by = {"packages": (box(),) * count}, {"source": source}

    assert prime == codes(candidate(draft_=boxes, rate_=sold_by))
    assert ordinary == codes(candidate(ORDINARY, boxes, sold_by))


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((), {"PRM307"}),
        ((item(quantity=0),), {"PRM307"}),
        ((item(quantity=1, quantity_shipped=1),), {"PRM307"}),
        ((item(quantity=1, quantity_shipped=2),), {"PRM307"}),
    ],
)
def test_R18_there_is_something_to_ship(items: tuple[Any, ...], expected: set[str]) -> None:
    """R18: an order of which nothing is left gets no label."""
    assert expected == codes(candidate({"items": items}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"weight": None}, {"PRM301"}),
        ({"dimensions": None}, {"PRM302"}),
        ({"weight": None, "dimensions": None}, {"PRM301", "PRM302"}),
    ],
)
def test_R5_packages_are_measured(changes: dict[str, Any], expected: set[str]) -> None:
    """R5: a package of unknown weight or size has no price and no promise."""
    assert expected == codes(candidate(draft_={"packages": (box(**changes),)}))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("name", {"PRM401"}),
        ("line1", {"PRM401"}),
        ("city", {"PRM401"}),
        ("postal_code", {"PRM401"}),
        ("country", {"PRM401"}),
        ("phone", {"PRM401"}),
        ("company", set()),
        ("line2", set()),
        ("region", set()),
        ("email", set()),
    ],
)
@pytest.mark.parametrize("blank", ["", " \t"])
def test_R5_ship_from_is_complete(field: str, expected: set[str], blank: str) -> None:
    """R5: nothing is bought from an address with holes; blanks are holes."""
    lacking = WAREHOUSE.model_copy(update={field: blank})

    assert expected == codes(candidate(draft_={"ship_from": lacking}))


def test_R5_no_ship_from_at_all() -> None:
    """R5: a draft that leaves from nowhere is refused, before any rate is asked for."""
    assert {"PRM401"} == codes(Candidate(order(), draft(ship_from=None), None, NOW))
