"""The words on a label and its packing slip, and what of them can be printed."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelText:
    """What a label and its packing slip say, exactly as the order has it."""

    carrier: str
    service: str
    tracking: str
    ship_to: tuple[str, ...]
    order_id: str
    weight: str
    slip: tuple[str, ...]
    """The lines of the packing slip."""


def printable(text: str, longest: int = 60) -> str:
    """Keep what a printer can show: no controls, no direction marks, no invisible signs."""
    shown = (c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return " ".join("".join(shown).split())[:longest]
