"""How long anything is kept: thirty days after delivery, eighteen months of the rest (R23)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from primetui.domain.order import Order
from primetui.domain.retention import forget_after, purge_after
from primetui.domain.value import Window
from tests.domain.made import DELIVER_BY, NOW, SECOND, SHIP_BY, listed, order, until

THIRTY_DAYS = timedelta(days=30)
BOUGHT = NOW - timedelta(hours=5)
DELIVERED = NOW + timedelta(days=1)
LATER = DELIVERED + timedelta(days=1)


def delivered(*moments: datetime | None, **changes: Any) -> Order:
    """Make an order with a package for each moment."""
    packages = tuple(
        listed(reference=str(number), delivered_at=moment) for number, moment in enumerate(moments)
    )
    return order(packages=packages, **changes)


@pytest.mark.parametrize(
    ("facts", "counts_from"),
    [
        (delivered(DELIVERED), DELIVERED),
        (delivered(DELIVERED, LATER), LATER),
        (delivered(DELIVERED, None), DELIVER_BY),
        (delivered(None), DELIVER_BY),
        (delivered(), DELIVER_BY),
        (order(packages=(listed(status="CANCELLED", delivered_at=DELIVERED),)), DELIVER_BY),
        (order(deliver_by=Window(earliest=LATER)), LATER),
        (order(deliver_by=Window()), SHIP_BY),
        (order(deliver_by=Window(), ship_by=Window(earliest=NOW)), NOW),
        (order(deliver_by=Window(), ship_by=Window()), BOUGHT),
        (order(deliver_by=until(DELIVER_BY), ship_by=Window()), DELIVER_BY),
    ],
)
def test_R23_a_buyer_is_forgotten_thirty_days_after_the_best_known_delivery(
    facts: Order, counts_from: datetime
) -> None:
    """All packages delivered, else the promise, else the ship-by, else the day it was bought."""
    assert counts_from + THIRTY_DAYS == forget_after(facts)


@pytest.mark.parametrize(
    ("bought", "last_day"),
    [
        (datetime(2025, 9, 1, tzinfo=NOW.tzinfo), datetime(2027, 3, 1, tzinfo=NOW.tzinfo)),
        (datetime(2025, 3, 1, tzinfo=NOW.tzinfo), datetime(2026, 9, 1, tzinfo=NOW.tzinfo)),
        (datetime(2023, 8, 31, tzinfo=NOW.tzinfo), datetime(2025, 2, 28, tzinfo=NOW.tzinfo)),
    ],
)
def test_R23_an_order_is_never_kept_longer_than_eighteen_months(
    bought: datetime, last_day: datetime
) -> None:
    """Whatever months lie between, and nearly as long as that."""
    assert last_day - timedelta(days=4) < purge_after(bought) <= last_day


@pytest.mark.parametrize(("late", "is_due"), [(-SECOND, False), (0 * SECOND, True), (SECOND, True)])
def test_R23_the_boundary_is_a_second_wide(late: timedelta, is_due: bool) -> None:  # noqa: FBT001 - a table's column
    """A second before it is not due, at the moment and after it is."""
    assert is_due is (forget_after(order()) <= DELIVER_BY + THIRTY_DAYS + late)
    assert is_due is (purge_after(NOW) <= NOW + timedelta(days=546) + late)
