"""What every Repository must do: keep values, all or nothing, in order, for several operators."""

import threading
from collections.abc import Callable

import pytest

from primetui.domain.chore import Chore, Job
from primetui.domain.label import Label, LabelId, LabelState, Purchase, PurchaseId, PurchaseState
from primetui.domain.order import Landing, OrderRecord, OrderStatus, Tagging
from primetui.domain.rate import Offers
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.domain.store import Account, AmazonCarrier, StoreId
from primetui.errors import Busy, RepositoryError
from primetui.ports import AuditEntry, Paper, Repository, Writes
from tests.domain.made import (
    BUYER,
    FETCHED,
    NOW,
    ORDER_ID,
    SECOND,
    WAREHOUSE,
    draft,
    item,
    journal,
    label,
    order,
    rate,
    store,
    usd,
)

Opener = Callable[[], Repository]

HOSTILE = OrderId("111'; DROP TABLE doc; --\x1b[2J\"é\0")
POSTED = (PurchaseState.INTENT, PurchaseState.SENT, PurchaseState.POSTED)


def record(id_: str = ORDER_ID, **changes: object) -> OrderRecord:
    """Make an order as we keep it."""
    landing = Landing(status=OrderStatus.AWAITING_SHIPMENT, why="Not a Prime order.", at=NOW)
    facts = order(**{"id": OrderId(id_), "ship_to": BUYER} | changes)
    return OrderRecord(
        order=facts,
        landing=landing,
        shipment=draft(order_id=OrderId(id_)),
        tags=(Tagging(name="Amazon Prime Order", by="import", at=NOW),),
        removed_tags=("Fragile",),
    )


def said(action: str, order_id: OrderId | None = None) -> AuditEntry:
    """Make a line of the audit log."""
    return AuditEntry(at=NOW, by="ann", action=action, order_id=order_id, detail="é\x1b[2J")


def keep_both(tx: Writes, purchase: Purchase, bought: Label) -> None:
    """Keep a purchase and its label."""
    tx.put_purchase(purchase)
    tx.put_label(bought)


def test_nothing_is_there_at_first(repository: Repository) -> None:
    """New documents are empty, with the merchant's settings at their defaults."""
    assert repository.account() == Account()
    assert repository.stores() == ()
    assert repository.store(StoreId("us")) is None
    assert repository.order(ORDER_ID) is None
    assert repository.offers(ORDER_ID) is None
    assert repository.purchases(ORDER_ID) == ()
    assert repository.pending_purchases() == ()
    assert repository.labels(ORDER_ID) == ()
    assert repository.audit() == ()
    assert repository.revision() == 0
    assert repository.check().problems == ()


@pytest.mark.parametrize("id_", [ORDER_ID, HOSTILE])
def test_every_value_comes_back_as_it_was_kept(opener: Opener, id_: OrderId) -> None:
    """Whatever is put is read back equal, by another process too."""
    account = Account(country="GB", amazon_carriers=frozenset(AmazonCarrier))
    shop = store(ship_from=WAREHOUSE, imported_until=NOW)
    kept = record(id_, items=(item(title="Mug é\x1b[2J", unit_price=usd("1.10")),))
    offers = Offers(
        order_id=id_,
        shipment_fingerprint=kept.shipment.fingerprint,
        fetched_at=FETCHED,
        rates=(rate(),),
    )
    purchase = journal(*POSTED).model_copy(update={"order": order(id=id_)})
    bought = label(order_id=id_)

    def keep(tx: Writes) -> None:
        tx.put_account(account)
        tx.put_store(shop)
        tx.put_order(kept)
        tx.put_offers(offers)
        tx.put_purchase(purchase)
        tx.put_label(bought)
        tx.log(said("import", id_))

    opener().transact(keep)
    later = opener()

    assert account == later.account()
    assert (shop,) == later.stores()
    assert shop == later.store(shop.id)
    assert kept == later.order(id_)
    assert offers == later.offers(id_)
    assert (purchase,) == later.purchases(id_)
    assert (bought,) == later.labels(id_)
    assert (said("import", id_),) == later.audit(id_) == later.audit()


def test_a_draft_keeps_its_fingerprint(repository: Repository) -> None:
    """A rate fetched for a draft still belongs to it after the draft was kept."""
    repository.transact(lambda tx: tx.put_order(record()))

    kept = repository.order(ORDER_ID)

    assert kept is not None
    assert draft().fingerprint == kept.shipment.fingerprint


def test_an_order_id_is_one_order(repository: Repository) -> None:
    """The same id again replaces the order: from whatever source, it is one (R14)."""
    repository.transact(lambda tx: tx.put_order(record()))
    repository.transact(lambda tx: tx.put_order(record(store_id=StoreId("rithum"))))

    kept = repository.order(ORDER_ID)

    assert kept is not None
    assert kept.order.store_id == "rithum"
    assert repository.check().counts["orders"] == 1


def test_stores_come_by_creation_and_can_be_forgotten(repository: Repository) -> None:
    """Whatever the order of writing, the oldest store is first; a removed one is gone."""
    old = store(id=StoreId("old"))
    new = store(id=StoreId("new"), created_at=NOW)

    def keep(tx: Writes) -> None:
        tx.put_store(new)
        tx.put_store(old)

    repository.transact(keep)
    assert (old, new) == repository.stores()

    repository.transact(lambda tx: tx.remove_store(old.id))
    assert (new,) == repository.stores()
    assert repository.store(old.id) is None


def test_journal_labels_and_audit_come_oldest_first(repository: Repository) -> None:
    """Entries keep the place of their first writing, however often they change."""
    first = journal(PurchaseState.INTENT)
    second = first.model_copy(update={"id": PurchaseId("p2")})

    def keep(tx: Writes) -> None:
        tx.put_purchase(first)
        tx.put_purchase(second)
        tx.put_label(label())
        tx.put_label(label(id=LabelId("l2")))
        for action in ("one", "two", "three"):
            tx.log(said(action))

    repository.transact(keep)
    sent = journal(PurchaseState.INTENT, PurchaseState.SENT)
    voided = label(state=LabelState.VOIDED)
    repository.transact(lambda tx: keep_both(tx, sent, voided))
    repository.transact(lambda tx: tx.log(said("four")))

    assert (sent, second) == repository.purchases(ORDER_ID) == repository.pending_purchases()
    assert (voided, label(id=LabelId("l2"))) == repository.labels(ORDER_ID)
    assert ["one", "two", "three", "four"] == [entry.action for entry in repository.audit()]


@pytest.mark.parametrize("state", PurchaseState)
def test_only_what_is_not_settled_is_pending(repository: Repository, state: PurchaseState) -> None:
    """Intent, sent and unknown are pending; posted and voided are not."""
    repository.transact(lambda tx: tx.put_purchase(journal(PurchaseState.INTENT)))
    repository.transact(lambda tx: tx.put_purchase(journal(state)))

    pending = state not in {PurchaseState.POSTED, PurchaseState.VOIDED}

    assert pending is bool(repository.pending_purchases())
    assert int(pending) == repository.check().pending_purchases


def test_a_transaction_that_fails_leaves_nothing(repository: Repository) -> None:
    """All or nothing, the grid's row included; the error is the caller's own."""

    def fail(tx: Writes) -> None:
        tx.put_order(record())
        tx.put_purchase(journal(PurchaseState.INTENT))
        assert tx.order(ORDER_ID) == record()
        assert len(tx.purchases(ORDER_ID)) == 1
        raise KeyError("change of mind")

    with pytest.raises(KeyError, match="change of mind"):
        repository.transact(fail)

    assert repository.order(ORDER_ID) is None
    assert repository.purchases(ORDER_ID) == ()
    assert repository.status_counts()[OrderStatus.AWAITING_SHIPMENT] == 0
    assert repository.revision() == 0


def test_a_transaction_gives_its_answer(repository: Repository) -> None:
    """What the change returns is what the caller gets."""
    assert repository.transact(lambda tx: tx.account().country) == "US"


def test_the_revision_grows_with_every_change(opener: Opener) -> None:
    """A change by any process is a new revision for all; reading is none."""
    one, two = opener(), opener()
    one.transact(lambda tx: tx.put_order(record()))
    first = two.revision()
    two.order(ORDER_ID)
    assert first == one.revision() > 0

    two.transact(lambda tx: tx.log(said("look")))

    assert one.revision() == two.revision() > first


def test_of_many_operators_one_claims_an_order(opener: Opener) -> None:
    """Look and claim are one step: eight at once leave one intent (R21)."""
    repositories = [opener() for _ in range(4)]
    start = threading.Barrier(8)
    claimed: list[bool] = []

    def claim(number: int) -> None:
        mine = journal(PurchaseState.INTENT).model_copy(update={"id": PurchaseId(f"p{number}")})

        def change(tx: Writes) -> bool:
            if tx.purchases(ORDER_ID):
                return False
            tx.put_purchase(mine)
            return True

        start.wait()
        claimed.append(repositories[number % 4].transact(change))

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claimed) == [False] * 7 + [True]
    assert len(repositories[0].purchases(ORDER_ID)) == 1


def test_a_lease_is_one_operators(opener: Opener) -> None:
    """Who comes second learns who holds the order and since when; another order is free."""
    one, two = opener(), opener()

    with one.lease(ORDER_ID, "ann"), two.lease(HOSTILE, "bob"):
        with pytest.raises(Busy) as busy, two.lease(ORDER_ID, "bob"):
            pass
        with pytest.raises(Busy), one.lease(ORDER_ID, "ann"):
            pass
    with two.lease(ORDER_ID, "bob"):
        pass

    assert ("ann", "2026-03-03 15:00 UTC") == (busy.value.holder, busy.value.since)


def test_a_lease_ends_with_an_error_too(repository: Repository) -> None:
    """A purchase that fails gives the order back."""
    with pytest.raises(KeyError), repository.lease(ORDER_ID, "ann"):
        raise KeyError
    with repository.lease(ORDER_ID, "ann"):
        pass


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 label", bytes(range(256)) * 4096])
def test_a_paper_comes_back_byte_for_byte(opener: Opener, content: bytes) -> None:
    """A file is kept under its hash; keeping it twice is keeping it once."""
    paper = Paper(format=DocumentFormat.ZPL, kind="LABEL", content=content)
    document = opener().keep_paper(ORDER_ID, paper)

    assert opener().keep_paper(ORDER_ID, paper) == document
    assert content == opener().read_paper(ORDER_ID, document)
    assert (len(content), "LABEL", DocumentFormat.ZPL) == (
        document.size_bytes,
        document.kind,
        document.format,
    )


@pytest.mark.parametrize("sha256", ["0" * 64, "../../secrets.json", "", "A" * 64, "0" * 64 + "\n"])
def test_a_paper_that_is_not_there_is_said_to_be_missing(
    repository: Repository, sha256: str
) -> None:
    """Neither an unknown hash nor a name that is no hash opens any file."""
    document = repository.keep_paper(
        ORDER_ID, Paper(format=DocumentFormat.PDF, kind="LABEL", content=b"x")
    )

    with pytest.raises(RepositoryError, match="fetch that label's papers again"):
        repository.read_paper(ORDER_ID, document.model_copy(update={"sha256": sha256}))


def test_an_id_in_broken_bytes_is_an_id_like_any_other(repository: Repository) -> None:
    """What an operator types in another encoding finds nothing, and breaks nothing."""
    id_ = OrderId("111\udcff")

    assert repository.order(id_) is None
    assert repository.purchases(id_) == ()
    with repository.lease(id_, "ann\udcff"):
        pass


def test_a_chore_is_kept_as_it_was_done_last(repository: Repository) -> None:
    """The second time takes the first one's place; another job keeps its own."""
    first, second = (Chore(job=Job.FORGET, at=at, by="ann") for at in (NOW, NOW + SECOND))
    repository.transact(lambda tx: tx.put_chore(first))
    repository.transact(lambda tx: tx.put_chore(second))

    assert (second, None) == (repository.chore(Job.FORGET), repository.chore(Job.PURGE))
