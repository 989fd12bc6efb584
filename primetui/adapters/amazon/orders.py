"""An Amazon store as a marketplace: Orders API 2026-01-01, confirmations of v0, a cheap test."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from primetui.adapters.amazon.client import SERVICE, AmazonClient
from primetui.adapters.amazon.confirmation_wire import confirmation_body
from primetui.adapters.amazon.lenient import flag, obj, rows, text
from primetui.adapters.amazon.order_wire import Page, Reading, Unreadable, read_order, read_page
from primetui.adapters.answers import Call, one_line, unreadable
from primetui.domain.notice import Notice
from primetui.domain.order import Order
from primetui.domain.shipment import OrderId
from primetui.domain.store import Store
from primetui.errors import NotFound
from primetui.ports import Clock, OrderPage

SETTLED: Final = timedelta(minutes=3)
"""Amazon answers for what is at least two minutes old; the third is for a clock that is off."""

PAGE_SIZE: Final = 100
_LONGEST_ID: Final = 64
_MARKETPLACE_ID: Final = re.compile(r"[A-Z0-9]{5,20}")
"""What Amazon's ids of marketplaces look like; anything else is not one, and is not shown."""
_ORDERS: Final = "/orders/2026-01-01/orders"
_CONFIRMED: Final = "/orders/v0/orders"
_FACTS: Final = ("FULFILLMENT", "PACKAGES", "CANCELLATION")
"""What is read of every order; the buyer is not among it."""


class AmazonMarketplace:
    """Reads the orders of one store and confirms its shipments; a `Marketplace`."""

    def __init__(self, client: AmazonClient, store: Store, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock

    def test(self) -> tuple[str, ...]:
        """Try the credentials; give the ids of the marketplaces they open."""
        path = "/sellers/v1/marketplaceParticipations"
        call = Call("getMarketplaceParticipations", "GET", path, reads=True)
        body = self._client.send(call)
        if not isinstance(body.get("payload"), list):
            raise unreadable(call, SERVICE, "it holds no list of marketplaces")
        opened = [
            text(obj(obj(row).get("marketplace")).get("id"), 40)
            for row in rows(body.get("payload"))
            if flag(obj(obj(row).get("participation")).get("isParticipating")) is not False
        ]
        return tuple(dict.fromkeys(id_ for id_ in opened if _MARKETPLACE_ID.fullmatch(id_)))

    def changed_orders(self, since: datetime, mark: str = "") -> Iterator[OrderPage]:
        """Read merchant-fulfilled orders that changed since then, page by page.

        No status is asked for by name, so that one Amazon invents later is not filtered out.
        """
        start = min(since, self._clock.now() - SETTLED)
        question = (
            ("lastUpdatedAfter", _iso(start)),
            ("fulfilledBy", "MERCHANT"),
            ("marketplaceIds", self._store.marketplace_id),
            ("maxResultsPerPage", str(PAGE_SIZE)),
            ("includedData", ",".join(_FACTS)),
        )
        seen: set[str] = {mark}
        while True:
            turn = (("paginationToken", mark),) if mark else ()
            page, call = self._page((*question, *turn))
            yield OrderPage(page.orders, page.errors, page.next_mark)
            if not page.next_mark:
                return
            mark = page.next_mark
            if mark in seen:
                raise unreadable(call, SERVICE, "its pages go round in a circle")
            seen.add(mark)

    def order(self, order_id: OrderId, *, with_address: bool = False) -> Order:
        """Read one order afresh with its packages and cancellation requests."""
        _refuse_odd(order_id)
        wanted = (*_FACTS, "RECIPIENT") if with_address else _FACTS
        call = Call(
            "getOrder",
            "GET",
            f"{_ORDERS}/{quote(order_id, safe='')}",
            reads=True,
            query=(("includedData", ",".join(wanted)),),
        )
        reading = self._reading(with_address=with_address)
        body = self._client.send(call)
        try:
            order = read_order(body.get("order"), reading)
        except Unreadable as error:
            raise unreadable(call, SERVICE, str(error)) from None
        if order.id != order_id:
            raise unreadable(call, SERVICE, "it is about another order")
        return order

    def acknowledge(self, own_ids: Sequence[str]) -> None:
        """Do nothing: Amazon hands no orders over."""

    def confirm(self, notice: Notice) -> None:
        """Tell Amazon of a package; the same reference again edits it."""
        _refuse_odd(notice.order_id)
        call = Call(
            "confirmShipment",
            "POST",
            f"{_CONFIRMED}/{quote(notice.order_id, safe='')}/shipmentConfirmation",
            reads=False,
            body=confirmation_body(notice),
        )
        self._client.send(call)

    def _page(self, query: tuple[tuple[str, str], ...]) -> tuple[Page, Call]:
        call = Call("searchOrders", "GET", _ORDERS, reads=True, query=query)
        reading = self._reading()
        body = self._client.send(call)
        try:
            return read_page(body, reading), call
        except Unreadable as error:
            raise unreadable(call, SERVICE, str(error)) from None

    def _reading(self, *, with_address: bool = False) -> Reading:
        """Note the time before asking: facts are never taken for fresher than they are."""
        return Reading(self._store.id, self._store.marketplace_id, self._clock.now(), with_address)


def _refuse_odd(order_id: OrderId) -> None:
    """Refuse what would name another path than an order's."""
    if not order_id.strip(".") or len(order_id) > _LONGEST_ID:
        raise NotFound(f"{one_line(order_id, 40)!r} is no order id.")


def _iso(moment: datetime) -> str:
    """Write an instant as Amazon reads it, in whole seconds, rounded down."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
