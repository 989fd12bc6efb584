"""Credentials that are lent: which Amazon store stands in for a Rithum order (R11–R13)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import final

from primetui.domain import violations as v
from primetui.domain.branding import EmailState
from primetui.domain.clearance import Refusal
from primetui.domain.store import Account, AmazonAccountId, Store, StoreId, StoreKind
from primetui.domain.violations import Violation


@final
@dataclass(frozen=True, slots=True)
class RithumOrigin:
    """What a Rithum order tells of who sold it on Amazon; blank is not told."""

    amazon_account: AmazonAccountId
    """Rithum's own name for one Amazon account."""
    marketplace_id: str
    """Amazon's id of the site it was sold on."""
    site: str = ""
    """The site's name, for people."""


class Because(StrEnum):
    """Why a store is the one that lends."""

    CHOSEN = "it was chosen for this Amazon account"
    NEWEST = "it is the Amazon store created last"
    NEWEST_BY_ID = "of the Amazon stores created last, in one moment, its id is the highest"


@final
@dataclass(frozen=True, slots=True)
class Lent:
    """The store whose credentials and branding e-mail stand in, and why it is that one."""

    store: Store
    because: Because


@final
@dataclass(frozen=True, slots=True)
class LenderChanged:
    """Another store lends now than before; None is none."""

    before: Store | None
    after: Store | None


@final
@dataclass(frozen=True, slots=True)
class BothActive:
    """An Amazon store and a Rithum store both import: the same orders may come from both (R13)."""

    amazon: Store
    rithum: Store

    @property
    def stores(self) -> frozenset[StoreId]:
        """Name the stores it is about."""
        return frozenset({self.amazon.id, self.rithum.id})


@final
@dataclass(frozen=True, slots=True)
class Idle:
    """An inactive Amazon store that lends to nobody: nothing of it is imported (R13)."""

    amazon: Store

    @property
    def stores(self) -> frozenset[StoreId]:
        """Name the stores it is about."""
        return frozenset({self.amazon.id})


StoreWarning = BothActive | Idle


def lender(origin: RithumOrigin, stores: Iterable[Store], account: Account) -> Lent | Refusal:
    """Find whose credentials buy for a Rithum order, or say why nobody's do; asks no network."""
    known = tuple(stores)
    lent = _settled(origin, known, account)
    if isinstance(lent, Refusal):
        return lent
    unproven = tuple(email_violations(lent.store))
    return Refusal(unproven) if unproven else lent


def newest_amazon(stores: Iterable[Store]) -> Lent | None:
    """Find the Amazon store created last, active or not; of twins the one with the highest id."""
    ours = sorted(
        (store for store in stores if store.kind is StoreKind.AMAZON),
        key=lambda store: (store.created_at, store.id),
    )
    if not ours:
        return None
    twins = len(ours) > 1 and ours[-2].created_at == ours[-1].created_at
    return Lent(ours[-1], Because.NEWEST_BY_ID if twins else Because.NEWEST)


def email_violations(store: Store) -> Iterator[Violation]:
    """Say what a store's branding e-mail lacks before Amazon can be given it (R12)."""
    if store.branding is None:
        yield v.BrandingEmailMissing(store.name)
    elif store.branding.state is not EmailState.VERIFIED:
        yield v.BrandingEmailUnverified(store.name)


def lender_change(before: Iterable[Store], after: Iterable[Store]) -> LenderChanged | None:
    """Tell whether adding or removing a store changed who lends; nobody asks without Rithum."""
    earlier, later = tuple(before), tuple(after)
    if not any(store.kind is StoreKind.RITHUM for store in (*earlier, *later)):
        return None
    was, now = newest_amazon(earlier), newest_amazon(later)
    if (was.store.id if was else None) == (now.store.id if now else None):
        return None
    return LenderChanged(was.store if was else None, now.store if now else None)


def store_warnings(stores: Iterable[Store], account: Account) -> tuple[StoreWarning, ...]:
    """Say what looks like a mistake in which stores are active (R13)."""
    known = tuple(stores)
    amazon = [store for store in known if store.kind is StoreKind.AMAZON]
    rithum = [store for store in known if store.kind is StoreKind.RITHUM]
    both = [
        BothActive(one, other) for one in amazon for other in rithum if one.active and other.active
    ]
    newest = newest_amazon(known)
    lending = set(account.lending.values()) | ({newest.store.id} if newest else set())
    idle = [Idle(one) for one in amazon if not one.active and not (rithum and one.id in lending)]
    return (*both, *idle)


def unknown_to(origin: RithumOrigin, store: Store) -> v.OtherAmazonAccount:
    """Say that Amazon does not know an order where it was looked for with lent credentials."""
    there = "of another account: Amazon does not know the order there"
    return v.OtherAmazonAccount(_seller(origin), store.name, there)


def _settled(origin: RithumOrigin, stores: tuple[Store, ...], account: Account) -> Lent | Refusal:
    """Settle whose credentials it would be: the merchant's choice before the usual one."""
    chosen = account.lending.get(origin.amazon_account)
    if origin.amazon_account and chosen is not None:
        return _chosen(chosen, origin, stores)
    newest = newest_amazon(stores)
    if newest is None:
        return Refusal((v.NoAmazonStore("none is connected"),))
    doubts = tuple(_doubts(origin, newest.store, account))
    return Refusal(doubts) if doubts else newest


def _chosen(store_id: StoreId, origin: RithumOrigin, stores: tuple[Store, ...]) -> Lent | Refusal:
    for store in stores:
        if store.id == store_id and store.kind is StoreKind.AMAZON:
            return Lent(store, Because.CHOSEN)
    gone = f"the one chosen for Amazon account {origin.amazon_account} was removed"
    return Refusal((v.NoAmazonStore(gone),))


def _doubts(origin: RithumOrigin, newest: Store, account: Account) -> Iterator[Violation]:
    """Say why the store created last may not be the one that sold the order."""
    if not origin.amazon_account:
        yield v.AmazonAccountUnknown("Amazon account")
    if not origin.marketplace_id:
        yield v.AmazonAccountUnknown("site of Amazon's")
        return
    named = sorted(one for one, store_id in account.lending.items() if store_id == newest.id)
    if newest.marketplace_id != origin.marketplace_id:
        is_ = f"a store of marketplace {newest.marketplace_id}"
    elif named and origin.amazon_account:
        is_ = f"Amazon account {', '.join(named)}"
    else:
        return
    yield v.OtherAmazonAccount(_seller(origin), newest.name, is_)


def _seller(origin: RithumOrigin) -> str:
    """Name who sold an order, as far as Rithum tells."""
    account = f"Amazon account {origin.amazon_account or 'unknown'}"
    return f"{account} on {origin.site or origin.marketplace_id}"
