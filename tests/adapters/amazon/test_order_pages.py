import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primetui.adapters.amazon.order_wire import Page, Unreadable, read_page
from primetui.domain.order import Order
from tests.adapters.amazon.made import READING, RECIPIENT, entry, item

WITH_ADDRESS = replace(READING, with_address=True)


@pytest.mark.parametrize(
    "order_id",
    [None, "", "   ", 0.5, [], {}, "x" * 65, "a b", "a\nb", "\x1b[2J", "ключ"],
)
def test_only_an_entry_without_an_id_is_left_out_and_it_is_named(order_id: object) -> None:
    """What has no readable id cannot be kept as an order, so the import says where it was."""
    page = read_page({"orders": [entry(), entry(orderId=order_id), None]}, READING)

    assert ["114-0000001-0000001"] == [order.id for order in page.orders]
    left_out = "was left out: it has no readable orderId, look for it in Seller Central."
    assert (
        f"Entry 2 of Amazon's list {left_out}",
        f"Entry 3 of Amazon's list {left_out}",
    ) == page.errors


@pytest.mark.parametrize(
    ("pagination", "mark"),
    [
        (None, ""),
        ({}, ""),
        ({"nextToken": None}, ""),
        ({"nextToken": ""}, ""),
        ({"nextToken": "abc"}, "abc"),
        ({"nextToken": 7}, "7"),
    ],
)
def test_the_mark_of_the_next_page(pagination: object, mark: str) -> None:
    """A page without a mark is the last one."""
    assert Page((), (), mark) == read_page({"orders": [], "pagination": pagination}, READING)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"orders": None},
        {"orders": {}},
        {"orders": [], "pagination": {"nextToken": {"x": 1}}},
        {"orders": [], "pagination": {"nextToken": ["abc"]}},
        {"orders": [], "pagination": {"nextToken": "x" * 8193}},
        {"orders": [], "pagination": ["abc"]},
        {"orders": [], "pagination": "abc"},
        {"orders": [], "pagination": False},
    ],
)
def test_a_page_that_would_lose_orders_is_refused(body: Mapping[str, object]) -> None:
    """No list, or a mark that cannot be followed, must not pass for the end of the list."""
    with pytest.raises(Unreadable):
        read_page(body, READING)


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(st.characters(exclude_categories=()), max_size=30)
    | st.sampled_from(["PRIME", "MANDATORY", "2026-11-22T10:00:00Z", "1e400", "-1", "\x00"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def mutated(draw: st.DrawFn) -> object:
    """Write a full entry with junk at one or more places of its tree."""
    full = entry(
        recipient=copy.deepcopy(RECIPIENT),
        packages=[{"packageReferenceId": "1", "packageStatus": {"status": "SHIPPED"}}],
        orderItems=[
            item(
                programs=["SUBSCRIBE_AND_SAVE"],
                cancellation={"cancellationRequest": {"requester": "BUYER"}},
                fulfillment={
                    "quantityFulfilled": 0,
                    "quantityUnfulfilled": 2,
                    "shipping": {"shippingConstraints": {"signatureConfirmation": "MANDATORY"}},
                },
            )
        ],
    )
    for _ in range(draw(st.integers(1, 3))):
        node: Any = full
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if not isinstance(node[key], dict | list) or draw(st.booleans()):
                node[key] = draw(junk)
                break
            node = node[key]
    return full


@settings(max_examples=400, deadline=None)
@given(st.lists(mutated() | junk, max_size=3), junk)
def test_no_page_breaks_the_import_or_loses_an_order(entries: list[object], more: object) -> None:
    """Whatever comes, every entry is an order or an error, and each order fits a document."""
    body = {"orders": entries, "pagination": {"nextToken": "next"}, "lastUpdatedBefore": more}
    page = read_page(body, WITH_ADDRESS)

    assert len(entries) == len(page.orders) + len(page.errors)
    for order in page.orders:
        assert order == Order.model_validate_json(order.model_dump_json())
        assert "\x00" not in order.model_dump_json()
