"""Every rule of the specification that is built has tests that carry its number."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
BUILT = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)


@pytest.mark.parametrize("rule", BUILT)
def test_every_built_rule_has_a_test_with_its_number(rule: int) -> None:
    """A rule without a named test is a promise nobody checks."""
    name = re.compile(rf"def test_[Rr]{rule}_")
    found = [p for p in TESTS.rglob("test_*.py") if name.search(p.read_text(encoding="utf-8"))]

    assert found
