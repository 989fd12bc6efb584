"""Finding words inside the grid's texts by their groups of three letters.

SQLite keeps no checksums of this index, so a damaged one may miss rows in silence: what it finds
is compared with the texts, and `mend` compares the whole.
"""

import sqlite3
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

        None where no word is long enough to be looked up, over `limit` rows may have them, or the
        index finds rows whose words are others: then it is damaged.
        """
        groups = [group for word in text.casefold().split() for group in _groups(word)]
        if not groups:
            return None
        condition = Where("grid_words MATCH ?", (" AND ".join(map(_quoted, groups)),))
        ((found,),) = self._now.execute(
            f"SELECT count(*) FROM (SELECT rowid FROM grid_words WHERE {condition.sql} LIMIT ?)",  # noqa: S608 - our own words
            (*condition.values, limit + 1),
        )
        return condition if found <= limit and self._bears_out(condition, groups) else None

    def mend(self) -> bool:
        """Make the index anew if it does not fit the texts; tell whether it had to be."""
        try:
            self._now.execute(
                "INSERT INTO grid_words(grid_words, rank) VALUES('integrity-check', 1)", ()
            )
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CORRUPT_VTAB:
                raise
            self._now.execute("INSERT INTO grid_words(grid_words) VALUES('rebuild')", ())
            return True
        return False

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

    def _bears_out(self, condition: Where, groups: list[str]) -> bool:
        """Tell whether the rows that the index finds are there and have all groups."""
        has = " AND ".join(["instr(grid.words, ?)"] * len(groups))
        ((others,),) = self._now.execute(
            "SELECT EXISTS(SELECT 1 FROM grid_words LEFT JOIN grid ON grid.n = grid_words.rowid "  # noqa: S608 - as above
            f"WHERE {condition.sql} AND NOT ifnull({has}, FALSE))",
            (*condition.values, *groups),
        )
        return not others


def _groups(word: str) -> list[str]:
    """Give some of a word's groups of three letters."""
    word = bindable(word)
    if "\0" in word:
        return []
    groups = [word[at : at + _GROUP] for at in range(len(word) - _GROUP + 1)]
    return groups[:_ENOUGH]


def _quoted(group: str) -> str:
    return '"{}"'.format(group.replace('"', '""'))
