"""The verbs about stores: edits that do not fit, stores that cannot be read, new credentials."""

import json
import os
import pty
import select
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from primetui.adapters.machine.secrets import FileSecrets
from primetui.domain.store import StoreId
from tests.cli.program import Console, environment
from tests.tampering import rewrite
from tests.wire import WIRE

US = "Northwind Prime US"


def keys(console: Console, **changes: str) -> dict[str, str]:
    """Take what opens the first store of the sandbox."""
    offered = WIRE.get(f"{console.url}/_sandbox/credentials").json()
    names = ("client_id", "client_secret", "refresh_token")
    return {name: offered["stores"][0][name] for name in names} | changes


def write_keys(console: Console, path: Path, **changes: str) -> str:
    """Write them to a file."""
    path.write_text(json.dumps(keys(console, **changes)), encoding="utf-8")
    return str(path)


def expire(console: Console) -> Any:
    """Let Amazon turn off the first store's client secret; gives the store as it is listed."""
    first = console.json("stores", "list")["stores"][0]
    secrets = FileSecrets(console.home)
    kept = secrets.get(StoreId(first["id"]))
    assert kept is not None
    off = kept.changed(client_secret=SecretStr("turned-off"))
    secrets.put(StoreId(first["id"]), off)
    assert 1 == console.run("stores", "test", US).code
    return first


def spoil(console: Console, **fields: object) -> None:
    """Change fields of the first store behind the program's back."""
    for field, value in fields.items():
        rewrite(
            console.home,
            "UPDATE doc SET body = json_set(body, ?, ?) WHERE tbl = 'stores' "
            "AND json_extract(body, '$.name') = ?",
            (f"$.{field}", value, US),
        )


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--name", ""), "name"),
        (("--name", "  "), "name"),
        (("--name", "a\x1b[2J"), "name"),
        (("--name", "northwind prime uk"), "name"),
        (("--country", "x<>"), "country"),
        (("--country", ""), "country"),
        (("--time-zone", "Mars/Base"), "time_zone"),
        (("--ship-from", "country=x<>"), "country"),
        (("--name", "Mine", "--country", "x<>"), "country"),
        (("--name", "Mine", "--time-zone", "Mars/Base"), "time_zone"),
        (("--name", "northwind prime uk", "--country", "DE"), "name"),
    ],
)
def test_an_edit_that_does_not_fit_changes_nothing(
    console: Console, words: tuple[str, ...], field: str
) -> None:
    """Exit 2 and the field; every verb goes on working."""
    before = console.json("stores", "list")

    ran = console.run("stores", "edit", US, *words)

    assert (2, "") == (ran.code, ran.out)
    assert ran.err.startswith("primetui: ")
    assert field in ran.err.removeprefix("primetui: ")
    assert "\x1b" not in ran.err
    assert before == console.json("stores", "list")
    assert 0 == console.run("orders").code


def test_a_store_that_cannot_be_read_hides_no_other(console: Console) -> None:
    """Listing goes on and warns; examining and importing fail and name it; no traceback."""
    spoil(console, name="")

    listed = console.process("stores", "list", "--json")
    orders = console.process("orders")
    tried = console.process("stores", "test", "Northwind Prime UK")
    imported = console.process("import")
    checked = console.process("db", "check", "--json")

    assert ["Northwind Prime UK"] == [store["name"] for store in listed.data["stores"]]
    assert [0, 0, 0, 2, 2] == [r.code for r in (listed, orders, tried, imported, checked)]
    for ran in (listed, orders, tried, imported, checked):
        assert 1 == ran.err.count("warning: Store ")
        assert "cannot be read (look at name)" in ran.err
    assert "Its orders were not imported." in imported.err
    assert listed.data["unreadable"] == checked.data["problems"]


def test_the_one_that_cannot_be_read_is_not_said_to_be_missing(console: Console) -> None:
    """By its id it is found, and refused in words."""
    store_id = console.json("stores", "list")["stores"][0]["id"]
    spoil(console, surprise=1)

    ran = console.run("stores", "edit", store_id, "--name", "Mine")

    assert 2 == ran.code
    assert f"Store {store_id} cannot be read (look at surprise)" in ran.err
    assert "There is no store" not in ran.err


def test_R1_credentials_are_renewed_from_a_file(console: Console, tmp_path: Path) -> None:
    """R1: the same store with its first authorisation; no secret is spoken."""
    before = expire(console)

    ran = console.run(
        "stores", "edit", US, "--credentials", write_keys(console, tmp_path / "k"), "--json"
    )
    after = ran.data["store"]

    assert 0 == ran.code
    for kept in ("id", "name", "connected_at", "created_at", "last_import"):
        assert before[kept] == after[kept]
    assert after["secret_since"] > before["secret_since"]
    assert keys(console)["client_secret"] not in ran.out + ran.err
    assert 0 == console.run("stores", "test", US).code
    assert 0 == console.run("import", "--store", US).code


def test_wrong_credentials_do_not_take_the_place_of_those_that_work(
    console: Console, tmp_path: Path
) -> None:
    """They are tried first; nothing else of the edit is done either."""
    before = console.json("stores", "list")
    path = write_keys(console, tmp_path / "k", client_secret="wrong")

    ran = console.run("stores", "edit", US, "--credentials", path, "--name", "Mine")

    assert 1 == ran.code
    assert before == console.json("stores", "list")
    assert 0 == console.run("stores", "test", US).code


def test_credentials_are_asked_for_only_where_somebody_is(console: Console) -> None:
    """A script is told how to give them; both ways at once is a mistake."""
    asked = console.run("stores", "edit", US, "--renew-credentials")
    both = console.run("stores", "edit", US, "--renew-credentials", "--credentials", "-")

    assert 2 == asked.code
    assert "--credentials FILE" in asked.err
    assert 2 == both.code


@pytest.mark.parametrize(
    ("age", "warned"), [(149, False), (150, True), (151, True), (179, True), (180, True)]
)
def test_the_age_of_the_client_secret_is_listed(console: Console, age: int, warned: bool) -> None:  # noqa: FBT001 - a table's column
    """From 150 of Amazon's 180 days on there is a warning with the command that renews it."""
    rewrite(
        console.home,
        "UPDATE doc SET body = json_set(body, '$.secret_renewed_at', "
        "strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?)) WHERE tbl = 'stores' "
        "AND json_extract(body, '$.name') = ?",
        (f"-{age} days", US),
    )

    ran = console.run("stores", "list")

    assert f"client secret {age} of 180 days old" in ran.out
    command = f"primetui stores edit '{US}' --renew-credentials"
    assert warned == (command in ran.err)


def test_a_person_renews_credentials_without_an_echo(console: Console) -> None:
    """Asked at a terminal one by one; Enter alone keeps what is there, and no secret is shown."""
    expire(console)
    secret = keys(console)["client_secret"]
    mine, its = pty.openpty()
    with subprocess.Popen(
        console.command("stores", "edit", US, "--renew-credentials"),
        stdin=its, stdout=its, stderr=its, start_new_session=True, env=environment(),
    ) as program:  # fmt: skip
        os.close(its)
        shown = ""
        for question, answer in (("Client id", ""), ("secret (no", secret), ("token (no", "")):
            shown += read_until(mine, question)
            os.write(mine, f"{answer}\n".encode())
        shown += read_until(mine, "client secret 0 of 180 days old")
        code = program.wait(timeout=30)
    os.close(mine)

    assert 0 == code
    assert secret not in shown
    assert "took the place of the old ones" in shown
    assert 0 == console.run("stores", "test", US).code


def read_until(terminal: int, words: str) -> str:
    """Read what a program shows until the words are there."""
    shown = ""
    while words not in shown:
        assert select.select([terminal], [], [], 30)[0], shown
        shown += os.read(terminal, 4096).decode()
    return shown
