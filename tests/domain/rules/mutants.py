"""Plant bugs in the rules one by one, and see that a test catches each.

python -m tests.domain.rules.mutants [WORD]
"""

import sys
import tempfile
from pathlib import Path

from tests.simulation.mutants import Mutant, catches, one, plant

QUESTIONS = "primetui/domain/rules/questions.py"
OPERATORS = "primetui/domain/rules/operators.py"
COMPILED = "primetui/domain/rules/compiled.py"
EFFECTS = "primetui/domain/rules/effects.py"
PLAN = "primetui/domain/rules/plan.py"
RUN = "primetui/domain/rules/run.py"
HANDS = "primetui/domain/rules/hands.py"
CHECK = "primetui/domain/rules/check.py"
PARSE = "primetui/domain/rules/parse.py"
WORDS = "primetui/domain/rules/words.py"
EXPLAIN = "primetui/domain/rules/explain.py"
BOOK = "primetui/domain/rules/book.py"
RUNNER = "primetui/usecases/run_rules.py"
AGAIN = "primetui/usecases/reprocess_rules.py"

SUITES = (
    ("tests/domain/rules/test_criteria.py", "tests/domain/rules/test_run.py"),
    ("tests/domain/rules/test_book.py", "tests/domain/rules/test_text.py"),
    ("tests/domain/rules/test_engine.py",),
    ("tests/usecases/test_run_rules.py", "tests/usecases/test_reprocess_rules.py"),
)

MUTANTS: tuple[Mutant, ...] = (
    one("any criterion is enough", COMPILED, '" and ".join(map(self._question', '" or ".join(map(self._question'),
    one("stop does not stop", COMPILED, "        if rule.stop:\n", "        if False:\n"),
    one("later rules see nothing of earlier ones", COMPILED, "                if column.field == field and column in later:\n", "                if False:\n"),
    one("the slow way sees nothing of earlier rules", EXPLAIN, "            facts[field] = change(", "            _ = change("),
    one("a word is found within a word", OPERATORS, 'r"(?<!\\w)(?:"', 'r"(?:"'),
    one("capitals count", OPERATORS, "text.strip().lower()", "text.strip()"),
    one("capitals never count", OPERATORS, "text.strip() if cased else text.strip().lower()", "text.strip().lower()"),
    one("what is not known is unequal", OPERATORS, '            return self.name == "blank"\n', '            return self.name == "blank" or self.negated\n'),
    one("between leaves its end out", QUESTIONS, "({low} <= {cell} <= {high})", "({low} <= {cell} < {high})"),
    one("before is up to the day's end", QUESTIONS, "({cell} < {constants.name(day.start)})", "({cell} < {constants.name(day.end)})"),
    one("in-next has no end", QUESTIONS, "(now <= {cell} <= now + {constants.name(span)})", "(now <= {cell})"),
    one("currencies do not matter", QUESTIONS, 'return [f"{cell}.currency == {constants.name(named)}"] if named else []', "return []"),
    one("all items is any item", QUESTIONS, "    if criterion.every:\n", "    if False:\n"),
    one("include-all is include", QUESTIONS, '    if name == "include-all":\n', "    if False:\n"),
    one("a negation is forgotten", QUESTIONS, "'not ' if operator.negated else ''", "''"),
    one("a tag taken off by hand comes back", PLAN, "plan.hands.tags_removed if on else", "set() if on else"),
    one("a tag put by hand is taken off", PLAN, "else plan.hands.tags_put)", "else set())"),
    one("a hand's value is overwritten", PLAN, "    elif verb.slot in plan.hands.slots:\n", "    elif False:\n"),
    one("the first rule wins", PLAN, "    plan.values[verb.slot] = value\n", "    plan.values.setdefault(verb.slot, value)\n"),
    one("an order that is here is dropped", PLAN, "        plan.dropped = plan.dropped or plan.is_first\n", "        plan.dropped = True\n"),
    one("a hold counts from each run", PLAN, "return plan.since + value", "return plan.at + value"),
    one("weight is added to again and again", PLAN, '    blank = with_slots(plan.record, {"weight": None})\n', "    blank = plan.record\n"),
    one("a hold does not hold", RUN, '{"order": _held(record)} if _is_to_hold(plan) else {}', "{}"),
    one("what was left is not written down", RUN, "        left=_left(plan),\n", ""),
    one("tags of rules are not known as theirs", RUN, "        rule_tags=rule_tags,\n", ""),
    one("a second run sees what the first did", HANDS, "    if blanked:\n", "    if False:\n"),
    one("a second run sees the first one's tags", HANDS, "    if handling.rule_tags:\n", "    if False:\n"),
    one("a cleared value is no hand's doing", HANDS, "!= blank or name in left\n", "!= blank\n"),
    one("a broken rule runs", CHECK, "tuple(rule for rule, found in checked if not found)", "tuple(rule for rule, found in checked)"),
    one("one broken rule breaks all", CHECK, "tuple(rule for rule, found in checked if not found)", "tuple(rule for rule, found in checked if not any(f for _, f in checked))"),
    one("a deleted store is no fault", CHECK, "        names.check_value(field, criterion.operator, value, known)\n", ""),
    one("a reserved word is a value", PARSE, "token.text.casefold() in RESERVED", "False"),
    one("a value is printed with its control characters", WORDS, "    if char.isprintable():\n        return char\n", "    if True:\n        return char\n"),
    one("undo forgets the order", BOOK, "for id_ in revision.order)", "for id_ in sorted(revision.order))"),
    one("rules run in Pending Fulfillment", RUNNER, "frozenset({OrderStatus.AWAITING_SHIPMENT, OrderStatus.ON_HOLD})", "frozenset({OrderStatus.AWAITING_SHIPMENT, OrderStatus.ON_HOLD, OrderStatus.PENDING_FULFILLMENT})"),
    one("rules run at each import", RUNNER, "    return earlier is None or earlier.order.status not in ENTERED\n", "    return True\n"),
    one("a purchase in progress is no reason to wait", AGAIN, "        Left.PURCHASE_OPEN if one.order_id in held_up else _apply(", "        Left.PURCHASE_OPEN if False else _apply("),
    one("what was not shown is done", AGAIN, "    if differences(plan) != shown.changes:\n", "    if False:\n"),
    one("old rules are applied", AGAIN, "    if tx.rules().version != diff.version:\n", "    if False:\n"),
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Plant each bug and say which suite caught it."""
    word = arguments[0] if arguments else ""
    survived = 0
    for mutant in MUTANTS:
        if word not in mutant.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            plant(mutant, Path(folder))
            caught = next((suite for suite in SUITES if catches(Path(folder), suite)), None)
        survived += caught is None
        print(f"{mutant.name:<48} {caught[0] if caught else 'SURVIVED'}", flush=True)  # noqa: T201 - this script reports
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
