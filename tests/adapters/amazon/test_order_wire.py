from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from primetui.adapters.amazon.order_wire import read_order
from primetui.domain.money import Money
from primetui.domain.order import (
    FulfilledBy,
    Fulfillment,
    Order,
    OrderItem,
    OrderPackage,
    OrderStatus,
    Prime,
)
from primetui.domain.shipment import ItemId, OrderId
from primetui.domain.value import Window
from tests.adapters.amazon.made import (
    MONDAY,
    READING,
    RECIPIENT,
    US,
    entry,
    fulfillment,
    item,
    window,
)

WITH_ADDRESS = replace(READING, with_address=True)


def read(**changes: Any) -> Order:
    """Read an entry with changes."""
    return read_order(entry(**changes), READING)


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """Name a moment of November 2026."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def test_an_ordinary_order_is_read_whole() -> None:
    """Every fact of a Prime order that waits to be shipped arrives in the order."""
    expected = Order(
        id=OrderId("114-0000001-0000001"),
        store_id=READING.store_id,
        marketplace_id=US,
        sales_channel="Amazon.com",
        purchased_at=at(22, 10),
        updated_at=datetime(2026, 11, 22, 11, 0, 0, 123_000, tzinfo=UTC),
        fetched_at=MONDAY,
        status=OrderStatus.AWAITING_SHIPMENT,
        fulfillment=Fulfillment.UNSHIPPED,
        fulfilled_by=FulfilledBy.MERCHANT,
        prime=Prime.YES,
        programs=("PRIME",),
        service_level="STANDARD",
        ship_by=Window(earliest=at(23, 8), latest=at(25, 7, 59, 59)),
        deliver_by=Window(earliest=at(25, 8), latest=at(28, 7, 59, 59)),
        items=(
            OrderItem(
                id=ItemId("item-1"),
                sku="MUG-1",
                title="Mug",
                quantity=2,
                unit_price=Money(amount=Decimal("9.99"), currency="USD"),
            ),
        ),
    )

    assert expected == read()


@pytest.mark.parametrize(
    ("word", "fulfillment_read", "status"),
    [
        ("PENDING_AVAILABILITY", Fulfillment.PENDING_AVAILABILITY, OrderStatus.AWAITING_PAYMENT),
        ("PENDING", Fulfillment.PENDING, OrderStatus.AWAITING_PAYMENT),
        ("UNSHIPPED", Fulfillment.UNSHIPPED, OrderStatus.AWAITING_SHIPMENT),
        ("unshipped ", Fulfillment.UNSHIPPED, OrderStatus.AWAITING_SHIPMENT),
        ("PARTIALLY_SHIPPED", Fulfillment.PARTIALLY_SHIPPED, OrderStatus.AWAITING_SHIPMENT),
        ("SHIPPED", Fulfillment.SHIPPED, OrderStatus.SHIPPED),
        ("CANCELLED", Fulfillment.CANCELLED, OrderStatus.CANCELLED),
        ("UNFULFILLABLE", Fulfillment.UNFULFILLABLE, OrderStatus.ON_HOLD),
    ],
)
def test_every_status_of_amazon_has_its_place(
    word: str, fulfillment_read: Fulfillment, status: OrderStatus
) -> None:
    """A known status lands where the marketplace alone would have it, and blocks nothing."""
    order = read(fulfillment=fulfillment(fulfillmentStatus=word))

    assert (fulfillment_read, status, ()) == (order.fulfillment, order.status, order.unrecognised)


@pytest.mark.parametrize(
    ("programs", "who", "prime"),
    [
        (["PRIME"], "MERCHANT", Prime.YES),
        (["PREMIUM", "PRIME"], "MERCHANT", Prime.YES),
        (["prime"], "MERCHANT", Prime.YES),
        (["PRIME"], "AMAZON", Prime.NO),
        (["PREMIUM"], "MERCHANT", Prime.NO),
        ([], "MERCHANT", Prime.NO),
        (None, "MERCHANT", Prime.NO),
        (["PRIME"], None, Prime.UNKNOWN),
        (["PRIME"], "SOMEBODY", Prime.UNKNOWN),
        ([], "SOMEBODY", Prime.NO),
        ("PRIME", "MERCHANT", Prime.UNKNOWN),
        ({"PRIME": True}, "MERCHANT", Prime.UNKNOWN),
        ([None], "MERCHANT", Prime.UNKNOWN),
        ([["PRIME"]], "MERCHANT", Prime.UNKNOWN),
        (["PRIME", 7], "MERCHANT", Prime.YES),
        ("PRIME", "AMAZON", Prime.NO),
    ],
)
def test_prime_takes_the_program_and_the_merchant(
    programs: object, who: object, prime: Prime
) -> None:
    """Prime is PRIME and shipped by the merchant; what cannot be told is unknown, never no."""
    order = read(programs=programs, fulfillment=fulfillment(fulfilledBy=who))

    assert prime is order.prime


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"programs": ["PRIME", "PRIME_HORIZON"]}, ("programs: PRIME_HORIZON",)),
        ({"programs": "PRIME"}, ("programs: PRIME",)),
        ({"programs": [None]}, ("programs: missing",)),
        ({"programs": {"a": 1}}, ("programs: an unreadable dict",)),
        ({"fulfillment": fulfillment(fulfillmentStatus="LOST")}, ("fulfillmentStatus: LOST",)),
        (
            {"fulfillment": fulfillment(fulfillmentStatus="UNKNOWN")},
            ("fulfillmentStatus: UNKNOWN",),
        ),
        ({"fulfillment": fulfillment(fulfilledBy="UNKNOWN")}, ("fulfilledBy: UNKNOWN",)),
        ({"fulfillment": fulfillment(fulfilledBy=None)}, ("fulfilledBy: missing",)),
        ({"fulfillment": None}, ("fulfillmentStatus: missing", "fulfilledBy: missing")),
        ({"fulfillment": "UNSHIPPED"}, ("fulfillmentStatus: missing", "fulfilledBy: missing")),
        (
            {"fulfillment": fulfillment(fulfillmentServiceLevel="DRONE")},
            ("fulfillmentServiceLevel: DRONE",),
        ),
        (
            {"fulfillment": fulfillment(deliverByWindow=window(None, "Friday"))},
            ("deliverByWindow.latestDateTime: Friday",),
        ),
        (
            {"fulfillment": fulfillment(deliverByWindow="Friday")},
            ("deliverByWindow: Friday",),
        ),
        (
            {"fulfillment": fulfillment(shipByWindow=window("2026-11-25", None))},
            ("shipByWindow.earliestDateTime: 2026-11-25",),
        ),
        (
            {"fulfillment": fulfillment(labelPrintingWindow=window("soon", None))},
            ("labelPrintingWindow.earliestDateTime: soon",),
        ),
        ({"createdTime": None}, ("createdTime: missing",)),
        ({"lastUpdatedTime": ""}, ("lastUpdatedTime: missing",)),
        ({"lastUpdatedTime": "yesterday"}, ("lastUpdatedTime: yesterday",)),
        ({"salesChannel": {"channelName": "TELEPHONE"}}, ("channelName: TELEPHONE",)),
        ({"orderItems": None}, ("orderItems: missing",)),
        ({"orderItems": {"0": item()}}, ("orderItems: an unreadable dict",)),
        ({"packages": "none"}, ("packages: none",)),
        ({"packages": [3]}, ("packages: 3",)),
        (
            {"packages": [{"packageReferenceId": "1", "createdTime": "noon"}]},
            ("packages.createdTime: noon",),
        ),
        ({"programs": ["A\x1b[31m\nB"]}, ("programs: A [31m B",)),
        ({"programs": ["W" * 500]}, (f"programs: {'W' * 59}…",)),
    ],
)
def test_what_is_not_understood_is_named_and_loses_nothing(
    changes: dict[str, Any], words: tuple[str, ...]
) -> None:
    """R22: an unknown word or an unreadable date keeps the order and names itself."""
    order = read(**changes)

    assert ("114-0000001-0000001", words) == (order.id, order.unrecognised)


def test_a_flood_of_unknown_words_is_bounded() -> None:
    """One unknown word is enough to block; a thousand do not fill the document."""
    assert 20 == len(read(programs=[f"P{n}" for n in range(1000)]).unrecognised)


@pytest.mark.parametrize(
    ("created", "updated", "expected"),
    [
        ("2026-11-20T00:00:00Z", None, (at(20), at(20))),
        (None, "2026-11-21T00:00:00Z", (at(21), at(21))),
        (None, None, (MONDAY, MONDAY)),
        (1795132800000, "2026-11-21T00:00:00Z", (at(20), at(21))),
    ],
)
def test_a_missing_time_borrows_the_nearest_one(
    created: object, updated: object, expected: tuple[datetime, datetime]
) -> None:
    """An order without one of its times takes the other, else the time of reading."""
    order = read(createdTime=created, lastUpdatedTime=updated)

    assert expected == (order.purchased_at, order.updated_at)


def test_windows_that_are_not_there_are_unknown() -> None:
    """A pending order has no promise yet: that is no strange word."""
    order = read(fulfillment={"fulfillmentStatus": "PENDING", "fulfilledBy": "MERCHANT"})

    assert (Window(), Window(), None, ()) == (
        order.ship_by,
        order.deliver_by,
        order.label_from,
        order.unrecognised,
    )


def test_the_label_printing_window_opens_at_its_earliest() -> None:
    """The earliest moment for a label is kept."""
    printing = {"earliestDateTime": "2026-11-24T17:00:00Z"}

    assert at(24, 17) == read(fulfillment=fulfillment(labelPrintingWindow=printing)).label_from


def test_packages_are_read_with_numbers_for_text() -> None:
    """What Amazon knows of packages arrives, also when ids come as numbers."""
    order = read(
        packages=[
            {
                "packageReferenceId": 7,
                "createdTime": "2026-11-23T09:00:00Z",
                "packageStatus": {"status": "SHIPPED"},
                "carrier": "UPS",
                "shippingService": "UPS Ground",
                "trackingNumber": 1578648261977,
            },
            {"packageReferenceId": "8", "packageStatus": {"status": "CANCELLED"}},
            {"packageReferenceId": "9", "packageStatus": "SHIPPED", "createdTime": None},
        ]
    )

    assert (
        OrderPackage(
            reference="7",
            carrier="UPS",
            service="UPS Ground",
            tracking_id="1578648261977",
            status="SHIPPED",
            created_at=at(23, 9),
        )
        == order.packages[0]
    )
    assert ["7", "9"] == [package.reference for package in order.live_packages()]


def test_the_buyers_address_is_read_only_when_asked_for() -> None:
    """R23: an address that comes unasked is dropped; one that was asked for is read whole."""
    unasked = read_order(entry(recipient=RECIPIENT), READING)
    asked = read_order(entry(recipient=RECIPIENT), WITH_ADDRESS).ship_to

    assert unasked.ship_to is None
    assert asked is not None
    assert (
        "Zoë \u202eevil", "Co", "1 Road", "Leeds", "West Yorkshire", "LS1 1AA", "GB",
        "441134960000", True,
    ) == (
        asked.name, asked.company, asked.line1, asked.city, asked.region, asked.postal_code,
        asked.country, asked.phone, asked.residential,
    )  # fmt: skip


def test_an_address_of_an_unknown_kind_blocks() -> None:
    """A kind of place we do not know may need another carrier."""
    strange = {"deliveryAddress": {"city": "Leeds", "addressType": "MOON"}}
    order = read_order(entry(recipient=strange), WITH_ADDRESS)

    assert ("MOON", ("addressType: MOON",)) == (order.ship_to_kind, order.unrecognised)


def test_an_address_that_is_withheld_is_none() -> None:
    """Without the role Amazon leaves the address out: that is no address, not a blank one."""
    assert read_order(entry(recipient={}), WITH_ADDRESS).ship_to is None


def test_the_store_stands_in_for_a_missing_marketplace() -> None:
    """The search was limited to the store's marketplace, so that is where it was placed."""
    assert (US, "") == (read(salesChannel={}).marketplace_id, read(salesChannel={}).sales_channel)
