"""The stores screen: connect, look, switch, forget."""

from dataclasses import dataclass

from pydantic import SecretStr
from textual.pilot import Pilot

from primetui import bootstrap
from primetui.tui.app import PrimeApp
from primetui.tui.connecting import Connector
from primetui.tui.screens.stores import StoresScreen
from tests.shop import Shop
from tests.tui.seen import line_with, paste, screen, until

SIZE = (100, 40)


@dataclass(frozen=True)
class Here:
    """A marketplace whose API is the sandbox."""

    id: str
    host: str


def connector(shop: Shop) -> Connector:
    """Lead the form to the sandbox instead of Amazon."""
    url = shop.sandbox.url
    return Connector(
        marketplace=lambda word: Here(bootstrap.marketplace(word).id, url),
        token_endpoint=f"{url}/auth/o2/token",
        rithum=url,
        open_file=bootstrap.order_file,
    )


async def to_stores(pilot: Pilot[None]) -> None:
    """Go from the orders to the stores."""
    await until(pilot, "PrimeTUI")
    await pilot.press("s")
    await until(pilot, "Stores  account")


async def test_a_store_is_connected_by_its_form(empty_shop: Shop) -> None:
    """Name, country and three keys: tried first, then kept; the secrets are never on screen."""
    shop = empty_shop
    first = shop.sandbox.credentials["stores"][0]
    console = PrimeApp(shop.desk, connector=connector(shop))
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("a", "a")
        await until(pilot, "Connect an Amazon store")
        typed = ("Mine", "us", first["client_id"], first["client_secret"], first["refresh_token"])
        for text in typed:
            await paste(pilot, text)
            await pilot.press("enter")
        shown = " ".join(screen(console))
        await pilot.press("ctrl+s")
        await until(pilot, "✓ Connected Mine. i imports its orders.")
        stores = shop.desk.repository.stores()

        assert first["client_secret"] not in shown
        assert first["refresh_token"] not in shown
        assert ["Mine"] == [store.name for store in stores]
        assert "ATVPDKIKX0DER" == stores[0].marketplace_id


async def test_a_form_that_cannot_be_read_stays_with_a_complaint(empty_shop: Shop) -> None:
    """What is missing is named; an unknown country names the known ones; nothing is kept."""
    console = PrimeApp(empty_shop.desk, connector=connector(empty_shop))
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("a", "a")
        await until(pilot, "Connect an Amazon store")
        await pilot.press("ctrl+s")
        await until(pilot, "✗ The name is missing.")
        await pilot.press(*"Mine", "enter", *"Mars", "enter")
        await pilot.press("x", "enter", "y", "enter", "z", "ctrl+s")
        await until(pilot, "✗ 'Mars' is no marketplace")
        await pilot.press("escape")
        await until(pilot, "No store is connected yet.")

        assert () == empty_shop.desk.repository.stores()


async def test_wrong_credentials_are_refused_and_nothing_is_kept(empty_shop: Shop) -> None:
    """The store is tried before it is kept."""
    console = PrimeApp(empty_shop.desk, connector=connector(empty_shop))
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("a", "a")
        await until(pilot, "Connect an Amazon store")
        await pilot.press(*"Mine", "enter", *"US", "enter", *"id", "enter", *"no", "enter")
        await pilot.press(*"no", "ctrl+s")
        await until(pilot, "✗ ")

        assert () == empty_shop.desk.repository.stores()


async def test_the_prime_setting_is_switched_for_later_imports(
    shop: Shop, console: PrimeApp
) -> None:
    """R3: t turns it over and says that stored orders stay."""
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("t")
        await until(pilot, "on, for imports from now on.")

        assert "Awaiting Shipment" in line_with(console, "▌")
        assert shop.desk.repository.stores()[0].import_prime_awaiting

        await pilot.press("t")
        await until(pilot, "off, for imports from now on.")

        assert not shop.desk.repository.stores()[0].import_prime_awaiting


async def test_an_inactive_store_is_marked_and_imports_nothing(
    shop: Shop, console: PrimeApp
) -> None:
    """R13: n switches it off; i then says what to do."""
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("n")
        await until(pilot, "– no")
        await pilot.press("i")
        await until(pilot, "✗ An inactive store imports nothing")

        assert not shop.desk.repository.stores()[0].active


async def test_one_store_is_imported_and_its_counts_stand_there(
    shop: Shop, console: PrimeApp
) -> None:
    """I imports the store under the cursor and shows what it brought."""
    shop.story()
    shop.clock.advance(minutes=5)
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await until(pilot, "never: i imports")
        await pilot.press("i")
        await until(pilot, "✓ 1 new order, 0 updated.")

        assert "1 order" in line_with(console, "▌")
        assert "Last import" in line_with(console, "1 read, 1 new, 0 updated")


async def test_errors_of_the_last_import_stand_with_the_store(
    shop: Shop, console: PrimeApp
) -> None:
    """They are named, with what to do next."""
    shop.fault("searchOrders", "error_503", nth="every")
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("i")
        await until(pilot, "1 error")

        assert "→ i imports again: nothing that failed is skipped." in " ".join(screen(console))


async def test_the_credentials_are_tried_by_a_key(console: PrimeApp) -> None:
    """Y names the marketplaces they open."""
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("y")
        await until(pilot, "✓ The credentials work; they open ATVPDKIKX0DER")


async def test_a_store_is_edited(shop: Shop, console: PrimeApp) -> None:
    """Enter opens the form with what is known; the new city is kept."""
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("enter")
        await until(pilot, "Ship-from: name")
        await pilot.press(*["tab"] * 4, "home", "ctrl+k", *"Toledo", "ctrl+s")
        await until(pilot, "Toledo")
        place = shop.desk.repository.stores()[0].ship_from

        assert place is not None
        assert "Toledo" == place.city


async def test_a_store_is_forgotten_after_a_question(shop: Shop, console: PrimeApp) -> None:
    """D asks; its credentials go with it, its orders stay."""
    order_id = shop.imported()
    store_id = shop.desk.repository.stores()[0].id
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("d", "n")
        await pilot.pause()
        kept = len(shop.desk.repository.stores())
        await pilot.press("d", "y")
        await until(pilot, "✓ Removed")

        assert 2 == kept
        assert 1 == len(shop.desk.repository.stores())
        assert shop.desk.secrets.get(store_id) is None
        assert shop.desk.repository.order(order_id) is not None
        assert isinstance(console.screen, StoresScreen)


async def test_R1_credentials_are_renewed_by_a_form(shop: Shop, console: PrimeApp) -> None:
    """R1: C asks with the secrets masked; the store stays the same, and works again."""
    store = shop.desk.repository.stores()[0]
    good = shop.desk.secrets.get(store.id)
    assert good is not None
    shop.desk.secrets.put(store.id, good.changed(client_secret=SecretStr("turned-off")))
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("y")
        await until(pilot, "✗ Amazon gives no access")
        await pilot.press("c")
        await until(pilot, "Credentials of Northwind Prime US")
        await pilot.press("enter")
        await paste(pilot, good.client_secret.get_secret_value())
        shown = " ".join(screen(console))
        await pilot.press("ctrl+s")
        await until(pilot, "✓ Renewed the credentials of Northwind Prime US")
        await pilot.press("y")
        await until(pilot, "✓ The credentials work")

    assert good.client_secret.get_secret_value() not in shown
    assert good == shop.desk.secrets.get(store.id)
    renewed = store.changed(secret_renewed_at=shop.clock.now())
    assert renewed == shop.desk.repository.stores()[0]


async def test_an_old_client_secret_is_marked(shop: Shop, console: PrimeApp) -> None:
    """A day before there is only its age; from the 150th day on the key that renews it."""
    shop.clock.advance(days=149)
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        young = await until(pilot, "149 of 180 days old")
    shop.clock.advance(days=1)
    async with PrimeApp(shop.desk).run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        old = await until(pilot, "150 of 180 days old")

    assert "✗" not in young
    assert "✗" in old
    assert "c renews it" in old


async def test_a_store_that_cannot_be_read_is_named(shop: Shop, console: PrimeApp) -> None:
    """The other one is listed all the same."""
    broken = shop.desk.repository.stores()[0].model_copy(update={"name": ""})
    shop.desk.repository.transact(lambda tx: tx.put_store(broken))
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await until(pilot, "cannot be read (look at name)")

        assert "Northwind Prime UK" in line_with(console, "▌")


async def test_a_blank_name_is_refused_by_the_form(shop: Shop, console: PrimeApp) -> None:
    """The form stays, and says which field."""
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("enter")
        await until(pilot, "Ship-from: name")
        await pilot.press("home", "ctrl+k", "space", "ctrl+s")
        await until(pilot, "✗ name: a store needs one")

    assert "Northwind Prime US" == shop.desk.repository.stores()[0].name


async def test_R3_edit_amazon_settings_holds_the_prime_setting(
    shop: Shop, console: PrimeApp
) -> None:
    """R3: its last field is the setting; neither yes nor no is refused in words."""
    async with console.run_test(size=SIZE) as pilot:
        await to_stores(pilot)
        await pilot.press("enter")
        await until(pilot, "Edit Amazon Settings of Northwind Prime US")
        await pilot.press("shift+tab", "home", "ctrl+k", *"maybe", "ctrl+s")
        await until(pilot, "✗ 'maybe' is neither yes nor no.")
        await until(pilot, "Import Amazon Prime Orders into Awaiting Shipment")
        await pilot.press("home", "ctrl+k", *"yes", "ctrl+s")
        await until(pilot, "✓ Kept.")

    assert shop.desk.repository.stores()[0].import_prime_awaiting
