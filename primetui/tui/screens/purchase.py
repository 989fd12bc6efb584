"""The purchase screen: every rate with its verdict, one question, then a label."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from primetui import present
from primetui.domain.order import OrderRecord
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.tui import commands, deeds
from primetui.tui.command import bindings
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.editing import EditingRoom
from primetui.tui.facts import violation_lines
from primetui.tui.quote_rows import COLUMNS, quote_details, quote_rows
from primetui.tui.screens.label import LabelScreen
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.grid import Chooser, Grid
from primetui.tui.widgets.rows import ListedRows
from primetui.tui.widgets.words import Lines, line, lines
from primetui.tui.work import Failed, Work
from primetui.usecases.get_rates import NoRates, Quote, Quotes, get_rates, judge
from primetui.usecases.open_record import open_record
from primetui.usecases.purchase_label import Purchased


@dataclass
class RatesRead(Message):
    """The rates came, or the order is in no state to be rated."""

    result: Quotes | NoRates


class PurchaseScreen(EditingRoom):
    """Rates above, the reasons for the one under the cursor below."""

    OFFERS: ClassVar = (
        commands.ChooseRate,
        commands.FetchRates,
        commands.EditPackage,
        commands.SettlePurchases,
        commands.Back,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work, order_id: OrderId) -> None:
        super().__init__(desk, work, order_id)
        self._record: OrderRecord | None = None
        self._quotes: Quotes | None = None
        self._fetching = False
        self._expired = False
        self._bought: tuple[str, Tone] | None = None
        """The news of a purchase that ended in a label."""

    def furnish(self) -> ComposeResult:
        """Give the deadline, the rates and the reasons."""
        yield Static(id="deadline")
        yield Chooser(COLUMNS)
        with VerticalScroll(id="details", can_focus=False):
            yield Static()

    def on_mount(self) -> None:
        """Fetch the rates at once."""
        self.grid.focus()
        self.action_fetch_rates()

    @property
    def grid(self) -> Grid:
        """The rates."""
        return self.query_one(Grid)

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """Show the order's own times, and judge the rates anew: time and facts go on."""
        self._record = self.desk.repository.order(self.order_id)
        self.headline(f"Buy a label for {self.order_id}")
        if self._quotes is not None:
            opened = open_record(self.desk, self.order_id)
            self._show(judge(self.desk, opened, self._quotes.offers))
        self._count_down()

    def beat(self) -> None:
        """Count down; judge anew at the moment the offers expire."""
        if self._expired != self._count_down():
            self._expired = not self._expired
            self.look_again()

    def _count_down(self) -> bool:
        """Count the order and the offers down; tell whether the offers are over."""
        if self._record is None:
            return False
        over = False
        now, order = self.desk.clock.now(), self._record.order
        left = present.time_left(order.ship_by.latest, now)
        spans = [Span("Ship by ", Tone.MUTED), Span(left, Tone.STRONG)]
        by = present.moment(order.deliver_by.latest, self.zone)
        spans += [Span("  Deliver by ", Tone.MUTED), Span(by)]
        if self._quotes and self._quotes.quotes:
            ends = min(quote.rate.expires_at for quote in self._quotes.quotes)
            over = ends <= now
            words = "expired: r fetches new ones" if over else present.time_left(ends, now)
            spans += [Span("  Offers ", Tone.MUTED), Span(words, Tone.WARN if over else Tone.PLAIN)]
        self.query_one("#deadline", Static).update(line(*spans))
        return over

    @on(Grid.CursorMoved)
    def explain(self) -> None:
        """Say why, and what to do about it."""
        if self._quotes is not None:
            self._details(quote_details(self._quotes, self.grid.cursor_id, self.zone))
        self.refresh_bindings()

    def _details(self, words: Lines) -> None:
        self.query_one("#details Static", Static).update(words)

    # --- Rates --------------------------------------------------------------------------------

    def action_fetch_rates(self) -> None:
        """Ask the provider."""
        self._fetching = True
        self.refresh_bindings()
        self.read(lambda: RatesRead(get_rates(self.desk, self.order_id)), "Fetching rates")

    def on_rates_read(self, message: RatesRead) -> None:
        """Show them."""
        self._fetching = False
        if isinstance(message.result, NoRates):
            self._quotes = None
            self.grid.show(ListedRows())
            self._details(lines(violation_lines(message.result.violations, self.zone)))
            self.bar.tell("This order cannot be rated; nothing was asked.", Tone.BAD)
        else:
            self._show(message.result)
            self.grid.move(0)
            self._tell(message.result)
        self.look_again()

    def _show(self, quotes: Quotes) -> None:
        self._quotes = quotes
        by = self._record.order.deliver_by.latest if self._record else None
        self.grid.show(ListedRows(quote_rows(quotes, by, self.zone)))
        self.explain()

    def _tell(self, quotes: Quotes) -> None:
        allowed, all_of_them = len(quotes.allowed), len(quotes.quotes) + len(quotes.ineligible)
        if allowed:
            words = f"{allowed:,} of {all_of_them:,} services may be bought, cheapest first."
            self.bar.tell(words, Tone.GOOD)
        else:
            self.bar.tell("No service may be bought: the reasons stand below.", Tone.BAD)

    def edited(self) -> None:
        """Rates for the earlier draft are worth nothing now."""
        self.action_fetch_rates()

    def on_failed(self, message: Failed) -> None:
        """Say so, and that no money moved; r tries again."""
        self._fetching = False
        super().on_failed(message)
        self.bar.tell(f"Nothing was bought. {message.error}", Tone.BAD)

    # --- Buying -------------------------------------------------------------------------------

    @property
    def _chosen(self) -> Quote | None:
        row_id = self.grid.cursor_id
        found = self._quotes.quotes if self._quotes else ()
        return next((quote for quote in found if quote.rate.id == row_id), None)

    @property
    def _buying(self) -> bool:
        return deeds.buying(self.order_id) in self.work.deeds

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a purchase only of a rate that may be bought, and never twice."""
        if not self.is_mounted:
            return False
        if action == commands.ChooseRate.action():
            return bool(self._chosen and self._chosen.allowed) and not self._buying
        if action == commands.FetchRates.action():
            return not self._fetching and not self._buying
        if action == commands.EditPackage.action():
            return not self._buying
        if action == commands.SettlePurchases.action():
            journal = self.desk.repository.purchases(self.order_id)
            return not self._buying and any(purchase.is_pending for purchase in journal)
        return super().check_action(action, parameters)

    def action_choose_rate(self) -> None:
        """Ask once, then buy."""
        if (quote := self._chosen) is None:
            return
        rate = quote.rate
        name = present.service_name(rate.carrier, rate.service)
        question = f"Buy {name} for {present.money(quote.charge)}?"
        arrives = present.moment(rate.promise.arrives_by, self.zone)
        details = (f"Order {self.order_id}", f"Arrives by {arrives}")
        warned = (present.message(violation, self.zone) for violation in quote.violations)
        question_screen = Confirm(question, *details, *(f"! {words}" for words in warned))
        self.app.push_screen(question_screen, lambda yes: self._buy(quote) if yes else None)

    def _buy(self, quote: Quote) -> None:
        deeds.buy(self.desk, self.work, self.order_id, quote.rate.id, quote.charge)
        self.bar.busy = f"{deeds.buying(self.order_id)}. Esc leaves; it is finished all the same."
        self.refresh_bindings()

    def hear(self, outcome: Message) -> None:
        """Go on to the label once it is bought."""
        super().hear(outcome)
        if not isinstance(outcome, deeds.PurchaseEnded) or outcome.order_id != self.order_id:
            return
        if isinstance(outcome.outcome, Purchased):
            self._bought = deeds.news(outcome, self.zone)
            self._go_on()

    def on_screen_resume(self) -> None:
        """Go on to the label if it was bought behind another screen."""
        super().on_screen_resume()
        self._go_on()

    def _go_on(self) -> None:
        if self._bought is not None and self.app.screen is self:
            label = LabelScreen(self.desk, self.work, self.order_id, self._bought)
            self.app.switch_screen(label)

    def action_settle_purchases(self) -> None:
        """Find out about this order's purchase."""
        deeds.settle(self.desk, self.work, self.order_id)
