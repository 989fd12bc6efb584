"""Documents of an older schema: which there are, and how one is written as it is today."""

from contextlib import closing

from primetui.adapters.documents.codec import DOCUMENT_SCHEMA, from_document
from primetui.adapters.documents.kinds import KINDS
from primetui.adapters.documents.rows import Rows, WritableRows, decode
from primetui.adapters.documents.vault import Vault
from primetui.domain.order import OrderRecord
from primetui.domain.retention import forget_after
from primetui.errors import RepositoryError
from primetui.ports import Outdated

_CURRENT = f'{{"schema":{DOCUMENT_SCHEMA},'
"""How a document of today begins: to know it costs no reading of it."""


def outdated(now: Rows) -> tuple[Outdated, ...]:
    """Name the documents of an older schema, table by table; damaged ones are left to `db check`."""
    found: list[Outdated] = []
    for table in KINDS:
        with closing(now.texts(table)) as texts:
            found += (Outdated(table, id_) for id_, text in texts if _is_old(table, id_, text))
    return tuple(found)


def upgrade(tx: WritableRows, vault: Vault, old: Outdated) -> None:
    """Write one document as it is written today; one that cannot be read is a RepositoryError."""
    document = tx.get(old.table, old.id)
    if document is None or document.get("schema") == DOCUMENT_SCHEMA:
        return  # somebody else was first
    value = from_document(KINDS[old.table], old.id, document)
    today = {**document, "schema": DOCUMENT_SCHEMA}
    if isinstance(value, OrderRecord):
        today = vault.seal(tx, old.id, today, forget_after(value.order))
    tx.put(old.table, old.id, today)


def _is_old(table: str, id_: str, text: str) -> bool:
    if text.startswith(_CURRENT):
        return False
    try:
        schema = decode(table, id_, text).get("schema")
    except RepositoryError:
        return False
    return type(schema) is int and 0 < schema < DOCUMENT_SCHEMA
