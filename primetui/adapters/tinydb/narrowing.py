"""What SQL can tell about a TinyDB query: a superset of its answer, found through an index.

A TinyDB query is a Python predicate, and the predicate always decides. Its hash, though, spells
out what it asks ("==", path, value), and where that names an indexed field, the rows to look at
are few. Only text, whole numbers and booleans narrow; what SQLite and Python may compare
differently (NUL, broken surrogates, floats, null, numbers of over 64 bits) does not.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from primetui.adapters.tinydb.schema import FieldPath, is_whole
from primetui.adapters.tinydb.where import Where

_LARGEST: Final = 2**63 - 1

Indexed = Mapping[FieldPath, str]
"""Fields that an index finds, and the column each is in."""


def narrow(query: Callable[..., object], indexed: Indexed) -> Where | None:
    """Give a condition that every match of the query meets, or None when no index can help."""
    return _read(getattr(query, "_hash", None), indexed)


def among(column: str, values: tuple[Any, ...]) -> Where | None:
    """Give the condition that a column is one of these, or None when SQL cannot tell."""
    if not all(_compares_alike(value) for value in values):
        return None
    return Where(f"{column} IN ({', '.join('?' * len(values))})", values, column)


def _read(spelled: Any, indexed: Indexed) -> Where | None:
    match spelled:
        case ("==", path, value) if path in indexed:
            return among(indexed[path], (value,))
        case ("one_of", path, tuple() as values) if path in indexed:
            return among(indexed[path], values)
        case ("and", frozenset() as parts):
            return _all_of(parts, indexed)
        case ("or", frozenset() as parts):
            return _any_of(parts, indexed)
        case _:
            return None


def _all_of(parts: frozenset[Any], indexed: Indexed) -> Where | None:
    read = [_read(part, indexed) for part in parts]
    known = [where for where in read if where is not None]
    return _joined(" AND ", known) if known else None


def _any_of(parts: frozenset[Any], indexed: Indexed) -> Where | None:
    read = [_read(part, indexed) for part in parts]
    known = [where for where in read if where is not None]
    return _joined(" OR ", known) if len(known) == len(read) else None


def _joined(word: str, conditions: list[Where]) -> Where:
    if len(conditions) == 1:
        return conditions[0]
    sql = word.join(f"({where.sql})" for where in conditions)
    return Where(sql, tuple(value for where in conditions for value in where.values))


def _compares_alike(value: object) -> bool:
    """Tell whether SQLite finds equal everything that Python finds equal to this value."""
    if isinstance(value, str):
        return "\0" not in value and is_whole(value)
    return isinstance(value, int) and abs(value) <= _LARGEST
