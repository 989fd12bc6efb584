"""Real processes are killed at random instants; nothing is bought twice, lost or invented (R21)."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import cluster
from tests.repositories import KINDS, POSTGRES

HARNESS = Path(__file__).with_name("kill_harness.py")


@pytest.mark.timeout(240)  # as long as a busy machine needs
@pytest.mark.parametrize("store", KINDS)
def test_R21_a_hundred_processes_killed_at_random_instants(store: str) -> None:
    """One home, three processes at a time, faults, SIGKILL: journal and truth agree afterwards."""
    if store == POSTGRES:
        cluster()
    done = subprocess.run(
        [sys.executable, str(HARNESS), "--kills", "100", "--seed", "7", "--store", store],
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "100 kills" in done.stdout
    assert "buy -> 0" in done.stdout
    assert "reconcile -> 0" in done.stdout
