"""Every failure outside gives one clear message, the right exit code, and loses nothing."""

import json
import shutil
import socket
import sqlite3
from pathlib import Path

import pytest

from tests.cli.program import Console
from tests.cli.test_whole_way import shippable
from tests.tampering import rewrite
from tests.wire import WIRE


def one_message(err: str) -> str:
    """Take the single line that says what went wrong."""
    lines = [line for line in err.splitlines() if line.startswith("primetui: ")]
    assert len(lines) == 1, err
    return lines[0]


@pytest.mark.parametrize(
    ("operation", "kind", "options"),
    [
        ("searchOrders", "throttle", {"retry_after": 3600}),
        ("searchOrders", "error_500", {}),
        ("searchOrders", "html", {}),
        ("searchOrders", "truncated", {}),
        ("searchOrders", "wrong_types", {}),
        ("searchOrders", "reset", {}),
        ("getAccessToken", "html", {}),
    ],
)
def test_an_import_that_fails_names_the_store_and_the_cause(
    console: Console, operation: str, kind: str, options: dict[str, object]
) -> None:
    """Exit code 1, a line for each store, and every order that was here is here."""
    before = console.json("orders")["total"]
    console.fault(operation, kind, nth="every", **options)

    ran = console.run("import", "--json")

    assert ran.code == 1 or kind == "wrong_types"
    lines = [line for line in ran.err.splitlines() if line.startswith("primetui: ")]
    assert lines
    assert all("Northwind" in line for line in lines)
    assert "<html" not in ran.err.lower()
    assert before == console.json("orders")["total"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [("client_secret", "secret"), ("refresh_token", "refresh token")],
)
def test_bad_credentials_are_refused_before_anything_is_kept(
    tmp_path: Path, sandbox_url: str, changed: str, words: str
) -> None:
    """The message says which credential is wrong; no store and no secret stays behind."""
    console = Console(tmp_path / "home", sandbox_url)
    offered = WIRE.get(f"{sandbox_url}/_sandbox/credentials").json()
    keys = {k: offered["stores"][0][k] for k in ("client_id", "client_secret", "refresh_token")}
    home = console.home
    secret_file = tmp_path / "credentials.json"
    secret_file.write_text(json.dumps(keys | {changed: "not-the-right-one"}), encoding="utf-8")

    ran = console.run(
        "stores", "add", "--sandbox", sandbox_url, "--name", "Mine", "--marketplace", "US",
        "--credentials", str(secret_file),
    )  # fmt: skip

    assert ran.code == 1
    assert words in one_message(ran.err)
    assert "not-the-right-one" not in ran.err + ran.out
    assert [] == console.json("stores", "list")["stores"]
    assert "not-the-right-one" not in (home / "secrets.json").read_text(encoding="utf-8")


def test_no_network_says_so(console: Console) -> None:
    """A closed port is not a purchase: nothing was sent, exit code 1."""
    order_id = shippable(console)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}"
        changed = rewrite(
            console.home,
            "UPDATE doc SET body = replace(body, ?, ?) WHERE tbl = 'stores'",
            (console.url, dead),
        )
        assert changed == 2

        ran = console.run("buy", order_id, "--cheapest", "--max-charge", "99", "--yes", "--json")

    assert ran.code == 1
    assert ran.data["purchases"][0]["outcome"] == "not-bought"
    assert "nothing was bought" in ran.data["purchases"][0]["reason"]


def test_a_store_file_from_a_newer_version_is_left_untouched(console: Console) -> None:
    """Exit code 2, both versions named, not a byte changed."""
    database = console.home / "primetui.db"
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = database.read_bytes()

    ran = console.run("orders")

    assert ran.code == 2
    assert "99" in one_message(ran.err)
    assert before == database.read_bytes()


def test_a_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    """The message says where it tried to write."""
    (tmp_path / "home").write_text("not a folder", encoding="utf-8")

    ran = Console(tmp_path / "home").run("orders")

    assert ran.code == 2
    assert str(tmp_path / "home") in one_message(ran.err)


@pytest.mark.parametrize(
    "text", ["operator = 3", "urgent_hour = 1", "urgent_hours = -1", "not toml at all ="]
)
def test_a_wrong_setting_names_file_and_key(tmp_path: Path, text: str) -> None:
    """Exit code 2 and the place to look."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "settings.toml").write_text(text, encoding="utf-8")

    ran = Console(home).run("orders")

    if text.startswith("operator"):
        assert ran.code == 0
        return
    assert ran.code == 2
    assert "settings.toml" in one_message(ran.err)


def test_secrets_that_others_can_read_are_refused(console: Console) -> None:
    """The way out is in the message."""
    (console.home / "secrets.json").chmod(0o644)

    ran = console.run("import")

    assert ran.code != 0
    assert "chmod 600" in ran.err


def test_damaged_documents_are_refused_in_words(console: Console) -> None:
    """A torn file is not read as if it were whole."""
    database = console.home / "primetui.db"
    for leftover in console.home.glob("primetui.db-*"):
        leftover.unlink()
    database.write_bytes(b"\x00" * 4096)

    ran = console.run("orders")

    assert ran.code == 2
    assert one_message(ran.err)
    shutil.rmtree(console.home)


def test_a_purchase_slower_than_the_setting_is_unknown_and_then_found(console: Console) -> None:
    """`answer_timeout_seconds` ends the wait; the label that was sold meanwhile is found once."""
    order_id = shippable(console)
    (console.home / "settings.toml").write_text("answer_timeout_seconds = 1\n", encoding="utf-8")
    console.fault("purchaseShipment", "slow", delay_seconds=2.5)

    ran = console.run("buy", order_id, "--cheapest", "--max-charge", "500", "--yes", "--json")
    settled = console.json("reconcile")["settlements"]

    assert ran.code == 4
    assert ran.data["purchases"][0]["outcome"] == "unknown"
    assert ["bought"] == [one["settlement"] for one in settled]
    assert console.truth(order_id)["live_labels"] == 1


def test_a_home_of_nobody_is_named(tmp_path: Path) -> None:
    """A folder of a user who does not exist is a sentence, not a traceback."""
    ran = Console(Path("~nobody-at-all/home")).run("orders")

    assert ran.code == 2
    assert "nobody-at-all" in one_message(ran.err)
    assert not list(tmp_path.iterdir())
