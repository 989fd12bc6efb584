"""The label screen: preview it, save it, give it back."""

import stat
from pathlib import Path

import pytest
from textual.pilot import Pilot

from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError
from primetui.tui.app import PrimeApp
from primetui.tui.picture import picture
from primetui.tui.saving import save
from tests.shop import Shop
from tests.tui.seen import line_with, paste, screen, until

SIZE = (100, 40)


async def to_label(pilot: Pilot[None], order_id: OrderId) -> None:
    """Go from the orders to the label of the only one."""
    await until(pilot, "Shipped 1")
    await pilot.press("tab")
    await until(pilot, order_id)
    await pilot.press("enter")
    await until(pilot, "p Label")
    await pilot.press("p")
    await until(pilot, f"Label of {order_id}")


@pytest.fixture
def bought(shop: Shop) -> OrderId:
    """Buy a label."""
    order_id = shop.imported()
    shop.buy(order_id)
    return order_id


async def test_it_says_what_the_label_is(shop: Shop, console: PrimeApp, bought: OrderId) -> None:
    """Service, tracking id and price in words, before any picture."""
    async with console.run_test(size=SIZE) as pilot:
        await to_label(pilot, bought)
        label = shop.desk.repository.labels(bought)[0]

        assert label.tracking_id in line_with(console, "Tracking")
        assert "✓ live" in line_with(console, "State")
        assert str(label.charge.amount) in line_with(console, "Price")


async def test_p_draws_it(console: PrimeApp, bought: OrderId) -> None:
    """A label bought as a PDF is fetched once more as a picture and drawn in dots."""
    async with console.run_test(size=SIZE) as pilot:
        await to_label(pilot, bought)
        await until(pilot, "p draws it.")
        await pilot.press("p")
        await until(pilot, "✓ The picture came.")
        drawn = [line for line in screen(console) if any("⠀" <= char <= "⣿" for char in line)]

        assert len(drawn) > 10


async def test_s_saves_it_to_a_private_file(
    shop: Shop, console: PrimeApp, bought: OrderId, tmp_path: Path
) -> None:
    """The file holds the very bytes that were bought, and only its owner reads it."""
    target = tmp_path / "my.pdf"
    async with console.run_test(size=SIZE) as pilot:
        await to_label(pilot, bought)
        await pilot.press("s")
        await until(pilot, "Save the label")
        await paste(pilot, str(target))
        await pilot.press("enter")
        await until(pilot, "✓ Saved as")
        document = shop.desk.repository.labels(bought)[0].documents[0]

        assert shop.desk.repository.read_paper(bought, document) == target.read_bytes()
        assert 0o600 == stat.S_IMODE(target.stat().st_mode)


async def test_voiding_asks_first_and_says_what_came(
    shop: Shop, console: PrimeApp, bought: OrderId
) -> None:
    """N keeps the label; y gives it back."""
    async with console.run_test(size=SIZE) as pilot:
        await to_label(pilot, bought)
        await pilot.press("v", "n")
        kept = shop.truth(bought)["labels"][0]["live"]
        await pilot.press("v", "y")
        await until(pilot, "✓ Voided:")
        await until(pilot, "– voided")

        assert kept
        assert not shop.truth(bought)["labels"][0]["live"]
        assert "v Void" not in screen(console)[-1]


async def test_a_void_that_fails_leaves_the_label_live(
    shop: Shop, console: PrimeApp, bought: OrderId
) -> None:
    """It says that it is not known, and v asks again."""
    shop.fault("cancelShipment", "lost_before_effect")
    async with console.run_test(size=SIZE) as pilot:
        await to_label(pilot, bought)
        await pilot.press("v", "y")
        await until(pilot, "! Not yet known whether it was voided")
        await pilot.press("v", "y")
        await until(pilot, "✓ Voided:")


def test_saving_never_writes_over_a_file(tmp_path: Path) -> None:
    """What is there already stays, whoever put it there."""
    there = tmp_path / "label.pdf"
    there.write_bytes(b"mine")
    with pytest.raises(ConfigError, match="exists already"):
        save(there, b"label")

    assert b"mine" == there.read_bytes()


@pytest.mark.parametrize("name", ["missing/label.pdf", "with\0null.pdf", "."])
def test_a_file_that_cannot_be_written_is_said_in_words(tmp_path: Path, name: str) -> None:
    """No traceback for a mistyped folder."""
    with pytest.raises(ConfigError):
        save(tmp_path / name, b"label")


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + b"\0" * 99]
)
def test_a_picture_that_is_none_is_not_drawn(content: bytes) -> None:
    """A broken file gives no lines and no crash."""
    assert [] == picture(content, 40)
