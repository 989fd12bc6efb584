"""The commands of the batch screen; see `command` for what is made of them."""

from primetui.tui.command import Command


class RunBatch(Command):
    """Buy every queued label, one after another, after one question."""

    key = "enter,b"
    sign = "Enter"
    footer = "Buy all"


class PauseBatch(Command):
    """Hold after the current order; once more goes on."""

    key = "p"
    footer = "Pause"


class StopBatch(Command):
    """Stop after the current order; what is left stays queued."""

    key = "x"
    footer = "Stop"


class SettleBatch(Command):
    """Find out what became of orders whose answer never came; buys nothing."""

    key = "x"
    footer = "Settle"


class RetryBatch(Command):
    """Rate anew what certainly was not bought, and queue it again at the new price."""

    key = "r"
    footer = "Retry"


class LimitBatch(Command):
    """Set what a label, and the whole batch, may cost."""

    key = "l"
    footer = "Limit"


class DropBatch(Command):
    """Give up what is queued; what was bought stays bought."""

    key = "d"
    footer = "Give up"
