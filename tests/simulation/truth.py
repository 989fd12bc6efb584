"""What must hold at every moment: the sandbox's truth against the journal on disk."""

from typing import Any

from primetui.domain.label import Label, LabelState, Purchase, PurchaseState
from primetui.domain.shipment import OrderId
from tests.simulation.deeds import Deeds
from tests.simulation.town import WRITTEN, Town


def check(town: Town) -> None:
    """Hold every order's journal against what Amazon really sold."""
    truth = town.sandbox.truth()
    for order_id in town.orders:
        _check_order(town, order_id, truth[order_id])


def _check_order(town: Town, order_id: OrderId, truth: dict[str, Any]) -> None:
    labels = town.eyes.labels(order_id)
    purchases = town.eyes.purchases(order_id)
    sold = {label["tracking"]: label["live"] for label in truth["labels"]}

    assert truth["live_labels"] <= 1, f"two live labels for {order_id}"
    assert [] == truth["confirmations"], "a label of Amazon's was confirmed (R10)"
    _nothing_is_lost(sold, labels, purchases)
    _nothing_is_invented(sold, labels)
    _one_at_a_time(labels, purchases)
    for purchase in purchases:
        if purchase.state is PurchaseState.VOIDED:
            assert not town.sandbox.sold_under(purchase.key), "a purchase called not bought is sold"


def _nothing_is_lost(
    sold: dict[str, bool], labels: tuple[Label, ...], purchases: tuple[Purchase, ...]
) -> None:
    """Every sold label is in the journal, or the purchase that brought it is pending."""
    unseen = sold.keys() - {label.tracking_id for label in labels}
    waiting = [purchase for purchase in purchases if purchase.state in WRITTEN]
    assert len(unseen) <= len(waiting), f"sold and not in the journal: {unseen}"


def _nothing_is_invented(sold: dict[str, bool], labels: tuple[Label, ...]) -> None:
    """Every label shown was sold; it is called live or voided only when it is."""
    for label in labels:
        assert label.tracking_id in sold, f"a label nobody sold: {label.tracking_id}"
        if label.state is not LabelState.VOIDING:
            assert label.is_live is sold[label.tracking_id], f"called {label.state}, but is not"


def _one_at_a_time(labels: tuple[Label, ...], purchases: tuple[Purchase, ...]) -> None:
    pending = [purchase for purchase in purchases if purchase.is_pending]
    live = [label for label in labels if label.is_live]
    assert len(pending) + len(live) <= 1, "more than one purchase or label at a time"
    posted = {p.label_id for p in purchases if p.state is PurchaseState.POSTED}
    assert posted == {label.id for label in labels}, "labels and posted purchases differ"


def settle(town: Town) -> None:
    """Let everything calm down, then demand that journal and truth are one."""
    town.sandbox.tell("faults", [])
    deeds = Deeds(town)
    for _ in range(3):
        town.later(20 * 60)
        town.do(0, deeds.named("reconcile", town.orders[0]))
    for order_id in town.orders:
        _calm(town, deeds, order_id)
    check(town)
    truth = town.sandbox.truth()
    assert () == town.eyes.pending_purchases(), "a purchase never settled"
    for order_id in town.orders:
        live = {x["tracking"] for x in truth[order_id]["labels"] if x["live"]}
        known = {x.tracking_id for x in town.eyes.labels(order_id) if x.is_live}
        assert live == known, "journal and truth differ"
    assert () == town.eyes.check().problems


def _calm(town: Town, deeds: Deeds, order_id: OrderId) -> None:
    """Let a person look where PrimeTUI cannot, and ask again for a void that had no answer."""
    if any(purchase.is_pending for purchase in town.eyes.purchases(order_id)):
        town.do(1, deeds.named("answer", order_id))
    if any(label.state is LabelState.VOIDING for label in town.eyes.labels(order_id)):
        town.do(1, deeds.named("void", order_id))
