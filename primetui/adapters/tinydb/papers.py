"""The files of labels: each under the hash of its bytes, checked whenever it is read."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Final

from primetui.adapters.plain import shown
from primetui.adapters.tinydb.faults import disk_in_words
from primetui.adapters.tinydb.private import make_folder, sweep, write_file
from primetui.domain.label import Document
from primetui.errors import RepositoryError
from primetui.ports import Paper

FOLDER: Final = "labels"
_REMEDY: Final = "fetch that label's papers again, or put your last backup in its place."
_HASH: Final = re.compile(r"[0-9a-f]{64}\Z")


class PaperFiles:
    """A folder of label files that nobody else may read."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / FOLDER
        self._workshop = self._folder / "making"
        with disk_in_words(home):
            sweep(self._workshop)

    def keep(self, paper: Paper) -> Document:
        """Keep a file; durable when it returns."""
        document = Document(
            sha256=sha256(paper.content).hexdigest(),
            format=paper.format,
            kind=paper.kind,
            size_bytes=len(paper.content),
        )
        with disk_in_words(self._home):
            make_folder(self._workshop)
            write_file(self._folder / _name(document), paper.content, self._workshop)
        return document

    def read(self, document: Document) -> bytes:
        """Read a file back; one that is gone or whose bytes changed is a RepositoryError."""
        name = _name(document)
        with disk_in_words(self._home):
            try:
                content = (self._folder / name).read_bytes()
            except FileNotFoundError:
                raise RepositoryError(f"Label file {name} is missing: {_REMEDY}") from None
        if sha256(content).hexdigest() != document.sha256:
            raise RepositoryError(f"Label file {name} is not as it was kept: {_REMEDY}")
        return content


def _name(document: Document) -> str:
    """Name a document's file; a hash that is none could name any file, so it names nothing."""
    if not _HASH.match(document.sha256):
        raise RepositoryError(f"{shown(document.sha256)} names no label file: {_REMEDY}")
    return f"{document.sha256}.{document.format.lower()}"
