"""A file of orders: shown first, its columns named, then imported."""

from pathlib import Path

from textual.pilot import Pilot

from primetui.domain.order import OrderStatus
from primetui.tui.app import PrimeApp
from primetui.usecases.manage_stores import add_manual_store
from tests.shop import Shop
from tests.tui.seen import line_with, screen, until
from tests.tui.test_stores_screen import connector, to_stores

SIZE = (110, 34)
GOOD = """\
Order No,Qty,Order Date,SKU,Recipient Name,Address1,City,Country,Prime
A-1,2,2026-11-20,MUG,Ada Byron,1 High St,Leeds,GB,no
A-2,many,2026-11-20,MUG,Ben Nevis,2 High St,Leeds,GB,no
A-3,1,2026-11-21,CUP,Cleo Park,3 High St,Leeds,GB,no
"""
STRANGE = """\
Nummer,Menge,Datum,SKU
B-1,1,2026-11-20,MUG
"""


async def to_file(pilot: Pilot[None], path: Path) -> None:
    """Go to the manual store and choose a file."""
    await to_stores(pilot)
    await until(pilot, "Manual")
    await pilot.press("f")
    await until(pilot, "Import a file of orders")
    await pilot.press(*str(path), "ctrl+s")


def console_with(shop: Shop) -> PrimeApp:
    """Make a console whose only store is fed by files."""
    add_manual_store(shop.desk, "Stall")
    return PrimeApp(shop.desk, connector=connector(shop))


async def test_a_file_is_shown_before_it_is_imported(empty_shop: Shop, tmp_path: Path) -> None:
    """Orders, then what cannot be read with line and column; i keeps the good ones."""
    path = tmp_path / "orders.csv"
    path.write_text(GOOD, encoding="utf-8")
    console = console_with(empty_shop)
    repository = empty_shop.desk.repository
    async with console.run_test(size=SIZE) as pilot:
        await to_file(pilot, path)
        await until(pilot, "Nothing is imported yet")
        shown = "\n".join(screen(console))
        before = dict(repository.status_counts())
        await pilot.press("shift+tab")
        await until(pilot, "[Errors]")
        fault = line_with(console, "Qty")
        await pilot.press("i")
        await until(pilot, "new order")
        await until(pilot, "Imported: ")

    assert "A-1" in shown
    assert "Ada" not in shown
    assert {} == {status: n for status, n in before.items() if n}
    assert " 3 " in fault
    assert repository.order("A-1") is not None  # type: ignore[arg-type]
    assert sum(repository.status_counts().values()) >= 2
    assert OrderStatus.AWAITING_SHIPMENT in repository.status_counts()


async def test_unknown_columns_are_given_a_meaning_by_keys(
    empty_shop: Shop, tmp_path: Path
) -> None:
    """What is missing is named; Enter says what a column holds, kept for the next file."""
    path = tmp_path / "fremd.csv"
    path.write_text(STRANGE, encoding="utf-8")
    console = console_with(empty_shop)
    async with console.run_test(size=SIZE) as pilot:
        await to_file(pilot, path)
        await until(pilot, "[Columns]")
        for field in ("order-id", "quantity", "ordered-at"):
            await pilot.press("enter")
            await until(pilot, "It holds")
            await pilot.press(*field, "ctrl+s")
            await until(pilot, "[Columns]")
            await pilot.press("j")
        await until(pilot, "Nothing is imported yet")
        await pilot.press("i")
        await until(pilot, "✓ Imported: 1 new order")

    kept = empty_shop.desk.repository.stores()[0].columns
    assert {"nummer": "order-id", "menge": "quantity", "datum": "ordered-at"} == dict(kept)


async def test_a_file_that_is_not_there_is_said_so_in_the_form(
    empty_shop: Shop, tmp_path: Path
) -> None:
    """The form stays; Esc goes back to the stores."""
    console = console_with(empty_shop)
    async with console.run_test(size=SIZE) as pilot:
        await to_file(pilot, tmp_path / "none.csv")
        await until(pilot, "✗ There is no file")
        await pilot.press("escape")
        await until(pilot, "Stores  account")
