"""Changing a store file behind our back, as a hand with other tools would, or a bad disk."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from primetui.adapters.documents.projection import COLUMNS
from primetui.adapters.tinydb.stamps import mark_of, stamp_of, stamp_over


def spoil(home: Path, *statements: str) -> None:
    """Change a store, and leave its checksums as they were."""
    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def rewrite(home: Path, statement: str, values: Sequence[object] = ()) -> int:
    """Change a store as another program of ours might, checksums included; tell how many rows."""
    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        raw.create_function("mark_of", 2, mark_of)
        raw.create_function("stamp_of", 2, stamp_of)
        raw.create_function("stamp_over", -1, stamp_over)
        changed = raw.execute(statement, values).rowcount
        raw.execute("UPDATE doc SET mark = mark_of(tbl, id)")
        raw.execute("UPDATE doc SET stamp = stamp_of(mark, CAST(body AS BLOB))")
        raw.execute(f"UPDATE grid SET stamp = stamp_over({', '.join(COLUMNS)})")  # noqa: S608 - our own names
        raw.commit()
    return changed
