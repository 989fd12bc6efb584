"""Answer for a purchase by hand: an operator looked where PrimeTUI cannot (R21)."""

from primetui.domain.label import Purchase, PurchaseState
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError, PortError
from primetui.ports import Bought, Desk
from primetui.usecases.open_record import entry
from primetui.usecases.purchase_label import post, step
from primetui.usecases.reconcile_purchases import Dropped, Found, Settlement, StillUnknown, packages


def answer_purchase(desk: Desk, order_id: OrderId, *, tracking_id: str | None) -> Settlement:
    """Record what an operator found: the label's tracking id, or None for "it was not bought".

    The answer is journalled as theirs. "Not bought" is taken only once the grace is over and
    only while Amazon lists no package: before that a late listing could prove it wrong.
    Raises ConfigError when nothing waits for an answer, Busy while it is being bought.
    """
    with desk.repository.lease(order_id, desk.operator):
        pending = [p for p in desk.repository.purchases(order_id) if p.is_pending]
        if not pending:
            raise ConfigError(f"No purchase of order {order_id} waits for an answer.")
        purchase = pending[-1]
        if purchase.state is not PurchaseState.UNKNOWN:
            note = "Its sender stopped before it knew."
            purchase = _unknown(desk, purchase, note)
        said = f"{desk.operator} says: " + (
            f"bought, {tracking_id}" if tracking_id else "not bought"
        )
        desk.repository.transact(lambda tx: tx.log(entry(desk, "answer by hand", order_id, said)))
        if tracking_id:
            return Found(purchase, post(desk, purchase, _seen(tracking_id)))
        return _not_bought(desk, purchase, said)


def _not_bought(desk: Desk, purchase: Purchase, said: str) -> Settlement:
    """Take "not bought" for an answer unless something still speaks against it."""
    waits_until = (purchase.last_sent_at or desk.clock.now()) + desk.policy.answer_grace
    if desk.clock.now() < waits_until:
        reason = "It is too early to say: Amazon may still list the package."
        return StillUnknown(purchase, reason, waits_until)
    try:
        listed = packages(desk, purchase)
    except PortError as error:
        return StillUnknown(purchase, f"The order cannot be read: {error}")
    if listed:
        reason = f"Amazon lists a package for it: {listed[-1].carrier} {listed[-1].tracking_id}."
        return StillUnknown(purchase, reason)
    return Dropped(step(desk, purchase, PurchaseState.VOIDED, said), said)


def _unknown(desk: Desk, purchase: Purchase, note: str) -> Purchase:
    """Bring a purchase whose sender died to where it can be answered for."""
    if purchase.state is PurchaseState.INTENT:
        raise ConfigError("It was never sent: reconcile drops it.")
    return step(desk, purchase, PurchaseState.UNKNOWN, note)


def _seen(tracking_id: str) -> Bought:
    return Bought(
        shipment_id="", package_reference="", tracking_id=tracking_id, charge=None, papers=()
    )
