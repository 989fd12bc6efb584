"""The table of rules in CONTRIBUTING.md: rule → tests → code.

`python -m tests.rule_table` writes it anew; `tests/test_rules.py` holds that it is so.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from primetui.domain.rulebook import RULES, Rule

PAGE = Path(__file__).parent.parent / "CONTRIBUTING.md"
PROOFS = Path(__file__).parent / "rule_proofs.toml"
BEGIN, END = "<!-- the table of rules -->\n", "<!-- end of the table -->\n"


@dataclass(frozen=True)
class Proof:
    """Of the tests of a rule the two to read first: one inside, one with the real program."""

    inside: str
    program: str


def proofs() -> dict[str, Proof]:
    """Read which tests those are, by rule."""
    return {
        code: Proof(**named) for code, named in tomllib.loads(PROOFS.read_text("utf-8")).items()
    }


def table() -> str:
    """Write the table: what each rule is called, what proves it, where it is kept, who speaks."""
    head = "| Rule | Read first | Kept in | Violations |\n|---|---|---|---|\n"
    return head + "".join(_row(rule, proofs()[rule.code]) for rule in RULES)


def written(page: str) -> str:
    """Put the table into a page, between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n" + table() + "\n" + END + after


def _row(rule: Rule, proof: Proof) -> str:
    tests = "<br>".join(f"`{_short(node)}`" for node in (proof.inside, proof.program))
    modules = "<br>".join(f"`{module}.py`" for module in rule.modules)
    codes = ", ".join(kind.code for kind in rule.violations) or "–"
    return f"| **{rule.code}** {rule.name} | {tests} | {modules} | {codes} |\n"


def _short(node: str) -> str:
    """Name a test by its file and itself."""
    path, _, name = node.partition("::")
    return f"{path.removeprefix('tests/')} {name.removeprefix('test_')}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
