"""What the tests of splitting, combining and addresses work with."""

from typing import Any, Final

from primetui.domain.order import OrderRecord
from primetui.domain.shipment import OrderId
from primetui.usecases.import_orders import import_orders
from tests.shop import Shop

HOME: Final[dict[str, Any]] = {
    "buyer": "Ada Buyer",
    "line1": "9 Elm Street",
    "town": ("Boston", "MA", "02108"),
}
"""Where one buyer lives, as the sandbox is told."""


def ordinary(shop: Shop, **told: Any) -> OrderId:
    """Import an order that is not Prime, of two items."""
    order_id = shop.story(**{"programs": [], "quantities": [2, 1]} | HOME | told)
    shop.control("orders", {"readdress": {order_id: {"line2": "Flat 1"}}})
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)
    return order_id


def kept(shop: Shop, order_id: OrderId) -> OrderRecord:
    """Read an order that is here."""
    record = shop.desk.repository.order(order_id)
    assert record is not None
    return record


def changed(shop: Shop, order_id: OrderId, **facts: Any) -> None:
    """Let the marketplace have said something else of an order."""
    record = kept(shop, order_id)
    order = record.order.model_copy(update=facts)
    shop.desk.repository.transact(
        lambda tx: tx.put_order(record.model_copy(update={"order": order}))
    )


def calls(shop: Shop) -> int:
    """Count every call the sandbox ever had."""
    return sum(shop.state()["calls"].values())
