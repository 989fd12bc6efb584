"""Kill -9 at random instants: real processes, one home, one sandbox process, real HTTP.

python tests/simulation/kill_harness.py --kills 2000 [--seed N] [--store postgres]

Workers are forks of this warmed-up process that run PrimeTUI's own command line, one verb after
another, until they are killed. After each round, and once more when all has calmed down, the
journal is held against the sandbox's truth. Clocks are the only thing replaced: sandbox and
workers share one that can be moved, so that a grace of fifteen minutes takes no time.
"""

import argparse
import mmap
import os
import random
import shutil
import signal
import struct
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx

from primetui import bootstrap
from primetui.cli import run
from primetui.domain.label import LabelState, PurchaseState
from primetui.domain.shipment import OrderId
from primetui.ports import Clock
from primetui.sandbox.server import RunningSandbox, serve
from tests.postgres import a_database
from tests.repositories import KINDS, POSTGRES, TINYDB, AnyRepository, opener_on

WORKERS = 3
ROUND = 20
"""Kills between two looks at the truth."""
ORDERS = 12
LONGEST_LIFE = (0.5, 2.0)
"""Seconds a worker lives, more or less: at least, and at most on a machine that is busy."""
PURCHASES = 8
"""As long as so many imports take, which are half of a purchase each."""
START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "lost_after_effect"},
    {"kind": "lost_before_effect"},
    {"kind": "reset", "after_effect": True},
    {"kind": "error_500", "after_effect": True},
    {"kind": "error_503"},
    {"kind": "garbled"},
    {"kind": "truncated"},
    {"kind": "html", "after_effect": True},
    {"kind": "wrong_types"},
    {"kind": "throttle"},
    {"kind": "slow", "delay_seconds": 0.1},
    {"kind": "slow", "delay_seconds": 0.1, "after_effect": False},
    {"kind": "lost_after_effect", "listing_delay_seconds": 300},
)
OPERATIONS = ("purchaseShipment", "purchaseShipment", "cancelShipment", "getOrder", "getRates")


class SharedClock:
    """Time for all processes at once: the machine's, plus a span kept in shared memory."""

    def __init__(self) -> None:
        self._span = mmap.mmap(-1, 8)
        self._zero = time.time()

    def now(self) -> datetime:
        """Tell the time."""
        (moved,) = struct.unpack("d", self._span[:8])
        return START + timedelta(seconds=time.time() - self._zero + moved)

    def advance(self, seconds: float) -> None:
        """Move everybody's time."""
        (moved,) = struct.unpack("d", self._span[:8])
        self._span[:8] = struct.pack("d", moved + seconds)


@dataclass
class Tally:
    """What a run came to."""

    kills: int = 0
    verbs: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    sold: int = 0
    orphans: int = 0
    """Purchases whose process died between sending and writing the answer down."""


class Harness:
    """One home, one sandbox, and processes that never end well."""

    def __init__(self, folder: Path, seed: int, store: str) -> None:
        self.home = folder / "home"
        self._longest_life = LONGEST_LIFE[0]
        self._open_documents = self._choose(store)
        self.said = folder / "said"
        self.clock = SharedClock()
        self.tally = Tally()
        self._chance = random.Random(seed)  # noqa: S311 - instants, not secrets
        self._sandbox, self.url = self._start_sandbox(seed)
        self._http = httpx.Client(base_url=f"{self.url}/_sandbox", trust_env=False)
        self.orders: list[str] = []
        setattr(bootstrap, "SystemClock", lambda: self.clock)  # noqa: B010 - a stand-in for a class
        self._verb("stores", "add", "--sandbox", self.url)
        self._tell("settings", {"limits": False, "sells_twice": True})

    def close(self) -> None:
        """End the sandbox."""
        self._http.close()
        os.kill(self._sandbox, signal.SIGKILL)
        os.waitpid(self._sandbox, 0)

    def round(self, kills: int) -> None:
        """Let workers work and kill them, then look whether everything still holds."""
        self._new_orders()
        living = [self._spawn() for _ in range(WORKERS)]
        for left in range(kills, 0, -1):
            if self._chance.random() < 0.5:
                self._misfortune()
            pause(self._chance.uniform(0, self._longest_life / WORKERS))
            self._kill(living.pop(0))
            if left > WORKERS:
                living.append(self._spawn())
        self.check()

    def settle(self) -> None:
        """Let everything calm down: then nothing is pending and journal and truth are one."""
        self._tell("faults", [])
        for _ in range(3):
            self.clock.advance(20 * 60)
            self._verb("reconcile")
        with closing(self._eyes()) as eyes:
            stuck = eyes.pending_purchases()
            notes = [
                step.note
                for order in self._http.get("/state").json()["orders"]
                for purchase in eyes.purchases(OrderId(order["order_id"]))
                for step in purchase.steps
            ]
        self.tally.orphans = sum("stopped before it knew" in note for note in notes)
        self._hold(not stuck, f"{len(stuck)} purchases never settled")
        self.check(calm=True)

    def check(self, *, calm: bool = False) -> None:
        """Hold the journal against the truth."""
        truth = self._http.get("/state").json()["orders"]
        with closing(self._eyes()) as eyes:
            for order in truth:
                self._check_order(eyes, order, calm=calm)
            found = eyes.check().problems
        self._hold(not found, f"db check: {found}")
        self.tally.sold = sum(len(order["labels"]) for order in truth)

    def _check_order(self, eyes: AnyRepository, truth: dict[str, Any], *, calm: bool) -> None:
        order_id = OrderId(truth["order_id"])
        labels, purchases = eyes.labels(order_id), eyes.purchases(order_id)
        sold = {label["tracking"]: label["live"] for label in truth["labels"]}
        known = {label.tracking_id: label for label in labels}
        waiting = [p for p in purchases if p.state in {PurchaseState.SENT, PurchaseState.UNKNOWN}]
        hold = self._hold
        hold(truth["live_labels"] <= 1, f"{order_id}: {truth['live_labels']} live labels")
        hold(not truth["confirmations"], f"{order_id}: confirmed")
        hold(known.keys() <= sold.keys(), f"{order_id}: shows a label nobody sold")
        unseen = len(sold.keys() - known.keys())
        hold(unseen <= (0 if calm else len(waiting)), f"{order_id}: {unseen} labels are lost")
        wrong = [
            one
            for name, one in known.items()
            if one.state is not LabelState.VOIDING and sold.get(name) is not one.is_live
        ]
        hold(not wrong, f"{order_id}: {len(wrong)} labels are not what they are called")

    def _hold(self, holds: object, what: str) -> None:
        if not holds:
            self.tally.violations.append(what)

    def _eyes(self) -> AnyRepository:
        return self._open_documents(self.clock)

    def _choose(self, store: str) -> Callable[[Clock], AnyRepository]:
        """Choose where the documents are, for the workers too, as a merchant's setting does."""
        os.environ.pop("PRIMETUI_DATABASE", None)
        if store != POSTGRES:
            return opener_on(self.home)
        url = a_database()
        os.environ["PRIMETUI_DATABASE"] = url.get_secret_value()
        return opener_on(self.home, url)

    def _new_orders(self) -> None:
        """Let orders come in; those before them are mostly bought by now."""
        story = {"store": "US", "programs": ["PRIME"], "ship_by": "+2d", "deliver_by": "+5d"}
        added = self._tell("orders", {"add": [story | {"quantities": [1]}] * ORDERS})
        self.orders = added["added"]
        self.clock.advance(300)
        started = time.perf_counter()
        self._verb("import")
        shortest, longest = LONGEST_LIFE
        took = PURCHASES * (time.perf_counter() - started)
        self._longest_life = min(longest, max(shortest, took))

    def _misfortune(self) -> None:
        fault = self._chance.choice(FAULTS) | {"operation": self._chance.choice(OPERATIONS)}
        self._tell("faults", [fault])
        self.clock.advance(self._chance.choice([0, 0, 5, 60, 300]))

    def _tell(self, path: str, body: object) -> Any:
        answer = self._http.post(f"/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def _spawn(self) -> int:
        """Fork a worker that runs verbs until it is killed."""
        seed = self._chance.random()
        child = os.fork()
        if child:
            return child
        try:
            chance = random.Random(seed)  # noqa: S311 - which verb, not a secret
            while True:
                self._verb(*self._wish(chance))
        finally:
            os._exit(1)

    def _wish(self, chance: random.Random) -> tuple[str, ...]:
        order = chance.choice(self.orders)
        buy = ("buy", order, "--cheapest", "--max-charge", "500", "--yes")
        return chance.choices([buy, ("reconcile",), ("void", order, "--yes")], [6, 2, 2])[0]

    def _verb(self, *words: str) -> int:
        """Run PrimeTUI's command line in this process, and keep what it says."""
        place = ("--home", str(self.home), "--operator", f"worker {os.getpid()}")
        with self.said.open("a") as said, redirect_stdout(said), redirect_stderr(said):
            code = run([*words, *place])
            said.write(f"{words[0]} -> {code}\n")
        return code

    def _kill(self, child: int) -> None:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        self._hold(os.WIFSIGNALED(status), "a worker ended by itself")
        self.tally.kills += 1

    def _start_sandbox(self, seed: int) -> tuple[int, str]:
        """Fork the sandbox; it tells its address through a pipe."""
        reading, writing = os.pipe()
        child = os.fork()
        if child:
            os.close(writing)
            with os.fdopen(reading) as answer:
                return child, answer.readline().strip()
        os.close(reading)

        def tell(running: RunningSandbox) -> None:
            os.write(writing, f"{running.url}\n".encode())
            os.close(writing)

        serve(tell, seed=seed, orders=0, clock=self.clock.now)
        os._exit(0)


def pause(seconds: float) -> None:
    """Let workers work: a death must come at any instant, so this waits for real."""
    threading.Event().wait(seconds)


def storm(kills: int, seed: int, store: str = TINYDB) -> Tally:
    """Kill so many processes and report."""
    memory = Path("/dev/shm")  # noqa: S108 - many syncs; SIGKILL loses none of them anywhere
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    harness = Harness(folder, seed, store)
    try:
        while harness.tally.kills < kills and not harness.tally.violations:
            harness.round(min(ROUND, kills - harness.tally.kills))
        harness.settle()
        for line in harness.said.read_text().splitlines():
            if " -> " in line and len(line) < 20:
                harness.tally.verbs[line] += 1
    finally:
        harness.close()
        shutil.rmtree(folder, ignore_errors=True)
    return harness.tally


def main() -> int:
    """Run storms of two hundred kills each until there are enough."""
    parser = argparse.ArgumentParser(description="Kill -9 at random instants.")
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=KINDS, default=TINYDB)
    wish = parser.parse_args()
    total = Tally()
    number, started = wish.seed, time.perf_counter()
    while total.kills < wish.kills:
        one = storm(min(200, wish.kills - total.kills), number, wish.store)
        number += 1
        total.kills += one.kills
        total.sold += one.sold
        total.orphans += one.orphans
        total.verbs += one.verbs
        total.violations += one.violations
        seconds = time.perf_counter() - started
        report = f"{total.kills} kills, {total.sold} labels sold, {total.orphans} orphans, {seconds:.0f} s"
        print(f"{report}, {len(total.violations)} violations", flush=True)  # noqa: T201 - reports
    print(dict(total.verbs.most_common()), *total.violations, sep="\n")  # noqa: T201 - reports
    return 1 if total.violations else 0


if __name__ == "__main__":
    sys.exit(main())
