"""The files of labels in the database: each sealed, under its order and the hash of its bytes."""

from primetui.adapters.documents.papers import name_of
from primetui.adapters.postgres.rows import Snapshot, Transaction
from primetui.adapters.postgres.spelling import spelled
from primetui.domain.label import Document
from primetui.domain.shipment import OrderId


def keep(tx: Transaction, order_id: OrderId, document: Document, sealed: bytes) -> None:
    """Keep a sealed file."""
    tx.change(
        "INSERT INTO paper(order_id, name, sealed) VALUES(%s, %s, %s) "
        "ON CONFLICT (order_id, name) DO UPDATE SET sealed = excluded.sealed",
        (spelled(order_id), name_of(document), sealed),
    )


def read(now: Snapshot, order_id: OrderId, document: Document) -> bytes | None:
    """Read a sealed file back; None when it is not there."""
    rows = now.execute(
        "SELECT sealed FROM paper WHERE order_id = %s AND name = %s",
        (spelled(order_id), name_of(document)),
    )
    return bytes(rows[0][0]) if rows else None


def remove(tx: Transaction, order_id: OrderId) -> None:
    """Remove all files of an order, if there are any."""
    tx.change("DELETE FROM paper WHERE order_id = %s", (spelled(order_id),))
