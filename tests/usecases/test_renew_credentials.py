"""Renewing credentials: tried first, put in place at once, and the store stays the same one."""

import pytest
from pydantic import SecretStr

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.label import PurchaseState
from primetui.domain.order import OrderRecord
from primetui.domain.shipment import OrderId
from primetui.domain.store import Store
from primetui.errors import ConfigError, PortError, Unauthorized
from primetui.ports import Credentials
from primetui.usecases.import_orders import import_orders
from primetui.usecases.manage_stores import try_store
from primetui.usecases.purchase_label import Unresolved
from primetui.usecases.reconcile_purchases import Found, StillUnknown, reconcile_purchases
from primetui.usecases.renew_credentials import renew_credentials
from tests.shop import Shop

BLANK = Credentials(client_id="", client_secret=SecretStr(""), refresh_token=SecretStr(""))


def good(shop: Shop, number: int = 0) -> Credentials:
    """Take what opens a store of the sandbox."""
    return bootstrap.sandbox_stores(shop.sandbox.url)[number].credentials


def with_secret(shop: Shop, secret: str) -> Credentials:
    """Take the first store's credentials with another secret."""
    return good(shop).changed(client_secret=SecretStr(secret))


def expire(shop: Shop) -> Store:
    """Let Amazon turn off the first store's client secret."""
    store = shop.desk.repository.stores()[0]
    shop.desk.secrets.put(store.id, with_secret(shop, "turned-off"))
    with pytest.raises(Unauthorized):
        try_store(shop.desk, store.id)
    return store


def test_R1_the_store_stays_the_same_one(shop: Shop) -> None:
    """R1: re-authorising keeps id, first authorisation and settings; the secret is young again."""
    store = expire(shop)
    shop.clock.advance(days=200)

    renewed = renew_credentials(shop.desk, store.id, good(shop))

    assert store.changed(secret_renewed_at=shop.clock.now()) == renewed
    assert renewed == shop.desk.repository.store(store.id)
    assert good(shop) == shop.desk.secrets.get(store.id)
    assert store.marketplace_id in try_store(shop.desk, store.id)
    assert "credentials renewed" == shop.desk.repository.audit()[-1].action


def test_R21_a_purchase_that_waits_for_an_answer_is_settled_afterwards(shop: Shop) -> None:
    """R21: with the secret turned off nothing settles it; renewed, the label is found."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", "lost_after_effect")
    assert isinstance(shop.buy(order_id, rate_id), Unresolved)
    store = expire(shop)
    (before,) = reconcile_purchases(shop.desk)

    renew_credentials(shop.desk, store.id, good(shop))
    (after,) = reconcile_purchases(shop.desk)

    assert isinstance(before, StillUnknown)
    assert isinstance(after, Found)
    assert 1 == shop.truth(order_id)["live_labels"]
    assert PurchaseState.POSTED is shop.desk.repository.purchases(order_id)[-1].state


def test_a_program_that_runs_takes_up_what_another_one_renewed(shop: Shop) -> None:
    """The credentials are looked at before each call."""
    store = expire(shop)
    settings = Settings(home=shop.home, operator="other")
    with bootstrap.open_desk(settings, clock=shop.clock) as other:
        renew_credentials(other, store.id, good(shop))

    assert [""] == [done.failure for done in import_orders(shop.desk, store.id)]


@pytest.mark.parametrize("number", [0, 1])
def test_what_does_not_open_the_store_takes_no_ones_place(shop: Shop, number: int) -> None:
    """A wrong secret, or keys of another marketplace: the old ones stay and go on working."""
    store = shop.desk.repository.stores()[0]
    wrong = [with_secret(shop, "wrong"), good(shop, 1)][number]

    with pytest.raises((PortError, ConfigError)):
        renew_credentials(shop.desk, store.id, wrong)

    assert good(shop) == shop.desk.secrets.get(store.id)
    assert store == shop.desk.repository.store(store.id)
    assert store.marketplace_id in try_store(shop.desk, store.id)


def test_another_sellers_credentials_are_refused(shop: Shop) -> None:
    """They open the marketplace, but do not know the store's newest order."""
    known = shop.imported()
    store = shop.desk.repository.stores()[0]
    record = shop.desk.repository.order(known)
    assert record is not None
    keep_newer(shop, record)

    with pytest.raises(ConfigError, match="do not know order 999-9999999-9999999"):
        renew_credentials(shop.desk, store.id, good(shop))

    assert store.secret_since == shop.desk.repository.stores()[0].secret_since


@pytest.mark.parametrize(("days", "refused"), [(364, True), (365, True), (366, False)])
def test_an_order_that_amazon_may_have_forgotten_proves_nothing(
    shop: Shop,
    days: int,
    refused: bool,  # noqa: FBT001 - a table's column
) -> None:
    """Within a year it is known for certain; a store that slept longer is not locked out."""
    record = shop.desk.repository.order(shop.imported())
    assert record is not None
    keep_newer(shop, record)
    shop.clock.advance(days=days)
    store = shop.desk.repository.stores()[0]

    if refused:
        with pytest.raises(ConfigError, match="another seller's"):
            renew_credentials(shop.desk, store.id, good(shop))
    else:
        renew_credentials(shop.desk, store.id, good(shop))


def keep_newer(shop: Shop, record: OrderRecord) -> None:
    """Keep an order that Amazon does not know with these credentials."""
    shop.clock.advance(minutes=1)
    order = record.order.changed(id=OrderId("999-9999999-9999999"), purchased_at=shop.clock.now())
    strange = record.changed(
        order=order, shipment=record.shipment.changed(order_id=OrderId("999-9999999-9999999"))
    )
    shop.desk.repository.transact(lambda tx: tx.put_order(strange))


def test_what_is_left_blank_stays(shop: Shop) -> None:
    """Only the secret need be typed; the same secret again does not make it younger."""
    store = expire(shop)
    shop.clock.advance(days=1)
    only_secret = BLANK.changed(client_secret=good(shop).client_secret)

    renewed = renew_credentials(shop.desk, store.id, only_secret)
    shop.clock.advance(days=1)
    again = renew_credentials(shop.desk, store.id, BLANK)

    assert good(shop) == shop.desk.secrets.get(store.id)
    assert renewed == again == shop.desk.repository.store(store.id)


def test_nothing_typed_and_nothing_kept_is_named(shop: Shop) -> None:
    """A store whose secrets were lost needs all three."""
    store = shop.desk.repository.stores()[0]
    shop.desk.secrets.remove(store.id)

    with pytest.raises(ConfigError, match=r"^client_id: it is missing"):
        renew_credentials(shop.desk, store.id, BLANK)
    with pytest.raises(ConfigError, match=r"^refresh_token: it is missing"):
        renew_credentials(shop.desk, store.id, good(shop).changed(refresh_token=SecretStr("")))
    renewed = renew_credentials(shop.desk, store.id, good(shop))

    assert store.id == renewed.id
    assert good(shop) == shop.desk.secrets.get(store.id)
