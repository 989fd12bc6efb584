"""Renew a store's credentials: tried first, then put in the place of those that end (R1, R21)."""

from datetime import timedelta
from typing import Final

from pydantic import SecretStr

from primetui.domain.shipment import OrderId, sold_on_amazon
from primetui.domain.store import Store, StoreId
from primetui.errors import ConfigError, NotFound
from primetui.ports import Credentials, Desk, Marketplace, OrderQuery, OrderSort, Writes
from primetui.usecases.manage_stores import find_store, needs, open_marketplaces
from primetui.usecases.open_record import entry

REMEMBERED: Final = timedelta(days=365)
"""Amazon forgets orders after two years; one of the last year it certainly knows."""


def renew_credentials(desk: Desk, store_id: StoreId, typed: Credentials) -> Store:
    """Give a store new credentials; a blank one keeps what is there.

    The store stays the same one: its id, its first authorisation (R1), its orders and their
    purchases. Raises ConfigError when something is missing or the credentials open something
    else, PortError when the try fails: then the old ones stay.
    """
    store = find_store(desk, store_id)
    kept = desk.secrets.get(store.id)
    whole = _completed(typed, kept)
    with desk.trial(store, whole) as marketplace:
        open_marketplaces(marketplace, store)
        _refuse_another_seller(desk, store, marketplace)
    desk.secrets.put(store.id, whole)
    another = kept is None or kept.client_secret != whole.client_secret
    return desk.repository.transact(lambda tx: _write_down(desk, tx, store.id, another=another))


def _completed(typed: Credentials, kept: Credentials | None) -> Credentials:
    """Fill what was left blank from what is kept; name what neither has."""
    fields = {
        "client_id": typed.client_id or (kept.client_id if kept else ""),
        "client_secret": _either(typed.client_secret, kept.client_secret if kept else None),
        "refresh_token": _either(typed.refresh_token, kept.refresh_token if kept else None),
    }
    for name, value in fields.items():
        if not value:
            raise ConfigError(f"{name}: it is missing, and none is kept here.")
    return typed.changed(**fields)


def _either(typed: SecretStr, kept: SecretStr | None) -> SecretStr:
    return typed if typed or kept is None else kept


def _refuse_another_seller(desk: Desk, store: Store, marketplace: Marketplace) -> None:
    """Ask for an order of this store: another seller's credentials do not find it.

    Amazon does not name the seller. With another one's credentials an open purchase would be
    looked up where it never was.
    """
    order_id = _known_order(desk, store.id)
    if order_id is None:
        return
    try:
        marketplace.order(order_id)
    except NotFound:
        raise ConfigError(
            f"The credentials work, but do not know order {order_id} of the store "
            f"{store.name!r}: they are another seller's. Nothing was changed."
        ) from None


def _known_order(desk: Desk, store_id: StoreId) -> OrderId | None:
    """Choose an order of the store: one that waits for an answer, or else the newest."""
    waiting = [p.order.id for p in desk.repository.pending_purchases() if needs(p, store_id)]
    for order_id in waiting:
        if sold_on_amazon(order_id):
            return order_id
    newest = OrderQuery(store_id=store_id, sort=OrderSort.PURCHASED, descending=True)
    rows = desk.repository.order_rows(newest, 0, 1)
    remembered_since = desk.clock.now() - REMEMBERED
    found = next((row.id for row in rows if row.purchased_at >= remembered_since), None)
    if found is None and waiting:
        raise ConfigError(
            f"A purchase for order {waiting[0]} is not settled, and nothing here can tell whether "
            "the new credentials are the same seller's: settle it first, by reconcile or by hand."
        )
    return found


def _write_down(desk: Desk, tx: Writes, store_id: StoreId, *, another: bool) -> Store:
    """Count the life of the client secret anew where it is another one."""
    store = tx.store(store_id)
    if store is None:
        raise ConfigError(f"The store {store_id!r} was removed meanwhile.")
    if another:
        store = store.changed(secret_renewed_at=desk.clock.now())
        tx.put_store(store)
    tx.log(entry(desk, "credentials renewed", detail=store_id))
    return store
