"""Run the simulation for as many steps as asked, and say what was seen.

python tests/simulation/run_long.py --steps 1000000 [--seed N] [--steps-each 60]
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import ClassVar

sys.path.insert(0, str(Path(__file__).parents[2]))

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.machine import Buying

TOWNS = 200
"""Towns that share one seed; then the next one starts afresh."""


def storm(number: int, steps_each: int, *, shrink: bool) -> type[Buying]:
    """Make a machine with its own counts and its own seed."""

    class Storm(Buying):
        steps = 0
        seen: ClassVar[Counter[str]] = Counter()

    profile = settings(
        max_examples=TOWNS,
        stateful_step_count=steps_each,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(seed(number)(Storm), settings=profile)
    return Storm


def say(line: str) -> None:
    """Print a line at once: a long run is watched."""
    print(line, flush=True)  # noqa: T201 - this script reports


def main() -> int:
    """Count steps until there are enough of them, or until something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps-each", type=int, default=60)
    parser.add_argument("--shrink", action="store_true", help="look for the shortest way there")
    wish = parser.parse_args()
    done, towns, number, seen = 0, 0, wish.seed, Counter[str]()
    started = time.perf_counter()
    while done < wish.steps:
        ran = storm(number, wish.steps_each, shrink=wish.shrink)
        done, towns, number = done + ran.steps, towns + TOWNS, number + 1
        seen += ran.seen
        seconds = time.perf_counter() - started
        say(f"{done} steps, {towns} towns, 0 violations, {done / seconds:.0f} steps/s")
    for name, count in seen.most_common():
        say(f"{count:>9}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
