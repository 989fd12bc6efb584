"""Stores: add, test, edit, remove; connect Amazon's carriers, choose who lends (R1, R3, R4, R11)."""

import shlex
from dataclasses import dataclass
from datetime import timedelta

from primetui.domain.address import Address
from primetui.domain.label import Purchase
from primetui.domain.lending import LenderChanged, lender_change
from primetui.domain.shipment import Package
from primetui.domain.store import (
    BUY_SHIPPING_COUNTRIES,
    LONGEST_NAME,
    Account,
    AmazonAccountId,
    AmazonCarrier,
    Store,
    StoreId,
    StoreKind,
    typed_country,
    typed_name,
)
from primetui.domain.value import Moment
from primetui.errors import ConfigError
from primetui.ports import Credentials, Desk, Marketplace, Reads, Writes
from primetui.usecases.open_record import entry


@dataclass(frozen=True, slots=True)
class NewStore:
    """What is needed to connect a store."""

    name: str
    marketplace_id: str
    endpoint: str
    token_endpoint: str
    credentials: Credentials
    kind: StoreKind = StoreKind.AMAZON
    connected_at: Moment | None = None
    """First authorisation, where it is older than today; None is now."""
    ship_from: Address | None = None
    default_package: Package | None = None


@dataclass(frozen=True, slots=True)
class StoreChanges:
    """What to change about a store; None leaves a thing as it is."""

    name: str | None = None
    active: bool | None = None
    import_prime_awaiting: bool | None = None
    ship_from: Address | None = None
    default_package: Package | None = None
    notify_after: timedelta | None = None
    """How long after a label of another carrier the marketplace is told (R10)."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A store that was added, and what that changed."""

    store: Store
    lender: LenderChanged | None = None
    """Another store lends its credentials to Rithum orders from now on (R11)."""


def add_store(desk: Desk, new: NewStore) -> Store:
    """Connect a store, as `connect_store` does, for whom only the store matters."""
    return connect_store(desk, new).store


def connect_store(desk: Desk, new: NewStore) -> Connected:
    """Connect a store once its credentials have been tried; nothing is kept if they fail.

    Raises ConfigError for a name in use or a marketplace the credentials do not open, PortError
    when the try itself fails.
    """
    name = typed_name(new.name)
    _refuse_taken(desk.repository, name, marketplace_id=new.marketplace_id)
    now = desk.clock.now()
    store = Store(
        id=StoreId(desk.names.new()),
        kind=new.kind,
        name=name,
        marketplace_id=new.marketplace_id,
        endpoint=new.endpoint,
        token_endpoint=new.token_endpoint,
        created_at=now,
        connected_at=new.connected_at or now,
        ship_from=new.ship_from,
        default_package=new.default_package,
    )
    desk.secrets.put(store.id, new.credentials)
    try:
        open_marketplaces(desk.marketplace(store), store)
        return desk.repository.transact(lambda tx: _add(desk, tx, store))
    except BaseException:
        desk.secrets.remove(store.id)
        raise


def add_manual_store(
    desk: Desk, name: str, ship_from: Address | None = None, package: Package | None = None
) -> Store:
    """Add a store whose orders come from files: it has no account anywhere to connect to."""
    now = desk.clock.now()
    store = Store(
        id=StoreId(desk.names.new()),
        kind=StoreKind.MANUAL,
        name=typed_name(name),
        marketplace_id="",
        endpoint="",
        token_endpoint="",
        created_at=now,
        connected_at=now,
        ship_from=ship_from,
        default_package=package,
    )
    return desk.repository.transact(lambda tx: _add(desk, tx, store)).store


def try_store(desk: Desk, store_id: StoreId) -> tuple[str, ...]:
    """Try a store's credentials; give the marketplaces they open."""
    store = find_store(desk, store_id)
    return open_marketplaces(desk.marketplace(store), store)


def open_marketplaces(marketplace: Marketplace, store: Store) -> tuple[str, ...]:
    """Name what the credentials open; a ConfigError when the store's own is not among it."""
    opened = marketplace.test()
    if store.marketplace_id not in opened:
        raise ConfigError(
            f"The credentials work, but do not open marketplace {store.marketplace_id}. "
            f"They open: {', '.join(opened) or 'none'}. Choose one of these, or authorise the app "
            f"in the right Seller Central account."
        )
    return opened


def find_store(desk: Desk, name_or_id: str) -> Store:
    """Find a store by its id or its name, whatever its case."""
    for store in desk.repository.stores():
        if name_or_id == store.id or store.name.casefold() == name_or_id.casefold():
            return store
    desk.repository.store(StoreId(name_or_id))  # one that cannot be read is not one that is missing
    known = ", ".join(store.name for store in desk.repository.stores()) or "none yet"
    raise ConfigError(f"There is no store {name_or_id!r}. Stores: {known}.")


def edit_store(desk: Desk, store_id: StoreId, changes: StoreChanges) -> Store:
    """Change a store; stored orders never move because of it (R3).

    Raises ConfigError naming what does not fit; then nothing is changed.
    """
    name = None if changes.name is None else typed_name(changes.name)

    def write(tx: Writes) -> Store:
        store = tx.store(store_id)
        if store is None:
            raise ConfigError(f"The store {store_id!r} was removed meanwhile.")
        if name is not None:
            _refuse_taken(tx, name, but=store_id)
        named = {
            "name": name,
            "active": changes.active,
            "import_prime_awaiting": changes.import_prime_awaiting,
            "ship_from": changes.ship_from,
            "default_package": changes.default_package,
            "notify_after": changes.notify_after,
        }
        changed = {field: value for field, value in named.items() if value is not None}
        edited = store.changed(**changed)
        return _keep(desk, tx, edited, f"store edited: {', '.join(sorted(changed))}")

    return desk.repository.transact(write)


def needs(purchase: Purchase, store_id: StoreId) -> bool:
    """Tell whether a purchase can only be settled with a store's credentials: its own, or lent."""
    return store_id in {purchase.order.store_id, purchase.rate.lender}


def remove_store(desk: Desk, store_id: StoreId) -> LenderChanged | None:
    """Forget a store and its credentials; its orders and labels stay.

    Tells whether another store lends to Rithum orders from now on. An Amazon account it was
    chosen for keeps it as its choice: nobody lends to that one until somebody else is chosen.
    """

    def write(tx: Writes) -> LenderChanged | None:
        if any(needs(purchase, store_id) for purchase in tx.pending_purchases()):
            raise ConfigError(
                "A purchase with this store's credentials is not settled: run reconcile first. If "
                "they no longer hold, renew them: primetui stores edit STORE --credentials FILE"
            )
        if any(label.lender == store_id for label in tx.voiding_labels()):
            raise ConfigError(
                "A label bought with this store's credentials is being voided: run reconcile first."
            )
        before = tx.stores()
        tx.remove_store(store_id)
        tx.log(entry(desk, "store removed", detail=store_id))
        return lender_change(before, tx.stores())

    change = desk.repository.transact(write)
    desk.secrets.remove(store_id)
    return change


def choose_lender(desk: Desk, amazon_account: AmazonAccountId, store_id: StoreId | None) -> Account:
    """Say which Amazon store lends to one Amazon account's Rithum orders; None says nothing (R11).

    Raises ConfigError for a store that is not Amazon's, or gone, or a name no account has.
    """
    named = AmazonAccountId(amazon_account.strip())
    if not named or not named.isprintable() or len(named) > LONGEST_NAME:
        raise ConfigError("account: it is no account; `primetui check ORDER` names the order's.")

    def write(tx: Writes) -> Account:
        account = tx.account()
        lending = {one: lent for one, lent in account.lending.items() if one != named}
        if store_id is not None:
            lending[named] = _lending(tx, store_id)
        chosen = account.changed(lending=lending)
        tx.put_account(chosen)
        tx.log(entry(desk, "lender chosen", detail=f"{named}: {store_id or 'nobody'}"))
        return chosen

    return desk.repository.transact(write)


def set_account(desk: Desk, country: str, time_zone: str) -> Account:
    """Set the merchant's home country and time zone; ConfigError for what is neither."""

    def write(tx: Writes) -> Account:
        account = tx.account().changed(country=typed_country(country), time_zone=time_zone)
        tx.put_account(account)
        return account

    return desk.repository.transact(write)


def connect_carrier(desk: Desk, carrier: AmazonCarrier) -> Account:
    """Connect one of Amazon's own carriers: US and UK accounts only, each at most once (R4)."""

    def write(tx: Writes) -> Account:
        account = tx.account()
        if account.country not in BUY_SHIPPING_COUNTRIES:
            raise ConfigError(
                f"Amazon's carriers can be connected in US and UK accounts only; this account is "
                f"in {account.country}. To ship Prime orders, switch on 'Import Amazon Prime "
                f"Orders into Awaiting Shipment' in the store's settings."
            )
        if carrier in account.amazon_carriers:
            raise ConfigError(f"{carrier} is connected already; an account has at most one.")
        connected = account.model_copy(
            update={"amazon_carriers": account.amazon_carriers | {carrier}}
        )
        tx.put_account(connected)
        tx.log(entry(desk, "carrier connected", detail=carrier))
        return connected

    return desk.repository.transact(write)


def disconnect_carrier(desk: Desk, carrier: AmazonCarrier) -> Account:
    """Disconnect one of Amazon's own carriers; orders already landed stay where they are."""

    def write(tx: Writes) -> Account:
        account = tx.account()
        left = account.model_copy(update={"amazon_carriers": account.amazon_carriers - {carrier}})
        tx.put_account(left)
        tx.log(entry(desk, "carrier disconnected", detail=carrier))
        return left

    return desk.repository.transact(write)


def _add(desk: Desk, tx: Writes, store: Store) -> Connected:
    """Keep a new store, unless somebody took its name while its credentials were tried."""
    _refuse_taken(tx, store.name, marketplace_id=store.marketplace_id)
    before = tx.stores()
    _keep(desk, tx, store, "store added")
    return Connected(store, lender_change(before, tx.stores()))


def _lending(tx: Writes, store_id: StoreId) -> StoreId:
    """Take a store that can lend: only Amazon's own credentials buy of Amazon."""
    store = tx.store(store_id)
    if store is None:
        raise ConfigError(f"The store {store_id!r} was removed meanwhile.")
    if store.kind is not StoreKind.AMAZON:
        raise ConfigError(f"{store.name!r} is not an Amazon store: it has nothing to lend.")
    return store.id


def _refuse_taken(
    reads: Reads, name: str, *, marketplace_id: str = "", but: StoreId | None = None
) -> None:
    """Refuse a name that leads to another store already."""
    for other in reads.stores():
        if other.id == but or name.casefold() not in {other.name.casefold(), other.id.casefold()}:
            continue
        ways = "Choose another name."
        if marketplace_id and other.marketplace_id == marketplace_id:
            command = f"primetui stores edit {shlex.quote(other.name)} --credentials FILE"
            ways = f"To renew its credentials: {command}. To add another store, {ways.lower()}"
        raise ConfigError(f"name: there is a store named {name!r} already. {ways}")


def _keep(desk: Desk, tx: Writes, store: Store, words: str) -> Store:
    tx.put_store(store)
    tx.log(entry(desk, words.split(":", maxsplit=1)[0], detail=f"{store.id} {words}"))
    return store
