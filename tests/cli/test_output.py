"""A stdout that cannot be written interrupts nothing and hides no outcome."""

import errno
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import Console, Ran, environment
from tests.cli.test_whole_way import shippables

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
NO_SPACE = os.strerror(errno.ENOSPC)


def into(console: Console, stdout: int, *words: str, **settings: str) -> Ran:
    """Run a verb in a process of its own with a stdout of ours."""
    done = subprocess.run(
        console.command(*words),
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
        env={**environment(), **settings},
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    return Ran(done.returncode, "", done.stderr)


def into_full(console: Console, *words: str) -> Ran:
    """Run a verb whose stdout is a full disk."""
    with FULL.open("wb") as full:
        return into(console, full.fileno(), *words)


def into_broken_pipe(console: Console, *words: str) -> Ran:
    """Run a verb whose stdout has no reader any more."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return into(console, writing, *words)
    finally:
        os.close(writing)


def buy(*orders: str) -> tuple[str, ...]:
    """Word a purchase of the cheapest for each order."""
    return ("buy", *orders, "--cheapest", "--max-charge", "500", "--yes")


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_R21_a_reader_that_left_neither_ends_the_loop_nor_hides_the_verdict(
    console: Console, as_json: tuple[str, ...]
) -> None:
    """The first order is unresolved, the second is bought all the same, the exit code is 4."""
    first, second = shippables(console, 2)
    console.fault("purchaseShipment", "lost_after_effect")

    ran = into_broken_pipe(console, *buy(first, second), *as_json)

    assert 4 == ran.code, ran.err
    assert "stdout cannot be written" in ran.err
    assert first in ran.err
    assert second in ran.err
    assert [1, 1] == [console.truth(one)["live_labels"] for one in (first, second)]
    assert 4 == console.run(*buy(first)).code


@needs_full
def test_a_full_disk_behind_stdout_says_the_outcome_on_stderr(console: Console) -> None:
    """Bought is bought: exit code 0, the reason and the label on stderr, no traceback."""
    (order_id,) = shippables(console, 1)

    ran = into_full(console, *buy(order_id))

    tracking = console.truth(order_id)["labels"][0]["tracking"]
    assert 0 == ran.code
    assert NO_SPACE in ran.err
    assert tracking in ran.err


def test_a_question_whose_reader_left_is_quiet(console: Console) -> None:
    """`orders | head` and `check X | true` end with their verdict and not a word."""
    (order_id,) = shippables(console, 1)
    wrong = next(
        o["id"]
        for o in console.json("orders", "--limit", "100")["orders"]
        if console.run("check", o["id"]).code == 3
    )

    assert (0, "") == (into_broken_pipe(console, "check", order_id)).outcome
    assert (3, "") == (into_broken_pipe(console, "check", wrong)).outcome
    assert 0 == into_broken_pipe(console, "orders", "--json").code
    assert 0 == into_broken_pipe(console, "--help").code


@needs_full
def test_a_question_whose_answer_is_lost_is_not_done(console: Console) -> None:
    """A list cut short by a full disk must not look whole to a script."""
    ran = into_full(console, "orders", "--json")

    assert 1 == ran.code
    assert NO_SPACE in ran.err


def test_a_closed_stderr_neither_ends_the_work_nor_spoils_the_data(console: Console) -> None:
    """What nobody can hear is not said into the data."""
    (order_id,) = shippables(console, 1)
    words = [*console.command(*buy(order_id)), "--json"]

    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(),
    )

    assert 0 == done.returncode
    assert "bought" in Ran(0, done.stdout, "").data["purchases"][0]["outcome"]


def test_a_closed_stdout_is_said_on_stderr(console: Console) -> None:
    """`>&-` loses nothing either."""
    (order_id,) = shippables(console, 1)

    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *console.command(*buy(order_id))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(),
    )

    assert 0 == done.returncode, done.stderr
    assert console.truth(order_id)["labels"][0]["tracking"] in done.stderr


def test_letters_that_the_terminal_lacks_are_written_as_numbers(console: Console) -> None:
    """An old encoding shortens nothing: every order of the list is there."""
    done = subprocess.run(
        console.command("orders", "--limit", "100"),
        capture_output=True,
        timeout=60,
        check=False,
        env={**environment(), "PYTHONIOENCODING": "ascii"},
    )

    assert 0 == done.returncode, done.stderr
    assert console.json("orders")["total"] == len(done.stdout.splitlines())
