"""Finds out which tests there are, by their names, without running them."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEVER_RUN = {"skip", "xfail"}
"""Marks under which a test proves nothing. A `skipif` is allowed: it says where it holds."""


def is_proof(node: str) -> bool:
    """Tell whether a node id names a test that exists, asserts something and is not switched off.

    `tests/cli/test_x.py::test_it`: a parametrized one is named without its parameters.
    """
    path, _, name = node.partition("::")
    if not Path(path).name.startswith("test_") or not name.startswith("test_"):
        return False
    found = _tests(ROOT / path).get(name)
    return found is not None and _asserts(found) and not _is_off(found)


@cache
def nodes_named(prefix: str) -> frozenset[str]:
    """List the node ids of all tests whose name begins so."""
    return frozenset(
        f"{path.relative_to(ROOT)}::{name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for name in _tests(path)
        if name.startswith(prefix)
    )


Test = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _tests(path: Path) -> dict[str, Test]:
    """Read the test functions of a module; one that is not there, or is off as a whole, has none."""
    if not path.is_file():
        return {}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    off = any(
        isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node.targets[0])
        and _marks_in(ast.unparse(node.value)) & NEVER_RUN
        for node in tree.body
    )  # fmt: skip
    tests = [node for node in tree.body if isinstance(node, Test)]
    names = {node.name: node for node in tests if node.name.startswith("test_")}
    return {} if off else names


def _is_off(test: Test) -> bool:
    """Tell whether a test is marked so that it never runs, or gives up in the middle."""
    marks = {mark for each in test.decorator_list for mark in _marks_in(ast.unparse(each))}
    return bool(marks & NEVER_RUN) or "pytest.skip(" in ast.unparse(test)


def _marks_in(text: str) -> set[str]:
    words = text.replace("(", ".").replace(")", ".").replace(",", ".").split(".")
    return {word.strip() for word in words}


def _asserts(test: Test) -> bool:
    """A test that asserts nothing, neither here nor by `raises`, proves nothing."""
    text = ast.unparse(test)
    return "assert " in text or "pytest.raises" in text or "assert_" in text
