from decimal import Decimal
from typing import Any

import pytest

from primetui.adapters.amazon.order_wire import read_order
from primetui.domain.order import Order
from primetui.domain.shipment import Confirmation
from tests.adapters.amazon.made import READING, entry, item


def read(**changes: Any) -> Order:
    """Read an entry with changes."""
    return read_order(entry(**changes), READING)


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ({"quantityFulfilled": 0, "quantityUnfulfilled": 3}, (3, 0, 3)),
        ({"quantityFulfilled": 1, "quantityUnfulfilled": 2}, (3, 1, 2)),
        ({"quantityFulfilled": 3, "quantityUnfulfilled": 0}, (3, 3, 0)),
        ({"quantityFulfilled": 1, "quantityUnfulfilled": 1}, (2, 1, 1)),
        ({"quantityFulfilled": 0, "quantityUnfulfilled": 0}, (0, 0, 0)),
        ({"quantityFulfilled": "1", "quantityUnfulfilled": "2"}, (3, 1, 2)),
        ({"quantityUnfulfilled": 0}, (3, 3, 0)),
        ({"quantityUnfulfilled": 1}, (3, 2, 1)),
        ({"quantityFulfilled": 1}, (3, 1, 2)),
        ({}, (3, 0, 3)),
        (None, (3, 0, 3)),
    ],
)
def test_cancelled_units_are_not_shipped(facts: object, counts: tuple[int, int, int]) -> None:
    """Wanted, gone and still to go are told apart, also when part of an order was cancelled."""
    order = read(orderItems=[item(quantityOrdered=3, fulfillment=facts)])
    first = order.items[0]

    assert (*counts, ()) == (
        first.quantity,
        first.quantity_shipped,
        first.to_ship,
        order.unrecognised,
    )


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"quantityOrdered": None}, "item item-1 quantityOrdered: missing"),
        ({"quantityOrdered": -1}, "item item-1 quantityOrdered: -1"),
        ({"quantityOrdered": Decimal("2.5")}, "item item-1 quantityOrdered: 2.5"),
        (
            {"fulfillment": {"quantityFulfilled": 2, "quantityUnfulfilled": 1}},
            "item item-1 quantities: 2 shipped, 1 left of 2",
        ),
        (
            {"fulfillment": {"quantityFulfilled": "some"}},
            "item item-1 quantityFulfilled: some",
        ),
        ({"orderItemId": None}, "item 1 orderItemId: missing"),
        ({"orderItemId": "x" * 201}, f"item 1 orderItemId: {'x' * 59}…"),
        ({"programs": ["TRANSPARENCY"]}, "item item-1 programs: TRANSPARENCY"),
        ({"programs": "NEW"}, "item item-1 programs: NEW"),
        (
            {
                "fulfillment": {
                    "packing": {"serialNumberRequirement": {"requirementType": "REQUIRED"}}
                }
            },
            "item item-1 serialNumberRequirement: REQUIRED",
        ),
        (
            {"fulfillment": {"shipping": {"shippingConstraints": {"palletDelivery": "MANDATORY"}}}},
            "item item-1 palletDelivery: MANDATORY",
        ),
        (
            {"fulfillment": {"shipping": {"shippingConstraints": {"cashOnDelivery": "MANDATORY"}}}},
            "item item-1 cashOnDelivery: MANDATORY",
        ),
        (
            {"fulfillment": {"shipping": {"shippingConstraints": {"coldChain": "MANDATORY"}}}},
            "item item-1 coldChain: MANDATORY",
        ),
        (
            {"fulfillment": {"shipping": {"shippingConstraints": ["palletDelivery"]}}},
            "item item-1 shippingConstraints: an unreadable list",
        ),
        ({"cancellation": "true"}, "item item-1 cancellation: true"),
        (
            {"cancellation": {"cancellationRequest": {"requester": "SELLER"}}},
            "item item-1 cancellationRequest: SELLER",
        ),
    ],
)
def test_a_strange_item_blocks_and_stays(changes: dict[str, Any], word: str) -> None:
    """R22: what an item says and we cannot heed is named; the item is kept."""
    order = read(orderItems=[item(**changes)])

    assert ((word,), 1) == (order.unrecognised, len(order.items))


def test_an_item_named_twice_blocks() -> None:
    """Two items under one id could be packed wrongly."""
    assert ("orderItemId twice: item-1",) == read(orderItems=[item(), item()]).unrecognised


def test_an_item_that_is_none_keeps_its_place() -> None:
    """An item that is no object stands as an unreadable one: the order never looks smaller."""
    order = read(orderItems=[item(), None])

    assert 2 == len(order.items)
    assert ("item 2 orderItemId: missing", "item 2 quantityOrdered: missing") == order.unrecognised


@pytest.mark.parametrize(
    ("constraints", "confirmation", "strange"),
    [
        ({}, Confirmation.NONE, False),
        (None, Confirmation.NONE, False),
        ({"signatureConfirmation": None}, Confirmation.NONE, False),
        ({"signatureConfirmation": "MANDATORY"}, Confirmation.SIGNATURE, False),
        ({"recipientAgeVerification": "MANDATORY"}, Confirmation.ADULT_SIGNATURE, False),
        ({"recipientIdentityVerification": "MANDATORY"}, Confirmation.IDENTITY, False),
        (
            {"recipientAgeVerification": "MANDATORY", "signatureConfirmation": "MANDATORY"},
            Confirmation.ADULT_SIGNATURE,
            False,
        ),
        ({"signatureConfirmation": "ADVISED"}, Confirmation.SIGNATURE, True),
    ],
)
def test_the_strongest_demand_at_the_door_counts(
    constraints: object, confirmation: Confirmation, *, strange: bool
) -> None:
    """Constraints become the confirmation a label needs; an odd demand still counts, and blocks."""
    facts = {"shipping": {"shippingConstraints": constraints}}
    order = read(orderItems=[item(fulfillment=facts)])

    assert confirmation is order.required_confirmation
    assert strange is bool(order.unrecognised)


@pytest.mark.parametrize(
    ("cancellation", "asked"),
    [
        (None, False),
        ({}, False),
        ({"cancellationRequest": {"requester": "BUYER", "cancelReason": "x"}}, True),
        ({"cancellationRequest": {"requester": "SELLER"}}, True),
        (
            {
                "cancellationRequest": {"requester": "BUYER"},
                "cancellationExecution": {"cancelledBy": "BUYER"},
            },
            False,
        ),
    ],
)
def test_an_open_wish_to_cancel_is_seen(cancellation: object, *, asked: bool) -> None:
    """A request that nobody carried out yet counts, whoever made it."""
    assert asked is read(orderItems=[item(cancellation=cancellation)]).wants_cancellation
