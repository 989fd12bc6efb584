"""Storms over the outbox: faults, kills, voids and relabels at random end as R10 wants it."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from primetui.domain.notice import NoticeState
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError, PortError
from primetui.ports import Desk
from primetui.usecases.confirm_shipments import confirm_shipments, outbox, retry_notices
from primetui.usecases.get_rates import Quotes, get_rates
from primetui.usecases.import_orders import import_orders
from primetui.usecases.purchase_label import purchase_label
from primetui.usecases.reconcile_purchases import reconcile_purchases
from primetui.usecases.record_label import record_label
from primetui.usecases.void_label import settle_voids, void_label
from tests.shop import PLENTY, Shop, open_shop
from tests.usecases.outbox import typed

EXAMPLES = int(os.environ.get("PRIMETUI_STORMS", "6"))
"""How many storms; more by the environment, for a long night."""

LOSSES: tuple[tuple[str, dict[str, object]], ...] = (
    ("lost_after_effect", {}),
    ("lost_before_effect", {}),
    ("reset", {"after_effect": True}),
    ("error_500", {"after_effect": True}),
    ("error_503", {}),
    ("html", {"after_effect": True}),
    ("garbled", {}),
    ("throttle", {"retry_after": 1}),
    ("duplicate_shipment", {}),
    ("late_listing", {"delay_seconds": 900}),
)


class Killed(BaseException):
    """The process is gone, wherever it was."""


class Fuse:
    """Burns down with every step that touches the outside; the process dies at its end."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def burn(self) -> None:
        """Take one step, or die."""
        if self.left == 0:
            raise Killed
        self.left -= 1


class Fragile:
    """The real thing, before and after each call of which the process may die."""

    def __init__(self, inner: Any, fuse: Fuse, deadly: frozenset[str]) -> None:
        self._inner, self._fuse, self._deadly = inner, fuse, deadly

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._wrapped(found) if name in self._deadly else found

    def _wrapped(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*given: Any, **named: Any) -> Any:
            self._fuse.burn()
            answer = call(*given, **named)
            self._fuse.burn()
            return answer

        return stepped


def fragile(desk: Desk, steps: int) -> Desk:
    """Open the same desk for a process that dies after so many steps."""
    fuse = Fuse(steps)

    def opened(open_store: Callable[..., Any]) -> Any:
        calls = frozenset({"confirm", "order", "void", "purchase"})
        return lambda *asked: Fragile(open_store(*asked), fuse, calls)

    repository: Any = Fragile(desk.repository, fuse, frozenset({"transact"}))
    return replace(
        desk,
        repository=repository,
        marketplace=opened(desk.marketplace),
        provider=opened(desk.provider),
    )


@pytest.fixture(scope="module")
def stormy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Open one shop for every example: each works on an order of its own."""
    home: Path = tmp_path_factory.mktemp("outbox") / "home"
    with open_shop(home) as opened:
        opened.connect()
        yield opened


STEPS = ("record", "buy", "void", "confirm", "wait", "import", "retry")
STORMS = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.sampled_from(("confirmShipment", "cancelShipment", "getOrder")),
        st.none() | st.sampled_from(LOSSES),
        st.none() | st.integers(min_value=0, max_value=12),
    ),
    min_size=1,
    max_size=10,
)


def press(shop: Shop, desk: Desk, order_id: OrderId, step: str, number: int) -> None:
    """Do one thing that an operator may do, whatever state the order is in."""
    match step:
        case "record":
            record_label(desk, order_id, typed(shop, tracking_id=f"1Z{number}{order_id[-7:]}"))
        case "buy":
            rates = get_rates(desk, order_id)
            if isinstance(rates, Quotes) and rates.allowed:
                rate_id = rates.allowed[0].rate.id
                purchase_label(desk, order_id, rate_id, max_charge=PLENTY["USD"])
        case "void":
            void_label(desk, order_id)
        case "confirm":
            confirm_shipments(desk)
        case "retry":
            retry_notices(desk, order_id)
            confirm_shipments(desk)
        case "import":
            import_orders(desk)
        case _:
            shop.clock.advance(minutes=4)


def settle(shop: Shop) -> None:
    """Let the weather clear: no faults, time passes, everything that can be settled is."""
    shop.control("faults", [])
    for _ in range(8):
        reconcile_purchases(shop.desk)
        settle_voids(shop.desk)
        with suppress(ConfigError):
            retry_notices(shop.desk)
        confirm_shipments(shop.desk)
        shop.clock.advance(minutes=10)


def verify(shop: Shop, order_id: OrderId) -> None:
    """Compare what we believe with what the sandbox knows."""
    labels = shop.desk.repository.labels(order_id)
    truth = shop.truth(order_id)
    live = [label for label in labels if label.is_live]
    ours = {label.tracking_id for label in labels if not label.source.is_amazon}
    told = {one["tracking"] for one in truth["confirmations"]}
    standing = [p for p in truth["parcels"] if p["cancelled"] is None]

    assert len(live) <= 1
    assert len(standing) <= 1
    assert told <= ours
    assert truth["live_labels"] == sum(label.source.is_amazon for label in live)
    if live:
        assert [live[0].tracking_id] == [parcel["tracking"] for parcel in standing]
        states = [n.state for n in shop.desk.repository.notices(order_id)]
        verified = [NoticeState.VERIFIED] if live[0].tracking_id in ours else []
        assert verified == states[-1:] or not verified
    assert () == outbox(shop.desk, order_id)
    assert () == shop.desk.repository.voiding_labels()
    assert () == shop.desk.repository.check().problems


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(storm=STORMS)
def test_R10_after_any_storm_each_label_is_told_exactly_once(
    stormy: Shop, storm: list[tuple[str, str, tuple[str, dict[str, object]] | None, int | None]]
) -> None:
    """R10: one package for a live label that Amazon did not sell, none for one that it did."""
    order_id = stormy.imported()
    for number, (step, operation, loss, steps) in enumerate(storm):
        stormy.control("faults", [])
        if loss is not None:
            stormy.fault(operation, loss[0], **loss[1])
        desk = stormy.desk if steps is None else fragile(stormy.desk, steps)
        with suppress(Killed, ConfigError, PortError):
            press(stormy, desk, order_id, step, number)
    settle(stormy)
    verify(stormy, order_id)
