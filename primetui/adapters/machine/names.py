"""New ids that nobody had before."""

from uuid import uuid4


class RandomNames:
    """Random names: 122 bits, as hexadecimal digits."""

    def new(self) -> str:
        """Give a name nobody had before."""
        return uuid4().hex


class CountedNames:
    """Names in a row, for pictures that must not change."""

    def __init__(self) -> None:
        self._last = 0

    def new(self) -> str:
        """Give the next name."""
        self._last += 1
        return f"{self._last:032x}"
