"""How long anything is kept: buyers for thirty days after delivery, orders for eighteen months (R23)."""

from datetime import datetime, timedelta
from typing import Final

from primetui.domain.order import Order
from primetui.domain.value import Moment

BUYER_KEPT: Final = timedelta(days=30)
"""How long a buyer is known after the delivery."""
ORDER_KEPT: Final = timedelta(days=546)
"""How long what Amazon told us is kept, without its buyer too: eighteen months at their shortest."""

LOG_KEPT: Final = timedelta(days=366)
"""How long log and audit are kept at the least: twelve months, the longest there are."""


def forget_after(order: Order) -> Moment:
    """Say from when on an order's buyer must be forgotten.

    Thirty days after the last package was delivered; while that is not known, after the latest
    moment it should have been; where none was promised, after the latest it should have been
    shipped, or else after it was bought. Each of these is earlier than the delivery it stands for
    would have it, so a buyer is rather forgotten too soon than kept too long.
    """
    live = order.live_packages()
    delivered = [package.delivered_at for package in live if package.delivered_at]
    if live and len(delivered) == len(live):
        return max(delivered) + BUYER_KEPT
    windows = (order.deliver_by, order.ship_by)
    known = [end for window in windows if (end := window.latest or window.earliest)]
    return (known[0] if known else order.purchased_at) + BUYER_KEPT


def purge_after(purchased_at: datetime) -> datetime:
    """Say from when on nothing of an order bought at this moment may be kept."""
    return purchased_at + ORDER_KEPT
