"""A label in ZPL II, the language of thermal printers; nothing in an address can become a command."""

from primetui.sandbox.label_text import LabelText, printable

_DOTS = 300
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;/#&'()+-")


def label_zpl(dpi: int, text: LabelText) -> bytes:
    """Write a 4 by 6 inch label for a printer of `dpi`."""

    def dots(at_300: int) -> int:
        return at_300 * dpi // _DOTS

    def line(x: int, y: int, height: int, words: str) -> str:
        font = f"^A0N,{dots(height)},{dots(height)}"
        return f"^FO{dots(x)},{dots(y)}{font}^FH_^FD{field(words)}^FS"

    ship_to = [line(60, 470 + 60 * i, 48, words) for i, words in enumerate(text.ship_to)]
    rows = [
        "^XA",
        "^CI28",
        f"^PW{dots(1200)}",
        f"^LL{dots(1800)}",
        line(60, 60, 90, text.carrier),
        line(60, 170, 60, text.service),
        line(60, 260, 40, f"SANDBOX - NOT VALID FOR SHIPPING   {text.weight}"),
        line(60, 390, 44, "SHIP TO"),
        *ship_to,
        f"^FO{dots(60)},{dots(1080)}^BY{max(2, dots(5))}",
        f"^BCN,{dots(380)},N,N,N,A^FD{field(text.tracking)}^FS",
        line(60, 1500, 60, text.tracking),
        line(60, 1620, 40, f"Order {text.order_id}"),
        "^XZ",
    ]
    return "\n".join(rows).encode("ascii")


def field(text: str) -> str:
    """Write text for ^FH: every byte that could mean something to the printer as _XX."""
    data = printable(text).encode("utf-8")
    return "".join(chr(byte) if byte in _PLAIN else f"_{byte:02X}" for byte in data)
