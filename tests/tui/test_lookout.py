"""What is open is looked after by itself: at the start, every minute, told only when settled."""

import pytest

from primetui.domain.label import PurchaseState
from primetui.domain.shipment import OrderId
from primetui.tui import lookout
from primetui.tui.app import PrimeApp
from primetui.tui.lookout import Lookout
from primetui.usecases.void_label import void_label
from tests.shop import Shop
from tests.tui.seen import line_with, screen, until, until_gone
from tests.usecases.outbox import recorded

SIZE = (80, 24)


def lost(shop: Shop, kind: str = "lost_after_effect") -> OrderId:
    """Buy a label whose answer is lost."""
    order_id = shop.imported()
    shop.fault("purchaseShipment", kind)
    shop.buy(order_id)
    return order_id


async def test_R21_a_lost_purchase_is_found_at_the_start(shop: Shop, console: PrimeApp) -> None:
    """Nobody presses a key: the label is found, told of, and the standing line goes."""
    order_id = lost(shop)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, f"✓ {order_id}: it was bought")
        await until_gone(pilot, "not yet known")

    assert 1 == len(shop.desk.repository.labels(order_id))
    assert PurchaseState.POSTED is shop.desk.repository.purchases(order_id)[-1].state


async def test_a_standing_line_says_what_is_open_and_when_it_is_looked_at(
    shop: Shop, console: PrimeApp
) -> None:
    """R21: within the grace the line stands and no news is made; the next look settles it."""
    order_id = lost(shop, "lost_before_effect")
    shop.clock.advance(minutes=11)
    async with console.run_test(size=SIZE) as pilot:
        stands = await until(pilot, "! 1 purchase not yet known: looking again at 10:17")
        quiet = screen(console)[-2].strip()
        shop.clock.advance(minutes=16)
        console.screen.query_one(Lookout).look()
        await until(pilot, f"{order_id}: it was not bought.")
        await until_gone(pilot, "not yet known")

        assert len(stands) <= 80
        assert "" == quiet


async def test_it_looks_again_by_itself(
    shop: Shop, console: PrimeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timer goes on while the console is open, whatever screen is in front."""
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.5)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "No orders yet.")
        await pilot.press("s")
        await until(pilot, "Stores")
        order_id = lost(shop)
        await until(pilot, f"{order_id}: it was bought")


async def test_a_void_without_an_answer_is_settled_too(shop: Shop, console: PrimeApp) -> None:
    """What became of it is told with its order."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", "lost_after_effect")
    void_label(shop.desk, order_id)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, f"{order_id}: Voided:")


async def test_R10_a_due_notice_is_sent_without_noise(shop: Shop, console: PrimeApp) -> None:
    """Taken by the marketplace is no news; one in need of a person stands in the line."""
    order_id = recorded(shop)
    async with console.run_test(size=SIZE) as pilot:
        for _ in range(200):
            if shop.calls("confirmShipment"):
                break
            await pilot.pause(0.02)
        await pilot.pause(0.3)

        assert 1 == shop.calls("confirmShipment")
        assert "" == line_with(console, order_id + ":")

        shop.desk.repository.transact(
            lambda tx: tx.put_notice(tx.pending_notices()[0].fail("Refused."))
        )
        await until(pilot, "! 1 notice in need of a person: n")


async def test_nothing_open_asks_nothing(shop: Shop, console: PrimeApp) -> None:
    """No deed is begun and no line stands."""
    shop.imported()
    before = shop.calls("getOrder")
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "Awaiting Shipment 1")
        console.screen.query_one(Lookout).look()

        assert () == console.work.deeds
        assert not console.screen.query_one(Lookout).display
        assert before == shop.calls("getOrder")
