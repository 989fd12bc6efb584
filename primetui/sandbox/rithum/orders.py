"""Reading: the list of orders with its filter and its paging, one order, the rest of its items."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from primetui.sandbox.rithum.bodies import fulfillments, item_body, order_body
from primetui.sandbox.rithum.filters import FIELDS, compile_filter
from primetui.sandbox.rithum.records import Order
from primetui.sandbox.rithum.wire import Json, Request, bad_request, not_found
from primetui.sandbox.rithum.world import RithumWorld
from primetui.sandbox.wire import Answer

_PAGE: Final = 100
_EXPANDED_PAGE: Final = 20
_EXPANDED: Final = re.compile(r"([A-Za-z]+)(?:\([^()]*\))?")
_KNOWN: Final = frozenset({"Items", "Fulfillments", "CustomFields", "Adjustments"})
_SORTED: Final = re.compile(r"([A-Za-z]+)(?: (asc|desc))?")

T = TypeVar("T")


def list_orders(rithum: RithumWorld, request: Request) -> Answer:
    """Answer one page of the orders a filter admits."""
    query = request.query
    expand = _expanded(query.get("$expand", ""))
    found = _found(rithum, query, request.now)
    page, follows = _page(rithum, found, query, _EXPANDED_PAGE if expand else _PAGE)
    body: Json = {
        "@odata.context": f"{request.base_url}/v1/$metadata#Orders",
        "value": [order_body(rithum, order, expand, request.now) for order in page],
    }
    if query.get("$count") == "true":
        body["@odata.count"] = len(found)
    if follows is not None:
        body["@odata.nextLink"] = _link(request, "/v1/Orders", follows)
    return Answer(200, body)


def one_order(rithum: RithumWorld, request: Request) -> Answer:
    """Answer one order by Rithum's own number."""
    order = order_of(rithum, request)
    expand = _expanded(request.query.get("$expand", ""))
    return Answer(200, order_body(rithum, order, expand, request.now))


def list_items(rithum: RithumWorld, request: Request) -> Answer:
    """Answer one page of an order's items."""
    order = order_of(rithum, request)
    page, follows = _page(rithum, order.lines, request.query, _PAGE)
    body: Json = {"value": [item_body(rithum, order, line) for line in page]}
    if follows is not None:
        body["@odata.nextLink"] = _link(request, f"/v1/Orders({order.id})/Items", follows)
    return Answer(200, body)


def list_profiles(rithum: RithumWorld, _request: Request) -> Answer:
    """Name the one profile."""
    profile = rithum.profile
    return Answer(200, {"value": [{"ID": profile.profile_id, "AccountName": profile.name}]})


def list_site_accounts(rithum: RithumWorld, _request: Request) -> Answer:
    """Name the accounts the profile has on the sites it sells on."""
    rows = [
        {
            "ID": site.account_id,
            "SiteAccountName": name,
            "SiteID": site.site_id,
            "SiteName": site.name,
            "Enabled": True,
        }
        for name, site in rithum.profile.sites.items()
    ]
    return Answer(200, {"value": rows})


def one_fulfillment(rithum: RithumWorld, request: Request) -> Answer:
    """Answer one fulfillment that was marked shipped."""
    found = rithum.sending(request.path["id"])
    if found is None:
        raise not_found("Fulfillments")
    rows = fulfillments(rithum, found[0], request.now)
    return Answer(200, next(row for row in rows if row["ID"] == found[1].fulfillment_id))


def order_of(rithum: RithumWorld, request: Request) -> Order:
    """Find the order a path names, or refuse."""
    order = rithum.orders.get(request.path["id"])
    if order is None:
        raise not_found(f"/v1/Orders({request.path['id']})")
    return order


def _found(rithum: RithumWorld, query: Any, now: datetime) -> list[Order]:
    test = compile_filter(query.get("$filter", ""), rithum.profile.profile_id)
    exported = query.get("exported")
    if exported not in {None, "true", "false"}:
        raise bad_request("exported is true or false.")
    wanted = None if exported is None else exported == "true"
    admitted = [
        order
        for order in rithum.orders.values()
        if wanted in {None, order.exported} and test(order, now)
    ]
    return _sorted(admitted, query.get("$orderby", ""), now)


def _sorted(orders: Iterable[Order], wish: str, now: datetime) -> list[Order]:
    if not wish:
        return sorted(orders, key=lambda order: order.id)
    found = _SORTED.fullmatch(wish)
    if found is None or found[1] not in FIELDS:
        raise bad_request("The $orderby names no property of 'Order'.")
    field = FIELDS[found[1]]
    return sorted(orders, key=lambda x: (field(x, now), x.id), reverse=found[2] == "desc")


def _page(
    rithum: RithumWorld, found: Sequence[T], query: Any, most: int
) -> tuple[Sequence[T], dict[str, str] | None]:
    """Cut a page out, and say what to ask for the next one with; None on the last."""
    skip = _count(query, "$skip", 0)
    size = min(_count(query, "$top", most), most)
    if found and skip >= len(found) and rithum.quirks.wraps_past_end:
        skip = 0
    end = skip + size
    if rithum.quirks.repeats_next_link:
        return found[skip:end], dict(query)
    follows = {**query, "$skip": str(end)} if end < len(found) and size else None
    return found[skip:end], follows


def _count(query: Any, name: str, usual: int) -> int:
    text = query.get(name, str(usual))
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise bad_request(f"{name} is not a number.")
    return int(text)


def _link(request: Request, path: str, follows: dict[str, str]) -> str:
    """Write the next page's address, with the access token in it, as Rithum does."""
    asked = {name: value for name, value in follows.items() if name != "access_token"}
    return f"{request.base_url}{path}?{urlencode({'access_token': request.token, **asked})}"


def _expanded(text: str) -> frozenset[str]:
    flat = re.sub(r"\([^()]*\)", "", text)
    names = frozenset(part.strip() for part in flat.split(",") if part.strip())
    if unknown := sorted(names - _KNOWN):
        raise bad_request(f"Could not find a property named '{unknown[0][:40]}' on type 'Order'.")
    return names
