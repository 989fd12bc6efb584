"""Verbs that open something: they refuse what cannot work, in words."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import PROGRAM, Console, environment


@pytest.mark.parametrize("words", [(), ("demo",)])
def test_the_console_is_not_drawn_into_a_pipe(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Without a terminal it says which way scripts go."""
    ran = Console(tmp_path / "home").run(*words)

    assert ran.code == 2
    assert "needs a terminal" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sandbox", "--orders", "-1"), "whole number"),
        (("sandbox", "--fault", "nonsense"), "fault"),
        (("sandbox", "--fault", "purchaseShipment:on_fire"), "fault"),
        (("sandbox", "--port", "70000"), "port"),
    ],
)
def test_a_sandbox_that_cannot_be_says_why(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """Exit code 2 and one sentence."""
    ran = Console(tmp_path / "home").run(*words)

    assert ran.code == 2
    assert said in ran.err


def test_the_sandbox_prints_one_json_line_when_it_is_ready() -> None:
    """Scripts read url, control and credentials from it."""
    with subprocess.Popen(
        [*PROGRAM, "sandbox", "--orders", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        process.terminate()

    assert {"url", "control", "credentials"} == set(line)
    assert line["control"] == f"{line['url']}/_sandbox"
