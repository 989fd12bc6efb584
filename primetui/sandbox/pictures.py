"""Pictures of labels and packing slips, with a tracking barcode a scanner reads."""

from typing import TypeAlias

from barcode.codex import Code128
from PIL import Image, ImageDraw, ImageFont

from primetui.sandbox.label_text import LabelText, plain

Picture: TypeAlias = Image.Image

_WHITE, _BLACK = 255, 0
_QUIET_MODULES = 12
_SLIP_LINES = 40


def label(dpi: int, text: LabelText) -> Picture:
    """Draw a 4 by 6 inch label."""
    width, height = 4 * dpi, 6 * dpi
    picture = Image.new("L", (width, height), _WHITE)
    pen = ImageDraw.Draw(picture)
    margin = dpi // 5
    _write(pen, (margin, margin), text.carrier, dpi * 30 // 100)
    _write(pen, (margin, margin + dpi * 40 // 100), text.service, dpi * 18 // 100)
    _write(pen, (margin, margin + dpi * 70 // 100), f"{text.weight}  SANDBOX", dpi * 12 // 100)
    pen.line([(0, dpi * 21 // 20), (width, dpi * 21 // 20)], _BLACK, 3)
    for row, words in enumerate(("SHIP TO", *text.ship_to)):
        _write(pen, (margin, dpi * 23 // 20 + row * dpi * 24 // 100), words, dpi * 16 // 100)
    pen.line([(0, dpi * 31 // 10), (width, dpi * 31 // 10)], _BLACK, 3)
    _bars(pen, (width, dpi * 34 // 10, dpi * 47 // 10), text.tracking)
    _write(pen, (margin, dpi * 48 // 10), text.tracking, dpi * 18 // 100)
    _write(pen, (margin, dpi * 53 // 10), f"Order {text.order_id}", dpi * 14 // 100)
    return picture


def page(size: tuple[int, int], picture: Picture) -> Picture:
    """Put a label at the top left of a page."""
    sheet = Image.new("L", size, _WHITE)
    sheet.paste(picture, (0, 0))
    return sheet


def slip(size: tuple[int, int], text: LabelText) -> Picture:
    """Draw the packing slip of an order."""
    return _listed(size, ("PACKING SLIP", f"Order {text.order_id}", "", *text.slip[:_SLIP_LINES]))


def form(size: tuple[int, int], parcels: tuple[str, ...]) -> Picture:
    """Draw the form a carrier signs for parcels."""
    return _listed(size, ("COLLECTION FORM", f"{len(parcels)} parcels", "", *parcels[:_SLIP_LINES]))


def _listed(size: tuple[int, int], lines: tuple[str, ...]) -> Picture:
    """Write lines under one another on a sheet."""
    sheet = Image.new("L", size, _WHITE)
    pen = ImageDraw.Draw(sheet)
    step = size[0] // 22
    for row, words in enumerate(lines):
        _write(pen, (step, step + row * step * 3 // 2), words, step * 9 // 10)
    return sheet


def _write(pen: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int) -> None:
    pen.text(at, plain(words), _BLACK, ImageFont.load_default(size))


def _bars(pen: ImageDraw.ImageDraw, area: tuple[int, int, int], data: str) -> None:
    """Draw a Code 128 in the middle of (width, top, bottom), each module whole pixels wide."""
    width, top, bottom = area
    modules: str = Code128(data).build()[0]
    module = width // (len(modules) + 2 * _QUIET_MODULES)
    left = (width - module * len(modules)) // 2
    for index, bar in enumerate(modules):
        if bar == "1":
            x = left + index * module
            pen.rectangle([(x, top), (x + module - 1, bottom)], _BLACK)
