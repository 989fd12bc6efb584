"""Commands about an order's buyer; see `command` for what is made of them."""

from primetui.tui.command import Command


class ShowBuyer(Command):
    """Show who the order goes to, or hide it again. It is fetched if it is not here, and logged."""

    key = "u"
    footer = "Buyer"


class ForgetBuyer(Command):
    """Forget the buyer for good: address and files, with every copy kept here."""

    key = "U"
