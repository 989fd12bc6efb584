"""Weights in grams and lengths in millimetres; other units live only at the edges."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from pydantic import Field

from primetui.domain.value import Value
from primetui.errors import ConfigError

GRAMS: Final = {
    "G": Decimal(1),
    "GRAM": Decimal(1),
    "GRAMS": Decimal(1),
    "KG": Decimal(1000),
    "KILOGRAM": Decimal(1000),
    "OZ": Decimal("28.349523125"),
    "OUNCE": Decimal("28.349523125"),
    "LB": Decimal("453.59237"),
    "POUND": Decimal("453.59237"),
}
"""Grams in one unit of weight, by the unit's name in capitals."""

MILLIMETRES: Final = {
    "MM": Decimal(1),
    "CM": Decimal(10),
    "CENTIMETER": Decimal(10),
    "IN": Decimal("25.4"),
    "INCH": Decimal("25.4"),
}
"""Millimetres in one unit of length, by the unit's name in capitals."""

_NUMBER: Final = r"(\d{1,9}(?:\.\d{1,4})?)"
_WEIGHT: Final = re.compile(rf"{_NUMBER}\s*([a-z]+)", re.IGNORECASE | re.ASCII)
_SIZE: Final = re.compile(
    rf"{_NUMBER}\s*[x×]\s*{_NUMBER}\s*[x×]\s*{_NUMBER}\s*([a-z]+)", re.IGNORECASE
)

Measure = Annotated[Decimal, Field(gt=0, lt=1_000_000_000, allow_inf_nan=False)]
"""A size or weight of something real."""


class Weight(Value):
    """A weight above zero."""

    grams: Measure

    @classmethod
    def of(cls, value: Decimal | int | str, unit: str) -> "Weight":
        """Read a weight in any known unit; what cannot be read is a ValueError that names it."""
        factor = GRAMS.get(unit.strip().upper())
        if factor is None:
            raise ValueError(f"{unit!r} is not a unit of weight: use g, kg, oz or lb")
        return cls(grams=_number(value) * factor)

    @classmethod
    def read(cls, text: str) -> "Weight":
        """Read a weight as a person types it: `800g`, `1.2 kg`, `12oz`, `2lb`."""
        match = _WEIGHT.fullmatch(text.strip())
        wrong = ConfigError(f"{text!r} is not a weight: write 800g, 1.2kg, 12oz or 2lb.")
        if match is None:
            raise wrong
        try:
            return cls.of(match[1], match[2])
        except ValueError:
            raise wrong from None


class Dimensions(Value):
    """A box, in millimetres; the order of the sides carries no meaning for a limit."""

    length_mm: Measure
    width_mm: Measure
    height_mm: Measure

    @classmethod
    def of(
        cls, length: Decimal | str, width: Decimal | str, height: Decimal | str, unit: str
    ) -> "Dimensions":
        """Read three sides in any known unit; what cannot be read is a ValueError that names it."""
        factor = MILLIMETRES.get(unit.strip().upper())
        if factor is None:
            raise ValueError(f"{unit!r} is not a unit of length: use cm, in or mm")
        sides = [_number(side) * factor for side in (length, width, height)]
        return cls(length_mm=sides[0], width_mm=sides[1], height_mm=sides[2])

    @classmethod
    def read(cls, text: str) -> "Dimensions":
        """Read a box as a person types it: `30x20x10cm`, `12 x 8 x 4 in`."""
        match = _SIZE.fullmatch(text.strip())
        wrong = ConfigError(f"{text!r} is not a size: write 30x20x10cm or 12x8x4in.")
        if match is None:
            raise wrong
        try:
            return cls.of(match[1], match[2], match[3], match[4])
        except ValueError:
            raise wrong from None

    @property
    def longest_mm(self) -> Decimal:
        """The longest side."""
        return max(self.length_mm, self.width_mm, self.height_mm)

    @property
    def length_and_girth_mm(self) -> Decimal:
        """The longest side plus twice the two others, as carriers limit it."""
        sides = sorted((self.length_mm, self.width_mm, self.height_mm))
        return sides[2] + 2 * (sides[0] + sides[1])


def _number(typed: Decimal | int | str) -> Decimal:
    try:
        number = Decimal(typed)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(f"{str(typed)!r} is not a number")
    return number
