"""Adding, removing and choosing stores says whose credentials Rithum orders are lent."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from primetui import bootstrap
from primetui.domain.lending import LenderChanged, newest_amazon
from primetui.domain.store import AmazonAccountId, Store, StoreId, StoreKind
from primetui.errors import ConfigError
from primetui.usecases.manage_stores import (
    NewStore,
    StoreChanges,
    add_manual_store,
    choose_lender,
    connect_store,
    edit_store,
    remove_store,
)
from tests.shop import Shop

ACCOUNT = AmazonAccountId("77")


def offered(shop: Shop, **changes: Any) -> NewStore:
    """Take the first store a sandbox offers."""
    return replace(bootstrap.sandbox_stores(shop.sandbox.url)[0], **changes)


def with_rithum(shop: Shop) -> Store:
    """Keep a Rithum store too."""
    rithum = Store(
        id=StoreId("rithum"),
        kind=StoreKind.RITHUM,
        name="Rithum",
        marketplace_id="",
        endpoint=shop.sandbox.url,
        token_endpoint=shop.sandbox.url,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    shop.desk.repository.transact(lambda tx: tx.put_store(rithum))
    return rithum


def test_R11_a_third_store_that_lends_from_now_on_is_told(shop: Shop) -> None:
    """R11: which store lends before and after; removed again, the other way round."""
    with_rithum(shop)
    newest = newest_amazon(shop.desk.repository.stores())
    assert newest is not None
    before = newest.store
    shop.clock.advance(minutes=1)

    third = connect_store(shop.desk, offered(shop, name="Third"))

    assert LenderChanged(before, third.store) == third.lender
    assert LenderChanged(third.store, before) == remove_store(shop.desk, third.store.id)


def test_R11_without_rithum_nothing_is_told(shop: Shop) -> None:
    """R11: nobody asks who lends."""
    shop.clock.advance(minutes=1)
    third = connect_store(shop.desk, offered(shop, name="Third"))

    assert third.lender is None
    assert remove_store(shop.desk, third.store.id) is None


def test_R11_a_manual_store_lends_nothing(shop: Shop) -> None:
    """R11: it has no credentials, and none are kept for it."""
    with_rithum(shop)
    shop.clock.advance(minutes=1)
    manual = add_manual_store(shop.desk, " By hand ")

    assert ("By hand", StoreKind.MANUAL, True) == (manual.name, manual.kind, manual.active)
    assert shop.desk.secrets.get(manual.id) is None
    assert manual == shop.desk.repository.store(manual.id)
    with pytest.raises(ConfigError, match="has nothing to lend"):
        choose_lender(shop.desk, ACCOUNT, manual.id)
    assert remove_store(shop.desk, manual.id) is None


def test_R11_a_choice_is_kept_changed_and_given_up(shop: Shop) -> None:
    """R11: one store an account; an inactive one may lend."""
    first, second = shop.desk.repository.stores()
    edit_store(shop.desk, first.id, StoreChanges(active=False))

    choose_lender(shop.desk, ACCOUNT, first.id)
    choose_lender(shop.desk, AmazonAccountId(" 88 "), first.id)
    assert {"77": first.id, "88": first.id} == shop.desk.repository.account().lending
    choose_lender(shop.desk, ACCOUNT, second.id)
    assert {"77": second.id, "88": first.id} == shop.desk.repository.account().lending
    choose_lender(shop.desk, ACCOUNT, None)
    assert {"88": first.id} == shop.desk.repository.account().lending


def test_R11_a_removed_store_stays_the_choice(shop: Shop) -> None:
    """R11: so that no other store takes its place in silence."""
    first = shop.desk.repository.stores()[0]
    choose_lender(shop.desk, ACCOUNT, first.id)

    remove_store(shop.desk, first.id)

    assert {ACCOUNT: first.id} == shop.desk.repository.account().lending
    with pytest.raises(ConfigError, match="was removed meanwhile"):
        choose_lender(shop.desk, ACCOUNT, first.id)


@pytest.mark.parametrize("named", ["", " ", "a\nb", "\x1b[2J", "7" * 81])
def test_R11_an_account_nobody_can_name_is_refused(shop: Shop, named: str) -> None:
    """R11: a blank one would stand for every order that names none."""
    with pytest.raises(ConfigError, match=r"^account: "):
        choose_lender(shop.desk, AmazonAccountId(named), shop.desk.repository.stores()[0].id)

    assert {} == shop.desk.repository.account().lending


@pytest.mark.parametrize("name", ["", "Northwind Prime US", "a\x1bb"])
def test_a_manual_stores_name_is_held_to_the_same_rules(shop: Shop, name: str) -> None:
    """Blank, taken or unprintable: the field is named, nothing is kept."""
    before = shop.desk.repository.stores()

    with pytest.raises(ConfigError, match=r"^name: ") as caught:
        add_manual_store(shop.desk, name)

    assert "--credentials" not in str(caught.value)
    assert before == shop.desk.repository.stores()
