"""Nothing from outside reaches the terminal unescaped, whichever verb prints it."""

import unicodedata

from tests.cli.program import Console

FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def unescaped(text: str) -> set[str]:
    """Find characters that a terminal would obey or hide."""
    return {c for c in text if unicodedata.category(c) in FORBIDDEN and c != "\n"}


def test_no_verb_prints_a_control_or_an_invisible_character(console: Console) -> None:
    """The seeded world holds escapes, overrides and zero-width text in every field it can."""
    listed = console.run("orders", "--limit", "100")
    raw = console.json("orders", "--limit", "100")["orders"]
    hostile = [order for order in raw if unescaped(order["summary"])]
    assert hostile, "the sandbox must hold hostile names, or this test proves nothing"

    spoken = listed.out + listed.err
    for order in hostile:
        for verb in ("check", "rates"):
            ran = console.run(verb, order["id"])
            spoken += ran.out + ran.err

    assert set() == unescaped(spoken)


def test_json_is_ascii(console: Console) -> None:
    """Data goes out escaped, so that a terminal shows a pipe's end safely too."""
    assert console.run("orders", "--json").out.isascii()
