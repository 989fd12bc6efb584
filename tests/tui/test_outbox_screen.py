"""The outbox: what a marketplace is still to be told, when, why not yet, and the way on."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from primetui.domain.notice import NoticeState
from primetui.tui.app import PrimeApp
from primetui.tui.screens.order import OrderScreen
from tests.shop import Shop
from tests.tui.seen import line_with, paste, screen, until
from tests.usecases.outbox import TRACKING, confirmed, notice, recorded

SIZE = (80, 24)


async def to_outbox(pilot: Pilot[None]) -> None:
    """Open the outbox."""
    await until(pilot, "PrimeTUI")
    await pilot.press("n")
    await until(pilot, "Outbox")


async def test_an_empty_outbox_says_what_belongs_here(console: PrimeApp) -> None:
    """Nothing waits, and how something would come here."""
    async with console.run_test(size=SIZE) as pilot:
        await to_outbox(pilot)
        await until(pilot, "Nothing waits: every marketplace knows what it must know.")

        assert "record a label bought elsewhere" in " ".join(screen(console))
        assert "Retry" not in screen(console)[-1]


async def test_R10_a_held_back_notice_says_until_when_and_counts_down(
    shop: Shop, console: PrimeApp
) -> None:
    """Order, carrier, tracking, countdown and the time it is held back until."""
    order_id = recorded(shop, notify_after=timedelta(hours=2))
    async with console.run_test(size=SIZE) as pilot:
        await to_outbox(pilot)
        row = await until(pilot, order_id)
        await until(pilot, "held back until Mon 23 Nov 12:05 EST")
        shop.clock.advance(minutes=1)
        await until(pilot, "in 1h 59m")

        assert "in 2h 00m" in row
        assert "UPS" in row
        assert TRACKING in " ".join(screen(console))


async def test_r_sends_what_is_held_back(shop: Shop, console: PrimeApp) -> None:
    """One press, one confirmation; then it is looked up later, and r is gone."""
    order_id = recorded(shop, notify_after=timedelta(hours=2))
    async with console.run_test(size=SIZE) as pilot:
        await to_outbox(pilot)
        await until(pilot, "r Retry")
        await pilot.press("r")
        await until(pilot, f"✓ {order_id}: the marketplace took UPS {TRACKING}")
        await until(pilot, "in 10m 00s")

        assert [(TRACKING, 1)] == confirmed(shop, order_id)
        assert "r Retry" not in screen(console)[-1]


async def test_a_dropped_one_says_why_and_goes_under_another_name(
    shop: Shop, console: PrimeApp
) -> None:
    """R10: c asks for the name; the same package is edited, never a second one added."""
    order_id = recorded(shop, notify_after=timedelta(hours=2))
    shop.desk.repository.transact(
        lambda tx: tx.put_notice(tx.notices(order_id)[0].fail("Amazon dropped it."))
    )
    async with console.run_test(size=SIZE) as pilot:
        await to_outbox(pilot)
        await until(pilot, "✗ needs a person. Amazon dropped it.")
        hint = line_with(console, "→ r sends it again; c sends it under another name")
        await pilot.press("c")
        await until(pilot, "Another name")
        await paste(pilot, "FedEx")
        await pilot.press("enter")
        await until(pilot, f"✓ {order_id}: the marketplace took FedEx {TRACKING}")

        assert hint
        assert "FedEx" == notice(shop, order_id).carrier
        assert [(TRACKING, 1)] == confirmed(shop, order_id)


async def test_what_is_due_is_sent_and_looked_up_by_a_key(shop: Shop, console: PrimeApp) -> None:
    """D is offered only while something is due; what is listed leaves the queue."""
    order_id = recorded(shop, notify_after=timedelta(hours=2))
    async with console.run_test(size=SIZE) as pilot:
        await to_outbox(pilot)
        await until(pilot, order_id)
        early = screen(console)[-1]
        shop.clock.advance(hours=2)
        await until(pilot, "d Send due")
        await pilot.press("d")
        await until(pilot, "in 10m 00s")
        shop.clock.advance(minutes=10)
        await until(pilot, "d Send due")
        await pilot.press("d")
        await until(pilot, f"✓ {order_id}: the marketplace lists UPS {TRACKING}.")
        await until(pilot, "Nothing waits")

        assert "Send due" not in early
        assert NoticeState.VERIFIED is notice(shop, order_id).state


@pytest.mark.parametrize("kind", ["error_503", "lost_after_effect", "html", "reset"])
async def test_an_answer_that_does_not_come_is_put_off_in_words(
    shop: Shop, console: PrimeApp, kind: str
) -> None:
    """It is not known to the marketplace yet: the reason, the count and the next time stand."""
    order_id = recorded(shop, notify_after=timedelta(hours=2))
    shop.fault("confirmShipment", kind)
    async with console.run_test(size=SIZE) as pilot:
        await to_outbox(pilot)
        await until(pilot, "r Retry")
        await pilot.press("r")
        await until(pilot, f"! {order_id}: not yet known to the marketplace:")
        await until(pilot, "in 1m 00s")

        assert "sent 1×" in line_with(console, "Due  ")


async def test_somebody_at_it_is_named(shop: Shop, console: PrimeApp) -> None:
    """R21: it is not done, and who has the order stands there."""
    order_id = recorded(shop, notify_after=timedelta(hours=2))
    async with console.run_test(size=SIZE) as pilot:
        await to_outbox(pilot)
        await until(pilot, "r Retry")
        with shop.desk.repository.lease(order_id, "bob"):
            await pilot.press("r")
            await until(pilot, "✗ Not done: Telling the marketplace")

        assert "Purchase in progress by bob since" in " ".join(" ".join(screen(console)).split())


async def test_enter_opens_the_order(shop: Shop, console: PrimeApp) -> None:
    """And there the notice stands with the label."""
    order_id = recorded(shop, notify_after=timedelta(hours=2))
    async with console.run_test(size=SIZE) as pilot:
        await to_outbox(pilot)
        await until(pilot, order_id)
        await pilot.press("enter")
        await until(pilot, f"Order {order_id}")
        await until(pilot, "marketplace to be told: UPS")

        assert isinstance(console.screen, OrderScreen)
