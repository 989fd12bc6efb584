"""Commands about an order's parcel; see `command` for what is made of them."""

from primetui.tui.command import Command


class SplitOrder(Command):
    """Spread the order over several packages. A Prime order is refused."""

    key = "d"


class JoinOrder(Command):
    """Put an order that was split into one package again."""

    key = "D"


class CombineOrders(Command):
    """Put the order into one box with others of its buyer. A Prime order is refused."""

    key = "m"


class UncombineOrders(Command):
    """Take the box of the order apart again."""

    key = "M"


class EditShipTo(Command):
    """Type another address. Amazon's own stays on the label: this one is kept beside it."""

    key = "o"


class ReturnLabel(Command):
    """Say how a return label for the order is had."""

    key = "r"
