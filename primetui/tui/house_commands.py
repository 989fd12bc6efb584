"""Commands about the house itself: its imports, its health; see `command` for what they become."""

from primetui.tui.command import Command


class PauseImports(Command):
    """Pause what is imported by itself every few minutes, or go on with it."""

    key = "P"


class ShowHealth(Command):
    """Show which of Amazon's data protection requirements this installation meets."""

    key = "D"


class LookAgain(Command):
    """Look at each requirement again."""

    key = "r"
    footer = "Again"
