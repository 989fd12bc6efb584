"""Return labels: who could make one, and that PrimeTUI cannot (R9, R20)."""

from typing import Final

from primetui.domain import violations as v
from primetui.domain.clearance import Refusal
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.usecases.open_record import live_label

SELLERS: Final = {
    LabelSource.BUY_SHIPPING: ("Amazon Buy Shipping", "in Seller Central"),
    LabelSource.AMAZON_SHIPPING: ("Amazon Shipping", "in Amazon Shipping's own console"),
    LabelSource.CARRIER: ("a label bought elsewhere", "where that label was bought"),
}
"""Who sold a label, and where what PrimeTUI cannot do about it is done."""


def return_label(desk: Desk, order_id: OrderId) -> Refusal:
    """Say why no return label can be had, and where it is made; nobody is asked.

    Amazon's API prices returns of Amazon Shipping, but says nowhere what becomes of the order:
    one order has one label here.
    """
    label = live_label(desk.repository.labels(order_id))
    if label is None:
        raise ConfigError(f"Order {order_id} has no label that something could come back with.")
    seller, way = SELLERS[label.source]
    return Refusal((v.NoReturnLabel(seller=seller, way=way),))
