"""Batches by hand and by script: plan, run, stop, kill, resume, retry; the codes say which (R21)."""

import signal
import subprocess
import time
from itertools import islice
from typing import Any

import pytest

from tests.cli.program import Console, environment
from tests.wire import WIRE

PATIENCE_SECONDS = 20.0


@pytest.fixture
def orders(console: Console) -> list[str]:
    """Name three orders that can be bought for."""
    listed = console.json("orders", "status:awaiting", "prime:yes")["orders"]
    good = (o["id"] for o in listed if console.run("rates", o["id"]).code == 0)
    return list(islice(good, 3))


def entries(data: Any) -> dict[str, str]:
    """Give the state of each order of a batch."""
    return {entry["order_id"]: entry["state"] for entry in data["batch"]["entries"]}


def live_labels(console: Console, orders: list[str]) -> list[int]:
    """Count what the sandbox sold for each order and was not given back."""
    return [console.truth(order_id)["live_labels"] for order_id in orders]


def test_plan_run_show_list(console: Console, orders: list[str]) -> None:
    """A plan buys nothing; run buys what it showed; show and list tell of it."""
    planned = console.json("batch", "plan", *orders)
    assert dict.fromkeys(orders, "queued") == entries(planned)
    assert [0, 0, 0] == live_labels(console, orders)
    id_ = planned["batch"]["id"]

    unsaid = console.run("batch", "run", id_)
    done = console.json("batch", "run", id_[:10], "--yes")

    assert 2 == unsaid.code
    assert "--yes" in unsaid.err
    assert dict.fromkeys(orders, "bought") == entries(done)
    assert planned["batch"]["to_spend"] == done["batch"]["spent"]
    assert [1, 1, 1] == live_labels(console, orders)
    assert done == console.json("batch", "show", id_)
    assert [done["batch"]] == console.json("batch", "list")["batches"]


def test_refusals_are_told_before_buying_and_the_code_says_so(
    console: Console, orders: list[str]
) -> None:
    """One order unknown, all over a limit: 3, and nothing to buy; without --json in words."""
    unknown = console.run("batch", "plan", orders[0], "000-0000000-0000000", "--json")
    over = console.run("batch", "plan", *orders, "--max-charge", "0.01", "--json")
    words = console.run("batch", "plan", *orders, "--max-total", "0.01 USD")

    assert (3, ["queued", "refused"]) == (unknown.code, [*entries(unknown.data).values()])
    assert {"over-label-limit"} == {e["why"] for e in over.data["batch"]["entries"]}
    assert (3, 3) == (over.code, words.code)
    assert "the limit of 0.01 USD has no room for it" in words.out


@pytest.mark.parametrize(
    "words",
    [
        ("plan",),
        ("plan", "111", "--filter", "mug"),
        ("plan", "--filter", "nothing-of-that-kind"),
        ("plan", "111", "--max-total", "much"),
        ("plan", "111", "--max-total", "1 USD", "--max-total", "2 USD"),
        ("show", "nothing"),
        ("run", "nothing", "--yes"),
        ("drop", "nothing"),
    ],
)
def test_what_cannot_be_meant_is_usage(console: Console, words: tuple[str, ...]) -> None:
    """Code 2 and a sentence."""
    ran = console.run("batch", *words)

    assert 2 == ran.code
    assert ran.err.startswith("primetui: ")


def test_a_filter_names_the_orders(console: Console, orders: list[str]) -> None:
    """The orders a filter finds, in the order it finds them."""
    ran = console.run("batch", "plan", "--filter", "status:awaiting prime:yes", "--json")
    listed = console.json("orders", "status:awaiting", "prime:yes")["orders"]

    assert [order["id"] for order in listed] == [*entries(ran.data)]
    assert set(orders) <= {o for o, state in entries(ran.data).items() if state == "queued"}


def test_what_did_not_happen_is_retried_and_what_is_not_known_is_not(
    console: Console, orders: list[str]
) -> None:
    """Code 4 while an answer is missing; retry settles it and queues the refused one again."""
    id_ = console.json("batch", "plan", *orders)["batch"]["id"]
    console.fault("purchaseShipment", "lost_after_effect")
    console.fault("purchaseShipment", "expired_offer", nth=2)

    ran = console.run("batch", "run", id_, "--yes", "--json")
    again = console.json("batch", "retry", id_)
    done = console.json("batch", "resume", id_, "--yes")

    assert 4 == ran.code
    assert ["unknown", "not-bought", "bought"] == [*entries(ran.data).values()]
    assert ["bought", "queued", "bought"] == [*entries(again).values()]
    assert ["bought"] * 3 == [*entries(done).values()]
    assert [1, 1, 1] == live_labels(console, orders)


def test_a_batch_given_up_is_over(console: Console, orders: list[str]) -> None:
    """Nothing of it is bought any more."""
    id_ = console.json("batch", "plan", *orders)["batch"]["id"]

    console.json("batch", "drop", id_)

    assert ["skipped"] * 3 == [*entries(console.json("batch", "run", id_, "--yes")).values()]
    assert [0, 0, 0] == live_labels(console, orders)


def begun(console: Console, id_: str, calls: int) -> subprocess.Popen[str]:
    """Run a batch in a process of its own until the sandbox was asked to sell so often."""
    process = subprocess.Popen(
        console.command("batch", "run", id_, "--yes", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        state = WIRE.get(f"{console.url}/_sandbox/state").json()
        if state["calls"].get("purchaseShipment", 0) >= calls:
            return process
    raise AssertionError("the batch never got that far")


@pytest.mark.parametrize("happened", [True, False])
@pytest.mark.parametrize("at", [1, 2])
def test_R21_kill_9_in_mid_batch_and_resume(
    console: Console, orders: list[str], at: int, *, happened: bool
) -> None:
    """Killed while an order is being bought, sold or not: resume ends with one label an order."""
    id_ = console.json("batch", "plan", *orders)["batch"]["id"]
    console.fault("purchaseShipment", "slow", delay_seconds=3, after_effect=happened, nth=at)
    process = begun(console, id_, at)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    killed = console.run("batch", "show", id_, "--json").data
    done = console.json("batch", "resume", id_, "--yes")

    assert ["bought"] * (at - 1) + ["buying"] == [*entries(killed).values()][:at]
    assert ["bought"] * 3 == [*entries(done).values()]
    assert [1, 1, 1] == live_labels(console, orders)
    assert [1, 1, 1] == [len(console.truth(order_id)["labels"]) for order_id in orders]
    assert [] == console.json("reconcile")["settlements"]
    assert [] == console.json("db", "check")["problems"]


def test_R21_ctrl_c_stops_after_the_current_order(console: Console, orders: list[str]) -> None:
    """Its answer is written down, the rest stays queued, the code is 130, resume goes on."""
    id_ = console.json("batch", "plan", *orders)["batch"]["id"]
    console.fault("purchaseShipment", "slow", delay_seconds=2)
    process = begun(console, id_, 1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_SECONDS)

    shown = console.json("batch", "show", id_)

    assert 130 == process.returncode
    assert "stopping after the current order" in err
    assert ["bought", "queued", "queued"] == [*entries(shown).values()]
    assert shown["batch"]["open"]
    assert ["bought"] * 3 == [*entries(console.json("batch", "resume", id_, "--yes")).values()]


def test_R21_a_second_operator_is_told_who_runs_it(console: Console, orders: list[str]) -> None:
    """Code 4, and a name; the first goes on undisturbed."""
    id_ = console.json("batch", "plan", *orders)["batch"]["id"]
    console.fault("purchaseShipment", "slow", delay_seconds=2)
    process = begun(console, id_, 1)

    second = console.run("batch", "run", id_, "--yes")
    process.communicate(timeout=PATIENCE_SECONDS)

    assert (4, 0) == (second.code, process.returncode)
    assert "tester" in second.err
    assert [1, 1, 1] == live_labels(console, orders)
