"""Plant bugs one by one in a copy of the program, and see which suite catches each.

python tests/simulation/mutants.py [--only WORD] [--all]

A bug that no suite catches is a missing test; the exit code says so.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUITES = {
    "domain": ("tests/domain/test_purchase.py", "tests/domain/test_clearance.py"),
    "requests": ("tests/simulation/test_requests.py",),
    "simulation": ("tests/simulation/test_simulation.py", "-k", "bought_twice"),
    "disk": ("tests/simulation/test_disk.py",),
    "use cases": (
        "tests/usecases/test_purchase_label.py",
        "tests/usecases/test_reconcile_purchases.py",
        "tests/usecases/test_void_label.py",
    ),
}
BUY = "primetui/usecases/purchase_label.py"
RECONCILE = "primetui/usecases/reconcile_purchases.py"
VOID = "primetui/usecases/void_label.py"
LABEL = "primetui/domain/label.py"


@dataclass(frozen=True)
class Mutant:
    """A bug: what to replace by what, where; every text must be there once."""

    name: str
    edits: tuple[tuple[str, str, str], ...]


def one(name: str, path: str, good: str, bad: str) -> Mutant:
    """Make a bug of one edit."""
    return Mutant(name, ((path, good, bad),))


MUTANTS = (
    one(
        "ignore a pending purchase",
        BUY,
        "next((p for p in reads.purchases(order_id) if p.is_pending), None)",
        "next((p for p in reads.purchases(order_id) if False), None)",
    ),
    one(
        "a timeout is a failure",
        "primetui/adapters/answers.py",
        "    return NoAnswer(",
        "    return Unreachable(",
    ),
    one(
        "a garbled answer is a failure",
        "primetui/adapters/answers.py",
        "    return Malformed(",
        "    return Unreachable(",
    ),
    one(
        "the journal is written after the purchase",
        BUY,
        "        sent = step(desk, purchase, PurchaseState.SENT)\n",
        "        sent = purchase.step(Step(state=PurchaseState.SENT, at=desk.clock.now(), by='x'))\n",
    ),
    one("the intent is not on disk", BUY, "        tx.put_purchase(purchase)\n", ""),
    one("no grace", RECONCILE, "    if desk.clock.now() < waits_until:\n", "    if False:\n"),
    one(
        "the grace counts from the first sending",
        RECONCILE,
        "(purchase.last_sent_at or",
        "(purchase.sent_at or",
    ),
    one(
        "ignore the gate's refusal",
        "primetui/domain/clearance.py",
        "    if blocking:\n",
        "    if False:\n",
    ),
    one(
        "buy again after bought",
        BUY,
        "    return Purchased(label, already=True) if label else None\n",
        "    return None\n",
    ),
    one(
        "settle without a lease",
        RECONCILE,
        "        with desk.repository.lease(purchase.order_id, desk.operator):\n",
        "        if True:\n",
    ),
    one(
        "buy without a lease",
        BUY,
        "        with desk.repository.lease(order_id, desk.operator):\n",
        "        if True:\n",
    ),
    Mutant(
        "open without a transaction, buy without a lease",
        (
            (
                BUY,
                "        with desk.repository.lease(order_id, desk.operator):\n",
                "        if 1:\n",
            ),
            (BUY, "        earlier = bought_before(tx, order_id)\n", "        earlier = None\n"),
        ),
    ),
    one(
        "send again under a new key",
        BUY,
        "_ask(desk, verdict, again))",
        "_ask(desk, verdict, again.model_copy(update={'key': desk.names.new()})))",
    ),
    one(
        "send again though the order was cancelled",
        BUY,
        "    verdict = clear(seen, purchase.shipment,",
        "    verdict = clear(purchase.order, purchase.shipment,",
    ),
    Mutant(
        "a refusal of the second sending is not bought",
        (
            (
                LABEL,
                "            return _NEXT[self.state] - {PurchaseState.VOIDED}\n",
                "            pass\n",
            ),
            (
                BUY,
                "            return adopted\n    except PortError as error:\n",
                (
                    "            return adopted\n    except NotDone as error:\n"
                    "        voided = step(desk, again, PurchaseState.VOIDED, str(error))\n"
                    "        return Unresolved(voided, str(error))\n    except PortError as error:\n"
                ),
            ),
        ),
    ),
    one(
        "a void without an answer is done",
        VOID,
        "    except Unsure as error:\n        return VoidUnresolved(asked, str(error))\n",
        "    except Unsure:\n        pass\n",
    ),
    one(
        "a void refused when asked again never happened",
        VOID,
        "        if repeated:\n",
        "        if False:\n",
    ),
    one(
        "a label without papers is dropped",
        BUY,
        "    desk.repository.transact(lambda tx: write_posted(desk, tx, purchase, label))\n",
        "    if label.documents:\n"
        "        desk.repository.transact(lambda tx: write_posted(desk, tx, purchase, label))\n",
    ),
    one("a late package is ignored", RECONCILE, "    if appeared:\n", "    if False:\n"),
    one(
        "what was sent is taken for never sent",
        RECONCILE,
        "    if purchase.state is PurchaseState.INTENT:\n",
        "    if purchase.state in {PurchaseState.INTENT, PurchaseState.SENT}:\n",
    ),
    one(
        "the line repeats what costs money",
        "primetui/adapters/http.py",
        "                if not call.reads:\n",
        "                if False:\n",
    ),
    one(
        "buy on an order that could not be read afresh",
        BUY,
        "        return NotBought(reason, wait_seconds=_wait_seconds(error))\n",
        "        _ = reason\n",
    ),
    one(
        "a disk that fails after the sale is 'not bought'",
        BUY,
        "        return _sent(desk, cleared, sent)\n    except RepositoryError as error:\n",
        "        return _sent(desk, cleared, sent)\n    except Busy as error:\n",
    ),
)


def plant(mutant: Mutant, folder: Path) -> None:
    """Copy the program and its tests, and put the bug in."""
    junk = shutil.ignore_patterns("__pycache__")
    for name in ("primetui", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=junk)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for path, good, bad in mutant.edits:
        text = (folder / path).read_text()
        if text.count(good) != 1:
            raise SystemExit(f"{mutant.name}: its place in {path} is gone: look at it again")
        (folder / path).write_text(text.replace(good, bad))


def catches(folder: Path, arguments: tuple[str, ...]) -> bool:
    """Run a suite on the copy; a failed test has caught the bug, anything else is our mistake."""
    command = (sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider")
    done = subprocess.run(
        [*command, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stdout + done.stderr)
    return done.returncode == 1


def main() -> int:
    """Plant each bug, run the suites, print the table."""
    parser = argparse.ArgumentParser(description="Plant bugs and see what catches them.")
    parser.add_argument("--all", action="store_true", help="ask every suite, not up to the first")
    parser.add_argument("--only", default="", help="a word of the bugs to plant")
    wish = parser.parse_args()
    survived = 0
    for mutant in MUTANTS:
        if wish.only not in mutant.name:
            continue
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            plant(mutant, Path(folder))
            caught: list[str] = []
            for name, suite in SUITES.items():
                if (wish.all or not caught) and catches(Path(folder), suite):
                    caught.append(name)
        survived += not caught
        seconds = time.perf_counter() - started
        line = f"{mutant.name:<52} {', '.join(caught) or 'SURVIVED':<48} {seconds:4.0f} s"
        print(line, flush=True)  # noqa: T201 - this script reports
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
