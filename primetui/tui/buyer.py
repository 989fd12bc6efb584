"""Who an order goes to: shown only when asked, for as long as its screen is in front (R23)."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rich.text import Text
from textual.message import Message

from primetui import present
from primetui.domain.address import Address
from primetui.domain.order import OrderRecord
from primetui.domain.retention import forget_after
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.editing import EditingRoom
from primetui.tui.facts import fact
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import Hung
from primetui.usecases.forget_buyers import Forgetting, Waits, forget_named
from primetui.usecases.show_buyer import BuyerShown, show_buyer


@dataclass(repr=False)
class BuyerCame(Message):
    """The buyer may be shown; nothing writes them down."""

    shown: BuyerShown


@dataclass
class BuyerForgotten(Message):
    """Forgetting came to its end."""

    done: Forgetting


class BuyerRoom(EditingRoom):
    """A screen about one order that can show its buyer, and forget them."""

    buyer: BuyerShown | None = None
    """Who it goes to, while they are shown."""

    def action_show_buyer(self) -> None:
        """Show the buyer, or hide them."""
        if self.buyer is not None:
            self.hide_buyer()
            return
        self.read(lambda: BuyerCame(show_buyer(self.desk, self.order_id)), "Reading who it goes to")

    def on_buyer_came(self, message: BuyerCame) -> None:
        """Show them, unless the operator went on meanwhile."""
        self.bar.busy = ""
        if self.is_current:
            self.buyer = message.shown
            self.bar.tell("Shown until you press u, or leave this screen.")
        self.look_again()

    def on_screen_suspend(self) -> None:
        """Show nobody's address to whoever comes back."""
        self.buyer = None

    def hide_buyer(self) -> None:
        """Show the place alone again."""
        self.buyer = None
        self.bar.tell("Hidden again.")
        self.look_again()

    def action_forget_buyer(self) -> None:
        """Ask, then forget."""
        question = f"Forget the buyer of {self.order_id}?"
        words = (
            "Address, label files and every copy kept here go for good. The order, what was",
            "bought and what it cost stay. A label is not reprinted afterwards.",
        )
        self.app.push_screen(Confirm(question, *words), self._forget)

    def _forget(self, yes: bool | None) -> None:  # noqa: FBT001 - the dialog's result is its answer
        if yes:
            self.read(
                lambda: BuyerForgotten(forget_named(self.desk, (self.order_id,))), "Forgetting"
            )

    def on_buyer_forgotten(self, message: BuyerForgotten) -> None:
        """Say that nothing tells any more who it was, or why that must wait."""
        waits = [one.reason for one in message.done.outcomes if isinstance(one, Waits)]
        if waits:
            self.bar.tell(f"Not forgotten. {waits[0]}", Tone.WARN)
        elif message.done.scrubbed:
            self.bar.tell("Forgotten.", Tone.GOOD)
        else:
            self.bar.tell("Forgotten: what is left of it in old pages opens with no key.")
        self.look_again()


def buyer_lines(
    record: OrderRecord, shown: BuyerShown | None, zone: ZoneInfo
) -> Iterator[Text | Hung]:
    """Write where an order goes to, in full only while that is asked for, and until when."""
    order = record.order
    if record.forgotten_at is not None:
        yield fact("Ship to", f"forgotten {present.moment(record.forgotten_at, zone)}")
    elif shown is not None:
        first, *rest = _address_lines(shown.address)
        yield fact("Ship to", Span(first, Tone.STRONG))
        yield from (fact("", words) for words in rest)
        yield fact("", Span(f"forgotten {present.moment(shown.forget_after, zone)}", Tone.MUTED))
    elif order.ship_to is None:
        yield fact("Ship to", "not read: buyer data is fetched only when a label needs it")
    elif order.sealed:
        sealed = "(sealed, and its key is not here: primetui db check)"
        yield fact("Ship to", f"{_place(order.ship_to)} {sealed}")
    else:
        until = f"; u shows the rest, kept until {present.day(forget_after(order), zone)}"
        yield fact("Ship to", _place(order.ship_to), Span(until, Tone.MUTED))


def _address_lines(place: Address) -> list[str]:
    town = " ".join(part for part in (place.postal_code, place.city, place.region) if part)
    lines = (place.name, place.company, place.line1, place.line2, place.line3, town)
    return [words for words in (*lines, place.country, place.phone, place.email) if words] or ["–"]


def _place(place: Address) -> str:
    return ", ".join(part for part in (place.city, place.region, place.country) if part)
