"""An order's facts: what counts as a package, what a voided label leaves, tags."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from primetui.domain.address import Address
from primetui.domain.order import (
    PRIME_TAG,
    Fulfillment,
    Landing,
    Order,
    OrderRecord,
    OrderStatus,
    Prime,
)
from primetui.domain.shipment import Confirmation, OrderId
from tests.domain.made import BUYER, NOW, codes, draft, item, label, listed, order, rate
from tests.domain.made import candidate as good
from tests.domain.strategies import orders

SHIPPED: dict[str, Any] = {
    "fulfillment": Fulfillment.SHIPPED,
    "status": OrderStatus.SHIPPED,
    "items": (item(quantity_shipped=1), item(id="22", quantity=2, quantity_shipped=2)),
}
OURS = frozenset({"1Z1"})


@pytest.mark.parametrize("status", ["PENDING", "CANCELLED"])
def test_R21_a_voided_label_reopens_its_order(status: str) -> None:
    """R21: Amazon keeps an order shipped after a void; without our package it can be bought anew."""
    stays_shipped = order(**SHIPPED, packages=(listed(status=status),))

    assert order(items=order().items) == stays_shipped.without_packages(OURS)
    assert set() == codes(good(stays_shipped.without_packages(OURS).__dict__))


@pytest.mark.parametrize(
    ("packages", "ids"),
    [
        ((listed(),), frozenset()),
        ((listed(),), frozenset({"1Z2"})),
        ((), OURS),
        ((listed(tracking_id=""),), frozenset({""})),
        ((listed(), listed(tracking_id="1Z2")), OURS),
        ((listed(), listed(tracking_id="")), OURS | {""}),
        ((listed(tracking_id="1z1"),), OURS),
    ],
)
def test_R21_another_s_package_keeps_an_order_shipped(
    packages: tuple[Any, ...], ids: frozenset[str]
) -> None:
    """R21: an order that somebody else shipped is never opened for a second label."""
    seen = order(**SHIPPED, packages=packages).without_packages(ids)

    assert Fulfillment.SHIPPED is seen.fulfillment
    assert OrderStatus.SHIPPED is seen.status
    assert "PRM105" in codes(good(seen.__dict__))


@pytest.mark.parametrize(
    "status",
    [OrderStatus.PENDING_FULFILLMENT, OrderStatus.ON_HOLD, OrderStatus.CANCELLED],
)
def test_R2_a_void_opens_no_other_status(status: OrderStatus) -> None:
    """R2: taking our packages away frees no order that is view only, held or cancelled."""
    seen = order(**SHIPPED | {"status": status}, packages=(listed(),)).without_packages(OURS)

    assert status is seen.status
    assert Fulfillment.UNSHIPPED is seen.fulfillment


@pytest.mark.parametrize("fulfillment", [Fulfillment.UNSHIPPED, Fulfillment.CANCELLED])
def test_R21_a_void_changes_no_order_that_waits(fulfillment: Fulfillment) -> None:
    """R21: an order Amazon does not call shipped only loses the package."""
    waiting = order(fulfillment=fulfillment)
    with_package = order(fulfillment=fulfillment, packages=(listed(),))

    assert waiting == with_package.without_packages(OURS)


@given(orders, st.frozensets(st.sampled_from(["", "1Z1", "1Z2"])))
def test_R21_taking_packages_away(given_order: Order, ids: frozenset[str]) -> None:
    """R21: only packages of ours go, and an order opens only when one went and none is left."""
    seen = given_order.without_packages(ids)
    named = [p for p in given_order.packages if p.tracking_id and p.tracking_id in ids]
    others = [p for p in given_order.packages if p not in named]

    assert others == list(seen.packages)
    assert seen == seen.without_packages(ids)
    opened = seen.fulfillment is not given_order.fulfillment
    if opened:
        assert named
        assert () == seen.live_packages()
        assert given_order.fulfillment.value in {"SHIPPED", "PARTIALLY_SHIPPED"}
        assert Fulfillment.UNSHIPPED is seen.fulfillment
        assert all(i.quantity_shipped == 0 for i in seen.items)
    else:
        assert given_order.model_copy(update={"packages": seen.packages}) == seen


@pytest.mark.parametrize(
    ("demands", "expected"),
    [
        ((), Confirmation.NONE),
        (((Confirmation.NONE, 1),), Confirmation.NONE),
        (((Confirmation.SIGNATURE, 1), (Confirmation.DELIVERY, 1)), Confirmation.SIGNATURE),
        (((Confirmation.IDENTITY, 0), (Confirmation.DELIVERY, 1)), Confirmation.DELIVERY),
        (
            ((Confirmation.ADULT_SIGNATURE, 1), (Confirmation.IDENTITY, 1)),
            Confirmation.IDENTITY,
        ),
    ],
)
def test_R5_the_strictest_demand_counts(
    demands: tuple[tuple[Confirmation, int], ...], expected: Confirmation
) -> None:
    """R5: the strongest confirmation of any item that is still to be shipped is required."""
    items = tuple(
        item(id=str(number), quantity=quantity, required_confirmation=wanted)
        for number, (wanted, quantity) in enumerate(demands)
    )

    assert expected is order(items=items).required_confirmation


@pytest.mark.parametrize(("prime", "is_prime"), [("yes", True), ("no", False), ("unknown", False)])
def test_R22_prime_is_three_valued(prime: str, *, is_prime: bool) -> None:
    """R22: not knowing is neither yes nor no."""
    assert is_prime is order(prime=Prime(prime)).is_prime


def record(**changes: Any) -> OrderRecord:
    """Make a record without tags."""
    landing = Landing(status=OrderStatus.AWAITING_SHIPMENT, why="test", at=NOW)
    return OrderRecord(order=order(), landing=landing, shipment=draft(), **changes)


def test_R15_a_tag_is_put_on_once() -> None:
    """R15: the built-in tag appears once, however often an order is imported."""
    once = record().tagged(PRIME_TAG, by="import", at=NOW)

    assert ["Amazon Prime Order"] == [tag.name for tag in once.tags]
    assert once == once.tagged(PRIME_TAG, by="import", at=NOW)


def test_R15_a_tag_taken_off_by_hand_stays_off() -> None:
    """R15: an import does not put back what a hand took off."""
    bare = record(removed_tags=(PRIME_TAG,))

    assert bare == bare.tagged(PRIME_TAG, by="import", at=NOW)


@pytest.mark.parametrize(
    "shown",
    [
        repr(order(ship_to=BUYER)),
        str(order(ship_to=BUYER)),
        repr(BUYER),
        str(BUYER),
        f"{BUYER}",
        pretty_repr(BUYER),
        pretty_repr(order(ship_to=BUYER)),
    ],
)
def test_R23_no_person_is_shown_by_accident(shown: str) -> None:
    """R23: no way of printing an address prints more than its place."""
    for secret in (BUYER.name, BUYER.line1, BUYER.postal_code, BUYER.phone, BUYER.email):
        assert secret not in shown
    assert "Boston" in shown


def test_R5_what_is_blank_is_missing() -> None:
    """R5: missing fields are named in the order asked."""
    lacking = BUYER.model_copy(update={"city": " ", "phone": ""})

    assert ("phone", "city") == lacking.missing("name", "phone", "city")


@pytest.mark.parametrize(("state", "live"), [("live", True), ("voiding", True), ("voided", False)])
def test_R21_a_label_counts_until_it_is_certainly_void(state: str, *, live: bool) -> None:
    """R21: a label whose void is not answered yet still counts."""
    assert live is label(state=state).is_live


@pytest.mark.parametrize(
    ("source", "order_id", "known"),
    [
        ("amazon-buy-shipping", "112-0206386-1581509", True),
        ("amazon-shipping", "112-0206386-1581509", True),
        ("amazon-shipping", "ebay-01-5000001-95968", False),
        ("carrier", "112-0206386-1581509", False),
        ("carrier", "ebay-01-5000001-95968", False),
    ],
)
def test_R20_a_label_tells_only_the_shop_it_was_sold_in(
    source: str, order_id: str, *, known: bool
) -> None:
    """R10, R20: Amazon knows of its own labels; eBay is told of one that Amazon carries for it."""
    assert known is rate(source=source).source.is_known_of(OrderId(order_id))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Nothing of it.", "Nothing of it."),
        ("ADA BUYER lives in Boston.", "… lives in Boston."),
        ("Ada moved.", "Ada moved."),
        ("a.b is not a+b", "a.b is not a+b"),
        ("(617) 5550123 or 6175550123", "(617) 5550123 or …"),
    ],
)
def test_a_text_is_told_without_the_person_in_it(text: str, expected: str) -> None:
    """Whole words of the address, in whatever case; the place and other words stay."""
    assert expected == BUYER.hidden_in(text)
    assert text == Address(city="Boston", name="Ada").hidden_in(text)
