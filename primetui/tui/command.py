"""What a command is: one class with its key, footer, palette line and help.

The bindings, the footer, the palette and the help screen are all derived from these classes,
so they cannot disagree. A command named `MarkRow` is done by the method `action_mark_row` of
whichever widget or screen offers it, and is offered only while `check_action` there says so.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.screen import Screen


class Command:
    """Something a person can ask of the console; the docstring of each is its help text."""

    key: ClassVar[str]
    """Keys in Textual's names, separated by commas; the first is the one shown."""
    sign: ClassVar[str] = ""
    """How the key is written for people, where its name would not do."""
    footer: ClassVar[str] = ""
    """Words in the footer; empty keeps it out."""
    palette: ClassVar[bool] = True
    """Whether the palette lists it; moving about is not worth a line there."""

    @classmethod
    def action(cls) -> str:
        """Name the action method that does it."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """Name it for the palette and the help screen."""
        words = re.sub(r"(?<!^)(?=[A-Z])", " ", cls.__name__)
        return words.capitalize()

    @classmethod
    def help(cls) -> str:
        """Say what it does, in full."""
        return " ".join((inspect.getdoc(cls) or "").split())

    @classmethod
    def keys(cls) -> str:
        """Write its keys for people."""
        return cls.sign or " ".join(_written(key) for key in cls.key.split(","))

    @classmethod
    def binding(cls) -> Binding:
        """Bind its keys to its action."""
        return Binding(
            cls.key,
            cls.action(),
            cls.footer or cls.title(),
            show=bool(cls.footer),
            key_display=cls.sign or None,
            tooltip=cls.help(),
        )


_WRITTEN = {
    "question_mark": "?",
    "slash": "/",
    "space": "Space",
    "escape": "Esc",
    "enter": "Enter",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
    "asterisk": "*",
}


_CHARACTERS = {"question_mark": "?", "slash": "/", "space": " ", "asterisk": "*"}


def _written(key: str) -> str:
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+").upper()
    return _WRITTEN.get(key, key)


def bindings(*commands: type[Command]) -> list[BindingType]:
    """Bind a widget's or screen's commands."""
    return [command.binding() for command in commands]


class Offer(NamedTuple):
    """A command within reach of the keyboard, and the node that would do it."""

    command: type[Command]
    node: DOMNode

    @property
    def enabled(self) -> bool:
        """Whether it would do anything at this moment."""
        return self.node.check_action(self.command.action(), ()) is True


def offers(screen: Screen[Any]) -> Iterator[Offer]:
    """List the commands within reach, nearest first: the focused widget, its parents, the app.

    A node offers what its class variable `OFFERS` lists. A key that does something nearer
    hides the farther command, and a field being typed into hides all plain letters: just what
    pressing them would do.
    """
    taken: set[str] = set()
    for node in _reachable(screen):
        commands: tuple[type[Command], ...] = getattr(node, "OFFERS", ())
        near = [Offer(command, node) for command in commands]
        for offer in near:
            first = offer.command.key.split(",")[0]
            if first not in taken and not _typed(screen, first):
                yield offer
        taken |= {key for offer in near if offer.enabled for key in offer.command.key.split(",")}


def _reachable(screen: Screen[Any]) -> Iterator[DOMNode]:
    for node in (screen.focused or screen).ancestors_with_self:
        yield node
        if node.is_modal:
            return


def _typed(screen: Screen[Any], key: str) -> bool:
    """Tell whether the focused field would take the key as text."""
    character = _CHARACTERS.get(key, key)
    focused = screen.focused
    return focused is not None and focused.check_consume_key(
        key, character if len(character) == 1 else None
    )


class Palette(Provider):
    """Offers in the command palette exactly what can be done now."""

    async def discover(self) -> Hits:
        """List everything on offer before anything is typed."""
        for offer in self._offers():
            yield DiscoveryHit(offer.command.title(), self._doer(offer), help=offer.command.help())

    async def search(self, query: str) -> Hits:
        """List what matches the typed text."""
        matcher = self.matcher(query)
        for offer in self._offers():
            title = offer.command.title()
            if (score := matcher.match(title)) > 0:
                yield Hit(
                    score, matcher.highlight(title), self._doer(offer), help=offer.command.help()
                )

    def _offers(self) -> list[Offer]:
        return [o for o in offers(self.screen) if o.command.palette and o.enabled]

    def _doer(self, offer: Offer) -> Callable[[], Awaitable[bool]]:
        return partial(self.app.run_action, offer.command.action(), offer.node)
