"""A profile at the Rithum of a sandbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.rithum.counter import Rithum
from tests.adapters.rithum.made import NOW
from tests.shop import Clock, open_shop


@pytest.fixture
def rithum(tmp_path: Path) -> Iterator[Rithum]:
    """Connect the profile of a sandbox without limits."""
    with open_shop(tmp_path / "home", Clock(NOW)) as shop:
        yield Rithum(shop, shop.connect_rithum())
