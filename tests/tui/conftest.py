"""The console on a shop of its own."""

from collections.abc import Callable

import pytest

from primetui.domain.shipment import OrderId
from primetui.tui.app import PrimeApp
from tests.shop import Shop


@pytest.fixture
def console(shop: Shop) -> PrimeApp:
    """Make a console on a shop whose stores are connected and hold no orders."""
    return PrimeApp(shop.desk)


@pytest.fixture
def told(shop: Shop) -> Callable[..., OrderId]:
    """Import an order with a story of its own."""
    return shop.imported
