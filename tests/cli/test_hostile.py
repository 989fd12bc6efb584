"""Nothing from outside reaches the terminal unescaped, whichever verb prints it."""

import unicodedata
from pathlib import Path

import pytest

from primetui import bootstrap, present
from primetui.cli.talk import Voice
from primetui.config import Settings
from tests.cli.program import Console, Ran
from tests.cli.test_whole_way import shippable

FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

EVIL = "\x1b[31mred\x1b]0;title\x07\u202egnp\u200b\x9b2J\rover"
"""A colour, a window title, an override, a zero width, a C1 control, a carriage return."""

NAMED = (
    ("check", EVIL),
    ("rates", EVIL),
    ("edit", EVIL, "--weight", "1kg"),
    ("edit", "1", "--weight", EVIL),
    ("edit", "1", "--size", EVIL),
    ("edit", "1", "--confirmation", EVIL),
    ("edit", "1", "--format", EVIL),
    ("audit", EVIL),
    ("audit", "--words", EVIL),
    ("explain", EVIL),
    ("orders", EVIL),
    ("orders", f"status:{EVIL}"),
    ("orders", f"store:{EVIL}"),
    ("orders", f"sort:{EVIL}"),
    ("orders", f"tag:{EVIL}"),
    ("orders", "--limit", EVIL),
    ("import", "--store", EVIL),
    ("buy", EVIL, "--cheapest", "--max-charge", "9", "--yes"),
    ("buy", EVIL, "--rate", EVIL, "--max-charge", "9", "--yes"),
    ("buy", "1", "--cheapest", "--max-charge", EVIL, "--yes"),
    ("buy", "1", "--cheapest", "--max-charge", "9", "--yes", "--notify-after", EVIL),
    ("reconcile", EVIL),
    ("reconcile", EVIL, "--not-bought"),
    ("reconcile", "1", "--bought", EVIL),
    ("void", EVIL, "--yes"),
    ("label", EVIL),
    ("label", EVIL, EVIL),
    ("confirm", EVIL),
    ("confirm", EVIL, "--list"),
    ("confirm", EVIL, "--retry", "--carrier", EVIL),
    ("batch", "plan", EVIL),
    ("batch", "plan", "--filter", EVIL),
    ("batch", "plan", "1", "--max-charge", EVIL),
    ("batch", "show", EVIL),
    ("batch", "run", EVIL, "--yes"),
    ("batch", "retry", EVIL),
    ("batch", "drop", EVIL),
    ("stores", "edit", EVIL),
    ("stores", "edit", "Evil", "--connect", EVIL),
    ("stores", "edit", "Evil", "--notify-after", EVIL),
    ("stores", "edit", "Evil", "--ship-from", EVIL),
    ("stores", "edit", "Evil", "--time-zone", EVIL),
    ("stores", "edit", "Evil", "--country", EVIL),
    ("stores", "test", EVIL),
    ("stores", "remove", EVIL),
    ("stores", "add", "--sandbox", EVIL),
    ("stores", "add", "--marketplace", EVIL),
    ("stores", "add", "--name", EVIL, "--marketplace", "US", "--credentials", EVIL),
    ("sandbox", "--fault", EVIL),
    ("sandbox", "--port", EVIL),
    (EVIL,),
    ("orders", f"--{EVIL}"),
    ("check",),
    ("check", "1", EVIL),
)
"""Every verb that takes a word, with a hostile one in each place."""


def unescaped(text: str) -> set[str]:
    """Find characters that a terminal would obey or hide."""
    return {c for c in text if unicodedata.category(c) in FORBIDDEN and c != "\n"}


def spoken(ran: Ran) -> str:
    """Give all that a run showed."""
    return ran.out + ran.err


def rename(console: Console, name: str) -> None:
    """Give the first store a name that no verb would take: another program wrote it."""
    with bootstrap.open_desk(Settings(home=console.home, operator=EVIL)) as desk:
        (store, *_) = desk.repository.stores()
        named = store.model_copy(update={"name": name})
        desk.repository.transact(lambda tx: tx.put_store(named))


def test_no_verb_prints_a_control_or_an_invisible_character(console: Console) -> None:
    """The seeded world holds escapes, overrides and zero-width text in every field it can."""
    listed = console.run("orders", "--limit", "100")
    raw = console.json("orders", "--limit", "100")["orders"]
    hostile = [order for order in raw if unescaped(order["summary"])]
    assert hostile, "the sandbox must hold hostile names, or this test proves nothing"

    said = spoken(listed)
    for order in hostile:
        for verb in ("check", "rates"):
            said += spoken(console.run(verb, order["id"]))

    assert set() == unescaped(said)


def test_no_verb_says_a_hostile_word_back(console: Console) -> None:
    """What was typed, a store's name and a batch's id come back escaped, or not at all."""
    rename(console, f"Evil {EVIL}")

    for words in NAMED:
        ran = console.run(*words)
        assert set() == unescaped(spoken(ran)), words
        assert spoken(ran), words


def test_no_verb_says_a_hostile_store_or_operator(console: Console, tmp_path: Path) -> None:
    """Verbs that succeed are as careful as those that fail; so are file names."""
    rename(console, f"Evil {EVIL}")
    evil = Console(console.home, console.url, EVIL)
    (store, *_) = console.json("stores", "list")["stores"]
    order_id = shippable(console)
    file = tmp_path / f"label {EVIL.replace('/', '')}.pdf"

    for words in (
        ("stores", "list"),
        ("stores", "edit", store["id"], "--active"),
        ("stores", "test", store["id"]),
        ("import",),
        ("orders",),
        ("buy", order_id, "--cheapest", "--max-charge", "500", "--yes"),
        ("label", order_id, "--save", str(file)),
        ("audit",),
        ("batch", "plan", "--filter", "status:awaiting"),
        ("batch", "list"),
        ("db", "check"),
    ):
        ran = evil.run(*words)
        assert ran.out, words
        assert set() == unescaped(spoken(ran)), words
    assert file.is_file()
    assert set() == unescaped(spoken(console.run("label", order_id, "--save", str(file))))


@pytest.mark.parametrize("home", ["missing", "a file"])
def test_a_hostile_home_is_named_escaped(tmp_path: Path, home: str) -> None:
    """A folder may be called anything."""
    folder = tmp_path / EVIL.replace("/", "")
    if home == "a file":
        folder.write_text("", encoding="utf-8")

    ran = Console(folder).run("orders")

    assert spoken(ran)
    assert set() == unescaped(spoken(ran))


def test_what_is_printed_is_escaped_by_the_printer(capsys: pytest.CaptureFixture[str]) -> None:
    """A verb that forgets to make a word plain does no harm: a marketplace's id, for one."""
    voice = Voice(as_json=False)

    voice.data({}, [f"they open {EVIL}\nand no more"])
    voice.say(f"{EVIL}\nand no more")

    out, err = capsys.readouterr()
    assert set() == unescaped(out + err)
    assert (2, 2) == (out.count("\n"), err.count("\n"))


def test_escaping_twice_changes_nothing() -> None:
    """A name that a verb made plain itself looks the same once it is printed."""
    once = present.plain(EVIL)

    assert once != EVIL
    assert once == present.plain(once)


def test_a_message_cannot_begin_a_line_of_its_own(console: Console) -> None:
    """A newline that was typed could forge a second message: it is shown as a sign."""
    ran = console.run("check", "X\nprimetui: all is well")

    assert 1 == len(ran.err.splitlines())


def test_json_is_ascii(console: Console) -> None:
    """Data goes out escaped, so that a terminal shows a pipe's end safely too."""
    assert console.run("orders", "--json").out.isascii()
    assert console.run("check", EVIL, "--json").out.isascii()
