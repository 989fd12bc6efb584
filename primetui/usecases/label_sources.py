"""Where an order's label can be bought: which of Amazon's sources, with whose credentials.

An order of an Amazon store is bought with that store's own. One that came through Rithum borrows
those of an Amazon store (R11, R12), and is looked at there before anything is asked or bought, so
that the gate judges Amazon's own facts (R18). Amazon Shipping carries what was sold elsewhere,
once it is connected (R4, R20).
"""

from dataclasses import dataclass

from primetui.domain import violations as v
from primetui.domain.clearance import Refusal
from primetui.domain.lending import RithumOrigin, lender, newest_amazon, unknown_to
from primetui.domain.order import Order, OrderRecord, OrderSource
from primetui.domain.rate import LabelSource, Offers, Rate
from primetui.domain.shipment import sold_on_amazon
from primetui.domain.store import AmazonAccountId, AmazonCarrier, Store, StoreKind
from primetui.domain.violations import Violation
from primetui.errors import NotDone
from primetui.ports import Desk, LabelProvider, Reads


@dataclass(frozen=True, slots=True)
class Outlet:
    """One place to buy a label at: a source, and the Amazon store whose credentials open it."""

    source: LabelSource
    store: Store
    lent: bool = False
    """The order did not come from this store: it only lends."""

    def stamp(self, offers: Offers) -> Offers:
        """Write on every rate whose credentials it was offered to: it can be bought with no other."""
        lender_id = self.store.id
        rates = tuple(rate.model_copy(update={"lender": lender_id}) for rate in offers.rates)
        return offers.model_copy(update={"rates": rates})

    def sells(self, rate: Rate, order: Order) -> bool:
        """Tell whether a kept rate was offered by this very place."""
        return rate.source is self.source and (rate.lender or order.store_id) == self.store.id


def outlet_of(reads: Reads, record: OrderRecord) -> Outlet | Refusal:
    """Find where an order's label can be bought, or say why nowhere; asks no network."""
    stores = {store.id: store for store in reads.stores()}
    own = stores.get(record.order.store_id)
    through = _go_between(record)
    if own is not None and own.kind is StoreKind.AMAZON and not _is_lent(record, own):
        return Outlet(LabelSource.BUY_SHIPPING, own)
    if reads.unreadable_stores():
        return Refusal((v.NoAmazonStore("a store cannot be read, and it might be the one"),))
    if through is not None and sold_on_amazon(record.order.id):
        lent = lender(_origin(record, through), stores.values(), reads.account())
        if isinstance(lent, Refusal):
            return lent
        return Outlet(LabelSource.BUY_SHIPPING, lent.store, lent=True)
    return _elsewhere(reads, record)


def provider_of(desk: Desk, rate: Rate, order: Order) -> LabelProvider:
    """Open who sold a rate, with the credentials it was offered to; NotDone when they are gone."""
    store = desk.repository.store(rate.lender or order.store_id)
    if store is None:
        raise NotDone("The store whose credentials it was offered to was removed.")
    return desk.provider(store, rate.source, rate.provider)


def _elsewhere(reads: Reads, record: OrderRecord) -> Outlet | Refusal:
    """Offer Amazon Shipping for what was sold elsewhere, if it is connected."""
    if AmazonCarrier.AMAZON_SHIPPING in reads.account().amazon_carriers:
        newest = newest_amazon(reads.stores())
        if newest is not None and not sold_on_amazon(record.order.id):
            return Outlet(LabelSource.AMAZON_SHIPPING, newest.store, lent=True)
    return Refusal((v.NoLabelSource(),))


def unknown_to_lender(record: OrderRecord, store: Store) -> tuple[Violation, ...]:
    """Say why a look with lent credentials found no order (R11)."""
    through = _go_between(record)
    return (unknown_to(_origin(record, through), store),) if through else ()


def _is_lent(record: OrderRecord, store: Store) -> bool:
    """Tell whether a store only lent its credentials for a look at the order."""
    source = record.source(store.id)
    return source is not None and source.lent


def _go_between(record: OrderRecord) -> OrderSource | None:
    """Find the Rithum store an order came through."""
    return next((one for one in record.sources if one.kind is StoreKind.RITHUM), None)


def _origin(record: OrderRecord, through: OrderSource) -> RithumOrigin:
    return RithumOrigin(
        amazon_account=AmazonAccountId(through.origin.account),
        marketplace_id=record.order.marketplace_id,
        site=through.site,
    )
