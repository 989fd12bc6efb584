"""The words of a rule's line: how they are cut apart, and how a value is spelled as one of them."""

import re
import sys
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Cut(Enum):
    """What sort of word it is."""

    WORD = auto()
    QUOTED = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a line, and where it stands."""

    cut: Cut
    text: str
    """What it says; a quoted one without its quotes."""
    start: int
    end: int
    open: bool = False
    """A quote that nobody closed."""


LONGEST_LINE: Final = 20_000

_SIGNS: Final = {
    "→": "->",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
    "==": "=",
}
"""Other ways to write a sign."""

_WORD: Final = r"""(?:[^\s,"“”=<>!≤≥≠→:.\-]|\.(?!\.)|-(?!>)|:(?=\d))+"""
_TOKEN: Final = re.compile(
    rf"""\s*(?:
        (?P<quoted>["“](?P<inside>(?:[^"”\\]|\\.)*)(?P<close>["”]?))
      | (?P<sign>->|→|\.\.|!=|≠|<=|≤|>=|≥|==|=|<|>|,|:)
      | (?P<word>{_WORD})
      | (?P<stray>\S)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))", re.DOTALL)
_NAMED: Final = {"n": "\n", "t": "\t"}
_PLAIN: Final = re.compile(_WORD)

RESERVED: Final = frozenset({"and", "or", "any", "all", "off", "always", "cased", "stop"})
"""Words with a meaning of their own: as a value they are quoted."""


def tokens(line: str) -> list[Token]:
    """Cut a line into words, the last of which is its end."""
    found: list[Token] = []
    at = 0
    while match := _TOKEN.match(line, at):
        found.append(_token(match))
        at = match.end()
    return [*found, Token(Cut.END, "", len(line), len(line))]


def _token(match: re.Match[str]) -> Token:
    if match["quoted"] is not None:
        text = _ESCAPE.sub(_unescaped, match["inside"])
        return Token(Cut.QUOTED, text, *match.span("quoted"), open=not match["close"])
    if match["sign"] is not None:
        return Token(Cut.SIGN, _SIGNS.get(match["sign"], match["sign"]), *match.span("sign"))
    name = "word" if match["word"] is not None else "stray"
    return Token(Cut.WORD, match[name], *match.span(name))


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is not None:
        code = int(match[1], 16)
        return chr(code) if code <= sys.maxunicode else "\ufffd"
    return _NAMED.get(match[2], match[2])


def spelled(value: str, *, always_quoted: bool = False) -> str:
    """Spell a value as one word of a line: quoted where it must be, and safe to show."""
    bare = not always_quoted and _PLAIN.fullmatch(value) and value.isprintable()
    if bare and value.casefold() not in RESERVED and value.strip(".") == value:
        return value
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\“”':
        return f"\\{char}"
    if char.isprintable():
        return char
    return {"\n": r"\n", "\t": r"\t"}.get(char) or f"\\u{{{ord(char):x}}}"
