"""A token kept for its life: one thread asks for it, the others use what it got."""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

from pydantic import SecretStr

from primetui.adapters.lenient import whole
from primetui.ports import Clock

TOKEN_MARGIN: Final = timedelta(seconds=60)
"""A token this close to its end is not used any more."""

LIFE_SECONDS: Final = 3600
"""How long Amazon's tokens live, unless an answer says that one lives shorter."""

_HEADER_SAFE: Final = re.compile(r"[\x21-\x7e]{1,8192}")


class Token(NamedTuple):
    """A token and when it ends."""

    value: SecretStr
    ends_at: datetime


class TokenSource(Protocol):
    """Where a call gets the token that opens it."""

    def current(self) -> tuple[SecretStr, bool]:
        """Give a token that still holds, and whether it was bought just now."""
        ...

    def instead_of(self, stale: SecretStr) -> SecretStr:
        """Give another token than one that was turned down."""
        ...


class KeptToken:
    """A `TokenSource` that keeps one token."""

    def __init__(self, buy: Callable[[], Token], clock: Clock) -> None:
        self._buy = buy
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Token | None = None

    def current(self) -> tuple[SecretStr, bool]:
        """Give a token that still holds, and whether it was bought just now."""
        with self._lock:
            if self._token and self._clock.now() < self._token.ends_at - TOKEN_MARGIN:
                return self._token.value, False
            self._token = self._buy()
            return self._token.value, True

    def instead_of(self, stale: SecretStr) -> SecretStr:
        """Give another token than one that was turned down."""
        with self._lock:
            if self._token is None or self._token.value == stale:
                self._token = self._buy()
            return self._token.value


def read_token(value: object, seconds: object, asked_at: datetime) -> Token:
    """Read a token that fits a header and ends within the hour; ValueError when it is none."""
    read = value.strip() if isinstance(value, str) else ""
    if not _HEADER_SAFE.fullmatch(read):
        raise ValueError("it holds no token")
    life = timedelta(seconds=min(whole(seconds) or 0, LIFE_SECONDS))
    return Token(SecretStr(read), asked_at + life)
