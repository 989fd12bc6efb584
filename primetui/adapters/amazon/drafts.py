"""What a draft must have before Amazon is asked for a price of it."""

from primetui.adapters.amazon.marketplaces import AmazonSite
from primetui.domain.address import Address
from primetui.domain.order import Order
from primetui.domain.shipment import Package, Shipment
from primetui.errors import Rejected


def only_package(shipment: Shipment) -> Package:
    """Give the one package that Buy Shipping takes (R9)."""
    if len(shipment.packages) != 1:
        raise Rejected(
            f"Amazon Buy Shipping takes one package; this draft has {len(shipment.packages)}. "
            "Buy a shipment of several packages in Seller Central."
        )
    return shipment.packages[0]


def no_manifest() -> Rejected:
    """Say that Buy Shipping makes no form for its carriers (R9)."""
    return Rejected("Amazon Buy Shipping makes no manifests: make it in Seller Central.")


def ship_from_of(shipment: Shipment) -> Address:
    """Give where the parcel leaves from."""
    if shipment.ship_from is None:
        raise Rejected("The draft has no ship-from address: set it in the store's settings.")
    return shipment.ship_from


def check_marketplace(order: Order, site: AmazonSite) -> None:
    """Refuse an order of another marketplace than the store is connected to."""
    if order.marketplace_id != site.id:
        raise Rejected(
            f"The order was placed on another marketplace than {site.domain}, to which this store "
            "is connected: open it in the store it belongs to."
        )
