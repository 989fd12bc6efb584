"""A sandbox's Rithum and the adapter that talks to it, for tests."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from primetui.adapters.rithum.orders import RithumMarketplace
from primetui.domain.label import Label, LabelId, PurchaseId
from primetui.domain.money import Money
from primetui.domain.notice import Notice, notice_of
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import OrderId, Shipment
from primetui.domain.store import Store
from tests.adapters.rithum.made import NOW
from tests.shop import Shop

SINCE = NOW - timedelta(days=3)


class Rithum:
    """A sandbox's Rithum and the adapter that talks to it."""

    def __init__(self, shop: Shop, connected: Store) -> None:
        self.shop = shop
        self.store = connected

    @property
    def marketplace(self) -> RithumMarketplace:
        """The adapter, opened as the desk opens it."""
        opened = self.shop.desk.marketplace(self.store)
        assert isinstance(opened, RithumMarketplace)
        return opened

    def add(self, *stories: dict[str, Any]) -> list[str]:
        """Add orders; gives the ids their site gave them."""
        added = self.shop.control("rithum", {"add": list(stories)})["added"]
        return [one["site_order_id"] for one in added]

    def quirks(self, **quirks: Any) -> None:
        """Let Rithum behave otherwise."""
        self.shop.control("rithum", {"quirks": quirks})

    def changed(self) -> list[OrderId]:
        """Name all orders of an import."""
        pages = self.marketplace.changed_orders(SINCE)
        return [order.id for page in pages for order in page.orders]

    def truth(self) -> list[Any]:
        """Ask for the truth about every order."""
        orders: list[Any] = self.shop.state()["rithum"]["orders"]
        return orders

    def notice(self, order_id: str, **changes: Any) -> Notice:
        """Write a notice about the whole order."""
        order = self.marketplace.order(OrderId(order_id))
        label = Label(
            id=LabelId(str(changes.pop("label", "l1"))),
            purchase_id=PurchaseId("p1"),
            order_id=order.id,
            source=LabelSource.CARRIER,
            provider="manual",
            shipment_id="",
            tracking_id="1Z999AA10123456784",
            carrier="UPS",
            service="Ground",
            charge=Money(amount=Decimal(9), currency="USD"),
            bought_at=self.shop.clock.now(),
        )
        made = notice_of(label, order, Shipment(order_id=order.id))
        assert made is not None
        return made.model_copy(update=changes)
