"""Where the last screenful of a query began: the next one is looked for from there.

Without it the middle of a million rows is counted to from an end at every key pressed. A change
by anybody makes all bookmarks void: positions may have moved.
"""

from typing import Final, NamedTuple

from primetui.ports import OrderQuery

_MOST: Final = 16


class Bookmark(NamedTuple):
    """A row's place in the answer to a query, and what the answer is sorted by there."""

    revision: int
    position: int
    key: tuple[str, ...]


class Bookmarks:
    """The last place of each query; any thread may read and write it."""

    def __init__(self) -> None:
        self._kept: dict[OrderQuery, Bookmark] = {}

    def of(self, query: OrderQuery, revision: int) -> Bookmark | None:
        """Give the place of a query that is still right."""
        kept = self._kept.get(query)
        return kept if kept is not None and kept.revision == revision else None

    def put(self, query: OrderQuery, bookmark: Bookmark) -> None:
        """Remember a place, and no more of them than a console asks for."""
        if len(self._kept) >= _MOST:
            self._kept = {}
        self._kept[query] = bookmark
