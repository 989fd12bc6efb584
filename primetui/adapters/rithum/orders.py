"""A Rithum store as a marketplace: orders handed over, orders that changed, shipments."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from primetui.adapters.answers import Call, one_line, unreadable
from primetui.adapters.lenient import identity, obj, rows, text
from primetui.adapters.rithum.client import SERVICE, RithumClient
from primetui.adapters.rithum.order_wire import (
    RITHUM_ORDER,
    Reading,
    Unreadable,
    own_number,
    read_order,
)
from primetui.adapters.rithum.paging import Query, key_of, walk
from primetui.adapters.rithum.ship_wire import (
    NotThere,
    called,
    correction_body,
    is_told,
    known_fulfillment,
    ship_body,
    was_turned_down,
)
from primetui.adapters.rithum.sites import site_order_id
from primetui.domain.notice import Notice
from primetui.domain.order import Order
from primetui.domain.shipment import OrderId
from primetui.domain.store import Store
from primetui.errors import NotFound, Rejected
from primetui.ports import Clock, OrderPage

CARRIER_INVALID: Final = "CARRIER_CLASS_INVALID"
"""The remote code of a refused carrier and class: Rithum itself has none for it."""

LONGEST_LOOK_BACK: Final = timedelta(days=30)
"""How old an order may be that is still handed over."""

TAKEN_AT_ONCE: Final = 500
"""Orders read before the first of them is acknowledged: that shortens the list they come from."""

_ORDERS: Final = "/v1/Orders"
_EXPAND: Final = ("$expand", "Items,Fulfillments($expand=Items),CustomFields")
_ITEMS_AT_ONCE: Final = 20
_ENTRIES_AT_ONCE: Final = 20
"""Orders on a full page: a shorter one is the last."""
_MOST_DIGITS: Final = 10

OwnIds = Callable[[OrderId], str]
"""Finds Rithum's own number of an order we have; blank when it is not known."""


class RithumMarketplace:
    """Reads the orders of one profile and marks its shipments; a `Marketplace`."""

    def __init__(
        self, client: RithumClient, store: Store, clock: Clock, own_ids: OwnIds = lambda _id: ""
    ) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._own_ids = own_ids

    def test(self) -> tuple[str, ...]:
        """Try the credentials; give the ids of the profiles they open."""
        call = Call("the list of profiles", "GET", "/v1/Profiles", reads=True)
        body = self._client.send(call)
        if not isinstance(body.get("value"), list):
            raise unreadable(call, SERVICE, "it holds no list of profiles")
        opened = [own_number(row) for row in rows(body.get("value"))]
        return tuple(dict.fromkeys(number for number in opened if number))

    def changed_orders(self, since: datetime, mark: str = "") -> Iterator[OrderPage]:
        """Read the orders handed over, then all others that changed, page by page.

        The others come as they were created, which no change alters: what joins them in between
        moves them back, and a mark, which counts them, never skips one.
        """
        seen: set[str] = set()
        yield from self._handed_over(seen)
        start = _iso(since)
        changed = f"(UpdatedDateUtc ge {start} or CreatedDateUtc ge {start})"
        position = int(mark) if mark.isdecimal() else 0
        skipped = (("$skip", str(position)),) if position else ()
        for entries in self._walk((*self._question(changed), *skipped)):
            position += len(entries)
            page = self._page([entry for entry in entries if key_of(entry) not in seen])
            more = str(position) if len(entries) >= _ENTRIES_AT_ONCE else ""
            if page.orders or page.errors or more:
                yield replace(page, next_mark=more)

    def order(self, order_id: OrderId, *, with_address: bool = False) -> Order:
        """Read one order afresh with its packages."""
        call, entry = self._entry(order_id)
        try:
            order = read_order(entry, self._reading(with_address=with_address))
        except Unreadable as error:
            raise unreadable(call, SERVICE, str(error)) from None
        if order.id != order_id:
            raise unreadable(call, SERVICE, "it is about another order")
        return order

    def acknowledge(self, own_ids: Sequence[str]) -> None:
        """Mark orders as taken over; one that Rithum no longer has is left out."""
        for own_id in own_ids:
            call = Call("acknowledge", "POST", f"{_one(own_id)}/Export", reads=True)
            try:
                self._client.send(call)
            except (NotFound, Rejected):
                continue

    def confirm(self, notice: Notice) -> None:
        """Mark the order shipped, once: what Rithum has already is corrected, or left alone."""
        _call, entry = self._entry(notice.order_id)
        known = known_fulfillment(entry, notice)
        words = called(self._store, notice.carrier, notice.service)
        if is_told(known, notice) and not was_turned_down(known):
            return
        try:
            self._client.send(
                self._correction(known, notice) if known else self._shipment(entry, notice)
            )
        except Rejected as error:
            if "carrier and class" not in str(error).casefold():
                raise
            raise Rejected(
                f"Rithum does not know carrier {one_line(words.carrier, 40)!r} with class "
                f"{one_line(words.shipping_class, 40)!r}: map {one_line(notice.carrier, 40)!r} "
                f"{one_line(notice.service, 60)!r} to what stands under Fulfill > Carriers in "
                f"Rithum, then send it again. {error}",
                CARRIER_INVALID,
            ) from None

    def _shipment(self, entry: Mapping[str, object], notice: Notice) -> Call:
        """Write the one call that marks an order shipped; it is never sent twice by itself."""
        words = called(self._store, notice.carrier, notice.service)
        try:
            body = ship_body(notice, entry, words)
        except NotThere as error:
            raise Rejected(f"{error}: look at the order in Rithum.") from None
        path = f"{_one(own_number(entry))}/Ship"
        return Call("the shipment", "POST", path, reads=False, body=body)

    def _correction(self, known: Mapping[str, object], notice: Notice) -> Call:
        words = called(self._store, notice.carrier, notice.service)
        path = f"/v1/Fulfillments({_number(identity(known.get('ID')))})"
        body = correction_body(notice, words)
        return Call("the new tracking", "PATCH", path, reads=False, body=body)

    def _handed_over(self, seen: set[str]) -> Iterator[OrderPage]:
        """Read what was not acknowledged yet, so many at a time.

        Each acknowledgement takes an order out of the list, and would move what comes after it:
        so a stretch is read to its end before any of it is given away, and the next one begins
        at the front again.
        """
        start = _iso(self._clock.now() - LONGEST_LOOK_BACK)
        question = (*self._question(f"CreatedDateUtc ge {start}"), ("exported", "false"))
        more = True
        while more:
            pages: list[list[object]] = []
            more = False
            for entries in self._walk(question):
                fresh = [entry for entry in entries if key_of(entry) not in seen]
                seen.update(key_of(entry) for entry in fresh)
                pages.append(fresh)
                if sum(map(len, pages)) >= TAKEN_AT_ONCE:
                    more = True
                    break
            for fresh in filter(None, pages):
                page = self._page(fresh)
                ids = frozenset(order.id for order in page.orders)
                yield OrderPage(page.orders, page.errors, handed_over=ids)

    def _question(self, condition: str) -> Query:
        """Ask for this profile's own orders; every `or` inside a condition needs its brackets."""
        profile = _number(self._store.marketplace_id)
        ours = f"ProfileID eq {profile} and DistributionCenterTypeRollup ne 'ExternallyManaged'"
        return (("$filter", f"{ours} and {condition}"), ("$orderby", "CreatedDateUtc"), _EXPAND)

    def _walk(self, question: Query) -> Iterator[list[object]]:
        def ask(query: Query) -> tuple[Call, Mapping[str, object]]:
            call = Call("the list of orders", "GET", _ORDERS, reads=True, query=query)
            return call, self._client.send(call)

        return walk(ask, question)

    def _page(self, entries: Sequence[object]) -> OrderPage:
        reading = self._reading()
        orders: list[Order] = []
        errors: list[str] = []
        for entry in entries:
            try:
                orders.append(read_order(self._complete(obj(entry)), reading))
            except (Unreadable, NotFound, Rejected) as error:
                errors.append(f"An order of Rithum's was left out: {error}.")
        return OrderPage(tuple(orders), tuple(errors))

    def _complete(self, entry: Mapping[str, object]) -> Mapping[str, object]:
        """Fetch the items an expanded order does not show."""
        items, own_id = rows(entry.get("Items")), own_number(entry)
        if len(items) < _ITEMS_AT_ONCE or not own_id:
            return entry
        path = f"{_one(own_id)}/Items"

        def ask(query: Query) -> tuple[Call, Mapping[str, object]]:
            call = Call("the items of an order", "GET", path, reads=True, query=query)
            return call, self._client.send(call)

        known = {key_of(item) for item in items}
        more = [
            item
            for page in walk(ask, (("$skip", str(len(items))),))
            for item in page
            if key_of(item) not in known
        ]
        return {**entry, "Items": [*items, *more]}

    def _entry(self, order_id: OrderId) -> tuple[Call, Mapping[str, object]]:
        """Read one order's entry, by Rithum's number where it is known, else by the site's."""
        own_id = self._own_ids(order_id)
        if not own_id and order_id.startswith(RITHUM_ORDER):
            own_id = order_id.removeprefix(RITHUM_ORDER)
        if own_id:
            call = Call("the order", "GET", _one(own_id), reads=True, query=(_EXPAND,))
            return call, self._complete(self._client.send(call))
        wanted = site_order_id(order_id).replace("'", "''")
        question = self._question(f"SiteOrderID eq '{wanted}'")
        call = Call("the order", "GET", _ORDERS, reads=True, query=question)
        for entry in rows(self._client.send(call).get("value")):
            if text(obj(entry).get("SiteOrderID"), 64) == site_order_id(order_id):
                return call, self._complete(obj(entry))
        raise NotFound(f"Rithum has no order {one_line(order_id, 64)}.")

    def _reading(self, *, with_address: bool = False) -> Reading:
        """Note the time before asking: facts are never taken for fresher than they are."""
        return Reading(self._store.id, self._clock.now(), with_address)


def _one(own_id: str) -> str:
    return f"{_ORDERS}({_number(own_id)})"


def _number(own_id: str) -> str:
    """Let nothing but a number into an address."""
    if not own_id.isascii() or not own_id.isdigit() or len(own_id) > _MOST_DIGITS:
        raise NotFound(f"{one_line(own_id, 40)!r} is no number of Rithum's.")
    return own_id


def _iso(moment: datetime) -> str:
    """Write an instant as OData reads it, in whole seconds, rounded down."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
