"""Amazon Shipping: Amazon as a carrier, of other shops' orders too; not Buy Shipping (R20)."""

from typing import Final

from primetui.adapters.amazon.client import SERVICE
from primetui.adapters.amazon.collection_wire import collection_body, read_form
from primetui.adapters.amazon.drafts import check_marketplace, ship_from_of
from primetui.adapters.amazon.label_wire import external_body, rates_body
from primetui.adapters.amazon.marketplaces import is_known
from primetui.adapters.amazon.rate_wire import Asking
from primetui.adapters.amazon.shipping_v2 import ShippingV2
from primetui.adapters.answers import Call, unreadable
from primetui.domain.address import Address
from primetui.domain.order import Order
from primetui.domain.rate import LabelSource, Offers
from primetui.domain.shipment import Shipment
from primetui.errors import Rejected
from primetui.ports import Paper

PROVIDER: Final = "amazon-shipping"
OWN_CARRIER: Final = "AMZN"
"""What the ids of Amazon's own carrier begin with, in every country."""


class AmazonShipping(ShippingV2):
    """Prices, buys, reprints and voids labels of Amazon's own carrier; a `LabelProvider`.

    An order of the store's own marketplace goes as Amazon's, with the address Amazon has for it;
    one of another shop goes as external, with everything Amazon must know.
    """

    def rates(self, order: Order, shipment: Shipment) -> Offers:
        """Ask what it would cost to ship this draft; buys nothing."""
        if len(shipment.packages) != 1:
            raise Rejected(
                f"Amazon Shipping sells one label a package; this draft has "
                f"{len(shipment.packages)} packages: draft each as a shipment of its own."
            )
        ship_from = ship_from_of(shipment)
        is_amazons = is_known(order.marketplace_id)
        if is_amazons:
            check_marketplace(order, self._site)
        write = rates_body if is_amazons else external_body
        body = write(
            order,
            shipment.packages[0],
            ship_from,
            country=self._site.country,
            currency=self._site.currency,
        )
        asking = Asking(
            order.id,
            shipment.fingerprint,
            self._site.country,
            self._clock.now(),
            source=LabelSource.AMAZON_SHIPPING,
            provider=PROVIDER,
        )
        return _own(self.price(body, asking))

    def manifest(self, carrier_id: str, ship_from: Address, key: str) -> Paper:
        """Have the form made for all parcels of a place that are on none yet."""
        call = Call(
            "generateCollectionForm",
            "POST",
            "/shipping/v2/collectionForms",
            reads=False,
            headers={**self._business(), "x-amzn-IdempotencyKey": key},
            body=collection_body(carrier_id, ship_from),
        )
        form = read_form(self._client.send(call))
        if form is None:
            raise unreadable(call, SERVICE, "it holds no form that is whole")
        return form


def _own(offers: Offers) -> Offers:
    """Keep what Amazon carries itself: the other carriers' labels are Buy Shipping's."""
    rates = tuple(r for r in offers.rates if r.carrier_id.upper().startswith(OWN_CARRIER))
    return offers.model_copy(update={"rates": rates})
