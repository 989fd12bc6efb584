"""Every repository keeps the rules, and gives the orders they run over without opening buyers."""

from collections.abc import Callable
from contextlib import closing

import pytest

from primetui.domain.handling import RuleId
from primetui.domain.order import Landing, OrderRecord, OrderStatus
from primetui.domain.rules.book import RuleBook
from primetui.domain.rules.ready_made import RITHUM_PRIME
from primetui.domain.shipment import OrderId
from primetui.errors import RepositoryError
from primetui.ports import Repository, Writes
from tests.contracts.conftest import Opener
from tests.domain.made import BUYER, NOW, draft, order


def stored(
    name: str, status: OrderStatus = OrderStatus.AWAITING_SHIPMENT, title: str = "Mug"
) -> OrderRecord:
    """Make a stored order that names its buyer."""
    facts = order(id=OrderId(name), status=status, ship_to=BUYER)
    items = tuple(one.model_copy(update={"title": title}) for one in facts.items)
    return OrderRecord(
        order=facts.model_copy(update={"items": items}),
        landing=Landing(status=status, why="", at=NOW),
        shipment=draft(order_id=OrderId(name)),
    )


def keeping(*records: OrderRecord) -> Callable[[Writes], None]:
    """Make the change that keeps some orders."""

    def keep(tx: Writes) -> None:
        for one in records:
            tx.put_order(one)

    return keep


def all_of(repository: Repository, *, with_buyer: bool = False) -> list[OrderRecord]:
    """Read the orders that await shipment."""
    status = OrderStatus.AWAITING_SHIPMENT
    with closing(repository.each_order(status, with_buyer=with_buyer)) as found:
        return [one for one in found if isinstance(one, OrderRecord)]


def test_rules_come_back_as_they_were(opener: Opener) -> None:
    """With their history, in another process too."""
    first = opener()
    rule = RITHUM_PRIME.model_copy(update={"id": RuleId("r1"), "name": "\U0001f69a \x1b"})
    book = RuleBook().edited((rule,), "added", by="ann", at=NOW)

    assert RuleBook() == first.rules()
    first.transact(lambda tx: tx.put_rules(book))

    assert book == opener().rules() == first.rules()


@pytest.mark.parametrize("title", ["Mug", "Awaiting Shipment", '"Awaiting Shipment"', "\U0001f69a"])
def test_each_order_of_a_status_is_given_and_no_other(repository: Repository, title: str) -> None:
    """Whatever words are in it; in order of arrival."""
    waiting = [stored(name, title=title) for name in ("2", "1", "3")]
    shipped = stored("4", OrderStatus.SHIPPED, title=title)
    repository.transact(keeping(*waiting, shipped))

    assert ["2", "1", "3"] == [one.order.id for one in all_of(repository)]
    assert waiting == all_of(repository, with_buyer=True)


def test_R23_a_buyer_stays_sealed_unless_asked_for(repository: Repository) -> None:
    """R23: a sealed order names the place alone, and kept again it loses nothing."""
    kept = stored("1")
    repository.transact(lambda tx: tx.put_order(kept))
    sealed = repository.sealed_order(OrderId("1"))

    assert sealed is not None
    assert [sealed] == all_of(repository)
    assert sealed.order.ship_to is not None
    assert ("", BUYER.city) == (sealed.order.ship_to.name, sealed.order.ship_to.city)
    repository.transact(lambda tx: tx.put_order(sealed))
    assert kept == repository.order(OrderId("1"))
    assert repository.sealed_order(OrderId("2")) is None


def test_a_reading_left_early_lets_go(repository: Repository) -> None:
    """Whoever had enough closes it, and the documents can be written and closed."""
    repository.transact(keeping(stored("1"), stored("2")))
    with closing(repository.each_order(OrderStatus.AWAITING_SHIPMENT)) as found:
        first = next(found)

    assert not isinstance(first, RepositoryError)
    repository.transact(lambda tx: tx.put_order(stored("3")))
    assert 3 == len(all_of(repository))
