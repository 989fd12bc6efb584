"""What every Repository's check must find: whatever in its documents does not fit together."""

from collections.abc import Callable

import pytest

from primetui.domain.label import Label, LabelId, LabelState, Purchase, PurchaseId, PurchaseState
from primetui.domain.order import Landing, OrderRecord, OrderStatus
from primetui.domain.rate import Offers
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.domain.store import Account
from primetui.ports import AuditEntry, Paper, Repository, Writes
from tests.domain.made import NOW, ORDER_ID, SECOND, draft, journal, label, order, store

POSTED = (PurchaseState.INTENT, PurchaseState.SENT, PurchaseState.POSTED)


def record(id_: str) -> OrderRecord:
    """Make an order as we keep it."""
    landing = Landing(status=OrderStatus.AWAITING_SHIPMENT, why="Not Prime.", at=NOW)
    return OrderRecord(order=order(id=OrderId(id_)), landing=landing, shipment=draft())


def keep_both(tx: Writes, purchase: Purchase, bought: Label) -> None:
    """Keep a purchase and its label."""
    tx.put_purchase(purchase)
    tx.put_label(bought)


def test_check_counts_everything_and_finds_nothing_wrong(repository: Repository) -> None:
    """A full set of documents that fit together is all well."""
    document = repository.keep_paper(
        ORDER_ID, Paper(format=DocumentFormat.PDF, kind="LABEL", content=b"x")
    )
    posted = journal(*POSTED).model_copy(update={"label_id": LabelId("l1")})

    def keep(tx: Writes) -> None:
        tx.put_account(Account())
        tx.put_store(store())
        tx.put_order(record("1"))
        tx.put_order(record("2"))
        tx.put_purchase(posted)
        tx.put_label(label(documents=(document,)))
        tx.log(AuditEntry(at=NOW, by="ann", action="import"))

    repository.transact(keep)
    found = repository.check()

    assert found.problems == ()
    assert found.pending_purchases == 0
    assert found.counts == {
        "account": 1,
        "stores": 1,
        "orders": 2,
        "offers": 0,
        "purchases": 1,
        "labels": 1,
        "notices": 0,
        "batches": 0,
        "audit": 1,
        "chores": 0,
        "operators": 0,
        "rules": 0,
        "keys": 1,
        "keyring": 1,
    }


def posted_without_label(tx: Writes) -> None:
    """Keep a sale whose label was never written down."""
    tx.put_purchase(journal(*POSTED))


def label_without_purchase(tx: Writes) -> None:
    """Keep a label nobody bought."""
    tx.put_label(label())


def label_of_a_voided_purchase(tx: Writes) -> None:
    """Keep a label whose purchase is said not to have happened."""
    tx.put_purchase(journal(PurchaseState.INTENT, PurchaseState.VOIDED))
    tx.put_label(label())


def two_live_labels(tx: Writes) -> None:
    """Keep what must never be: an order shipped twice."""
    for number in ("1", "2"):
        posted = {"id": PurchaseId(f"p{number}"), "label_id": LabelId(f"l{number}")}
        tx.put_purchase(journal(*POSTED).model_copy(update=posted))
        tx.put_label(label(id=LabelId(f"l{number}"), purchase_id=PurchaseId(f"p{number}")))


def two_pending(tx: Writes) -> None:
    """Keep two purchases that are not settled."""
    for number in ("1", "2"):
        tx.put_purchase(
            journal(PurchaseState.INTENT).model_copy(update={"id": PurchaseId(f"p{number}")})
        )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            posted_without_label,
            f"Order {ORDER_ID}: purchase p1 is posted, and its label is missing.",
        ),
        (label_without_purchase, f"Order {ORDER_ID}: label l1 has no posted purchase."),
        (label_of_a_voided_purchase, f"Order {ORDER_ID}: label l1 has no posted purchase."),
        (two_live_labels, f"Order {ORDER_ID} has 2 live labels; there may be one."),
        (
            two_pending,
            f"Order {ORDER_ID} has 2 purchases that are not settled; there may be one.",
        ),
    ],
)
def test_check_names_what_does_not_fit_together(
    repository: Repository, change: Callable[[Writes], None], problem: str
) -> None:
    """Each disagreement between the journal and the labels is one sentence."""
    repository.transact(change)

    assert repository.check().problems == (problem,)


def test_a_relabelled_order_is_all_well(repository: Repository) -> None:
    """A voided label beside a live one is how a second label comes about."""

    def change(tx: Writes) -> None:
        two_live_labels(tx)
        tx.put_label(label(state=LabelState.VOIDED, voided_at=NOW + SECOND))

    repository.transact(change)

    assert repository.check().problems == ()


def test_check_names_a_label_whose_file_is_gone(repository: Repository) -> None:
    """A file that a label names and that is not there is a problem."""
    kept = repository.keep_paper(
        ORDER_ID, Paper(format=DocumentFormat.PDF, kind="LABEL", content=b"x")
    )
    gone = kept.model_copy(update={"sha256": "0" * 64})
    posted = journal(*POSTED).model_copy(update={"label_id": LabelId("l1")})
    repository.transact(lambda tx: keep_both(tx, posted, label(documents=(kept, gone))))

    (problem,) = repository.check().problems

    assert problem == (
        f"Label of order {ORDER_ID}: Label file {'0' * 64}.pdf is missing: fetch that label's "
        "papers again, or put your last backup in its place."
    )


def test_check_names_the_orders_that_are_not_settled(repository: Repository) -> None:
    """Whoever looks after the documents sees whom to ask about, once each."""
    repository.transact(two_pending)
    found = repository.check()

    assert (2, (ORDER_ID,)) == (found.pending_purchases, found.unsettled)


def test_what_is_left_of_an_order_that_is_gone_is_noted(repository: Repository) -> None:
    """Offers and a key without their order are untidy, not wrong."""
    repository.keep_paper(ORDER_ID, Paper(format=DocumentFormat.PDF, kind="LABEL", content=b"x"))
    offers = Offers(order_id=ORDER_ID, shipment_fingerprint="x", fetched_at=NOW)
    repository.transact(lambda tx: tx.put_offers(offers))
    found = repository.check()
    notes = [note for note in found.notes if "There is no order" in note]

    assert () == found.problems
    assert [
        f"There is no order {ORDER_ID}, but offers.",
        f"There is no order {ORDER_ID}, but a buyer's key.",
    ] == notes
