"""Amazon Buy Shipping: labels for a store's own Amazon orders, through Shipping v2."""

from primetui.adapters.amazon.drafts import (
    check_marketplace,
    no_manifest,
    only_package,
    ship_from_of,
)
from primetui.adapters.amazon.label_wire import rates_body
from primetui.adapters.amazon.rate_wire import Asking
from primetui.adapters.amazon.shipping_v2 import ShippingV2
from primetui.domain.address import Address
from primetui.domain.order import Order
from primetui.domain.rate import Offers
from primetui.domain.shipment import Shipment
from primetui.ports import Paper


class AmazonBuyShipping(ShippingV2):
    """Prices, buys, reprints and voids labels for one store; a `LabelProvider`."""

    def rates(self, order: Order, shipment: Shipment) -> Offers:
        """Ask what it would cost to ship this draft; buys nothing."""
        package, ship_from = only_package(shipment), ship_from_of(shipment)
        check_marketplace(order, self._site)
        body = rates_body(
            order,
            package,
            ship_from,
            country=self._site.country,
            currency=self._site.currency,
        )
        asking = Asking(order.id, shipment.fingerprint, self._site.country, self._clock.now())
        return self.price(body, asking)

    def manifest(self, carrier_id: str, ship_from: Address, key: str) -> Paper:  # noqa: ARG002 - none is made
        """Refuse: Buy Shipping makes none (R9)."""
        raise no_manifest()
