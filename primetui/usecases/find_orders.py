"""Find orders: one line of words becomes a query, for the command line and the filter alike."""

from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from typing import TypeVar

from primetui.domain.order import OrderStatus, Prime
from primetui.errors import ConfigError
from primetui.ports import Desk, OrderQuery, OrderSort
from primetui.usecases.manage_stores import find_store

T = TypeVar("T")

STATUS_WORDS = {
    "awaiting-payment": OrderStatus.AWAITING_PAYMENT,
    "hold": OrderStatus.ON_HOLD,
    "awaiting": OrderStatus.AWAITING_SHIPMENT,
    "pending": OrderStatus.PENDING_FULFILLMENT,
    "shipped": OrderStatus.SHIPPED,
    "cancelled": OrderStatus.CANCELLED,
}
"""What follows `status:`."""

SORT_WORDS = {
    "ship-by": OrderSort.SHIP_BY,
    "deliver-by": OrderSort.DELIVER_BY,
    "purchased": OrderSort.PURCHASED,
    "id": OrderSort.ORDER_ID,
}
"""What follows `sort:`; a minus before it turns the order round."""

FIELDS = ("status", "prime", "store", "tag", "sort")


def parse_filter(desk: Desk, line: str, start: OrderQuery | None = None) -> OrderQuery:
    """Read a line such as `status:awaiting prime:yes mug`; words without a field are text.

    A tag with blanks is written with underscores: `tag:Amazon_Prime_Order`. Raises ConfigError
    with the word, what was expected and the nearest known one.
    """
    query = start or OrderQuery()
    text: list[str] = []
    for word in line.split():
        field, colon, value = word.partition(":")
        if colon and field in FIELDS:
            query = _READERS[field](desk, query, value)
        else:
            text.append(word)
    return replace(query, text=" ".join(text)) if text else query


def _status(_: Desk, query: OrderQuery, value: str) -> OrderQuery:
    return replace(query, status=_known("status", value, STATUS_WORDS))


def _prime(_: Desk, query: OrderQuery, value: str) -> OrderQuery:
    return replace(query, prime=_known("prime", value, {p.value: p for p in Prime}))


def _store(desk: Desk, query: OrderQuery, value: str) -> OrderQuery:
    return replace(query, store_id=find_store(desk, value.replace("_", " ")).id)


def _tag(_: Desk, query: OrderQuery, value: str) -> OrderQuery:
    return replace(query, tag=value.replace("_", " "))


def _sort(_: Desk, query: OrderQuery, value: str) -> OrderQuery:
    key = _known("sort", value.removeprefix("-"), SORT_WORDS)
    return replace(query, sort=key, descending=value.startswith("-"))


def _known(field: str, value: str, words: dict[str, T]) -> T:
    found = words.get(value.casefold())
    if found is None:
        near = get_close_matches(value.casefold(), words, n=1, cutoff=0.4)
        hint = f" Did you mean {field}:{near[0]}?" if near else ""
        raise ConfigError(
            f"{field}:{value} is not known; after {field}: comes one of {', '.join(words)}.{hint}"
        )
    return found


_READERS: dict[str, Callable[[Desk, OrderQuery, str], OrderQuery]] = {
    "status": _status,
    "prime": _prime,
    "store": _store,
    "tag": _tag,
    "sort": _sort,
}
