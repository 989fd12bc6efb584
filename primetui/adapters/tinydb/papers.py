"""The files of labels: a folder for each order, each file sealed, under the hash of its bytes."""

import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from primetui.adapters.documents.papers import missing, name_of
from primetui.adapters.home import make_folder
from primetui.adapters.tinydb.faults import disk_in_words
from primetui.adapters.tinydb.private import sweep, write_file
from primetui.domain.label import Document
from primetui.domain.shipment import OrderId

FOLDER: Final = "labels"
WORKSHOP: Final = "making"
SEALED: Final = ".sealed"


class PaperFiles:
    """A folder of label files; what is in them only the vault can tell."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / FOLDER
        self._workshop = self._folder / WORKSHOP
        with disk_in_words(home):
            sweep(self._workshop)

    def keep(self, order_id: OrderId, document: Document, sealed: bytes) -> None:
        """Keep a sealed file; durable when it returns."""
        path = self._path(order_id, document)
        with disk_in_words(self._home):
            make_folder(self._workshop)
            make_folder(path.parent)
            write_file(path, sealed, self._workshop)

    def read(self, order_id: OrderId, document: Document) -> bytes | None:
        """Read a sealed file back; None when it is not there."""
        with disk_in_words(self._home), suppress(FileNotFoundError):
            return self._path(order_id, document).read_bytes()
        return None

    def read_open(self, document: Document) -> bytes:
        """Read a file as schema 1 kept it, in the clear; one that is gone is a RepositoryError."""
        with disk_in_words(self._home):
            try:
                return (self._folder / name_of(document)).read_bytes()
            except FileNotFoundError:
                raise missing(document) from None

    def remove(self, order_id: OrderId) -> None:
        """Remove all files of an order, if there are any."""
        with disk_in_words(self._home), suppress(FileNotFoundError):
            shutil.rmtree(self._of(order_id))

    def remove_open(self, document: Document) -> None:
        """Remove a file as schema 1 kept it."""
        with disk_in_words(self._home):
            (self._folder / name_of(document)).unlink(missing_ok=True)

    def remove_all_open(self) -> None:
        """Remove every file as schema 1 kept it: nobody's label, and it names somebody."""
        with disk_in_words(self._home):
            for path in self._folder.glob("*"):
                if path.is_file():
                    path.unlink(missing_ok=True)

    def _of(self, order_id: OrderId) -> Path:
        """Name an order's folder by a hash: an id may be anything."""
        return self._folder / sha256(order_id.encode("utf-8", "surrogatepass")).hexdigest()

    def _path(self, order_id: OrderId, document: Document) -> Path:
        return self._of(order_id) / f"{name_of(document)}{SEALED}"
