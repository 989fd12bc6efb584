"""Kills writers at random instants and looks at what is on the disk after each.

Run it as a script for as many kills as you like: `python -m tests.adapters.tinydb.killing HOME
1000`. Writers are forked from here, where everything is loaded already: a kill costs milliseconds.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.rows import Snapshot, Transaction
from primetui.errors import RepositoryError

WRITERS = ("a", "b")
RING = 60
"""So many notes each writer keeps, each written over when its turn comes again."""
WRITES_FOR_SECONDS = 0.02
MOSTLY = 0.85
EXAMINED_EVERY = 20


@dataclass
class Report:
    """What was done and what was wrong with it."""

    kills: int = 0
    acknowledged: int = 0
    unacknowledged: int = 0
    """Transactions on the disk whose writer was killed before it could say so."""
    lost: int = 0
    torn: int = 0
    damaged: int = 0


def step(tx: Transaction, writer: str) -> int:
    """Count on, for oneself and for both, and write a note: all of it or nothing."""
    mine, total = counted(tx, writer) + 1, counted(tx, "total") + 1
    tx.put("counters", writer, {"value": mine})
    tx.put("notes", f"{writer}{mine % RING}", {"mine": mine, "pad": "x" * (total % 7 * 600)})
    tx.put("counters", "total", {"value": total})
    return mine


def counted(now: Snapshot, id_: str) -> int:
    """Read a counter."""
    return int((now.get("counters", id_) or {"value": 0})["value"])


def write_for_ever(home: Path, writer: str, told: int) -> None:
    """Write until killed, and tell of each transaction once it is on the disk."""
    engine = Engine(home)
    while True:
        mine = engine.transact(lambda tx: step(tx, writer))
        os.write(told, b"%012d" % mine)


def spawn(home: Path, writer: str) -> tuple[int, int]:
    """Fork a writer; give its process and where it tells."""
    listening, told = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(listening)
            write_for_ever(home, writer, told)
        finally:
            os._exit(1)
    os.close(told)
    return process, listening


def last_word(listening: int, first: bytes) -> int:
    """Read everything a writer told after its first word; give the last number it told whole."""
    with os.fdopen(listening, "rb") as stream:
        words = first + stream.read()
    whole = len(words) // 12 * 12
    return int(words[whole - 12 : whole]) if whole else 0


def round_of_kills(home: Path, chosen: random.Random) -> dict[str, int]:
    """Let two writers write and kill them one after the other; give what each acknowledged."""
    writers = {name: spawn(home, name) for name in WRITERS}
    said: dict[str, int] = {}
    # Some die while they open the store; most are let write first.
    patient = chosen.random() < MOSTLY
    first = {name: os.read(writers[name][1], 12) if patient else b"" for name in WRITERS}
    for name in chosen.sample(WRITERS, len(WRITERS)):
        process, listening = writers[name]
        until = time.monotonic() + chosen.uniform(0, WRITES_FOR_SECONDS)
        while time.monotonic() < until:
            pass
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        said[name] = last_word(listening, first[name])
    return said


def look(engine: Engine, said: dict[str, int], before: dict[str, int], report: Report) -> None:
    """Compare what is on the disk with what was acknowledged."""
    with engine.snapshot() as now:
        found = {name: counted(now, name) for name in WRITERS}
        report.torn += counted(now, "total") != sum(found.values())
        for name in WRITERS:
            least = max(said[name], before[name])
            report.lost += found[name] < least
            report.unacknowledged += found[name] == least + 1
            report.torn += found[name] > least + 1
            report.acknowledged += max(0, said[name] - before[name])
            report.torn += sum(1 for _ in wrong_notes(now, name, found[name]))
    before.update(found)


def wrong_notes(now: Snapshot, writer: str, mine: int) -> Iterator[str]:
    """Name the notes that are not the last ones their writer wrote."""
    for number in range(max(1, mine - RING + 1), mine + 1):
        note: dict[str, Any] = now.get("notes", f"{writer}{number % RING}") or {}
        if note.get("mine") != number:
            yield f"{writer}{number}"


def run(home: Path, kills: int, seed: int) -> Report:
    """Kill so many writers; a store that cannot be read any more counts as damaged."""
    chosen, report = random.Random(seed), Report()  # noqa: S311 - instants, not secrets
    before = dict.fromkeys(WRITERS, 0)
    while report.kills < kills:
        said = round_of_kills(home, chosen)
        report.kills += len(WRITERS)
        try:
            with closing(Engine(home)) as engine:
                look(engine, said, before, report)
                if report.kills % EXAMINED_EVERY == 0:
                    report.damaged += bool(engine.integrity())
        except RepositoryError as error:
            report.damaged += 1
            print(error, file=sys.stderr)  # noqa: T201 - a script
    return report


if __name__ == "__main__":
    home_, kills_, *seed_ = sys.argv[1:]
    print(json.dumps(asdict(run(Path(home_), int(kills_), int((seed_ or ["1"])[0])))))  # noqa: T201 - same
