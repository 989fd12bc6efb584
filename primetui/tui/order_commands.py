"""Further commands of the order screen and its dialogs; see `command` for what is made of them."""

from primetui.tui.command import Command


class AnswerPurchase(Command):
    """Tell what you found out yourself about a purchase whose answer never came."""

    key = "a"
    footer = "Answer"


class RecordLabel(Command):
    """Record a label that you bought elsewhere; it is held to the same constraints."""

    key = "e"
    footer = "Elsewhere"


class FoundLabel(Command):
    """It was bought: type its tracking number."""

    key = "b"
    footer = "Bought"
    palette = False


class FoundNone(Command):
    """It was not bought."""

    key = "n"
    footer = "Not bought"
    palette = False


class NotNow(Command):
    """Leave it open; PrimeTUI goes on looking."""

    key = "escape,enter,q"
    sign = "Esc"
    footer = "Not now"
    palette = False


class CloseReasons(Command):
    """Go back."""

    key = "escape,enter,q"
    sign = "Esc"
    footer = "Back"
    palette = False
