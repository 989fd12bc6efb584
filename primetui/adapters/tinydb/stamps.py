"""Checksums: SQLite notices a page that makes no sense, but not a flipped bit inside a text."""

from typing import Any
from zlib import crc32


def mark_of(table: str, id_: str) -> int:
    """Compute the checksum of a document's place."""
    return crc32(f"{table}\0{id_}".encode())


def stamp_of(mark: int, body: bytes) -> int:
    """Compute the checksum of a document in its place."""
    return crc32(body, mark)


def stamp_over(*cells: Any) -> int:
    """Compute the checksum of a row's cells."""
    return crc32("\0".join(map(str, cells)).encode())
