"""Where an imported order lands, and why (R1, R3, R4)."""

from datetime import datetime

from primetui.domain.order import STANDING, Fulfillment, Landing, Order, OrderStatus, Prime
from primetui.domain.store import (
    BUY_SHIPPING_COUNTRIES,
    PRIME_CUT_OVER,
    Account,
    Store,
    StoreKind,
    connected_since_cut_over,
)

_WHY = {
    Fulfillment.PENDING: "its marketplace has not released it yet",
    Fulfillment.PENDING_AVAILABILITY: "it is ordered ahead of its release",
    Fulfillment.SHIPPED: "its marketplace says it is shipped",
    Fulfillment.CANCELLED: "its marketplace says it is cancelled",
    Fulfillment.UNFULFILLABLE: "its marketplace says it cannot be fulfilled",
    Fulfillment.HELD: "its marketplace holds its checkout",
    Fulfillment.DELEGATED: "somebody else fulfils it",
    Fulfillment.UNKNOWN: "its marketplace sent a status this version does not know",
}


def land(order: Order, store: Store, account: Account, *, now: datetime) -> Landing:
    """Decide the status of an order that is imported now; the reason is kept for good."""
    told = _WHY.get(order.fulfillment)
    status, why = (STANDING[order.fulfillment], told) if told else _open(order, store, account)
    return Landing(status=status, why=why, at=now)


def _open(order: Order, store: Store, account: Account) -> tuple[OrderStatus, str]:
    """Land an order that waits to be shipped."""
    awaiting = OrderStatus.AWAITING_SHIPMENT
    if not order.is_prime:
        unsure = order.prime is Prime.UNKNOWN
        why = "nobody knows whether it is a Prime order" if unsure else "it is not a Prime order"
        return awaiting, why
    if store.kind is not StoreKind.AMAZON:
        return awaiting, "it comes from a store that is not Amazon's"
    if connected_since_cut_over(store.connected_at, account):
        return awaiting, f"the store was connected on {PRIME_CUT_OVER} or later"
    if store.import_prime_awaiting:
        return awaiting, "the store imports Prime orders into Awaiting Shipment"
    if account.amazon_carriers and account.country in BUY_SHIPPING_COUNTRIES:
        names = ", ".join(sorted(account.amazon_carriers))
        return awaiting, f"a carrier of Amazon is connected ({names})"
    when = "at an unknown time" if store.connected_at is None else f"before {PRIME_CUT_OVER}"
    return (
        OrderStatus.PENDING_FULFILLMENT,
        f"the store was connected {when} and does not import Prime orders into Awaiting Shipment",
    )


def is_for_good(landing: Landing) -> bool:
    """Tell whether an order landed where it waits to be shipped by us, which no import changes."""
    waits = {OrderStatus.AWAITING_SHIPMENT, OrderStatus.PENDING_FULFILLMENT}
    return landing.status in waits and landing.why != _WHY[Fulfillment.DELEGATED]


def land_again(
    order: Order, earlier: Landing, store: Store, account: Account, *, now: datetime
) -> Landing:
    """Follow the marketplace's own moves of a stored order: paid, shipped, cancelled, reopened.

    An order that once landed where it waits to be shipped is never landed anew, so no setting
    moves stored orders (R3); one that had waited for payment, or that somebody else fulfilled,
    lands when it first can be shipped by us.
    """
    if order.fulfillment in _WHY or not is_for_good(earlier):
        return land(order, store, account, now=now)
    return earlier
