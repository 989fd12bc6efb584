"""The command line of rules: list, edit, try, explain, reprocess; data on stdout, talk beside."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Console

RITHUM = 'marketplace = Rithum and requested-service has-word Prime -> tag "Amazon Prime Order"'


def lines(console: Console) -> list[str]:
    """List the rules' lines."""
    return [rule["line"] for rule in console.json("rules", "list")["rules"]]


def some_order(console: Console) -> str:
    """Name an order that awaits shipment."""
    orders: list[dict[str, Any]] = console.json("orders", "status:awaiting")["orders"]
    return str(orders[0]["id"])


def test_rules_are_added_moved_switched_edited_and_removed(console_of_nothing: Console) -> None:
    """By number or by name; each verb answers with the rule as it is now."""
    console = console_of_nothing
    console.json("rules", "add", '"One": always -> tag A')
    console.json("rules", "add", '"Two": always -> tag B')
    added = console.json("rules", "add", RITHUM, "--at", "1")

    assert (1, RITHUM, 3) == (added["rule"]["number"], added["rule"]["line"], added["rules"])
    console.json("rules", "move", "Two", "1")
    console.json("rules", "off", "one")
    console.json("rules", "edit", "2", "always -> stop")
    expected = ['"Two": always -> tag B', "always -> stop", 'off "One": always -> tag A']
    assert expected == lines(console)
    console.json("rules", "on", "One")
    console.json("rules", "remove", "2")
    assert ['"Two": always -> tag B', '"One": always -> tag A'] == lines(console)
    console.json("rules", "undo")
    console.json("rules", "undo")
    assert expected == lines(console)
    console.json("rules", "redo")
    edits = console.json("rules", "history")["edits"]
    assert [("tester", "added One"), ("tester", "added Two")] == [
        (edit["by"], edit["words"]) for edit in edits[:2]
    ]


def test_R17_a_line_that_is_no_rule_is_refused_with_its_column(
    console_of_nothing: Console,
) -> None:
    """R17: exit 2, the column under the line, the nearest word; nothing is kept."""
    ran = console_of_nothing.run("rules", "add", "marketplace = Ritum -> stop", "--json")

    assert 2 == ran.code
    expected = {
        "column": 15,
        "expected": "one of Amazon, Rithum, Manual",
        "found": "Ritum",
        "nearest": "Rithum",
    }
    assert expected == ran.data["misread"]
    assert ran.err == (
        "primetui: Column 15: expected one of Amazon, Rithum, Manual; found Ritum. "
        "Did you mean Rithum?\n"
        "  marketplace = Ritum -> stop\n"
        "                ^\n"
    )
    assert [] == lines(console_of_nothing)


def test_hostile_lines_reach_the_terminal_escaped(console_of_nothing: Console) -> None:
    """What was typed comes back without its power."""
    ran = console_of_nothing.run("rules", "add", "city = \x1b[31mX\x07 Y -> stop")

    assert 2 == ran.code
    assert "\x1b" not in ran.err + ran.out
    assert "\x07" not in ran.err + ran.out


@pytest.mark.parametrize(
    "words",
    [
        ("move", "1", "2"),
        ("remove", "x"),
        ("on", "x"),
        ("edit", "x", "always -> stop"),
        ("undo",),
        ("redo",),
        ("add", "always -> stop", "--at", "5"),
        ("import", "/nowhere/at/all"),
        ("explain", "111-1"),
        ("add", '"\n": always -> stop'),
    ],
)
def test_what_is_not_there_is_said(console_of_nothing: Console, words: tuple[str, ...]) -> None:
    """Exit 2 and a sentence; nothing changes."""
    ran = console_of_nothing.run("rules", *words)

    assert 2 == ran.code
    assert ran.err.startswith("primetui: ")
    assert [] == lines(console_of_nothing)


def test_R15_the_ready_made_rule_is_offered_and_added_by_one_word(
    console_of_nothing: Console,
) -> None:
    """R15: on an empty list it is offered; once it is there, no more."""
    offered = console_of_nothing.json("rules", "list")["offers"]
    console_of_nothing.json("rules", "add", "--rithum-prime")
    after = console_of_nothing.json("rules", "list")

    assert [f'"Rithum Prime": {RITHUM}'] == [rule["line"] for rule in offered]
    assert [f'"Rithum Prime": {RITHUM}'] == [rule["line"] for rule in after["rules"]]
    assert [] == after["offers"]


def test_rules_go_out_and_in_as_text(console_of_nothing: Console, tmp_path: Path) -> None:
    """What export prints, import reads, under version control in between; all lines or none."""
    console = console_of_nothing
    written = ['"One": city = "Salt Lake City", Reno -> tag A, stop', 'off always -> note "a\\nb"']
    for line in written:
        console.json("rules", "add", line)
    file = tmp_path / "rules.txt"
    file.write_text("# ours\n\n" + console.run("rules", "export").out, encoding="utf-8")

    console.json("rules", "import", str(file), "--replace")
    assert written == lines(console)
    console.json("rules", "import", str(file))
    assert written * 2 == lines(console)
    file.write_text("always -> tag C\nalways -> tga D\n", encoding="utf-8")
    ran = console.run("rules", "import", str(file), "--json")
    assert (2, 2, "tag") == (
        ran.code,
        ran.data["misread"]["line"],
        ran.data["misread"]["nearest"],
    )
    assert written * 2 == lines(console)


def test_R17_a_rule_whose_tag_is_deleted_is_broken_alone(console_of_nothing: Console) -> None:
    """R17: marked in the list with its reason; back again with the tag."""
    console = console_of_nothing
    console.json("rules", "add", "always -> tag Fragile")
    console.json("rules", "add", "always -> tag Gift")
    console.json("rules", "delete-tag", "fragile")
    listed = console.json("rules", "list")["rules"]

    assert [["broken"], []] == [[w["kind"] for w in rule["warnings"]] for rule in listed]
    refused = console.run("rules", "add", "always -> tag Fragile")
    assert 2 == refused.code
    assert "a tag that was not deleted" in refused.err
    console.json("rules", "restore-tag", "Fragile")
    restored = console.json("rules", "list")["rules"]
    assert [[], []] == [rule["warnings"] for rule in restored]


def test_R16_reprocess_shows_first_and_does_just_that(console: Console) -> None:
    """R16: a dry run changes nothing; --yes does what it showed; a second run has nothing to do."""
    console.json("rules", "add", '"Mark": prime = yes -> tag Marked, note "by rule"')

    shown = console.json("rules", "reprocess", "--dry-run")
    again = console.json("rules", "reprocess", "--dry-run")
    count = len(shown["orders"])
    before = len(console.json("orders", "tag:Marked")["orders"])
    done = console.json("rules", "reprocess", "--yes")
    after = len(console.json("orders", "tag:Marked")["orders"])
    nothing = console.json("rules", "reprocess", "--dry-run")

    assert count > 0
    assert shown["orders"] == again["orders"]
    assert {("note", count), ("tag", count)} == {(g["what"], g["orders"]) for g in shown["groups"]}
    assert (0, count, count) == (before, done["applied"], after)
    assert [] == nothing["orders"]


def test_reprocess_needs_to_be_told_which_way(console: Console) -> None:
    """Neither shown nor done by accident."""
    assert 2 == console.run("rules", "reprocess").code


def test_a_rule_is_tried_on_stored_orders(console: Console) -> None:
    """How many match, which, and what it would change; nothing is kept."""
    tried = console.json("rules", "test", "prime = yes -> tag Marked", "--orders", "prime:yes")
    none = console.json("rules", "test", "prime = no -> tag Marked", "--orders", "prime:yes")

    assert tried["seen"] == len(tried["matched"]) > 0
    assert [{"what": "tag", "before": "", "after": "Marked", "rule": ""}] == tried["changes"][0][
        "changes"
    ]
    assert ([], tried["seen"]) == (none["matched"], none["seen"])
    assert [] == lines(console)


def test_explain_says_why_criterion_by_criterion(console: Console) -> None:
    """Yes and no with the value seen, what became of each action, in JSON and in words."""
    console.json("rules", "add", '"No": marketplace = Rithum -> tag A')
    console.json("rules", "add", '"First": marketplace = Amazon and lines >= 1 -> service X')
    console.json("rules", "add", '"Second": always -> service Y, stop')
    console.json("rules", "add", '"Third": always -> tag C')
    order_id = some_order(console)

    told = console.json("rules", "explain", order_id)
    ran = console.run("rules", "explain", order_id)

    assert [False, True, True, False] == [rule["matched"] for rule in told["rules"]]
    assert [True, True, True, False] == [rule["reached"] for rule in told["rules"]]
    first, second = told["rules"][0]["criteria"][0], told["rules"][1]["criteria"][0]
    assert ("Amazon", False) == (first["seen"], first["met"])
    assert ("marketplace = Amazon", True) == (second["criterion"], second["met"])
    assert ["overridden", "done"] == [
        rule["actions"][0]["came"] for rule in told["rules"] if rule["actions"]
    ]
    assert [("service", "", "Y")] == [
        (c["what"], c["before"], c["after"]) for c in told["would_change"]
    ]
    assert "First: matches" in ran.out
    assert "  no   marketplace = Rithum    [Amazon]" in ran.out
    assert "service X: overridden by Second" in ran.out
    assert "Third: was not reached" in ran.out
