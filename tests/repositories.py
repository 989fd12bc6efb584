"""Both stores of documents, for tests that must hold on either."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from primetui.adapters.postgres.address import Address
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
    """Give what opens the same new documents again and again, as several processes would."""
    return opener_on(home, a_database() if kind == POSTGRES else None)


def opener_on(home: Path, url: SecretStr | None = None) -> Callable[[Clock], AnyRepository]:
    """Give what opens the documents of a home, or of a database with its key beside the home."""
    if url is None:
        return lambda clock: DocumentRepository(home, clock, vault_of(home))
    home.mkdir(mode=0o700, exist_ok=True)  # credentials and the key stay on this machine
    address = Address(url)
    return lambda clock: PostgresRepository(address, clock, vault_of(home))
