"""Working with the documents on a PostgreSQL server, and moving them there and back."""

import os
from pathlib import Path

import pytest

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.shipment import OrderId
from primetui.usecases.import_orders import refresh_order
from tests.cli.program import Console
from tests.postgres import a_database, cluster
from tests.shop import Shop


@pytest.fixture
def console(shop: Shop) -> Console:
    """Work on a home that has stores and orders."""
    for _ in range(3):
        shop.story()
    shop.clock.advance(minutes=5)
    shop.desk.repository.close()
    console = Console(shop.home, shop.sandbox.url)
    assert console.run("import").code == 0
    return console


def orders(console: Console) -> list[str]:
    """List the orders by the program."""
    ran = console.run("orders", "--json")
    assert ran.code == 0, ran.err
    return [order["id"] for order in ran.data["orders"]]


def test_documents_move_to_a_server_and_back(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old place refuses, the new one has everything, and the way back gives the same hash."""
    url = a_database().get_secret_value()
    before = orders(console)

    there = console.run("db", "migrate", "--to", url, "--json")
    left = console.run("orders")
    monkeypatch.setenv("PRIMETUI_DATABASE", url)
    on_server = orders(console)
    check = console.run("db", "check")
    back = console.run("db", "migrate", "--to", str(console.home), "--json")
    refused = console.run("orders")
    monkeypatch.delenv("PRIMETUI_DATABASE")

    assert (0, 0) == (there.code, back.code), there.err + back.err
    assert 3 == len(before)
    assert before == on_server == orders(console)
    assert there.data["sha256"] == back.data["sha256"]
    assert there.data["documents"] == back.data["documents"] > 3
    assert (2, 2, 0) == (left.code, refused.code, check.code)
    assert "were moved to" in left.err
    assert "work there, by the setting database" in left.err
    assert "were moved to" in refused.err


def test_R23_the_doctor_finds_buyers_in_a_home_whose_documents_are_elsewhere(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R23: a move leaves none; a home that only lost its setting has them all."""
    url = a_database().get_secret_value()
    with bootstrap.open_desk(Settings(home=console.home, operator="tester")) as desk:
        refresh_order(desk, OrderId(orders(console)[0]), with_address=True)
    monkeypatch.setenv("PRIMETUI_DATABASE", url)
    before = copies(console)
    monkeypatch.delenv("PRIMETUI_DATABASE")
    assert console.run("db", "migrate", "--to", url).code == 0
    monkeypatch.setenv("PRIMETUI_DATABASE", url)
    after = copies(console)

    assert ("not met", True) == (before["verdict"], "still holds" in before["seen"])
    assert "met" == after["verdict"]


def copies(console: Console) -> dict[str, str]:
    """Ask the doctor about copies."""
    findings: list[dict[str, str]] = console.run("doctor", "--json").data["findings"]
    return next(one for one in findings if one["id"] == "copies")


def test_the_setting_may_stand_in_the_settings_file(console: Console) -> None:
    """One line chooses the server; a file that others can read is refused, for its password."""
    url = a_database().get_secret_value()
    settings = console.home / "settings.toml"
    settings.write_text(f'database = "{url}"\n')
    settings.chmod(0o600)

    assert [] == orders(console)
    settings.chmod(0o644)
    refused = console.run("orders")

    assert 2 == refused.code
    assert f"{settings} can be read by others" in refused.err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:hunter2@localhost/shop",
        "postgresql:///shop?user=ann&password=hunter2",
        "postgresql://ann:hunter2@[::1/shop",
    ],
)
def test_a_password_on_the_command_line_is_refused_and_not_repeated(
    console: Console, url: str
) -> None:
    """Every user of the machine reads command lines."""
    ran = console.run("db", "migrate", "--to", url)

    assert 2 == ran.code
    assert "PGPASSFILE" in ran.err
    assert "hunter2" not in ran.err + ran.out


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://ann:hunter2@localhost/shop", "database: Value error, it is no address"),
        ("postgresql://ann:hunter2@db.example/shop", "its line must be encrypted"),
        ("postgresql://ann:hunter2@localhost/shop?nonsense=1", "is no address of PostgreSQL's"),
        ("postgresql://ann:hunter2@127.0.0.1:1/shop", "see that the server runs"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_without_its_password(
    console: Console, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    """Wrong, in the clear, or not there: one line, and the password in none."""
    monkeypatch.setenv("PRIMETUI_DATABASE", url)

    ran = console.run("orders")

    assert 2 == ran.code
    assert said in ran.err
    assert "hunter2" not in ran.err + ran.out


def test_a_move_that_was_not_begun_cannot_be_given_up(console: Console) -> None:
    """Words instead of a mark that was never there."""
    ran = console.run("db", "migrate", "--stay")

    assert 2 == ran.code
    assert f"No move from {console.home} was begun" in ran.err


def test_a_move_to_a_server_that_is_gone_changes_nothing(console: Console, tmp_path: Path) -> None:
    """Work goes on where it was."""
    before = orders(console)
    ran = console.run("db", "migrate", "--to", f"postgresql:///shop?host={tmp_path}")

    assert 2 == ran.code
    assert "see that the server runs" in ran.err
    assert before == orders(console)


def test_the_cluster_is_this_tests_own() -> None:
    """No test may reach a database of the machine's."""
    assert cluster().folder.is_dir()
    assert "PRIMETUI_DATABASE" not in os.environ
