"""The words of `primetui rules`, each with its help."""

import argparse
from collections.abc import Callable

Add = Callable[[str, str, str, str], argparse.ArgumentParser]
"""Declares a verb: its name, its module and function, what it does."""

ONLY_READ = frozenset({"list", "test", "explain", "export", "history"})
"""Verbs that change nothing."""

LINE = "LINE"
RULE = "RULE"
_EXAMPLE = (
    "'marketplace = Rithum and requested-service has-word Prime -> tag \"Amazon Prime Order\"'"
)


def rule_words(add: Add) -> None:
    """Declare every verb about rules."""
    add("list", "rule_verbs", "list_rules", "list the rules, and what is odd about them")
    _edit_words(add)
    _look_words(add)
    again = add("reprocess", "rule_reports", "reprocess", "run the rules over waiting orders")
    again.add_argument("--orders", metavar="FILTER", help="only these: as in `primetui orders`")
    again.add_argument("--over-hands", action="store_true", help="also what hands set or took off")
    how = again.add_mutually_exclusive_group(required=True)
    how.add_argument("--dry-run", action="store_true", help="show what would change")
    how.add_argument("--yes", action="store_true", help="required: it changes orders")
    add("history", "rule_verbs", "history", "show who changed what")
    add("undo", "rule_verbs", "undo", "take the last edit back")
    add("redo", "rule_verbs", "redo", "do again what was taken back")
    add("export", "rule_verbs", "export", "print the rules, a line each")
    taken = add("import", "rule_verbs", "import_", "take in a file of rules, a line each")
    taken.add_argument("file", metavar="FILE", help="- reads stdin")
    taken.add_argument("--replace", action="store_true", help="in place of all there are")
    for name, text in (
        ("delete-tag", "do away with a tag: rules that name it are broken"),
        ("restore-tag", "let rules name a deleted tag again"),
    ):
        verb = name.replace("-", "_")
        add(name, "rule_verbs", verb, text).add_argument("tag", metavar="TAG")


def _edit_words(add: Add) -> None:
    new = add("add", "rule_verbs", "add_rule", f"add a rule, such as {_EXAMPLE}")
    what = new.add_mutually_exclusive_group(required=True)
    what.add_argument("line", nargs="?", metavar=LINE)
    what.add_argument(
        "--rithum-prime", action="store_true", help="the ready-made rule for Rithum's Prime orders"
    )
    new.add_argument("--at", type=int, metavar="N", help="its place in the list; the end otherwise")
    edit = add("edit", "rule_verbs", "edit_rule", "put a line in the place of a rule")
    move = add("move", "rule_verbs", "move_rule", "put a rule at another place")
    for one in (edit, move):
        one.add_argument("rule", metavar=RULE, help="its number or name")
    edit.add_argument("line", metavar=LINE)
    move.add_argument("position", type=int, metavar="N")
    for name, verb, text in (
        ("remove", "remove_rule", "remove a rule; what it did stays"),
        ("on", "switch_on", "switch a rule on"),
        ("off", "switch_off", "switch a rule off"),
    ):
        add(name, "rule_verbs", verb, text).add_argument("rule", metavar=RULE)


def _look_words(add: Add) -> None:
    test = add("test", "rule_reports", "test", "say which stored orders a rule would match")
    test.add_argument("line", metavar=LINE)
    test.add_argument(
        "--orders", metavar="FILTER", default="status:awaiting", help="as in `primetui orders`"
    )
    why = add("explain", "rule_reports", "explain", "say why rules did or did not match an order")
    why.add_argument("order", metavar="ORDER")
    why.add_argument("--rule", metavar=RULE, help="this one only, by number or name")
