"""A page of text that scrolls with the keys of a list."""

from typing import ClassVar

from textual.containers import VerticalScroll

from primetui.tui import commands
from primetui.tui.command import bindings


class Page(VerticalScroll, inherit_bindings=False):
    """Scrolls by j and k, pages, and to either end."""

    OFFERS: ClassVar = (
        commands.ScrollDown,
        commands.ScrollUp,
        commands.PageDown,
        commands.PageUp,
        commands.ScrollHome,
        commands.ScrollEnd,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)
