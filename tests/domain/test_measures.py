"""Weights and sizes in every unit of the wire, and what is none."""

from collections.abc import Callable
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given

from primetui.domain.measures import Dimensions, Weight
from primetui.domain.shipment import Shipment
from tests.domain.made import box, draft, packed
from tests.domain.strategies import sizes


@pytest.mark.parametrize(
    ("value", "unit", "grams"),
    [
        ("1", "g", "1"),
        ("1", " Grams ", "1"),
        ("1.5", "KG", "1500"),
        ("1", "KILOGRAM", "1000"),
        ("1", "oz", "28.349523125"),
        ("16", "OUNCE", "453.592370000"),
        ("1", "lb", "453.59237"),
        ("2", "POUND", "907.18474"),
    ],
)
def test_R5_weight_units(value: str, unit: str, grams: str) -> None:
    """R5: every unit of weight is exact."""
    assert Weight(grams=Decimal(grams)) == Weight.of(value, unit)


@pytest.mark.parametrize(
    ("unit", "mm"),
    [("mm", "1"), ("cm", "10"), ("CENTIMETER", "10"), ("in", "25.4"), ("INCH", "25.4")],
)
def test_R5_length_units(unit: str, mm: str) -> None:
    """R5: every unit of length is exact."""
    expected = Dimensions(length_mm=3 * Decimal(mm), width_mm=2 * Decimal(mm), height_mm=mm)

    assert expected == Dimensions.of("3", "2", "1", unit)


@pytest.mark.parametrize(
    "read",
    [
        lambda: Weight.of("1", "stone"),
        lambda: Weight.of("1", ""),
        lambda: Weight.of("heavy", "g"),
        lambda: Weight.of("", "g"),
        lambda: Weight.of("NaN", "g"),
        lambda: Weight.of("sNaN", "g"),
        lambda: Weight.of("Infinity", "g"),
        lambda: Weight.of("0", "g"),
        lambda: Weight.of("-1", "kg"),
        lambda: Weight.of("1e9", "g"),
        lambda: Weight.of("1e99999", "lb"),
        lambda: Dimensions.of("1", "2", "0", "cm"),
        lambda: Dimensions.of("1", "2", "-3", "cm"),
        lambda: Dimensions.of("1", "2", "x", "cm"),
        lambda: Dimensions.of("1", "2", "NaN", "cm"),
        lambda: Dimensions.of("1", "2", "3", "foot"),
        lambda: Dimensions.of("1", "2", "1e30", "cm"),
    ],
)
def test_R22_nonsense_is_a_value_error(read: Callable[[], object]) -> None:
    """R22: whatever is typed or sent, the only way to fail is a ValueError."""
    with pytest.raises(ValueError, match=r"\S"):
        read()


@pytest.mark.parametrize("unit", ["stone", "foot"])
def test_R22_an_unknown_unit_is_named(unit: str) -> None:
    """R22: the message names the unit that nobody knows."""
    with pytest.raises(ValueError, match=unit):
        Weight.of("1", unit)


@given(sizes, sizes, sizes)
def test_R5_the_order_of_sides_means_nothing(a: Decimal, b: Decimal, c: Decimal) -> None:
    """R5: turning a box changes neither its longest side nor its length and girth."""
    turned = [
        Dimensions(length_mm=x, width_mm=y, height_mm=z) for x, y, z in permutations((a, b, c))
    ]

    assert {max(a, b, c)} == {d.longest_mm for d in turned}
    assert {max(a, b, c) + 2 * (a + b + c - max(a, b, c))} == {
        d.length_and_girth_mm for d in turned
    }


@pytest.mark.parametrize(
    ("shipment", "grams"),
    [
        (draft(), Decimal(1000)),
        (draft(packages=(box(), box(weight=Weight.of(5, "g")))), Decimal(1005)),
        (draft(packages=(box(), box(weight=None))), None),
        (draft(packages=()), None),
    ],
)
def test_R5_a_shipment_s_weight_is_known_or_not(shipment: Shipment, grams: Decimal | None) -> None:
    """R5: one unknown weight makes the whole unknown."""
    assert grams == shipment.weight_grams


def test_R7_quantities_add_up_over_boxes_and_lines() -> None:
    """R7: what is packed is counted over all boxes and lines."""
    boxes = (packed(("11", 1), ("22", 2)), packed(("11", 3), ("11", 4)))

    assert {"11": 8, "22": 2} == draft(packages=boxes).quantities()
