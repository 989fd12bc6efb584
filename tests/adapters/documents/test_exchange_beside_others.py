"""The master key is exchanged while others work: nobody waits, fails, or loses a buyer (R23)."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.domain.shipment import OrderId
from tests.contracts.test_repository import record
from tests.domain.made import NOW
from tests.vaults import vault_of

ROOT = Path(__file__).parents[3]
ROUNDS = 6

BUSY = """
import sys
from contextlib import closing
from pathlib import Path
from primetui.adapters.machine.clock import SetClock
from primetui.adapters.tinydb.repository import DocumentRepository
from tests.contracts.test_repository import record
from tests.domain.made import NOW
from tests.vaults import vault_of

home, name = Path(sys.argv[1]), sys.argv[2]
with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as repository:
    print("ready", flush=True)
    number = 0
    while not (home.parent / "enough").exists():
        number += 1
        mine = record(f"{name}-{number}")
        repository.transact(lambda tx: tx.put_order(mine))
        for one in (number, 1 + number // 2):
            found = repository.order(f"{name}-{one}")
            assert found is not None
            assert found.order.ship_to is not None
            assert found.order.ship_to.name == "Ada Buyer", (one, found.order.sealed)
    print(number, flush=True)
"""


@contextmanager
def busy(home: Path, name: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a process that keeps new orders and reads old ones, until it has been enough."""
    with subprocess.Popen(
        [sys.executable, "-c", BUSY, str(home), name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process


def test_R23_a_key_is_exchanged_while_two_processes_seal_and_open(tmp_path: Path) -> None:
    """Six times over: no error in either, one key at the end, and it opens every buyer."""
    home = tmp_path / "home"
    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as repository:
        repository.transact(lambda tx: tx.put_order(record("mine")))
        with busy(home, "a") as one, busy(home, "b") as two:
            for _ in range(ROUNDS):
                assert () == repository.rewrap(repository.renew_key())
                assert 0 == repository.drop_old_keys()
            (tmp_path / "enough").touch()
            said = [process.communicate(timeout=60) for process in (one, two)]

        assert ["", ""] == [errors for _, errors in said]
        ids = [
            f"{name}-{n}"
            for name, (out, _) in zip("ab", said, strict=True)
            for n in range(1, int(out) + 1)
        ]
        assert len(ids) > ROUNDS
        assert 1 == len((tmp_path / "home.key").read_text(encoding="ascii").splitlines())
    with closing(DocumentRepository(home, SetClock(NOW), vault_of(home))) as later:
        records = [later.order(OrderId(id_)) for id_ in ("mine", *ids)]
    assert [] == [one for one in records if one is None or one.order.sealed]
