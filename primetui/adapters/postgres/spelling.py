"""How any text is spelled in PostgreSQL, whose texts hold neither NUL nor broken Unicode.

A backslash is doubled, NUL is backslash zero, and half a surrogate pair is spelled as the other
store spells it: a text without any of them, and that is nearly all, lies there as it is.
"""

import re
from typing import Final

_ESCAPED: Final = re.compile(r"\\(.)")


def spelled(text: str) -> str:
    """Spell a text so that PostgreSQL takes it; different texts stay different."""
    whole = text.encode("utf-8", "backslashreplace").decode()
    return whole.replace("\\", "\\\\").replace("\0", "\\0")


def unspelled(text: str) -> str:
    """Give back what `spelled` has made."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: "\0" if found[1] == "0" else found[1], text)
