"""The plain JSON file of stock TinyDB, written and read document by document: memory stays flat."""

import json
from collections.abc import Callable, Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

from primetui.adapters.plain import shown
from primetui.errors import ConfigError

_CHUNK: Final = 1 << 16
_LONGEST: Final = 1 << 26
"""Characters of one document: beyond that the file is not what it seems."""
_BLANK: Final = " \t\r\n"


class TinyJsonWriter:
    """Writes tables of documents, each document on a line of its own.

    Args:
        write: takes the next piece of the file.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._tables = 0
        self._documents = 0

    def begin(self, table: str) -> None:
        """Begin a table; what follows is in it."""
        self._write("{" if not self._tables else "\n},")
        self._write(f"\n{json.dumps(table)}: {{")
        self._tables += 1
        self._documents = 0

    def document(self, id_: str, text: str) -> None:
        """Write a document, which is JSON already."""
        self._write(f"{',' if self._documents else ''}\n{json.dumps(id_)}: {text}")
        self._documents += 1

    def finish(self) -> None:
        """Close what is open."""
        self._write("\n}\n}\n" if self._tables else "{}\n")


def documents_in(read: Callable[[int], str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Read table, id and document, one after the other; a ConfigError where it is no such file."""
    text = _Text(read)
    for table in text.names("the file"):
        for id_ in text.names(f"table {shown(table)}"):
            document = text.value()
            if not isinstance(document, dict):
                raise text.wrong(f"{shown(table)} {shown(id_)} is no document")
            yield table, id_, document
    if text.next():
        raise text.wrong("something follows its end")


class _Text:
    """A JSON text that comes in pieces."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self._rest = ""
        self._at = 0
        self._before = 0
        self._decoder = JSONDecoder()

    def names(self, what: str) -> Iterator[str]:
        """Go through the names of an object; the caller reads what each stands for."""
        if self.next() != "{":
            raise self.wrong(f"{what} is no object")
        self._at += 1
        while self.next() == '"':
            name = self.value()
            if self.next() != ":":
                raise self.wrong(f"{shown(name)} stands for nothing")
            self._at += 1
            yield name
            if self.next() != ",":
                break
            self._at += 1
        if self.next() != "}":
            raise self.wrong(f"{what} does not end as it should")
        self._at += 1

    def next(self) -> str:
        """Give the next character that is not blank, without taking it; none at the end."""
        while True:
            while self._at < len(self._rest) and self._rest[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._rest):
                return self._rest[self._at]
            if not self._more():
                return ""

    def value(self) -> Any:
        """Take the value that comes next, however many pieces it is in."""
        self.next()
        while True:
            try:
                value, self._at = self._decoder.raw_decode(self._rest, self._at)
            except JSONDecodeError:
                if len(self._rest) - self._at > _LONGEST or not self._more():
                    raise self.wrong("it is not JSON, or it was cut short") from None
            except RecursionError:
                raise self.wrong("it is nested too deep") from None
            else:
                return value

    def wrong(self, why: str) -> ConfigError:
        """Make the error for a text that is no such file."""
        return ConfigError(
            f"The file is no JSON file of TinyDB ({why}, near character "
            f"{self._before + self._at + 1:,})."
        )

    def _more(self) -> bool:
        """Read on; the more is left over from before, the more is read, so that it is read twice."""
        self._before += self._at
        self._rest = self._rest[self._at :]
        self._at = 0
        piece = self._read(max(_CHUNK, len(self._rest)))
        self._rest += piece
        return bool(piece)
