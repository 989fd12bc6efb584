"""The types close every way to a label but the gate."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LINES = Path(__file__).with_name("cannot_buy_uncleared.py")
MARK = re.compile(r"# refused: (?P<code>[a-z-]+)$")
COMPLAINT = re.compile(r":(?P<line>\d+): error: .*\[(?P<code>[a-z-]+)\]$")


def marked() -> set[tuple[int, str]]:
    """Read which line must raise which complaint."""
    lines = enumerate(LINES.read_text(encoding="utf-8").splitlines(), start=1)
    return {(number, found["code"]) for number, line in lines if (found := MARK.search(line))}


def complaints() -> set[tuple[int, str]]:
    """Ask mypy, set up as for everything else, which lines it refuses and why."""
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-pretty", str(LINES.relative_to(ROOT))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    errors = [line for line in run.stdout.splitlines() if ": error: " in line]
    assert all(LINES.name in line for line in errors), run.stdout
    found = [COMPLAINT.search(line) for line in errors]
    return {(int(match["line"]), match["code"]) for match in found if match}


def test_R6_every_way_round_the_gate_is_refused() -> None:
    """R6 R21: each marked line is refused for its own reason, and no other line is."""
    expected = marked()

    assert len(expected) >= 10
    assert expected == complaints()
