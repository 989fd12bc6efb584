"""Commands of the screen that imports a file; see `command` for what is made of them."""

from primetui.tui.command import Command


class NextTable(Command):
    """Show the next table: the orders of the file, its columns, what cannot be read."""

    key = "tab,right"
    sign = "Tab"
    footer = "Tables"
    palette = False


class PreviousTable(Command):
    """Show the table before."""

    key = "shift+tab,left"
    sign = "⇧Tab"
    palette = False


class KeepFile(Command):
    """Import what the file holds; rows that cannot be read are left out and stay named."""

    key = "i"
    footer = "Import"


class MeanColumn(Command):
    """Say what this column holds; it is kept for the store's next file."""

    key = "enter,m"
    sign = "Enter"
    footer = "Means"


class OtherFile(Command):
    """Choose another file, or say how it is encoded."""

    key = "f"
    footer = "File"
