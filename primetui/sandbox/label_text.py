"""The words on a label and its packing slip, and what of them can be printed."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LabelText:
    """What a label and its packing slip say, exactly as the order has it."""

    carrier: str
    service: str
    tracking: str
    ship_to: tuple[str, ...]
    order_id: str
    weight: str
    made: datetime
    slip: tuple[str, ...]
    """The lines of the packing slip."""


def plain(text: str, longest: int = 48) -> str:
    """Fold text to the letters the built-in font has, as carriers do; the rest becomes "?"."""
    letters = unicodedata.normalize("NFKD", printable(text))
    folded = "".join(c for c in letters if not unicodedata.combining(c))
    return folded.encode("ascii", "replace").decode("ascii")[:longest]


def printable(text: str, longest: int = 60) -> str:
    """Keep what a printer can show: no controls, no direction marks, no invisible signs."""
    shown = (c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return " ".join("".join(shown).split())[:longest]
