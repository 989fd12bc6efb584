"""The rules and the violations explained by command line, before anybody ships (R1–R23)."""

import pytest

from primetui.domain.rulebook import RULES, Rule
from primetui.domain.violations import CATALOGUE, Violation
from tests.cli.program import Console


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_what_why_what_to_do_and_where(console_of_nothing: Console, rule: Rule) -> None:
    """In lines and in JSON; no home is needed and none is made."""
    said = console_of_nothing.run("explain", rule.code.lower())
    data = console_of_nothing.json("explain", rule.code)

    assert (0, "") == said.outcome
    assert f"{rule.code} {rule.name}" == said.out.splitlines()[0]
    parts = [line.partition(": ")[0] for line in said.out.splitlines()[1:]]
    assert ["Says", "Why", "What to do", "Violations", "Code"] == parts
    assert (rule.says, rule.why, rule.remedy) == (data["says"], data["why"], data["remedy"])
    assert all(kind.code in said.out for kind in rule.violations)
    assert not console_of_nothing.home.exists()


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.code)
def test_a_violation_says_the_same_and_leads_to_its_rule(
    console_of_nothing: Console, kind: type[Violation]
) -> None:
    """Every code that is shown can be asked about."""
    said = console_of_nothing.run("explain", kind.code).out
    data = console_of_nothing.json("explain", kind.code)

    assert f"{kind.code} ({kind.rule}) {kind.__name__}" == said.splitlines()[0]
    assert kind.code in console_of_nothing.json("explain", data["rule"])["violations"]
    assert data["why"]
    assert "{" not in said


def test_without_a_word_the_rules_are_listed(console_of_nothing: Console) -> None:
    """Somebody who knows no number finds one."""
    listed = console_of_nothing.run("explain").out.splitlines()

    assert [f"{rule.code:<4}{rule.name}" for rule in RULES] == listed
    assert [rule.code for rule in RULES] == [
        one["code"] for one in console_of_nothing.json("explain")["rules"]
    ]


def test_an_unknown_word_is_answered_with_the_nearest(console_of_nothing: Console) -> None:
    """As usage, escaped, with nothing on stdout."""
    near = console_of_nothing.run("explain", "R55")
    hostile = console_of_nothing.run("explain", "R5\x1b[2J")

    assert (2, "") == (near.code, near.out)
    assert "Do you mean R5?" in near.err
    assert "\x1b" not in hostile.err
