"""House rules that no linter states: sizes, docstrings, leftovers, room names."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "primetui").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
BANNED_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc"}
LEFTOVER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")

type_ignore = re.compile(r"#\s*type:\s*ignore(?!\[)")


def name(path: Path) -> str:
    """Name a file as a person would."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES + TESTS, ids=name)
def test_files_stay_small_and_finished(path: Path) -> None:
    """No file is over 400 lines, keeps a leftover marker or a blanket ignore, or is a drawer."""
    text = path.read_text(encoding="utf-8")

    assert text.count("\n") <= MAX_FILE_LINES
    assert LEFTOVER.search(text) is None
    assert type_ignore.search(text) is None
    assert path.stem not in BANNED_ROOMS


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_and_functions_say_what_they_are_for(path: Path) -> None:
    """Every module, class and public function has a docstring; no function is over 60 lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    classes = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    long = [n.name for n in nodes if (n.end_lineno or 0) - n.lineno + 1 > MAX_FUNCTION_LINES]
    mute = [n.name for n in classes if ast.get_docstring(n) is None]

    assert ast.get_docstring(tree)
    assert [] == long
    assert [] == mute


def test_the_top_level_holds_what_the_design_says() -> None:
    """Someone new sees the house from the folder list."""
    allowed = {
        "primetui", "tests", "screenshots", "pyproject.toml", "README.md",
        ".ci", ".gitignore", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", ".git",
    }  # fmt: skip
    ignored = {".venv", "__pycache__", ".coverage", "build", "dist"}
    found = {p.name for p in ROOT.iterdir()} - ignored
    found = {n for n in found if not n.endswith(("_cache", ".egg-info")) and n != ".hypothesis"}

    assert found <= allowed
