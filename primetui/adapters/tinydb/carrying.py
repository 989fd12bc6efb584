"""What was bought since a backup is carried from the home it replaces, where that can be read."""

import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from primetui.adapters.documents.exchange import draw
from primetui.adapters.documents.kinds import KEYS, LABELS, NOTICES, ORDERS, PURCHASES
from primetui.adapters.documents.rows import Document, WritableGrid, WritableRows, decode
from primetui.adapters.home import make_folder
from primetui.adapters.tinydb.engine import STORE_FILE
from primetui.adapters.tinydb.moving import HomePlace
from primetui.adapters.tinydb.papers import FOLDER
from primetui.adapters.tinydb.repository import LAYOUT
from primetui.errors import RepositoryError

Table = dict[str, Document]


def carry_purchases(old: Path, new: Path) -> None:
    """Put every purchase only the old home has into the new one, with all that belongs to it.

    That is its label with its files, its notices, and its order as it stands now, with the key
    that opens it. A purchase both have stays as the backup has it: pending stays pending.
    A home that cannot be read has nothing to give; it may be restored because it is damaged.
    """
    store = old / STORE_FILE
    if not store.exists() or not store.stat().st_size:
        return
    try:
        found = _since(store, new / STORE_FILE)
    except (sqlite3.Error, RepositoryError):
        return
    orders = sorted(str(one["order_id"]) for one in found[PURCHASES].values())
    if not orders:
        return
    for order_id in orders:
        _carry_papers(order_id, old / FOLDER, new / FOLDER)

    def write(tx: WritableRows, grid: WritableGrid) -> None:
        for table, documents in found.items():
            for id_, document in documents.items():
                tx.put(table, id_, document)
        draw(tx, grid, dict.fromkeys(orders))

    with closing(HomePlace(new, LAYOUT)) as place:
        place.change(write)


def _carry_papers(order_id: str, old: Path, new: Path) -> None:
    name = sha256(order_id.encode("utf-8", "surrogatepass")).hexdigest()
    if (old / name).is_dir():
        make_folder(new / name)
        for file in (old / name).iterdir():
            shutil.copy2(file, new / name)


def _since(old: Path, new: Path) -> dict[str, Table]:
    """Find the documents to be carried, by table."""
    had = _table(new, PURCHASES)
    purchases = {id_: one for id_, one in _table(old, PURCHASES).items() if id_ not in had}
    orders = {str(one["order_id"]) for one in purchases.values()}
    kept = _table(new, LABELS).keys() | _table(new, NOTICES).keys()
    labels = {
        id_: one
        for id_, one in _table(old, LABELS).items()
        if id_ not in kept and one["purchase_id"] in purchases
    }
    notices = {
        id_: one
        for id_, one in _table(old, NOTICES).items()
        if id_ not in kept and one["order_id"] in orders
    }
    whole = {
        table: {id_: one for id_, one in _table(old, table).items() if id_ in orders}
        for table in (ORDERS, KEYS)
    }
    return {**whole, PURCHASES: purchases, LABELS: labels, NOTICES: notices}


def _table(store: Path, table: str) -> Table:
    """Read a table's documents, in whatever layout the store is."""
    with closing(sqlite3.connect(store)) as connection:
        query = "SELECT id, CAST(body AS TEXT) FROM doc WHERE tbl = ? AND body IS NOT NULL"
        rows = connection.execute(query, (table,))
        return {id_: decode(table, id_, text) for id_, text in rows}
