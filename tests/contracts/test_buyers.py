"""What every Repository does with what names a buyer: sealed, dated, destroyed (R23)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from primetui.domain.batch import Batch, BatchId, Entry, Limits
from primetui.domain.label import LabelId, LabelState, LabelStep, PurchaseState, Step
from primetui.domain.notice import Notice, NoticeId
from primetui.domain.rate import Offers
from primetui.domain.retention import forget_after
from primetui.domain.shipment import DocumentFormat, OrderId, PackedItem
from primetui.domain.store import StoreId
from primetui.errors import RepositoryError
from primetui.ports import AuditEntry, OrderQuery, Paper, Repository, Writes
from tests.contracts.test_repository import record
from tests.domain.made import (
    DELIVER_BY,
    FETCHED,
    FIRST,
    NOW,
    ORDER_ID,
    SECOND,
    draft,
    item,
    journal,
    label,
    listed,
    order,
    rate,
)

Opener = Callable[[], Repository]

OTHER = OrderId("222")
DUE = DELIVER_BY + timedelta(days=30)
PAPER = Paper(format=DocumentFormat.PDF, kind="LABEL", content=b"%PDF for Ada Buyer")


def keep(repository: Repository, id_: str = ORDER_ID, **changes: Any) -> None:
    """Keep an order."""
    repository.transact(lambda tx: tx.put_order(record(id_, **changes)))


def keep_label(repository: Repository, id_: OrderId = ORDER_ID) -> None:
    """Keep a label of an order, with its file."""
    document = repository.keep_paper(id_, PAPER)
    repository.transact(
        lambda tx: tx.put_label(label(id=LabelId(f"l{id_}"), order_id=id_, documents=(document,)))
    )


@pytest.mark.parametrize(
    ("at", "due"), [(DUE - SECOND, ()), (DUE, (ORDER_ID,)), (DUE + SECOND, (ORDER_ID,))]
)
def test_R23_a_buyer_is_due_to_the_second(
    repository: Repository, at: datetime, due: tuple[OrderId, ...]
) -> None:
    """A second before not yet; an order without a buyer never."""
    keep(repository)
    keep(repository, OTHER, ship_to=None)

    assert due == repository.due_buyers(at)


def test_R23_a_label_file_alone_makes_an_order_due(repository: Repository) -> None:
    """It names the buyer, also where the address was never read."""
    keep(repository, ship_to=None)
    keep_label(repository)

    assert ((), (ORDER_ID,)) == (
        repository.due_buyers(DUE - SECOND),
        repository.due_buyers(DUE),
    )


@pytest.mark.parametrize("with_address", [True, False])
def test_R23_a_delivery_learnt_later_moves_the_day(
    repository: Repository, *, with_address: bool
) -> None:
    """Whatever is sealed, the day follows the facts as they come in."""
    address: dict[str, Any] = {} if with_address else {"ship_to": None}
    keep(repository, **address)
    keep_label(repository)
    arrived = NOW + timedelta(hours=1)
    keep(repository, packages=(listed(delivered_at=arrived),), **address)

    early = arrived + timedelta(days=30)

    assert ((), (ORDER_ID,)) == (
        repository.due_buyers(early - SECOND),
        repository.due_buyers(early),
    )


def test_R23_a_destroyed_key_leaves_the_place_and_nothing_else(repository: Repository) -> None:
    """The order is read as before, but for the person; its file opens no more; it is not due."""
    keep(repository)
    keep_label(repository)
    (kept,) = repository.labels(ORDER_ID)
    repository.transact(lambda tx: tx.destroy_key(ORDER_ID))

    found = repository.order(ORDER_ID)

    assert found is not None
    assert found.order.ship_to is not None
    assert ("", "", "Boston") == (
        found.order.ship_to.name,
        found.order.ship_to.line1,
        found.order.ship_to.city,
    )
    assert found.order.sealed
    assert () == repository.due_buyers(DUE)
    with pytest.raises(RepositoryError, match="it was destroyed when the buyer was forgotten"):
        repository.read_paper(ORDER_ID, kept.documents[0])


def test_a_purchase_is_kept_without_its_person(repository: Repository) -> None:
    """Whoever writes it: the journal outlives the buyer."""
    named = journal(PurchaseState.INTENT).model_copy(update={"order": record().order})
    repository.transact(lambda tx: tx.put_purchase(named))

    (kept,) = repository.purchases(ORDER_ID)

    assert (None, "") == (kept.order.ship_to, kept.order.sealed)


def test_removed_papers_are_gone_and_others_stay(repository: Repository) -> None:
    """Files are an order's own; removing them twice is removing them once."""
    for order_id in (ORDER_ID, OTHER):
        keep(repository, order_id)
        keep_label(repository, order_id)
    repository.remove_papers(ORDER_ID)
    repository.remove_papers(ORDER_ID)
    repository.remove_papers(OrderId("never seen"))

    for order_id, is_there in ((ORDER_ID, False), (OTHER, True)):
        (kept,) = repository.labels(order_id)
        if is_there:
            assert PAPER.content == repository.read_paper(order_id, kept.documents[0])
        else:
            with pytest.raises(RepositoryError, match="is missing"):
                repository.read_paper(order_id, kept.documents[0])


def note(id_: OrderId) -> Notice:
    """Make a notice for an order's label."""
    return Notice(
        id=NoticeId(f"l{id_}"),
        order_id=id_,
        store_id=StoreId("us"),
        marketplace_id="ATVPDKIKX0DER",
        label_id=LabelId(f"l{id_}"),
        reference="1",
        carrier="UPS",
        service="Ground",
        tracking_id="1Z1",
        shipped_at=NOW,
        items=(PackedItem(item_id=FIRST, quantity=1),),
        due_at=NOW,
        next_at=NOW,
    )


def fill(tx: Writes, id_: OrderId) -> None:
    """Keep one of everything for an order."""
    purchase = journal(PurchaseState.POSTED)
    mine = {"id": f"p{id_}", "order": order(id=id_)}
    tx.put_purchase(purchase.model_copy(update=mine))
    tx.put_notice(note(id_))
    tx.put_offers(
        Offers(
            order_id=id_,
            shipment_fingerprint=draft().fingerprint,
            rates=(rate(),),
            fetched_at=FETCHED,
        )
    )
    tx.log(AuditEntry(at=NOW, by="ann", action="label bought", order_id=id_))


def test_R23_a_removed_order_leaves_only_what_was_done(repository: Repository) -> None:
    """Order, row, journal, labels, notices, offers and key go; the audit log and others stay."""
    for order_id in (ORDER_ID, OTHER):
        keep(repository, order_id)
        keep_label(repository, order_id)
        repository.transact(lambda tx, id_=order_id: fill(tx, id_))  # type: ignore[misc] # binds the loop's value
    repository.remove_papers(ORDER_ID)
    repository.transact(lambda tx: tx.remove_order(ORDER_ID))

    for order_id, number in ((ORDER_ID, 0), (OTHER, 1)):
        found = (
            repository.order(order_id),
            repository.offers(order_id),
            *repository.purchases(order_id),
            *repository.labels(order_id),
            *repository.notices(order_id),
        )
        assert number * 5 == sum(one is not None for one in found)
        assert 1 == len(repository.audit(order_id))
    assert [OTHER] == [row.id for row in repository.order_rows(OrderQuery(), 0, 9)]
    assert (OTHER,) == repository.due_buyers(DUE)
    assert 1 == repository.check().counts["keys"]


def test_old_lines_of_the_audit_log_go_the_oldest_first(repository: Repository) -> None:
    """Those before the moment, no more than asked for, and none behind the first that is younger."""
    moments = [NOW - timedelta(days=3), NOW - timedelta(days=2), NOW - timedelta(days=1), NOW]
    for number, at in enumerate(moments):
        line = AuditEntry(at=at, by="ann", action=str(number))
        repository.transact(lambda tx, line=line: tx.log(line))  # type: ignore[misc] # binds the loop's value

    before = NOW - timedelta(days=1)
    removed = [repository.transact(lambda tx: tx.remove_audit(before, 1)) for _ in range(3)]

    assert [1, 1, 0] == removed
    assert ["2", "3"] == [line.action for line in repository.audit()]


def test_a_removed_batch_is_gone(repository: Repository) -> None:
    """The others stay."""
    for id_ in ("b1", "b2"):
        batch = Batch(
            id=BatchId(id_),
            made_at=NOW,
            made_by="ann",
            limits=Limits(),
            entries=(Entry(order_id=ORDER_ID),),
        )
        repository.transact(lambda tx, batch=batch: tx.put_batch(batch))  # type: ignore[misc] # binds the loop's value
    repository.transact(lambda tx: tx.remove_batch(BatchId("b1")))

    assert [BatchId("b2")] == [batch.id for batch in repository.batches()]


def test_an_exchanged_key_opens_for_all_who_have_the_documents_open(opener: Opener) -> None:
    """One exchanges it, another goes on reading and sealing, a third comes later."""
    one, two = opener(), opener()
    keep(one)
    keep_label(one)
    assert two.order(ORDER_ID) == record()

    assert (ORDER_ID,) == one.renew_key()
    keep(two, OTHER)
    assert () == one.rewrap((ORDER_ID,))
    assert 0 == one.drop_old_keys()

    for repository in (one, two, opener()):
        assert record() == repository.order(ORDER_ID)
        assert record(OTHER) == repository.order(OTHER)
        (kept,) = repository.labels(ORDER_ID)
        assert PAPER.content == repository.read_paper(ORDER_ID, kept.documents[0])


def test_nothing_of_today_is_outdated(repository: Repository) -> None:
    """What is written now needs no migration, and scrubbing it changes nothing."""
    keep(repository, items=(item(),))
    keep_label(repository)
    assert () == repository.outdated()
    assert repository.scrub(rewrite=True)

    found = repository.order(ORDER_ID)

    assert found is not None
    assert forget_after(found.order) == DUE
    assert () == repository.upgrade(())


QUOTED = "Refused: ADA BUYER, 9 elm street, 02108 Boston, call 6175550123 (ada@example.com)."
DISCREET = "Refused: …, …, … Boston, call … (…)."


def test_R23_what_a_provider_quotes_of_a_buyer_is_not_written_down(repository: Repository) -> None:
    """In journal, label, outbox and audit log, however it spells them; the place may stay."""
    keep(repository)
    refused = journal(PurchaseState.INTENT).step(
        Step(state=PurchaseState.VOIDED, at=NOW, by="ann", note=QUOTED)
    )
    asked = LabelStep(state=LabelState.VOIDING, at=NOW, by="ann", note=QUOTED)

    def write(tx: Writes) -> None:
        tx.put_purchase(refused)
        tx.put_label(label().step(asked))
        tx.put_notice(note(ORDER_ID).fail(QUOTED))
        tx.log(AuditEntry(at=NOW, by="ann", action="x", order_id=ORDER_ID, detail=QUOTED))

    repository.transact(write)

    assert DISCREET == repository.purchases(ORDER_ID)[0].steps[-1].note
    assert DISCREET == repository.labels(ORDER_ID)[0].history[-1].note
    assert DISCREET == repository.notices(ORDER_ID)[0].reason
    assert DISCREET == repository.audit(ORDER_ID)[0].detail
