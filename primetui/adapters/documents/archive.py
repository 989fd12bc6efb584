"""A sealed stream: what is written into it can be read back whole, in order, or not at all.

The first line says what the file is, the second which master key opens it; then come chunks of
AES-256-GCM under a key of the stream's own, derived from the master key (HKDF). The nonce of a
chunk is its number and whether it is the last, so that one that is missing, moved, repeated or
cut off does not open; what the two lines say is part of every chunk's seal.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO, Final

from primetui.adapters.documents.cipher import KEY_BYTES
from primetui.adapters.documents.vault import MasterKey
from primetui.adapters.plain import shown
from primetui.errors import RepositoryError

if TYPE_CHECKING:  # loading it costs 50 ms that most runs can spare
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC: Final = b"PRIMETUI BACKUP 1\n"
CHUNK_BYTES: Final = 1024 * 1024
_TAG_BYTES: Final = 16
_SALT_BYTES: Final = 32
_LONGEST_HEADER: Final = 1000
_HEAD_BYTES: Final = 4
"""How long the name and size of a part are, in front of them."""
_PURPOSE: Final = b"primetui backup 1"
_DAMAGED: Final = "The backup is damaged or cut off: take another one. Nothing was changed."


class Sealer:
    """Seals what is written to it; without `finish` the stream has no end and does not open.

    Args:
        out: takes the sealed bytes.
        key: the master key that opens it again.
    """

    def __init__(self, out: BinaryIO, key: MasterKey) -> None:
        salt = os.urandom(_SALT_BYTES)
        self._header = MAGIC + _line({"key_id": key.id, "salt": b64encode(salt).decode("ascii")})
        self._cipher = _cipher(key, salt)
        self._out = out
        self._waiting = bytearray()
        self._number = 0
        out.write(self._header)

    def write(self, content: bytes, /) -> int:
        """Take bytes in; a full chunk is sealed once it is known not to be the last."""
        self._waiting += content
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(content)

    def finish(self) -> None:
        """Seal the rest as the last chunk."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._out.write(self._cipher.encrypt(nonce, chunk, self._header))
        self._number += 1


class Opener:
    """Reads a sealed stream; what does not open is a RepositoryError before any of it is given.

    Args:
        source: gives the sealed bytes.
        keys: the master keys that there are.
    """

    def __init__(self, source: BinaryIO, keys: Iterable[MasterKey]) -> None:
        self._source = source
        key_id, salt, self._header = _header(source)
        key = next((key for key in keys if key.id == key_id), None)
        if key is None:
            raise RepositoryError(
                f"The backup is sealed with the key {shown(key_id)}, which is not here: put it "
                "back where keys are kept, as its last line. Nothing was changed."
            )
        self._cipher = _cipher(key, salt)
        self._next = source.read(CHUNK_BYTES + _TAG_BYTES)
        self._number = 0
        self._ended = False
        self._open = b""

    def read(self, size: int = -1, /) -> bytes:
        """Give up to so many bytes, fewer only at the end."""
        parts, wanted = bytearray(), size if size >= 0 else None
        while wanted is None or len(parts) < wanted:
            if not self._open and not self._refill():
                break
            take = len(self._open) if wanted is None else wanted - len(parts)
            parts += self._open[:take]
            self._open = self._open[take:]
        return bytes(parts)

    def _refill(self) -> bool:
        """Open the next chunk; tell whether there was one."""
        if self._ended:
            return False
        chunk, self._next = self._next, self._source.read(CHUNK_BYTES + _TAG_BYTES)
        self._ended = not self._next
        self._open = self._unsealed(chunk)
        self._number += 1
        return bool(self._open) or self._refill()

    def _unsealed(self, chunk: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see above

        try:
            nonce = _nonce(self._number, last=self._ended)
            return self._cipher.decrypt(nonce, chunk, self._header)
        except (InvalidTag, ValueError):
            raise RepositoryError(_DAMAGED) from None


class Part:
    """One named part of a stream: its bytes, up to its end."""

    def __init__(self, opener: Opener, size: int) -> None:
        self._opener = opener
        self._left = size

    def read(self, size: int = CHUNK_BYTES) -> bytes:
        """Give up to so many bytes, none at the end."""
        piece = self._opener.read(min(size, self._left))
        if not piece and self._left:
            raise RepositoryError(_DAMAGED)
        self._left -= len(piece)
        return piece

    def sum(self) -> str:
        """Hash what is left of it."""
        digest = sha256()
        while piece := self.read():
            digest.update(piece)
        return digest.hexdigest()


def put_part(sealer: Sealer, name: str, size: int, content: BinaryIO) -> str:
    """Write a part, its name and size first; gives the hash of its bytes."""
    head = json.dumps({"name": name, "size": size}).encode("ascii")
    sealer.write(len(head).to_bytes(_HEAD_BYTES, "big") + head)
    digest, left = sha256(), size
    while piece := content.read(min(left, CHUNK_BYTES)):
        sealer.write(piece)
        digest.update(piece)
        left -= len(piece)
    if left:
        raise RepositoryError(f"{shown(name)} became shorter while it was read: try again.")
    return digest.hexdigest()


def parts(opener: Opener) -> Iterator[tuple[str, Part]]:
    """Read the parts of a stream, in order; what is left of one is skipped."""
    while start := opener.read(_HEAD_BYTES):
        try:
            said = json.loads(opener.read(int.from_bytes(start, "big")))
            name, size = str(said["name"]), int(said["size"])
        except (ValueError, KeyError, TypeError):
            raise RepositoryError(_DAMAGED) from None
        part = Part(opener, size)
        yield name, part
        while part.read():
            pass


def is_archive(source: BinaryIO) -> bool:
    """Tell whether a file begins as a backup does."""
    return source.read(len(MAGIC)) == MAGIC


def _header(source: BinaryIO) -> tuple[str, bytes, bytes]:
    """Read the key's id and the salt, and give both lines as they stand."""
    if not is_archive(source):
        raise RepositoryError("This is no backup of PrimeTUI's, or of a newer one.")
    line = source.readline(_LONGEST_HEADER)
    try:
        said = json.loads(line)
        key_id, salt = str(said["key_id"]), b64decode(said["salt"], validate=True)
    except (ValueError, KeyError, TypeError):
        raise RepositoryError(_DAMAGED) from None
    return key_id, salt, MAGIC + line


def _line(fields: dict[str, str]) -> bytes:
    return json.dumps(fields).encode("ascii") + b"\n"


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cipher(key: MasterKey, salt: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - as above

    derived = HKDF(SHA256(), KEY_BYTES, salt=salt, info=_PURPOSE).derive(key.secret)
    return AESGCM(derived)
