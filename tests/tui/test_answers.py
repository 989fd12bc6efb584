"""What an operator knows: answers for a purchase, and labels that were bought elsewhere."""

import pytest
from textual.pilot import Pilot

from primetui.domain.label import PurchaseState
from primetui.domain.shipment import OrderId
from primetui.tui.app import PrimeApp
from primetui.tui.dialogs.form import Form
from primetui.tui.screens.order import OrderScreen
from tests.shop import Shop
from tests.tui.seen import line_with, paste, screen, until

SIZE = (80, 24)
TRACKING = "1Z999AA10123456784"


async def to_order(pilot: Pilot[None], order_id: OrderId) -> None:
    """Open the order."""
    await until(pilot, order_id)
    await pilot.press("enter")
    await until(pilot, f"Order {order_id}")
    await until(pilot, "Ship by")


def unknown(shop: Shop) -> OrderId:
    """Lose a purchase's answer for good: its offer is over, and no package is listed."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", "lost_before_effect")
    shop.buy(order_id)
    shop.clock.advance(minutes=11)
    return order_id


def said(console: PrimeApp) -> str:
    """Read the screen as running text."""
    return " ".join(" ".join(screen(console)).split())


async def test_R21_bought_is_taken_with_its_tracking_number(shop: Shop, console: PrimeApp) -> None:
    """A, b, the number: a label stands, journalled as the operator's finding."""
    order_id = unknown(shop)
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await until(pilot, "! Not yet known whether it was bought:")
        await until(pilot, "a Answer")
        await pilot.press("a")
        await until(pilot, "What did you find?")
        await pilot.press("b")
        await until(pilot, "It was bought")
        await pilot.press("enter")
        await until(pilot, "✗ The tracking number is missing")
        await pilot.press(*TRACKING, "enter")
        await until(pilot, f"✓ {order_id}: it was bought")
        notes = [entry.detail for entry in shop.desk.repository.audit(order_id)]

        assert TRACKING == shop.desk.repository.labels(order_id)[0].tracking_id
        assert f"tester says: bought, {TRACKING}" in notes


async def test_R21_not_bought_is_too_early_within_the_grace(shop: Shop, console: PrimeApp) -> None:
    """It is refused in words with the time; after the grace it is taken, and b buys again."""
    order_id = unknown(shop)
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await until(pilot, "a Answer")
        await pilot.press("a")
        await until(pilot, "What did you find?")
        await pilot.press("n")
        await until(pilot, "It was not bought?")
        await pilot.press("y")
        await until(pilot, "Amazon may still list the package.")

        assert PurchaseState.UNKNOWN is shop.desk.repository.purchases(order_id)[-1].state
        assert "It is too early to say:" in said(console)
        assert "Ask again after Mon 23 Nov" in said(console)

        shop.clock.advance(minutes=16)
        await pilot.press("a", "n", "y")
        await until(pilot, f"{order_id}: it was not bought.")
        await until(pilot, "b Buy")


@pytest.mark.parametrize("keys", [["escape"], ["enter"], ["n", "enter"], ["b", "escape"]])
async def test_anything_else_answers_nothing(
    shop: Shop, console: PrimeApp, keys: list[str]
) -> None:
    """Neither Esc nor Enter is an answer."""
    order_id = unknown(shop)
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await until(pilot, "a Answer")
        await pilot.press("a")
        await until(pilot, "What did you find?")
        await pilot.press(*keys)
        await pilot.pause(0.1)
        actions = [entry.action for entry in shop.desk.repository.audit(order_id)]

        assert isinstance(console.screen, OrderScreen)
        assert "answer by hand" not in actions


async def test_somebody_at_it_is_named(shop: Shop, console: PrimeApp) -> None:
    """R21: who comes second reads who it is, and since when; it is not bought twice."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, order_id)
        await pilot.press("b")
        await until(pilot, "may be bought")
        with shop.desk.repository.lease(order_id, "bob"):
            await pilot.press("enter", "y")
            await until(pilot, "Not bought. Purchase in progress by bob since 2026-11-23")

        assert 0 == shop.calls("purchaseShipment")


async def fill(pilot: Pilot[None], *words: str) -> None:
    """Fill the form's fields from the first one on."""
    for word in words:
        await paste(pilot, word)
        await pilot.press("enter")


async def test_R10_a_label_bought_elsewhere_is_recorded_and_told(
    shop: Shop, console: PrimeApp
) -> None:
    """E, the form: the label stands, the marketplace is told once, nothing was bought."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await pilot.press("e")
        await until(pilot, "Label bought elsewhere")
        await fill(pilot, "UPS", "Ground", TRACKING, "9.10 USD", "2026-11-25 20:00")
        await pilot.press("ctrl+s")
        await until(pilot, f"✓ Recorded: UPS Ground, tracking {TRACKING}")
        told = [one["tracking"] for one in shop.truth(order_id)["confirmations"]]

        assert [TRACKING] == told
        assert 0 == shop.calls("purchaseShipment")


async def test_R5_a_label_that_comes_too_late_is_refused_with_the_way_out(
    shop: Shop, console: PrimeApp
) -> None:
    """The same gate: code, both times and the remedy stand in full until they are put away."""
    order_id = shop.imported(deliver_by="+2d")
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await pilot.press("e")
        await until(pilot, "Label bought elsewhere")
        await fill(pilot, "UPS", "Ground", TRACKING, "9.10 USD", "2026-12-24 20:00")
        await pilot.press("ctrl+s")
        await until(pilot, "Not recorded: the label is refused.")
        reasons = said(console)
        await pilot.press("escape")
        await until(pilot, "✗ Not recorded")

        assert "✗ PRM201" in reasons
        assert "→ Choose a" in reasons
        assert () == shop.desk.repository.labels(order_id)


@pytest.mark.parametrize(
    ("charge", "arrives", "complaint"),
    [
        ("cheap", "2026-11-25 20:00", "'cheap' is not an amount"),
        ("9.10 USD", "2026-11-25", "'2026-11-25' is not a moment"),
        ("9.10 USD", "soon:ish", "'soon:ish' is not a moment"),
        ("", "2026-11-25 20:00", "The price is one amount"),
    ],
)
async def test_what_cannot_be_read_is_said_and_the_form_stays(
    shop: Shop, console: PrimeApp, charge: str, arrives: str, complaint: str
) -> None:
    """A date alone is refused: its first minute is a promise that nobody made."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await pilot.press("e")
        await until(pilot, "Label bought elsewhere")
        await fill(pilot, "UPS", "Ground", TRACKING, charge, arrives)
        await pilot.press("ctrl+s")
        await until(pilot, f"✗ {complaint}")

        assert isinstance(console.screen, Form)


async def test_the_page_ends_with_who_did_what_latest_first(shop: Shop, console: PrimeApp) -> None:
    """R21: every step of the purchase and the label, and every action, by whom and when."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.clock.advance(minutes=3)
    async with console.run_test(size=(80, 60)) as pilot:
        await until(pilot, "Shipped 1")
        await pilot.press("tab")
        await to_order(pilot, order_id)
        await pilot.press("v", "y")
        await until(pilot, "✓ Voided:")
        await pilot.press("G")
        await until(pilot, "Who did what, latest first")
        lines = [line.strip() for line in screen(console)]
        at = next(n for n, line in enumerate(lines) if line.startswith("Who did what"))
        done = " ".join(lines[at:])

        assert "10:08 EST  tester  label voided" in lines[at + 1]
        assert done.index("void asked") < done.index("label bought") < done.index("purchase intent")
        assert any("tester  voided" in line for line in lines[:at])
        assert any("tester  written down" in line for line in lines[:at])


async def test_a_void_that_is_due_stands_first_with_its_remedy(
    shop: Shop, console: PrimeApp
) -> None:
    """R18: the order was cancelled after the purchase: the flag, and the key that settles it."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.control("orders", {"request_cancellation": [order_id]})
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "Shipped 1")
        await pilot.press("tab")
        await to_order(pilot, order_id)
        await pilot.press("f")
        await until(pilot, "✗ Void needed:")

        assert "→ v gives it back" in line_with(console, "→ v")
