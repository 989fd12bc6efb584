"""confirmShipment: another carrier's parcel, told to Amazon once."""

from typing import Any

import pytest

from tests.sandbox.seller import Seller, error


def test_a_confirmation_ships_the_order_with_an_empty_204(us: Seller) -> None:
    """The order becomes SHIPPED and lists the parcel."""
    order_id = us.add()
    answer = us.confirm(order_id, us.confirmation_body(order_id))
    order = us.order(order_id)

    assert (204, b"") == (answer.status_code, answer.content)
    assert "SHIPPED" == order["fulfillment"]["fulfillmentStatus"]
    assert [("UPS", "1Z999AA10123456784")] == [
        (p["carrier"], p["trackingNumber"]) for p in order["packages"]
    ]
    assert 1 == len(us.state(order_id)["confirmations"][0]["received"])


@pytest.mark.parametrize(
    "changes",
    [
        {"packageReferenceId": "0"},
        {"packageReferenceId": "-1"},
        {"packageReferenceId": "PKG-1"},
        {"packageReferenceId": ""},
        {"shipDate": "02/21/2022"},
        {"shipDate": "2026-11-23"},
        {"shipDate": "9999-12-31T00:00:00Z"},
        {"carrierCode": "Other"},
        {"carrierCode": ""},
        {"trackingNumber": ""},
        {"orderItems": []},
        {"orderItems": [{"orderItemId": "404", "quantity": 1}]},
    ],
    ids=str,
)
def test_a_confirmation_outside_the_rules_is_invalid(us: Seller, changes: dict[str, Any]) -> None:
    """Each broken rule is 400 and leaves no trace."""
    order_id = us.add()

    assert (400, "InvalidInput") == error(
        us.confirm(order_id, us.confirmation_body(order_id, **changes))
    )
    assert [] == us.state(order_id)["confirmations"]


def test_more_than_was_ordered_cannot_be_confirmed(us: Seller) -> None:
    """Quantities are those left to ship."""
    order_id = us.add(quantities=[2])
    body = us.confirmation_body(order_id)
    body["packageDetail"]["orderItems"][0]["quantity"] = 3

    assert (400, "InvalidInput") == error(us.confirm(order_id, body))


def test_another_marketplace_is_refused(us: Seller) -> None:
    """The marketplace must be the order's."""
    order_id = us.add()
    body = us.confirmation_body(order_id) | {"marketplaceId": "A1F83G8C2ARO7P"}

    assert (400, "InvalidInput") == error(us.confirm(order_id, body))


def test_the_same_reference_edits_and_another_adds(us: Seller) -> None:
    """A repeated packageReferenceId replaces the parcel; a new one is another parcel."""
    order_id = us.add(quantities=[1, 1])
    both = us.confirmation_body(order_id)["packageDetail"]["orderItems"]
    us.confirm(order_id, us.confirmation_body(order_id, orderItems=both[:1]))
    partly = us.order(order_id)["fulfillment"]["fulfillmentStatus"]
    us.confirm(
        order_id, us.confirmation_body(order_id, orderItems=both[:1], trackingNumber="EDITED")
    )
    us.confirm(
        order_id,
        us.confirmation_body(
            order_id, orderItems=both[1:], packageReferenceId="2", trackingNumber="SECOND"
        ),
    )
    order = us.order(order_id)

    assert "PARTIALLY_SHIPPED" == partly
    assert "SHIPPED" == order["fulfillment"]["fulfillmentStatus"]
    assert ["EDITED", "SECOND"] == [p["trackingNumber"] for p in order["packages"]]
    assert [2, 1] == [len(c["received"]) for c in us.state(order_id)["confirmations"]]


def test_an_order_with_a_label_is_already_fulfilled(us: Seller) -> None:
    """Buy Shipping tells Amazon itself; a confirmation on top is refused, until the label is void."""
    order_id = us.add()
    body = us.confirmation_body(order_id)
    shipment_id = us.buy(order_id)["shipmentId"]
    refused = us.confirm(order_id, body)
    us.http.put(f"/shipping/v2/shipments/{shipment_id}/cancel")
    taken = us.confirm(order_id, body)

    assert (400, "InvalidInput") == error(refused)
    assert "already fulfilled" in refused.json()["errors"][0]["details"]
    assert 204 == taken.status_code


@pytest.mark.parametrize(
    "story",
    [
        {"programs": ["PRIME", "FBM_SHIP_PLUS"]},
        {"fulfilled_by": "AMAZON"},
        {"status": "CANCELLED"},
        {"status": "SHIPPED"},
    ],
    ids=str,
)
def test_some_orders_take_no_confirmation(us: Seller, story: dict[str, Any]) -> None:
    """Ship+, Amazon's own, cancelled and shipped orders answer 400."""
    order_id = us.add(**story)
    body = us.confirmation_body(order_id, packageReferenceId="7")

    assert (400, "InvalidInput") == error(us.confirm(order_id, body))


def test_an_unknown_carrier_is_accepted_and_forgotten(us: Seller) -> None:
    """A 204 proves nothing: with an unlisted code the parcel never appears."""
    order_id = us.add()
    answer = us.confirm(order_id, us.confirmation_body(order_id, carrierCode="Ups"))
    order = us.order(order_id)

    assert 204 == answer.status_code
    assert ("UNSHIPPED", []) == (order["fulfillment"]["fulfillmentStatus"], order["packages"])
    assert [True] == [c["dropped"] for c in us.state(order_id)["confirmations"]]


def test_dropping_is_a_setting(us: Seller) -> None:
    """With the setting off, an unlisted code is listed as given."""
    us.control("settings", {"drops_unknown_carriers": False})
    order_id = us.add()
    us.confirm(order_id, us.confirmation_body(order_id, carrierCode="Ups"))

    assert ["Ups"] == [p["carrier"] for p in us.order(order_id)["packages"]]


def test_other_carriers_go_by_their_name(us: Seller) -> None:
    """With code Other the name is required and shown."""
    order_id = us.add()
    body = us.confirmation_body(order_id, carrierCode="Other", carrierName="Pigeon Post")

    assert 204 == us.confirm(order_id, body).status_code
    assert ["Pigeon Post"] == [p["carrier"] for p in us.order(order_id)["packages"]]
