"""Who may reach what: the contracts, one buyer, and a command line that loads no console."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "primetui"
BUYER = "usecases/purchase_label.py"


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in the project's folder, apart from everything the tests have loaded."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def purchases(path: Path) -> int:
    """Count calls of anything's `purchase` in a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sum(isinstance(f, ast.Attribute) and f.attr == "purchase" for f in calls)


def reaches_for_purchase(path: Path) -> bool:
    """Tell whether a module names `purchase` in a string for getattr, or hands the method on."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [
        node.args[1]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"getattr", "methodcaller", "attrgetter"}
        and len(node.args) > 1
    ]
    return any(isinstance(a, ast.Constant) and a.value == "purchase" for a in named)


def test_R21_one_line_of_one_module_buys() -> None:
    """R21: money moves in one place; whoever buys elsewhere goes round its journal."""
    modules = [p for p in PACKAGE.rglob("*.py") if "adapters" not in p.parts]
    buying = {str(p.relative_to(PACKAGE)): purchases(p) for p in modules if purchases(p)}

    assert {BUYER: 1} == buying
    assert [] == [p for p in modules if reaches_for_purchase(p)]


def test_R5_the_contracts_hold() -> None:
    """R5: layers, the pure core, the lone adapters and the lone sandbox are kept."""
    run = python("-c", "from importlinter.cli import lint_imports_command as c; c([])")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


HEAVY = {"textual", "rich", "PIL", "starlette", "uvicorn", "barcode", "httpx", "tinydb"}
"""The console, the sandbox, the network, the store."""

TELL = """
import sys
try:
    {act}
except SystemExit as end:
    assert not end.code
print(*{{name.partition(".")[0] for name in sys.modules}})
"""


@pytest.mark.parametrize(
    "act",
    [
        "import primetui.domain.clearance, primetui.ports",
        "import primetui.usecases.purchase_label",
        "import primetui.cli",
        "from primetui.cli import run; assert run(['--version']) == 0",
        "from primetui.cli import run; assert run(['--help']) == 0",
    ],
)
def test_R5_the_command_line_loads_no_more_than_it_needs(act: str) -> None:
    """R5: who asks for the version waits for no console, sandbox, network or store."""
    run = python("-c", TELL.format(act=act))

    assert run.returncode == 0, run.stderr
    assert set() == HEAVY & set(run.stdout.splitlines()[-1].split())


def test_R5_the_program_tells_its_version() -> None:
    """R5: `primetui --version` ends well and writes one line."""
    run = python("-m", "primetui", "--version")

    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) == 1
