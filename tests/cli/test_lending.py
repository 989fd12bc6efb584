"""The verbs about what Amazon stores lend: a verified e-mail, a chosen lender, warnings."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.program import Console
from tests.mail_server import SENDER, Mailbox, mail_server
from tests.tampering import rewrite

US, UK = "Northwind Prime US", "Northwind Prime UK"
ADDRESS = "shipping@example.com"
VERIFIED = "This email address has been verified for your account"


@pytest.fixture
def box(console: Console) -> Iterator[Mailbox]:
    """Set a mail server in the settings."""
    with mail_server() as running:
        settings = f'[smtp]\nhost = "127.0.0.1"\nport = {running.port}\nsecurity = "none"\n'
        path = console.home / "settings.toml"
        path.write_text(f'{settings}sender = "{SENDER}"\n', encoding="utf-8")
        yield running


def make_rithum(console: Console, name: str) -> None:
    """Turn a store into a Rithum store behind the program's back."""
    rewrite(
        console.home,
        "UPDATE doc SET body = json_set(body, '$.kind', 'rithum') WHERE tbl = 'stores' "
        "AND json_extract(body, '$.name') = ?",
        (name,),
    )


def test_R12_an_email_is_verified_from_the_command_line(console: Console, box: Mailbox) -> None:
    """R12: set and sent in one go; the code typed; the state told in the merchants' own words."""
    sent = console.run("stores", "verify-email", US, "--email", ADDRESS, "--send", "--json")
    assert (0, "sent") == (sent.code, sent.data["store"]["branding"]["state"])
    code = box.last_code()
    assert code not in sent.out + sent.err
    wrong = console.run("stores", "verify-email", US, "--code", "WRONG")
    assert 2 == wrong.code
    assert "not the code that was sent" in wrong.err

    ran = console.run("stores", "verify-email", US, "--code", code.lower())

    assert 0 == ran.code
    assert f"{US}: {ADDRESS}: {VERIFIED}\n" == ran.out
    assert f"branding e-mail: {ADDRESS}: {VERIFIED}" in console.run("stores", "show", US).out
    assert "branding e-mail verified" in console.run("stores", "list").out
    again = console.run("stores", "verify-email", US, "--code", "anything")
    assert (0, ran.out) == (again.code, again.out)


def test_R12_the_code_is_read_from_stdin(
    console: Console, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R12: `--code -`, so that no code stands in a list of processes."""
    console.run("stores", "verify-email", US, "--email", ADDRESS, "--send")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{box.last_code()}\n"))

    ran = console.run("stores", "verify-email", US, "--code", "-")

    assert (0, True) == (ran.code, VERIFIED in ran.out)


def test_R12_a_refusal_of_the_mail_server_is_told(console: Console, box: Mailbox) -> None:
    """R12: exit 1, one plain sentence; the address stays set and unverified."""
    box.refuses["RCPT"] = "550 \x1b[31mno such mailbox"

    ran = console.run("stores", "verify-email", US, "--email", ADDRESS, "--send")

    assert 1 == ran.code
    assert "no such mailbox" in ran.err
    assert "\x1b" not in ran.err
    assert f"{US}: {ADDRESS}: not verified\n" == console.run("stores", "verify-email", US).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--email", "nobody"), "e-mail: "),
        (("--send",), "has no branding e-mail"),
        (("--code", "X"), "has no branding e-mail"),
        (("--email", ADDRESS, "--send"), "No mail server is set"),
        (("--email", ADDRESS, "--code", "X"), "No message with a code was sent"),
        (("--email", ""), "blank"),
    ],
)
def test_R12_what_is_missing_is_said(console: Console, words: tuple[str, ...], said: str) -> None:
    """R12: exit 2 and what to do."""
    ran = console.run("stores", "verify-email", US, *words)

    assert (2, "") == (ran.code, ran.out)
    assert said in ran.err


def test_R11_a_lender_is_chosen_and_given_up(console: Console) -> None:
    """R11: shown with the store and in the list's data."""
    first = console.json("stores", "list")["stores"][0]["id"]

    chosen = console.json("stores", "lend", US, "--account", "77")
    assert {"77": first} == chosen["lending"]
    assert "lends to Amazon account: 77" in console.run("stores", "show", US).out
    assert {"77": first} == console.json("stores", "list")["account"]["lending"]

    assert {} == console.json("stores", "lend", US, "--account", "77", "--not")["lending"]
    bad = console.run("stores", "lend", US, "--account", "\x1b[2J")
    assert (2, True) == (bad.code, "account: it is no account" in bad.err)


def test_R13_both_active_are_warned_of(console: Console) -> None:
    """R13: on stderr and in the data; R11: that nobody is left to lend is told."""
    make_rithum(console, UK)

    listed = console.run("stores", "list", "--json")
    assert 1 == len(listed.data["warnings"])
    assert f"{US} and {UK} are both active" in listed.err
    for store in (US, UK):
        assert listed.data["warnings"] == console.json("stores", "show", store)["warnings"]

    assert 0 == console.run("stores", "edit", US, "--no-active").code
    assert [] == console.json("stores", "list")["warnings"]

    removed = console.run("stores", "remove", US)
    assert "No Amazon store is left to lend" in removed.err


def test_R11_a_store_that_is_added_tells_who_lends_now(console: Console, tmp_path: Path) -> None:
    """R11: before and after, by name."""
    make_rithum(console, UK)
    offered = httpx.get(f"{console.url}/_sandbox/credentials", trust_env=False).json()["stores"]
    keys = {name: offered[0][name] for name in ("client_id", "client_secret", "refresh_token")}
    path = tmp_path / "keys"
    path.write_text(json.dumps(keys), encoding="utf-8")

    ran = console.run(
        "stores", "add", "--name", "Third", "--marketplace", "US", "--sandbox", console.url,
        "--credentials", str(path),
    )  # fmt: skip

    assert 0 == ran.code, ran.err
    assert (
        f"Third lends its credentials and branding e-mail to Rithum orders from now on; until now {US} did"
        in ran.err
    )


def test_a_manual_store_needs_no_account(console_of_nothing: Console) -> None:
    """It is added by its name, and shown without a secret's age."""
    ran = console_of_nothing.run("stores", "add", "--manual", "By hand", "--json")

    assert (0, "manual") == (ran.code, ran.data["stores"][0]["kind"])
    shown = console_of_nothing.run("stores", "show", "by hand").out
    assert "kind: manual, from files" in shown
    assert "never imported" in shown
    assert "secret" not in shown + console_of_nothing.run("stores", "list").out
    again = console_of_nothing.run("stores", "add", "--manual", "BY HAND")
    assert (2, True) == (again.code, "name: there is a store named" in again.err)
