"""What can be done about a store beyond connecting it: branding, lender, carriers, mappings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from textual.message import Message

from primetui import present
from primetui.domain.branding import CodeAnswer, EmailState
from primetui.domain.store import Account, AmazonCarrier, CarrierClass, Store
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.dialogs.form import Form
from primetui.tui.dialogs.reasons import Reasons
from primetui.tui.importing import ImportingRoom
from primetui.tui.store_forms import (
    Lending,
    account_form,
    class_form,
    code_form,
    email_form,
    lender_form,
    unmap_form,
)
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import Hung, line
from primetui.usecases.manage_stores import (
    choose_lender,
    connect_carrier,
    disconnect_carrier,
    set_account,
)
from primetui.usecases.map_carrier_class import map_carrier_class, unmap_carrier_class
from primetui.usecases.verify_email import send_confirmation, set_email, verify_code

T = TypeVar("T")


@dataclass
class StoreNews(Message):
    """Something was done to a store, or to the account."""

    words: str
    tone: Tone = Tone.GOOD


class StoreRoom(ImportingRoom):
    """A screen with one store under the cursor."""

    @property
    def store(self) -> Store | None:
        """The store under the cursor."""
        raise NotImplementedError  # each room its own; the metaclass of a screen rules out ABC

    def do(self, job: Callable[[], StoreNews], doing: str) -> None:
        """Run a job about a store."""

        def run() -> Message:
            return job()

        self.read(run, doing)

    def ask(self, form: Form[T], job: Callable[[T], StoreNews], doing: str) -> None:
        """Ask by a form, then do."""

        def answered(typed: T | None) -> None:
            if typed is not None:
                self.do(lambda: job(typed), doing)

        self.app.push_screen(form, answered)

    def on_store_news(self, message: StoreNews) -> None:
        """Tell it."""
        self.bar.tell(message.words, message.tone)
        self.look_again()

    # --- Branding e-mail (R12) ----------------------------------------------------------------

    def action_set_email(self) -> None:
        """Ask for the address."""
        if (store := self.store) is None:
            return
        store_id = store.id

        def job(address: str) -> StoreNews:
            email = set_email(self.desk, store_id, address).branding
            verified = email is not None and email.state is EmailState.VERIFIED
            words = present.branding_state(email, self.zone)
            return StoreNews(f"{words}.", Tone.GOOD if verified else Tone.WARN)

        self.ask(email_form(store), job, "Keeping")

    def action_send_confirmation(self) -> None:
        """Send a code."""
        if (store := self.store) is None:
            return
        store_id = store.id

        def job() -> StoreNews:
            send_confirmation(self.desk, store_id)
            return StoreNews("A message with a code was sent: type it with o within 24 hours.")

        self.do(job, "Sending the confirmation message")

    def action_type_code(self) -> None:
        """Ask for the code."""
        if (store := self.store) is None:
            return
        store_id = store.id

        def job(code: str) -> StoreNews:
            _, answer = verify_code(self.desk, store_id, code)
            right = answer in {CodeAnswer.RIGHT, CodeAnswer.ALREADY}
            return StoreNews(present.code_answer(answer), Tone.GOOD if right else Tone.BAD)

        self.ask(code_form(store), job, "Looking at the code")

    # --- Lender (R11) and carriers (R4) -------------------------------------------------------

    def action_choose_lender(self) -> None:
        """Ask which Amazon account it lends to."""
        if (store := self.store) is None:
            return
        store_id, name = store.id, store.name

        def job(chosen: Lending) -> StoreNews:
            choose_lender(self.desk, chosen.account, store_id if chosen.lends else None)
            does = "lends to" if chosen.lends else "no longer is chosen for"
            return StoreNews(f"{name} {does} Amazon account {chosen.account}.")

        self.ask(lender_form(store), job, "Keeping")

    def action_turn_buy_shipping(self) -> None:
        """Connect or disconnect it."""
        self._turn(AmazonCarrier.BUY_SHIPPING, "Amazon Buy Shipping")

    def action_turn_amazon_shipping(self) -> None:
        """Connect or disconnect it."""
        self._turn(AmazonCarrier.AMAZON_SHIPPING, "Amazon Shipping")

    def _turn(self, carrier: AmazonCarrier, name: str) -> None:
        def connect() -> StoreNews:
            connect_carrier(self.desk, carrier)
            return StoreNews(f"{name} is connected; it counts for imports from now on.")

        def disconnect() -> StoreNews:
            disconnect_carrier(self.desk, carrier)
            return StoreNews(f"{name} is disconnected; orders stay where they landed.")

        def answered(yes: bool | None) -> None:  # noqa: FBT001 - the dialog's result is its answer
            if yes:
                self.do(disconnect, "Disconnecting")

        if carrier in self.desk.repository.account().amazon_carriers:
            words = "No label is bought there any more until it is connected again."
            self.app.push_screen(Confirm(f"Disconnect {name}?", words), answered)
        else:
            self.do(connect, "Connecting")

    def action_edit_account(self) -> None:
        """Ask for home country and time zone."""

        def job(typed: Account) -> StoreNews:
            set_account(self.desk, typed.country, typed.time_zone)
            return StoreNews("Kept; it counts for imports from now on.")

        self.ask(account_form(self.desk.repository.account()), job, "Keeping")

    # --- What Rithum calls things (R19), and what went wrong ----------------------------------

    def action_map_class(self) -> None:
        """Ask for names."""
        if (store := self.store) is None:
            return
        store_id = store.id

        def job(mapping: CarrierClass) -> StoreNews:
            map_carrier_class(self.desk, store_id, mapping)
            return StoreNews("Kept; what failed for want of it is due again (n: Outbox).")

        self.ask(class_form(store), job, "Keeping")

    def action_unmap_class(self) -> None:
        """Ask what is taken back."""
        if (store := self.store) is None:
            return
        store_id = store.id

        def job(named: tuple[str, str]) -> StoreNews:
            unmap_carrier_class(self.desk, store_id, *named)
            return StoreNews("Taken back.")

        self.ask(unmap_form(store), job, "Keeping")

    def action_show_errors(self) -> None:
        """Show every error of the last import."""
        store = self.store
        if store is not None and store.last_import is not None:
            rows = [Hung(line(Span(f"✗ {x}", Tone.BAD)), 2) for x in store.last_import.errors]
            self.app.push_screen(Reasons(f"The last import of {store.name}", rows))
