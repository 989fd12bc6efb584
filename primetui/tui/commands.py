"""Every command of the console, each as one class; see `command` for what is made of them."""

from primetui.tui.command import Command

# --- Moving about in a grid -------------------------------------------------------------------


class CursorDown(Command):
    """Go one row down."""

    key = "down,j"
    sign = "↓ j"
    palette = False


class CursorUp(Command):
    """Go one row up."""

    key = "up,k"
    sign = "↑ k"
    palette = False


class PageDown(Command):
    """Go one page down."""

    key = "pagedown,ctrl+f"
    palette = False


class PageUp(Command):
    """Go one page up."""

    key = "pageup,ctrl+b"
    palette = False


class FirstRow(Command):
    """Go to the first row."""

    key = "g,home"
    palette = False


class LastRow(Command):
    """Go to the last row."""

    key = "G,end"
    palette = False


class OpenRow(Command):
    """Open what the cursor stands on."""

    key = "enter"
    footer = "Open"


class MarkRow(Command):
    """Mark the row, or unmark it, and go to the next."""

    key = "space"


class UnmarkAll(Command):
    """Take all marks off."""

    key = "u"


class ScrollDown(Command):
    """Scroll one line down."""

    key = "down,j"
    sign = "↓ j"
    palette = False


class ScrollUp(Command):
    """Scroll one line up."""

    key = "up,k"
    sign = "↑ k"
    palette = False


class ScrollHome(Command):
    """Go to the beginning."""

    key = "g,home"
    palette = False


class ScrollEnd(Command):
    """Go to the end."""

    key = "G,end"
    palette = False


# --- Everywhere -------------------------------------------------------------------------------


class Help(Command):
    """Show every key that works here, and what it does."""

    key = "question_mark"
    sign = "?"
    footer = "Help"


class Back(Command):
    """Go back to where you came from."""

    key = "escape"
    footer = "Back"


class Quit(Command):
    """Leave PrimeTUI. A purchase under way is finished and recorded first."""

    key = "q"
    footer = "Quit"


# --- Answering a question ---------------------------------------------------------------------


class SayYes(Command):
    """Yes, do it."""

    key = "y"
    footer = "Yes"
    palette = False


class SayNo(Command):
    """No, leave everything as it is."""

    key = "n,escape,enter,q"
    sign = "n"
    footer = "No"
    palette = False


# --- Orders -----------------------------------------------------------------------------------


class NextList(Command):
    """Show the orders of the next status."""

    key = "tab,right,l"
    sign = "Tab"
    footer = "Lists"
    palette = False


class PreviousList(Command):
    """Show the orders of the previous status."""

    key = "shift+tab,left,h"
    sign = "⇧Tab"
    palette = False


class FilterOrders(Command):
    """Narrow the list: type words, or fields such as prime:yes, store:Name, sort:deliver-by."""

    key = "slash"
    sign = "/"
    footer = "Filter"


class ClearFilter(Command):
    """Take the filter off."""

    key = "escape"
    footer = "Clear"


class StopImport(Command):
    """Stop the import under way; what was read by now is kept."""

    key = "escape"
    footer = "Stop"


class SortOrders(Command):
    """Sort by the next of ship-by, deliver-by, purchase date and order id."""

    key = "o"


class ImportOrders(Command):
    """Read what changed at the marketplaces. Esc stops it; what was read by then is kept."""

    key = "i"
    footer = "Import"


class ShowStores(Command):
    """Show the stores: add one, see its last import, change its settings."""

    key = "s"
    footer = "Stores"


class RefreshOrders(Command):
    """Read the order, or the marked orders, afresh from the marketplace."""

    key = "f"
    footer = "Refresh"


class BuyLabel(Command):
    """Fetch the rates of this order, allowed and cheapest first, and buy one of them."""

    key = "b"
    footer = "Buy"


class BatchOrders(Command):
    """Buy labels for the marked orders as one batch; without marks, go on with an unfinished one."""

    key = "B"
    footer = "Batch"


class SettlePurchases(Command):
    """Find out what became of purchases whose answer never came, before anything is bought."""

    key = "x"
    footer = "Settle"


# --- One order --------------------------------------------------------------------------------


class EditPackage(Command):
    """Type in weight and size of the package."""

    key = "w"
    footer = "Weight"


class NextConfirmation(Command):
    """Ask for the next confirmation at the door: none, delivery, signature, adult, identity."""

    key = "c"
    footer = "Confirm."


class NextFormat(Command):
    """Ask for the label in the next format: PDF, PNG or ZPL."""

    key = "t"


class ShowLabel(Command):
    """Show the label of this order: preview, save or void it."""

    key = "p"
    footer = "Label"


class PreviewLabel(Command):
    """Fetch the label as a picture and draw it."""

    key = "p"
    footer = "Preview"


class VoidLabel(Command):
    """Give the label back. Its refund follows in the provider's own time."""

    key = "v"
    footer = "Void"


class SaveLabel(Command):
    """Save the label to a file."""

    key = "s"
    footer = "Save"


# --- Rates ------------------------------------------------------------------------------------


class ChooseRate(Command):
    """Buy the label at this rate, after one question."""

    key = "enter,b"
    sign = "Enter"
    footer = "Buy this"


class FetchRates(Command):
    """Fetch the rates again: an offer lasts for minutes only."""

    key = "r"
    footer = "Rates"


# --- Stores -----------------------------------------------------------------------------------


class AddStore(Command):
    """Connect a store with the keys of your own private Amazon app."""

    key = "a"
    footer = "Add"


class ImportStore(Command):
    """Import the orders of this store."""

    key = "i"
    footer = "Import"


class TogglePrime(Command):
    """Switch 'Import Amazon Prime Orders into Awaiting Shipment': it acts on later imports."""

    key = "t"
    footer = "Prime"


class ToggleActive(Command):
    """Make the store active or inactive; an inactive one imports nothing."""

    key = "n"
    footer = "On/off"


class EditStore(Command):
    """Set where parcels leave from and the usual package of this store."""

    key = "enter,e"
    sign = "Enter"
    footer = "Edit"


class TryStore(Command):
    """Try the store's credentials."""

    key = "y"
    footer = "Try"


class RemoveStore(Command):
    """Forget the store and its credentials; its orders and labels stay."""

    key = "d"


# --- Leaving ----------------------------------------------------------------------------------


class Stay(Command):
    """Stay in the console after all."""

    key = "escape"
    footer = "Stay"
    palette = False


# --- Forms ------------------------------------------------------------------------------------


class Submit(Command):
    """Keep what was typed."""

    key = "ctrl+s"
    footer = "Keep"
    palette = False


class Cancel(Command):
    """Leave without keeping anything."""

    key = "escape"
    footer = "Cancel"
    palette = False
