"""The sandbox's state: stores, orders, offers, labels. One event loop serves it, one call at a time."""

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from primetui.sandbox.clock import Clock
from primetui.sandbox.faults import Faults
from primetui.sandbox.limits import Limits
from primetui.sandbox.offers import Label, Purchase, Quote
from primetui.sandbox.records import Order, Store
from primetui.sandbox.tokens import RestrictedTokens
from primetui.sandbox.wire import Call, Refused

_NOT_FOUND = 404
_QUOTE_KEPT = timedelta(days=1)


@dataclass(slots=True)
class Settings:
    """How Amazon behaves today; the control side changes it."""

    limits: bool = True
    """Whether usage plans are enforced."""
    refuses_late: bool = False
    """Whether buying a service that misses the promise is refused for Prime orders."""
    sells_twice: bool = False
    """Whether an order with a live label is sold a second one: only the caller's care is left."""
    drops_unknown_carriers: bool = True
    """Whether a confirmation with an unlisted carrier code is accepted and then forgotten."""
    unavailable_carriers: tuple[str, ...] = ()
    """The ids of carriers that sell nothing at the moment."""
    rejects_refunds: bool = False
    """Whether the refund of a label that was given back is turned down in the end."""


@dataclass(slots=True)
class World:
    """Everything there is; handlers read and change it between two awaits, so never by halves."""

    clock: Clock
    stores: tuple[Store, ...]
    settings: Settings
    faults: Faults
    orders: dict[str, Order] = field(default_factory=dict)
    quotes: dict[str, Quote] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    order_labels: dict[str, list[Label]] = field(default_factory=dict)
    purchases: dict[tuple[str, str], Purchase] = field(default_factory=dict)
    forms: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Collection forms by store and idempotency key."""
    manifested: set[str] = field(default_factory=set)
    """The shipments that are on a form."""
    calls: Counter[str] = field(default_factory=Counter)
    limits: Limits = field(default_factory=Limits)
    restricted: RestrictedTokens = field(default_factory=RestrictedTokens)
    serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def order_of(self, call: Call, order_id: str, missing: int = 404) -> Order:
        """Find an order of the caller's own store, or refuse with the status `missing`."""
        order = self.orders.get(order_id)
        if order is not None and order.store is call.store:
            return order
        code = "NotFound" if missing == _NOT_FOUND else "InvalidInput"
        raise Refused(missing, code, "Invalid Input", "No such order for this seller.")

    def label_of(self, call: Call, shipment_id: str) -> Label:
        """Find a label of the caller's own store, or refuse."""
        label = self.labels.get(shipment_id)
        if label is None or label.order.store is not call.store:
            raise Refused(404, "NotFound", "Resource not found", "No such shipment.")
        return label

    def offer(self, quote: Quote) -> None:
        """Keep a quote, and forget those that expired a day ago."""
        self.quotes[quote.token] = quote
        while quote.made - (oldest := next(iter(self.quotes.values()))).made > _QUOTE_KEPT:
            del self.quotes[oldest.token]

    def labels_of(self, order: Order) -> list[Label]:
        """List every label bought for an order, the first first."""
        return self.order_labels.get(order.order_id, [])

    def live_label(self, order: Order) -> Label | None:
        """Find the label of an order that stands, if any."""
        return next((label for label in self.labels_of(order) if label.live), None)

    def keep(self, label: Label) -> None:
        """File a label that was bought."""
        self.labels[label.shipment_id] = label
        self.order_labels.setdefault(label.order.order_id, []).append(label)

    def add(self, order: Order) -> None:
        """Put an order into the world."""
        self.orders[order.order_id] = order

    def now(self) -> datetime:
        """Tell the sandbox's time."""
        return self.clock.now()


def digest(body: Any) -> str:
    """Fingerprint a JSON body, whatever the order of its keys."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
