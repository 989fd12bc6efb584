"""Every rule has tests that carry its number, words that explain it, and modules that keep it."""

import argparse
import re
from pathlib import Path

import pytest

from primetui.cli.arguments import parser
from primetui.domain.rulebook import RULES, Rule, explained
from primetui.domain.violations import CATALOGUE
from primetui.errors import ConfigError
from tests.named_tests import is_proof, nodes_named
from tests.rule_table import PAGE, proofs, written

ROOT = Path(__file__).parent.parent
FACES = ("tests/cli/", "tests/tui/")
COMMAND = re.compile(r"primetui ([a-z-]+)(?: (-*[a-z-]+))?")
ALL = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def test_the_rulebook_holds_every_rule_in_order() -> None:
    """R1 to R23, as the specification numbers them."""
    assert list(range(1, 24)) == [rule.number for rule in RULES]
    assert len(RULES) == len({rule.name for rule in RULES})


@ALL
def test_every_rule_has_nodes_named_its_number_inside_and_at_a_face(rule: Rule) -> None:
    """A rule without named tests is a promise nobody checks; one is run as a person runs it."""
    found = nodes_named(f"test_{rule.code}_")
    faces = {node for node in found if node.startswith(FACES)}

    assert faces
    assert found - faces


@ALL
def test_every_rule_names_two_proofs_to_read_first(rule: Rule) -> None:
    """They are there, they run, they carry the number, and one of them runs the program."""
    proof = proofs()[rule.code]

    for node in (proof.inside, proof.program):
        assert is_proof(node), node
        assert f"_{rule.code}_" in node
    assert proof.program.startswith(FACES)
    assert not proof.inside.startswith(FACES)


@ALL
def test_every_module_that_keeps_a_rule_says_so(rule: Rule) -> None:
    """Whoever changes it reads which rule it keeps."""
    number = re.compile(rf"\b{rule.code}\b|R(\d+)–R(\d+)")
    for module in rule.modules:
        text = (ROOT / "primetui" / f"{module}.py").read_text(encoding="utf-8")
        named = [m for m in number.finditer(text) if _holds(m, rule.number)]
        assert named, module


def _holds(match: re.Match[str], number: int) -> bool:
    first, last = match.groups()
    return first is None or int(first) <= number <= int(last)


@ALL
def test_every_rule_is_explained_in_whole_sentences(rule: Rule) -> None:
    """What it says, why it is, what to do."""
    for words in (rule.says, rule.why, rule.remedy):
        assert words.endswith(".")
        assert words == " ".join(words.split())


def test_every_violation_guards_a_rule_of_the_book() -> None:
    """`explain R5` lists it, and `explain` of its code leads back."""
    listed = {kind for rule in RULES for kind in rule.violations}

    assert set(CATALOGUE) == listed


def test_every_command_a_remedy_names_exists() -> None:
    """A way out that is no verb is none."""
    remedies = {rule.code: rule.remedy for rule in RULES}
    remedies |= {kind.code: kind.remedy for kind in CATALOGUE}
    found = [(code, *said) for code, remedy in remedies.items() for said in COMMAND.findall(remedy)]

    unknown = [one for one in found if not _is_known(*one[1:])]

    assert len(found) > 30
    assert [] == unknown


def _is_known(verb: str, second: str) -> bool:
    """Tell whether a verb exists, and so does the verb or the option after it."""
    inner = _verbs(parser()).get(verb)
    if inner is None:
        return False
    if second.startswith("--"):
        return second in {word for action in inner._actions for word in action.option_strings}
    return not _verbs(inner) or second in _verbs(inner)


def _verbs(one: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    kinds = [a for a in one._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(kinds[0].choices) if kinds else {}


@pytest.mark.parametrize(
    ("word", "found"),
    [("R5", "R5"), ("r21", "R21"), (" prm201 ", "PRM201"), ("PRM507", "PRM507")],
)
def test_a_rule_or_a_code_is_found_however_it_is_typed(word: str, found: str) -> None:
    """Case and blanks do not matter."""
    assert found == explained(word).code


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("R55", "Do you mean R5?"),
        ("R5O", "Do you mean R5?"),
        ("late", "Rules are R1 to R23"),
    ],
)
def test_a_word_that_is_neither_is_answered_with_the_nearest(word: str, hint: str) -> None:
    """Or with what there is."""
    with pytest.raises(ConfigError, match=re.escape(hint)):
        explained(word)


def test_the_table_of_rules_is_as_the_book_has_it() -> None:
    """It is generated: `python -m tests.rule_table` writes it anew."""
    page = PAGE.read_text(encoding="utf-8")

    assert written(page) == page
