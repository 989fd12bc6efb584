"""Runs the real program, and a sandbox of its own process, for tests."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primetui.cli import run
from tests.wire import WIRE

PROGRAM = [sys.executable, "-m", "primetui"]


@dataclass(frozen=True)
class Ran:
    """What one run came to."""

    code: int
    out: str
    err: str

    @property
    def outcome(self) -> tuple[int, str]:
        """Give the exit code with what was said beside the data."""
        return self.code, self.err

    @property
    def data(self) -> Any:
        """Read the one JSON document on stdout."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)


class Console:
    """One home directory, worked on by separate runs of the program."""

    def __init__(self, home: Path, url: str = "", operator: str = "tester") -> None:
        self.home = home
        self.url = url
        self.operator = operator

    def command(self, *words: str) -> list[str]:
        """Build a command line on this home."""
        return [*PROGRAM, *words, "--home", str(self.home), "--operator", self.operator]

    def run(self, *words: str) -> Ran:
        """Run a verb to its end in this process: the same entry, without Python's start."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(self.command(*words)[len(PROGRAM) :])
        return Ran(code, out.getvalue(), err.getvalue())

    def process(self, *words: str) -> Ran:
        """Run a verb to its end in a process of its own."""
        done = subprocess.run(
            self.command(*words),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment(),
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def json(self, *words: str) -> Any:
        """Run a verb that must succeed, and read its data."""
        ran = self.run(*words, "--json")
        assert ran.code == 0, ran.err
        return ran.data

    def truth(self, order_id: str) -> Any:
        """Ask the sandbox about one order."""
        answer = WIRE.get(f"{self.url}/_sandbox/state", params={"order": order_id})
        return answer.json()["orders"][0]

    def fault(self, operation: str, kind: str, **options: object) -> None:
        """Arm a fault at the sandbox."""
        body = [{"operation": operation, "kind": kind, **options}]
        WIRE.post(f"{self.url}/_sandbox/faults", json=body).raise_for_status()

    def no_faults(self) -> None:
        """Disarm every fault at the sandbox."""
        WIRE.post(f"{self.url}/_sandbox/faults", json=[]).raise_for_status()


def environment() -> dict[str, str]:
    """Give a process the usual environment, and every warning as an error's eye would see it."""
    return {**os.environ, "PYTHONWARNINGS": "error", "PYTHONDEVMODE": "0", "NO_COLOR": "1"}


@contextmanager
def running_sandbox(*options: str) -> Iterator[str]:
    """Run `primetui sandbox` in a process of its own; gives its URL."""
    process = subprocess.Popen(
        [*PROGRAM, "sandbox", "--seed", "1", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.terminate()
        process.communicate(timeout=20)
