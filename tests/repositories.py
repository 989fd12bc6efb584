"""Both stores of documents, for tests that must hold on either."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from primetui.adapters.postgres.repository import PostgresRepository
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.ports import Clock
from tests.postgres import a_database
from tests.vaults import vault_of

TINYDB: Final = "tinydb"
POSTGRES: Final = "postgres"
KINDS: Final = (TINYDB, POSTGRES)

AnyRepository = DocumentRepository | PostgresRepository


def opener_of(kind: str, home: Path) -> Callable[[Clock], AnyRepository]:
    """Give what opens the same documents again and again, as several processes would."""
    if kind == TINYDB:
        return lambda clock: DocumentRepository(home, clock, vault_of(home))
    assert kind == POSTGRES
    address = a_database()
    return lambda clock: PostgresRepository(address, clock, vault_of(home))
