"""Several operators on one home, by the command line."""

import grp
import os
import stat
from pathlib import Path

import pytest

from tests.cli.program import Console


def test_a_name_is_one_persons(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user of the system changes nothing under it, and may read; the way out is said."""
    assert console.run("import").code == 0
    monkeypatch.setattr("os.geteuid", lambda: 54321)

    refused, read = console.run("import"), console.run("orders")

    assert (2, 0) == (refused.code, read.code)
    assert "choose another name with --operator" in refused.err
    console.operator = "another"
    assert console.run("import").code == 0


def test_a_group_shares_a_new_home(tmp_path: Path) -> None:
    """Named once on the command line; an unknown one is refused before anything is made."""
    group = grp.getgrgid(os.getgid()).gr_name
    shared, refused = Console(tmp_path / "home"), Console(tmp_path / "other")

    assert shared.run("orders", "--group", group).code == 0
    assert 0o2770 == stat.S_IMODE(shared.home.stat().st_mode)
    assert (2, False) == (refused.run("orders", "--group", "no such").code, refused.home.exists())
