"""One order from several stores: whose facts count, and what the others add to them (R14).

Amazon's own store knows best, a go-between such as Rithum next, a file typed by hand last. The
facts of an order are those of the best store it came from; a lesser one only fills in what is
blank. Whatever any of them calls shipped or cancelled is not open for us: that costs a look, a
second label costs money.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from primetui.domain.order import (
    STANDING,
    Fulfillment,
    Order,
    OrderItem,
    OrderRecord,
    OrderSource,
    Prime,
)
from primetui.domain.store import Store, StoreId, StoreKind
from primetui.domain.value import Window

_RANK: Final = {StoreKind.MANUAL: 0, StoreKind.RITHUM: 1, StoreKind.AMAZON: 2}

_OPEN: Final = frozenset(
    {Fulfillment.UNSHIPPED, Fulfillment.PENDING, Fulfillment.PENDING_AVAILABILITY, Fulfillment.HELD}
)
_CLOSED: Final = (Fulfillment.SHIPPED, Fulfillment.CANCELLED, Fulfillment.PARTIALLY_SHIPPED)
"""What closes an order, the strongest first."""


def is_news(record: OrderRecord, order: Order) -> bool:
    """Tell whether a store says something at least as new as what it said last."""
    known = record.source(order.store_id)
    if known is not None:
        return order.updated_at >= known.updated_at
    same = order.store_id == record.order.store_id
    return not same or order.updated_at >= record.order.updated_at


def noted(
    sources: tuple[OrderSource, ...],
    order: Order,
    store: Store,
    now: datetime,
    *,
    lent: bool = False,
) -> tuple[OrderSource, ...]:
    """Write down what a store says now; what it said before gives way, when it came stays."""
    known = next((one for one in sources if one.store_id == store.id), None)
    said = OrderSource(
        store_id=store.id,
        kind=store.kind,
        origin=order.origin,
        site=order.sales_channel,
        requested_service=order.requested_service,
        fulfillment=order.fulfillment,
        packages=order.packages,
        updated_at=order.updated_at,
        first_seen=known.first_seen if known else now,
        last_seen=now,
        lent=lent and (known is None or known.lent),
    )
    if known is None:
        return (*sources, said)
    return tuple(said if one is known else one for one in sources)


def joined(record: OrderRecord, order: Order, store: Store, holder: Store | None) -> Order:
    """Put what a store says now together with what is kept; `holder` is whose facts those are."""
    kept = record.order
    if not _leads(store, holder):
        return kept.model_copy(
            update={"requested_service": kept.requested_service or order.requested_service}
        )
    leading = order.model_copy(
        update={"requested_service": order.requested_service or kept.requested_service}
    )
    better = any(_RANK[one.kind] > _RANK[store.kind] for one in record.sources)
    return _with_better(leading, kept) if better else leading


def not_reopened(
    order: Order, sources: Iterable[OrderSource], voided: frozenset[str], known: Iterable[StoreId]
) -> Order:
    """Close an open order that another of its stores calls shipped or cancelled.

    Packages of our own voided labels do not count, nor does a store that was removed.
    """
    stores = frozenset(known) - {order.store_id}
    others = [_view(order, one, voided) for one in sources if one.store_id in stores]
    said = [other.fulfillment for other in others if other.fulfillment in _CLOSED]
    if order.fulfillment not in _OPEN or not said:
        return order
    strongest = min(said, key=_CLOSED.index)
    listed = {package.tracking_id for package in order.packages}
    more = {p.tracking_id: p for o in others for p in o.packages if p.tracking_id not in listed}
    return order.model_copy(
        update={
            "fulfillment": strongest,
            "status": STANDING[strongest],
            "packages": (*order.packages, *more.values()),
        }
    )


def _leads(store: Store, holder: Store | None) -> bool:
    """Tell whether a store's facts take the place of those kept; of equals the first one stays."""
    if holder is None or holder.id == store.id:
        return True
    if _RANK[store.kind] == _RANK[holder.kind]:
        return not holder.active
    return _RANK[store.kind] > _RANK[holder.kind]


def _view(order: Order, source: OrderSource, voided: frozenset[str]) -> Order:
    """See an order as one source has it, without the packages of voided labels.

    A go-between that names no parcel has heard of a shipment from Amazon: where a label of ours
    was voided, that was the one, and Amazon itself is asked for any other.
    """
    seen = order.model_copy(update={"fulfillment": source.fulfillment, "packages": source.packages})
    if voided and not source.packages and source.fulfillment is not Fulfillment.CANCELLED:
        return order
    return seen.without_packages(voided)


def _with_better(order: Order, kept: Order) -> Order:
    """Keep what only a better store, which is gone by now, could tell."""
    native = kept.prime is not Prime.UNKNOWN
    return order.model_copy(
        update={
            "prime": kept.prime if native else order.prime,
            "programs": kept.programs if native else order.programs,
            "service_level": order.service_level or kept.service_level,
            "ship_by": _filled(kept.ship_by, order.ship_by),
            "deliver_by": _filled(kept.deliver_by, order.deliver_by),
            "label_from": kept.label_from or order.label_from,
            "ship_to_kind": order.ship_to_kind or kept.ship_to_kind,
            "items": _demanding(order.items, kept.items),
        }
    )


def _filled(first: Window, second: Window) -> Window:
    return Window(earliest=first.earliest or second.earliest, latest=first.latest or second.latest)


def _demanding(items: tuple[OrderItem, ...], kept: tuple[OrderItem, ...]) -> tuple[OrderItem, ...]:
    """Keep what is demanded at the door: a go-between does not pass it on."""
    demands = {item.id: item.required_confirmation for item in kept}
    return tuple(
        item.model_copy(
            update={"required_confirmation": demands.get(item.id, item.required_confirmation)}
        )
        for item in items
    )
