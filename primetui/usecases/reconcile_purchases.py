"""Reconcile: find out what became of purchases that nobody saw the answer of (R21)."""

from dataclasses import dataclass

from primetui.domain.label import Label, Purchase, PurchaseState
from primetui.domain.order import Fulfillment, Order, OrderPackage
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import OrderId
from primetui.domain.store import Store, StoreKind
from primetui.domain.value import Moment
from primetui.errors import NotFound, PortError, RepositoryError
from primetui.ports import Bought, Desk
from primetui.usecases.open_record import less_voided
from primetui.usecases.purchase_label import post, resend, step
from primetui.usecases.void_label import Voided, void_held


@dataclass(frozen=True, slots=True)
class Found:
    """It had been bought: here is the label."""

    purchase: Purchase
    label: Label


@dataclass(frozen=True, slots=True)
class Dropped:
    """It certainly was not bought; the order may be bought again."""

    purchase: Purchase
    reason: str


@dataclass(frozen=True, slots=True)
class StillUnknown:
    """Not settled yet: why, and when it is worth asking again."""

    purchase: Purchase
    reason: str
    ask_again_at: Moment | None = None


Settlement = Found | Dropped | StillUnknown


def reconcile_purchases(desk: Desk, only: OrderId | None = None) -> tuple[Settlement, ...]:
    """Settle every pending purchase that can be settled now."""
    pending = desk.repository.pending_purchases()
    return tuple(_settle(desk, p) for p in pending if only is None or p.order_id == only)


def _settle(desk: Desk, purchase: Purchase) -> Settlement:
    """Settle one purchase while holding its order: its sender must be gone or done."""
    try:
        with desk.repository.lease(purchase.order_id, desk.operator):
            return _settle_held(desk, purchase)
    except RepositoryError as error:
        return StillUnknown(purchase, str(error))


def _settle_held(desk: Desk, listed: Purchase) -> Settlement:
    purchases = desk.repository.purchases(listed.order_id)
    purchase = next(p for p in purchases if p.id == listed.id)
    settled = _settled_meanwhile(desk, purchase)
    if settled is not None:
        return settled
    if purchase.state is PurchaseState.INTENT:
        return _drop(desk, purchase, "It was never sent.")
    if purchase.state is PurchaseState.SENT:
        purchase = step(desk, purchase, PurchaseState.UNKNOWN, "Its sender stopped before it knew.")
    return _look(desk, purchase)


def _look(desk: Desk, purchase: Purchase) -> Settlement:
    """Read the order, send again under the same key if that is safe, else go by its packages."""
    store = desk.repository.store(purchase.order.store_id)
    if store is None:
        return StillUnknown(purchase, "The order's store was removed: add it again to settle this.")
    if purchase.rate.source is LabelSource.AMAZON_SHIPPING:
        return _look_unlisted(desk, store, purchase)
    try:
        order = desk.marketplace(store).order(purchase.order_id)
    except PortError as error:
        return StillUnknown(purchase, f"The order cannot be read: {error}")
    seen = less_voided(order, desk.repository.labels(purchase.order_id))
    appeared = _appeared(purchase, seen)
    by_key = purchase.rate.known_by_key
    why = "it was sent again lately" if by_key else "sent again it might be bought twice"
    ours = all(_may_be_ours(desk, package, purchase) for package in appeared)
    if by_key and ours and _may_send_again(desk, purchase):
        sent = resend(desk, purchase, _before(purchase, seen, appeared))
        if isinstance(sent, Label):
            return _found(desk, purchase, sent, appeared)
        purchase, why = sent.purchase, sent.reason
    if appeared:
        return Found(purchase, post(desk, purchase, _as_bought(appeared[-1])))
    return _wait_or_drop(desk, purchase, seen, why)


def _look_unlisted(desk: Desk, store: Store, purchase: Purchase) -> Settlement:
    """Settle a label that no marketplace lists: by its own key, or by whoever looks there.

    That nobody lists it proves nothing, so however long it takes, it is never taken for not bought.
    """
    seen = purchase.order
    if store.kind is not StoreKind.MANUAL:
        try:
            seen = desk.marketplace(store).order(purchase.order_id)
        except PortError as error:
            return StillUnknown(purchase, f"The order cannot be read: {error}")
    why = "it was sent again lately"
    if _may_send_again(desk, purchase):
        labels = desk.repository.labels(purchase.order_id)
        sent = resend(desk, purchase, _before(purchase, less_voided(seen, labels), ()))
        if isinstance(sent, Label):
            return Found(purchase, sent)
        purchase, why = sent.purchase, sent.reason
    reason = (
        f"Nobody lists labels of Amazon Shipping, and {why}. Look for it there, then answer for "
        "it: bought, with its tracking id, or not bought."
    )
    return StillUnknown(purchase, reason)


def _may_send_again(desk: Desk, purchase: Purchase) -> bool:
    """Tell whether another sending is due: at once after the first, then with a pause between.

    Every sending begins the grace anew, so a console that looks each minute must not send each
    minute.
    """
    sent = [step.at for step in purchase.steps if step.state is PurchaseState.SENT]
    return len(sent) <= 1 or desk.clock.now() >= sent[-1] + desk.policy.resend_pause


def _may_be_ours(desk: Desk, package: OrderPackage, purchase: Purchase) -> bool:
    """Tell whether a listed package looks like what a sending of ours made.

    A stranger's must not be followed by another sending: it would buy a second label.
    """
    rate, at = purchase.rate, package.created_at
    carriers = {rate.carrier.casefold(), rate.carrier_id.casefold()}
    services = {"", rate.service.casefold(), rate.service_id.casefold()}
    sent = [step.at for step in purchase.steps if step.state is PurchaseState.SENT]
    return (
        package.carrier.casefold() in carriers
        and package.service.casefold() in services
        and at is not None
        and any(abs(at - moment) <= desk.policy.own_package_within for moment in sent)
    )


def _found(
    desk: Desk, purchase: Purchase, label: Label, listed: tuple[OrderPackage, ...]
) -> Settlement:
    """Take the answer to a second sending, unless it shows that the listed package was not ours.

    Then this sending has bought a second label: it is given back at once, and says so.
    """
    strangers = [p.tracking_id for p in listed if p.tracking_id != label.tracking_id]
    if not strangers or label.tracking_id in {p.tracking_id for p in listed}:
        return Found(purchase, label)
    other = ", ".join(strangers)
    outcome = void_held(desk, label)
    if isinstance(outcome, Voided):
        reason = f"Amazon lists another label, {other}; ours, {label.tracking_id}, was given back."
        return Dropped(purchase, reason)
    reason = f"Two labels are live, {other} and {label.tracking_id}: void one of them now."
    return StillUnknown(purchase, reason)


def packages(desk: Desk, purchase: Purchase) -> tuple[OrderPackage, ...]:
    """Read the order afresh and give the packages that may be this purchase's."""
    if purchase.rate.source is LabelSource.AMAZON_SHIPPING:
        return ()  # listed nowhere
    store = desk.repository.store(purchase.order.store_id)
    if store is None:
        raise NotFound("The order's store was removed.")
    order = desk.marketplace(store).order(purchase.order_id)
    return _appeared(purchase, less_voided(order, desk.repository.labels(purchase.order_id)))


def _wait_or_drop(desk: Desk, purchase: Purchase, order: Order, why: str) -> Settlement:
    """No package turned up: wait out the grace, then take it as not bought."""
    waits_until = (purchase.last_sent_at or desk.clock.now()) + desk.policy.answer_grace
    if desk.clock.now() < waits_until:
        reason = f"Amazon lists no package for it yet, and {why}."
        return StillUnknown(purchase, reason, waits_until)
    if order.fulfillment in {Fulfillment.SHIPPED, Fulfillment.PARTIALLY_SHIPPED}:
        reason = "Amazon calls the order shipped but lists no package: look in Seller Central."
        return StillUnknown(purchase, reason)
    return _drop(desk, purchase, "Amazon lists no package for it, long after it was sent.")


def _appeared(purchase: Purchase, order: Order) -> tuple[OrderPackage, ...]:
    """Find packages that came after the purchase was cleared: the gate had let none pass.

    Their time is not asked: clocks differ, and taking a stranger's package for ours blocks a
    purchase, while taking ours for a stranger's would double it.
    """
    known = {p.tracking_id for p in purchase.order.packages}
    return tuple(p for p in order.live_packages() if p.tracking_id not in known)


def _before(purchase: Purchase, order: Order, appeared: tuple[OrderPackage, ...]) -> Order:
    """See the order as it would be had this purchase not happened: that is what was cleared.

    The purchase itself moved the order's last change, so the earlier one stands in for it.
    """
    ours = frozenset(p.tracking_id for p in appeared)
    before = order.without_packages(ours) if ours else order
    waiting = before.fulfillment is Fulfillment.UNSHIPPED
    status = purchase.order.status if waiting else before.status
    return before.model_copy(update={"status": status, "updated_at": purchase.order.updated_at})


def _as_bought(package: OrderPackage) -> Bought:
    """Take what the marketplace lists for the answer that was lost; papers come later, if ever."""
    return Bought(
        shipment_id="",
        package_reference=package.reference,
        tracking_id=package.tracking_id,
        charge=None,
        papers=(),
    )


def _settled_meanwhile(desk: Desk, purchase: Purchase) -> Settlement | None:
    """Answer for a purchase that another process settled between listing and holding."""
    if purchase.is_pending:
        return None
    labels = desk.repository.labels(purchase.order_id)
    label = next((x for x in labels if x.id == purchase.label_id), None)
    return Found(purchase, label) if label else Dropped(purchase, purchase.steps[-1].note)


def _drop(desk: Desk, purchase: Purchase, reason: str) -> Dropped:
    return Dropped(step(desk, purchase, PurchaseState.VOIDED, reason), reason)
