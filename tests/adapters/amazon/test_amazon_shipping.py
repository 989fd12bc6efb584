"""Amazon as a carrier: other shops' orders as external, Amazon's own as Amazon's (R20)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from primetui.adapters.amazon.amazon_shipping import AmazonShipping
from primetui.adapters.amazon.buy_shipping import AmazonBuyShipping
from primetui.adapters.amazon.collection_wire import read_form
from primetui.adapters.amazon.label_api import LabelApi, label_api
from primetui.adapters.amazon.marketplaces import sites
from primetui.adapters.amazon.merchant_fulfillment import MerchantFulfillment
from primetui.domain.address import Address
from primetui.domain.clearance import ClearedShipment, clear
from primetui.domain.label import PurchaseKey
from primetui.domain.money import Money
from primetui.domain.order import Order
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import DocumentFormat, OrderId, Package
from primetui.errors import ConfigError, NoAnswer, Rejected
from primetui.ports import Paper
from tests.adapters.amazon.made import BOX, UK, US, Connected, connected
from tests.wire import WIRE

KEY = PurchaseKey("0f3c1f0e-7b1a-4b57-9d0e-000000000005")
EVIL = "^XA\u202e<script>\x1b[31m"
TO = {
    "US": Address(
        name=EVIL, line1="1 Buyer Road", city="Newark", region="NJ", postal_code="07102",
        country="US", phone="+1 202 555 0199",
    ),
    "GB": Address(
        name=EVIL, line1="1 Buyer Road", city="Leeds", postal_code="LS1 4AP", country="GB",
        phone="+44 20 7946 0199",
    ),
}  # fmt: skip


@pytest.fixture(params=["US", "GB"])
def shop(request: pytest.FixtureRequest) -> Iterator[Connected]:
    """Connect a store of a sandbox, once in each country where Amazon carries parcels."""
    with connected(request.param) as opened:
        yield opened


@pytest.fixture
def us() -> Iterator[Connected]:
    """Connect the US store of a sandbox."""
    with connected() as opened:
        yield opened


def carrier(shop: Connected) -> AmazonShipping:
    """Open Amazon Shipping for the store."""
    return AmazonShipping(shop.client, shop.store, shop.clock)


def foreign(shop: Connected, **changes: Any) -> Order:
    """Make another shop's order out of one of Amazon's, with the buyer's address."""
    order = shop.marketplace.order(shop.add())
    facts = {"id": "SHOP-77", "marketplace_id": "", "ship_to": TO[shop.country]}
    return order.model_copy(update=facts | changes)


def cleared(shop: Connected, order: Order, **changes: Any) -> ClearedShipment:
    """Fetch rates of Amazon Shipping and clear the first that the gate lets through."""
    draft = shop.draft(OrderId(order.id), **changes)
    offers = carrier(shop).rates(order, draft)
    verdicts = [clear(order, draft, rate, now=shop.clock.now()) for rate in offers.rates]
    return next(one for one in verdicts if isinstance(one, ClearedShipment))


def external(shop: Connected) -> list[dict[str, Any]]:
    """List the labels of other shops' orders as the sandbox knows them."""
    labels: list[dict[str, Any]] = WIRE.get(f"{shop.sandbox.control}/state").json()["external"]
    return labels


def test_R20_another_shops_order_is_carried_by_amazon_alone(shop: Connected) -> None:
    """R20: an external order is offered Amazon's own services, under Amazon Shipping's name."""
    offers = carrier(shop).rates(order := foreign(shop), shop.draft(OrderId(order.id)))

    assert offers.rates
    assert {(LabelSource.AMAZON_SHIPPING, "amazon-shipping", "Amazon Shipping", ())} == {
        (rate.source, rate.provider, rate.carrier, rate.benefits) for rate in offers.rates
    }


def test_R20_an_amazon_order_goes_as_amazons(shop: Connected) -> None:
    """R20: for an order of the store's own marketplace Amazon's address counts, and its carrier."""
    order_id = shop.add()
    order = shop.marketplace.order(order_id)
    offers = carrier(shop).rates(order, shop.draft(order_id))

    assert order.ship_to is None
    assert {(LabelSource.AMAZON_SHIPPING, "Amazon Shipping")} == {
        (rate.source, rate.carrier) for rate in offers.rates
    }
    bought = carrier(shop).purchase(cleared(shop, order), KEY)
    assert [bought.tracking_id] == [one["tracking"] for one in shop.truth(order_id)["labels"]]


@pytest.mark.parametrize("wanted", list(DocumentFormat))
def test_a_label_for_another_shop_is_bought_once(shop: Connected, wanted: DocumentFormat) -> None:
    """R21: the same key gives the same label and one charge, and hostile names stay text."""
    proof = cleared(shop, foreign(shop), document_format=wanted)
    first = carrier(shop).purchase(proof, KEY)

    assert first == carrier(shop).purchase(proof, KEY)
    assert [(first.tracking_id, proof.rate.charge.amount)] == [
        (one["tracking"], Decimal(one["charge"])) for one in external(shop)
    ]
    assert wanted in {paper.format for paper in first.papers}
    assert all(b"\x1b" not in p.content for p in first.papers if p.format is DocumentFormat.ZPL)


def test_a_lost_purchase_is_found_under_its_key(us: Connected) -> None:
    """R21: Amazon cannot list another shop's labels: the key alone settles a lost answer."""
    proof = cleared(us, foreign(us))
    us.fault("purchaseShipment", "lost_after_effect")
    with pytest.raises(NoAnswer):
        carrier(us).purchase(proof, KEY)

    again = carrier(us).purchase(proof, KEY)
    assert [again.tracking_id] == [one["tracking"] for one in external(us)]


@pytest.mark.parametrize(
    ("order", "draft", "words"),
    [
        ({"ship_to": None}, {}, "needs the buyer's address"),
        (
            {"ship_to": TO["US"].model_copy(update={"postal_code": " "})},
            {},
            "needs the buyer's address",
        ),
        (
            {"ship_to": TO["US"].model_copy(update={"line1": "x" * 61})},
            {},
            "ship-to address has a line1 of more than 60 characters.*where the order comes from",
        ),
        ({}, {"packages": (BOX, BOX)}, "one label a package; this draft has 2"),
        ({}, {"packages": (Package(),)}, "measure it first"),
        ({}, {"ship_from": None}, "no ship-from address"),
        ({"marketplace_id": UK}, {}, r"another marketplace than amazon\.com"),
    ],
)
def test_what_amazon_would_refuse_is_not_sent(
    us: Connected, order: dict[str, Any], draft: dict[str, Any], words: str
) -> None:
    """An order or draft that lacks something is refused in words, without a call."""
    wanted = foreign(us, **order)

    with pytest.raises(Rejected, match=words):
        carrier(us).rates(wanted, us.draft(OrderId(wanted.id), **draft))
    assert 0 == us.calls("getRates")


def test_an_item_without_a_value_is_not_sent(us: Connected) -> None:
    """Amazon wants to know what it carries is worth; nothing is made up."""
    order = foreign(us)
    items = tuple(item.model_copy(update={"unit_price": None}) for item in order.items)
    worthless = order.model_copy(update={"items": items})

    with pytest.raises(Rejected, match="value of every item"):
        carrier(us).rates(worthless, us.draft(OrderId(order.id)))
    assert 0 == us.calls("getRates")


def test_a_parcel_abroad_is_refused_by_amazon(us: Connected) -> None:
    """Amazon Shipping stays within the country, and says so."""
    order = foreign(us, ship_to=TO["GB"])

    with pytest.raises(Rejected, match="within the country"):
        carrier(us).rates(order, us.draft(OrderId(order.id)))


def test_every_marketplace_has_an_api() -> None:
    """Shipping v2 serves the ten marketplaces it names, Merchant Fulfillment the others."""
    served = {one.country for one in sites() if label_api(one.id) is LabelApi.SHIPPING_V2}

    assert {"US", "GB", "IN", "AE", "SA", "EG", "IT", "ES", "FR", "JP"} == served


@pytest.mark.parametrize(
    ("country", "wanted", "chosen"),
    [
        ("US", "auto", "shipping-v2"),
        ("DE", "auto", "merchant-fulfillment"),
        ("US", "merchant-fulfillment", "merchant-fulfillment"),
        ("DE", "merchant-fulfillment", "merchant-fulfillment"),
        ("US", "shipping-v2", "shipping-v2"),
    ],
)
def test_a_setting_chooses_the_api(country: str, wanted: str, chosen: str) -> None:
    """The merchant's word wins over the marketplace's usual API."""
    marketplace = next(one.id for one in sites() if one.country == country)

    assert chosen == label_api(marketplace, LabelApi(wanted))


def test_shipping_v2_cannot_be_had_everywhere() -> None:
    """Where Shipping v2 sells nothing, wanting it is a mistake that can be corrected."""
    germany = next(one.id for one in sites() if one.country == "DE")

    with pytest.raises(ConfigError, match=r"amazon\.de.*merchant-fulfillment"):
        label_api(germany, LabelApi.SHIPPING_V2)
    assert LabelApi.SHIPPING_V2 is label_api(US)


def test_an_insured_parcel_says_so(us: Connected) -> None:
    """A package's insured value goes along, and is none of the label's charge."""
    insured = BOX.model_copy(update={"insured": Money(amount=Decimal(120), currency="USD")})
    order = foreign(us)
    plain = carrier(us).rates(order, us.draft(OrderId(order.id)))
    same = carrier(us).rates(order, us.draft(OrderId(order.id), packages=(insured,)))

    assert [rate.charge for rate in plain.rates] == [rate.charge for rate in same.rates]


def form(shop: Connected, key: str) -> Paper:
    """Have Amazon's own carrier's form made."""
    carrier_id = {"US": "AMZN_US", "GB": "AMZN_UK"}[shop.country]
    ship_from = shop.draft(OrderId("SHOP-77")).ship_from
    assert ship_from is not None
    return carrier(shop).manifest(carrier_id, ship_from, key)


def test_R9_the_carriers_form_is_made_once(shop: Connected) -> None:
    """R9 R20: a PDF of its own kind; the same key gives it again, another finds nothing left."""
    carrier(shop).purchase(cleared(shop, foreign(shop)), KEY)

    made = form(shop, "key-1")

    assert (DocumentFormat.PDF, "COLLECTION_FORM") == (made.format, made.kind)
    assert made == form(shop, "key-1")
    with pytest.raises(Rejected, match="no shipments to manifest"):
        form(shop, "key-2")


@pytest.mark.parametrize(
    "document",
    [
        None,
        "text",
        {},
        {"documentFormat": "PDF"},
        {"documentFormat": "PDF", "base64EncodedContent": 7},
        {"documentFormat": "PDF", "base64EncodedContent": "!"},
        {"documentFormat": "PDF", "base64EncodedContent": "PGh0bWw+"},
        {"documentFormat": "DOC", "base64EncodedContent": "JVBERi0="},
    ],
    ids=str,
)
def test_R9_what_is_no_form_is_not_read_as_one(document: object) -> None:
    """R9: missing, odd, not Base64, or a page of HTML."""
    assert read_form({"collectionsFormDocument": document}) is None


def test_R9_a_form_is_read_wrapped_or_not() -> None:
    """R9: the model has no envelope here; a real answer may have one."""
    body = {
        "collectionsFormDocument": {"documentFormat": "pdf", "base64EncodedContent": "JVBERi0="}
    }
    plain, wrapped = read_form(body), read_form({"payload": body})

    assert plain == wrapped
    assert plain is not None
    assert b"%PDF-" == plain.content


@pytest.mark.parametrize("source", [AmazonBuyShipping, MerchantFulfillment])
def test_R9_buy_shipping_makes_no_form(us: Connected, source: type[AmazonBuyShipping]) -> None:
    """R9: it is refused here, without a call."""
    with pytest.raises(Rejected, match="Seller Central"):
        source(us.client, us.store, us.clock).manifest("UPS", Address(), "key")
