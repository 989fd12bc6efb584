"""Words a service sent that this version does not know, gathered while an order is read (R22)."""

from collections.abc import Container
from datetime import datetime
from typing import Final

from primetui.adapters.answers import one_line
from primetui.adapters.lenient import moment, text

_MOST: Final = 20
"""One is enough to block buying; more than these only fill the screen."""


class Strangers:
    """The list of them, in the order they were met."""

    def __init__(self) -> None:
        self._words: dict[str, None] = {}

    def words(self) -> tuple[str, ...]:
        """Give them as `field: word`, each once."""
        return tuple(self._words)[:_MOST]

    def note(self, name: str, value: object) -> None:
        """Take down a field that holds something unknown."""
        if value is None:
            shown = "missing"
        else:
            shown = one_line(text(value, 80), 60) or f"an unreadable {type(value).__name__}"
        self._words[f"{name}: {shown}"] = None

    def word(self, name: str, value: object, known: Container[str]) -> str:
        """Read a word in capitals; one that is there and not known is noted, and kept."""
        read = text(value, 80).upper()
        if (value or read) and read not in known:
            self.note(name, value)
        return read

    def needed_word(self, name: str, value: object, known: Container[str]) -> str:
        """Read a word that has to be there."""
        if not value:
            self.note(name, None)
        return self.word(name, value, known)

    def moment(self, name: str, value: object) -> datetime | None:
        """Read an instant; one that is there and cannot be read is noted."""
        read = moment(value)
        if read is None and value not in (None, ""):
            self.note(name, value)
        return read
