"""Every sentence of the page this product does the job of is proven by tests that are named.

The sentences stand in source_page.toml, in our own words; the page itself is not in this
repository: where it lies beside the checkout, its paragraphs are counted.
"""

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.named_tests import is_proof

HERE = Path(__file__).parent
SEED = HERE.parent.parent / "shared" / "seed"
SENTENCES: list[dict[str, Any]] = tomllib.loads(
    (HERE / "source_page.toml").read_text(encoding="utf-8")
)["sentence"]
PARAGRAPHS = 75
FACES = ("tests/cli/", "tests/tui/")


def name(sentence: dict[str, Any]) -> str:
    """Name a sentence as a test id."""
    return f"{sentence['paragraph']}: {sentence['says'][:40]}"


PROVEN = [one for one in SENTENCES if "tests" in one]


@pytest.mark.parametrize("sentence", PROVEN, ids=name)
def test_a_sentence_is_proven_by_tests_that_exist_and_run(sentence: dict[str, Any]) -> None:
    """Each node id names a test that asserts something and is not switched off."""
    missing = [node for node in sentence["tests"] if not is_proof(node)]

    assert sentence["tests"]
    assert [] == missing


@pytest.mark.parametrize("sentence", PROVEN, ids=name)
def test_what_is_named_was_collected_wherever_its_module_was(
    sentence: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """In a run of the whole suite each named test is among those that run."""
    items = request.session.items
    modules = {item.nodeid.partition("::")[0] for item in items}
    collected = {item.nodeid.partition("[")[0] for item in items}
    wanted = {node for node in sentence["tests"] if node.partition("::")[0] in modules}
    narrowed = request.config.getoption("keyword") or any("::" in a for a in request.config.args)

    assert narrowed or wanted <= collected


def test_every_sentence_is_proven_or_demands_nothing() -> None:
    """Not both, not neither; a reason is a sentence's own."""
    odd = [one for one in SENTENCES if ("tests" in one) == ("demands_nothing" in one)]

    assert [] == odd
    assert all(set(one) <= {"paragraph", "says", "tests", "demands_nothing"} for one in SENTENCES)


def test_the_sentences_stand_in_order_and_leave_no_paragraph_out() -> None:
    """From the first paragraph to the last."""
    numbers = [one["paragraph"] for one in SENTENCES]

    assert set(range(1, PARAGRAPHS + 1)) == set(numbers)
    assert all(before <= after for before, after in pairwise(numbers))


def test_what_demands_nothing_is_a_heading_a_picture_or_a_pointer() -> None:
    """So that no demand hides there."""
    kinds = ("heading", "picture", "caption", "points at")
    reasons = [one["demands_nothing"] for one in SENTENCES if "demands_nothing" in one]

    assert [] == [why for why in reasons if not any(kind in why for kind in kinds)]


def test_every_paragraph_is_proven_with_the_real_program_too() -> None:
    """At least one of its sentences is proven by the command line or the console."""
    seen: dict[int, bool] = {}
    for one in PROVEN:
        faces = any(node.startswith(FACES) for node in one["tests"])
        seen[one["paragraph"]] = seen.get(one["paragraph"], False) or faces

    assert [] == [paragraph for paragraph, faces in seen.items() if not faces]


def test_the_page_has_as_many_paragraphs() -> None:
    """The page itself is not ours to copy; where it is at hand it is counted."""
    if not SEED.is_dir():
        pytest.skip("the source page is not beside this checkout")
    (page,) = SEED.glob("*.txt")

    lines = page.read_text(encoding="utf-8").splitlines()

    assert PARAGRAPHS == len([line for line in lines if line.strip()])
