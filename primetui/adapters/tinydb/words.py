"""Finding words inside the grid's texts by their groups of three letters."""

from typing import Final

from primetui.adapters.tinydb.rows import bindable
from primetui.adapters.tinydb.schema import Statements
from primetui.adapters.tinydb.where import Where

WORD_STATEMENTS: Final = {
    "grid_words": "CREATE VIRTUAL TABLE grid_words USING fts5(words, content='grid', "
    "content_rowid='n', tokenize='trigram', detail=none, columnsize=0)",
}
_GROUP: Final = 3
_ENOUGH: Final = 12
"""Groups of a word that are looked up: the word itself is compared afterwards."""


class Words:
    """The index of words at one moment, or as one transaction changes it."""

    def __init__(self, now: Statements) -> None:
        self._now = now

    def few(self, text: str, limit: int) -> Where | None:
        """Give the condition that a row may have all words of a text.

        None where no word is long enough to be looked up, or over `limit` rows may have them.
        """
        groups = [group for word in text.casefold().split() for group in _groups(word)]
        if not groups:
            return None
        condition = Where("grid_words MATCH ?", (" AND ".join(groups),))
        ((found,),) = self._now.execute(
            f"SELECT count(*) FROM (SELECT rowid FROM grid_words WHERE {condition.sql} LIMIT ?)",  # noqa: S608 - our own words
            (*condition.values, limit + 1),
        )
        return condition if found <= limit else None

    def moved(self, n: int, old: str, new: str) -> None:
        """Index a row's words instead of what they were; blank is none."""
        if old == new:
            return
        if old:
            self._now.execute(
                "INSERT INTO grid_words(grid_words, rowid, words) VALUES('delete', ?, ?)", (n, old)
            )
        if new:
            self._now.execute("INSERT INTO grid_words(rowid, words) VALUES(?, ?)", (n, new))


def _groups(word: str) -> list[str]:
    """Give some of a word's groups of three letters, quoted for a query."""
    word = bindable(word)
    if "\0" in word:
        return []
    groups = [word[at : at + _GROUP] for at in range(len(word) - _GROUP + 1)]
    return ['"{}"'.format(group.replace('"', '""')) for group in groups[:_ENOUGH]]
