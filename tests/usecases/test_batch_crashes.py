"""A batch that dies at any write, before or after it, ends with one label an order (R21)."""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

import pytest

from primetui.domain.batch import Batch, Limits
from primetui.ports import Desk, Repository, Writes
from primetui.usecases.plan_batch import plan_batch
from primetui.usecases.run_batch import run_batch
from tests.shop import Shop
from tests.watching import Watcher, states

T = TypeVar("T")

MOST_WRITES = 25


class Died(BaseException):
    """The process is gone: nothing in the program may catch it."""


class Dying:
    """A repository whose process dies at its n-th write, before it or right after it."""

    def __init__(self, kept: Repository, at: int, *, after: bool) -> None:
        self._kept = kept
        self._left = at
        self._after = after

    def transact(self, change: Callable[[Writes], T]) -> T:
        """Write, or die."""
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Died
        answer = self._kept.transact(change)
        if self._left == 0:
            raise Died
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kept, name)


def dying(desk: Desk, at: int, *, after: bool) -> Desk:
    """Give the desk a process that dies."""
    return replace(desk, repository=cast("Repository", Dying(desk.repository, at, after=after)))


def run_until_death(shop: Shop, batch: Batch, at: int, *, after: bool) -> bool:
    """Run a batch; tell whether it died."""
    try:
        run_batch(dying(shop.desk, at, after=after), batch.id, Watcher())
    except Died:
        return True
    return False


THOROUGH = "PRIMETUI_THOROUGH" in os.environ
"""Die at every write in each of the four ways; else each write is died at in one of them."""


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("after", [False, True])
def test_R21_a_crash_at_every_write_ends_with_one_label_an_order(
    shop: Shop, *, after: bool, lost: bool
) -> None:
    """Whatever write it dies at, and whether or not Amazon's answers come: resume ends it well.

    One label an order, all of them in the journal, and no more spent than was shown.
    """
    stories = [shop.story() for _ in range(2 * MOST_WRITES - 1)]
    orders = [*stories, shop.imported()]
    first = 1 if THOROUGH else 1 + after + 2 * lost
    for at in range(first, MOST_WRITES + 1, 1 if THOROUGH else 4):
        ids = orders[2 * at - 2 : 2 * at]
        batch = plan_batch(shop.desk, ids, Limits(), Watcher())
        if lost:
            shop.fault("purchaseShipment", "lost_after_effect")
        died = run_until_death(shop, batch, at, after=after)
        shop.control("faults", [])

        run_batch(shop.desk, batch.id, Watcher())
        done = run_batch(shop.desk, batch.id, Watcher())

        assert ["bought", "bought"] == states(done), at
        truths = [shop.truth(order_id) for order_id in ids]
        assert [1, 1] == [len(truth["labels"]) for truth in truths], at
        tracking = [truth["labels"][0]["tracking"] for truth in truths]
        assert tracking == [entry.tracking_id for entry in done.entries], at
        assert batch.ceiling == done.spent, at
        if not died:
            break
    else:
        raise AssertionError("it never got to its end")
    assert () == shop.desk.repository.check().problems
    assert () == shop.desk.repository.pending_purchases()
