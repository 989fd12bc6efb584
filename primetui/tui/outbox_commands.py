"""The commands of the outbox; see `command` for what is made of them."""

from primetui.tui.command import Command


class ShowOutbox(Command):
    """Show what the marketplaces are still to be told of labels that they did not sell."""

    key = "n"
    footer = "Outbox"


class OpenOrder(Command):
    """Open the order of this notice."""

    key = "enter"
    footer = "Open"


class RetryNotice(Command):
    """Send this one now, whether it failed, waits for its turn, or was held back."""

    key = "r"
    footer = "Retry"


class RenameCarrier(Command):
    """Send this one now under another name of its carrier."""

    key = "c"
    footer = "Carrier"


class MakeManifest(Command):
    """Have the forms made that carriers sign for today's parcels; Buy Shipping has none."""

    key = "m"
    footer = "Manifest"


class SendDue(Command):
    """Send and look up everything that is due now."""

    key = "d"
    footer = "Send due"
