"""The commands of the rule screens; see `command` for what is made of them."""

from primetui.tui.command import Command


class ShowRules(Command):
    """Show the automation rules: write one, see what it would match, put it in its place."""

    key = "R"
    footer = "Rules"


class ExplainRules(Command):
    """Say of each rule why it matches this order or not, and what became of its actions."""

    key = "R"
    footer = "Rules"


# --- The list ---------------------------------------------------------------------------------


class AddRule(Command):
    """Write a new rule, to stand behind the one under the cursor."""

    key = "a"
    footer = "Add"


class AddReadyMade(Command):
    """Add the ready-made rule that tags Rithum's Prime orders."""

    key = "p"
    footer = "Prime rule"


class EditRule(Command):
    """Edit the rule, as a line or as a form."""

    key = "enter,e"
    sign = "Enter"
    footer = "Edit"


class SwitchRule(Command):
    """Switch the rule on or off; a broken one is not switched on."""

    key = "space"
    footer = "On/off"


class MoveRuleUp(Command):
    """Let the rule run one place earlier."""

    key = "K"
    footer = "Up"


class MoveRuleDown(Command):
    """Let the rule run one place later."""

    key = "J"
    footer = "Down"


class CopyRule(Command):
    """Begin a new rule as a copy of this one, to stand behind it."""

    key = "c"


class DeleteRule(Command):
    """Delete the rule; what it did to orders stays, and u brings it back."""

    key = "d"
    footer = "Delete"


class UndoEdit(Command):
    """Take the last edit of the rules back, whoever made it."""

    key = "u"
    footer = "Undo"


class RedoEdit(Command):
    """Do again what was taken back last."""

    key = "U"


class ShowHistory(Command):
    """Show who edited the rules, and when."""

    key = "h"


class ReprocessOrders(Command):
    """Reprocess Automation Rules: show what they would change in waiting orders, then do it."""

    key = "r"
    footer = "Reprocess"


# --- The line ---------------------------------------------------------------------------------


class CompleteWord(Command):
    """Take the word that is offered."""

    key = "tab"
    footer = "Take word"
    palette = False


class NextWord(Command):
    """Offer the next word."""

    key = "down"
    palette = False


class PreviousWord(Command):
    """Offer the word before."""

    key = "up"
    palette = False


class KeepRule(Command):
    """Keep the rule."""

    key = "enter"
    footer = "Keep"
    palette = False


class EditAsForm(Command):
    """Edit the same rule as a form."""

    key = "ctrl+o"
    footer = "Form"


class TryRule(Command):
    """Open the buyers' addresses of the waiting orders and count: for rules that ask for them."""

    key = "ctrl+t"
    footer = "Try"


class LeaveRule(Command):
    """Leave without keeping the rule."""

    key = "escape"
    footer = "Cancel"
    palette = False


# --- Reprocessing -----------------------------------------------------------------------------


class ApplyChanges(Command):
    """Do what is shown: to the marked ones, or without marks to all that the list holds."""

    key = "a"
    footer = "Apply"


class NextView(Command):
    """Turn between the changes counted and the orders one by one."""

    key = "tab"
    footer = "Orders"
    palette = False


class FilterChanges(Command):
    """Narrow the list: type part of an order, a change or a rule."""

    key = "slash"
    sign = "/"
    footer = "Filter"


class OverHands(Command):
    """Let the rules also change what hands set, and put on again what hands took off; or not."""

    key = "o"
    footer = "Hands"


class LookAgain(Command):
    """Work the difference out again."""

    key = "r"
    footer = "Again"


class StopReprocess(Command):
    """Stop; what is done by then stays done, order by order."""

    key = "escape"
    footer = "Stop"
    palette = False
