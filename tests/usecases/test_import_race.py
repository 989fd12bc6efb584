"""R14: two processes import one Amazon order from two sources at the same moment, many times."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from primetui.domain.order import PRIME_TAG
from primetui.domain.store import StoreKind
from primetui.ports import OrderQuery
from tests.shop import Shop

ROOT = Path(__file__).parents[2]
ROUNDS = 1000 if os.environ.get("PRIMETUI_THOROUGH") else 20
MINUTES = 5


class Importer:
    """One of the two processes."""

    def __init__(self, home: Path, store_id: str) -> None:
        command = [sys.executable, "-m", "tests.usecases.importer", str(home), store_id]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert self.read() == "ready"

    def go(self) -> None:
        """Start an import and do not wait for it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{MINUTES * 60}\n")
        self.process.stdin.flush()

    def read(self) -> str:
        """Wait for its answer."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def done(self) -> Any:
        """Wait until an import is over, and say what came of it."""
        return json.loads(self.read())


@contextmanager
def importing(home: Path, store_id: str) -> Iterator[Importer]:
    """Run an importer until the end of the test."""
    importer = Importer(home, store_id)
    try:
        yield importer
    finally:
        with importer.process:
            assert importer.process.stdin is not None
            importer.process.stdin.close()


@pytest.mark.timeout(30 + ROUNDS * 3)
def test_R14_a_race_of_two_sources_makes_one_order_and_loses_no_source(empty_shop: Shop) -> None:
    """R14: the database's own unique key decides; both sources are there, and the tag once."""
    amazon, rithum = empty_shop.connect()[0], empty_shop.connect_rithum()
    order_ids = []
    with ExitStack() as both:
        racers = [
            both.enter_context(importing(empty_shop.home, store.id)) for store in (amazon, rithum)
        ]
        for _ in range(ROUNDS):
            order_id = empty_shop.story()
            empty_shop.control("rithum", {"add": [{"copy_of": order_id}]})
            order_ids.append(order_id)
            empty_shop.clock.advance(minutes=MINUTES)
            for racer in racers:
                racer.go()
            reports = [racer.done() for racer in racers]
            assert [("", []), ("", [])] == [(one["failure"], one["errors"]) for one in reports]
            assert 1 == sum(one["added"] for one in reports)

    assert ROUNDS == empty_shop.desk.repository.count_orders(OrderQuery())
    for order_id in order_ids:
        record = empty_shop.desk.repository.order(order_id)
        assert record is not None
        assert {StoreKind.AMAZON, StoreKind.RITHUM} == {one.kind for one in record.sources}
        assert (amazon.id, [PRIME_TAG]) == (
            record.order.store_id,
            [tag.name for tag in record.tags],
        )
