"""Confirming a shipment: Amazon's words for a carrier, its body, and what its answers mean."""

import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.adapters.amazon.confirmation_wire import OTHER, carrier_code, confirmation_body
from primetui.domain.label import LabelId
from primetui.domain.notice import Notice, NoticeId
from primetui.domain.shipment import ItemId, OrderId, PackedItem
from primetui.domain.store import StoreId
from primetui.errors import NotFound, Rejected
from tests.adapters.amazon.made import MONDAY, US, Connected, connected
from tests.sandbox.models import faults, needs_models

CARRIERS = tomllib.loads(
    files("primetui").joinpath("data", "carrier_codes.toml").read_text(encoding="utf-8")
)["carriers"]


@pytest.fixture
def shop() -> Iterator[Connected]:
    """Connect the US store of a sandbox."""
    with connected() as opened:
        yield opened


def notice(**changes: Any) -> Notice:
    """Make a notice of a UPS parcel with two of one item."""
    given = {
        "id": NoticeId("l1"),
        "order_id": OrderId("114-0000001-0000001"),
        "store_id": StoreId("store-1"),
        "marketplace_id": US,
        "label_id": LabelId("l1"),
        "reference": "123456789",
        "carrier": "UPS",
        "service": "Ground",
        "tracking_id": "1Z999AA10123456784",
        "shipped_at": MONDAY + timedelta(microseconds=999_999),
        "items": (PackedItem(item_id=ItemId("item-1"), quantity=2),),
        "due_at": MONDAY,
        "next_at": MONDAY,
    }
    return Notice(**given | changes)


def of(shop: Connected, order_id: OrderId, **changes: Any) -> Notice:
    """Make a notice of everything in an order."""
    items = shop.marketplace.order(order_id).items
    packed = tuple(PackedItem(item_id=item.id, quantity=item.to_ship) for item in items)
    return notice(order_id=order_id, items=packed, **changes)


def test_R10_the_body_says_what_amazon_asks_for() -> None:
    """A listed carrier goes by its code alone; the time is in whole seconds of UTC."""
    assert {
        "marketplaceId": US,
        "packageDetail": {
            "packageReferenceId": "123456789",
            "carrierCode": "UPS",
            "shippingMethod": "Ground",
            "trackingNumber": "1Z999AA10123456784",
            "shipDate": "2026-11-23T15:00:00Z",
            "orderItems": [{"orderItemId": "item-1", "quantity": 2}],
        },
    } == confirmation_body(notice())


def test_R10_an_unlisted_carrier_is_named() -> None:
    """Other with the name is the only way for it; a service nobody typed is left out."""
    detail: Any = confirmation_body(notice(carrier="Bike Boys", service=""))["packageDetail"]

    assert (OTHER, "Bike Boys") == (detail["carrierCode"], detail["carrierName"])
    assert "shippingMethod" not in detail


@needs_models
@given(
    carrier=st.text(min_size=1), service=st.text(), quantity=st.integers(min_value=1, max_value=99)
)
def test_R10_every_body_fits_amazons_model(carrier: str, service: str, quantity: int) -> None:
    """Whatever was typed, the request is one of Amazon's."""
    items = (PackedItem(item_id=ItemId("item-1"), quantity=quantity),)

    body = confirmation_body(notice(carrier=carrier, service=service, items=items))

    assert [] == faults("ordersV0", "ConfirmShipmentRequest", body)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("UPS", "UPS"),
        (" ups ", "UPS"),
        ("U.P.S.", "UPS"),
        ("Fedex", "FedEx"),
        ("Federal Express", "FedEx"),
        ("royal-mail", "Royal Mail"),
        ("Lasership", "LaserShip"),
        ("UPSMI", "UPS Mail Innovations"),
        ("UPS Ground", OTHER),
        ("Other", OTHER),
        ("", OTHER),
    ],
)
def test_R10_a_carrier_is_known_however_it_is_written(typed: str, code: str) -> None:
    """Case, blanks and marks do not matter; a longer name is another carrier."""
    assert code == carrier_code(typed)


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda one: str(one["code"]))
def test_R10_every_carrier_of_the_file_has_one_code_and_a_source(carrier: dict[str, Any]) -> None:
    """No way to write a carrier stands for two codes, and each says where it comes from."""
    assert carrier["source"]
    for name in (carrier["code"], *carrier.get("names", ())):
        assert carrier["code"] == carrier_code(name)


def test_R10_the_file_says_of_which_day_it_is() -> None:
    """Codes change: a reader must see how old they are."""
    text = files("primetui").joinpath("data", "carrier_codes.toml").read_text(encoding="utf-8")

    assert re.search(r"Written down on \d{4}-\d\d-\d\d", text)


def test_R10_a_confirmed_package_is_listed_and_the_same_again_edits_it(shop: Connected) -> None:
    """Amazon shows one package with the latest tracking under one reference."""
    order_id = shop.add(quantities=[2, 1])
    first = of(shop, order_id)

    shop.marketplace.confirm(first)
    shop.marketplace.confirm(first.model_copy(update={"tracking_id": "1Z2"}))

    read = shop.marketplace.order(order_id)
    assert [("1Z2", "123456789")] == [(p.tracking_id, p.reference) for p in read.packages]


def test_R10_amazons_refusal_keeps_its_words(shop: Connected) -> None:
    """An order that cannot be confirmed is refused, which proves that nothing was taken."""
    order_id = shop.add()
    refused = of(shop, order_id)
    shop.control("orders", {"cancel": [order_id]})

    with pytest.raises(Rejected, match="current status"):
        shop.marketplace.confirm(refused)


@pytest.mark.parametrize("order_id", ["", ".", "..", "x" * 65])
def test_R10_an_odd_order_id_is_no_path(shop: Connected, order_id: str) -> None:
    """Nothing is sent to another path than an order's."""
    with pytest.raises(NotFound):
        shop.marketplace.confirm(notice(order_id=OrderId(order_id)))

    assert 0 == shop.calls("confirmShipment")
