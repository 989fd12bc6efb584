"""While one operator is buying, the next one reads who it is and since when (R21)."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.shipment import OrderId
from tests.cli.program import Console, environment
from tests.cli.test_killed import wait_until
from tests.cli.test_whole_way import shippable
from tests.wire import WIRE


def calls(console: Console) -> dict[str, int]:
    """Count the calls that reached the sandbox."""
    state = WIRE.get(f"{console.url}/_sandbox/state").json()
    return dict(state["calls"])


def buy(order_id: str) -> tuple[str, ...]:
    """Word a purchase of the cheapest."""
    return ("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")


@contextmanager
def buying(console: Console, order_id: str) -> Iterator[None]:
    """Have ann's purchase out, its answer on the way."""
    console.fault("purchaseShipment", "slow", delay_seconds=4)
    words = Console(console.home, console.url, "ann").command(*buy(order_id))
    ann = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    wait_until(console, order_id, calls=1)
    try:
        yield
    finally:
        ann.communicate(timeout=20)
    assert 0 == ann.returncode


def test_R21_the_second_operator_reads_who_is_at_it_and_since_when(console: Console) -> None:
    """Exit code 4, her name and the minute, no word of reconcile, and nothing asked of Amazon."""
    order_id = shippable(console)
    with buying(console, order_id):
        before = calls(console)
        minute = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"  # noqa: TID251 - what the wall shows
        words = console.run(*buy(order_id))
        data = console.run(*buy(order_id), "--json")
        asked = calls(console)

    (outcome,) = data.data["purchases"]
    assert (4, 4) == (words.code, data.code)
    assert ("error", "Busy") == (outcome["outcome"], outcome["kind"])
    assert "in progress by ann since " in words.err
    assert minute[:10] in words.err
    assert "reconcile" not in words.err
    assert before == asked
    assert 1 == console.truth(order_id)["live_labels"]


def test_R21_who_only_begins_is_named_too(console: Console) -> None:
    """Before her intent is written down she holds the order already."""
    order_id = shippable(console)
    before = calls(console)
    settings = Settings(home=console.home, operator="ann")
    with (
        bootstrap.open_desk(settings) as desk,
        desk.repository.lease(OrderId(order_id), desk.operator),
    ):
        ran = console.run(*buy(order_id))

    assert 4 == ran.code
    assert "by ann since " in ran.err
    assert before == calls(console)


def test_R21_whose_purchase_was_lost_is_told_to_reconcile(console: Console) -> None:
    """Nobody is at it any more: then the journal speaks."""
    order_id = shippable(console)
    console.fault("purchaseShipment", "lost_after_effect")
    console.run(*buy(order_id))

    ran = console.run(*buy(order_id))

    assert 4 == ran.code
    assert "not settled yet" in ran.out
    assert "reconcile" in ran.out
