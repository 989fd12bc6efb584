"""Further commands of the stores screen; see `command` for what is made of them."""

from primetui.tui.command import Command


class RenewCredentials(Command):
    """Give the store a new client secret or refresh token; it stays the same store."""

    key = "c"
    footer = "Credentials"
