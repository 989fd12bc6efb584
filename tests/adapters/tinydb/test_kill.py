"""Kills and races: nothing acknowledged is lost, nothing half done is seen."""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from primetui.adapters.tinydb.engine import Engine

ROOT = Path(__file__).parents[3]
KILLS = 100

WRITER = """
import sys
from pathlib import Path
from primetui.adapters.tinydb.engine import Engine

engine = Engine(Path(sys.argv[1]))
writer, limit = sys.argv[2], int(sys.argv[3])

def add(tx):
    mine = (tx.get("counters", writer) or {"value": 0})["value"] + 1
    total = (tx.get("counters", "total") or {"value": 0})["value"] + 1
    tx.put("counters", writer, {"value": mine})
    tx.put("log", f"{writer}-{mine}", {"pad": "x" * (total % 7 * 600)})
    tx.put("counters", "total", {"value": total})
    return mine

mine = 0
while mine < limit:
    mine = engine.transact(add)
    print(mine, flush=True)
engine.close()
"""


def start(home: Path, writer: str, limit: int) -> subprocess.Popen[str]:
    """Start a process that writes and says each number once it is on disk."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home), writer, str(limit)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_after(process: subprocess.Popen[str], seconds: float) -> int:
    """Let a writer write, kill it without warning, and give the last number it said."""
    with process:
        assert process.stdout is not None
        first = process.stdout.readline()
        pause(seconds)
        process.kill()
        rest = process.stdout.read()
    whole = (first + rest).rpartition("\n")[0]
    return int(whole.splitlines()[-1])


def pause(seconds: float) -> None:
    """Let the writer write for a while: its death must come at any instant, so we do wait."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def value(engine: Engine, id_: str) -> int:
    """Read a counter."""
    counter: dict[str, Any] = engine.get("counters", id_) or {"value": 0}
    return int(counter["value"])


def test_killed_at_any_instant_nothing_acknowledged_is_lost(home: Path) -> None:
    """A hundred writers killed while another one writes: nothing lost, torn or damaged."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.adapters.tinydb.killing", str(home), str(KILLS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    report = json.loads(done.stdout)

    assert (KILLS, 0, 0, 0) == tuple(report[name] for name in ("kills", "lost", "torn", "damaged"))
    assert report["acknowledged"] > KILLS
    assert report["unacknowledged"] > 0


def test_a_kill_gives_the_turn_to_the_next_writer(home: Path) -> None:
    """A dead writer's lock is free at once, and the one beside it goes on."""
    with start(home, "b", 300) as survivor:
        said = killed_after(start(home, "a", 10**9), 0.05)
        survivor.communicate(timeout=60)

    with closing(Engine(home)) as engine:
        assert value(engine, "a") in {said, said + 1}
        assert value(engine, "b") == 300
        assert value(engine, "a") + 300 == value(engine, "total") == engine.count("log")


def test_two_processes_lose_no_update(home: Path) -> None:
    """Two processes that each add three hundred leave six hundred, whoever opened first."""
    with start(home, "a", 300) as one, start(home, "b", 300) as two:
        one.communicate(timeout=60)
        two.communicate(timeout=60)

    with closing(Engine(home)) as engine:
        assert [300, 300, 600] == [value(engine, id_) for id_ in ("a", "b", "total")]
        assert engine.count("log") == 600
        with engine.snapshot() as now:
            assert now.revision() == 600


def test_many_processes_may_open_a_new_store_at_once(home: Path) -> None:
    """Whoever comes first shapes the file; nobody finds it half made."""
    processes = [start(home, str(n), 1) for n in range(6)]
    for process in processes:
        with process:
            process.communicate(timeout=60)
        assert process.returncode == 0

    with closing(Engine(home)) as engine:
        assert value(engine, "total") == 6


def test_the_file_is_whole_for_plain_sqlite(home: Path) -> None:
    """A store is an ordinary SQLite file that other tools can read."""
    with closing(Engine(home)) as engine:
        engine.transact(lambda tx: tx.put("orders", "1", {"status": "x"}))
    with closing(sqlite3.connect(home / "primetui.db")) as raw:
        rows = raw.execute("SELECT tbl, id, body FROM doc").fetchall()

    assert [("orders", "1", {"status": "x"})] == [(t, i, json.loads(b)) for t, i, b in rows]
