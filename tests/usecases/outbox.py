"""What the tests of the outbox work with: labels bought elsewhere, and what Amazon was told."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from primetui.domain.money import Money
from primetui.domain.notice import Notice
from primetui.domain.shipment import OrderId
from primetui.usecases.purchase_label import Purchased
from primetui.usecases.record_label import TypedLabel, record_label
from tests.shop import Shop

TRACKING = "1Z999AA10123456784"


def typed(shop: Shop, **changes: Any) -> TypedLabel:
    """Type a UPS label that arrives in time."""
    given: dict[str, Any] = {
        "carrier": "UPS",
        "service": "Ground",
        "tracking_id": TRACKING,
        "charge": Money(amount=Decimal("9.10"), currency="USD"),
        "arrives_by": shop.clock.now() + timedelta(days=2),
    }
    return TypedLabel(**given | changes)


def recorded(shop: Shop, order_id: OrderId | None = None, **changes: Any) -> OrderId:
    """Record a label bought elsewhere."""
    order_id = order_id or shop.imported()
    result = record_label(shop.desk, order_id, typed(shop, **changes))
    assert isinstance(result, Purchased), result
    assert result.already is False
    return order_id


def notice(shop: Shop, order_id: OrderId) -> Notice:
    """Read an order's last notice."""
    return shop.desk.repository.notices(order_id)[-1]


def confirmed(shop: Shop, order_id: OrderId) -> list[tuple[str, int]]:
    """Ask the sandbox which packages it was told of, and how often."""
    told = shop.truth(order_id)["confirmations"]
    return [(one["tracking"], len(one["received"])) for one in told]
