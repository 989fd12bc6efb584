"""The disk fails in the middle of a purchase: the operator is told which of the three it is.

Bought, not bought, or not known yet; whatever is said is true, and nothing is lost (R21).
"""

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.errors import RepositoryError
from primetui.usecases.purchase_label import NotBought, Purchased, Unresolved
from primetui.usecases.reconcile_purchases import StillUnknown
from primetui.usecases.void_label import NotVoided, Voided, VoidUnresolved
from tests.simulation.deeds import Deeds
from tests.simulation.town import Town
from tests.simulation.truth import check, settle

SMALL_DISK = Path(__file__).with_name("small_disk.py")
EVERY = range(0, 75, 5)
"""At which touches of disk and line the trouble begins; a purchase has about seventy."""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Open a town whose writers are not patient."""
    opened = Town(tmp_path / "home")
    for repository in opened.repositories:
        assert isinstance(repository, DocumentRepository)
        repository.engine._patience_seconds = 0.02
        while (patient := repository.engine._take_idle()) is not None:
            patient.close()
    yield opened
    opened.close()


def ready(town: Town, deeds: Deeds) -> Callable[..., object]:
    """Let an order come in and fetch its rates; give a way to do something to it."""
    order_id = town.arrive()
    town.later(300)
    town.do(0, deeds.named("import", order_id))
    assert town.do(0, deeds.named("rates", order_id))
    return lambda name: town.do(0, deeds.named(name, order_id))


@contextmanager
def busy(home: Path, *, by_primetui: bool) -> Iterator[None]:
    """Hold the right to write, as a suspended PrimeTUI or as another program would."""
    if by_primetui:
        lock = os.open(home / "primetui.lock", os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(lock)
        return
    with closing(sqlite3.connect(home / "primetui.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("by_primetui", [True, False])
@pytest.mark.parametrize("at", EVERY)
def test_R21_a_store_that_becomes_busy_in_a_purchase(
    town: Town, at: int, *, by_primetui: bool
) -> None:
    """From any instant on nothing can be written: what is said is so, and is settled later."""
    deeds = Deeds(town)
    act = ready(town, deeds)
    held = busy(town.home, by_primetui=by_primetui)
    town.fuses[0].interrupt_at(at, held.__enter__)
    before = town.purchase_requests

    said = act("buy old")

    began = town.fuses[0].went_off
    assert isinstance(said, Purchased | NotBought | Unresolved), said
    sold = sum(len(order["labels"]) for order in town.sandbox.truth().values())
    if isinstance(said, NotBought):
        assert before == town.purchase_requests
    assert sold == (0 if isinstance(said, NotBought) or town.purchase_requests == before else 1)
    check(town)
    if began:
        held.__exit__(None, None, None)
    settle(town)


@pytest.mark.parametrize("kind", ["lost_after_effect", "throttle", "duplicate_shipment"])
@pytest.mark.parametrize("at", range(50, 75, 3))
def test_R21_a_store_that_becomes_busy_while_the_line_fails_too(
    town: Town, at: int, kind: str
) -> None:
    """A purchase that has left and whose end is not on disk is never called not bought."""
    deeds = Deeds(town)
    act = ready(town, deeds)
    town.sandbox.tell("faults", [{"operation": "purchaseShipment", "kind": kind}])
    held = busy(town.home, by_primetui=True)
    town.fuses[0].interrupt_at(at, held.__enter__)

    said = act("buy old")

    assert isinstance(said, NotBought | Unresolved), said
    pending = bool(town.eyes.pending_purchases())
    assert town.purchase_requests == 0 or isinstance(said, Unresolved) is pending
    check(town)
    if town.fuses[0].went_off:
        held.__exit__(None, None, None)
    settle(town)


@pytest.mark.parametrize("at", range(0, 40, 4))
def test_a_store_that_becomes_busy_in_a_void(town: Town, at: int) -> None:
    """A void that could not be written down is called unknown, never done and never undone."""
    deeds = Deeds(town)
    act = ready(town, deeds)
    assert isinstance(act("buy old"), Purchased)
    held = busy(town.home, by_primetui=True)
    town.fuses[0].interrupt_at(at, held.__enter__)

    said = act("void")

    (order,) = town.sandbox.truth().values()
    assert isinstance(said, Voided | NotVoided | VoidUnresolved), said
    assert isinstance(said, VoidUnresolved) or isinstance(said, NotVoided) == order["live_labels"]
    check(town)
    if town.fuses[0].went_off:
        held.__exit__(None, None, None)
    settle(town)


@pytest.mark.parametrize("at", EVERY)
def test_R21_a_store_that_becomes_busy_in_a_reconcile(town: Town, at: int) -> None:
    """A purchase whose settlement could not be written down stays unknown until it can."""
    deeds = Deeds(town)
    act = ready(town, deeds)
    town.sandbox.tell("faults", [{"operation": "purchaseShipment", "kind": "lost_before_effect"}])
    assert isinstance(act("buy old"), Unresolved)
    held = busy(town.home, by_primetui=True)
    town.fuses[0].interrupt_at(at, held.__enter__)

    said = act("reconcile")

    assert isinstance(said, tuple), said
    pending = len(town.eyes.pending_purchases())
    assert pending == sum(isinstance(one, StillUnknown) for one in said)
    check(town)
    if town.fuses[0].went_off:
        held.__exit__(None, None, None)
    settle(town)


@pytest.mark.parametrize("mode", ["full", "read-only"])
def test_R21_a_real_disk_that_is_full_or_read_only(tmp_path: Path, mode: str) -> None:
    """On a small disk of its own: the same three words, and nothing lost once there is room."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare: a disk of one's own cannot be mounted here")
    into = [unshare, "--user", "--map-root-user", "--mount"]
    if subprocess.run([*into, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no user namespaces: a disk of one's own cannot be mounted here")

    done = subprocess.run(
        [*into, sys.executable, str(SMALL_DISK), mode, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    assert RepositoryError.__name__ not in outcomes
    expected = {"full": {"NotBought", "Unresolved", "Purchased"}, "read-only": {"refused"}}
    assert expected[mode] == set(outcomes)
