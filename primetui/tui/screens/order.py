"""One order: everything known of it, what is wrong with it, and what can be done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, TypeVar

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from primetui import present
from primetui.domain.clearance import Refusal
from primetui.domain.label import LabelState, PurchaseState
from primetui.domain.order import OrderStatus
from primetui.domain.packing import is_split
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.present.company import also_here
from primetui.tui import (
    buyer_commands,
    commands,
    deeds,
    order_commands,
    parcel_commands,
    rule_commands,
)
from primetui.tui.buyer import BuyerRoom
from primetui.tui.command import bindings
from primetui.tui.company import on_order
from primetui.tui.dialogs.answer import Answer, Finding
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.dialogs.reasons import Reasons
from primetui.tui.facts import violation_lines
from primetui.tui.order_facts import order_facts
from primetui.tui.parcels import ParcelRoom
from primetui.tui.recording import record_form, tracking_form
from primetui.tui.screens.label import LabelScreen
from primetui.tui.screens.purchase import PurchaseScreen
from primetui.tui.screens.rule_explain import ExplainScreen
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.page import Page
from primetui.tui.widgets.words import Lines
from primetui.tui.work import Work
from primetui.usecases.check_order import Checked, check_order
from primetui.usecases.edit_shipment import Changes
from primetui.usecases.import_orders import refresh_order
from primetui.usecases.record_label import TypedLabel

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass
class OrderRefreshed(Message):
    """The order was read afresh."""


class OrderScreen(BuyerRoom, ParcelRoom):
    """A page of facts, the problems first."""

    OFFERS: ClassVar = (
        order_commands.AnswerPurchase,
        commands.BuyLabel,
        commands.ShowLabel,
        commands.EditPackage,
        commands.NextConfirmation,
        commands.NextFormat,
        commands.RefreshOrders,
        commands.VoidLabel,
        commands.SettlePurchases,
        order_commands.RecordLabel,
        parcel_commands.SplitOrder,
        parcel_commands.JoinOrder,
        parcel_commands.CombineOrders,
        parcel_commands.UncombineOrders,
        parcel_commands.EditShipTo,
        parcel_commands.ReturnLabel,
        buyer_commands.ShowBuyer,
        buyer_commands.ForgetBuyer,
        rule_commands.ExplainRules,
        commands.Back,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work, order_id: OrderId) -> None:
        super().__init__(desk, work, order_id)
        self._checked: Checked | None = None
        self._shown: Lines | None = None

    def furnish(self) -> ComposeResult:
        """Give the page."""
        with Page():
            yield Static(id="facts")

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(Page).focus()

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """Check the order as it is now."""
        here = on_order(self.desk.repository.presence(), self.order_id)
        company = f"  @ {also_here(here, self.zone)} is on it too" if here else ""
        self.headline(f"Order {self.order_id}", Span(company, Tone.PRIME))
        try:
            checked = self._checked = check_order(self.desk, self.order_id)
        except ConfigError as error:
            self._checked = None
            self.bar.tell(str(error), Tone.BAD)
            return
        store = self.desk.repository.store(checked.record.order.store_id)
        name = store.name if store else "removed"
        done = self.desk.repository.audit(self.order_id)
        words = order_facts(checked, name, done, self.desk.clock.now(), self.zone, self.buyer)
        if words != self._shown:
            self._shown = words
            self.query_one("#facts", Static).update(words)

    def beat(self) -> None:
        """Let the countdown and the problems follow the time."""
        self.look()

    # --- Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what this order allows now."""
        needs = _NEEDS.get(action)
        if needs is None:
            return super().check_action(action, parameters)
        return self._checked is not None and needs(self._checked)

    def action_buy_label(self) -> None:
        """Fetch the rates."""
        self.app.push_screen(PurchaseScreen(self.desk, self.work, self.order_id))

    def action_show_label(self) -> None:
        """Show the label."""
        self.app.push_screen(LabelScreen(self.desk, self.work, self.order_id))

    def action_explain_rules(self) -> None:
        """Say why each rule did or did not do something."""
        self.app.push_screen(ExplainScreen(self.desk, self.work, self.order_id))

    def action_next_confirmation(self) -> None:
        """Choose the next confirmation."""
        if self._checked is not None:
            chosen = self._checked.record.shipment.confirmation or Confirmation.NONE
            self.change(Changes(confirmation=_next(chosen)))

    def action_next_format(self) -> None:
        """Choose the next label format."""
        if self._checked is not None:
            chosen: DocumentFormat = self._checked.record.shipment.document_format
            self.change(Changes(document_format=_next(chosen)))

    def action_refresh_orders(self) -> None:
        """Read the order afresh."""

        def job() -> Message:
            refresh_order(self.desk, self.order_id)
            return OrderRefreshed()

        self.read(job, "Reading the order afresh")

    def on_order_refreshed(self) -> None:
        """Show it."""
        self.bar.tell("Read afresh.", Tone.GOOD)
        self.look_again()

    def action_void_label(self) -> None:
        """Ask, then void."""
        if self._checked is not None and self._checked.label is not None:
            question = f"Void the label {self._checked.label.tracking_id}?"
            words = "The refund follows in the provider's own time."
            self.app.push_screen(Confirm(question, words), self._void)

    def _void(self, yes: bool | None) -> None:  # noqa: FBT001 - the dialog's result is its answer
        if yes:
            deeds.void(self.desk, self.work, self.order_id)

    def action_settle_purchases(self) -> None:
        """Find out about the purchase, or the void, without an answer."""
        deeds.settle(self.desk, self.work, self.order_id)

    # --- What an operator knows ---------------------------------------------------------------

    def action_answer_purchase(self) -> None:
        """Ask what was found."""
        if self._checked is None or self._checked.pending is None:
            return
        words = present.pending_purchase(self._checked.pending, self.zone)
        look = "Look where it would have been bought, then say what you found."
        self.app.push_screen(Answer(words, look), self._found)

    def _found(self, finding: Finding | None) -> None:
        if finding is Finding.BOUGHT:
            self.app.push_screen(tracking_form(), self._answer_bought)
        elif finding is Finding.NOT_BOUGHT:
            words = "It is written down under your name, and the order can be bought again."
            self.app.push_screen(Confirm("It was not bought?", words), self._answer_not_bought)

    def _answer_bought(self, tracking_id: str | None) -> None:
        if tracking_id is not None:
            deeds.answer(self.desk, self.work, self.order_id, tracking_id)

    def _answer_not_bought(self, yes: bool | None) -> None:  # noqa: FBT001 - the dialog's result is its answer
        if yes:
            deeds.answer(self.desk, self.work, self.order_id, None)

    def action_record_label(self) -> None:
        """Ask for a label that was bought elsewhere."""
        if self._checked is not None:
            self.app.push_screen(record_form(self._checked, self.zone), self._record)

    def _record(self, typed: TypedLabel | None) -> None:
        if typed is not None:
            deeds.record(self.desk, self.work, self.order_id, typed)

    def hear(self, outcome: Message) -> None:
        """Show a refusal in full, with its ways out."""
        super().hear(outcome)
        if not isinstance(outcome, deeds.LabelRecorded) or outcome.order_id != self.order_id:
            return
        if isinstance(outcome.outcome, Refusal) and self.is_current:
            reasons = violation_lines(outcome.outcome.violations, self.zone)
            self.app.push_screen(Reasons("Not recorded: the label is refused.", reasons))


def _next(choice: Choice) -> Choice:
    choices = list(type(choice))
    return choices[(choices.index(choice) + 1) % len(choices)]


def _editable(checked: Checked) -> bool:
    waits = checked.record.order.status is not OrderStatus.PENDING_FULFILLMENT
    return waits and checked.label is None and checked.pending is None


def _unbought(checked: Checked) -> bool:
    return checked.label is None and checked.pending is None


def _answerable(checked: Checked) -> bool:
    """It may have been sent: what never was, needs nobody's answer."""
    sent = {PurchaseState.SENT, PurchaseState.UNKNOWN}
    return checked.pending is not None and checked.pending.state in sent


def _unsettled(checked: Checked) -> bool:
    voiding = checked.label is not None and checked.label.state is LabelState.VOIDING
    return checked.pending is not None or voiding


_NEEDS: Final[Mapping[str, Callable[[Checked], bool]]] = {
    order_commands.AnswerPurchase.action(): _answerable,
    order_commands.RecordLabel.action(): _unbought,
    buyer_commands.ShowBuyer.action(): lambda checked: checked.record.forgotten_at is None,
    buyer_commands.ForgetBuyer.action(): lambda checked: checked.record.forgotten_at is None,
    parcel_commands.SplitOrder.action(): lambda c: _editable(c) and not is_split(c.record.shipment),
    parcel_commands.JoinOrder.action(): lambda c: _editable(c) and is_split(c.record.shipment),
    parcel_commands.CombineOrders.action(): _editable,
    parcel_commands.UncombineOrders.action(): lambda c: (
        _editable(c) and bool(c.record.shipment.combined_with)
    ),
    parcel_commands.EditShipTo.action(): _editable,
    parcel_commands.ReturnLabel.action(): lambda checked: checked.label is not None,
    commands.BuyLabel.action(): _unbought,
    commands.ShowLabel.action(): lambda checked: bool(checked.labels),
    commands.EditPackage.action(): _editable,
    commands.NextConfirmation.action(): _editable,
    commands.NextFormat.action(): _editable,
    commands.VoidLabel.action(): lambda checked: checked.label is not None,
    commands.SettlePurchases.action(): _unsettled,
}
"""What each command needs of the order to do anything."""
