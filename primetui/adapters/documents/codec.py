"""Values as documents and back: JSON fields, and the number of the schema they follow."""

from contextlib import suppress
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from primetui.adapters.documents.rows import Document, decode
from primetui.adapters.plain import shown
from primetui.domain.value import Value
from primetui.errors import RepositoryError

DOCUMENT_SCHEMA: Final = 2
"""The schema of the documents this PrimeTUI writes; each document names its own.

1: an order named its buyer in the clear, and label files lay open.
2: both are sealed. What has no buyer reads alike.
"""

_HEAD: Final = f'{{"schema":{DOCUMENT_SCHEMA},'
"""How a document begins that has no derived fields."""

_NAMED: Final = 3
"""How many misfits an error names: enough to look them up, little enough for one line."""

V = TypeVar("V", bound=Value)


def to_document(value: Value, **derived: str) -> Document:
    """Write a value as a document; `derived` are fields it is found by but does not have."""
    return {"schema": DOCUMENT_SCHEMA, **derived, **value.model_dump(mode="json")}


def from_document(kind: type[V], id_: str, document: Document) -> V:
    """Read a value from its document; one that does not fit is a RepositoryError."""
    name = f"{kind.__name__} {shown(id_)}"
    _refuse_newer(name, document.get("schema"))
    known = kind.model_fields
    derived = _DERIVED.get(kind.__name__, frozenset()) | {"schema"}
    fields = {k: v for k, v in document.items() if k in known or k not in derived}
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        misfits = ", ".join(_where(e["loc"]) for e in error.errors()[:_NAMED])
        raise RepositoryError(
            f"{name} cannot be read (look at {misfits}): put your last backup in its place. "
            "Everything else still works."
        ) from error


def from_text(kind: type[V], table: str, id_: str, text: str) -> V:
    """Read a value from the JSON of its document, in one go where it is as we write it now."""
    if text.startswith(_HEAD):
        with suppress(ValidationError):  # the other way tells what is wrong
            return kind.model_validate_json("{" + text[len(_HEAD) :])
    return from_document(kind, id_, decode(table, id_, text))


def _refuse_newer(name: str, schema: Any) -> None:
    if type(schema) is not int or schema < 1:
        raise RepositoryError(f"{name} does not say which schema it follows: it is not ours.")
    if schema > DOCUMENT_SCHEMA:
        raise RepositoryError(
            f"{name} follows schema {schema}, of a newer PrimeTUI; this one reads up to "
            f"{DOCUMENT_SCHEMA}: install the newer PrimeTUI. Nothing was changed."
        )


def _where(location: tuple[int | str, ...]) -> str:
    return shown(".".join(map(str, location)) or "the whole of it")


_DERIVED: Final = {
    "Purchase": frozenset({"state", "order_id"}),
    "Batch": frozenset({"is_open"}),
}
"""Fields that documents of a kind carry for their index only."""
