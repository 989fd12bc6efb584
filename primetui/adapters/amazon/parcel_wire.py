"""A parcel in Amazon's units, whichever of its APIs it is sent to."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Final

from primetui.domain.address import Address
from primetui.domain.measures import GRAMS, MILLIMETRES, Dimensions, Weight
from primetui.domain.order import Order
from primetui.domain.shipment import ItemId, Package
from primetui.errors import Rejected

_HUNDREDTH: Final = Decimal("0.01")
_IMPERIAL: Final = frozenset({"US"})
"""Countries whose carriers price by the ounce: a pound must not arrive there as 16.01 oz."""


def is_imperial(country: str) -> bool:
    """Tell whether parcels are measured in ounces and inches there."""
    return country in _IMPERIAL


def measured(package: Package) -> tuple[Weight, Dimensions]:
    """Give weight and size, which every price depends on."""
    if package.weight is None or package.dimensions is None:
        raise Rejected("The package has no weight or no size: measure it first.")
    return package.weight, package.dimensions


def packed(order: Order, package: Package) -> Mapping[ItemId, int]:
    """Count what is inside: what the draft packs, or all that is still to be shipped."""
    return {item.item_id: item.quantity for item in package.items} or {
        item.id: item.to_ship for item in order.items if item.to_ship
    }


def weight_in(weight: Weight, unit: str) -> int | float:
    """Write a weight in OUNCE or GRAM."""
    return _up(weight.grams / GRAMS[unit])


def sides_in(dimensions: Dimensions, unit: str) -> Mapping[str, int | float]:
    """Write length, width and height in INCH or CENTIMETER."""
    sides = {
        "length": dimensions.length_mm,
        "width": dimensions.width_mm,
        "height": dimensions.height_mm,
    }
    return {name: _up(mm / MILLIMETRES[unit]) for name, mm in sides.items()}


def check_lengths(address: Address, lengths: Mapping[str, int], what: str = "ship-from") -> None:
    """Refuse an address that Amazon would cut off or turn down."""
    where = "in the store's settings" if what == "ship-from" else "where the order comes from"
    for name, length in lengths.items():
        if len(getattr(address, name)) > length:
            raise Rejected(
                f"The {what} address has a {name} of more than {length} characters: shorten it "
                f"{where}."
            )


def _up(value: Decimal) -> int | float:
    """Round up to a hundredth: a parcel is never declared smaller than it is."""
    return plain(value.quantize(_HUNDREDTH, ROUND_CEILING))


def plain(value: Decimal) -> int | float:
    """Write a decimal as a JSON number; up to 15 digits it reads back the same."""
    return int(value) if value == value.to_integral_value() else float(value)
