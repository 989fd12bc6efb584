"""A label's picture in characters, two by four dots in each: to recognise it, not to scan it."""

import io
from typing import Final

from PIL import Image, UnidentifiedImageError

BRAILLE: Final = 0x2800
DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot, by row and column of a character."""
DARK: Final = 185
"""Grey below this prints."""
MOST_PIXELS: Final = 40_000_000
"""A label of 4 by 6 inches at 600 dpi has nine million."""


def picture(content: bytes, width: int) -> list[str]:
    """Draw a PNG in lines of `width` characters; one that cannot be read gives none."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return []
            across = 2 * width
            down = max(4, round(opened.height * across / opened.width / 4) * 4)
            grey = opened.convert("L").resize((across, down), Image.Resampling.BOX)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return []
    pixels = grey.tobytes()
    return [_row(pixels, y, across) for y in range(0, down, 4)]


def _row(pixels: bytes, y: int, across: int) -> str:
    return "".join(chr(BRAILLE + _dots(pixels, y, x, across)) for x in range(0, across, 2))


def _dots(pixels: bytes, y: int, x: int, across: int) -> int:
    return sum(
        bit
        for row, bits in enumerate(DOTS)
        for column, bit in enumerate(bits)
        if pixels[(y + row) * across + x + column] < DARK
    )
