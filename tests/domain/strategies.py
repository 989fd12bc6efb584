"""Random values for properties: hostile where outside data is, near boundaries where time is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from primetui.domain.address import Address
from primetui.domain.constraints import Candidate
from primetui.domain.measures import Dimensions, Weight
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
from primetui.domain.promise import Promise
from primetui.domain.rate import (
    Benefit,
    ConfirmationOffer,
    DocumentOffer,
    LabelSource,
    Rate,
    RateId,
    ServiceLimits,
)
from primetui.domain.shipment import (
    Confirmation,
    DocumentFormat,
    ItemId,
    OrderId,
    Package,
    PackedItem,
    Shipment,
)
from primetui.domain.store import StoreId
from primetui.domain.value import Window
from tests.domain.made import (
    DELIVER_BY,
    FETCHED,
    NOW,
    ORDER_ID,
    SECOND,
    SHIP_BY,
    WAREHOUSE,
    box,
    item,
    paper,
)

ZONES = ("UTC", "America/New_York", "America/Los_Angeles", "Europe/London", "Asia/Kolkata")

text = st.text(max_size=12) | st.sampled_from(["", "\x1b[31m", "{word}", "a\nb", "\u202e", "\0"])
names = st.text(min_size=1, max_size=12)
amounts = st.decimals(min_value=Decimal(-(10**6)), max_value=Decimal(10**6), places=2)
sizes = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10**6), places=3)
money = st.builds(Money, amount=amounts, currency=st.sampled_from(["USD", "GBP", "CAD"]))


def near(*anchors: datetime) -> st.SearchStrategy[datetime]:
    """Draw moments at, just around and far from some anchors, as clocks of any zone show them."""
    offsets = st.sampled_from((-SECOND, 0 * SECOND, SECOND)) | st.integers(-72, 72).map(
        lambda hours: timedelta(hours=hours)
    )
    return st.builds(
        lambda anchor, offset, zone: (anchor + offset).astimezone(ZoneInfo(zone)),
        st.sampled_from(anchors),
        offsets,
        st.sampled_from(ZONES),
    )


moments = near(NOW, datetime(2026, 11, 1, 6, 0, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC))
maybe_moments = st.none() | moments
windows = st.builds(Window, earliest=maybe_moments, latest=maybe_moments)


def mostly(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw the usual value 15 times out of 16, so that many candidates are broken once or never."""
    return st.integers(0, 15).flatmap(lambda n: other if n == 15 else st.just(usual))


addresses = st.builds(
    Address, **dict.fromkeys(("name", "line1", "city", "postal_code", "country", "phone"), text)
)
weights = st.builds(Weight, grams=sizes)
dimensions = st.builds(Dimensions, length_mm=sizes, width_mm=sizes, height_mm=sizes)
items = st.builds(
    OrderItem,
    id=st.sampled_from(["11", "22"]).map(ItemId),
    sku=text,
    title=text,
    quantity=st.integers(0, 3),
    quantity_shipped=mostly(0, st.integers(0, 3)),
    unit_price=st.none() | money,
    required_confirmation=mostly(Confirmation.NONE, st.sampled_from(Confirmation)),
    cancellation_requested=mostly(usual=False, other=st.booleans()),
)
packages = st.builds(
    OrderPackage,
    reference=text,
    carrier=text,
    tracking_id=st.sampled_from(["", "1Z1", "1Z2", "1Z3"]),
    status=st.sampled_from(["", "CANCELLED", "canceled", "PENDING", "DELIVERED", "???"]),
    created_at=maybe_moments,
)
programs = st.lists(
    st.sampled_from(["PRIME", "PREMIUM", "AMAZON_BUSINESS", "AMAZON_EASY_SHIP", "NEW_WORD"]),
    max_size=3,
).map(tuple)
orders = st.builds(
    Order,
    id=mostly(ORDER_ID, st.just(OrderId("999"))),
    store_id=names.map(StoreId),
    marketplace_id=text,
    purchased_at=moments,
    updated_at=mostly(NOW - timedelta(hours=4), near(FETCHED)),
    fetched_at=moments,
    status=mostly(OrderStatus.AWAITING_SHIPMENT, st.sampled_from(OrderStatus)),
    fulfillment=mostly(Fulfillment.UNSHIPPED, st.sampled_from(Fulfillment)),
    fulfilled_by=mostly(FulfilledBy.MERCHANT, st.sampled_from(FulfilledBy)),
    prime=mostly(Prime.YES, st.sampled_from(Prime)) | st.just(Prime.NO),
    programs=mostly(("PRIME",), programs),
    ship_by=mostly(Window(latest=SHIP_BY), st.builds(Window, latest=st.none() | near(SHIP_BY))),
    deliver_by=mostly(
        Window(latest=DELIVER_BY), st.builds(Window, latest=st.none() | near(DELIVER_BY))
    ),
    label_from=mostly(None, near(NOW)),
    items=mostly(
        (item(),), st.lists(items, min_size=1, max_size=2, unique_by=lambda i: i.id).map(tuple)
    ),
    packages=mostly((), st.lists(packages, max_size=3).map(tuple)),
    cancellation_requested=mostly(usual=False, other=st.booleans()),
    ship_to=st.none() | addresses,
    unrecognised=mostly((), st.lists(text, max_size=2).map(tuple)),
)
contents = st.lists(
    st.builds(
        PackedItem, item_id=st.sampled_from(["11", "22"]).map(ItemId), quantity=st.integers(1, 3)
    ),
    max_size=2,
).map(tuple)
boxes = st.builds(
    Package,
    weight=mostly(Weight.of(1, "kg"), st.none() | weights),
    dimensions=mostly(Dimensions.of("30", "20", "10", "cm"), st.none() | dimensions),
    items=mostly((), contents),
    insured=mostly(None, money),
)
shipments = st.builds(
    Shipment,
    order_id=mostly(ORDER_ID, st.just(OrderId("999"))),
    packages=st.tuples(boxes) | mostly((box(),), st.lists(boxes, max_size=3).map(tuple)),
    ship_from=mostly(WAREHOUSE, st.none() | addresses),
    confirmation=mostly(None, st.none() | st.sampled_from(Confirmation)),
    document_format=st.sampled_from(DocumentFormat),
    combined_with=mostly((), st.just((OrderId("112"),))),
)
confirmation_offers = st.builds(
    ConfirmationOffer,
    confirmation=st.sampled_from(Confirmation),
    id=text,
    charge=st.none() | money,
)
document_offers = st.builds(
    DocumentOffer,
    format=st.sampled_from(DocumentFormat),
    width=sizes,
    length=sizes,
    unit=text,
    types=st.sampled_from([("LABEL",), ("LABEL", "PACKSLIP"), ("PACKSLIP",)]),
)
limits = st.builds(
    ServiceLimits,
    max_grams=st.none() | st.sampled_from([Decimal(999), Decimal(1000), Decimal(1001)]),
    max_longest_mm=st.none() | st.sampled_from([Decimal(299), Decimal(300)]),
    max_length_and_girth_mm=st.none() | st.sampled_from([Decimal(899), Decimal(900)]),
)
promises = st.builds(
    Promise,
    pickup=mostly(Window(earliest=NOW), st.builds(Window, latest=st.none() | near(SHIP_BY))),
    delivery=mostly(
        Window(latest=DELIVER_BY), st.builds(Window, latest=st.none() | near(DELIVER_BY))
    ),
)


def rates(fingerprint: str) -> st.SearchStrategy[Rate]:
    """Draw rates, mostly asked for the draft of this fingerprint and mostly fresh."""
    return st.builds(
        Rate,
        id=names.map(RateId),
        source=st.sampled_from(LabelSource),
        provider=text,
        order_id=mostly(ORDER_ID, st.just(OrderId("999"))),
        shipment_fingerprint=mostly(fingerprint, text),
        request_token=text,
        carrier_id=text,
        carrier=text,
        service_id=text,
        service=text,
        charge=money,
        promise=promises,
        fetched_at=mostly(
            FETCHED, near(NOW, NOW - timedelta(minutes=8), NOW - timedelta(minutes=10))
        ),
        benefits=st.lists(
            st.builds(Benefit, name=text | st.just("CLAIMS_PROTECTED"), included=st.booleans()),
            max_size=2,
        ).map(tuple),
        confirmations=st.lists(confirmation_offers, max_size=3).map(tuple),
        confirmation_needed=mostly(usual=False, other=st.booleans()),
        extra_inputs_needed=mostly(usual=False, other=st.booleans()),
        documents=mostly((paper(),), st.lists(document_offers, max_size=2).map(tuple)),
        limits=mostly(ServiceLimits(), limits),
    )


def _candidate(order: Order, shipment: Shipment) -> st.SearchStrategy[Candidate]:
    make: Callable[[Rate, datetime], Candidate] = lambda rate, now: Candidate(  # noqa: E731 - shortest
        order, shipment, rate, now
    )
    return st.builds(make, rates(shipment.fingerprint), mostly(NOW, near(NOW, SHIP_BY)))


candidates = st.tuples(orders, shipments).flatmap(lambda both: _candidate(*both))
"""An order, a draft, a rate and a moment, some of which fit together."""
