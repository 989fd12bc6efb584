"""Times a batch against the rate limit it must keep, at the sandbox with Amazon's limits on.

Run it as a script: `python -m tests.bench.bench_batch [--orders 80] [--slow SECONDS]`; with 80
orders it takes two minutes. Each purchase needs one fresh look (getOrder, 30 at once and then
one in two seconds), which is what bounds a batch. "Allowed" is what the limit permits in the
time the run took, "turned away" counts requests at the server that brought nothing: with no
fault armed, those it answered 429. `--slow` delays every purchase's answer.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.batch import EntryState, Limits
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.sandbox.server import RunningSandbox, start
from primetui.usecases.batch_control import Activity, Progress
from primetui.usecases.plan_batch import plan_batch
from primetui.usecases.run_batch import run_batch
from tests.watching import Watcher

BURST = 30
PER_SECOND = 0.5
STORY = {"store": "US", "programs": ["PRIME"], "status": "UNSHIPPED"}


@dataclass(frozen=True)
class Measured:
    """What one run came to."""

    orders: int
    bought: int
    seconds: float
    looks: int
    """getOrder calls the server has seen."""
    sales: int
    """purchaseShipment calls the server has seen."""
    waits: int
    """Pauses the batch took because it was told to."""

    @property
    def allowed(self) -> float:
        """Calls the limit permits in that time."""
        return BURST + PER_SECOND * self.seconds

    @property
    def ratio(self) -> float:
        """Share of the allowed that was bought."""
        return self.bought / self.allowed

    @property
    def turned_away(self) -> int:
        """Calls that brought nothing."""
        return self.looks - self.bought + self.sales - self.bought


def measure(count: int, slow: float) -> Measured:
    """Plan and run a batch of so many orders."""
    with (
        TemporaryDirectory() as folder,
        start(seed=1, orders=0, limits=True) as sandbox,
        bootstrap.open_desk(Settings(home=Path(folder) / "home", operator="bench")) as desk,
    ):
        ids = connected(sandbox, desk, count)
        if slow:
            fault = {"operation": "purchaseShipment", "kind": "slow", "nth": "every"}
            tell(sandbox, "faults", [fault | {"delay_seconds": slow}])
        batch = plan_batch(desk, ids, Limits(), Watcher())
        watcher = Watcher(turns=sys.maxsize)
        watcher.on_tell = say
        begun = time.perf_counter()
        done = run_batch(desk, batch.id, watcher)
        seconds = time.perf_counter() - begun
        state = httpx.get(f"{sandbox.control}/state", trust_env=False).json()
        sold = sum(order["live_labels"] for order in state["orders"])
        bought = len(done.of(EntryState.BOUGHT))
        if sold != bought:
            raise SystemExit(f"{bought} bought, {sold} sold")
        calls = state["calls"]
        return Measured(
            orders=count,
            bought=bought,
            seconds=seconds,
            looks=calls["getOrder"],
            sales=calls["purchaseShipment"],
            waits=len(watcher.waited),
        )


def connected(sandbox: RunningSandbox, desk: Desk, count: int) -> list[OrderId]:
    """Connect the US store and import so many orders that can be bought for."""
    story = STORY | {"ship_by": "+1d", "deliver_by": "+4d"}
    tell(sandbox, "clock", {"advance_seconds": -600})
    added = tell(sandbox, "orders", {"add": [story] * count})["added"]
    tell(sandbox, "clock", {"advance_seconds": 600})
    bootstrap.connect_sandbox(desk, sandbox.url)
    return [OrderId(order_id) for order_id in added]


def tell(sandbox: RunningSandbox, path: str, body: object) -> dict[str, list[str]]:
    """Tell the sandbox's control side something."""
    answer = httpx.post(f"{sandbox.control}/{path}", json=body, trust_env=False)
    told: dict[str, list[str]] = answer.raise_for_status().json()
    return told


def say(progress: Progress) -> None:
    """Show that it goes on."""
    if progress.activity is Activity.BUYING:
        print(f"\r{progress.number} of {progress.count}", end="", file=sys.stderr)  # noqa: T201 - a script


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=80)
    parser.add_argument("--slow", type=float, default=0.0)
    arguments = parser.parse_args()
    done = measure(arguments.orders, arguments.slow)
    print(file=sys.stderr)  # noqa: T201 - a script
    print("orders  bought  seconds  allowed  ratio  turned away  pauses")  # noqa: T201 - same
    print(  # noqa: T201 - same
        f"{done.orders:6}  {done.bought:6}  {done.seconds:7.1f}  {done.allowed:7.1f}  "
        f"{done.ratio:5.1%}  {done.turned_away:11}  {done.waits:6}"
    )


if __name__ == "__main__":
    main()
