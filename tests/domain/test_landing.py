"""Where an imported order lands: the cut-over, the setting, the carriers, and what stays."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.domain.landing import land, land_again
from primetui.domain.order import Fulfillment, OrderStatus, Prime
from primetui.domain.store import Account, AmazonCarrier, StoreKind, connected_since_cut_over
from tests.domain.made import NOW, order, store

AWAITING, PENDING = OrderStatus.AWAITING_SHIPMENT, OrderStatus.PENDING_FULFILLMENT
BUY_SHIPPING, AMAZON_SHIPPING = AmazonCarrier.BUY_SHIPPING, AmazonCarrier.AMAZON_SHIPPING


def local(zone: str, *parts: int) -> datetime:
    """Make a moment as a clock on the wall shows it."""
    year, month, day, hour, minute, second = parts
    return datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    "zone",
    [
        "America/New_York",
        "America/Los_Angeles",
        "Europe/London",
        "Asia/Tokyo",
        "Pacific/Kiritimati",
    ],
)
def test_R1_cut_over_boundary(zone: str) -> None:
    """R1: the day begins at local midnight; the second before it is still before."""
    account = Account(time_zone=zone)
    before, after = local(zone, 2023, 11, 2, 23, 59, 59), local(zone, 2023, 11, 3, 0, 0, 0)

    assert not connected_since_cut_over(before, account)
    assert connected_since_cut_over(after, account)
    assert PENDING is land(order(), store(connected_at=before), account, now=NOW).status
    assert AWAITING is land(order(), store(connected_at=after), account, now=NOW).status


@pytest.mark.parametrize(
    ("zone", "status"),
    [("America/Los_Angeles", PENDING), ("America/New_York", PENDING), ("Europe/London", AWAITING)],
)
def test_R1_one_instant_is_two_dates(zone: str, status: OrderStatus) -> None:
    """R1: the calendar date is the account's own: the 2nd in Los Angeles, the 3rd in London."""
    connected = datetime(2023, 11, 3, 0, 30, tzinfo=UTC)

    landing = land(order(), store(connected_at=connected), Account(time_zone=zone), now=NOW)

    assert status is landing.status


@pytest.mark.parametrize(
    ("changes", "status", "why"),
    [
        ({"connected_at": None}, PENDING, "at an unknown time"),
        ({}, PENDING, "before 2023-11-03"),
        ({"connected_at": datetime(2024, 1, 1, tzinfo=UTC)}, AWAITING, "2023-11-03 or later"),
        ({"import_prime_awaiting": True}, AWAITING, "imports Prime orders"),
        ({"connected_at": None, "import_prime_awaiting": True}, AWAITING, "imports Prime orders"),
        ({"kind": StoreKind.RITHUM}, AWAITING, "not Amazon's"),
        ({"kind": StoreKind.MANUAL}, AWAITING, "not Amazon's"),
        ({"active": False}, PENDING, "before 2023-11-03"),
    ],
)
def test_R1_the_store_decides_and_says_why(
    changes: dict[str, Any], status: OrderStatus, why: str
) -> None:
    """R1 R3: unknown counts as before; each order records why it landed where it did."""
    landing = land(order(), store(**changes), Account(), now=NOW)

    assert status is landing.status
    assert why in landing.why
    assert landing.at == NOW


@pytest.mark.parametrize(
    ("country", "carriers", "status"),
    [
        ("US", {BUY_SHIPPING}, AWAITING),
        ("US", {AMAZON_SHIPPING}, AWAITING),
        ("US", {BUY_SHIPPING, AMAZON_SHIPPING}, AWAITING),
        ("GB", {BUY_SHIPPING}, AWAITING),
        ("GB", {AMAZON_SHIPPING}, AWAITING),
        ("US", set(), PENDING),
        ("CA", {BUY_SHIPPING}, PENDING),
        ("DE", {AMAZON_SHIPPING}, PENDING),
        ("AU", {BUY_SHIPPING, AMAZON_SHIPPING}, PENDING),
    ],
)
def test_R4_a_carrier_of_amazon_does_the_same(
    country: str, carriers: set[AmazonCarrier], status: OrderStatus
) -> None:
    """R4: in the US and the UK either carrier of Amazon does; elsewhere none does."""
    account = Account(country=country, amazon_carriers=frozenset(carriers))

    assert status is land(order(), store(), account, now=NOW).status


@pytest.mark.parametrize("prime", [Prime.NO, Prime.UNKNOWN])
def test_R1_others_are_untouched(prime: Prime) -> None:
    """R1: an order that is not Prime for certain awaits shipment, and the reason is true."""
    landing = land(order(prime=prime), store(), Account(), now=NOW)

    assert AWAITING is landing.status
    assert (prime is Prime.NO) == (landing.why == "it is not a Prime order")


@pytest.mark.parametrize("prime", list(Prime))
@pytest.mark.parametrize(
    ("fulfillment", "status"),
    [
        (Fulfillment.PENDING, OrderStatus.AWAITING_PAYMENT),
        (Fulfillment.PENDING_AVAILABILITY, OrderStatus.AWAITING_PAYMENT),
        (Fulfillment.SHIPPED, OrderStatus.SHIPPED),
        (Fulfillment.CANCELLED, OrderStatus.CANCELLED),
        (Fulfillment.UNFULFILLABLE, OrderStatus.ON_HOLD),
        (Fulfillment.HELD, OrderStatus.ON_HOLD),
        (Fulfillment.DELEGATED, OrderStatus.PENDING_FULFILLMENT),
        (Fulfillment.UNKNOWN, OrderStatus.ON_HOLD),
    ],
)
def test_R22_amazon_s_own_word_comes_first(
    fulfillment: Fulfillment, status: OrderStatus, prime: Prime
) -> None:
    """R22: only an order that waits to be shipped is subject to the cut-over."""
    landed = land(order(fulfillment=fulfillment, prime=prime), store(), Account(), now=NOW)

    assert status is landed.status


LATER = NOW + timedelta(days=1)
OPEN = store(import_prime_awaiting=True)


@pytest.mark.parametrize("fulfillment", [Fulfillment.UNSHIPPED, Fulfillment.PARTIALLY_SHIPPED])
@pytest.mark.parametrize(("first", "then"), [(store(), OPEN), (OPEN, store())])
def test_R3_no_setting_moves_a_stored_order(
    first: Any, then: Any, fulfillment: Fulfillment
) -> None:
    """R3: switching the setting on or off changes nothing for orders that are here already."""
    earlier = land(order(), first, Account(), now=NOW)
    again = land_again(order(fulfillment=fulfillment), earlier, then, Account(), now=LATER)

    assert earlier == again


def test_R4_no_carrier_moves_a_stored_order() -> None:
    """R4: connecting a carrier of Amazon changes nothing for orders that are here already."""
    connected = Account(amazon_carriers=frozenset({BUY_SHIPPING}))
    earlier = land(order(), store(), Account(), now=NOW)

    assert earlier == land_again(order(), earlier, store(), connected, now=LATER)


@pytest.mark.parametrize(("then", "status"), [(store(), PENDING), (OPEN, AWAITING)])
def test_R3_an_order_lands_when_it_first_can_be_shipped(then: Any, status: OrderStatus) -> None:
    """R3: an order that waited for payment is landed by the settings of the day it is paid."""
    unpaid = land(order(fulfillment=Fulfillment.PENDING), store(), Account(), now=NOW)

    assert OrderStatus.AWAITING_PAYMENT is unpaid.status
    assert status is land_again(order(), unpaid, then, Account(), now=LATER).status


@pytest.mark.parametrize("first", [store(), OPEN])
@pytest.mark.parametrize(
    ("fulfillment", "status"),
    [(Fulfillment.CANCELLED, OrderStatus.CANCELLED), (Fulfillment.SHIPPED, OrderStatus.SHIPPED)],
)
def test_R18_amazon_moves_a_stored_order(
    first: Any, fulfillment: Fulfillment, status: OrderStatus
) -> None:
    """R18: what Amazon cancelled or shipped is so here, wherever it had landed."""
    earlier = land(order(), first, Account(), now=NOW)
    moved = land_again(order(fulfillment=fulfillment), earlier, first, Account(), now=LATER)

    assert status is moved.status


@pytest.mark.parametrize("first", [OPEN, store(kind=StoreKind.RITHUM)])
def test_R2_an_order_given_back_to_us_lands_then(first: Any) -> None:
    """R2: what somebody else fulfils is view only, and waits for us once it is ours again."""
    delegated = order(fulfillment=Fulfillment.DELEGATED)
    elsewhere = land(delegated, first, Account(), now=NOW)

    assert PENDING is elsewhere.status
    assert PENDING is land_again(delegated, elsewhere, first, Account(), now=LATER).status
    assert AWAITING is land_again(order(), elsewhere, first, Account(), now=LATER).status


FIRST_OF_NOVEMBER = datetime(2023, 11, 1, tzinfo=UTC)
ZONES = ("America/Los_Angeles", "America/New_York", "Europe/London", "Asia/Kolkata", "UTC")


@given(
    prime=st.sampled_from(Prime),
    kind=st.sampled_from(StoreKind),
    fulfillment=st.sampled_from(Fulfillment),
    setting=st.booleans(),
    country=st.sampled_from(["US", "GB", "CA", "FR"]),
    carriers=st.frozensets(st.sampled_from(AmazonCarrier)),
    zone=st.sampled_from(ZONES),
    connected=st.none()
    | st.integers(0, 4 * 86_400).map(lambda s: FIRST_OF_NOVEMBER + timedelta(seconds=s)),
)
def test_R1_landing_as_the_rules_read(  # noqa: PLR0913 - one argument per fact the rules name
    *, prime: Prime, kind: StoreKind, fulfillment: Fulfillment, setting: bool, country: str,
    carriers: frozenset[AmazonCarrier], zone: str, connected: datetime | None,
) -> None:  # fmt: skip
    """R1 R2 R3 R4: view only exactly for a waiting Prime order of an old Amazon store left alone."""
    waiting = fulfillment in {Fulfillment.UNSHIPPED, Fulfillment.PARTIALLY_SHIPPED}
    old = connected is None or f"{connected.astimezone(ZoneInfo(zone)):%Y%m%d}" < "20231103"
    lent = bool(carriers) and country in ("US", "GB")
    view_only = (
        waiting and prime is Prime.YES and kind is StoreKind.AMAZON and old
        and not setting and not lent
    )  # fmt: skip

    landing = land(
        order(prime=prime, fulfillment=fulfillment),
        store(kind=kind, connected_at=connected, import_prime_awaiting=setting),
        Account(country=country, amazon_carriers=carriers, time_zone=zone),
        now=NOW,
    )

    elsewhere = fulfillment is Fulfillment.DELEGATED
    assert (view_only or elsewhere) == (landing.status is PENDING)
    assert landing.why
    if waiting and not view_only:
        assert AWAITING is landing.status


@pytest.mark.parametrize(("prime", "kind"), tuple(product(Prime, StoreKind)))
def test_R2_refusal_follows_landing(prime: Prime, kind: StoreKind) -> None:
    """R2: whatever lands elsewhere than in Pending Fulfillment can be shipped."""
    landing = land(order(prime=prime), store(kind=kind), Account(), now=NOW)

    assert landing.status in {AWAITING, PENDING}
    assert (landing.status is PENDING) == (prime is Prime.YES and kind is StoreKind.AMAZON)
