"""Walking through Rithum's lists, whatever its links say.

A link may lead to the same page for ever, and a page past the end is page one again. So a walk
goes on by its own count where a link repeats, and ends where a page holds nothing new. Links hold
an access token and a host: only what they ask for is taken from them.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from primetui.adapters.answers import Call, unreadable
from primetui.adapters.lenient import text
from primetui.adapters.rithum.client import SERVICE
from primetui.adapters.rithum.order_wire import own_number

Query = tuple[tuple[str, str], ...]
Ask = Callable[[Query], tuple[Call, Mapping[str, object]]]
"""Asks for one page."""

_LINK: Final = "@odata.nextLink"
_SKIP: Final = "$skip"
_LONGEST_LINK: Final = 16_384


def walk(ask: Ask, question: Query) -> Iterator[list[object]]:
    """Give the new entries of each page until there are none."""
    seen: set[str] = set()
    query, position, by_link = question, int(dict(question).get(_SKIP, "0")), False
    while True:
        call, body = ask(query)
        entries = body.get("value")
        if not isinstance(entries, list):
            raise unreadable(call, SERVICE, "it holds no list")
        named = {key_of(entry): entry for entry in entries}
        fresh = [entry for key, entry in named.items() if key not in seen]
        seen.update(named)
        if fresh:
            yield fresh
            position += len(entries)
            if not body.get(_LINK):
                return
            query, by_link = _followed(call, body.get(_LINK)), True
        elif by_link:
            query, by_link = _counted(question, position), False
        else:
            return


def _counted(question: Query, position: int) -> Query:
    """Ask for what comes after so many entries."""
    return (*(pair for pair in question if pair[0] != _SKIP), (_SKIP, str(position)))


def key_of(entry: object) -> str:
    """Name an entry by its number, or by all it holds where it has none."""
    number = own_number(entry)
    if number:
        return number
    written = json.dumps(entry, sort_keys=True, default=str)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _followed(call: Call, link: object) -> Query:
    """Read what a link asks for; its host and its token are of no interest."""
    try:
        parts = urlsplit(text(link, _LONGEST_LINK))
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        pairs = []
    wanted = tuple(pair for pair in pairs if pair[0].casefold() != "access_token")
    if not wanted:
        raise unreadable(call, SERVICE, "its link to the next page is unreadable")
    return wanted
