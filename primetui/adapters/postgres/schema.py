"""The shape of the database: one row per document, one revision counter, one layout."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from psycopg.types.json import Jsonb

from primetui.adapters.documents.rows import decode
from primetui.adapters.postgres.connections import SCHEMA, Connection
from primetui.adapters.postgres.faults import MOVED_STATE
from primetui.adapters.postgres.spelling import spelled, unspelled
from primetui.errors import RepositoryError

LAYOUT: Final = 1
"""The layout this PrimeTUI writes; a database keeps its own in `meta`."""

FieldPath = tuple[str, ...]

CHANNEL: Final = "primetui"
"""Where every change is announced."""
REMEMBERED: Final = 64
"""How many of the last transactions are known by their mark: see `PostgresEngine`."""
_SHAPING: Final = 0x5052494D
"""The advisory lock of whoever shapes a database: four letters, PRIM."""
_PAGE: Final = 500
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")

_TABLES: Final = """
CREATE TABLE meta(
    one int PRIMARY KEY CHECK(one = 1),
    layout int NOT NULL,
    rev bigint NOT NULL,        -- the number of the last transaction that wrote
    marks bigint[] NOT NULL,    -- the marks of the last ones, newest first
    moved text,                 -- where the documents are, should they be elsewhere
    refusal text                -- what who writes here is told then
) WITH (fillfactor = 10);
INSERT INTO meta(one, layout, rev, marks) VALUES(1, {layout}, 0, '{{}}');
CREATE FUNCTION refuse_moved() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{moved}', MESSAGE = OLD.refusal; END $$;
CREATE TRIGGER moved_away BEFORE UPDATE OF rev ON meta FOR EACH ROW
    WHEN (OLD.moved IS NOT NULL
        AND current_setting('primetui.mover', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION refuse_moved();
CREATE TABLE doc(
    n bigint GENERATED ALWAYS AS IDENTITY,  -- order of arrival
    tbl text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    rev bigint NOT NULL,                    -- the transaction that wrote it last
    body text NOT NULL,                     -- JSON to the letter: jsonb refuses a NUL in a text
    found jsonb NOT NULL,                   -- the fields it is found by
    PRIMARY KEY(tbl, id)
);
CREATE INDEX doc_n ON doc(tbl, n);
CREATE TABLE lease(
    key bigint PRIMARY KEY,     -- the advisory lock that is the lease itself
    fence bigint NOT NULL,      -- tells this holding from every other
    holder text NOT NULL,
    since text NOT NULL
);
CREATE TABLE seat(
    key bigint PRIMARY KEY,     -- the advisory lock that tells whether anybody sits there
    operator text NOT NULL,
    order_id text,
    since text NOT NULL,
    process text NOT NULL
);
CREATE TABLE paper(
    order_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY(order_id, name)
);
ALTER TABLE paper ALTER COLUMN sealed SET STORAGE EXTERNAL;  -- sealed bytes cannot be packed
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which fields of which tables are indexed, and which tables are drawn from the documents."""

    indexes: Mapping[str, tuple[FieldPath, ...]] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)
    """What else is to be made, by the name it then has."""

    def __post_init__(self) -> None:
        names = [
            *self.indexes,
            *(part for paths in self.indexes.values() for path in paths for part in path),
        ]
        if not all(_NAME.match(name) for name in names):
            raise ValueError("names in a layout become SQL: letters, digits and _ only")

    def found(self, table: str, document: Mapping[str, Any]) -> dict[str, str]:
        """Give the fields of a document that it is found by, as its index knows them."""
        values = {".".join(path): _at(document, path) for path in self.indexes.get(table, ())}
        return {name: spelled(value) for name, value in values.items() if isinstance(value, str)}


def shape(connection: Connection, layout: Layout, name: str) -> None:
    """Bring a database into the current layout, unless it is; one program at a time."""
    if _is_shaped(connection, layout, name):
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SHAPING,))
        if _layout_of(connection) is None:
            _refuse_foreign(connection, name)
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            connection.execute(_TABLES.format(layout=LAYOUT, moved=MOVED_STATE))
        _refuse_newer(connection, name)
        for table, paths in layout.indexes.items():
            _index(connection, layout, table, paths)
        present = _present(connection)
        for what, statement in layout.statements.items():
            if what not in present:
                connection.execute(statement)


def _is_shaped(connection: Connection, layout: Layout, name: str) -> bool:
    if _layout_of(connection) is None:
        return False
    _refuse_newer(connection, name)
    wanted = {index_name(t, path) for t, paths in layout.indexes.items() for path in paths}
    return wanted | layout.statements.keys() <= _present(connection)


def _refuse_newer(connection: Connection, name: str) -> None:
    found = _layout_of(connection)
    if found is not None and found > LAYOUT:
        raise RepositoryError(
            f"The store in {name} has layout {found}, made by a newer PrimeTUI; this one reads up "
            f"to layout {LAYOUT}: install the newer PrimeTUI. Nothing was changed."
        )


def _refuse_foreign(connection: Connection, name: str) -> None:
    if _present(connection):
        raise RepositoryError(
            f"{name} has a schema {SCHEMA} of another program: choose another database. "
            "Nothing was changed."
        )


def _layout_of(connection: Connection) -> int | None:
    """Read the layout of a database; None where there is none yet."""
    there = connection.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.meta",)).fetchone()
    if there is None or there[0] is None:
        return None
    row = connection.execute("SELECT layout FROM meta").fetchone()
    return None if row is None else int(row[0])


def _present(connection: Connection) -> set[str]:
    """Name the tables and indexes that are there."""
    rows = connection.execute(
        "SELECT relname FROM pg_class JOIN pg_namespace s ON s.oid = relnamespace "
        "WHERE s.nspname = %s",
        (SCHEMA,),
    )
    return {name for (name,) in rows}


def _index(
    connection: Connection, layout: Layout, table: str, paths: tuple[FieldPath, ...]
) -> None:
    """Make the indexes of a table that are missing; what is there already is found by them too."""
    present = _present(connection)
    missing = [path for path in paths if index_name(table, path) not in present]
    if missing:
        _find_again(connection, layout, table)
    for path in missing:
        connection.execute(
            f'CREATE INDEX "{index_name(table, path)}" '
            f"ON doc(({extract('.'.join(path))}), n) WHERE tbl = '{table}'"
        )


def _find_again(connection: Connection, layout: Layout, table: str) -> None:
    """Write anew by which fields a table's documents are found: a newer PrimeTUI has more."""
    last = -1
    page = True
    while page:
        rows = connection.execute(
            "SELECT n, id, body FROM doc WHERE tbl = %s AND n > %s ORDER BY n LIMIT %s",
            (table, last, _PAGE),
        ).fetchall()
        for n, id_, body in rows:
            found = layout.found(table, decode(table, unspelled(id_), body))
            connection.execute("UPDATE doc SET found = %s WHERE n = %s", (Jsonb(found), n))
            last = n
        page = len(rows) == _PAGE


def extract(name: str) -> str:
    """Write the SQL that reads an indexed field; an index is found by this very text."""
    return f"(found ->> '{name}') COLLATE \"C\""


def index_name(table: str, path: FieldPath) -> str:
    """Name the index of a field."""
    return "_".join(("doc", table, *path))


def _at(document: Any, path: FieldPath) -> Any:
    """Read a field; what is not there, or lies in something else, is nothing."""
    for part in path:
        document = document.get(part) if isinstance(document, dict) else None
    return document
