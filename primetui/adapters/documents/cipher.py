"""Authenticated encryption: AES-256-GCM with a nonce of its own for each value."""

import os
from typing import Final

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class Cipher:
    """Seals and opens bytes under one key; what was sealed opens only where it belongs.

    Args:
        secret: 32 bytes.
    """

    __slots__ = ("_changed", "_gcm")

    def __init__(self, secret: bytes) -> None:
        # Loading it costs 50 ms that most runs can spare.
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        self._gcm = AESGCM(secret)
        self._changed = InvalidTag

    def seal(self, plain: bytes, bound: bytes) -> bytes:
        """Seal bytes; `bound` says what they belong to."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._gcm.encrypt(nonce, plain, bound)

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """Open bytes; a ValueError when they were changed, or belong to something else."""
        try:
            return self._gcm.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
        except self._changed:
            raise ValueError("not as it was sealed") from None
