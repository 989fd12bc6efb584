"""Further commands of the stores screen; see `command` for what is made of them."""

from primetui.tui.command import Command


class NextTab(Command):
    """Show the next page about this store: settings, branding, lender, carriers, last import."""

    key = "tab,right"
    sign = "Tab"
    footer = "Pages"
    palette = False


class PreviousTab(Command):
    """Show the page before."""

    key = "shift+tab,left"
    sign = "⇧Tab"
    palette = False


class RenewCredentials(Command):
    """Give the store a new client secret or refresh token; it stays the same store."""

    key = "c"
    footer = "Credentials"


class SetEmail(Command):
    """Set the branding e-mail that labels for Rithum orders need; another one is unverified."""

    key = "m"
    footer = "Address"


class SendConfirmation(Command):
    """Send a confirmation message with a code to the branding e-mail."""

    key = "s"
    footer = "Send message"


class TypeCode(Command):
    """Type the code that came to the branding e-mail."""

    key = "o"
    footer = "Code"


class ChooseLender(Command):
    """Choose this store to lend to one Amazon account's Rithum orders, or give the choice up."""

    key = "l"
    footer = "Lender"


class TurnBuyShipping(Command):
    """Connect or disconnect Amazon Buy Shipping: US and UK accounts only, at most once."""

    key = "b"
    footer = "Buy Shipping"


class TurnAmazonShipping(Command):
    """Connect or disconnect Amazon Shipping, the carrier for what was sold elsewhere."""

    key = "h"
    footer = "Amazon Shipping"


class MapClass(Command):
    """Say what Rithum calls a carrier and its service; what failed for want of it is sent."""

    key = "p"
    footer = "Map"


class UnmapClass(Command):
    """Take back what was said of a carrier and its service."""

    key = "u"
    footer = "Unmap"


class ShowErrors(Command):
    """Show every error of the last import."""

    key = "x"
    footer = "Errors"


class ImportFile(Command):
    """Import a file of orders: shown first, with what cannot be read of it."""

    key = "f"
    footer = "File"


class EditAccount(Command):
    """Set the account's home country and time zone."""

    key = "z"


class OfAmazon(Command):
    """Connect an Amazon store."""

    key = "a"
    footer = "Amazon"
    palette = False


class OfRithum(Command):
    """Connect a profile of Rithum's."""

    key = "r"
    footer = "Rithum"
    palette = False


class OfFiles(Command):
    """Add a store that is fed by files."""

    key = "m"
    footer = "Manual"
    palette = False
