"""Split, combine, another address, a return: done by keys, or refused with the way out."""

from pathlib import Path

from textual.pilot import Pilot

from primetui.domain.shipment import OrderId
from primetui.tui.app import PrimeApp
from tests.shop import Shop
from tests.tui.seen import line_with, paste, screen, until, until_gone
from tests.usecases.parcels import HOME, calls, kept, ordinary

SIZE = (100, 50)


async def to_order(pilot: Pilot[None], order_id: OrderId) -> None:
    """Open an order from the list."""
    await until(pilot, order_id)
    await pilot.press("slash")
    await paste(pilot, order_id)
    await pilot.press("enter")
    await pilot.press("enter")
    await until(pilot, f"Order {order_id}")
    await until(pilot, "Landed in")


async def test_R7_a_prime_order_is_not_split_and_says_why(shop: Shop, console: PrimeApp) -> None:
    """R7: no form opens; code, sentence and remedy stand there, and nobody is called."""
    order_id = shop.imported()
    before = calls(shop)
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await pilot.press("d")
        await until(pilot, "Not split.")

        assert "PRM310 A Prime order is not split, and this one is Prime." in line_with(
            console, "PRM310"
        )
        assert "Seller Central" in " ".join(screen(console))
    assert before == calls(shop)


async def test_R7_an_ordinary_order_is_split_weighed_and_joined(
    shop: Shop, console: PrimeApp
) -> None:
    """R7: the packages are listed with what they hold, measured one by one, and joined again."""
    order_id = ordinary(shop)
    item = kept(shop, order_id).order.items[0]
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await pilot.press("d")
        await until(pilot, "What no package names")
        await paste(pilot, f"{item.id}=1")
        await pilot.press("ctrl+s")
        await until(pilot, f"1 × {item.sku}")
        await pilot.press("w")
        await until(pilot, "Package 1 of 2")
        await paste(pilot, "2kg")
        await pilot.press("ctrl+s")
        await until(pilot, "Package 2 of 2")
        await paste(pilot, "3kg")
        await pilot.press("ctrl+s")
        await until(pilot, "3 kg")

        weights = [str(p.weight.grams) for p in kept(shop, order_id).shipment.packages if p.weight]
        assert ["2000", "3000"] == weights
        await pilot.press("D")
        await until_gone(pilot, f"1 × {item.sku},")
    assert 1 == len(kept(shop, order_id).shipment.packages)


async def test_R7_orders_of_one_buyer_share_a_box_by_keys(shop: Shop, console: PrimeApp) -> None:
    """R7: a Prime one is refused by name; an ordinary one is combined, shown, and taken out."""
    first, second, prime = ordinary(shop), ordinary(shop), ordinary(shop, programs=["PRIME"])
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, first)
        await pilot.press("m")
        await until(pilot, "The other orders")
        await paste(pilot, f"{second} {prime}")
        await pilot.press("ctrl+s")
        await until(pilot, "PRM311")
        assert line_with(console, prime)
        await pilot.press("escape")
        await pilot.press("m")
        await until(pilot, "The other orders")
        await paste(pilot, second)
        await pilot.press("ctrl+s")
        await until(pilot, f"in one box with {second}")
        assert (first,) == kept(shop, second).shipment.combined_with
        await pilot.press("M")
        await until_gone(pilot, "in one box with")
    assert () == kept(shop, second).shipment.combined_with


async def test_R8_another_address_is_kept_beside_amazons(shop: Shop, console: PrimeApp) -> None:
    """R8: it warns, both places are in the details; leaving the form takes nothing away."""
    order_id = ordinary(shop)
    async with console.run_test(size=SIZE) as pilot:
        await to_order(pilot, order_id)
        await pilot.press("o")
        await until(pilot, f"Ship-to of {order_id}")
        assert "" == line_with(console, HOME["buyer"])
        for text in ("Zed Elsewhere", "77 Nowhere Lane", "", "Springfield", "IL", "62701", "us"):
            await paste(pilot, text)
            await pilot.press("enter")
        await pilot.press("ctrl+s")
        await until(pilot, "PRM319")
        await pilot.press("escape")
        said = await until(pilot, "Typed here")
        assert "Springfield, IL, US; it will not change the label" in said
        assert line_with(console, "Ship to")
        await pilot.press("o")
        await until(pilot, f"Ship-to of {order_id}")
        await pilot.press("escape")
        await until(pilot, "Typed here")
    typed = kept(shop, order_id).typed_ship_to
    assert typed is not None
    assert ("77 Nowhere Lane", "US") == (typed.line1, typed.country)


async def test_R9_a_return_label_is_refused_with_its_way(shop: Shop, console: PrimeApp) -> None:
    """R9: pressed on an order with its label, one key says who makes it."""
    order_id = shop.imported()
    shop.buy(order_id)
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "No order stands here.")
        await pilot.press("tab")
        await until(pilot, order_id)
        await pilot.press("enter")
        await until(pilot, "Landed in")
        await pilot.press("r")
        await until(pilot, "PRM318")

        assert "Make it in Seller Central." in " ".join(screen(console))


async def test_R9_the_days_manifest_leaves_buy_shipping_out(
    shop: Shop, console: PrimeApp, tmp_path: Path
) -> None:
    """R9: with nothing else to put on a form it is refused, counted, and no file is written."""
    shop.buy(shop.imported())
    folder = tmp_path / "forms"
    folder.mkdir()
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "Outbox")
        await pilot.press("n")
        await until(pilot, "Nothing waits")
        await pilot.press("m")
        await until(pilot, "Folder for the forms")
        await paste(pilot, str(folder))
        await pilot.press("ctrl+s")
        await until(pilot, "No manifest.")

        assert "from Amazon Buy Shipping: 1" in line_with(console, "PRM317")
    assert [] == list(folder.iterdir())
