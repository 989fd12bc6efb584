"""What every store of label files shares: what a file is called, and whether it is the right one."""

import re
from hashlib import sha256
from typing import Final

from primetui.adapters.plain import shown
from primetui.domain.label import Document
from primetui.errors import RepositoryError
from primetui.ports import Paper

REMEDY: Final = "fetch that label's papers again, or put your last backup in its place."
_HASH: Final = re.compile(r"[0-9a-f]{64}\Z")


def document_of(paper: Paper) -> Document:
    """Describe a file by the hash of its bytes."""
    return Document(
        sha256=sha256(paper.content).hexdigest(),
        format=paper.format,
        kind=paper.kind,
        size_bytes=len(paper.content),
    )


def name_of(document: Document) -> str:
    """Name a document's file; a hash that is none could name any file, so it names nothing."""
    if not _HASH.match(document.sha256):
        raise RepositoryError(f"{shown(document.sha256)} names no label file: {REMEDY}")
    return f"{document.sha256}.{document.format.lower()}"


def checked(document: Document, content: bytes) -> bytes:
    """Give a file's bytes if they are the ones that were bought."""
    if sha256(content).hexdigest() != document.sha256:
        raise RepositoryError(f"Label file {name_of(document)} is not as it was kept: {REMEDY}")
    return content


def missing(document: Document) -> RepositoryError:
    """Say that a file is gone."""
    return RepositoryError(f"Label file {name_of(document)} is missing: {REMEDY}")
