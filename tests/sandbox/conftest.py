"""A sandbox whose time stands still on a Monday morning, and its two sellers."""

from collections.abc import Iterator

import pytest

from primetui.sandbox.clock import standing_at
from primetui.sandbox.server import RunningSandbox, start
from tests.sandbox.seller import MONDAY, Seller, signed_in


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Start a sandbox without usage plans and without orders."""
    with start(orders=0, limits=False, clock=standing_at(MONDAY)) as running:
        yield running


@pytest.fixture
def us(sandbox: RunningSandbox) -> Iterator[Seller]:
    """Sign in the US seller."""
    with signed_in(sandbox, "US") as seller:
        yield seller


@pytest.fixture
def uk(sandbox: RunningSandbox) -> Iterator[Seller]:
    """Sign in the UK seller."""
    with signed_in(sandbox, "GB") as seller:
        yield seller
