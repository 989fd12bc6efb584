"""Which encoding a text file is in: proven where it can be, else the likeliest."""

import codecs
from pathlib import Path
from typing import Final, NamedTuple

from primetui.errors import ConfigError

_CHUNK: Final = 1 << 16
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_NAMES: Final = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp932": "Shift-JIS",
    "cp1252": "Windows-1252",
}
_ENOUGH_ZEROS: Final = 0.4
"""Of every second byte: text in UTF-16 is mostly Latin letters, digits and delimiters."""
_LETTERS_LOOKED_AT: Final = 20_000


class Encoding(NamedTuple):
    """An encoding by Python's name and by the one people know."""

    codec: str
    name: str
    guessed: bool


def encoding_of(path: Path) -> Encoding:
    """Find a file's encoding; ConfigError when it is in none that order files come in."""
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    for mark, codec, name in _MARKS:
        if start.startswith(mark):
            return Encoding(codec, name, guessed=False)
    wide = _unmarked_utf16(start)
    if wide and _decodes(path, wide):
        return Encoding(wide, _NAMES[wide], guessed=True)
    if _decodes(path, "utf-8"):
        return Encoding("utf-8", "UTF-8", guessed=False)
    for codec in ("cp932", "cp1252"):
        if _decodes(path, codec) and (codec != "cp932" or _reads_as_japanese(path)):
            return Encoding(codec, _NAMES[codec], guessed=True)
    raise ConfigError(
        f"{path}: nobody can tell its encoding. Save it as UTF-8, or name it: --encoding NAME"
    )


def named_encoding(name: str) -> Encoding:
    """Take an encoding by any name Python knows it by."""
    try:
        found = codecs.lookup(name.strip())
        "".encode(found.name)  # refuses what Python counts among them, but is none of text
    except (LookupError, ValueError):
        raise ConfigError(
            f"{name!r} is no encoding of text: write utf-8, utf-16, cp1252 or shift_jis."
        ) from None
    codec = "utf-8-sig" if found.name == "utf-8" else found.name
    return Encoding(codec, _NAMES.get(found.name, found.name), guessed=False)


def _unmarked_utf16(start: bytes) -> str | None:
    """See the zero bytes between Latin letters that UTF-16 without a mark leaves."""
    high, low = start[0::2], start[1::2]
    if low and low.count(0) > _ENOUGH_ZEROS * len(low):
        return "utf-16-le"
    return "utf-16-be" if high and high.count(0) > _ENOUGH_ZEROS * len(high) else None


def _decodes(path: Path, codec: str) -> bool:
    """Tell whether the whole file is text in an encoding, a piece at a time."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_japanese(path: Path) -> bool:
    """Tell Shift-JIS from a Western encoding that happens to decode as it.

    Japanese letters stand beside each other; a Western accent read as half of one stands alone
    among Latin letters.
    """
    beside = alone = 0
    with path.open(encoding="cp932", newline="") as file:
        while (piece := file.read(_CHUNK)) and beside + alone < _LETTERS_LOOKED_AT:
            wide = [not letter.isascii() for letter in piece]
            for before, here, after in zip([False, *wide], wide, [*wide[1:], False], strict=False):
                beside += here and (before or after)
                alone += here and not (before or after)
    return beside > alone
