"""The pages about a store: kinds, branding e-mail, lender, carriers, classes, errors."""

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from primetui.domain.branding import EmailState, Message
from primetui.domain.store import AmazonAccountId, AmazonCarrier, CarrierClass, Store, StoreKind
from primetui.ports import Desk
from primetui.tui.app import PrimeApp
from primetui.usecases.manage_stores import set_account
from tests.shop import Shop
from tests.tui.seen import line_with, paste, screen, until
from tests.tui.test_stores_screen import connector, to_stores

SIZE = (110, 40)


class Mailbox:
    """Takes messages where a server would."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        """Take a message."""
        self.messages.append(message)

    @property
    def code(self) -> str:
        """Read the code of the last message."""
        return self.messages[-1].text.split("code: ")[1].split()[0]


def posted(shop: Shop) -> tuple[Desk, Mailbox]:
    """Give the shop's desk a mail server."""
    mailbox = Mailbox()
    return replace(shop.desk, mailer=mailbox), mailbox


def first(shop: Shop) -> Store:
    """Read the first store as it is kept."""
    return shop.desk.repository.stores()[0]


async def turn_to(pilot: Pilot[None], page: str) -> None:
    """Press Tab until a page is in front."""
    for _ in range(6):
        if line_with(pilot.app, f"[{page}]"):
            return
        await pilot.press("tab")
        await pilot.pause()
    await until(pilot, f"[{page}]")


async def test_R12_a_branding_email_is_set_sent_and_verified_by_keys(shop: Shop) -> None:
    """R12: address, message, a wrong code, the right one; another address is unverified again."""
    desk, mailbox = posted(shop)
    console = PrimeApp(desk)
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await turn_to(pilot, "Branding")
        await until(pilot, "none set: m sets it")
        await pilot.press("m")
        await until(pilot, "Branding e-mail of")
        await pilot.press(*"us@example.com", "ctrl+s")
        await until(pilot, "s sends a confirmation message")
        await pilot.press("s")
        await until(pilot, "A message with a code was sent")
        await pilot.press("o")
        await until(pilot, "The code that came")
        await pilot.press(*"AAAAAAAA", "ctrl+s")
        await until(pilot, "✗ This is not the code that was sent")
        await pilot.press("o")
        await until(pilot, "The code that came")
        await pilot.press(*mailbox.code, "ctrl+s")
        await until(pilot, "✓ This email address has been verified for your account")
        verified = first(shop).branding
        await pilot.press("m")
        await until(pilot, "Branding e-mail of")
        await paste(pilot, "other@example.com")
        await pilot.press("ctrl+s")
        await until(pilot, "! not verified")
        after = first(shop).branding

    assert verified is not None
    assert after is not None
    assert EmailState.VERIFIED is verified.state
    assert EmailState.UNVERIFIED is after.state
    assert ["us@example.com"] == [message.to for message in mailbox.messages]


async def test_R11_who_lends_is_named_with_its_reason_and_can_be_chosen(shop: Shop) -> None:
    """R11: the store created last lends; l chooses another for one Amazon account."""
    older = first(shop).created_at - timedelta(days=1)
    elder = first(shop).model_copy(update={"created_at": older})
    shop.desk.repository.transact(lambda tx: tx.put_store(elder))
    shop.connect_rithum()
    console = PrimeApp(shop.desk)
    async with console.run_test(size=(110, 44)) as pilot:
        await to_stores(pilot)
        await turn_to(pilot, "Lender")
        await until(pilot, "Lends         Northwind Prime UK: it is the Amazon store created last")
        await until(pilot, "PRM")
        await pilot.press("l")
        await until(pilot, "Choose a lender")
        await pilot.press(*"acct-7", "ctrl+s")
        await until(pilot, "Chosen        Northwind Prime US for Amazon account acct-7")
        chosen = shop.desk.repository.account().lending
        await pilot.press("l", *"acct-7", "tab", "home", "ctrl+k", *"no", "ctrl+s")
        await until(pilot, "no longer is chosen for")

    assert {AmazonAccountId("acct-7"): first(shop).id} == dict(chosen)
    assert {} == dict(shop.desk.repository.account().lending)


async def test_R13_both_kinds_active_at_once_is_warned_of_on_every_page(shop: Shop) -> None:
    """R13: the warning says what to do; it goes once the Amazon store is inactive."""
    shop.connect_rithum()
    console = PrimeApp(shop.desk)
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        for page in ("Settings", "Branding", "Last import"):
            await turn_to(pilot, page)
            await until(pilot, "are both active")


@pytest.mark.parametrize(
    ("country", "said"),
    [("US", "✓ connected"), ("GB", "✓ connected"), ("DE", "✗ Amazon's carriers can be")],
)
async def test_R4_amazons_carriers_are_connected_in_us_and_uk_accounts_only(
    shop: Shop, country: str, said: str
) -> None:
    """R4: b connects Buy Shipping, or says in words why not and what helps."""
    set_account(shop.desk, country, "Europe/London")
    console = PrimeApp(shop.desk)
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await turn_to(pilot, "Carriers")
        await pilot.press("b")
        await until(pilot, said)

    found = AmazonCarrier.BUY_SHIPPING in shop.desk.repository.account().amazon_carriers
    assert found is (country != "DE")


async def test_R4_disconnecting_asks_first(shop: Shop) -> None:
    """R4: n keeps it, y takes it away."""
    console = PrimeApp(shop.desk)
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await turn_to(pilot, "Carriers")
        await pilot.press("h")
        await until(pilot, "Amazon Shipping: ✓ connected")
        await pilot.press("h")
        await until(pilot, "Disconnect Amazon Shipping?")
        await pilot.press("n")
        await pilot.pause()
        kept = shop.desk.repository.account().amazon_carriers
        await pilot.press("h")
        await until(pilot, "y Yes")
        await pilot.press("y")
        await until(pilot, "Amazon Shipping: – not connected")

    assert {AmazonCarrier.AMAZON_SHIPPING} == kept


async def test_a_rithum_profile_is_connected_and_its_classes_mapped(empty_shop: Shop) -> None:
    """R19: the form tries its credentials; p maps a carrier, u takes it back."""
    shop = empty_shop
    keys = next(x for x in shop.sandbox.credentials["stores"] if x["kind"] == "rithum")
    console = PrimeApp(shop.desk, connector=connector(shop))
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("a", "r")
        await until(pilot, "Connect a Rithum profile")
        names = ("client_id", "client_secret", "refresh_token")
        for text in ("Mine", keys["marketplace_id"], *(keys[name] for name in names)):
            await paste(pilot, str(text))
            await pilot.press("enter")
        shown = " ".join(screen(console))
        await pilot.press("ctrl+s")
        await until(pilot, "✓ Connected Mine")
        await turn_to(pilot, "Carrier classes")
        await pilot.press("p")
        await until(pilot, "Carrier and class of Mine")
        for text in ("UPS", "Ground", "UPS", "GROUND"):
            await pilot.press(*text, "enter")
        await until(pilot, "UPS Ground → UPS, class GROUND")
        mapped = first(shop).carrier_classes
        await pilot.press("u", "ctrl+s")
        await until(pilot, "✓ Taken back.")

    wanted = CarrierClass(
        carrier="UPS", service="Ground", remote_carrier="UPS", remote_class="GROUND"
    )
    assert (wanted,) == mapped
    assert StoreKind.RITHUM is first(shop).kind
    assert keys["client_secret"] not in shown


async def test_R11_a_new_store_that_takes_over_the_lending_is_told_of(empty_shop: Shop) -> None:
    """R11: connecting it says whose credentials go to Amazon from now on."""
    shop = empty_shop
    shop.connect_rithum()
    keys = next(x for x in shop.sandbox.credentials["stores"] if x["kind"] == "amazon")
    console = PrimeApp(shop.desk, connector=connector(shop))
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("a", "a")
        await until(pilot, "Connect an Amazon store")
        names = ("client_id", "client_secret", "refresh_token")
        for text in ("Mine", "us", *(keys[name] for name in names)):
            await paste(pilot, str(text))
            await pilot.press("enter")
        await pilot.press("ctrl+s")
        await until(pilot, "Mine lends its credentials and branding e-mail to Rithum orders")


async def test_errors_are_opened_whole(shop: Shop, console: PrimeApp) -> None:
    """X shows every error of the last import, and Esc goes back."""
    shop.fault("searchOrders", "error_503", nth="every")
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("i")
        await until(pilot, "1 error")
        await turn_to(pilot, "Last import")
        await pilot.press("x")
        await until(pilot, "The last import of Northwind Prime US")
        await pilot.press("escape")
        await until(pilot, "Stores  account")
