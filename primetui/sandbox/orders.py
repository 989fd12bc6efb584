"""Orders API v2026-01-01: searchOrders, with Amazon's exact rules and paging, and getOrder."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from primetui.sandbox.order_body import DATA_SETS, order_body
from primetui.sandbox.records import Order
from primetui.sandbox.wire import Answer, Call, Json, instant, invalid, read_instant
from primetui.sandbox.world import World

STATUSES = frozenset(
    {
        "PENDING_AVAILABILITY",
        "PENDING",
        "UNSHIPPED",
        "PARTIALLY_SHIPPED",
        "SHIPPED",
        "CANCELLED",
        "UNFULFILLABLE",
    }
)
_PARTIES = frozenset({"MERCHANT", "AMAZON"})
_LARGEST_PAGE = 100
_MOST_MARKETPLACES = 50
_SETTLING = timedelta(minutes=2)
_TOKEN_LIFETIME = timedelta(hours=24)
_MAY_CHANGE = {"paginationToken", "maxResultsPerPage", "includedData"}


@dataclass(frozen=True, slots=True)
class Search:
    """A checked search: which moment of an order counts, between when and when, and which orders."""

    by_update: bool
    after: datetime
    before: datetime
    statuses: frozenset[str]
    marketplaces: frozenset[str]
    parties: frozenset[str]

    def moment(self, order: Order, now: datetime) -> datetime:
        """Tell the moment of an order this search is about."""
        return order.last_updated(now) if self.by_update else order.created

    def admits(self, order: Order, now: datetime) -> bool:
        """Tell whether an order belongs to the answer."""
        return (
            (not self.marketplaces or order.store.marketplace_id in self.marketplaces)
            and (not self.parties or order.fulfilled_by in self.parties)
            and self.after <= self.moment(order, now) <= self.before
            and (not self.statuses or order.status(now) in self.statuses)
        )


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page of a search starts; it repeats the search as it was first asked."""

    store: str
    asked: frozenset[tuple[str, tuple[str, ...]]]
    found: tuple[Order, ...]
    start: int
    upper: Json
    made: datetime


class SearchOrders:
    """searchOrders with the pages it has promised."""

    def __init__(self) -> None:
        self._cursors: dict[str, Cursor] = {}

    def __call__(self, world: World, call: Call) -> Answer:
        """Answer one page of orders, oldest first."""
        size = _page_size(call)
        included = included_data(call)
        token = call.one("paginationToken")
        cursor = self._resume(token, call) if token else self._begin(world, call)
        end = cursor.start + size
        page = cursor.found[cursor.start : end]
        body: Json = {"orders": [order_body(order, included, call.now) for order in page]}
        if end < len(cursor.found):
            body["pagination"] = {"nextToken": self._promise(cursor, end)}
        return Answer(200, body | cursor.upper)

    def _begin(self, world: World, call: Call) -> Cursor:
        """Search anew, and forget the pages that can no longer be asked for."""
        expired = [t for t, c in self._cursors.items() if call.now - c.made > _TOKEN_LIFETIME]
        for token in expired:
            del self._cursors[token]
        return _begin(world, call)

    def _promise(self, cursor: Cursor, start: int) -> str:
        token = secrets.token_urlsafe(24)
        self._cursors[token] = Cursor(
            cursor.store, cursor.asked, cursor.found, start, cursor.upper, cursor.made
        )
        return token

    def _resume(self, token: str, call: Call) -> Cursor:
        cursor = self._cursors.get(token)
        if cursor is None or cursor.store != call.store.name:
            raise invalid("paginationToken is not one this search returned.")
        if call.now - cursor.made > _TOKEN_LIFETIME:
            raise invalid("paginationToken expired after 24 hours.")
        if cursor.asked != _asked(call):
            raise invalid("With paginationToken every other parameter must be repeated unchanged.")
        return cursor


def get_order(world: World, call: Call) -> Answer:
    """Answer one order of the caller's store."""
    included = included_data(call)
    order = world.order_of(call, call.path["orderId"])
    return Answer(200, {"order": order_body(order, included, call.now)})


def included_data(call: Call) -> frozenset[str]:
    """Read which data sets are asked for."""
    return _choices(call, "includedData", DATA_SETS)


def _begin(world: World, call: Call) -> Cursor:
    search = _search(call)
    mine = (order for order in world.orders.values() if order.store is call.store)
    found = sorted(
        (order for order in mine if search.admits(order, call.now)),
        key=lambda order: (search.moment(order, call.now), order.order_id),
    )
    name = "lastUpdatedBefore" if search.by_update else "createdBefore"
    upper = {name: instant(search.before)}
    return Cursor(call.store.name, _asked(call), tuple(found), 0, upper, call.now)


def _search(call: Call) -> Search:
    created, updated = call.one("createdAfter"), call.one("lastUpdatedAfter")
    if bool(created) == bool(updated):
        raise invalid("Exactly one of createdAfter and lastUpdatedAfter is required.")
    kind, other = ("lastUpdated", "created") if updated else ("created", "lastUpdated")
    if call.one(f"{other}Before"):
        raise invalid(f"{other}Before may not be combined with {kind}After.")
    after = read_instant(created or updated, f"{kind}After")
    marketplaces = frozenset(_values(call, "marketplaceIds"))
    if len(marketplaces) > _MOST_MARKETPLACES:
        raise invalid("marketplaceIds takes at most 50 values.")
    return Search(
        by_update=bool(updated),
        after=after,
        before=_before(call, f"{kind}Before", after),
        statuses=_choices(call, "fulfillmentStatuses", STATUSES),
        marketplaces=marketplaces,
        parties=_choices(call, "fulfilledBy", _PARTIES),
    )


def _before(call: Call, name: str, after: datetime) -> datetime:
    text = call.one(name)
    if not text:
        return call.now
    before = read_instant(text, name)
    if before < after:
        raise invalid(f"{name} is before the start of the search.")
    if before > call.now - _SETTLING:
        raise invalid(f"{name} must be at least two minutes in the past.")
    return before


def _page_size(call: Call) -> int:
    text = call.one("maxResultsPerPage") or str(_LARGEST_PAGE)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _LARGEST_PAGE):
        raise invalid("maxResultsPerPage must be between 1 and 100.")
    return int(text)


def _choices(call: Call, name: str, known: frozenset[str]) -> frozenset[str]:
    values = frozenset(_values(call, name))
    if unknown := sorted(values - known):
        raise invalid(f"{name} does not know {unknown[0][:40]}.")
    return values


def _values(call: Call, name: str) -> Iterable[str]:
    """Read a list, written with commas or by repeating the parameter."""
    return [part for text in call.query.get(name, ()) for part in text.split(",") if part]


def _asked(call: Call) -> frozenset[tuple[str, tuple[str, ...]]]:
    kept = ((name, values) for name, values in call.query.items() if name not in _MAY_CHANGE)
    return frozenset(kept)
