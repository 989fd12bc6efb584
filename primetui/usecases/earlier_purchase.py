"""Look for an earlier purchase before anything is asked about an order (R21)."""

from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.usecases.purchase_label import Purchased, Unresolved, bought_before


def earlier_purchase(desk: Desk, order_id: OrderId) -> Purchased | Unresolved | None:
    """Answer for an order that has a pending purchase or a live label already.

    Looked at while the order is held, so that a purchase somebody is at right now is not taken
    for one that nobody saw the end of: that raises Busy, with who it is and since when.
    """
    with desk.repository.lease(order_id, desk.operator):
        return bought_before(desk.repository, order_id)
