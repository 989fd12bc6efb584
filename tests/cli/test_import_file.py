"""A file of orders from the command line: looked at, imported, and its faults told."""

from pathlib import Path

import pytest

from tests.cli.program import Console

HEADER = "order-id\torder-item-id\tpurchase-date\tpromise-date\tsku\tquantity-purchased\tis-prime"
GOOD = "111-2223334-5556667\t1\t2026-11-22T03:00:00+00:00\t2026-11-24\tMUG\t2\ttrue"
BAD = "111-2223334-5556668\t2\t22.11.2026\t2026-11-24\tMUG\t2\ttrue"


@pytest.fixture
def console(console_of_nothing: Console) -> Console:
    """Give a home with one store for files."""
    console_of_nothing.json("stores", "add", "--manual", "By hand")
    return console_of_nothing


def written(folder: Path, *lines: str) -> str:
    """Write a file of orders."""
    path = folder / "orders.txt"
    path.write_text("\r\n".join(lines), encoding="utf-8")
    return str(path)


def test_a_file_is_looked_at_and_imported(console: Console, tmp_path: Path) -> None:
    """The preview keeps nothing; the import is told by store, list and show, faults and all."""
    file = written(tmp_path, HEADER, GOOD, BAD)

    looked = console.run("import", "--file", file, "--store", "By hand", "--preview")
    assert 0 == looked.code, looked.err
    assert "written in UTF-8, cells between tabs" in looked.out
    assert "quantity from 'quantity-purchased'" in looked.out
    assert "111-2223334-5556667  2 units  Prime: yes" in looked.out
    assert "would import 1 order, 1 of them new, 1 error" in looked.out
    assert [] == console.json("orders")["orders"]

    ran = console.run("import", "--file", file)
    assert (0, "By hand: 1 seen, 1 added, 0 updated, 1 error\n") == (ran.code, ran.out)
    assert "line 3, column purchase-date: expected a date" in ran.err
    shown = console.run("stores", "show", "By hand").out
    assert "1 seen, 1 added, 0 updated, 1 error" in shown
    assert "line 3, column purchase-date: expected a date" in shown
    (row,) = console.json("orders")["orders"]
    assert ("111-2223334-5556667", "yes", 2) == (row["id"], row["prime"], row["units"])
    assert 0 == console.json("import", "--file", file)["added"]


def test_the_data_names_every_fault(console: Console, tmp_path: Path) -> None:
    """By line, column and what was expected; on stderr a hundred of them."""
    file = written(tmp_path, HEADER, *[BAD] * 103)

    ran = console.run("import", "--file", file, "--json")

    assert 103 == len(ran.data["errors"])
    assert {"line": 2, "column": "purchase-date"} == {
        name: ran.data["errors"][0][name] for name in ("line", "column")
    }
    assert "and 3 more; --json names them all." in ran.err
    assert 101 == ran.err.count("\n") - ran.err.count("orders read")


def test_columns_are_said_once(console: Console, tmp_path: Path) -> None:
    """--map is kept with the store."""
    file = written(tmp_path, "No;Day;Pieces;Article", "A-1;2026-11-22;1;MUG")

    refused = console.run("import", "--file", file)
    assert (2, "") == (refused.code, refused.out)
    assert "No column is known to hold: order-id, quantity, ordered-at" in refused.err
    maps = [f"--map={one}" for one in ("No=order-id", "day=ordered-at", "PIECES=quantity")]
    said = console.run("import", "--file", file, "--map=Article=sku", *maps)
    assert (0, True) == (said.code, "1 added" in said.out)
    assert 0 == console.run("import", "--file", file).code


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--file", "none.csv"), "none.csv cannot be read: No such file"),
        (("--file", "."), "is no file"),
        (("--file", "orders.txt", "--map", "x"), "write COLUMN=FIELD"),
        (("--file", "orders.txt", "--encoding", "x"), "is no encoding"),
        (("--file", "orders.txt", "--encoding", "utf-16"), "is not text in UTF-16"),
        (("--file", "orders.txt", "--store", "Nobody's"), "There is no store"),
        (("--file", ""), "is blank"),
        (("--preview",), "give it with --file"),
        (("--map", "a=sku"), "give it with --file"),
        ((), "come from files: primetui import --file"),
    ],
)
def test_what_cannot_be_imported_is_said(
    console: Console,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    said: str,
) -> None:
    """Exit 2, one sentence, nothing kept."""
    written(tmp_path, HEADER, GOOD + "x")
    monkeypatch.chdir(tmp_path)

    ran = console.run("import", *words)

    assert (2, "") == (ran.code, ran.out)
    assert said in ran.err
    assert [] == console.json("orders")["orders"]


def test_of_several_stores_for_files_one_is_named(console: Console, tmp_path: Path) -> None:
    """Nobody guesses whose orders they are."""
    console.json("stores", "add", "--manual", "Other")
    file = written(tmp_path, HEADER, GOOD)

    assert "Say which manual store" in console.run("import", "--file", file).err
    assert 0 == console.run("import", "--file", file, "--store", "other").code


def test_a_hostile_file_reaches_no_terminal(console: Console, tmp_path: Path) -> None:
    """Escape sequences in names of columns, in cells and in order ids are shown, not obeyed."""
    header = HEADER + "\t\x1b[2Jcolumn\u202e\tship-city"
    rows = [
        GOOD + "\t=cmd|' /C calc'!A0\tx",
        BAD.replace("MUG", "\x1b]0;owned\x07") + "\t\x1b[31m\t\x00",
        GOOD.replace("111-", "\x1b[2J") + "\tx\tx",
    ]
    file = written(tmp_path, header, *rows)

    for more in (("--preview",), (), ("--json",)):
        ran = console.run("import", "--file", file, *more)
        told = ran.out + ran.err

        assert 0 == ran.code, ran.err
        for letter in ("\x1b", "\x07", "\u202e", "\x00"):
            assert letter not in told
    assert "\x1b" not in console.run("stores", "show", "By hand").out
    assert "\x1b" not in console.run("orders").out
