"""The verbs that erase, seal and exchange: what they say, print and refuse (R23)."""

from pathlib import Path

import pytest

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.shipment import OrderId
from primetui.usecases.import_orders import refresh_order
from tests.cli.program import Console


@pytest.fixture
def named(console: Console) -> str:
    """Read one order with its address."""
    order_id = str(console.json("orders", "status:awaiting", "--limit", "1")["orders"][0]["id"])
    with bootstrap.open_desk(Settings(home=console.home, operator="tester")) as desk:
        refresh_order(desk, OrderId(order_id), with_address=True)
    return order_id


def name_of(console: Console, order_id: str) -> str | None:
    """Read a buyer's name as the home knows it; None once there is no address."""
    with bootstrap.open_desk(Settings(home=console.home, operator="tester")) as desk:
        record = desk.repository.order(OrderId(order_id))
    assert record is not None
    return record.order.ship_to.name if record.order.ship_to else None


def test_R23_forget_says_what_it_would_erase_and_then_erases_it(
    console: Console, named: str
) -> None:
    """A dry run touches nothing; the real one names the order, and is said to be whole."""
    dry = console.json("forget", "--order", named, "--dry-run")
    assert ([named], []) == (dry["buyers"], dry["orders"])
    assert name_of(console, named)

    done = console.json("forget", "--order", named, "--yes")

    assert {
        "schema": 1,
        "forgotten": [named],
        "removed": [],
        "waits": [],
        "scrubbed": True,
    } == done
    assert name_of(console, named) is None
    assert f"{named}: forgotten\n" == console.run("forget", "--order", named, "--yes").out


def test_forgetting_what_is_due_is_safe_to_repeat(console: Console, named: str) -> None:
    """Nothing is due on the day it came; nothing is touched."""
    for words in (("--due", "--dry-run"), ("--due", "--yes")):
        ran = console.run("forget", *words)
        assert (0, "") == (ran.code, ran.out)
        assert "Nothing is due." in ran.err
    assert name_of(console, named)


def test_R23_an_order_that_waits_is_named_with_exit_code_4(console: Console, named: str) -> None:
    """Somebody has to settle it first."""
    console.fault("purchaseShipment", "lost_after_effect")
    shippable = console.json("orders", "status:awaiting prime:yes")["orders"]
    order_id = next(
        str(one["id"])
        for one in shippable
        if console.run("buy", one["id"], "--cheapest", "--max-charge", "500", "--yes").code == 4
    )
    console.no_faults()

    ran = console.run("forget", "--order", order_id, named, "--yes")

    assert (4, f"{named}: forgotten") == (ran.code, ran.out.splitlines()[0])
    assert f"{order_id}: waits. A purchase" in ran.out


@pytest.mark.parametrize(
    "words",
    [
        ("--order", "nope", "--yes"),
        ("--order", "", "--yes"),
        ("--order", "x"),
        ("--due",),
        ("--yes",),
        ("--due", "--order", "x", "--yes"),
        ("--due", "--dry-run", "--yes"),
    ],
)
def test_a_wish_that_is_not_clear_erases_nothing(
    console_of_nothing: Console, words: tuple[str, ...]
) -> None:
    """An order that is not here, no yes, or two wishes at once: exit code 2."""
    assert 2 == console_of_nothing.run("forget", *words).code


def test_a_key_is_exchanged_and_the_buyers_open_as_before(console: Console, named: str) -> None:
    """The file has one key before and after, another one, and says how many orders it opens."""
    path = console.home.with_name(f"{console.home.name}.key")
    name, before = name_of(console, named), path.read_text(encoding="ascii")

    done = console.json("db", "rotate-key")

    after = path.read_text(encoding="ascii")
    assert {"schema": 1, "orders": 1, "problems": [], "old_keys_needed": 0} == done
    assert (1, 1) == (before.count("\n"), after.count("\n"))
    assert before != after
    assert name == name_of(console, named)


def test_without_the_key_everything_else_works_and_the_words_say_so(
    console: Console, named: str, tmp_path: Path
) -> None:
    """Listing, importing, checking and rating go on; `db check` says which key is wanted where."""
    path = console.home.with_name(f"{console.home.name}.key")
    path.rename(tmp_path / "away")
    key_id = (tmp_path / "away").read_text(encoding="ascii").split()[0]

    assert 0 == console.run("orders").code
    assert 0 == console.run("import").code
    assert 2 != console.run("rates", named).code
    check = console.run("db", "check")
    assert (2, True) == (check.code, f"The key {key_id} is missing" in check.out)
    assert str(path) in check.out
    rotated = console.run("db", "rotate-key")
    assert (2, True) == (rotated.code, f"The key {key_id} is missing" in rotated.err)
    assert "" == name_of(console, named)
    assert not path.exists()

    (tmp_path / "away").rename(path)
    assert 0 == console.run("db", "check").code
    assert name_of(console, named)


def test_a_home_of_today_has_nothing_to_migrate(console: Console, named: str) -> None:
    """It is rewritten and scrubbed all the same."""
    assert {"schema": 1, "documents": 0, "problems": [], "scrubbed": True} == console.json(
        "db", "migrate"
    )
    assert name_of(console, named)
