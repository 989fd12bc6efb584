"""Times document stores side by side: stock TinyDB, peers from PyPI, bare SQLite, PostgreSQL, ours.

Run it as a script: `python -m tests.bench.bench_peers [--peers DIR] [ORDERS ...]`; 1,000, 10,000
and 100,000 by default. DIR is a folder into which the peers were installed; without it they are
left out. Each store works in a process of its own, so its memory is its own. Where one call
takes long it is made less often. The PostgreSQL of this bench does not wait for a disk.
"""

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from primetui.adapters.documents.codec import to_document
from tests.bench.bench_store import record
from tests.bench.peers import KINDS, Store, open_store
from tests.postgres import a_database

BATCH = 500
ROUNDS = 200
READS = 20
PATIENCE_SECONDS = 6.0
"""A measure ends after so long, however few its rounds."""
WRITING_SECONDS = 10.0
SHARED = 20
"""Orders that both writers count on."""
SLOW = {"tinydb", "tinydb-sqlite", "betterjsonstorage"}
LONG_FILL = 10_000
"""Peers that write everything anew are filled in one go beyond this."""


@dataclass
class Measured:
    """One line of the table, in milliseconds and megabytes."""

    open_ms: float
    insert_ms: float
    update_ms: float
    update_p99_ms: float
    get_ms: float
    indexed_ms: float
    free_ms: float
    memory_mb: float


def orders(first: int, last: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Make orders of about 2 kB, one in a hundred of a rarer status."""
    for number in range(first, last):
        document = to_document(record(number))
        document["order"]["status"] = "Cancelled" if number % 100 == 0 else "Shipped"
        yield str(number + 1), document | {"writes": 0}


def spans(rounds: int, work: Callable[[int], object]) -> list[float]:
    """Time a piece of work again and again, in milliseconds."""
    found: list[float] = []
    start = time.perf_counter()
    while len(found) < rounds and time.perf_counter() - start < PATIENCE_SECONDS:
        before = time.perf_counter()
        work(len(found))
        found.append((time.perf_counter() - before) * 1000)
    return sorted(found)


def fill(store: Store, kind: str, size: int) -> None:
    """Fill a store up to a size."""
    step = size if kind in SLOW and size > LONG_FILL else BATCH
    for first in range(0, size, step):
        store.insert(orders(first, min(size, first + step)))


def measure(kind: str, size: int, folder: Path, url: str) -> Measured:
    """Measure a store that is filled already, in a fresh process."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    store = open_store(kind, folder, url)
    store.count()
    opened = (time.perf_counter() - start) * 1000
    gets = spans(ROUNDS, lambda n: store.get(str(n * 7919 % size + 1)))
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    start = time.perf_counter()
    store.insert(orders(size, size + BATCH))
    inserted = (time.perf_counter() - start) * 1000
    updates = spans(ROUNDS, lambda n: store.update(str(n * 7919 % size + 1), n))
    indexed, free = spans(READS, lambda _: store.indexed()), spans(READS, lambda _: store.free())
    store.close()
    return Measured(
        opened,
        inserted,
        statistics.median(updates),
        updates[int(len(updates) * 0.99)],
        statistics.median(gets),
        statistics.median(indexed),
        statistics.median(free),
        memory,
    )


def write(kind: str, folder: Path, url: str) -> dict[str, int]:
    """Be one of two writers; give how many writes were acknowledged, and how many failed."""
    done = {"acknowledged": 0, "errors": 0}
    store = open_store(kind, folder, url)
    end = time.monotonic() + WRITING_SECONDS
    number = 0
    while time.monotonic() < end:
        number += 1
        try:
            store.add(str(number % SHARED + 1))
            done["acknowledged"] += 1
        except Exception:  # noqa: BLE001 - whatever a peer raises is counted, that is the bench
            done["errors"] += 1
    with contextlib.suppress(Exception):
        store.close()
    return done


def left(kind: str, folder: Path, url: str) -> int:
    """Sum up what two writers left."""
    store = open_store(kind, folder, url)
    found = sum(store.number(str(number + 1)) for number in range(SHARED))
    store.close()
    return found


def child(peers: str, *words: str) -> subprocess.Popen[str]:
    """Do one thing in a process of its own."""
    path = os.pathsep.join(filter(None, (peers, os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bench_peers", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def answer(process: subprocess.Popen[str]) -> Any:
    """Wait for a process and read what it found; None when it failed."""
    out, _ = process.communicate()
    return json.loads(out) if process.returncode == 0 and out else None


def one(kind: str, size: int, peers: str) -> None:
    """Print the line of one store at one size."""
    url = a_database().get_secret_value() if "PostgreSQL" in kind else "-"
    with TemporaryDirectory() as folder:
        filled = answer(child(peers, "--do", "fill", kind, str(size), folder, url))
        found = filled and answer(child(peers, "--do", "measure", kind, str(size), folder, url))
    if not found:
        print(f"{size:8,}  {kind:24} not installed, or it failed")  # noqa: T201 - a script
        return
    print(f"{size:8,}  {kind:24}" + "".join(f" {value:10.2f}" for value in found.values()))  # noqa: T201 - same


def two(kind: str, peers: str) -> None:
    """Print what two writers of ten seconds came to."""
    url = a_database().get_secret_value() if "PostgreSQL" in kind else "-"
    with TemporaryDirectory() as folder:
        if not answer(child(peers, "--do", "fill", kind, "1000", folder, url)):
            return
        writers = [child(peers, "--do", "write", kind, "0", folder, url) for _ in range(2)]
        done = [answer(writer) or {"acknowledged": 0, "errors": 1} for writer in writers]
        sum_ = answer(child(peers, "--do", "left", kind, "0", folder, url))
    acknowledged = sum(one["acknowledged"] for one in done)
    errors = sum(one["errors"] for one in done)
    lost = "unreadable" if sum_ is None else f"{acknowledged - sum_:,} lost"
    print(f"{'':8}  {kind:24} {acknowledged:10,} acknowledged, {errors:,} errors, {lost}")  # noqa: T201 - same


def do(what: str, kind: str, size: int, folder: Path, url: str) -> Any:
    """Do one thing in this process."""
    if what == "fill":
        store = open_store(kind, folder, url)
        fill(store, kind, size)
        store.close()
        return True
    if what == "measure":
        return asdict(measure(kind, size, folder, url))
    return write(kind, folder, url) if what == "write" else left(kind, folder, url)


def main() -> None:
    """Compare all, or do one thing of it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default="", metavar="DIR")
    parser.add_argument("--do", default="", help=argparse.SUPPRESS)
    parser.add_argument("words", nargs="*")
    arguments = parser.parse_args()
    if arguments.do:
        kind, size, folder, url = arguments.words
        json.dump(do(arguments.do, kind, int(size), Path(folder), url), sys.stdout)
        return
    columns = ("open", "insert 500", "update", "p99", "get", "indexed", "free", "MB")
    print(f"{'orders':>8}  {'ms':24}" + "".join(f" {name:>10}" for name in columns))  # noqa: T201 - a script
    for size in [int(word) for word in arguments.words] or [1_000, 10_000, 100_000]:
        for kind in KINDS:
            one(kind, size, arguments.peers)
    print("\nTwo writers for ten seconds, on the same twenty orders")  # noqa: T201 - same
    for kind in KINDS:
        two(kind, arguments.peers)


if __name__ == "__main__":
    main()
