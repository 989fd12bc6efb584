"""The program is killed in the middle of a purchase; the next one finds the label, once (R21)."""

import signal
import subprocess
import time

import pytest

from tests.cli.program import Console, Ran, environment
from tests.cli.test_whole_way import shippable, shippables
from tests.wire import WIRE

PATIENCE_SECONDS = 20.0


def wait_until(
    console: Console, order_id: str, calls: int, operation: str = "purchaseShipment"
) -> None:
    """Wait until the sandbox has been asked to sell, or something else, so often."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        state = WIRE.get(f"{console.url}/_sandbox/state").json()
        if state["calls"].get(operation, 0) >= calls:
            return
    raise AssertionError(f"no {operation} of {order_id} reached the sandbox")


@pytest.mark.parametrize("happened", [True, False])
def test_R21_kill_9_between_sending_and_writing_the_answer(
    console: Console, *, happened: bool
) -> None:
    """Whether or not Amazon sold it by then, reconcile ends with one label, bought once."""
    order_id = shippable(console)
    console.fault("purchaseShipment", "slow", delay_seconds=4, after_effect=happened)
    words = ("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")
    buying = subprocess.Popen(
        console.command(*words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    wait_until(console, order_id, calls=1)
    buying.send_signal(signal.SIGKILL)
    buying.communicate()

    blocked = console.run(*words, "--json")
    settled = console.json("reconcile")["settlements"]

    assert blocked.code == 4
    assert blocked.data["purchases"][0]["outcome"] == "unknown"
    assert ["bought"] == [one["settlement"] for one in settled]
    truth = console.truth(order_id)
    assert 1 == truth["live_labels"] == len(truth["labels"])
    assert settled[0]["label"]["tracking_id"] == truth["labels"][0]["tracking"]
    assert settled[0]["label"]["documents"]
    assert [] == console.json("reconcile")["settlements"]
    assert [] == console.json("db", "check")["problems"]


def test_R21_ctrl_c_waits_for_the_answer(console: Console) -> None:
    """An interrupt while the purchase is out does not lose its answer."""
    order_id = shippable(console)
    console.fault("purchaseShipment", "slow", delay_seconds=2)
    words = ("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")
    buying = subprocess.Popen(
        console.command(*words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    wait_until(console, order_id, calls=1)
    buying.send_signal(signal.SIGINT)
    out, err = buying.communicate(timeout=PATIENCE_SECONDS)

    assert "Bought" in out
    assert "finishing" in err
    assert console.truth(order_id)["live_labels"] == 1
    assert [] == console.json("reconcile")["settlements"]


def test_R21_ctrl_c_between_two_orders_tells_of_the_first(console: Console) -> None:
    """The document holds what the first order came to, the second is not bought, exit code 130."""
    first, second = shippables(console, 2)
    console.fault("getRates", "slow", delay_seconds=4, nth=2)
    words = ("buy", first, second, "--cheapest", "--max-charge", "500", "--yes", "--json")
    buying = subprocess.Popen(
        console.command(*words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    wait_until(console, second, calls=2, operation="getRates")
    buying.send_signal(signal.SIGINT)
    out, err = buying.communicate(timeout=PATIENCE_SECONDS)

    told = [(one["order_id"], one["outcome"]) for one in Ran(0, out, err).data["purchases"]]
    assert [(first, "bought")] == told
    assert 130 == buying.returncode
    assert "interrupted" in err
    assert [1, 0] == [console.truth(one)["live_labels"] for one in (first, second)]
