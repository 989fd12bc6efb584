"""What a store is connected to, by its kind: the marketplace its orders come from, its labels."""

import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from primetui.adapters.amazon.amazon_shipping import AmazonShipping
from primetui.adapters.amazon.buy_shipping import AmazonBuyShipping
from primetui.adapters.amazon.client import AmazonClient
from primetui.adapters.amazon.fulfillment_wire import PROVIDER as MERCHANT_FULFILLMENT
from primetui.adapters.amazon.label_api import LabelApi, label_api
from primetui.adapters.amazon.merchant_fulfillment import MerchantFulfillment
from primetui.adapters.amazon.orders import AmazonMarketplace
from primetui.adapters.amazon.rate_wire import PROVIDER as BUY_SHIPPING
from primetui.adapters.rithum.client import RithumClient
from primetui.adapters.rithum.orders import RithumMarketplace
from primetui.adapters.throttle import Pace
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import OrderId
from primetui.domain.store import Store, StoreId, StoreKind
from primetui.errors import Rejected, Unauthorized
from primetui.ports import Clock, Credentials, LabelProvider, Marketplace, Reads, Secrets

C = TypeVar("C", AmazonClient, RithumClient)


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a client takes, whatever the service."""

    secrets: Secrets
    clock: Clock
    closing: ExitStack
    """Closes the clients in the end."""
    patience_seconds: float
    """How long an answer is waited for."""
    pace: Pace | None = None
    label_api: str = LabelApi.AUTO
    printer_dpi: int | None = None


@dataclass(slots=True)
class _Clients(Generic[C]):
    """Opens a service for a store, once: its tokens and limits are shared by all its callers."""

    service: Callable[..., C]
    opening: Opening
    known: dict[StoreId, tuple[Credentials, C]] = field(default_factory=dict)

    def of(self, store: Store) -> C:
        """Give the client of a store, with the credentials it has now."""
        how = self.opening
        credentials = how.secrets.get(store.id)
        if credentials is None:
            raise Unauthorized(
                f"There are no credentials for the store {store.name}. Give it new ones: "
                f"primetui stores edit {shlex.quote(store.name)} --credentials FILE"
            )
        known = self.known.get(store.id)
        if known is None or known[0] != credentials:
            client = self.service(
                store, credentials, how.clock, how.pace, write_seconds=how.patience_seconds
            )
            how.closing.enter_context(client)
            self.known[store.id] = (credentials, client)
        return self.known[store.id][1]


class Services:
    """Opens whatever a store is connected to."""

    def __init__(self, opening: Opening, repository: Reads) -> None:
        self._clock = opening.clock
        self._repository = repository
        self._label_api = LabelApi(opening.label_api)
        self._printer_dpi = opening.printer_dpi
        self._amazon: _Clients[AmazonClient] = _Clients(AmazonClient, opening)
        self._rithum: _Clients[RithumClient] = _Clients(RithumClient, opening)

    def marketplace(self, store: Store) -> Marketplace:
        """Open the marketplace of a store."""
        if store.kind is StoreKind.RITHUM:
            own_ids = partial(self._own_id, store.id)
            return RithumMarketplace(self._rithum.of(store), store, self._clock, own_ids)
        return AmazonMarketplace(self._amazon.of(store), store, self._clock)

    def provider(self, store: Store, source: LabelSource, name: str = "") -> LabelProvider:
        """Open who sells labels of a source, with the credentials of an Amazon store."""
        if store.kind is not StoreKind.AMAZON:
            raise Rejected(f"{store.name} is no store of Amazon's and sells no labels itself.")
        client = self._amazon.of(store)
        if source is LabelSource.AMAZON_SHIPPING:
            return AmazonShipping(client, store, self._clock)
        if _api(store, name, self._label_api) is LabelApi.SHIPPING_V2:
            return AmazonBuyShipping(client, store, self._clock)
        return MerchantFulfillment(client, store, self._clock, self._printer_dpi)

    @contextmanager
    def trial(self, store: Store, credentials: Credentials) -> Iterator[Marketplace]:
        """Open the marketplace of a store with credentials that are not kept."""
        if store.kind is StoreKind.RITHUM:
            with RithumClient(store, credentials, self._clock) as rithum:
                yield RithumMarketplace(rithum, store, self._clock)
            return
        with AmazonClient(store, credentials, self._clock) as client:
            yield AmazonMarketplace(client, store, self._clock)

    def _own_id(self, store_id: StoreId, order_id: OrderId) -> str:
        """Find a go-between's own number of an order that is kept here."""
        record = self._repository.order(order_id)
        source = record.source(store_id) if record else None
        return source.origin.own_id if source else ""


def _api(store: Store, name: str, wanted: LabelApi) -> LabelApi:
    """Choose the API of Buy Shipping: a label's own, whatever the setting says by now."""
    if name == MERCHANT_FULFILLMENT:
        return LabelApi.MERCHANT_FULFILLMENT
    if name == BUY_SHIPPING:
        return LabelApi.SHIPPING_V2
    return label_api(store.marketplace_id, wanted)
