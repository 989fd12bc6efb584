"""Rithum's JSON to orders: status, Prime, identity, removed buyers, and hostile data."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.adapters.rithum.order_wire import Reading, Unreadable, own_number, read_order
from primetui.domain.money import Money
from primetui.domain.order import FulfilledBy, Fulfillment, Order, OrderStatus, Prime, Told
from primetui.domain.store import StoreId
from tests.adapters.rithum.made import AMAZON_ID, NOW, READING, entry, fulfillment, item, read


def test_R14_an_amazon_order_carries_amazons_own_id() -> None:
    """The facts of an ordinary order, as the gate needs them."""
    order = read()

    assert (AMAZON_ID, "ATVPDKIKX0DER", "Amazon US") == (
        order.id,
        order.marketplace_id,
        order.sales_channel,
    )
    assert (Prime.YES, FulfilledBy.MERCHANT, OrderStatus.AWAITING_SHIPMENT, ()) == (
        order.prime,
        order.fulfilled_by,
        order.status,
        order.unrecognised,
    )
    assert datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC) == order.ship_by.latest
    assert datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC) == order.deliver_by.latest
    assert ("71", "7001") == (order.origin.own_id, order.origin.account)
    assert [("40000000000011", 2, Money(amount=Decimal("14.9"), currency="USD"))] == [
        (one.id, one.to_ship, one.unit_price) for one in order.items
    ]
    assert order.ship_to is not None
    assert ("Robin Example", "Columbus") == (order.ship_to.name, order.ship_to.city)


@pytest.mark.parametrize(
    ("shipping", "checkout", "payment", "rollup", "expected"),
    [
        ("Unshipped", "Completed", "Cleared", "SellerManaged", Fulfillment.UNSHIPPED),
        ("PendingShipment", "Completed", "Cleared", "SellerManaged", Fulfillment.UNSHIPPED),
        ("Unshipped", "CompletedAndVisited", "Submitted", "SellerManaged", Fulfillment.UNSHIPPED),
        ("Unshipped", "CompletedOffline", "Deposited", "SellerManaged", Fulfillment.UNSHIPPED),
        ("Unshipped", "Completed", "NotYetSubmitted", "SellerManaged", Fulfillment.PENDING),
        ("Unshipped", "Completed", "Failed", "SellerManaged", Fulfillment.PENDING),
        ("Unshipped", "NotVisited", "Cleared", "SellerManaged", Fulfillment.PENDING),
        ("Unshipped", "Visited", "Cleared", "SellerManaged", Fulfillment.PENDING),
        ("Unshipped", "Disabled", "Cleared", "SellerManaged", Fulfillment.PENDING),
        ("Unshipped", "OnHold", "Cleared", "SellerManaged", Fulfillment.HELD),
        ("Unshipped", "OnHold", "Failed", "SellerManaged", Fulfillment.HELD),
        ("PartiallyShipped", "OnHold", "Failed", "SellerManaged", Fulfillment.PARTIALLY_SHIPPED),
        ("Shipped", "OnHold", "Failed", "SellerManaged", Fulfillment.SHIPPED),
        ("Canceled", "OnHold", "Failed", "ExternallyManaged", Fulfillment.CANCELLED),
        ("ThirdPartyManaged", "Completed", "Cleared", "SellerManaged", Fulfillment.DELEGATED),
        ("Unshipped", "Completed", "Cleared", "ExternallyManaged", Fulfillment.DELEGATED),
        ("Teleported", "Completed", "Cleared", "SellerManaged", Fulfillment.UNKNOWN),
        ("Unshipped", "Beamed", "Cleared", "SellerManaged", Fulfillment.UNKNOWN),
        ("Unshipped", "Completed", "Bartered", "SellerManaged", Fulfillment.UNKNOWN),
    ],
)
def test_R22_every_word_has_its_standing_and_an_unknown_one_blocks(
    shipping: str, checkout: str, payment: str, rollup: str, *, expected: Fulfillment
) -> None:
    """What is finished stays finished; what nobody knows is named and on hold."""
    order = read(
        ShippingStatus=shipping,
        CheckoutStatus=checkout,
        PaymentStatus=payment,
        DistributionCenterTypeRollup=rollup,
    )

    assert expected is order.fulfillment
    assert bool(order.unrecognised) is (expected is Fulfillment.UNKNOWN)


@pytest.mark.parametrize("name", ["ShippingStatus", "CheckoutStatus", "PaymentStatus"])
@pytest.mark.parametrize("value", [None, 7, [], {"a": 1}, ""])
def test_R22_a_status_that_is_no_word_blocks(name: str, value: Any) -> None:
    """Missing, or of another type: the order is here, on hold, and says so."""
    order = read(**{name: value})

    assert OrderStatus.ON_HOLD is order.status
    assert [word for word in order.unrecognised if word.startswith(f"{name}: ")]


@pytest.mark.parametrize(
    ("carrier", "shipping_class", "site", "expected"),
    [
        ("Amazon", "Prime NextDay", (641, "Amazon UK"), Prime.YES),
        ("Amazon", "prime standard", (640, "Amazon US"), Prime.YES),
        (None, "Std PRIME", (640, "Amazon US"), Prime.YES),
        ("Amazon", "Seller-Fulfilled Prime", (640, ""), Prime.YES),
        ("Amazon Prime", "Standard", (640, "Amazon US"), Prime.YES),
        ("Amazon", "Premium NextDay", (640, "Amazon US"), Prime.NO),
        ("Amazon", "Primeira Classe", (640, "Amazon US"), Prime.NO),
        ("Amazon", "NonPrimes", (640, "Amazon US"), Prime.NO),
        ("Amazon", "Standard", (640, "Amazon US"), Prime.NO),
        (None, None, (640, "Amazon US"), Prime.UNKNOWN),
        ("", "", (640, "Amazon US"), Prime.UNKNOWN),
        (None, 7, (640, "Amazon US"), Prime.NO),
        ("eBay", "Prime Shipping", (1, "eBay US"), Prime.NO),
        (None, None, (1, "eBay US"), Prime.NO),
        ("Amazon", "Prime NextDay", (1999, "Amazon Sweden"), Prime.UNKNOWN),
        ("Amazon", "Prime NextDay", (1999, "Amazonas Store"), Prime.NO),
        ("Amazon", "Prime NextDay", (None, None), Prime.NO),
    ],
)
def test_R15_prime_is_the_whole_word_on_an_amazon_site(
    carrier: Any, shipping_class: Any, site: tuple[Any, Any], expected: Prime
) -> None:
    """Three answers: Premium is not Prime, eBay's Prime is not Amazon's, silence is not no."""
    order = read(
        RequestedShippingCarrier=carrier,
        RequestedShippingClass=shipping_class,
        SiteID=site[0],
        SiteName=site[1],
    )

    assert expected is order.prime


@pytest.mark.parametrize(
    ("status", "expected"), [("NoChange", Prime.YES), ("Complete", Prime.UNKNOWN)]
)
def test_R15_a_fulfillment_names_the_wish_only_until_it_is_sent(
    status: str, expected: Prime
) -> None:
    """Once shipped, its carrier and class are those of the parcel."""
    wish = fulfillment(status, ShippingCarrier="Amazon", ShippingClass="Prime Standard")

    order = read(RequestedShippingCarrier=None, RequestedShippingClass=None, Fulfillments=[wish])

    assert expected is order.prime


@pytest.mark.parametrize("rollup", ["Mixed", "Franchised", None])
def test_R22_who_ships_must_be_said(rollup: Any) -> None:
    """A mixture, or a word nobody knows, is not ours for certain."""
    order = read(DistributionCenterTypeRollup=rollup)

    assert (FulfilledBy.UNKNOWN, Prime.UNKNOWN) == (order.fulfilled_by, order.prime)
    assert order.unrecognised


@pytest.mark.parametrize(
    ("said", "site", "expected", "noted"),
    [
        (AMAZON_ID, (640, "Amazon US"), AMAZON_ID, False),
        (f"  {AMAZON_ID}\n", (640, "Amazon US"), AMAZON_ID, False),
        ("s01-1234567-7654321", (640, "Amazon US"), "S01-1234567-7654321", False),
        (AMAZON_ID, (1999, "Amazon Sweden"), AMAZON_ID, True),
        ("115-1234567", (640, "Amazon US"), "rithum-71", True),
        (None, (640, "Amazon US"), "rithum-71", True),
        (f"{AMAZON_ID}0", (640, "Amazon US"), "rithum-71", True),
        ("12-34567-89012", (1, "eBay US"), "ebay-12-34567-89012", False),
        ("abc", (1155, "Walmart Marketplace"), "walmart-abc", False),
        (AMAZON_ID, (1, "eBay US"), f"ebay-{AMAZON_ID}", False),
        ("2222222-3333333", (9, "111"), "site9-2222222-3333333", False),
        ("x", (None, None), "site0-x", False),
        (None, (1, "eBay US"), "rithum-71", False),
        ("née", (1, "eBay US"), "rithum-71", False),
        ("y" * 41, (1, "eBay US"), "rithum-71", False),
    ],
)
def test_R14_an_order_is_named_as_its_marketplace_names_it(
    said: Any, site: tuple[Any, Any], expected: str, *, noted: bool
) -> None:
    """Case and blanks do not make another order, and no other site's id is ever Amazon's."""
    order = read(SiteOrderID=said, SiteID=site[0], SiteName=site[1])

    assert expected == order.id
    assert noted is bool(order.unrecognised)


@pytest.mark.parametrize(
    ("present", "status", "kept", "noted"),
    [
        (1, "Unshipped", True, False),
        (0, "Unshipped", False, True),
        (False, "Unshipped", False, True),
        ("0", "Unshipped", False, True),
        (0, "Shipped", False, False),
        (0, "Canceled", False, False),
        (None, "Unshipped", True, False),
    ],
)
def test_a_removed_buyer_is_no_address_and_holds_an_open_order_up(
    present: Any, status: str, *, kept: bool, noted: bool
) -> None:
    """Blanks never take the place of an address; what is closed needs none."""
    order = read(UserDataPresent=present, ShippingStatus=status)

    assert kept is (order.ship_to is not None)
    assert noted is ("UserDataPresent: removed by Rithum" in order.unrecognised)


def test_an_address_that_nobody_asked_for_is_dropped() -> None:
    """Rithum always sends it; the import does not keep it."""
    order = read_order(entry(), Reading(StoreId("ca"), NOW))

    assert order.ship_to is None
    assert order.unrecognised == ()


def test_rithums_words_for_unknown_places_are_blank() -> None:
    """001 is no region and -1 no country."""
    order = read(ShippingStateOrProvince="001", ShippingCountry="-1")

    assert order.ship_to is not None
    assert ("", "") == (order.ship_to.region, order.ship_to.country)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["Complete"], Told.DONE),
        (["CompletedWithoutNotification"], Told.DONE),
        (["Complete", "CompletedWithoutNotification"], Told.DONE),
        (["Complete", "Pending"], Told.WAITING),
        (["InProgress"], Told.WAITING),
        (["Complete", "Failed"], Told.FAILED),
        (["Pigeon"], Told.WAITING),
        ([], Told.WAITING),
        ([None], Told.WAITING),
    ],
)
def test_R19_a_package_says_whether_its_marketplace_knows(
    statuses: list[Any], expected: Told
) -> None:
    """One item turned down is the whole parcel's failure; silence is waiting."""
    rows = [
        {"OrderItemID": 7100, "Quantity": 1, "MarketplaceShippingStatus": one} for one in statuses
    ]

    order = read(Fulfillments=[fulfillment(Items=rows)])

    assert [expected] == [package.told for package in order.packages]


def test_what_was_sent_is_counted_and_what_waits_is_no_package() -> None:
    """One of two mugs has left; the fulfillment that names the wish is not a parcel."""
    sent = fulfillment(Items=[{"OrderItemID": 7100, "Quantity": 1}])
    waiting = fulfillment("NoChange", TrackingNumber=None, SellerFulfillmentID=None)

    order = read(ShippingStatus="PartiallyShipped", Fulfillments=[sent, waiting])

    assert [(1, 1)] == [(one.quantity_shipped, one.to_ship) for one in order.items]
    assert [("1Z1", "UPS", "123456789")] == [
        (package.tracking_id, package.carrier, package.reference) for package in order.packages
    ]


def test_a_cancelled_fulfillment_is_no_live_package() -> None:
    """Its word is Rithum's own, with one l."""
    order = read(Fulfillments=[fulfillment("Canceled")])

    assert order.live_packages() == ()
    assert [0] == [one.quantity_shipped for one in order.items]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"Items": None}, "Items: missing"),
        ({"Items": [item(Quantity=None)]}, "item 40000000000011 Quantity: missing"),
        ({"Items": [item(), item()]}, "item twice: 40000000000011"),
        ({"Items": ["mug"]}, "item ID: missing"),
        ({"CreatedDateUtc": None}, "CreatedDateUtc: missing"),
        ({"DeliverByDateUtc": "tomorrow"}, "DeliverByDateUtc: tomorrow"),
        ({"EstimatedShipDateUtc": "2026-11-24"}, "EstimatedShipDateUtc: 2026-11-24"),
        ({"Fulfillments": "none"}, "Fulfillments: none"),
        ({"Fulfillments": [fulfillment("Vanished")]}, "DeliveryStatus: Vanished"),
    ],
)
def test_R22_what_is_strange_is_named_and_loses_no_order(changes: Any, word: str) -> None:
    """The order is kept, and cannot be bought for."""
    assert word in read(**changes).unrecognised


def test_a_line_without_its_sites_id_goes_by_rithums() -> None:
    """Other marketplaces do not name lines."""
    assert ["7100"] == [one.id for one in read(Items=[item(SiteOrderItemID=None)]).items]


@pytest.mark.parametrize("number", [None, "", "x", -1, 1.5, [], True])
def test_an_entry_without_a_number_is_named_instead(number: Any) -> None:
    """It cannot be acknowledged nor read again, so it is no order."""
    with pytest.raises(Unreadable, match="no readable ID"):
        read(ID=number)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.decimals(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(entry())), JSON))
def test_R22_nothing_that_comes_in_breaks_the_reading(changes: dict[str, Any]) -> None:
    """Whatever the fields hold: an order that fits a document, or one clear refusal."""
    body = entry() | changes
    if not own_number(body):
        with pytest.raises(Unreadable):
            read_order(body, READING)
        return

    order = read_order(body, READING)

    assert order == Order.model_validate_json(order.model_dump_json())
