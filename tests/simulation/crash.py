"""Crash points: a process may die before and after anything it does to the outside world."""

from collections.abc import Callable, Iterator
from types import GeneratorType
from typing import Any


class Crash(BaseException):
    """The process is dead: nothing in the program may catch this."""


class Fuse:
    """Counts what a desk does to the outside, and does something at the n-th touch."""

    def __init__(self) -> None:
        self._left: int | None = None
        self._act: Callable[[], object] = self._die
        self._inside_too = True
        self.touches = 0
        self.went_off = False

    def crash_at(self, touch: int) -> None:
        """Die at a touch."""
        self._left, self._act, self._inside_too = touch, self._die, True

    def interrupt_at(self, touch: int, act: Callable[[], object]) -> None:
        """Let something else happen at a touch, outside of any transaction."""
        self._left, self._act, self._inside_too = touch, act, False

    def disarm(self) -> None:
        """Let everything pass from now on."""
        self._left = None

    def touch(self, *, inside: bool = False) -> None:
        """Pass a point at which a process may die."""
        self.touches += 1
        if self._left is None:
            return
        if self._left > 0:
            self._left -= 1
            return
        if inside and not self._inside_too:
            return
        self._left = None
        self.went_off = True
        self._act()

    @staticmethod
    def _die() -> None:
        raise Crash


class Fragile:
    """Passes every call on to what it wraps, with a crash point before and after it."""

    def __init__(self, wrapped: Any, fuse: Fuse, *, inside: bool = False) -> None:
        self._wrapped = wrapped
        self._fuse = fuse
        self._inside = inside

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._wrapped, name)
        return self._call(name, member) if callable(member) else member

    def _call(self, name: str, member: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self._fuse.touch(inside=self._inside)
            if name == "transact":
                change = given[0]
                given = (lambda tx: change(Fragile(tx, self._fuse, inside=True)),)
            answer = member(*given, **named)
            self._fuse.touch(inside=self._inside)
            return self._pages(answer) if isinstance(answer, GeneratorType) else answer

        return call

    def _pages(self, pages: Iterator[Any]) -> Iterator[Any]:
        for page in pages:
            self._fuse.touch()
            yield page
