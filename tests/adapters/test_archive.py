"""A sealed stream comes back whole, or not at all."""

import io
from collections.abc import Callable

import pytest

from primetui.adapters.documents.archive import CHUNK_BYTES, MAGIC, Opener, Sealer
from primetui.adapters.documents.vault import MasterKey
from primetui.errors import RepositoryError

KEY = MasterKey("k1", bytes(range(32)))
OTHER = MasterKey("k2", bytes(32))
SEALED_CHUNK = CHUNK_BYTES + 16
LONG = bytes(range(251)) * (3 * CHUNK_BYTES // 251)
"""Almost three chunks that are not like each other."""


def sealed(content: bytes, key: MasterKey = KEY) -> bytes:
    """Seal some bytes, handed over in uneven pieces."""
    out = io.BytesIO()
    sealer = Sealer(out, key)
    for at in range(0, len(content), 700_001):
        sealer.write(content[at : at + 700_001])
    sealer.finish()
    return out.getvalue()


def opened(stream: bytes, *keys: MasterKey) -> bytes:
    """Open a stream."""
    return Opener(io.BytesIO(stream), keys or (KEY,)).read()


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, len(LONG)]
)
def test_what_was_sealed_opens_again(size: int) -> None:
    """At every boundary of a chunk, read at once or in pieces, under whichever key it was."""
    stream = sealed(LONG[:size])
    pieces = Opener(io.BytesIO(stream), (OTHER, KEY))
    read = b"".join(iter(lambda: pieces.read(300_007), b""))

    assert LONG[:size] == opened(stream)
    assert LONG[:size] == read
    assert stream.startswith(MAGIC)


def test_the_same_content_is_never_sealed_alike() -> None:
    """Each stream has a key of its own, and shows nothing of what is in it."""
    first, second = sealed(b"Ada Abara" * 1000), sealed(b"Ada Abara" * 1000)

    assert first[200:] != second[200:]
    assert b"Ada" not in first


def header_end(stream: bytes) -> int:
    """Find where the chunks begin."""
    return stream.index(b"\n", len(MAGIC)) + 1


def cut(*ends: int) -> Callable[[bytes], bytes]:
    """Cut off the end after so many bytes of the chunks."""
    return lambda stream: stream[: header_end(stream) + ends[0]]


def swapped(stream: bytes) -> bytes:
    """Change the first chunk for the second."""
    at = header_end(stream)
    first, second = stream[at : at + SEALED_CHUNK], stream[at + SEALED_CHUNK :][:SEALED_CHUNK]
    return stream[:at] + second + first + stream[at + 2 * SEALED_CHUNK :]


def repeated(stream: bytes) -> bytes:
    """Give the first chunk twice."""
    at = header_end(stream)
    return stream[: at + SEALED_CHUNK] + stream[at:]


def less_the_first(stream: bytes) -> bytes:
    """Leave the first chunk out."""
    at = header_end(stream)
    return stream[:at] + stream[at + SEALED_CHUNK :]


def flipped(at: int) -> Callable[[bytes], bytes]:
    """Change one bit, counted from the end where negative."""

    def flip(stream: bytes) -> bytes:
        changed = bytearray(stream)
        changed[at] ^= 1
        return bytes(changed)

    return flip


def of_another(stream: bytes) -> bytes:
    """Put the chunks of one stream under the header of another."""
    other = sealed(b"")
    return other[: header_end(other)] + stream[header_end(stream) :]


@pytest.mark.parametrize(
    "harm",
    [
        cut(0),
        cut(1),
        cut(SEALED_CHUNK),
        cut(2 * SEALED_CHUNK),
        cut(2 * SEALED_CHUNK + 5),
        lambda stream: stream[:-1],
        lambda stream: stream + b"x",
        lambda stream: stream + sealed(b"more"),
        swapped,
        repeated,
        less_the_first,
        flipped(-1),
        flipped(5000),
        flipped(len(MAGIC) + 20),
        of_another,
    ],
)
def test_what_was_tampered_with_does_not_open(harm: Callable[[bytes], bytes]) -> None:
    """Cut off, prolonged, mixed, repeated, changed: one sentence, and never a wrong byte."""
    stream = harm(sealed(LONG))
    reader = None
    given = b""
    with pytest.raises(RepositoryError):  # noqa: PT012 - it may be refused at once or while read
        reader = Opener(io.BytesIO(stream), (KEY,))
        while piece := reader.read(100_000):
            given += piece

    assert LONG.startswith(given)


@pytest.mark.parametrize("keys", [(), (OTHER,)])
def test_without_its_key_it_says_which_one_is_missing(keys: tuple[MasterKey, ...]) -> None:
    """The key's id is named, its bytes are not."""
    with pytest.raises(RepositoryError, match="sealed with the key k1, which is not here"):
        Opener(io.BytesIO(sealed(b"x")), keys)


def test_a_key_with_the_right_name_and_wrong_bytes_opens_nothing() -> None:
    """What is said is not what counts."""
    with pytest.raises(RepositoryError, match="damaged"):
        opened(sealed(b"x"), MasterKey("k1", bytes(32)))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PRIMETUI BACKUP 2\n{}\n", MAGIC[:-1]])
def test_what_is_no_backup_is_not_taken_for_one(content: bytes) -> None:
    """A file of something else is named as such."""
    with pytest.raises(RepositoryError, match="no backup"):
        opened(content)


@pytest.mark.parametrize(
    "line", [b"", b"{}\n", b"[]\n", b'{"key_id": 1, "salt": "?"}\n', b"\xff\n"]
)
def test_a_header_that_says_nothing_is_damage(line: bytes) -> None:
    """Nonsense where the key's id should be is one sentence too."""
    with pytest.raises(RepositoryError, match="damaged"):
        opened(MAGIC + line)
