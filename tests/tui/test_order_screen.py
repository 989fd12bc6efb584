"""One order: what is wrong with it stands first, and the footer offers what can be done."""

import pytest
from textual.pilot import Pilot

from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId
from primetui.tui.app import PrimeApp
from primetui.tui.screens.order import OrderScreen
from tests.shop import Shop
from tests.tui.seen import line_with, screen, until

SIZE = (100, 40)


async def to_order(pilot: Pilot[None], order_id: OrderId) -> None:
    """Open the first order."""
    await until(pilot, order_id)
    await pilot.press("enter")
    await until(pilot, f"Order {order_id}")
    await until(pilot, "Landed in")


async def test_it_says_where_it_landed_and_why(shop: Shop, console: PrimeApp) -> None:
    """R3: the reason is there for good, with the tag and who put it on."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        said = " ".join(" ".join(screen(console)).split())

        assert "Landed in Awaiting Shipment, because the store was connected on" in said
        assert "Amazon Prime Order (by import)" in said
        assert "not read: buyer data is fetched only when a label needs it" in said


async def test_what_is_wrong_stands_with_its_way_out(shop: Shop, console: PrimeApp) -> None:
    """Code, sentence and remedy, with a sign that needs no colour."""
    order_id = shop.imported(constraints=["signatureConfirmation"])
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)

        assert line_with(console, "PRM303").startswith(" ✗ PRM303 The order requires signature")
        assert "→ Set the shipment's confirmation" in " ".join(screen(console))


async def test_choosing_the_confirmation_settles_it(shop: Shop, console: PrimeApp) -> None:
    """C goes through the confirmations; once it is enough the problem is gone."""
    order_id = shop.imported(constraints=["signatureConfirmation"])
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await pilot.press("c")
        await until(pilot, "Confirmation  delivery")
        await pilot.press("c")
        await until(pilot, "Confirmation  signature")
        record = shop.desk.repository.order(order_id)

        assert "" == line_with(console, "PRM303")
        assert record is not None
        assert Confirmation.SIGNATURE is record.shipment.confirmation


async def test_the_label_format_goes_round(shop: Shop, console: PrimeApp) -> None:
    """T asks for PNG, then ZPL, then PDF again."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        for wanted in ("PNG", "ZPL", "PDF"):
            await pilot.press("t")
            await until(pilot, f"Label format  {wanted}")
        record = shop.desk.repository.order(order_id)

        assert record is not None
        assert DocumentFormat.PDF is record.shipment.document_format


async def test_a_package_is_measured_by_keys(shop: Shop, console: PrimeApp) -> None:
    """Weight, Enter, size, Enter: kept, in grams and millimetres."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await pilot.press("w")
        await until(pilot, "Package of")
        await pilot.press("home", "ctrl+k", *"2lb", "enter")
        await pilot.press("home", "ctrl+k", *"12x8x4in", "enter")
        await until(pilot, "Package       907.18 g, 30.48 × 20.32 × 10.16 cm")

        assert isinstance(console.screen, OrderScreen)


@pytest.mark.parametrize(
    ("story", "offered", "hidden"),
    [
        ({}, "b Buy  w Weight  c Confirm.", "v Void"),
        ({"status": "SHIPPED"}, "f Refresh", "p Label"),
    ],
)
async def test_the_footer_offers_what_this_order_allows(
    shop: Shop, console: PrimeApp, story: dict[str, object], offered: str, hidden: str
) -> None:
    """Nothing that would be refused at once is offered."""
    order_id = shop.imported(**story)
    async with console.run_test(size=SIZE) as pilot:
        if story:
            await until(pilot, "Shipped 1")
            await pilot.press("tab")
        await to_order(pilot, order_id)

        assert offered in screen(console)[-1]
        assert hidden not in screen(console)[-1]


async def test_reading_it_afresh_shows_what_changed(shop: Shop, console: PrimeApp) -> None:
    """R18: a cancellation asked for meanwhile appears, and blocks."""
    order_id = shop.imported()
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        shop.control("orders", {"request_cancellation": [order_id]})
        await pilot.press("f")
        await until(pilot, "✗ PRM104 The buyer asked to cancel")


async def test_a_bought_order_offers_its_label_and_no_second_purchase(
    shop: Shop, console: PrimeApp
) -> None:
    """R21: b is gone once a label lives; p shows it, v gives it back after a question."""
    order_id = shop.imported()
    shop.buy(order_id)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "Shipped 1")
        await pilot.press("tab")
        await to_order(pilot, order_id)
        footer = screen(console)[-1]
        await pilot.press("v")
        await until(pilot, "Void the label")
        await pilot.press("y")
        await until(pilot, "✓ Voided:")

        assert "b Buy" not in footer
        assert "p Label" in footer
        assert "b Buy" in screen(console)[-1]
        assert [False] == [label["live"] for label in shop.truth(order_id)["labels"]]


async def test_j_and_k_scroll_the_page(shop: Shop, console: PrimeApp) -> None:
    """A page longer than the screen is reached by the keys of a list."""
    order_id = shop.imported()
    async with console.run_test(size=(80, 12)) as pilot:
        await until(pilot, order_id)
        await pilot.press("enter")
        await until(pilot, f"Order {order_id}")
        first = screen(console)[1]
        await pilot.press("G")
        await until(pilot, "Tags")
        await pilot.press("g")
        await until(pilot, first.strip())
        await pilot.press("j")
        await pilot.pause()

        assert first != screen(console)[1]
