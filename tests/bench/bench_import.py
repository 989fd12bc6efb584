"""Measure an import from Rithum and from Amazon: orders a second, calls, and the most memory.

.venv/bin/python tests/bench/bench_import.py [--orders 10000]

The bare floor in the same run is the sandbox's own answers, read by a plain client and thrown
away. Memory is the largest resident set of a process that only imports.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from primetui import bootstrap
from primetui.adapters.throttle import Pace
from primetui.config import Settings
from primetui.domain.store import StoreKind
from primetui.sandbox.server import RunningSandbox, start
from primetui.usecases.import_orders import import_orders
from primetui.usecases.manage_stores import add_store


@dataclass(frozen=True, slots=True)
class Measured:
    """One import."""

    kind: str
    orders: int
    seconds: float
    floor_seconds: float
    megabytes: float

    def line(self) -> str:
        """Write it as a row of the table."""
        rate = self.orders / self.seconds
        share = self.floor_seconds / self.seconds
        return (
            f"{self.kind:7} {self.orders:7} {self.seconds:8.1f} {rate:9.0f} "
            f"{self.floor_seconds:8.1f} {share:7.0%} {self.megabytes:8.0f}"
        )


def main() -> None:
    """Measure and print, or import in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--import-into", default="")
    parser.add_argument("--kind", default="")
    arguments = parser.parse_args()
    if arguments.import_into:
        imported(Path(arguments.import_into), StoreKind(arguments.kind))
        return
    print("kind     orders  seconds  orders/s  floor s   floor      MB")  # noqa: T201 - a script
    for done in measured(arguments.orders):
        print(done.line(), flush=True)  # noqa: T201 - same


def measured(count: int) -> Iterator[Measured]:
    """Import from each kind of store."""
    for kind in (StoreKind.AMAZON, StoreKind.RITHUM):
        ours, theirs = (count, 0) if kind is StoreKind.AMAZON else (0, count)
        with (
            start(seed=1, orders=ours, rithum_orders=theirs, limits=False) as sandbox,
            tempfile.TemporaryDirectory() as home,
        ):
            connect(sandbox, Path(home), kind)
            floor = pages_of(sandbox, kind)
            run = [sys.executable, __file__, "--import-into", home, "--kind", kind]
            ran = subprocess.run(run, check=True, capture_output=True, text=True)
            told = json.loads(ran.stdout)
            yield Measured(kind, told["seen"], told["seconds"], floor, told["megabytes"])


def connect(sandbox: RunningSandbox, home: Path, kind: StoreKind) -> None:
    """Connect the sandbox's stores of a kind."""
    with bootstrap.open_desk(Settings(home=home, operator="bench")) as desk:
        for new in bootstrap.sandbox_stores(sandbox.url):
            if new.kind is kind:
                add_store(desk, new)


def imported(home: Path, kind: StoreKind) -> None:
    """Import every store and say what it took."""
    quick = Pace(pause=lambda _seconds: None)
    with bootstrap.open_desk(Settings(home=home, operator="bench"), pace=unhurried(quick)) as desk:
        began = time.perf_counter()
        done = import_orders(desk)
        seconds = time.perf_counter() - began
    assert not [one.failure for one in done if one.failure], done
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"seen": sum(one.report.seen for one in done), "seconds": seconds, "megabytes": peak}
    print(json.dumps(told | {"kind": kind}))  # noqa: T201 - the parent reads it


def unhurried(pace: Pace) -> Pace:
    """Believe that pauses pass at once: limits are off over there."""
    skipped = [0.0]

    def pause(seconds: float) -> None:
        skipped[0] += seconds

    return Pace(monotonic=lambda: time.monotonic() + skipped[0], pause=pause, jitter=pace.jitter)


def pages_of(sandbox: RunningSandbox, kind: StoreKind) -> float:
    """Time a plain client that reads every page and throws it away."""
    with httpx.Client(base_url=sandbox.url, trust_env=False, timeout=60) as http:
        began = time.perf_counter()
        if kind is StoreKind.AMAZON:
            for store in sandbox.credentials["stores"][:2]:
                amazon_pages(http, store)
            return time.perf_counter() - began
        numbers, headers = rithum_pages(http, sandbox.credentials["stores"][-1])
        seconds = time.perf_counter() - began
        for number in numbers:  # so that they are handed over to the import, too
            http.delete(f"/v1/Orders({number})/Export", headers=headers)
        return seconds


def amazon_pages(http: httpx.Client, store: dict[str, str]) -> None:
    """Read every page of a seller's orders."""
    names = ("client_id", "client_secret", "refresh_token")
    form = {"grant_type": "refresh_token", **{name: store[name] for name in names}}
    token = http.post("/auth/o2/token", data=form).json()["access_token"]
    query = {"lastUpdatedAfter": "2020-01-01T00:00:00Z"}
    query["includedData"] = "FULFILLMENT,PACKAGES,CANCELLATION"
    while True:
        page = http.get(
            "/orders/2026-01-01/orders", params=query, headers={"x-amz-access-token": token}
        ).json()
        if "pagination" not in page:
            return
        query["paginationToken"] = page["pagination"]["nextToken"]


def rithum_pages(http: httpx.Client, store: dict[str, str]) -> tuple[list[int], dict[str, str]]:
    """Read every page of a profile's orders, and acknowledge each, as an import has to."""
    form = {"grant_type": "refresh_token", "refresh_token": store["refresh_token"]}
    pair = (store["client_id"], store["client_secret"])
    token = http.post("/oauth2/token", data=form, auth=pair).json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    link = "/v1/Orders?$expand=Items,Fulfillments($expand=Items),CustomFields"
    numbers: list[int] = []
    while link:
        page = http.get(link, headers=headers).json()
        numbers += [order["ID"] for order in page["value"]]
        link = page.get("@odata.nextLink", "")
    for number in numbers:
        http.post(f"/v1/Orders({number})/Export", headers=headers)
    return numbers, headers


if __name__ == "__main__":
    main()
