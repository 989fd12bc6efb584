"""The worker: does what is due without a console, alone on its home, and ends when asked."""

import json
import signal
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import primetui
from tests.cli.program import Console, environment
from tests.cli.test_killed import PATIENCE_SECONDS, wait_until
from tests.cli.test_whole_way import shippable

PEOPLE = Path(primetui.__file__).parent / "sandbox" / "people.toml"


def log_lines(console: Console) -> list[Any]:
    """Read the log."""
    text = (console.home / "logs" / "primetui.log").read_text("ascii")
    return [json.loads(line) for line in text.splitlines()]


def events(console: Console) -> list[str]:
    """Name what the log tells of, in order."""
    return [line["event"] for line in log_lines(console)]


@contextmanager
def working(console: Console, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """Have a worker at work in a process of its own."""
    process = subprocess.Popen(
        console.command("worker", *words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def told(process: "subprocess.Popen[str]", words: str) -> str:
    """Read what it says up to the line with these words."""
    assert process.stderr is not None
    return next(line for line in process.stderr if words in line)


@pytest.fixture
def connected(console_of_nothing: Console, own_sandbox_url: str) -> Console:
    """Connect a home to a sandbox, and import nothing."""
    console = Console(console_of_nothing.home, own_sandbox_url)
    console.json("stores", "add", "--sandbox", own_sandbox_url)
    return console


def test_one_round_imports_what_is_due_and_says_so(connected: Console) -> None:
    """Every store is imported, told on stderr, counted on stdout, and not imported again."""
    stores = len(connected.json("stores", "list")["stores"])
    first = connected.run("worker", "--once", "--json")
    second = connected.run("worker", "--once", "--json")

    assert (0, stores) == (first.code, first.data["tasks"]["import"]["done"])
    assert 2 <= first.err.count(" new orders, 0 updated\n") <= stores
    assert (0, 0) == (second.code, second.data["tasks"]["import"]["done"])
    assert "" == second.err


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_ends_well(connected: Console, wish: signal.Signals) -> None:
    """It says that it stops, gives its counts, ends with 0, and frees the home for the next."""
    with working(connected, "--json") as process:
        told(process, "new orders")
        told(process, "new orders")
        process.send_signal(wish)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)

    assert 0 == process.returncode
    assert "stopping after the current step" in err
    assert 2 <= json.loads(out)["tasks"]["import"]["done"]
    assert ["worker begins", "worker ends", "run worker.work"] == [
        event for event in events(connected) if event != "worker import" and "store" not in event
    ]
    assert 0 == connected.run("worker", "--once").code


def test_R21_asked_to_stop_while_it_sends_a_purchase_again_it_waits_for_the_answer(
    console: Console,
) -> None:
    """R21: whatever it was doing is written down before it ends."""
    order_id = shippable(console)
    console.fault("purchaseShipment", "lost_before_effect")
    assert 4 == console.run("buy", order_id, "--cheapest", "--max-charge", "500", "--yes").code
    console.fault("purchaseShipment", "slow", delay_seconds=2)
    with working(console) as process:
        wait_until(console, order_id, calls=2)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=PATIENCE_SECONDS)

    assert 0 == process.returncode
    assert f"{order_id}: its label was found" in err
    assert 1 == console.truth(order_id)["live_labels"]
    assert [] == console.json("reconcile")["settlements"]


def test_there_is_one_worker_on_a_home(connected: Console) -> None:
    """The second reads who it is; one round has then nothing left to do; the killed one is gone."""
    with working(Console(connected.home, connected.url, "night")) as process:
        told(process, "new orders")
        again, once = connected.run("worker"), connected.run("worker", "--once")
        process.kill()
        process.wait()
        after = connected.run("worker", "--once")

    assert (1, 0, 0) == (again.code, once.code, after.code)
    assert "the worker of this home runs already: night, since " in again.err
    assert "the worker of this home runs already: night, since " in once.err
    assert "runs already" not in after.err


def test_a_store_that_fails_is_told_without_its_words(connected: Console) -> None:
    """The other is imported, the round ends with 1, and no word of Amazon's is in the log."""
    connected.fault("searchOrders", "error_500", nth="every")
    ran = connected.run("worker", "--once")

    assert 1 == ran.code
    assert 2 == ran.err.count("the import failed; see primetui stores list")
    assert "HTTP" not in ran.err
    assert [True, True] == [x["failed"] for x in log_lines(connected) if "import" in x["event"]]


def test_every_run_that_acts_is_in_the_log_and_no_question(connected: Console) -> None:
    """Verb, operator and verdict are there; what was typed is not."""
    connected.run("orders", "Jane")
    connected.run("import")
    connected.run("buy", "no-such-order", "--cheapest", "--max-charge", "1", "--yes")

    assert [("run store.add_store", 0), ("run order.import", 0), ("run label.buy", 2)] == [
        (line["event"], line["exit"]) for line in log_lines(connected)
    ]
    assert {"tester"} == {line["by"] for line in log_lines(connected)}
    assert "no-such-order" not in (connected.home / "logs" / "primetui.log").read_text()


def test_a_log_that_cannot_be_written_stops_nothing(connected: Console) -> None:
    """The verb's verdict stays, and a warning says what is wrong with the log."""
    log = connected.home / "logs" / "primetui.log"
    log.unlink()
    log.mkdir()
    ran = connected.run("worker", "--once")

    assert 0 == ran.code
    assert "warning: The log in" in ran.err


def test_R23_no_buyer_is_in_the_log(connected: Console) -> None:
    """R23: after imports, a purchase and a void no name, street, phone or mail of a buyer is there."""
    connected.run("worker", "--once")
    order_id = shippable(connected)
    connected.run("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")
    connected.run("void", order_id, "--yes")
    log = "".join(path.read_text() for path in (connected.home / "logs").glob("*.log"))
    words = buyer_words()

    assert 6 <= log.count("\n")
    assert [] == [word for word in words if word in log or json.dumps(word)[1:-1] in log]


def buyer_words() -> list[str]:
    """Give what the sandbox's buyers are called, and the streets they live in."""
    people = tomllib.loads(PEOPLE.read_text(encoding="utf-8"))
    return [*people["family"], *people["streets"]]


def test_units_for_systemd_are_written_with_the_way_to_start_them(
    console_of_nothing: Console, tmp_path: Path
) -> None:
    """The files are the data, the commands are said; nothing is started and no home is made."""
    ran = console_of_nothing.run("worker", "--systemd", str(tmp_path / "units"), "--json")

    assert 0 == ran.code
    assert [str(path) for path in sorted((tmp_path / "units").iterdir())] == sorted(
        ran.data["files"]
    )
    assert "systemctl --user enable --now primetui-worker.service" in ran.err
    assert not console_of_nothing.home.exists()
