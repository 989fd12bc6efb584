"""A shop for tests: a sandbox over real HTTP, a desk on a real home, one clock for both."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from primetui import bootstrap
from primetui.adapters.throttle import Pace
from primetui.config import Settings
from primetui.domain.money import Money
from primetui.domain.shipment import OrderId
from primetui.domain.store import Store, StoreKind
from primetui.ports import Desk
from primetui.sandbox.server import RunningSandbox, start
from primetui.usecases.get_rates import Quotes, get_rates
from primetui.usecases.import_orders import import_orders
from primetui.usecases.manage_stores import add_store
from primetui.usecases.purchase_label import Outcome, purchase_label
from tests.wire import WIRE

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""A working morning in New York, an afternoon in London."""

PLENTY = {
    "USD": Money(amount=Decimal(500), currency="USD"),
    "GBP": Money(amount=Decimal(500), currency="GBP"),
}


class Clock:
    """Time for sandbox and desk alike: it runs only when it is told to."""

    def __init__(self, start_at: datetime = MONDAY) -> None:
        self._now = start_at

    def now(self) -> datetime:
        """Tell the time."""
        return self._now

    def advance(self, **span: float) -> None:
        """Move on by hours, minutes, seconds."""
        self._now += timedelta(**span)


class QuickPace:
    """Lets a pause pass at once, and believes that it has passed."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def monotonic(self) -> float:
        """Tell the seconds gone by, those of the skipped pauses among them."""
        return time.monotonic() + self._skipped

    def pause(self, seconds: float) -> None:
        """Skip a pause."""
        self._skipped += seconds

    def pace(self) -> Pace:
        """Give it to a desk."""
        return Pace(monotonic=self.monotonic, pause=self.pause, jitter=lambda: 0.0)


class Shop:
    """What a test works with."""

    def __init__(self, sandbox: RunningSandbox, desk: Desk, clock: Clock, home: Path) -> None:
        self.sandbox = sandbox
        self.desk = desk
        self.clock = clock
        self.home = home

    def control(self, path: str, body: object) -> Any:
        """Tell the sandbox's control side something."""
        answer = WIRE.post(f"{self.sandbox.control}/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def story(self, **told: object) -> OrderId:
        """Add an order to the sandbox; by default a Prime one of the US store, in good time."""
        usual = {"store": "US", "programs": ["PRIME"], "status": "UNSHIPPED"}
        usual |= {"ship_by": "+1d", "deliver_by": "+4d"}
        added = self.control("orders", {"add": [usual | told]})
        return OrderId(added["added"][0])

    def connect(self, **changes: Any) -> tuple[Store, ...]:
        """Connect the sandbox's stores at Amazon."""
        return self._connect(StoreKind.AMAZON, changes)

    def connect_rithum(self, **changes: Any) -> Store:
        """Connect the sandbox's profile at Rithum."""
        return self._connect(StoreKind.RITHUM, changes)[0]

    def _connect(self, kind: StoreKind, changes: dict[str, Any]) -> tuple[Store, ...]:
        offered = bootstrap.sandbox_stores(self.sandbox.url)
        return tuple(
            add_store(self.desk, replace(new, **changes)) for new in offered if new.kind is kind
        )

    def imported(self, **told: object) -> OrderId:
        """Add an order and import it."""
        order_id = self.story(**told)
        self.clock.advance(minutes=5)
        done = import_orders(self.desk)
        assert [one.failure for one in done] == [""] * len(done)
        return order_id

    def quotes(self, order_id: OrderId) -> Quotes:
        """Fetch rates that must be had."""
        result = get_rates(self.desk, order_id)
        assert isinstance(result, Quotes), result
        return result

    def buy(self, order_id: OrderId, rate_id: str | None = None) -> Outcome:
        """Buy the cheapest allowed rate, or the one named."""
        if rate_id is None:
            rate_id = self.quotes(order_id).allowed[0].rate.id
        offers = self.desk.repository.offers(order_id)
        rate = offers.rate(rate_id) if offers else None
        limit = PLENTY[rate.charge.currency if rate else "USD"]
        return purchase_label(self.desk, order_id, rate_id, max_charge=limit)

    def fault(self, operation: str, kind: str, **options: object) -> None:
        """Arm one fault instead of those armed before."""
        self.control("faults", [])
        self.control("faults", [{"operation": operation, "kind": kind, **options}])

    def state(self) -> Any:
        """Ask the sandbox for the truth."""
        return WIRE.get(f"{self.sandbox.control}/state").json()

    def truth(self, order_id: str) -> Any:
        """Ask the sandbox for the truth about one order."""
        answer = WIRE.get(f"{self.sandbox.control}/state", params={"order": order_id})
        return answer.json()["orders"][0]

    def calls(self, operation: str) -> int:
        """Count the calls the sandbox has seen of an operation."""
        return int(self.state()["calls"].get(operation, 0))


@contextmanager
def open_shop(home: Path, clock: Clock | None = None, orders: int = 0) -> Iterator[Shop]:
    """Open a shop; its sandbox has no rate limits and no orders unless asked."""
    clock = clock or Clock()
    settings = Settings(home=home, operator="tester")
    with (
        start(seed=1, orders=orders, limits=False, clock=clock.now) as sandbox,
        bootstrap.open_desk(settings, clock=clock, pace=QuickPace().pace()) as desk,
    ):
        yield Shop(sandbox, desk, clock, home)


def credentials_file(path: Path, sandbox: RunningSandbox, **changes: str) -> Path:
    """Write the first store's credentials to a file as `stores add --credentials` reads them."""
    first = sandbox.credentials["stores"][0]
    keys = {name: first[name] for name in ("client_id", "client_secret", "refresh_token")}
    path.write_text(json.dumps(keys | changes), encoding="utf-8")
    path.chmod(0o600)
    return path
